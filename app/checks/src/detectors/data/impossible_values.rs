//! D3.impossible_values: are there values that cannot be?

use crate::detectors::rates::{RateChange, chance_of_absence};
use crate::detectors::sides::{self, Pair};
use crate::detectors::spikes;
use crate::detectors::words::{chance, count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, IMPOSSIBLE_MINORITY, IMPOSSIBLE_SHARE, SIGNIFICANCE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::snapshot::ColumnKind;
use domain::{Cause, Finding, Item, Verdict};
use stats::intervals::Share;
use stats::multiple::benjamini_hochberg;
use stats::quantiles::quantile;

pub static DETECTOR: Detector = Detector {
    id: "D3.impossible_values",
    item: Item::D3,
    title: "Impossible values",
    looks_for: "Negative values, in some serve rows, of a feature that is never negative in training, and infinite values.",
    why_it_matters: "A negative age or duration is an overflow, a subtraction the wrong way round or a sign error. The model answers it without a word.",
    how_it_decides: "Training has no negative value, and serving has some, in at least one row in a thousand and fewer than three in ten (beyond that the sign or the unit changed), with q under 0.0001. Infinite values are counted the same way.",
    try_next: "Look at the rows and find the calculation that gives a negative or infinite result; reject such requests.",
    causes: &[Cause::ImpossibleValues],
    judge,
};

/// Rows with an impossible value of one sort, before and after.
struct Impossible<'a> {
    pair: Pair<'a>,
    what: &'static str,
    example: f64,
    change: RateChange,
    /// So far off that even a few rows are worth a look.
    unmistakable: bool,
}

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(sides::TRAIN_AND_SERVE);
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
    Judgement::Judged {
        summary: format!("Looked for negative and infinite values in {}.", count(numbers.len() as u64, "feature")),
        findings,
    }
}

/// Negative values of various sizes where training has none. One single repeated value is a placeholder instead.
fn negatives<'a>(pair: &Pair<'a>) -> Option<Impossible<'a>> {
    let (train, serve) = pair.numeric()?;
    let various = |value: f64| {
        spikes::share_of(serve, value).hits as f64 <= 0.9 * serve.sorted.partition_point(|x| *x < 0.0) as f64
    };
    let bounded = train.negatives == 0 && train.max > 0.0;
    let example = serve.sorted.first().copied().filter(|lowest| *lowest < 0.0)?;
    let share = serve.negatives as f64 / serve.finite.max(1) as f64;
    if !bounded || share >= IMPOSSIBLE_MINORITY || (serve.negatives >= 3 && !various(example)) {
        return None;
    }
    let change = RateChange::new(Share::new(0, train.finite), Share::new(serve.negatives, serve.finite));
    // Far below a training minimum that is not negative: the spread of training or half of it away.
    let spread = quantile(&train.sorted, 0.99) - quantile(&train.sorted, 0.01);
    let far = serve.sorted.partition_point(|value| *value < train.min - 0.5 * spread);
    Some(Impossible {
        pair: *pair,
        what: "is negative",
        example,
        change: RateChange { p: chance_of_absence(serve.negatives, train.finite, serve.finite), ..change },
        unmistakable: far >= 2 && train.min > 0.0,
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
        "{} {what} in {} of serve rows ({}) and {} in train; the most extreme is {} (q {}).",
        name(pair.name),
        percent(share),
        change.current.hits,
        if change.reference.hits == 0 { "never".to_owned() } else { format!("in {}", percent(change.before())) },
        number(*example),
        chance(q),
    );
    let finding = DETECTOR.finding(
        verdict,
        &[pair.name],
        statement,
        Effect::new("impossible_share", share, IMPOSSIBLE_SHARE),
        Certainty::q(q),
    );
    Some(pair.sized(finding).for_cause(Cause::ImpossibleValues))
}
