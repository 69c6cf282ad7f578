//! Reads a learning curve: what an experienced eye would say about its shape.
//!
//! Every rule is relative to the curve itself (its first loss, how far it fell, its own noise), so that the unit of the
//! loss and the number of epochs do not matter. A curve of which only a score is known is read as the loss `1 - score`
//! (`-score` where the score leaves 0..1).

mod shape;

use domain::learning_curve::{CurveReading, CurveState, LearningCurve};
use shape::{Pair, Trace};

/// Under this many finite points there is no shape to read.
const FEWEST_POINTS: usize = 5;
/// A training loss that ends this share of its first value over it, with no way back, has diverged.
const DIVERGED_OVER_FIRST: f64 = 0.10;
/// A loss that loses less than this share of its first value hardly moves.
const HARDLY_MOVED: f64 = 0.02;
/// A validation loss this share over its best has turned up: early stopping with the usual patience stays below it.
const TURNED_UP: f64 = 0.05;
/// Noise of this share of the loss is visible as jumps.
const VISIBLE_NOISE: f64 = 0.05;
/// A loss that keeps this share of its first value has stayed high.
const STAYED_HIGH: f64 = 0.5;
/// A training score this good contradicts underfitting, whatever the loss.
const GOOD_SCORE: f64 = 0.95;

/// What can be read off the curve, most serious first; `Healthy` alone when nothing speaks against it, empty when the
/// curve is too short to say.
pub fn read(curve: &LearningCurve) -> Vec<CurveReading> {
    let Some(pair) = Pair::of(curve) else { return Vec::new() };
    let mut readings: Vec<CurveReading> = [diverging(&pair), non_finite(curve)].into_iter().flatten().collect();
    let long_enough = pair.main().values.len() >= FEWEST_POINTS;
    if readings.is_empty() && long_enough {
        // A curve that never learned has no other shape; noise hides levels, so underfitting needs a calm curve.
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
        statement: format!("{} is no longer a finite number from epoch {epoch} on.", series.name),
    })
}

/// The training loss ends clearly over where it began, and over any noise.
fn diverging(pair: &Pair) -> Option<CurveReading> {
    let trace = pair.train.as_ref()?;
    let (&first, &last) = (trace.values.first()?, trace.smooth.last()?);
    let rise = last - first;
    let needed = (DIVERGED_OVER_FIRST * first.abs()).max(0.25 * trace.improvement()).max(6.0 * trace.noise_when_calm());
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
            "{} grows instead of falling: from {} to {} at epoch {}.",
            trace.name,
            figure(first),
            figure(trace.values[trace.values.len() - 1]),
            trace.epochs[trace.values.len() - 1]
        ),
    })
}

fn plateau(pair: &Pair) -> Option<CurveReading> {
    let trace = pair.main();
    let first = trace.values[0];
    let share = trace.smooth_improvement() / first.abs().max(f64::MIN_POSITIVE);
    // A curve that wanders far up and down has moved, even if it is back where it was.
    if share >= HARDLY_MOVED || trace.spread() >= HARDLY_MOVED * 2.0 * first.abs() {
        return None;
    }
    Some(CurveReading {
        state: CurveState::Plateau,
        from_epoch: trace.epochs.first().copied(),
        best_epoch: Some(trace.epochs[trace.best()]),
        amount: share,
        statement: format!(
            "{} hardly moves: {} at first, {} at best after {} epochs ({:.2} % less).",
            trace.name,
            figure(first),
            figure(trace.values[trace.best()]),
            trace.values.len(),
            100.0 * share.max(0.0)
        ),
    })
}

/// Jumps up and down that are as large as all that was learnt, or several returns to where it began.
fn unstable(pair: &Pair) -> Option<CurveReading> {
    let trace = pair.main();
    let level = trace.level();
    let noise = trace.noise();
    let jumps = noise >= VISIBLE_NOISE * level && noise >= 0.5 * trace.net_improvement() && trace.reversals() >= 0.4;
    let spikes = trace.spikes();
    if !jumps && spikes.len() < 2 {
        return None;
    }
    let from = if jumps { trace.epochs.first().copied() } else { trace.epochs.get(spikes[0]).copied() };
    let what = if jumps {
        format!("jumps up and down by about {:.0} % of its value without settling", 100.0 * noise / level)
    } else {
        format!("leaps up {} times by a third or more of all it had gained", spikes.len())
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

/// The validation loss has turned up while the training loss did not.
fn turned_up(pair: &Pair) -> Option<CurveReading> {
    let validation = pair.validation.as_ref()?;
    let best = validation.best();
    let lowest = validation.smooth.iter().copied().fold(f64::INFINITY, f64::min);
    let rise = validation.smooth.last()? - lowest;
    let share = rise / lowest.abs().max(f64::MIN_POSITIVE);
    let over_noise = rise > 3.0 * validation.noise_of_smooth();
    if share < TURNED_UP || !over_noise || best + 2 >= validation.values.len() {
        return None;
    }
    if let Some(train) = &pair.train {
        let at_best = *train.smooth.get(best)?;
        let later = *train.smooth.last()?;
        // Both going up together is not overfitting.
        if later - at_best > 0.25 * rise {
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
            "{} is best at epoch {} ({}) and then rises to {} at epoch {}{}.",
            validation.name,
            validation.epochs[best],
            figure(validation.values[best]),
            figure(validation.values[last]),
            validation.epochs[last],
            if pair.train.is_some() { " while the training loss keeps falling" } else { "" }
        ),
    })
}

/// The validation loss has stopped improving, the training loss has not, and the gap between them is large.
fn left_behind(pair: &Pair) -> Option<CurveReading> {
    let (train, validation) = (pair.train.as_ref()?, pair.validation.as_ref()?);
    let n = train.smooth.len().min(validation.smooth.len());
    if n < 2 * FEWEST_POINTS {
        return None;
    }
    let third = n - n / 3;
    let (train_end, validation_end) = (train.smooth[n - 1], validation.smooth[n - 1]);
    let gap = validation_end - train_end;
    let stopped = validation.smooth[third] - validation_end <= 0.02 * validation.improvement();
    let learnt = validation.improvement().max(f64::MIN_POSITIVE);
    let large = gap > 0.5 * validation_end.abs() && gap > 0.25 * learnt && gap > 6.0 * validation.noise_of_smooth();
    let fell_since_best = train.smooth[validation.best().min(n - 1)] - train_end > 0.25 * gap;
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
            "{} stops improving at epoch {} while {} falls on to {}: a gap of {}.",
            validation.name,
            validation.epochs[best],
            train.name,
            figure(train_end),
            figure(gap)
        ),
    })
}

/// Both losses level off early, high and together.
fn underfitting(pair: &Pair, curve: &LearningCurve) -> Option<CurveReading> {
    let trace = pair.main();
    let n = trace.smooth.len();
    if n < 2 * FEWEST_POINTS || pair.best_train_score(curve).is_some_and(|score| score >= GOOD_SCORE) {
        return None;
    }
    let (&first, &last) = (trace.values.first()?, trace.smooth.last()?);
    let level_at = (0..n).find(|&at| trace.smooth[at] - last <= 0.03 * trace.improvement())?;
    let settled = level_at <= n * 2 / 5;
    let high = last >= STAYED_HIGH * first && first > 0.0;
    let together = pair
        .validation
        .as_ref()
        .is_none_or(|validation| validation.smooth.last().is_some_and(|end| (end - last).abs() <= 0.10 * last.abs()));
    if !(settled && high && together) {
        return None;
    }
    Some(CurveReading {
        state: CurveState::Underfitting,
        from_epoch: trace.epochs.get(level_at).copied(),
        best_epoch: Some(trace.epochs[trace.best()]),
        amount: last / first,
        statement: format!(
            "{} levels off at {} from epoch {} on, {:.0} % of where it began{}.",
            trace.name,
            figure(last),
            trace.epochs[level_at],
            100.0 * last / first,
            if pair.validation.is_some() { ", and validation with it" } else { "" }
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
            "{} improves from {} to {} and nothing speaks against the run.",
            trace.name,
            figure(trace.values[0]),
            figure(trace.values[best])
        ),
    }
}

/// Four significant digits.
fn figure(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-3..1e6).contains(&size) {
        return format!("{value:.3e}");
    }
    let decimals = if size >= 1_000.0 {
        0
    } else if size >= 10.0 {
        2
    } else {
        4
    };
    format!("{value:.decimals$}")
}

impl Trace {
    /// Noise counts only against a trend that is not the noise itself: a loss that explodes has no calm part.
    fn noise_when_calm(&self) -> f64 {
        if self.reversals() >= 0.2 { self.noise() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests;
