//! What every source of tables has to do.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::Path;

use polars::prelude::{DataType, TimeUnit};

use super::*;
use crate::ingest::RowCut;
use crate::profile::profile;
use crate::profiled::Profiled;
use crate::progress::Unwatched;

const ROWS: usize = 1_000;

fn text() -> String {
    let row = |row: usize| {
        let amount = if row.is_multiple_of(9) { "NA".to_owned() } else { format!("{}.5", row * 7 % 400) };
        format!("{row},{amount},{},2024-03-{:02}\n", ["Oslo", "Bergen", "Bodø"][row % 3], row % 28 + 1)
    };
    std::iter::once("id,amount,city,day\n".to_owned()).chain((0..ROWS).map(row)).collect()
}

/// A file of this text, read as it is.
fn stored(folder: &Path, name: &str, text: &str) -> StoredFile {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    StoredFile {
        path,
        name: name.to_owned(),
        options: ReadOptions::default(),
        converted: None,
        followed_by: Vec::new(),
        attached: Vec::new(),
    }
}

/// One table from each kind of source, the text of a file first.
fn on_each(test: impl Fn(&dyn TableSource, &Profiled)) {
    let folder = tempfile::tempdir().unwrap();
    let plain = stored(folder.path(), "t.csv", &text());
    let file = |converted| StoredFile { converted, ..plain.clone() };
    let expected = profile(&plain.reader().unwrap(), "key", &Unwatched).unwrap();
    let frame = plain.reader().unwrap().into_table().unwrap().frame;
    test(&plain, &expected);
    test(&file(Some(folder.path().join("copy.parquet"))), &expected);
    test(&in_two_files(folder.path()), &expected);
    test(&in_windows(folder.path()), &expected);
    for batch_rows in [7, 5_000] {
        test(&MemoryTable { frame: frame.clone(), batch_rows }, &expected);
    }
}

/// The same table, its last two columns in another file, whose rows are in the opposite order.
fn in_two_files(folder: &Path) -> StoredFile {
    let whole = text();
    let halves = whole.lines().map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        (format!("{},{}", cells[0], cells[1]), format!("{},{},{}", cells[3], cells[0], cells[2]))
    });
    let (own, mut other): (Vec<String>, Vec<String>) = halves.unzip();
    other[1..].reverse();
    let column = |name: &str| AttachedColumn { name: name.to_owned(), as_name: name.to_owned() };
    let attachment = Attachment {
        file: stored(folder, "other.csv", &other.join("\n")),
        id: "id".into(),
        of: "id".into(),
        columns: vec![column("city"), column("day")],
    };
    StoredFile { attached: vec![attachment], ..stored(folder, "own.csv", &own.join("\n")) }
}

/// The same rows in three files, one after the other.
fn in_windows(folder: &Path) -> StoredFile {
    let whole = text();
    let (header, rows) = whole.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    let window = |name: &str, rows: &[&str]| stored(folder, name, &format!("{header}\n{}\n", rows.join("\n")));
    let followed_by = vec![window("2.csv", &rows[400..401]), window("3.csv", &rows[401..])];
    StoredFile { followed_by, ..window("1.csv", &rows[..400]) }
}

#[test]
fn windows_with_other_columns_and_types_are_one_table_and_what_is_absent_has_no_value() {
    let folder = tempfile::tempdir().unwrap();
    let second = stored(folder.path(), "b.csv", "zone,amount,extra,empty\nnorth,2.5,x,7\nsouth,3.5,y,8\n");
    let first = stored(folder.path(), "a.csv", "id,amount,zone,empty\n1,10,4,\n2,20,5,\n");
    let rows = StoredFile { followed_by: vec![second], ..first }.open().unwrap();
    let columns: Vec<_> = rows.columns().iter().map(|column| (column.name.to_owned(), column.dtype.clone())).collect();
    let named = |name: &str, dtype| (name.to_owned(), dtype);
    let expected = [
        named("id", DataType::Int64),
        named("amount", DataType::Float64),
        named("zone", DataType::String),
        named("empty", DataType::Int64),
        named("extra", DataType::String),
    ];
    assert_eq!(columns, expected);
    let read = rows.read(&[2, 0, 4, 3, 1], 1..4).unwrap();
    let text = |column: usize| {
        let values = read.columns()[column].as_materialized_series().cast(&DataType::String).unwrap();
        values.str().unwrap().iter().map(|value| value.unwrap_or("-").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(text(0), ["5", "north", "south"]);
    assert_eq!(text(1), ["2", "-", "-"]);
    assert_eq!(text(2), ["-", "x", "y"]);
    assert_eq!(text(3), ["-", "7", "8"]);
    assert_eq!(text(4), ["20.0", "2.5", "3.5"]);
    let absent: Vec<&str> = rows.notes().iter().filter_map(|note| note.column.as_deref()).collect();
    assert_eq!(absent, ["extra", "id"]);
    assert_eq!(rows.read(&[0, 4], 9..12).unwrap().shape(), (0, 2));
    let mut seen = std::collections::BTreeMap::<usize, u64>::new();
    rows.for_each_batch(&mut |batch| {
        for place in batch.first_column..batch.first_column + batch.frame.width() {
            let next = seen.entry(place).or_default();
            assert_eq!(*next, batch.first_row);
            *next += batch.frame.height() as u64;
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(seen.into_values().collect::<Vec<_>>(), [4; 5]);
}

#[test]
fn a_row_that_is_not_in_the_other_file_or_is_there_twice_has_no_value() {
    let folder = tempfile::tempdir().unwrap();
    let labels = stored(folder.path(), "labels.csv", "key,outcome\n3,yes\n1,no\n2,yes\n2,no\n");
    let columns = vec![AttachedColumn { name: "outcome".into(), as_name: "churn".into() }];
    let attachment = Attachment { file: labels, id: "key".into(), of: "customer".into(), columns };
    let serve = stored(folder.path(), "serve.csv", "customer,age\n1,40\n2,50\n3,60\n4,70\n3,80\n");
    let table = StoredFile { attached: vec![attachment], ..serve };
    let rows = table.open().unwrap();
    let churn = rows.read(&[2], 0..9).unwrap();
    let values: Vec<Option<&str>> = churn.columns()[0].str().unwrap().iter().collect();
    assert_eq!(
        (churn.columns()[0].name().as_str(), values),
        ("churn", vec![Some("no"), None, Some("yes"), None, Some("yes")])
    );
    let note = &rows.notes().last().unwrap().message;
    assert!(note.contains("3 of 5 rows have a row there. 1 id is there more than once"), "{note}");
}

#[test]
fn a_cut_holds_the_rows_with_the_values_or_the_times_that_are_asked_for_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    std::fs::write(&path, text()).unwrap();
    let cut = |rows: RowCut| {
        let options = ReadOptions { rows: Some(rows), ..ReadOptions::default() };
        StoredFile {
            path: path.clone(),
            name: "t.csv".into(),
            options,
            converted: None,
            followed_by: Vec::new(),
            attached: Vec::new(),
        }
        .open()
    };
    let column = || "city".to_owned();
    let some = cut(RowCut::Values { column: column(), values: vec!["Bodø".into(), "Oslo".into()] }).unwrap();
    assert_eq!(some.rows(), 667);
    let read = some.read(&[2, 0], 665..900).unwrap();
    assert_eq!(read.columns()[0].str().unwrap().iter().collect::<Vec<_>>(), [Some("Bodø"), Some("Oslo")]);
    let mut ids = Vec::new();
    some.for_each_batch(&mut |batch| {
        assert_eq!(batch.first_row, 0);
        let own = batch.frame.columns().iter().find(|column| column.name() == "id");
        ids.extend(own.unwrap().i64().unwrap().iter().flatten());
        Ok(())
    })
    .unwrap();
    assert!(ids.len() == 667 && ids.iter().all(|id| id % 3 != 1), "{ids:?}");
    // From 10 March on and before 12 March: two days of 28 in a thousand rows.
    let day = |day: i64| Some(1_709_251_200_000 + (day - 1) * 86_400_000);
    let days = cut(RowCut::Times { column: "day".into(), from_ms: day(10), before_ms: day(12) }).unwrap();
    assert_eq!(days.rows(), 72);
    for (rows, expected) in [
        (RowCut::Values { column: column(), values: vec!["Paris".into()] }, "No row of"),
        (RowCut::Values { column: "town".into(), values: vec![] }, "has no column town"),
        (RowCut::Times { column: column(), from_ms: None, before_ms: None }, "has no times"),
    ] {
        let refused = cut(rows).unwrap_err().message;
        assert!(refused.contains(expected), "{refused}");
    }
}

#[test]
fn rows_and_columns_are_known_without_reading_a_value() {
    on_each(|source, _| {
        let rows = source.open().unwrap();
        let columns = rows.columns();
        assert_eq!(rows.rows(), ROWS as u64);
        assert_eq!(columns.iter().map(|column| column.name).collect::<Vec<_>>(), ["id", "amount", "city", "day"]);
        let day = DataType::Datetime(TimeUnit::Milliseconds, None);
        let types: Vec<&DataType> = columns.iter().map(|column| &column.dtype).collect();
        assert_eq!(types, [&DataType::Int64, &DataType::Float64, &DataType::String, &day]);
    });
}

#[test]
fn every_value_is_in_one_batch_and_a_column_comes_in_the_order_of_its_rows() {
    on_each(|source, _| {
        let mut met = vec![0; 4];
        source
            .open()
            .unwrap()
            .for_each_batch(&mut |batch| {
                for (place, column) in batch.frame.columns().iter().enumerate() {
                    let next = &mut met[batch.first_column + place];
                    assert_eq!(batch.first_row, *next);
                    if column.name() == "id" {
                        assert_eq!(column.get(0).unwrap().extract::<u64>(), Some(*next));
                    }
                    *next += column.len() as u64;
                }
                Ok(())
            })
            .unwrap();
        assert_eq!(met, [ROWS as u64; 4]);
        let stopped = source.open().unwrap().for_each_batch(&mut |_| Err(Problem::bad_input("enough")));
        assert_eq!(stopped.unwrap_err().message, "enough");
    });
}

#[test]
fn some_columns_of_some_rows_come_in_the_order_asked_for() {
    on_each(|source, _| {
        let rows = source.open().unwrap();
        let block = rows.read(&[2, 0], 998..2_000).unwrap();
        assert_eq!((block.width(), block.height()), (2, 2));
        assert_eq!(block.columns()[1].get(1).unwrap().extract::<u64>(), Some(999));
        assert_eq!(block.columns()[0].get(1).unwrap().get_str(), Some("Oslo"));
        assert_eq!(rows.read(&[1], 2_000..2_001).unwrap().height(), 0);
        assert!(rows.read(&[1], 0..1).unwrap().columns()[0].get(0).unwrap().is_null());
    });
}

#[test]
fn the_summary_is_the_same_wherever_the_rows_are() {
    on_each(|source, expected| {
        let table_rows = source.open().unwrap();
        let mut found = profile(table_rows.as_ref(), "key", &Unwatched).unwrap();
        // How a value was stored is all that a file knows and others do not.
        for (column, expected) in found.profile.columns.iter_mut().zip(&expected.profile.columns) {
            column.stored_type.clone_from(&expected.stored_type);
            column.null_spellings.clone_from(&expected.null_spellings);
            let (Some(found), Some(expected)) = (&mut column.numeric, &expected.numeric) else { continue };
            // Sums of other batches differ in their last digit.
            for (found, expected) in [(&mut found.mean, expected.mean), (&mut found.std, expected.std)] {
                assert!((*found - expected).abs() <= 1e-12 * expected.abs(), "{found} {expected}");
                *found = expected;
            }
        }
        assert!(found.profile == expected.profile, "{source:?}");
        assert!(found.sample.frame.equals_missing(&expected.sample.frame));
    });
}

#[test]
fn a_table_is_opened_once_and_a_known_one_not_before_somebody_wants_rows() {
    /// A source that is not there yet.
    #[derive(Debug)]
    struct Absent;
    impl TableSource for Absent {
        fn open(&self) -> Result<Box<dyn Rows>, Problem> {
            Err(Problem::not_found("The warehouse does not answer."))
        }
    }
    on_each(|source, expected| {
        let summary = Summary { profiled: expected.clone(), notes: Vec::new() };
        let known = Table::known(Absent, &summary);
        let opened = Table { opened: OnceLock::from(source.open().unwrap()), ..Table::known(Absent, &summary) };
        assert_eq!((known.rows, known.position("city"), opened.position("none")), (ROWS as u64, Some(2), None));
        assert_eq!(known.reader().unwrap_err().message, "The warehouse does not answer.");
        assert_eq!(opened.reader().unwrap().read(&[0], 0..3).unwrap().height(), 3);
    });
    assert!(Table::open(Absent).is_err());
}
