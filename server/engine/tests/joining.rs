//! Files that belong together: labels that come later and predictions that are kept apart are joined by id and read as columns of
//! the served rows, and several windows of served rows are one table. Each kind on two tables.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fmt::Write as _;

use domain::{Cause, Diagnosis, SnapshotRole};
use engine::diagnose::{DiagnoseInput, DiagnoseSettings, diagnose};
use measure::progress::Unwatched;
use measure::summary::Nowhere;

/// Rows of each table.
const ROWS: u32 = 1_500;

/// A number between 0 and 1 that looks like chance (SplitMix64's output function).
fn noise(row: u32, salt: u32) -> f64 {
    let mut mixed = (u64::from(row) << 32 | u64::from(salt)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((mixed ^ mixed >> 31) >> 11) as f64 / (1_u64 << 53) as f64
}

/// One row: two features, and the probability of a yes by them.
struct Row {
    id: String,
    income: f64,
    age: f64,
    likely: f64,
}

/// How a table names its rows and its label.
struct Table {
    id: &'static str,
    label: &'static str,
    yes_no: [&'static str; 2],
    key: fn(u32) -> String,
}

const TABLES: [Table; 2] = [
    Table { id: "customer_id", label: "churn", yes_no: ["yes", "no"], key: |row| format!("C{row:06}") },
    Table { id: "PassengerId", label: "Survived", yes_no: ["1", "0"], key: |row| row.to_string() },
];

impl Table {
    fn row(&self, row: u32) -> Row {
        let (income, age) = (noise(row, 1), noise(row, 2));
        let likely = 1.0 / (1.0 + (-6.0 * (income + 0.5 * age - 0.8)).exp());
        Row { id: (self.key)(row), income, age, likely }
    }

    fn label(&self, row: &Row, number: u32) -> &str {
        self.yes_no[usize::from(noise(number, 3) >= row.likely)]
    }

    /// The header, and a line for each row from `from` on.
    fn csv(&self, header: &str, from: u32, line: impl Fn(&Row, u32) -> String) -> String {
        let mut text = format!("{header}\n");
        for number in from..from + ROWS {
            writeln!(text, "{}", line(&self.row(number), number)).unwrap();
        }
        text
    }

    fn train(&self) -> String {
        self.csv(&format!("{},income,age,{}", self.id, self.label), 1, |row, number| {
            format!("{},{},{},{}", row.id, row.income, row.age, self.label(row, number))
        })
    }

    fn serve(&self) -> String {
        self.csv(&format!("{},income,age", self.id), 1 + ROWS, |row, _| {
            format!("{},{},{}", row.id, row.income, row.age)
        })
    }
}

fn diagnosed(files: &[(SnapshotRole, &str, String)]) -> Diagnosis {
    let folder = tempfile::tempdir().unwrap();
    let inputs: Vec<DiagnoseInput> = files
        .iter()
        .map(|(role, name, text)| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            DiagnoseInput::of_file(*role, name, &path, &format!("{name} {}", text.len()))
        })
        .collect();
    diagnose(&inputs, &DiagnoseSettings::default(), &Nowhere, &Unwatched).unwrap()
}

fn notes<'a>(diagnosis: &'a Diagnosis, file: &str) -> &'a [String] {
    &diagnosis.inputs.iter().find(|input| input.name == file).unwrap().notes
}

use SnapshotRole::{Labels, Predictions, Serve, Train};

#[test]
fn labels_that_come_later_show_that_the_relation_to_the_label_turned() {
    for table in TABLES {
        let turned = table.csv(&format!("{},outcome,known_at", table.id), 1 + ROWS, |row, number| {
            let label = table.label(row, number);
            let other = table.yes_no[usize::from(label == table.yes_no[0])];
            format!("{},{},2024-05-{:02}", row.id, if row.income > 0.5 { other } else { label }, number % 28 + 1)
        });
        let files =
            [(Train, "train.csv", table.train()), (Serve, "serve.csv", table.serve()), (Labels, "late.csv", turned)];
        assert!(diagnosed(&files[..2]).suspects.is_empty(), "{}: nothing without labels", table.label);
        let diagnosis = diagnosed(&files);
        assert_eq!(diagnosis.suspects[0].cause, Cause::ConceptDrift, "{:?}", diagnosis.suspects[0]);
        let note = notes(&diagnosis, "serve.csv").join(" ");
        assert!(note.contains("column outcome of `late.csv`") && note.contains("1,500 of 1,500 rows"), "{note}");
        assert_eq!(notes(&diagnosis, "late.csv"), [format!("Joined to `serve.csv` by {}.", table.id)]);
    }
}

#[test]
fn predictions_and_labels_of_files_of_their_own_are_one_run_on_the_served_rows() {
    for table in TABLES {
        let scores = table.csv(&format!("{},score", table.id), 1 + ROWS, |row, _| format!("{},{}", row.id, row.likely));
        let labels = table.csv(&format!("{},{}", table.id, table.label), 1 + ROWS, |row, number| {
            format!("{},{}", row.id, table.label(row, number))
        });
        let diagnosis = diagnosed(&[
            (Train, "train.csv", table.train()),
            (Serve, "serve.csv", table.serve()),
            (Predictions, "scores.csv", scores),
            (Labels, "labels.csv", labels),
        ]);
        let [run] = diagnosis.evaluations.as_slice() else { panic!("{}: one run", table.label) };
        assert_eq!((run.read_from, run.n), (Some(Serve), u64::from(ROWS)));
        assert!(run.value("roc_auc").is_some_and(|auc| auc > 0.7), "{:?}", run.value("roc_auc"));
        assert!(diagnosis.suspects.is_empty(), "{}: {:?}", table.label, diagnosis.suspects);
    }
}

#[test]
fn labels_of_other_rows_are_said_not_to_be_joined() {
    let table = &TABLES[1];
    let labels = table.csv(&format!("{},Survived", table.id), 900_000, |row, number| {
        format!("{},{}", row.id, table.label(row, number))
    });
    let diagnosis = diagnosed(&[
        (Train, "train.csv", table.train()),
        (Serve, "serve.csv", table.serve()),
        (Labels, "l.csv", labels),
    ]);
    let [note] = notes(&diagnosis, "l.csv") else { panic!("{:?}", diagnosis.inputs) };
    assert!(note.starts_with("Not joined:"), "{note}");
    assert!(diagnosis.evaluations.is_empty());
}

#[test]
fn windows_of_served_rows_are_one_table_in_the_order_of_their_numbers_with_the_labels_of_all() {
    for table in TABLES {
        let window = |number: u32, unit: f64| {
            table.csv(&format!("{},income,age", table.id), 1 + number * ROWS, |row, _| {
                format!("{},{},{}", row.id, row.income * unit, row.age)
            })
        };
        let labels = |from: u32| {
            table.csv(&format!("{},{}", table.id, table.label), from, |row, number| {
                format!("{},{}", row.id, table.label(row, number))
            })
        };
        let all_labels = labels(1 + ROWS) + labels(1 + 2 * ROWS).split_once('\n').unwrap().1;
        let files = |unit: f64| {
            [
                (Train, "train.csv", table.train()),
                (Serve, "week_10.csv", window(2, unit)),
                (Labels, "labels.csv", all_labels.clone()),
                (Serve, "week_9.csv", window(1, 1.0)),
            ]
        };
        let clean = diagnosed(&files(1.0));
        assert!(clean.suspects.is_empty(), "{}: {:?}", table.label, clean.suspects);
        let rows: Vec<_> = clean.inputs.iter().map(|input| (input.name.as_str(), input.rows)).collect();
        let each = u64::from(ROWS);
        assert_eq!(rows, [("train.csv", each), ("week_10.csv", each), ("labels.csv", 2 * each), ("week_9.csv", each)]);
        assert_eq!(notes(&clean, "week_9.csv"), ["Read as one table of served rows with week_10.csv.".to_owned()]);
        let [read, of_all] = notes(&clean, "week_10.csv") else { panic!("{:?}", clean.inputs) };
        assert_eq!(read, "Read as one table of served rows with week_9.csv.");
        let all = domain::number::count(2 * each);
        assert!(of_all.ends_with(&format!("{all} of {all} rows have a row there.")), "{of_all}");
        let income = clean.comparisons.iter().find(|comparison| comparison.column == "income").unwrap();
        assert_eq!(income.n[&domain::comparison::Side::Serve], 2 * each);

        let faulty = diagnosed(&files(1_000.0));
        let first = &faulty.suspects[0];
        // One of two windows, by its numbers and not by a time: half of the rows are outside.
        assert_eq!(
            (first.cause, first.columns.as_slice()),
            (Cause::OutOfRange, &["income".to_owned()][..]),
            "{first:?}"
        );
        assert!(first.statement.contains("50 % of serve rows"), "{first:?}");
    }
}
