//! Limits that measuring applies and that the texts of the detectors name. This crate knows no limits and `checks` measures
//! nothing, so each stands in both places; here they are held equal.

use std::path::Path;

use checks::thresholds::{self, ALL};

use crate::data::{joint_shift, leakage, train_variation};
use crate::evaluation::slices;
use crate::feature_bins;
use crate::features::row_join::cells;
use crate::training::{label_sample, near_duplicates, representation};

/// The limit's name in the table of limits, its value there, and what measuring applies.
const MIRRORED: [(&str, f64, f64); 17] = [
    ("TRAIN_CHUNKS", thresholds::TRAIN_CHUNKS, train_variation::CHUNKS as f64),
    ("JOINT_ROWS", thresholds::JOINT_ROWS, joint_shift::ROWS as f64),
    ("JOINT_ROWS_NEEDED", thresholds::JOINT_ROWS_NEEDED, joint_shift::FEWEST_ROWS as f64),
    ("JOINT_FEATURES", thresholds::JOINT_FEATURES, feature_bins::FEATURES as f64),
    ("JOINT_FOLDS", thresholds::JOINT_FOLDS, joint_shift::FOLDS as f64),
    ("CALENDAR_AGREES", thresholds::CALENDAR_AGREES, domain::measurements::calendar::AGREES),
    ("LEAK_SAME_VALUE", thresholds::LEAK_SAME_VALUE, leakage::FALLBACK),
    ("ROW_SAME_VALUE", thresholds::ROW_SAME_VALUE, cells::SAME),
    ("REPRESENTATION_COLUMNS", thresholds::REPRESENTATION_COLUMNS, representation::FEATURES as f64),
    ("NOISE_TRAINED_ON", thresholds::NOISE_TRAINED_ON, label_sample::ROWS as f64),
    ("NEAR_DUPLICATES_ROWS", thresholds::NEAR_DUPLICATES_ROWS, near_duplicates::PROBES as f64),
    ("NEAR_DUPLICATES_GROUPS", thresholds::NEAR_DUPLICATES_GROUPS, near_duplicates::BLOCKS as f64),
    ("NEAR_DUPLICATES_CANDIDATES", thresholds::NEAR_DUPLICATES_CANDIDATES, near_duplicates::CANDIDATES as f64),
    ("NEAR_DUPLICATES_ROUNDING", thresholds::NEAR_DUPLICATES_ROUNDING, near_duplicates::ROUNDING),
    ("NEAR_DUPLICATES_COLUMNS", thresholds::NEAR_DUPLICATES_COLUMNS, near_duplicates::FEWEST_COLUMNS as f64),
    ("WEAK_SLICE_ROWS", thresholds::WEAK_SLICE_ROWS, slices::FEWEST_ROWS),
    ("WEAK_SLICE_SHARE", thresholds::WEAK_SLICE_SHARE, slices::SMALLEST_SHARE),
];

#[test]
fn what_the_texts_name_is_what_measuring_applies() {
    for (name, named, applied) in MIRRORED {
        assert_eq!(named, applied, "{name} in app/checks/src/thresholds.rs, and what measuring applies");
    }
}

/// A limit that no judging code applies is there for its text alone, so measuring must apply it.
#[test]
fn no_limit_is_only_named_in_a_text_and_not_compared_here() {
    let mut code = String::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app/checks/src"), &mut code);
    let words: std::collections::HashSet<&str> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let only_named: Vec<&str> = ALL
        .iter()
        .map(|limit| limit.constant)
        .filter(|constant| !words.contains(constant) && !MIRRORED.iter().any(|(name, ..)| name == constant))
        .collect();
    assert!(only_named.is_empty(), "compare with what measuring applies, in MIRRORED: {only_named:?}");
}

/// The code of a folder without its texts and comments, except the table of limits.
fn collect(folder: &Path, code: &mut String) {
    for entry in std::fs::read_dir(folder).expect("the sources of checks are next to those of measure") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            collect(&path, code);
        } else if !path.ends_with("thresholds.rs") {
            let text = std::fs::read_to_string(&path).expect("a source file is text");
            text.lines().for_each(|line| code.push_str(&without_texts(line)));
            code.push('\n');
        }
    }
}

/// A line without comments and without what stands between quotes; no text of a detector goes over several lines.
fn without_texts(line: &str) -> String {
    let line = line.trim_start();
    if line.starts_with("//") {
        return String::new();
    }
    let unescaped = line.replace("\\\"", "");
    unescaped.split('"').step_by(2).collect::<Vec<_>>().join(" ") + " "
}
