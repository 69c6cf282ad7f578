//! What a test is about, by the words that people use in the names of tests.

use domain::naming;
use domain::tool_check::CheckSubject;

/// One of the words is in the name, or all of a pair.
type Signs = (&'static [&'static str], &'static [[&'static str; 2]], CheckSubject);

/// In the order in which they are asked: the more particular words come first.
const SIGNS: [Signs; 18] = [
    (&["leak", "leakage", "leaks"], &[], CheckSubject::Leakage),
    (&[], &[["online", "offline"], ["feature", "store"], ["online", "store"]], CheckSubject::OnlineOffline),
    (&["split", "splits", "overlap", "overlaps", "disjoint"], &[], CheckSubject::Splits),
    (
        &[
            "null",
            "nulls",
            "missing",
            "nan",
            "nans",
            "nullable",
            "isna",
            "notna",
            "notnull",
            "impute",
            "imputes",
            "imputer",
            "imputation",
        ],
        &[],
        CheckSubject::MissingValues,
    ),
    (
        &["unseen", "category", "categories", "categorical", "vocabulary", "unknown"],
        &[["new", "values"], ["allowed", "values"]],
        CheckSubject::NewValues,
    ),
    (&["duplicate", "duplicates", "duplicated", "unique"], &[], CheckSubject::Duplicates),
    (&["drift", "distribution", "distributions", "psi"], &[], CheckSubject::Drift),
    (&["schema", "dtype", "dtypes", "type", "types"], &[], CheckSubject::Types),
    (&["columns"], &[["column", "order"], ["feature", "order"], ["feature", "names"]], CheckSubject::Columns),
    (
        &[
            "scale",
            "scales",
            "scaled",
            "scaling",
            "scaler",
            "mean",
            "means",
            "std",
            "normalised",
            "normalized",
            "normalisation",
            "normalization",
            "standardised",
            "standardized",
            "units",
            "magnitude",
        ],
        &[],
        CheckSubject::Scaling,
    ),
    (&["range", "ranges", "bounds", "outlier", "outliers", "negative"], &[], CheckSubject::Range),
    (&[], &[["row", "count"], ["number", "rows"], ["num", "rows"]], CheckSubject::RowCount),
    (
        &["edge", "empty", "ties", "infinity", "inf"],
        &[["division", "zero"], ["divide", "zero"]],
        CheckSubject::EdgeCases,
    ),
    (&["stale", "staleness", "freshness", "fresh"], &[], CheckSubject::Freshness),
    (&["threshold", "thresholds"], &[], CheckSubject::Threshold),
    (&["accuracy", "auc", "precision", "recall", "f1", "rmse", "performance"], &[], CheckSubject::Performance),
    (&["label", "labels"], &[], CheckSubject::Labels),
    (
        &["parity", "preprocessing", "transform", "transforms"],
        &[["train", "serve"], ["train", "serving"], ["training", "serving"]],
        CheckSubject::Preprocessing,
    ),
];

/// By the name of the test, else by its message, else by the name of its class; a test that says nothing is one of the
/// preprocessing.
pub(super) fn of(name: &str, message: &str, class: &str) -> CheckSubject {
    let bare = name.split('[').next().unwrap_or_default();
    [bare, message, class].into_iter().find_map(by_words).unwrap_or(CheckSubject::Preprocessing)
}

fn by_words(text: &str) -> Option<CheckSubject> {
    let words = naming::words(text);
    let has = |word: &str| words.iter().any(|one| one == word);
    let meets = |(single, pairs, _): &&Signs| {
        single.iter().any(|word| has(word)) || pairs.iter().any(|[first, second]| has(first) && has(second))
    };
    SIGNS.iter().find(meets).map(|(.., subject)| *subject)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_test_tell_what_it_is_about() {
        assert_eq!(of("test_no_new_nulls[mean]", "", ""), CheckSubject::MissingValues);
        assert_eq!(of("test_online_equals_offline", "", "TestScaling"), CheckSubject::OnlineOffline);
        assert_eq!(of("testNoUnseenCategories", "", ""), CheckSubject::NewValues);
        assert_eq!(of("test_it", "column 'a' contains null values", ""), CheckSubject::MissingValues);
        assert_eq!(of("test_round_trip", "", "test_a.TestScaler"), CheckSubject::Scaling);
        assert_eq!(of("shows the page", "", ""), CheckSubject::Preprocessing);
    }
}
