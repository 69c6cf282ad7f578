//! F3.unseen_category: does serving bring categories that training never saw?

use crate::detectors::features::out_of_range::performance_in_words;
use crate::detectors::novelty::{self, NewCategory};
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{chance, count, name, percent, values};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, SIGNIFICANCE, UNSEEN_SHARE};
use domain::finding::{Certainty, Effect};
use domain::measurements::{Edge, Measurements};
use domain::snapshot::ColumnKind;
use domain::{Cause, Finding, Item, Verdict};
use stats::intervals::{Share, share_difference_p};

pub static DETECTOR: Detector = Detector {
    id: "F3.unseen_category",
    item: Item::F3,
    title: "Unseen categories",
    looks_for: "Categories at serving that training never had, and how the model does on them.",
    why_it_matters: "An encoder drops them, maps them to “other” or fails. The model has no idea of them, and answers all the same.",
    how_it_decides: "At least half a per cent of the serve rows, in categories that would hardly be absent from training by chance. Rare ones that any new sample brings are clear. Where nearly no serve value is known, or a new category has the rows of one that vanished, the codes changed (category_recode).",
    try_next: "Ask where the new values come from; map them to known ones if they are renamed, or retrain with them.",
    causes: &[Cause::UnseenCategory, Cause::CategoryRecode],
    judge,
};

/// With so few known values left at serving, the codes themselves are others.
const HARDLY_ANY_KNOWN: f64 = 0.9;

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(sides::TRAIN_AND_SERVE);
    };
    let words: Vec<&Pair> = features
        .iter()
        .filter(|pair| pair.train.kind == ColumnKind::Categorical && pair.categories().is_some())
        .collect();
    let tests = words.len().max(1) as f64;
    let findings = words.iter().filter_map(|pair| unseen(pair, measurements, tests)).collect();
    Judgement::Judged {
        summary: format!("Compared the categories of {}.", count(words.len() as u64, "feature")),
        findings,
    }
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
        "{} has {} in {} of serve rows that training never saw: {} (p {}). {what}{}",
        name(pair.name),
        count(new.len() as u64, "value"),
        percent(share),
        values(&shown),
        chance(p),
        performance.map_or_else(String::new, |performance| performance_in_words(&performance)),
    );
    let effect = Effect::new("unseen_share", share, UNSEEN_SHARE);
    let finding = DETECTOR
        .finding(verdict, &[pair.name], statement.trim_end().to_owned(), effect, Certainty::p(p))
        .for_cause(cause);
    let finding = new.iter().take(10).fold(finding, |finding, category| {
        finding.with_evidence(format!("“{}”", category.value), count(category.rows, "row"))
    });
    Some(pair.sized(finding))
}

/// New categories, or old ones under new names.
fn explanation(pair: &Pair, first: &NewCategory) -> (Cause, String) {
    let Some((train, serve)) = pair.categories() else { return (Cause::UnseenCategory, String::new()) };
    if novelty::unknown_share(train, serve) >= HARDLY_ANY_KNOWN {
        return (Cause::CategoryRecode, "Hardly any training value is left: the codes are others. ".into());
    }
    match vanished_twin(pair, first) {
        Some(twin) => {
            let told = format!("{} had as many rows in train and is gone: it may be the new name. ", values(&[&twin]));
            (Cause::CategoryRecode, told)
        }
        None => (Cause::UnseenCategory, String::new()),
    }
}

/// A category of training that is gone, would not be absent by chance, and had as large a share as the new one has now.
fn vanished_twin(pair: &Pair, new: &NewCategory) -> Option<String> {
    let (train, serve) = pair.categories()?;
    let (n, m) = (pair.train.non_null(), pair.serve.non_null());
    let gone = train.counts.iter().filter(|(value, _)| !serve.counts.iter().any(|(other, _)| other == value));
    let certain = gone.filter(|(_, rows)| crate::detectors::rates::chance_of_absence(*rows, m, n) < CERTAINTY);
    let equal = |rows: u64| share_difference_p(Share::new(rows, n), Share::new(new.rows, m)) > 0.05;
    certain.filter(|(_, rows)| equal(*rows)).map(|(value, _)| value.clone()).next()
}
