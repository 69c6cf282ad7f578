//! Hashes of rows that outlive the file: which rows a test set had, and which of them are somewhere else today.

use std::collections::{BTreeSet, HashMap};

use domain::measurements::fingerprints::{History, KnownTest, RowFingerprints, TouchedTest};
use domain::{ColumnRole, Roles};
use polars::prelude::{DataType, Series};
use stats::intervals::Share;

use crate::profiled::Profiled;
use crate::row_hashes::{hash_text, mix};
use crate::sample::Sample;
use crate::values::numbers;

/// Hashes kept of one test set: shares of its rows are known to about one in a hundred.
const KEPT: usize = 2_048;
const MISSING: u64 = 0x6d69_7373_696e_6721;

/// The fingerprints of a snapshot over its features and its label: the smallest hashes of its different rows (bottom-k
/// sketch: Broder, "On the resemblance and containment of documents", 1997). Of a large snapshot, of its sample. `None`
/// without a feature that can be hashed.
pub fn fingerprints(sample: &Sample, roles: &Roles) -> Option<RowFingerprints> {
    let mut columns: Vec<String> = sample
        .frame
        .columns()
        .iter()
        .filter(|column| matches!(roles.of(column.name()), ColumnRole::Feature | ColumnRole::Label))
        .filter(|column| cells(column.as_materialized_series()).is_some())
        .map(|column| column.name().to_string())
        .collect();
    columns.sort_unstable();
    if columns.iter().all(|column| roles.of(column) == ColumnRole::Label) {
        return None;
    }
    let different: BTreeSet<u64> = hashes(sample, &columns)?.into_iter().collect();
    let rows = different.len() as u64;
    Some(RowFingerprints { columns, hashes: different.into_iter().take(KEPT).collect(), rows })
}

/// The part of a history that can change what is measured of these files, and nothing else of it: empty when no known
/// test set is to be looked up in train. The files are told by the hashes of their bytes.
pub fn relevant(history: &History, train: Option<&str>, test: Option<&str>) -> History {
    let tests: Vec<KnownTest> = match train {
        Some(train) => looked_up(history, train, test).cloned().collect(),
        None => Vec::new(),
    };
    if tests.is_empty() { History::default() } else { History { tests, ..history.clone() } }
}

fn looked_up<'a>(history: &'a History, train: &str, today: Option<&str>) -> impl Iterator<Item = &'a KnownTest> {
    let corrected = move |known: &&KnownTest| known.investigation == history.investigation && known.sha256 == train;
    history.tests.iter().filter(move |known| Some(known.sha256.as_str()) != today && !corrected(known))
}

/// Looks the known test sets up in train, and in today's test rows; each comes with the hash of its file. Left out are
/// sets whose columns train does not have, the file that is the test set today (what it shares with train is told from
/// its rows), and a file that this same investigation first took for its test set and now for train: that is a correction.
pub fn touched(
    history: &History,
    (train, train_sha256): (&Profiled, &str),
    test: Option<(&Profiled, &str)>,
) -> Vec<TouchedTest> {
    let today = test.map(|(_, sha256)| sha256);
    let known = looked_up(history, train_sha256, today);
    let mut hashed: HashMap<&[String], Option<HashMap<u64, u64>>> = HashMap::new();
    known
        .filter_map(|known| {
            let columns = &known.rows.columns;
            let counts =
                hashed.entry(columns).or_insert_with(|| Some(counted(hashes(&train.sample, columns)?))).as_ref()?;
            let kept = known.rows.hashes.len() as u64;
            let among = |counts: &HashMap<u64, u64>| {
                let hits = known.rows.hashes.iter().filter(|hash| counts.contains_key(hash)).count();
                Share::new(hits as u64, kept)
            };
            let in_test =
                test.and_then(|(test, _)| hashes(&test.sample, columns)).map(|hashes| among(&counted(hashes)));
            Some(TouchedTest {
                title: known.title.clone(),
                file: known.file.clone(),
                at_ms: known.at_ms,
                same_model: is_same_model(history, known),
                columns: columns.clone(),
                in_train: among(counts),
                repeated: Share::new(counts.values().filter(|rows| **rows > 1).sum(), train.sample.rows),
                looked_at: train.sample.rows as f64 / train.profile.rows.max(1) as f64,
                in_test,
            })
        })
        .collect()
}

fn is_same_model(history: &History, known: &KnownTest) -> bool {
    let name = |model: &str| model.trim().to_lowercase();
    known.investigation == history.investigation
        || (!name(&known.model).is_empty() && name(&known.model) == name(&history.model))
}

fn counted(hashes: Vec<u64>) -> HashMap<u64, u64> {
    let mut counts = HashMap::with_capacity(hashes.len());
    hashes.into_iter().for_each(|hash| *counts.entry(hash).or_insert(0) += 1);
    counts
}

/// A hash of each row over these columns by name, whatever order, type of number and file they are in; `None` when one of
/// them is not there.
fn hashes(sample: &Sample, columns: &[String]) -> Option<Vec<u64>> {
    let mut hashes = vec![0_u64; sample.rows as usize];
    for name in columns {
        let cells = cells(sample.column(name)?)?;
        let column = hash_text(name);
        for (hash, cell) in hashes.iter_mut().zip(cells) {
            *hash = mix(*hash ^ mix(cell ^ column));
        }
    }
    Some(hashes)
}

/// Cells as bits. Numbers and yes/no are told by their value, so that 1, 1.0 and true are one; texts without the spaces
/// around them; times by the millisecond.
fn cells(column: &Series) -> Option<Vec<u64>> {
    let known = |value: f64| if value.is_nan() { MISSING } else { (value + 0.0).to_bits() };
    match column.dtype() {
        DataType::String => {
            let texts = column.str().ok()?;
            Some(texts.iter().map(|text| text.map_or(MISSING, |text| hash_text(text.trim()))).collect())
        }
        DataType::Datetime(..) => {
            let times = column.datetime().ok()?;
            Some(times.physical().iter().map(|time| time.map_or(MISSING, i64::cast_unsigned)).collect())
        }
        DataType::Null => Some(vec![MISSING; column.len()]),
        _ => Some(numbers(column)?.into_iter().map(|value| value.map_or(MISSING, known)).collect()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use polars::prelude::{Column, DataFrame, NamedFrom};

    use super::*;
    use crate::profile::tests::profiled;

    fn roles() -> Roles {
        Roles::from([(ColumnRole::Id, "id"), (ColumnRole::Label, "paid")])
    }

    fn table(rows: std::ops::Range<i64>) -> Vec<Column> {
        let of = |row: i64| (row * 7_919 % 100_003) as f64;
        vec![
            Series::new("id".into(), rows.clone().map(|row| row + 1_000_000).collect::<Vec<_>>()).into(),
            Series::new("amount".into(), rows.clone().map(of).collect::<Vec<_>>()).into(),
            Series::new("city".into(), rows.clone().map(|row| ["Oslo", "Bodø"][row as usize % 2]).collect::<Vec<_>>())
                .into(),
            Series::new("paid".into(), rows.map(|row| row % 3 == 0).collect::<Vec<_>>()).into(),
        ]
    }

    fn split(rows: std::ops::Range<i64>) -> Profiled {
        let count = (rows.end - rows.start) as usize;
        profiled(DataFrame::new(count, table(rows)).unwrap())
    }

    fn known(test: &Profiled) -> History {
        let rows = fingerprints(&test.sample, &roles()).unwrap();
        let known = KnownTest {
            investigation: "first".into(),
            title: "The first".into(),
            model: "Credit ".into(),
            file: "test.csv".into(),
            sha256: "abc".into(),
            at_ms: 5,
            rows,
        };
        History { investigation: "second".into(), model: "credit".into(), tests: vec![known] }
    }

    #[test]
    fn rows_of_an_old_test_set_are_known_again_in_other_columns_order_and_types() {
        let history = known(&split(0..500));
        assert_eq!(history.tests[0].rows.columns, ["amount", "city", "paid"]);
        let mut columns = table(100..1_100);
        columns.reverse();
        let whole: Vec<i64> = columns[2].f64().unwrap().iter().flatten().map(|x| x as i64).collect();
        columns[2] = Series::new("amount".into(), whole).into();
        columns[0] =
            Series::new("paid".into(), (100..1_100_i64).map(|row| i64::from(row % 3 == 0)).collect::<Vec<_>>()).into();
        columns.push(Series::new("extra".into(), vec![1.5; 1_000]).into());
        let train = profiled(DataFrame::new(1_000, columns).unwrap());
        let found = touched(&history, (&train, "t"), None);
        assert_eq!((found[0].in_train, found[0].repeated), (Share::new(400, 500), Share::new(0, 1_000)));
        assert!(found[0].same_model && found[0].in_test.is_none());
    }

    #[test]
    fn other_rows_other_columns_and_todays_own_test_set_are_not_touched() {
        let history = known(&split(0..500));
        let later = split(1_000..2_000);
        let test = split(0..250);
        let found = touched(&history, (&later, "t"), Some((&test, "other")));
        assert_eq!((found[0].in_train.hits, found[0].in_test), (0, Some(Share::new(250, 500))));
        assert!(touched(&history, (&later, "t"), Some((&test, "abc"))).is_empty());
        // The same investigation took the file for its test set first; another one may not learn from it.
        let corrected = History { investigation: "first".into(), ..history.clone() };
        assert!(touched(&corrected, (&test, "abc"), None).is_empty());
        assert_eq!(touched(&history, (&test, "abc"), None).len(), 1);
        let narrow = profiled(DataFrame::new(2, vec![Series::new("amount".into(), [1.0, 2.0]).into()]).unwrap());
        assert!(touched(&history, (&narrow, "t"), None).is_empty());
        assert!(
            fingerprints(
                &profiled(DataFrame::new(2, vec![Series::new("paid".into(), [true, false]).into()]).unwrap()).sample,
                &roles()
            )
            .is_none()
        );
    }

    #[test]
    fn a_large_test_set_keeps_a_bounded_sketch_of_which_the_share_is_right() {
        let history = known(&split(0..20_000));
        assert_eq!((history.tests[0].rows.hashes.len(), history.tests[0].rows.rows), (KEPT, 20_000));
        // A quarter of the set is in train.
        let found = touched(&history, (&split(15_000..25_000), "t"), None);
        assert!((found[0].in_train.value() - 0.25).abs() < 0.04, "{found:?}");
    }
}
