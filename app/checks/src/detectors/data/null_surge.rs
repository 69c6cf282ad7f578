//! D3.null_surge: are more values missing in serving than in training?

use crate::detectors::rates::RateChange;
use crate::detectors::report::Bands;
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    NULL_DIFFERENCE, NULL_DIFFERENCE_POSSIBLE, NULL_FLOOR, NULL_RATIO, SIGNIFICANCE, SMALLEST_SAMPLE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, SharedColumns};
use domain::snapshot::ColumnRole;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::{least_share_difference_p, share_difference};
use stats::multiple::benjamini_hochberg_of_discrete;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D3.null_surge"),
    item: Item::D3,
    title: "Missing values",
    looks_for: "Features that are missing more often (or less often) in serving than in training.",
    why_it_matters: "A join no longer matches, a source answers too late, or a field is no longer filled. The model gets a default value instead of the information it relies on.",
    how_it_decides: "Nulls, NaN and blank text count as missing. The share of missing values is a mismatch if it rises by at least {NULL_DIFFERENCE:%} of the rows, or if it becomes at least {NULL_RATIO} times as large (and at least {NULL_FLOOR:%} of the rows are missing), with q under {CERTAINTY} (two-proportion test, Benjamini-Hochberg over the columns with enough missing values to be certain if all of them were on one side). A rise of at least {NULL_DIFFERENCE_POSSIBLE:%} of the rows is possible with q under {SIGNIFICANCE}. Fewer missing values are at most possible: the source may now fill them.",
    try_next: "Find the time of the first missing values. Check the join, the source and the releases of that time.",
    causes: &[Cause::NullSurge],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(pairs) = sides::pairs(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let judged: Vec<Pair> = pairs
        .into_iter()
        .filter(|pair| matches!(pair.role, ColumnRole::Feature | ColumnRole::Group | ColumnRole::Id | ColumnRole::Time))
        .filter(|pair| pair.train.rows as f64 >= SMALLEST_SAMPLE)
        .collect();
    let changes: Vec<RateChange> = judged.iter().map(|pair| pair.missing_change()).collect();
    let p_values: Vec<f64> = changes.iter().map(|change| change.p).collect();
    let least: Vec<f64> =
        changes.iter().map(|change| least_share_difference_p(change.reference, change.current)).collect();
    let q_values = benjamini_hochberg_of_discrete(&p_values, &least, SIGNIFICANCE);
    let findings =
        judged.iter().zip(&changes).zip(q_values).filter_map(|((pair, change), q)| surge(pair, change, q)).collect();
    let summary = format!("Compared the share of missing values in {}.", count(judged.len() as u64, "column"));
    sides::judged(measurements, judged.len(), SharedColumns::Columns, summary, findings)
}

fn surge(pair: &Pair, change: &RateChange, q: f64) -> Option<Finding> {
    let by_difference =
        Bands { possible: NULL_DIFFERENCE_POSSIBLE, mismatch: NULL_DIFFERENCE }.verdict(change.difference().abs(), q);
    let often = change.after().max(change.before()) >= NULL_FLOOR;
    let by_ratio = if often {
        Bands { possible: NULL_RATIO, mismatch: NULL_RATIO }.verdict(change.fold(), q)
    } else {
        Verdict::Clear
    };
    let judged = by_difference.max(by_ratio);
    let verdict = if change.difference() < 0.0 && judged == Verdict::Mismatch { Verdict::Possible } else { judged };
    let interval = share_difference(change.reference, change.current);
    let effect = if by_ratio > by_difference {
        let ratio = change.ratio();
        Effect::new("ratio", ratio.value, NULL_RATIO).with_interval(ratio.low, ratio.high)
    } else {
        Effect::new("null_rate_difference", change.difference(), NULL_DIFFERENCE)
            .with_interval(interval.low, interval.high)
    };
    let statement = format!(
        "{} is missing in {} of serve rows, compared with {} of train rows.",
        name(pair.name),
        percent(change.after()),
        percent(change.before()),
    );
    (verdict > Verdict::Clear).then(|| {
        DETECTOR
            .finding(verdict, &[pair.name], statement, effect, Certainty::q(q))
            .with_n("train", pair.train.rows)
            .with_n("serve", pair.serve.rows)
            .with_importance(pair.importance)
            .with_evidence("missing (train, serve)", format!("{}, {}", change.reference.hits, change.current.hits))
            .with_evidence("change of the rate", change.ratio_in_words())
            .concerning(change.current.hits, change.current.n)
            .for_cause(Cause::NullSurge)
    })
}
