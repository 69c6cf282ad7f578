//! D3.impossible_values: are there values that are impossible?

use crate::detectors::affine;
use crate::detectors::rates::{RateChange, chance_of_absence};
use crate::detectors::sides::{self, Pair};
use crate::detectors::spikes;
use crate::detectors::words::{count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, IMPOSSIBLE_MINORITY, IMPOSSIBLE_ONE_VALUE, IMPOSSIBLE_ROWS, IMPOSSIBLE_SHARE, SIGNIFICANCE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, SharedColumns};
use domain::snapshot::ColumnKind;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::Share;
use stats::multiple::benjamini_hochberg;
use stats::records::chance_below_minimum;
use stats::two_sample::ks_statistic;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D3.impossible_values"),
    item: Item::D3,
    title: "Impossible values",
    looks_for: "Features that are never negative in training but negative in some serve rows, and infinite values.",
    why_it_matters: "A negative age or duration comes from an overflow, a reversed subtraction or a sign error. The model gives a prediction without any warning.",
    how_it_decides: "A feature without negative values in training is a mismatch if at least {IMPOSSIBLE_SHARE:%} of the serve rows are negative, with q under {CERTAINTY}: the chance that none of {IMPOSSIBLE_ROWS} or more such rows fell into training, and that values beyond its lower tail are this far out. A share of {IMPOSSIBLE_MINORITY:%} or more is reported here only if these values with the opposite sign, and all others, are distributed as in training; otherwise the unit or the rows changed. If one value makes up more than {IMPOSSIBLE_ONE_VALUE:%} of the negative values, it is a placeholder. Infinite values are counted the same way. With q under {SIGNIFICANCE} the finding is possible. A few infinite values are always possible.",
    try_next: "Look at these rows and find the calculation that gives a negative or infinite result. Reject such requests.",
    causes: &[Cause::ImpossibleValues],
    tasks: Task::ALL,
    judge,
};

/// Rows with one kind of impossible value, in train and in serve.
struct Impossible<'a> {
    pair: Pair<'a>,
    what: &'static str,
    example: f64,
    change: RateChange,
    /// So extreme that even a few rows are worth a look.
    unmistakable: bool,
}

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let numbers: Vec<&Pair> = features
        .iter()
        .filter(|pair| pair.train.kind == ColumnKind::Numeric && pair.serve.kind == ColumnKind::Numeric)
        .collect();
    let candidates: Vec<Impossible> =
        numbers.iter().flat_map(|pair| negatives(pair).into_iter().chain(infinities(pair))).collect();
    let mut p_values: Vec<f64> = candidates.iter().map(|candidate| candidate.change.p).collect();
    p_values.resize(2 * numbers.len(), 1.0);
    let q_values = benjamini_hochberg(&p_values);
    let findings = candidates.iter().zip(q_values).filter_map(|(candidate, q)| impossible(candidate, q)).collect();
    let findings = crate::detectors::report::strongest_of_each(findings);
    let summary = format!("Looked for negative and infinite values in {}.", count(numbers.len() as u64, "feature"));
    sides::judged(measurements, numbers.len(), SharedColumns::NumericFeatures, summary, findings)
}

/// Negative values of various sizes where training has none. One single repeated value is a placeholder instead.
fn negatives<'a>(pair: &Pair<'a>) -> Option<Impossible<'a>> {
    let (train, serve) = pair.numeric()?;
    let various = |value: f64| {
        spikes::share_of(serve, value).hits as f64
            <= IMPOSSIBLE_ONE_VALUE * serve.sorted.partition_point(|x| *x < 0.0) as f64
    };
    let bounded = train.negatives == 0 && train.max > 0.0;
    let example = serve.sorted.first().copied().filter(|lowest| *lowest < 0.0)?;
    let share = serve.negatives as f64 / serve.finite.max(1) as f64;
    let many = share >= IMPOSSIBLE_MINORITY && !are_mirrored(&train.sorted, &serve.sorted);
    if !bounded || many || (serve.negatives >= 3 && !various(example)) {
        return None;
    }
    let change = RateChange::new(Share::new(0, train.finite), Share::new(serve.negatives, serve.finite));
    // The chance that all of them are on this side, and that they are so far below the training minimum.
    let negatives = &serve.sorted[..serve.sorted.partition_point(|value| *value < 0.0)];
    let step = 10f64.powi(-i32::from(train.decimals));
    let p = chance_of_absence(serve.negatives, train.finite, serve.finite)
        * chance_below_minimum(&train.sorted, negatives, step);
    let several = serve.negatives as f64 >= IMPOSSIBLE_ROWS;
    Some(Impossible {
        pair: *pair,
        what: "is negative",
        example,
        change: RateChange { p: if several { p } else { p.max(SIGNIFICANCE) }, ..change },
        unmistakable: false,
    })
}

/// Whether the negative values are values of training with the wrong sign, and the others are as in training.
fn are_mirrored(train: &[f64], serve: &[f64]) -> bool {
    let (below, above) = serve.split_at(serve.partition_point(|value| *value < 0.0));
    let turned: Vec<f64> = below.iter().rev().map(|value| -value).collect();
    [turned.as_slice(), above].into_iter().all(|part| {
        let by_chance = affine::chance_distance(train.len(), part.len());
        ks_statistic(train, part).is_some_and(|distance| distance <= by_chance)
    })
}

fn infinities<'a>(pair: &Pair<'a>) -> Option<Impossible<'a>> {
    let (train, serve) = (pair.train.numeric.as_ref()?, pair.serve.numeric.as_ref()?);
    let infinite = |numbers: &domain::profile::NumericProfile| numbers.positive_infinity + numbers.negative_infinity;
    (infinite(train) + infinite(serve) > 0).then(|| Impossible {
        pair: *pair,
        what: "is infinite",
        unmistakable: true,
        example: if serve.negative_infinity > serve.positive_infinity { f64::NEG_INFINITY } else { f64::INFINITY },
        change: RateChange::new(
            Share::new(infinite(train), pair.train.rows),
            Share::new(infinite(serve), pair.serve.rows),
        ),
    })
}

fn impossible(candidate: &Impossible, q: f64) -> Option<Finding> {
    let Impossible { pair, what, example, change, unmistakable } = candidate;
    let share = change.after();
    let verdict = match () {
        () if q < CERTAINTY && share >= IMPOSSIBLE_SHARE && change.difference() > 0.0 => Verdict::Mismatch,
        () if q < SIGNIFICANCE || *unmistakable => Verdict::Possible,
        () => return None,
    };
    let statement = format!(
        "{} {what} in {} of serve rows, compared with {} of train rows.",
        name(pair.name),
        percent(share),
        percent(change.before()),
    );
    let finding = DETECTOR.finding(
        verdict,
        &[pair.name],
        statement,
        Effect::new("impossible_share", share, IMPOSSIBLE_SHARE),
        Certainty::q(q),
    );
    let finding = finding
        .with_evidence("rows (train, serve)", format!("{}, {}", change.reference.hits, change.current.hits))
        .with_evidence("most extreme value", number(*example));
    Some(pair.sized(finding).for_cause(Cause::ImpossibleValues))
}
