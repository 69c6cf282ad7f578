//! Names for the features of files that have none.

use std::collections::BTreeMap;

use domain::SnapshotRole;
use domain::measurements::Measurements;
use domain::snapshot::ColumnRole;
use domain::tool_facts::{FeatureNames, Importance, NamedBy, ToolFacts};

/// The importances with the names that a list of as many features gives them, else the columns that the model is trained on, if
/// these are as many. Where neither fits they stay without names.
pub(super) fn importances(facts: &ToolFacts, columns: &[String]) -> Vec<Importance> {
    let named = |one: &Importance| {
        let names = names(&facts.feature_names, columns, one.by_place.len()).filter(|_| one.is_unnamed());
        names.map(|(by, names)| with_names(one, by, names))
    };
    facts.importances.iter().map(|one| named(one).unwrap_or_else(|| one.clone())).collect()
}

fn with_names(one: &Importance, by: NamedBy, names: &[String]) -> Importance {
    let by_feature = names.iter().zip(&one.by_place).filter_map(|(name, value)| Some((name.clone(), (*value)?)));
    Importance { by_feature: by_feature.collect(), named_by: Some(by), ..one.clone() }
}

/// Names for so many features. Two lists that say different things say nothing.
fn names<'n>(lists: &'n [FeatureNames], columns: &'n [String], count: usize) -> Option<(NamedBy, &'n [String])> {
    let fitting: BTreeMap<&[String], &str> = lists
        .iter()
        .filter(|list| list.names.len() == count)
        .map(|list| (list.names.as_slice(), list.source.file.as_str()))
        .collect();
    match fitting.len() {
        0 => (columns.len() == count).then_some((NamedBy::TrainColumns, columns)),
        1 => fitting.into_iter().next().map(|(names, file)| (NamedBy::List(file.to_owned()), names)),
        _ => None,
    }
}

/// The features of the train table in its order.
pub(super) fn train_features(measurements: &Measurements) -> Vec<String> {
    let columns = measurements.profile(SnapshotRole::Train).map(|profile| profile.columns.as_slice());
    let names = columns.unwrap_or_default().iter().map(|column| &column.name);
    names.filter(|name| measurements.roles.of(name) == ColumnRole::Feature).cloned().collect()
}

#[cfg(test)]
mod tests {
    use domain::tool_check::Source;

    use super::*;

    fn importance(by_place: Vec<Option<f64>>) -> Importance {
        Importance {
            source: Source::of("SHAP", None, ""),
            stage: None,
            method: "mean |SHAP value|".into(),
            rows: Some(3),
            by_feature: Vec::new(),
            by_place,
            named_by: None,
        }
    }

    fn list(file: &str, names: &[&str]) -> FeatureNames {
        let source = Source { file: file.into(), ..Source::of("JSON", None, "") };
        FeatureNames { source, names: texts(names) }
    }

    fn texts(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn named(lists: Vec<FeatureNames>, columns: &[&str]) -> (Vec<(String, f64)>, Option<NamedBy>) {
        let importances = vec![importance(vec![Some(2.0), None, Some(0.5)])];
        let facts = ToolFacts { importances, feature_names: lists, ..ToolFacts::default() };
        let mut named = super::importances(&facts, &texts(columns));
        named.pop().map(|one| (one.by_feature, one.named_by)).unwrap_or_default()
    }

    #[test]
    fn a_list_of_as_many_names_comes_before_the_columns_of_train() {
        let values = |first: &str, last: &str| vec![(first.to_owned(), 2.0), (last.to_owned(), 0.5)];
        let short = list("classes.json", &["no", "yes"]);
        let fits = list("names.json", &["a", "b", "c"]);
        assert_eq!(
            named(vec![short.clone(), fits.clone()], &["x", "y", "z"]),
            (values("a", "c"), Some(NamedBy::List("names.json".into())))
        );
        assert_eq!(named(vec![short.clone()], &["x", "y", "z"]), (values("x", "z"), Some(NamedBy::TrainColumns)));
        assert_eq!(named(vec![short], &["x", "y"]), (Vec::new(), None));
        // The same list twice is one; two lists that differ are none, and the columns of train do not decide between them.
        assert_eq!(named(vec![fits.clone(), fits.clone()], &[]).0, values("a", "c"));
        assert_eq!(named(vec![fits, list("other.json", &["c", "b", "a"])], &["x", "y", "z"]), (Vec::new(), None));
    }

    #[test]
    fn what_has_names_keeps_them() {
        let own = Importance { by_feature: vec![("own".into(), 1.0)], by_place: Vec::new(), ..importance(Vec::new()) };
        let facts = ToolFacts { importances: vec![own.clone()], ..ToolFacts::default() };
        assert_eq!(super::importances(&facts, &[]), [own]);
    }
}
