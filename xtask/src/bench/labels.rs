//! Label errors of public test sets that people checked (Northcutt, Athalye and Mueller 2021): how many of the labels that
//! Mismatch doubts most are wrong, at the number of labels that confident learning flagged.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use stats::label_trust::{ClassProbabilities, confident_joint, most_doubtful_first};

use super::{npy, read_json};
use crate::Outcome;

/// Names a checkout of cleanlab/label-errors.
const DATA: &str = "MISMATCH_LABEL_ERRORS";

/// A test set of which everything that is needed is small.
struct TestSet {
    name: &'static str,
    /// How the names of its arrays begin,
    arrays: &'static str,
    /// and the file with what people said.
    checked: &'static str,
    /// The names of its rows by their number, where people were shown names.
    names: Option<&'static str>,
}

const TEST_SETS: [TestSet; 4] = [
    TestSet { name: "MNIST", arrays: "mnist_test_set", checked: "mnist", names: None },
    TestSet { name: "CIFAR-10", arrays: "cifar10_test_set", checked: "cifar10", names: None },
    TestSet { name: "20news", arrays: "20news_test_set", checked: "20news", names: None },
    TestSet {
        name: "IMDB",
        arrays: "imdb_test_set",
        checked: "imdb",
        names: Some("dataset_indexing/imdb_test_set_index_to_filename.json"),
    },
];

/// Of five people so many have to agree with a label.
const MAJORITY: u32 = 3;

#[derive(Deserialize)]
struct CheckedRow {
    id: RowId,
    mturk: Votes,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RowId {
    Number(usize),
    Name(String),
}

#[derive(Deserialize)]
struct Votes {
    given: u32,
}

pub fn checked_by_people() -> Outcome {
    let Some(folder) = std::env::var_os(DATA).map(PathBuf::from) else {
        println!(
            "No labels were judged: {DATA} names no checkout of the public label errors (github, cleanlab/label-errors)."
        );
        return Ok(());
    };
    println!(
        "| test set | rows | flagged | checked by people | wrong, of Mismatch | precision | wrong, as published | precision | number flagged by itself | checked | wrong |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for set in TEST_SETS {
        judge(&folder, &set)?;
    }
    Ok(())
}

fn judge(folder: &Path, set: &TestSet) -> Outcome {
    let array = |folder_of: &str, of: &str| npy::read(&folder.join(folder_of).join(format!("{}_{of}.npy", set.arrays)));
    let probabilities = array("cross_validated_predicted_probabilities", "pyx")?;
    let labels: Vec<u32> =
        array("original_test_labels", "original_labels")?.values.iter().map(|label| *label as u32).collect();
    let [rows, classes] = probabilities.shape[..] else {
        return Err(format!("the probabilities of {} have no rows of classes.", set.name));
    };
    if labels.len() != rows || labels.iter().any(|label| *label as usize >= classes) {
        return Err(format!("the labels of {} are not those of its probabilities.", set.name));
    }
    let of: Vec<Vec<f64>> =
        (0..classes).map(|class| (0..rows).map(|row| probabilities.values[row * classes + class]).collect()).collect();
    let names: Vec<String> = (0..classes).map(|class| class.to_string()).collect();
    let given = ClassProbabilities { classes: &names, of: &of, labels: &labels };
    let wrong = checked(folder, set)?;
    let published = wrong.values().filter(|wrong| **wrong).count();
    let doubtful = most_doubtful_first(&given);
    let counted = |flags: usize| {
        let checked = doubtful.iter().take(flags).filter_map(|row| wrong.get(row));
        (checked.clone().count(), checked.filter(|wrong| **wrong).count())
    };
    let flags = wrong.len();
    let by_itself = (confident_joint(&given).wrong * rows as f64).round() as usize;
    let ((seen, ours), (seen_by_itself, ours_by_itself)) = (counted(flags), counted(by_itself));
    // A flag that nobody checked counts as a false one.
    let precision = |wrong: usize| 100.0 * wrong as f64 / flags as f64;
    println!(
        "| {} | {rows} | {flags} | {seen} | {ours} | {:.1} % | {published} | {:.1} % | {by_itself} | {seen_by_itself} | \
         {ours_by_itself} |",
        set.name,
        precision(ours),
        precision(published)
    );
    Ok(())
}

/// Each row that people checked, and whether fewer than three of five agreed with its label.
fn checked(folder: &Path, set: &TestSet) -> Outcome<HashMap<usize, bool>> {
    let rows: Vec<CheckedRow> = read_json(&folder.join("mturk").join(format!("{}_mturk.json", set.checked)))?;
    let names: Vec<String> = set.names.map_or(Ok(Vec::new()), |names| read_json(&folder.join(names)))?;
    let numbers: HashMap<&str, usize> = names.iter().enumerate().map(|(row, name)| (name.as_str(), row)).collect();
    let number = |id: &RowId| match id {
        RowId::Number(number) => Some(*number),
        RowId::Name(name) => numbers.get(format!("{}.txt", name.trim_start_matches("test/")).as_str()).copied(),
    };
    let known = rows.iter().map(|row| Some((number(&row.id)?, row.mturk.given < MAJORITY)));
    known.collect::<Option<_>>().ok_or_else(|| format!("people checked rows of {} that have no number.", set.name))
}
