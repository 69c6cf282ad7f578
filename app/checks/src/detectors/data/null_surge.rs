//! D3.null_surge: are more values missing at serving than in training?

use crate::detectors::rates::RateChange;
use crate::detectors::report::Bands;
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{chance, count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{NULL_DIFFERENCE, NULL_DIFFERENCE_POSSIBLE, NULL_FLOOR, NULL_RATIO, SMALLEST_SAMPLE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::snapshot::ColumnRole;
use domain::{Cause, Finding, Item, Verdict};
use stats::intervals::share_difference;
use stats::multiple::benjamini_hochberg;

pub static DETECTOR: Detector = Detector {
    id: "D3.null_surge",
    item: Item::D3,
    title: "Missing values",
    looks_for: "Features that are missing more often at serving than in training, or no longer missing where they used to be.",
    why_it_matters: "A join that no longer matches, a source that answers late, a field nobody fills: the model gets a default instead of the fact it relied on.",
    how_it_decides: "Missing are nulls, NaN and blank text. The change counts from 5 points, or from a doubling once half a per cent is missing, with q under 0.0001 (two-proportion test, Benjamini-Hochberg over the features). Fewer missing values than before are possible at most: somebody may have begun to fill them.",
    try_next: "Find the first time at which the values are missing, and look at the join, the source or the release of that time.",
    causes: &[Cause::NullSurge],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(pairs) = sides::pairs(measurements) else {
        return Judgement::missing(sides::TRAIN_AND_SERVE);
    };
    let judged: Vec<Pair> = pairs
        .into_iter()
        .filter(|pair| matches!(pair.role, ColumnRole::Feature | ColumnRole::Group | ColumnRole::Id | ColumnRole::Time))
        .filter(|pair| pair.train.rows.min(pair.serve.rows) as f64 >= SMALLEST_SAMPLE)
        .collect();
    let changes: Vec<RateChange> = judged.iter().map(|pair| pair.missing_change()).collect();
    let q_values = benjamini_hochberg(&changes.iter().map(|change| change.p).collect::<Vec<_>>());
    let findings =
        judged.iter().zip(&changes).zip(q_values).filter_map(|((pair, change), q)| surge(pair, change, q)).collect();
    Judgement::Judged {
        summary: format!("Compared the rate of missing values of {}.", count(judged.len() as u64, "column")),
        findings,
    }
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
        "{} is missing in {} of serve rows against {} of train ({}, q {}).",
        name(pair.name),
        percent(change.after()),
        percent(change.before()),
        change.ratio_in_words(),
        chance(q),
    );
    (verdict > Verdict::Clear).then(|| {
        DETECTOR
            .finding(verdict, &[pair.name], statement, effect, Certainty::q(q))
            .with_n("train", pair.train.rows)
            .with_n("serve", pair.serve.rows)
            .with_importance(pair.importance)
            .with_evidence(
                "missing in train, at serving",
                format!("{}, {}", change.reference.hits, change.current.hits),
            )
            .for_cause(Cause::NullSurge)
    })
}
