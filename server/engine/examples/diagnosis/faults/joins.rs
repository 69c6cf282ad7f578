//! Faults that a join with the training pipeline's values shows: each comes with an offline file.

use super::Injected;
use crate::scene::Scene;
use crate::table::Values;

/// Rounded to the power of ten nearest to a step of that many standard deviations.
pub fn rounded(scene: &mut Scene, deviations: f64) -> Option<Injected> {
    let step_of = |std: f64| 10_f64.powf((deviations * std).log10().round());
    let mut columns = scene.continuous(|_| true);
    // It must have been finer than that.
    columns.retain(|column| {
        let (Some(spread), Some(values)) = (scene.spread(column), scene.train.get(column)) else { return false };
        let step = step_of(spread.std);
        let numbers = values.numbers().unwrap_or_default();
        let round =
            numbers.iter().flatten().filter(|value| ((**value / step).round() * step - **value).abs() < step * 1e-6);
        round.count() * 4 <= scene.train.rows
    });
    let column = scene.one_of(columns)?;
    let step = step_of(scene.spread(&column)?.std);
    let offline = scene.later.clone();
    // Divided by what a step is one of, so that a rounded number is written as short as it should be.
    scene.change_numbers(&column, |_, value| {
        if step < 1.0 { (value / step).round() / (1.0 / step).round() } else { (value / step).round() * step }
    })?;
    Some(Injected { offline: Some(offline), ..Injected::into(&column) })
}

/// Some rows hold the value of a row about a day earlier.
pub fn stale(scene: &mut Scene, share: f64) -> Option<Injected> {
    if scene.roles.time().is_none() {
        scene.date();
    }
    let columns = scene.continuous(|_| true);
    let column = scene.one_of(columns)?;
    let offline = scene.later.clone();
    let before = offline.get(&column)?.numbers()?;
    let lag = (scene.later.rows / 30).max(1);
    let touched = scene.touched(scene.later.rows, share);
    let stale = before
        .iter()
        .enumerate()
        .map(|(row, value)| if touched[row] && row >= lag { before[row - lag] } else { *value })
        .collect();
    let stale = offline.get(&column)?.like(stale);
    scene.later.set(&column, stale);
    Some(Injected { offline: Some(offline), ..Injected::into(&column) })
}

/// Some rows hold a value drawn from all others: same distribution, other rows.
pub fn perturbed(scene: &mut Scene, share: f64) -> Option<Injected> {
    let columns = scene.continuous(|_| true);
    let column = scene.one_of(columns)?;
    let offline = scene.later.clone();
    let known: Vec<f64> = offline.get(&column).and_then(Values::numbers)?.into_iter().flatten().collect();
    let touched = scene.touched(scene.later.rows, share);
    let drawn: Vec<f64> = (0..scene.later.rows).map(|_| known[scene.rng.below(known.len())]).collect();
    scene.change_numbers(&column, |row, value| if touched[row] { drawn[row] } else { value })?;
    Some(Injected { offline: Some(offline), ..Injected::into(&column) })
}
