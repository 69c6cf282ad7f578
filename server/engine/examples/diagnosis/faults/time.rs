//! Faults that come and go with the time of serving.

use super::Injected;
use crate::scene::Scene;

/// A numeric column rises from the first row to the last.
pub fn drift(scene: &mut Scene, deviations: f64) -> Option<Injected> {
    if scene.roles.time().is_none() {
        scene.date();
    }
    let columns = scene.continuous(|_| true);
    let column = scene.one_of(columns)?;
    let rise = scene.spread(&column)?.std * deviations;
    let last = (scene.later.rows.max(2) - 1) as f64;
    scene.change_numbers(&column, |row, value| value + rise * row as f64 / last)?;
    Some(Injected::into(&column))
}

/// A column is empty in one stretch of rows.
pub fn outage(scene: &mut Scene, share: f64) -> Option<Injected> {
    if scene.roles.time().is_none() {
        scene.date();
    }
    let mut columns = scene.continuous(|_| true);
    columns.extend(scene.categorical(|_| true));
    let column = scene.one_of(columns)?;
    let rows = scene.later.rows;
    let length = ((rows as f64 * share).round() as usize).clamp(1, rows);
    let from = scene.rng.below(rows - length + 1);
    scene.later.get_mut(&column)?.blank(|row| (from..from + length).contains(&row));
    Some(Injected::into(&column))
}
