//! Data that can be read in two ways: what is taken, what the diagnosis says about it, and that no file is read unlike the
//! other. Each kind on two tables.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fmt::Write as _;

use domain::{Cause, ColumnRole, Diagnosis, Problem, ReadingOf, Roles, SnapshotRole, Verdict};
use engine::diagnose::{DiagnoseInput, DiagnoseSettings, diagnose};
use measure::progress::Unwatched;
use measure::summary::Nowhere;
use polars::prelude::{Column, DataFrame, NamedFrom, ParquetWriter, Series};

/// A CSV file: the header, and a row for each number.
fn csv(header: &str, rows: u32, row: impl Fn(u32) -> String) -> Vec<u8> {
    let mut text = format!("{header}\n");
    for number in 0..rows {
        writeln!(text, "{}", row(number)).unwrap();
    }
    text.into_bytes()
}

fn diagnosed(files: &[(SnapshotRole, &str, Vec<u8>)], roles: Roles) -> Diagnosis {
    diagnosed_as(files, DiagnoseSettings { roles, ..DiagnoseSettings::default() }).unwrap()
}

fn diagnosed_as(files: &[(SnapshotRole, &str, Vec<u8>)], settings: DiagnoseSettings) -> Result<Diagnosis, Problem> {
    let folder = tempfile::tempdir().unwrap();
    let inputs: Vec<DiagnoseInput> = files
        .iter()
        .map(|(role, name, bytes)| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            DiagnoseInput::of_file(*role, name, &path, &format!("{name} {}", bytes.len()))
        })
        .collect();
    diagnose(&inputs, &settings, &Nowhere, &Unwatched)
}

fn reads(diagnosis: &Diagnosis, of: ReadingOf, column: &str) -> bool {
    diagnosis.readings.iter().any(|reading| reading.of == of && reading.columns.iter().any(|one| one == column))
}

/// The columns on which anything was found.
fn alarms(diagnosis: &Diagnosis, column: &str) -> Vec<String> {
    let on = diagnosis.findings.iter().filter(|finding| finding.columns.iter().any(|one| one == column));
    on.map(|finding| format!("{} {}", finding.detector, finding.statement)).collect()
}

/// A number between 0 and 1 that looks like chance (SplitMix64's output function).
fn noise(row: u32, salt: u32) -> f64 {
    let mut mixed = (u64::from(row) << 32 | u64::from(salt)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((mixed ^ mixed >> 31) >> 11) as f64 / (1_u64 << 53) as f64
}

#[test]
fn a_constant_score_in_one_file_makes_no_column_the_prediction() {
    for flag in ["weekend", "is_member"] {
        let train = csv(&format!("amount,{flag},lost,score"), 400, |row| {
            let score = noise(row, 1);
            format!("{},{},{},{score}", noise(row, 2), row % 2, u8::from(noise(row, 3) < score))
        });
        let serve =
            csv(&format!("amount,{flag},score"), 400, |row| format!("{},{},0.31", noise(row, 4), u8::from(row >= 200)));
        let files = [(SnapshotRole::Train, "a.csv", train), (SnapshotRole::Serve, "b.csv", serve)];
        let diagnosis = diagnosed(&files, Roles::from([(ColumnRole::Label, "lost"), (ColumnRole::Score, "score")]));
        assert_eq!(diagnosis.roles.prediction(), None, "{flag}");
        assert!(diagnosis.evaluations[0].value("accuracy").is_some_and(|accuracy| accuracy > 0.6));
    }
}

#[test]
fn scores_of_the_other_class_are_the_first_suspect_and_never_turned_round() {
    for (low, high) in [("1", "2"), ("no", "yes")] {
        let run = csv("size,y_true,y_score", 600, |row| {
            let score = noise(row, 1);
            format!("{},{},{score}", noise(row, 2), if noise(row, 3) < score { low } else { high })
        });
        let diagnosis = diagnosed(&[(SnapshotRole::Predictions, "a.csv", run)], Roles::default());
        let run = &diagnosis.evaluations[0];
        assert_eq!(run.positive.as_deref(), Some(high));
        assert!(run.value("roc_auc").is_some_and(|area| area < 0.3));
        assert_eq!(diagnosis.suspects.first().map(|suspect| suspect.cause), Some(Cause::ScoreReversed));
    }
}

/// Rows of countries in which `NA` is one of them, and an empty cell is a missing value.
fn country(row: u32) -> Option<&'static str> {
    ["DE", "FR", "NA", "ZA", "US", "BR", "IN"].get(row as usize % 8).copied()
}

#[test]
fn na_is_a_country_where_a_typed_file_or_the_other_codes_say_so() {
    let rows = 800;
    let text = |name: &str| {
        csv(&format!("amount,{name}"), rows, |row| format!("{},{}", noise(row, 5), country(row).unwrap_or_default()))
    };
    let typed = |name: &str| {
        let amounts: Vec<f64> = (0..rows).map(|row| noise(row, 6)).collect();
        let countries: Vec<Option<&str>> = (0..rows).map(country).collect();
        let columns: Vec<Column> =
            vec![Series::new("amount".into(), amounts).into(), Series::new(name.into(), countries).into()];
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).finish(&mut DataFrame::new(rows as usize, columns).unwrap()).unwrap();
        bytes
    };
    for (name, train, train_name) in [("country", typed("country"), "a.parquet"), ("region", text("region"), "a.csv")] {
        let files = [(SnapshotRole::Train, train_name, train), (SnapshotRole::Serve, "b.csv", text(name))];
        let diagnosis = diagnosed(&files, Roles::default());
        assert_eq!(alarms(&diagnosis, name), Vec::<String>::new());
        assert!(reads(&diagnosis, ReadingOf::MissingValue, name), "{:?}", diagnosis.readings);
    }
}

#[test]
fn na_is_missing_in_codes_of_a_file_that_spells_all_missing_values_so() {
    let text = csv("amount,state", 400, |row| {
        let amount = if row % 9 == 0 { "NA".to_owned() } else { noise(row, 7).to_string() };
        format!("{amount},{}", ["CA", "NY", "NA", "TX"][row as usize % 4])
    });
    let diagnosis = diagnosed(&[(SnapshotRole::Train, "a.csv", text)], Roles::default());
    assert!(!reads(&diagnosis, ReadingOf::MissingValue, "state"));
}

#[test]
fn dates_that_exist_in_two_orders_are_read_as_in_the_other_file() {
    for column in ["signed", "due"] {
        let dated = |most: u32| {
            csv(&format!("amount,{column}"), 300, move |row| {
                format!("{},{:02}/{:02}/2024", noise(row, 8), row % most + 1, row % 12 + 1)
            })
        };
        // Days up to 28 show the order; days up to 12 leave it open.
        let files = [(SnapshotRole::Train, "a.csv", dated(28)), (SnapshotRole::Serve, "b.csv", dated(12))];
        let diagnosis = diagnosed(&files, Roles::default());
        assert!(reads(&diagnosis, ReadingOf::DateOrder, column));
        let changed = diagnosis.findings.iter().any(|finding| finding.detector.as_str() == "D2.type_change");
        assert!(!changed, "{:?}", alarms(&diagnosis, column));
    }
}

#[test]
fn a_changed_order_of_day_and_month_is_a_mismatch() {
    for column in ["signed", "due"] {
        let day_first = csv(&format!("amount,{column}"), 300, |row| {
            format!("{},{:02}/{:02}/2024", noise(row, 8), row % 28 + 1, row % 12 + 1)
        });
        let month_first = csv(&format!("amount,{column}"), 300, |row| {
            format!("{},{:02}/{:02}/2024", noise(row, 9), row % 12 + 1, row % 28 + 1)
        });
        let files = [(SnapshotRole::Train, "a.csv", day_first), (SnapshotRole::Serve, "b.csv", month_first)];
        let diagnosis = diagnosed(&files, Roles::default());
        let first = diagnosis.suspects.first().map(|suspect| (suspect.cause, suspect.columns.clone()));
        assert_eq!(first, Some((Cause::TypeChange, vec![column.to_owned()])));
    }
}

#[test]
fn numbers_that_count_time_are_times_where_the_column_is_named_or_plain() {
    let from = 1_704_067_200_u64;
    let units = [
        ("seconds", 1, 1),
        ("milliseconds", 1_000, 1),
        ("microseconds", 1_000_000, 1),
        ("nanoseconds", 1_000_000_000, 1),
        ("days", 1, 86_400),
    ];
    for (unit, times, over) in units {
        let written = move |second: u64| second * times / over;
        let file = |first: u64| {
            csv("amount,observed", 400, move |row| {
                format!("{},{}", noise(row, 10), written(from + first + u64::from(row) * 3_600))
            })
        };
        let files = [(SnapshotRole::Train, "a.csv", file(0)), (SnapshotRole::Serve, "b.csv", file(2_000_000))];
        let diagnosis = diagnosed(&files, Roles::from([(ColumnRole::Time, "observed")]));
        assert!(reads(&diagnosis, ReadingOf::TimeUnit, "observed"), "{unit}: {:?}", diagnosis.readings);
        assert_eq!(alarms(&diagnosis, "observed"), Vec::<String>::new(), "{unit}");
    }
    let plain = |first: u64| {
        csv("amount,created_at", 400, move |row| {
            format!("{},{}", noise(row, 10), from + first + u64::from(row) * 3_600)
        })
    };
    let files = [(SnapshotRole::Train, "a.csv", plain(0)), (SnapshotRole::Serve, "b.csv", plain(2_000_000))];
    let diagnosis = diagnosed(&files, Roles::default());
    assert_eq!(diagnosis.roles.time(), Some("created_at"));
    assert!(diagnosis.findings.iter().all(|finding| finding.verdict != Verdict::Mismatch));
}

#[test]
fn class_probabilities_are_answers_and_not_features() {
    for (start, end) in [("proba_", ""), ("", "_prob")] {
        let header = ["red", "green", "blue"].map(|class| format!("{start}{class}{end}")).join(",");
        let table = |salt: u32, gaps: bool| {
            csv(&format!("size,{header},colour"), 600, |row| {
                let (a, b) = (noise(row, salt), noise(row, salt + 1));
                let (red, green) = (a * 0.6, (1.0 - a * 0.6) * b);
                let colour = if noise(row, salt + 2) < red {
                    "red"
                } else if b > 0.5 {
                    "green"
                } else {
                    "blue"
                };
                if gaps && row % 10 == 0 {
                    return format!("{},,,,{colour}", noise(row, salt + 3));
                }
                format!("{},{red:.6},{green:.6},{:.6},{colour}", noise(row, salt + 3), 1.0 - red - green)
            })
        };
        let files = [(SnapshotRole::Train, "a.csv", table(20, false)), (SnapshotRole::Serve, "b.csv", table(40, true))];
        let diagnosis = diagnosed(&files, Roles::from([(ColumnRole::Label, "colour")]));
        assert_eq!(diagnosis.roles.columns(ColumnRole::Probability).len(), 3);
        assert!(diagnosis.evaluations[0].value("roc_auc_ovr_macro").is_some());
        assert_eq!(
            diagnosis.suspects.first().map(|suspect| suspect.cause),
            Some(Cause::NanPredictions),
            "{start}{end}"
        );
    }
}

#[test]
fn a_positive_class_that_no_run_has_is_refused_with_those_it_has() {
    let run =
        csv("label,score", 200, |row| format!("{},{:.3}", if row % 3 == 0 { "bad" } else { "good" }, noise(row, 7)));
    let roles = || -> Roles { [(ColumnRole::Label, "label"), (ColumnRole::Score, "score")].into_iter().collect() };
    let named = |class: &str| {
        let settings =
            DiagnoseSettings { roles: roles(), positive: Some(class.to_owned()), ..DiagnoseSettings::default() };
        diagnosed_as(&[(SnapshotRole::Predictions, "run.csv", run.clone())], settings)
    };
    assert_eq!(named("bad").unwrap().evaluations[0].positive.as_deref(), Some("bad"));
    let refused = named("terrible").unwrap_err().message;
    assert!(refused.contains("`terrible`") && refused.contains("`good`"), "{refused}");
}
