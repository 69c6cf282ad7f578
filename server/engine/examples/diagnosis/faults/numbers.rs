//! Faults in the values of numeric columns, most of them at serving.

use super::Injected;
use crate::scene::{Scene, changed_numbers};
use crate::table::Values;

/// What people write where a value is missing.
const PLACEHOLDERS: [f64; 4] = [-999.0, 9_999.0, -1.0, 999_999.0];

pub fn unit(scene: &mut Scene, factor: f64) -> Option<Injected> {
    let columns = scene.continuous(|_| true);
    let column = scene.one_of(columns)?;
    scene.change_numbers(&column, |_, value| value * factor)?;
    Some(Injected::into(&column))
}

pub fn offset(scene: &mut Scene, deviations: f64) -> Option<Injected> {
    let columns = scene.continuous(|_| true);
    let column = scene.one_of(columns)?;
    let by = scene.spread(&column)?.std * deviations;
    // What is written in whole numbers is moved by whole numbers.
    let by = if matches!(scene.train.get(&column), Some(Values::Whole(_))) { by.round().max(1.0) } else { by };
    scene.change_numbers(&column, |_, value| value + by)?;
    Some(Injected::into(&column))
}

/// Standardised in train and raw at serving; a share of 0 is one column.
pub fn standardised(scene: &mut Scene, share: f64) -> Option<Injected> {
    // A column that is nearly standardised already would only be stretched.
    let mut columns = scene.continuous(|spread| spread.mean.abs() >= 0.5 * spread.std);
    scene.rng.shuffle(&mut columns);
    columns.truncate(((columns.len() as f64 * share).round() as usize).max(1));
    for column in &columns {
        let spread = scene.spread(column)?;
        changed_numbers(&mut scene.train, column, |_, value| (value - spread.mean) / spread.std)?;
    }
    (!columns.is_empty()).then(|| Injected { columns, ..Injected::default() })
}

pub fn nulls(scene: &mut Scene, rate: f64) -> Option<Injected> {
    let mut columns = scene.continuous(|_| true);
    columns.extend(scene.categorical(|_| true));
    let column = scene.one_of(columns)?;
    let touched = scene.touched(scene.later.rows, rate);
    scene.later.get_mut(&column)?.blank(|row| touched[row]);
    Some(Injected::into(&column))
}

pub fn sentinel(scene: &mut Scene, rate: f64) -> Option<Injected> {
    let columns = scene.continuous(|_| true);
    let column = scene.one_of(columns)?;
    let spread = scene.spread(&column)?;
    let apart = 0.3 * (spread.max - spread.min);
    let outside: Vec<f64> =
        PLACEHOLDERS.into_iter().filter(|value| *value < spread.min - apart || *value > spread.max + apart).collect();
    let value = *outside.get(scene.rng.below(outside.len()))?;
    let touched = scene.touched(scene.later.rows, rate);
    scene.change_numbers(&column, |row, old| if touched[row] { value } else { old })?;
    Some(Injected::into(&column))
}

pub fn negative(scene: &mut Scene, rate: f64) -> Option<Injected> {
    let columns = scene.continuous(|spread| spread.min > 0.0);
    let column = scene.one_of(columns)?;
    let touched = scene.touched(scene.later.rows, rate);
    scene.change_numbers(&column, |row, value| if touched[row] { -value } else { value })?;
    Some(Injected::into(&column))
}

/// Up to half of the range beyond its upper end.
pub fn beyond(scene: &mut Scene, rate: f64) -> Option<Injected> {
    let columns = scene.continuous(|_| true);
    let column = scene.one_of(columns)?;
    let spread = scene.spread(&column)?;
    let whole = matches!(scene.train.get(&column), Some(Values::Whole(_)));
    let touched = scene.touched(scene.later.rows, rate);
    let rows = scene.later.rows;
    let far: Vec<f64> = (0..rows).map(|_| 0.05 + 0.45 * scene.rng.next_f64()).collect();
    scene.change_numbers(&column, |row, value| {
        let new = spread.max + far[row] * (spread.max - spread.min);
        match (touched[row], whole) {
            (true, true) => new.ceil(),
            (true, false) => new,
            (false, _) => value,
        }
    })?;
    Some(Injected::into(&column))
}

/// The same share of rows lacks the value on both sides: filled with the mean in train, with zero (or, where zero is near
/// the mean, the smallest value) at serving.
pub fn imputed(scene: &mut Scene, rate: f64) -> Option<Injected> {
    let columns = scene.continuous(|_| true);
    let column = scene.one_of(columns)?;
    let spread = scene.spread(&column)?;
    let other = if spread.mean.abs() >= 0.5 * spread.std { 0.0 } else { spread.min };
    let (in_train, later) = (scene.touched(scene.train.rows, rate), scene.touched(scene.later.rows, rate));
    changed_numbers(&mut scene.train, &column, |row, value| if in_train[row] { spread.mean } else { value })?;
    scene.change_numbers(&column, |row, value| if later[row] { other } else { value })?;
    Some(Injected::into(&column))
}
