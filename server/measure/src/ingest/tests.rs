//! Behaviour of the reader that no single file shows.

use std::io::Write;
use std::path::Path;

use domain::snapshot::ReadNote;
use proptest::prelude::{any, prop, prop_oneof, proptest};
use proptest::strategy::{Just, Strategy};

use super::*;

#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn file_of(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn read(bytes: &[u8], options: &ReadOptions) -> Result<Table, domain::Problem> {
    read_table(file_of(bytes).path(), "data", options, &Limits::default())
}

#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn table(text: &str) -> Table {
    read(text.as_bytes(), &ReadOptions::default()).unwrap()
}

fn types(table: &Table) -> Vec<&str> {
    table.columns.iter().map(|column| column.stored_type.as_str()).collect()
}

fn notes_on<'a>(table: &'a Table, column: Option<&str>) -> Vec<&'a str> {
    let about = |note: &&'a ReadNote| note.column.as_deref() == column;
    table.notes.iter().filter(about).map(|note| note.message.as_str()).collect()
}

#[test]
fn the_last_value_counts_as_much_as_the_first() {
    let rows: String = (0..5_000).map(|row| format!("{row},{row}\n")).collect();
    let table = table(&format!("a,b\n{rows}5000,oops\n"));
    assert_eq!(types(&table), ["Int64", "String"]);
    let expected = "mixed types, kept as text: 5000 numbers, 1 other, first other at row 5001: \"oops\"";
    assert_eq!(notes_on(&table, Some("b")), [expected]);
}

#[test]
fn spellings_of_missing_are_counted_and_shown() {
    let table = table("n,c,d\n1,x,-\n?,NA,a\nNA,y,b\nNA,,-\n");
    assert_eq!(types(&table), ["Int64", "String", "String"]);
    assert_eq!(table.columns[0].null_spellings, [("NA".to_owned(), 2), ("?".to_owned(), 1)]);
    assert_eq!(table.columns[1].null_spellings, [(String::new(), 1), ("NA".to_owned(), 1)]);
    // A dash alone may be a category.
    assert_eq!(table.columns[2].null_spellings, []);
    assert_eq!(notes_on(&table, Some("n")), ["read as missing: \"NA\" (2), \"?\" (1)"]);
}

#[test]
fn a_decimal_comma_anywhere_settles_the_file() {
    let table = table("a;b;c\n1,5;1.234;1.5\n2,25;2.500;2.5\n");
    assert_eq!(types(&table), ["Float64 (decimal comma)", "Int64", "Float64"]);
    assert_eq!(table.format, "CSV, separator ';', decimal comma");
    assert_eq!(
        table.frame.column("b").ok().and_then(|column| column.get(0).ok()).map(|value| value.to_string()),
        Some("1234".to_owned())
    );
}

#[test]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn a_person_can_overrule_every_detection() {
    let options = ReadOptions {
        delimiter: Some(b'^'),
        quote: Some(b'\''),
        header: Some(false),
        decimal_comma: Some(true),
        encoding: Some("latin1".to_owned()),
        format: Some(Format::Csv),
        ..ReadOptions::default()
    };
    let table = read(b"'a^b'^1,5^\xe9\n'c'^2,5^x\n", &options).unwrap();
    assert_eq!(types(&table), ["String", "Float64 (decimal comma)", "String"]);
    assert_eq!(table.format, "CSV, separator '^', quote '\\'', decimal comma, windows-1252");
    assert_eq!(table.frame.column("column_3").unwrap().str().unwrap().get(0), Some("é"));
    let problem =
        read(b"a,b\n", &ReadOptions { encoding: Some("klingon".to_owned()), ..ReadOptions::default() }).unwrap_err();
    assert_eq!(
        problem.message,
        "data: \"klingon\" is not a known encoding; use utf-8, utf-16le, utf-16be or windows-1252"
    );
}

#[test]
fn headers_are_told_from_data() {
    for (text, names) in [
        ("1,2.5\n3,4.5\n", vec!["column_1", "column_2"]),
        ("name,2019,2020,2021\nx,5,7,9\ny,1,1,2\n", vec!["name", "2019", "2020", "2021"]),
        ("0,1,2\n5.5,6.5,x\n", vec!["0", "1", "2"]),
        ("x,y\nred,blue\n", vec!["x", "y"]),
        ("a,b\n1,2,3\n4,5,6\n", vec!["", "a", "b"]),
        ("# made by a tool\n#id,v\n1,2\n3,4\n", vec!["id", "v"]),
        ("x y z\n1 2 3\n4 5 6\n", vec!["x", "y", "z"]),
    ] {
        let table = table(text);
        let found: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(found, names, "{text}");
    }
}

#[test]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn small_files_that_would_cost_minutes_are_refused() {
    let refused = |bytes: &[u8], name: &str| {
        read_table(file_of(bytes).path(), name, &ReadOptions::default(), &Limits::default()).unwrap_err().message
    };
    let name = "n".repeat(1_001);
    for (file, bytes) in
        [("long.csv", format!("a,{name}\n1,2\n3,4\n")), ("long.json", format!("[{{\"a\": 1}}, {{\"{name}\": 2}}]"))]
    {
        let message = refused(bytes.as_bytes(), file);
        assert!(message.starts_with(&format!("{file}: the name of a column is longer than 1000")), "{message}");
        assert!(message.len() < 300, "{message}");
    }
    let just = format!("a,{}\n1,2\n3,4\n", "n".repeat(1_000));
    assert!(read_table(file_of(just.as_bytes()).path(), "a.csv", &ReadOptions::default(), &Limits::default()).is_ok());

    let rows = format!("a,b,c\n{}", "1,2,3\n".repeat(12 << 20));
    let small = zstd::encode_all(rows.as_bytes(), 3).unwrap();
    let message = refused(&small, "rows.csv.zst");
    assert!(message.starts_with("rows.csv.zst: it grows to more than 1000 times its size"), "{message}");
}

#[test]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn limits_are_said_in_a_sentence() {
    let limits = Limits { max_expanded_bytes: 100, max_columns: 3, max_record_bytes: 1 << 20, ..Limits::default() };
    let refused = |bytes: &[u8], limits: &Limits| {
        read_table(file_of(bytes).path(), "big.csv", &ReadOptions::default(), limits).unwrap_err().message
    };
    let message = refused(b"a,b,c,d\n1,2,3,4\n", &limits);
    assert_eq!(message, "big.csv: it has 4 columns, more than the 3 allowed");
    let message = refused("a,b\n1,2\n".repeat(50).as_bytes(), &limits);
    assert!(message.starts_with("big.csv: it holds more than 100 bytes of data after decompression"), "{message}");
    let quoted = format!("a,b\n1,\"{}", "x\n".repeat(1 << 20));
    let message = refused(quoted.as_bytes(), &Limits { max_expanded_bytes: 1 << 30, ..limits });
    assert!(message.starts_with("big.csv: the record that starts at line 2 is longer than 1 MB"), "{message}");
}

#[test]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn large_text_is_converted_once_and_reads_the_same() {
    let rows: String = (0..3_000)
        .map(|row| {
            format!(
                "{row},{}.5,w{},{},2024-01-{:02}\n",
                row,
                row % 7,
                if row % 5 == 0 { "NA" } else { "1" },
                row % 28 + 1
            )
        })
        .collect();
    let file = file_of(format!("i,x,w,n,d\n{rows}").as_bytes());
    let whole = read_table(file.path(), "t.csv", &ReadOptions::default(), &Limits::default()).unwrap();
    let small = Limits { max_text_in_memory: 1_000, batch_bytes: 40_000, ..Limits::default() };
    let folder = tempfile::tempdir().unwrap();
    let converted = folder.path().join("t.parquet");
    for _ in 0..2 {
        let reader =
            BatchReader::open(file.path(), "t.csv", &ReadOptions::default(), &small, Some(&converted)).unwrap();
        assert_eq!(
            (reader.columns(), reader.notes(), reader.format()),
            (&whole.columns[..], &whole.notes[..], &whole.format[..])
        );
        let mut cells = 0;
        for batch in reader.batches() {
            let columns: Vec<usize> = batch.columns.clone().collect();
            let frame = reader.read(&columns, batch.rows.clone()).unwrap();
            assert!(frame.estimated_size() <= 50_000);
            let same = whole.frame.slice(batch.rows.start as i64, batch.rows.len());
            for column in frame.columns() {
                assert!(column.equals_missing(same.column(column.name()).unwrap()), "{}", column.name());
            }
            cells += frame.height() * frame.width();
        }
        assert_eq!(cells, 3_000 * 5);
        assert!(converted.exists());
    }
}

#[test]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn a_kept_copy_is_read_instead_of_the_text_and_made_again_when_it_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let (text, copy) = (folder.path().join("t.csv"), folder.path().join("t.parquet"));
    let open = || BatchReader::open(&text, "t.csv", &ReadOptions::default(), &Limits::default(), Some(&copy));
    let first = || open().unwrap().into_table().unwrap().frame.column("a").unwrap().get(0).unwrap().to_string();
    std::fs::write(&text, "a,b\n1,x\n2,y\n").unwrap();
    assert_eq!(first(), "1");
    std::fs::remove_file(&text).unwrap();
    assert_eq!(first(), "1");

    std::fs::write(&text, "a,b\n7,x\n2,y\n").unwrap();
    assert_eq!(first(), "1");
    let whole = std::fs::read(&copy).unwrap();
    std::fs::write(&copy, &whole[..whole.len() - 1]).unwrap();
    assert_eq!(first(), "7");
    // Each copy stands beside its checksum, and is nothing without it.
    std::fs::write(&text, "a,b\n8,x\n2,y\n").unwrap();
    assert_eq!(first(), "7");
    std::fs::remove_file(checksum_of(&copy)).unwrap();
    assert_eq!(first(), "8");
    // Where nothing can be kept, the table is read all the same.
    std::fs::remove_file(&copy).unwrap();
    std::fs::create_dir(&copy).unwrap();
    std::fs::write(copy.join("in the way"), "").unwrap();
    assert_eq!((first(), first()), ("8".to_owned(), "8".to_owned()));
}

#[test]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn compression_is_seen_from_the_bytes() {
    let parquet =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/fixtures/nasty/good.parquet")).unwrap();
    let packed = zstd::encode_all(&parquet[..], 1).unwrap();
    let table = read(&packed, &ReadOptions::default()).unwrap();
    assert_eq!((table.rows, table.format.as_str()), (169, "Parquet, zstd"));
    let packed = zstd::encode_all(&b"a,b\n1,2\n"[..], 1).unwrap();
    assert_eq!(read(&packed, &ReadOptions::default()).unwrap().format, "CSV, zstd");
    let cut = read(&packed[..packed.len() - 3], &ReadOptions::default()).unwrap_err();
    assert!(cut.message.contains("the file was cut off") || cut.message.contains("the file is damaged"), "{cut}");
}

#[test]
fn control_characters_alone_are_not_a_table() {
    for bytes in [&b"\0"[..], b"\0\0\0", b"\x00\x01\x02", b"\0\n\0\n"] {
        let refused = read(bytes, &ReadOptions::default()).map(|table| table.rows).err();
        let message = refused.map_or_else(String::new, |problem| problem.message);
        assert!(message.contains("it is not text or a known format"), "{bytes:?}: {message}");
    }
}

#[test]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn json_is_read_in_every_layout() {
    let pretty = "[\n {\"a\": 1, \"b\": \"x\"},\n {\"b\": \"2024-01-01T00:00:00Z\", \"a\": 2.5}\n]";
    assert_eq!(types(&table(pretty)), ["Float64", "String"]);
    let sequence = "{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n";
    assert_eq!(table(sequence).rows, 2);
    let times = "{\"t\":\"2024-01-01T00:00:00Z\",\"s\":\"5\"}\n{\"t\":\"2024-01-02T00:00:00Z\",\"s\":\"6\"}\n";
    let times = table(times);
    assert_eq!(types(&times), ["Datetime", "String"]);
    assert_eq!(notes_on(&times, Some("s")), ["every value is a number stored as a string; kept as text"]);
    for (text, part) in [
        ("[{\"a\":1},{\"a\":2}", "ends in the middle of element 3"),
        ("[{\"a\":1} {\"a\":2}]", "is not expected after element"),
        ("[1,2]", "element 1 (line 1) is not a JSON object"),
        ("[]", "it holds no objects"),
        ("{\"a\"}\n{\"a\":1,}\n", "2 of its lines are not JSON objects: line 1"),
    ] {
        let options = ReadOptions {
            format: Some(if text.starts_with('[') { Format::JsonArray } else { Format::JsonLines }),
            ..ReadOptions::default()
        };
        let message = read(text.as_bytes(), &options).map(|table| table.rows).unwrap_err().message;
        assert!(message.contains(part), "{text}: {message}");
    }
}

/// Bytes that look like one of the text formats more often than chance would have it.
fn texts() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        Just("a"),
        Just(","),
        Just(";"),
        Just("\""),
        Just("\n"),
        Just("\r"),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(":"),
        Just("\\"),
        Just("1"),
        Just("-"),
        Just("."),
        Just("e9"),
        Just("NaN"),
        Just("2024-01-01"),
        Just("null"),
        Just("\"k\""),
        Just("#"),
        Just("sep=;\n"),
        Just("é"),
        Just("\0"),
        Just(" "),
        Just("00"),
        Just("1,5"),
        Just("{\"a\":1}\n"),
        Just("\u{feff}"),
    ];
    prop_oneof![
        prop::collection::vec(token, 0..60).prop_map(|tokens| tokens.concat().into_bytes()),
        prop::collection::vec(any::<u8>(), 0..300),
    ]
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in texts(), format in prop::sample::select(&[None, Some(Format::Csv), Some(Format::JsonLines), Some(Format::JsonArray)][..])) {
        match read(&bytes, &ReadOptions { format, ..ReadOptions::default() }) {
            Ok(table) => {
                assert_eq!(table.frame.height() as u64, table.rows);
                assert_eq!(table.frame.width(), table.columns.len());
            }
            Err(problem) => assert!(problem.message.starts_with("data: "), "{problem}"),
        }
    }
}
