//! Reads a learning curve: names its shape, and the epoch from which it has it.
//!
//! Every rule is relative to the curve itself (its first loss, how far it fell, its own noise), so that the unit of the
//! loss and the number of epochs do not matter. A curve with a score only is read as the loss `1 - score` (`-score` if
//! the score leaves 0..1). All limits are in the table of limits.

mod shape;

use crate::thresholds::{
    CURVE_CALM, CURVE_DIVERGED, CURVE_DIVERGED_GAIN, CURVE_DIVERGED_NOISE, CURVE_GAP, CURVE_GAP_GAIN, CURVE_GAP_NOISE,
    CURVE_GAP_TRAIN, CURVE_GOOD_SCORE, CURVE_LEVEL, CURVE_LEVEL_EARLY, CURVE_NOISE, CURVE_NOISE_GAIN,
    CURVE_PLATEAU_POSSIBLE, CURVE_PLATEAU_SPREAD, CURVE_POINTS, CURVE_REMAINS, CURVE_REVERSALS, CURVE_SPIKES,
    CURVE_STOPPED, CURVE_TOGETHER, CURVE_TURNED_UP_NOISE, CURVE_TURNED_UP_POSSIBLE, CURVE_TURNED_UP_TRAIN,
};
use domain::learning_curve::{CurveReading, CurveState, LearningCurve};
use domain::number::number;
use shape::{Pair, Trace};

/// The readings of a curve, most serious first; `Healthy` alone if there is no problem, empty if the curve is too short.
pub fn read(curve: &LearningCurve) -> Vec<CurveReading> {
    let Some(pair) = Pair::of(curve) else { return Vec::new() };
    let mut readings: Vec<CurveReading> = [diverging(&pair), non_finite(curve)].into_iter().flatten().collect();
    let long_enough = pair.main().values.len() as f64 >= CURVE_POINTS;
    if readings.is_empty() && long_enough {
        // A curve that never improved has no other shape; noise hides levels, so underfitting needs a smooth curve.
        let first = plateau(&pair).or_else(|| unstable(&pair));
        let second = overfitting(&pair).filter(|_| !first.as_ref().is_some_and(|r| r.state == CurveState::Plateau));
        let calm = first.is_none() && second.is_none();
        readings.extend(second);
        readings.extend(first);
        readings.extend(if calm { underfitting(&pair, curve) } else { None });
        if readings.is_empty() {
            readings.push(healthy(&pair));
        }
    }
    readings
}

fn non_finite(curve: &LearningCurve) -> Option<CurveReading> {
    let (series, first) = curve
        .series
        .iter()
        .filter_map(|series| series.first_non_finite.map(|first| (series, first)))
        .min_by_key(|(_, first)| *first)?;
    let epoch = curve.epochs.get(first).copied()?;
    Some(CurveReading {
        state: CurveState::NonFinite,
        from_epoch: Some(epoch),
        best_epoch: None,
        amount: 1.0 - first as f64 / series.values.len().max(1) as f64,
        statement: format!("{} is not a finite number from epoch {epoch} on.", series.name),
    })
}

/// The training loss ends clearly above its first value, by more than its noise.
fn diverging(pair: &Pair) -> Option<CurveReading> {
    let trace = pair.train.as_ref()?;
    let (&first, &last) = (trace.values.first()?, trace.smooth.last()?);
    let rise = last - first;
    let needed = ((CURVE_DIVERGED - 1.0) * first.abs())
        .max(CURVE_DIVERGED_GAIN * trace.improvement())
        .max(CURVE_DIVERGED_NOISE * trace.noise_when_calm());
    if trace.values.len() < 2 || rise <= needed {
        return None;
    }
    let best = trace.best();
    Some(CurveReading {
        state: CurveState::Diverging,
        from_epoch: trace.epochs.get(best + 1).copied(),
        best_epoch: Some(trace.epochs[best]),
        amount: if first == 0.0 { rise } else { last / first },
        statement: format!(
            "{} rises instead of falling: from {} to {} at epoch {}.",
            trace.name,
            number(first),
            number(trace.values[trace.values.len() - 1]),
            trace.epochs[trace.values.len() - 1]
        ),
    })
}

fn plateau(pair: &Pair) -> Option<CurveReading> {
    let trace = pair.main();
    let first = trace.values[0];
    let share = trace.smooth_improvement() / first.abs().max(f64::MIN_POSITIVE);
    // A curve that moves far up and down is not flat, even if it ends where it began.
    if share >= CURVE_PLATEAU_POSSIBLE || trace.spread() >= CURVE_PLATEAU_SPREAD * first.abs() {
        return None;
    }
    Some(CurveReading {
        state: CurveState::Plateau,
        from_epoch: trace.epochs.first().copied(),
        best_epoch: Some(trace.epochs[trace.best()]),
        amount: share,
        statement: format!(
            "{} hardly improves: by {:.2} % in {} epochs, from {} to {} at best.",
            trace.name,
            100.0 * share.max(0.0),
            trace.values.len(),
            number(first),
            number(trace.values[trace.best()])
        ),
    })
}

/// Jumps that are large compared with the whole improvement, or several spikes.
fn unstable(pair: &Pair) -> Option<CurveReading> {
    let trace = pair.main();
    let level = trace.level();
    let noise = trace.noise();
    let jumps = noise >= CURVE_NOISE * level
        && noise >= CURVE_NOISE_GAIN * trace.net_improvement()
        && trace.reversals() >= CURVE_REVERSALS;
    let spikes = trace.spikes();
    if !jumps && (spikes.len() as f64) < CURVE_SPIKES {
        return None;
    }
    let from = if jumps { trace.epochs.first().copied() } else { trace.epochs.get(spikes[0]).copied() };
    let what = if jumps {
        format!("jumps up and down by about {:.0} % of its value without settling", 100.0 * noise / level)
    } else {
        format!("jumps up {} times and loses at least a third of its improvement each time", spikes.len())
    };
    Some(CurveReading {
        state: CurveState::Unstable,
        from_epoch: from,
        best_epoch: Some(trace.epochs[trace.best()]),
        amount: noise / level.max(f64::MIN_POSITIVE),
        statement: format!("{} {what}.", trace.name),
    })
}

fn overfitting(pair: &Pair) -> Option<CurveReading> {
    turned_up(pair).or_else(|| left_behind(pair))
}

/// The validation loss rises while the training loss does not.
fn turned_up(pair: &Pair) -> Option<CurveReading> {
    let validation = pair.validation.as_ref()?;
    let best = validation.best();
    let lowest = validation.smooth.iter().copied().fold(f64::INFINITY, f64::min);
    let rise = validation.smooth.last()? - lowest;
    let share = rise / lowest.abs().max(f64::MIN_POSITIVE);
    let over_noise = rise > CURVE_TURNED_UP_NOISE * validation.noise_of_smooth();
    if share < CURVE_TURNED_UP_POSSIBLE || !over_noise || best + 2 >= validation.values.len() {
        return None;
    }
    if let Some(train) = &pair.train {
        let at_best = *train.smooth.get(best)?;
        let later = *train.smooth.last()?;
        // If both rise together, that is not overfitting.
        if later - at_best > CURVE_TURNED_UP_TRAIN * rise {
            return None;
        }
    }
    let last = validation.values.len() - 1;
    Some(CurveReading {
        state: CurveState::Overfitting,
        from_epoch: validation.epochs.get(best + 1).copied(),
        best_epoch: Some(validation.epochs[best]),
        amount: share,
        statement: format!(
            "{} is lowest at epoch {} ({}) and then rises to {} at epoch {}{}.",
            validation.name,
            validation.epochs[best],
            number(validation.values[best]),
            number(validation.values[last]),
            validation.epochs[last],
            if pair.train.is_some() { " while the training loss keeps falling" } else { "" }
        ),
    })
}

/// The validation loss has stopped improving, the training loss has not, and the gap between them is large.
fn left_behind(pair: &Pair) -> Option<CurveReading> {
    let (train, validation) = (pair.train.as_ref()?, pair.validation.as_ref()?);
    let n = train.smooth.len().min(validation.smooth.len());
    if (n as f64) < 2.0 * CURVE_POINTS {
        return None;
    }
    let third = n - n / 3;
    let (train_end, validation_end) = (train.smooth[n - 1], validation.smooth[n - 1]);
    let gap = validation_end - train_end;
    let stopped = validation.smooth[third] - validation_end <= CURVE_STOPPED * validation.improvement();
    let gain = validation.improvement().max(f64::MIN_POSITIVE);
    let large = gap > CURVE_GAP * validation_end.abs()
        && gap > CURVE_GAP_GAIN * gain
        && gap > CURVE_GAP_NOISE * validation.noise_of_smooth();
    let fell_since_best = train.smooth[validation.best().min(n - 1)] - train_end > CURVE_GAP_TRAIN * gap;
    if !(stopped && large && fell_since_best) {
        return None;
    }
    let best = validation.best();
    Some(CurveReading {
        state: CurveState::Overfitting,
        from_epoch: validation.epochs.get(best + 1).copied(),
        best_epoch: Some(validation.epochs[best]),
        amount: gap / validation_end.abs().max(f64::MIN_POSITIVE),
        statement: format!(
            "{} stops improving at epoch {} while {} continues to fall to {}: a gap of {}.",
            validation.name,
            validation.epochs[best],
            train.name,
            number(train_end),
            number(gap)
        ),
    })
}

/// Both losses level off early, high and together.
fn underfitting(pair: &Pair, curve: &LearningCurve) -> Option<CurveReading> {
    let trace = pair.main();
    let n = trace.smooth.len();
    if (n as f64) < 2.0 * CURVE_POINTS || pair.best_train_score(curve).is_some_and(|score| score >= CURVE_GOOD_SCORE) {
        return None;
    }
    let (&first, &last) = (trace.values.first()?, trace.smooth.last()?);
    let level_at = (0..n).find(|&at| trace.smooth[at] - last <= CURVE_LEVEL * trace.improvement())?;
    let settled = level_at as f64 <= CURVE_LEVEL_EARLY * n as f64;
    let high = last >= CURVE_REMAINS * first && first > 0.0;
    let near = |end: &f64| (end - last).abs() <= CURVE_TOGETHER * last.abs();
    let together = pair.validation.as_ref().is_none_or(|validation| validation.smooth.last().is_some_and(near));
    if !(settled && high && together) {
        return None;
    }
    Some(CurveReading {
        state: CurveState::Underfitting,
        from_epoch: trace.epochs.get(level_at).copied(),
        best_epoch: Some(trace.epochs[trace.best()]),
        amount: last / first,
        statement: format!(
            "{} levels off at {} from epoch {} on, {:.0} % of its first value{}.",
            trace.name,
            number(last),
            trace.epochs[level_at],
            100.0 * last / first,
            if pair.validation.is_some() { ", and so does the validation loss" } else { "" }
        ),
    })
}

fn healthy(pair: &Pair) -> CurveReading {
    let trace = pair.validation.as_ref().unwrap_or(pair.main());
    let best = trace.best();
    CurveReading {
        state: CurveState::Healthy,
        from_epoch: None,
        best_epoch: Some(trace.epochs[best]),
        amount: trace.improvement() / trace.values[0].abs().max(f64::MIN_POSITIVE),
        statement: format!(
            "{} improves from {} to {}; no problem found.",
            trace.name,
            number(trace.values[0]),
            number(trace.values[best])
        ),
    }
}

impl Trace {
    /// The noise, or zero for a curve with a clear trend: the bends of a loss that explodes are not noise.
    fn noise_when_calm(&self) -> f64 {
        if self.reversals() >= CURVE_CALM { self.noise() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests;
