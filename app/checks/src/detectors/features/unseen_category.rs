//! F3.unseen_category: does serving have categories that are not in training?

use crate::detectors::features::out_of_range::with_performance;
use crate::detectors::novelty::{self, NewCategory};
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{count, name, percent, values};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, SIGNIFICANCE, UNSEEN_NEARLY_ALL, UNSEEN_SHARE, UNSEEN_TWIN};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::{Edge, Measurements};
use domain::need::{Need, SharedColumns};
use domain::snapshot::ColumnKind;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::{Share, share_difference_p};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("F3.unseen_category"),
    item: Item::F3,
    title: "Unseen categories",
    looks_for: "Categories in serving that are not in training, and the accuracy of the model on these rows.",
    why_it_matters: "An encoder drops these categories, maps them to “other” or fails. The model has no information about them but still gives a prediction.",
    how_it_decides: "At least {UNSEEN_SHARE:%} of the serve rows must have new categories that chance does not explain (p under {CERTAINTY}); with p under {SIGNIFICANCE} the finding is possible. Rare categories that any new sample contains are not reported. The codes themselves changed if at least {UNSEEN_NEARLY_ALL:%} of the serve rows have unknown values, or if a new category has the same share as one that vanished (p of the difference over {UNSEEN_TWIN}).",
    try_next: "Find out where the new values come from. If they are renamed, map them to the known values; otherwise retrain the model with them.",
    causes: &[Cause::UnseenCategory, Cause::CategoryRecode],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let words: Vec<&Pair> = features
        .iter()
        .filter(|pair| pair.train.kind == ColumnKind::Categorical && pair.categories().is_some())
        .collect();
    let tests = words.len().max(1) as f64;
    let findings = words.iter().filter_map(|pair| unseen(pair, measurements, tests)).collect();
    let summary = format!("Compared the categories of {}.", count(words.len() as u64, "feature"));
    sides::judged(measurements, words.len(), SharedColumns::CategoricalFeatures, summary, findings)
}

fn unseen(pair: &Pair, measurements: &Measurements, tests: f64) -> Option<Finding> {
    let new = novelty::new_categories(pair);
    let first = new.first()?;
    let rows: u64 = new.iter().map(|category| category.rows).sum();
    let share = rows as f64 / pair.serve.non_null().max(1) as f64;
    let p = (new.iter().map(|category| category.p).fold(1.0, f64::min) * tests).min(1.0);
    let certain: u64 = novelty::certain(&new).iter().map(|category| category.rows).sum();
    let certain_share = certain as f64 / pair.serve.non_null().max(1) as f64;
    let verdict = match () {
        () if certain_share >= UNSEEN_SHARE && p < CERTAINTY => Verdict::Mismatch,
        () if p < SIGNIFICANCE => Verdict::Possible,
        () => return None,
    };
    let performance = measurements
        .edge_rows
        .iter()
        .find(|edge| edge.column == pair.name && edge.edge == Edge::UnseenCategory)
        .and_then(|edge| edge.performance);
    let (cause, what) = explanation(pair, first);
    let shown: Vec<&str> = new.iter().map(|category| category.value.as_str()).collect();
    let statement = format!(
        "{} has {} not in training in {} of serve rows: {}.",
        name(pair.name),
        if new.len() == 1 { "a value that is" } else { "values that are" },
        percent(share),
        values(&shown),
    );
    let effect = Effect::new("unseen_share", share, UNSEEN_SHARE);
    let finding = DETECTOR.finding(verdict, &[pair.name], statement, effect, Certainty::p(p)).for_cause(cause);
    let finding = what.into_iter().fold(finding, |finding, what| finding.with_evidence("explanation", what));
    let finding = finding.with_evidence("new values", new.len().to_string());
    let finding = performance.iter().fold(finding, with_performance);
    let finding = new.iter().take(10).fold(finding, |finding, category| {
        finding.with_evidence(format!("“{}”", category.value), count(category.rows, "row"))
    });
    Some(pair.sized(finding))
}

/// New categories, or old ones under new names.
fn explanation(pair: &Pair, first: &NewCategory) -> (Cause, Option<String>) {
    let Some((train, serve)) = pair.categories() else { return (Cause::UnseenCategory, None) };
    if novelty::unknown_share(train, serve) >= UNSEEN_NEARLY_ALL {
        return (Cause::CategoryRecode, Some("almost no training value is left, so the codes changed".into()));
    }
    match vanished_twin(pair, first) {
        Some(twin) => {
            let renamed = format!(
                "{} may be the new name of {}, which had the same share in train and is gone",
                values(&[&first.value]),
                values(&[&twin])
            );
            (Cause::CategoryRecode, Some(renamed))
        }
        None => (Cause::UnseenCategory, None),
    }
}

/// A training category that is gone (not by chance) and had the same share as the new category has now.
fn vanished_twin(pair: &Pair, new: &NewCategory) -> Option<String> {
    let (train, serve) = pair.categories()?;
    let (n, m) = (pair.train.non_null(), pair.serve.non_null());
    let gone = train.counts.iter().filter(|(value, _)| !serve.counts.iter().any(|(other, _)| other == value));
    let certain = gone.filter(|(_, rows)| crate::detectors::rates::chance_of_absence(*rows, m, n) < CERTAINTY);
    let equal = |rows: u64| share_difference_p(Share::new(rows, n), Share::new(new.rows, m)) > UNSEEN_TWIN;
    certain.filter(|(_, rows)| equal(*rows)).map(|(value, _)| value.clone()).next()
}
