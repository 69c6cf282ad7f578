//! SHAP values as a table, as pandas writes them: a column for each feature. It looks like any other table, so the name of its
//! file must say what it is, and who reads tables asks here.

use domain::Problem;
use domain::naming::{self, names};
use domain::tool_check::Source;
use domain::tool_facts::Importance;

use super::{CONNECTOR, METHOD, Mean, TOOL};
use crate::environments::stage;
use crate::refusal::bad;
use crate::{Artifact, Brought};

/// Whether a file's name says that it holds SHAP values: the word shap stands in it, as in `train_shap.csv` or `shapValues.npy`,
/// and not as in `shape.csv`. The names of its folders do not count: the inputs are kept there too.
pub fn is_shap_name(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    naming::words(file).iter().any(|word| word.trim_end_matches(|letter: char| letter.is_ascii_digit()) == "shap")
}

/// The importance of the features of a table of SHAP values, given the name of its file and the columns with their names; a
/// column that has no numbers comes as NaN. Ids and base values are left out.
///
/// # Errors
/// One sentence naming the file and what to do, when no column of SHAP values is in it.
pub fn shap_table(file: &str, names: &[String], columns: &[Vec<f64>]) -> Result<Artifact, Problem> {
    let mut all: Vec<(&str, &[f64])> =
        names.iter().map(String::as_str).zip(columns.iter().map(Vec::as_slice)).collect();
    // Where the inputs stand in the same table, only these are SHAP values.
    let marked: Vec<(&str, &[f64])> =
        all.iter().filter_map(|(name, column)| Some((unmarked(name)?, *column))).collect();
    let mut left: Vec<&str> = Vec::new();
    if !marked.is_empty() {
        left.extend(all.iter().map(|(name, _)| *name).filter(|name| unmarked(name).is_none()));
        all = marked;
    }
    let mut by_feature = Vec::new();
    for (name, column) in all {
        match mean(column).filter(|_| !is_base(name) && !is_id(name, column)) {
            Some(mean) => by_feature.push((name.to_owned(), mean)),
            None => left.push(name),
        }
    }
    if by_feature.is_empty() {
        return Err(bad(
            file,
            "by its name it holds SHAP values, and no column of it has any; write one column of numbers for each feature, \
             or give the file another name",
        ));
    }
    let mut brought = Brought::default();
    brought.facts.importances.push(Importance {
        source: Source::of(TOOL, None, ""),
        stage: stage::of_name(file),
        method: METHOD.to_owned(),
        rows: columns.iter().map(|column| column.len() as u64).max(),
        by_feature,
        by_place: Vec::new(),
        named_by: None,
    });
    brought
        .left
        .extend((!left.is_empty()).then(|| format!("columns that are not SHAP values: {}", self::names(&left))));
    brought.complete(file);
    Ok(Artifact { connector: &CONNECTOR, brought })
}

fn mean(column: &[f64]) -> Option<f64> {
    let mut mean = Mean::default();
    column.iter().for_each(|value| mean.add(*value));
    mean.value()
}

/// The feature of a column that says itself that it holds SHAP values, such as `shap_age` or `age_shap`.
fn unmarked(name: &str) -> Option<&str> {
    let lower = name.to_ascii_lowercase();
    let ends = ["_", ".", "-", " ", ":"];
    let before = ends.iter().map(|end| format!("shap{end}")).find(|mark| lower.starts_with(mark));
    let behind = ends.iter().map(|end| format!("{end}shap")).find(|mark| lower.ends_with(mark));
    let feature = match (before, behind) {
        (Some(mark), _) => name.get(mark.len()..),
        (None, Some(mark)) => name.get(..name.len() - mark.len()),
        (None, None) => None,
    };
    feature.filter(|feature| !feature.is_empty() && !is_base(feature) && *feature != "values")
}

/// What all predictions have in common.
fn is_base(name: &str) -> bool {
    let plain = naming::words(name).join(" ");
    matches!(plain.as_str(), "base" | "base value" | "base values" | "expected value" | "expected values" | "bias")
}

/// Whole numbers that count or name the rows; SHAP values are shares of a prediction.
fn is_id(name: &str, column: &[f64]) -> bool {
    /// Fewer say nothing.
    const FEWEST: usize = 3;
    let is_whole = column.iter().all(|value| value.is_finite() && value.fract() == 0.0);
    let plain = naming::words(name).join(" ");
    let is_called = matches!(plain.as_str(), "" | "id" | "index" | "row" | "row id" | "unnamed 0" | "index level 0");
    let mut sorted = column.to_vec();
    sorted.sort_by(f64::total_cmp);
    let repeats = sorted.windows(2).any(|pair| pair[0] == pair[1]);
    is_whole && (is_called || column.len() >= FEWEST && !repeats)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn importance(columns: &[(&str, &[f64])]) -> Vec<(String, f64)> {
        let names: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let columns: Vec<Vec<f64>> = columns.iter().map(|(_, column)| column.to_vec()).collect();
        let brought = shap_table("shap_serve.csv", &names, &columns).map(|artifact| artifact.brought);
        brought.unwrap_or_default().facts.importances.into_iter().flat_map(|one| one.by_feature).collect()
    }

    #[test]
    fn the_word_stands_by_itself() {
        for name in
            ["shap.csv", "SHAP values.csv", "a/train-shap.parquet", "shapValues.npy", "shap_values2.csv", "shap1.csv"]
        {
            assert!(is_shap_name(name), "{name}");
        }
        for name in ["shape.csv", "reshaped.csv", "mishap.csv", "shap/inputs.csv", "shapes_train.npy"] {
            assert!(!is_shap_name(name), "{name}");
        }
    }

    #[test]
    fn ids_and_base_values_are_not_features() {
        let expected = vec![("a".to_owned(), 2.0), ("b".to_owned(), 0.5)];
        let (a, b): (&[f64], &[f64]) = (&[1.5, -2.5, 2.0], &[0.0, 1.0, -0.5]);
        assert_eq!(importance(&[("id", &[7.0, 7.0, 8.0]), ("a", a), ("b", b), ("base_value", &[0.1; 3])]), expected);
        assert_eq!(importance(&[("Unnamed: 0", &[0.0, 1.0, 2.0]), ("a", a), ("b", b), ("bias", &[0.1; 3])]), expected);
        assert_eq!(importance(&[("customer", &[9.0, 3.0, 5.0]), ("a", a), ("b", b)]), expected);
        // Texts come as NaN, and a feature that never counts has zeros.
        assert_eq!(importance(&[("name", &[f64::NAN; 3]), ("a", a), ("b", b)]), expected);
        assert_eq!(importance(&[("a", &[0.0, 0.0, 0.0])]), [("a".to_owned(), 0.0)]);
        assert_eq!(importance(&[("a", &[1.0, f64::NAN, -2.0])]), [("a".to_owned(), 1.5)]);
    }

    #[test]
    fn columns_that_say_what_they_are_stand_for_their_features() {
        let read =
            importance(&[("a", &[30.5, 31.5, 99.0]), ("shap_a", &[0.5, -0.5, 0.2]), ("b_SHAP", &[1.0, -1.0, 0.7])]);
        assert_eq!(read.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert!((read[0].1 - 0.4).abs() < 1e-12 && (read[1].1 - 0.9).abs() < 1e-12, "{read:?}");
    }

    #[test]
    fn the_file_and_its_stage_are_told_and_a_table_of_nothing_is_declined() {
        let read = shap_table("shap_serve.csv", &["a".to_owned()], &[vec![0.5, 0.25]]);
        let brought = read.map(|artifact| artifact.brought).unwrap_or_default();
        let told = brought.facts.importances.first().map(|one| (one.source.file.as_str(), one.stage, one.rows));
        assert_eq!(told, Some(("shap_serve.csv", Some(domain::observation::Stage::Serving), Some(2))));
        let nothing = shap_table("shap.csv", &["id".to_owned()], &[vec![1.0, 2.0]]);
        assert!(nothing.is_err_and(|problem| problem.message.starts_with("shap.csv: by its name")));
    }
}
