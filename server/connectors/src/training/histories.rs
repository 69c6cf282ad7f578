//! Histories of training as programs write them: `evals_result` of XGBoost, LightGBM and CatBoost, and `history` of Keras:
//! <https://xgboost.readthedocs.io/en/stable/python/python_api.html#xgboost.XGBModel.evals_result>,
//! <https://keras.io/api/models/model_training_apis/#fit-method>.

use domain::Problem;
use domain::learning_curve::{
    CurveMeasure, CurveSplit, LearningCurve, SeriesPoints, is_learning_rate, measure_of, measure_of_boosting, split_of,
};
use domain::number::counted;
use serde_json::Value;

use crate::given::Given;
use crate::outline::Outline;
use crate::{Brought, Connector, json, numbers};

pub(super) static BOOSTING: Connector = Connector {
    id: "boosting_history",
    tool: "XGBoost",
    words: "evals_result of XGBoost, LightGBM or CatBoost, or catboost_training.json",
    proven_on: "the layout of XGBoost 1 to 3, LightGBM 3 and 4, CatBoost 1",
    takes: "each metric of each data set by round",
    leaves: "standard deviations of cross-validation",
    recognise: |seen| is_boosting(&seen.json) || is_catboost(&seen.json),
    read: |given| if is_catboost_document(&given.json()?) { read_catboost(given) } else { read_boosting(given) },
};

pub(super) static KERAS: Connector = Connector {
    id: "keras_history",
    tool: "Keras",
    words: "history of Keras, JSON",
    proven_on: "the layout of Keras 2 and 3",
    takes: "each loss and score by epoch, the learning rate",
    leaves: "series that are neither a loss nor a score",
    recognise: |seen| is_keras(&seen.json),
    read: read_keras,
};

/// Only data sets, in each only metrics, in each only a list.
fn is_boosting(outline: &Outline) -> bool {
    let is_known = |path: &str| match path.trim_end_matches("[]").split_once('.') {
        None => is_set(path),
        Some((set, metric)) => is_set(set) && measure_of_boosting(metric).is_some(),
    };
    !outline.is_list()
        && outline.paths().all(is_known)
        && outline.paths().any(|path| path.contains('.') && path.ends_with("[]"))
}

/// The name of a data set that is looked at while training.
fn is_set(name: &str) -> bool {
    let is_word = |word: &String| {
        let word = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
        word.is_empty()
            || split_of(word).is_some()
            || matches!(word, "set" | "d" | "dtrain" | "dvalid" | "dtest" | "dval")
    };
    let words = domain::naming::words(name);
    split_of(name).is_some() && words.iter().all(is_word)
}

fn is_keras(outline: &Outline) -> bool {
    let within = if outline.has("history.loss[]") { "history." } else { "" };
    if outline.is_list() || !outline.has(&format!("{within}loss[]")) {
        return false;
    }
    let is_known = |name: &str| {
        let of_both = outline.has(&format!("{within}val_{name}"))
            || name.strip_prefix("val_").is_some_and(|name| outline.has(&format!("{within}{name}")));
        measure_of(name).is_some() || is_learning_rate(name) || name == "epoch" || of_both
    };
    // A table by columns has others, and texts in them.
    let is_number = |path: &str| outline.word(path).is_none_or(|word| word.parse::<f64>().is_ok());
    let mut lists = outline.paths().filter_map(|path| path.strip_prefix(within)?.strip_suffix("[]"));
    let all = outline
        .paths()
        .filter(|path| within.is_empty() && !path.ends_with("[]"))
        .all(|path| outline.has(&format!("{path}[]")));
    all && lists.all(is_known) && outline.paths().filter(|path| path.ends_with("[]")).all(is_number)
}

/// The numbers of a list, numbered from 1.
fn points(list: &Value) -> Vec<(f64, f64)> {
    let list = list.as_array().into_iter().flatten().enumerate();
    list.filter_map(|(place, value)| Some((place as f64 + 1.0, of_cell(value)?))).collect()
}

/// A number, which may be written as a text; NaN for the words of what is none, and nothing where it is missing.
fn of_cell(value: &Value) -> Option<f64> {
    json::finite(value).or_else(|| numbers::value(value).filter(|_| !value.is_null()))
}

fn read_boosting(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut series = Vec::new();
    for (set, metrics) in json::entries(&document, &[]) {
        for (metric, list) in json::entries(metrics, &[]) {
            let Some(measure) = measure_of_boosting(metric) else { continue };
            let split = split_of(set).unwrap_or(CurveSplit::Train);
            series.push(SeriesPoints { name: format!("{set}-{metric}"), measure, split, points: points(list) });
        }
    }
    let mut brought = Brought::default();
    if first_is_training(&mut series) {
        brought.warnings.push(
            "Its data sets are only numbered. The first one is taken for the training data, as is usual, because the model does \
             better on it."
                .to_owned(),
        );
    }
    finish(given, series, &[], brought)
}

/// scikit-learn's interface numbers the sets: `validation_0`, `validation_1`. Many pass the training data first.
fn first_is_training(series: &mut [SeriesPoints]) -> bool {
    let has_training = series.iter().any(|one| one.split == CurveSplit::Train);
    let last = |number: &str| {
        let one = series.iter().find(|one| one.name.split('-').next().is_some_and(|set| set.ends_with(number)))?;
        Some((one.name.split_once('-')?.1.to_owned(), one.measure, one.points.last()?.1))
    };
    let Some((first, second)) = last("_0").zip(last("_1")) else { return false };
    let is_better = first.0 == second.0
        && match first.1 {
            CurveMeasure::Loss => first.2 < second.2,
            CurveMeasure::Score => first.2 > second.2,
        };
    if has_training || !is_better {
        return false;
    }
    let of_first = series.iter_mut().filter(|one| one.name.split('-').next().is_some_and(|set| set.ends_with("_0")));
    of_first.for_each(|one| one.split = CurveSplit::Train);
    true
}

/// catboost_training.json, which CatBoost writes while it trains: <https://catboost.ai/docs/en/concepts/output-data_training-log>.
fn is_catboost(outline: &Outline) -> bool {
    outline.has_all(&["meta.iteration_count", "iterations"])
        && (outline.has("meta.learn_metrics") || outline.has("meta.test_metrics"))
}

fn is_catboost_document(document: &Value) -> bool {
    json::at(document, &["meta", "iteration_count"]).is_some() && document.get("iterations").is_some()
}

/// The metrics are named once, each with the way that is better; the rounds have their values in that order.
fn read_catboost(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut series = Vec::new();
    for (set, split) in [("learn", CurveSplit::Train), ("test", CurveSplit::Validation)] {
        let metrics = format!("{set}_metrics");
        for (place, metric) in json::list(&document, &["meta", &metrics]).enumerate() {
            let name = json::text(metric, &["name"]).unwrap_or("metric");
            let measure = match json::text(metric, &["best_value"]) {
                Some("Max") => CurveMeasure::Score,
                _ => CurveMeasure::Loss,
            };
            let value =
                |(round, entry): (usize, &Value)| Some((round as f64 + 1.0, of_cell(entry.get(set)?.get(place)?)?));
            let points = json::list(&document, &["iterations"]).enumerate().filter_map(value).collect();
            series.push(SeriesPoints { name: format!("{set}-{name}"), measure, split, points });
        }
    }
    finish(given, series, &[], Brought::default())
}

fn read_keras(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let history = document.get("history").filter(|history| history.is_object()).unwrap_or(&document);
    let mut series = Vec::new();
    let mut rates = Vec::new();
    let mut others = 0;
    for (name, list) in json::entries(history, &[]).filter(|(name, _)| *name != "epoch") {
        if is_learning_rate(name) {
            rates = points(list);
            continue;
        }
        match SeriesPoints::of(name, points(list)) {
            Some(one) => series.push(one),
            None => others += 1,
        }
    }
    let mut brought = Brought::default();
    if others > 0 {
        brought.left.push(counted(others, "other list"));
    }
    finish(given, series, &rates, brought)
}

fn finish(
    given: &Given<'_>,
    series: Vec<SeriesPoints>,
    rates: &[(f64, f64)],
    mut brought: Brought,
) -> Result<Brought, Problem> {
    let curve = LearningCurve::of(given.name, series, rates);
    let curve = curve.ok_or_else(|| {
        given.bad("it has no loss and no score at two epochs; write the history again after more epochs")
    })?;
    brought.curves.push(curve);
    Ok(brought)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(text: &str) -> Outline {
        Outline::of(text)
    }

    #[test]
    fn tables_by_columns_are_no_histories() {
        assert!(is_boosting(&outline(r#"{"train": {"rmse": [2, 1]}, "valid_0": {"ndcg@5": [0.1]}}"#)));
        assert!(!is_boosting(&outline(r#"{"train": {"rmse": [2, 1]}, "price": {"mae": [1]}}"#)));
        assert!(!is_boosting(&outline(r#"{"train": {"id": [2, 1]}}"#)));
        assert!(!is_boosting(&outline("{}")));
        assert!(is_keras(&outline(
            r#"{"loss": [NaN, 1], "val_loss": [2], "my_metric": [1], "val_my_metric": [1], "lr": [0.1]}"#
        )));
        assert!(is_keras(&outline(r#"{"history": {"loss": [2, 1]}, "epoch": [0, 1], "params": {"epochs": 2}}"#)));
        assert!(!is_keras(&outline(r#"{"loss": [2, 1], "customer": [1, 2]}"#)));
        assert!(!is_keras(&outline(r#"{"loss": 2, "accuracy": [1]}"#)));
        assert!(!is_keras(&outline(r#"{"loss": ["low"]}"#)));
    }

    #[test]
    fn the_first_of_numbered_sets_is_the_training_data_if_it_is_better() {
        let splits = |text: &str| {
            let brought = read_boosting(&Given::of(text.as_bytes(), "a")).unwrap_or_default();
            let splits: Vec<CurveSplit> =
                brought.curves.iter().flat_map(|curve| &curve.series).map(|one| one.split).collect();
            (splits, brought.warnings.len())
        };
        let better = r#"{"validation_0": {"rmse": [2, 1]}, "validation_1": {"rmse": [2, 1.5]}}"#;
        assert_eq!(splits(better), (vec![CurveSplit::Train, CurveSplit::Validation], 1));
        let worse = r#"{"validation_0": {"rmse": [2, 1.5]}, "validation_1": {"rmse": [2, 1]}}"#;
        assert_eq!(splits(worse), (vec![CurveSplit::Validation; 2], 0));
    }
}
