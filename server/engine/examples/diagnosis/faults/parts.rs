//! Faults in a part of the rows: one group, one stretch of time, some rows of both columns.

use super::Injected;
use crate::scene::Scene;
use crate::table::{Values, shares};

/// A group is neither single rows nor nearly all of them.
const GROUP: std::ops::RangeInclusive<f64> = 0.05..=0.4;

/// Another unit for the rows of one category.
pub fn unit_of_a_group(scene: &mut Scene, factor: f64) -> Option<Injected> {
    let columns = scene.continuous(|_| true);
    let column = scene.one_of(columns)?;
    let groupings = scene.categorical(|shares| shares.iter().any(|(_, share)| GROUP.contains(share)));
    let by = scene.one_of(groupings)?;
    let words = scene.later.get(&by)?.words();
    let known = shares(&words);
    let group = known.iter().find(|(_, share)| GROUP.contains(share))?.0.clone();
    scene.change_numbers(
        &column,
        |row, value| {
            if words[row].as_ref() == Some(&group) { value * factor } else { value }
        },
    )?;
    Some(Injected { consequences: vec![by], ..Injected::into(&column) })
}

/// Two numeric columns exchanged in some rows.
pub fn swapped_in_part(scene: &mut Scene, share: f64) -> Option<Injected> {
    let columns = scene.continuous(|_| true);
    let first = scene.one_of(columns.clone())?;
    let apart = |column: &String| {
        let (a, b) = (scene.spread(&first), scene.spread(column));
        a.zip(b).is_some_and(|(a, b)| (a.mean - b.mean).abs() > a.std.max(b.std))
    };
    let others: Vec<String> = columns.into_iter().filter(|column| *column != first && apart(column)).collect();
    let second = scene.one_of(others)?;
    let touched = scene.touched(scene.later.rows, share);
    let (a, b) = (scene.later.get(&first)?.numbers()?, scene.later.get(&second)?.numbers()?);
    let exchanged = |own: &[Option<f64>], other: &[Option<f64>]| {
        (0..own.len()).map(|row| if touched[row] { other[row] } else { own[row] }).collect::<Vec<_>>()
    };
    let (new_a, new_b) = (exchanged(&a, &b), exchanged(&b, &a));
    let (new_a, new_b) = (scene.later.get(&first)?.like(new_a), scene.later.get(&second)?.like(new_b));
    scene.later.set(&first, new_a);
    scene.later.set(&second, new_b);
    Some(Injected { columns: vec![first, second], ..Injected::default() })
}

/// One value instead of all others in the last part of the rows.
pub fn default_since(scene: &mut Scene, share: f64) -> Option<Injected> {
    if scene.roles.time().is_none() {
        scene.date();
    }
    let columns = scene.continuous(|_| true);
    let column = scene.one_of(columns)?;
    let spread = scene.spread(&column)?;
    let value = if scene.rng.next_f64() < 0.5 { 0.0 } else { spread.mean.round() };
    let from = ((1.0 - share) * scene.later.rows as f64).round() as usize;
    scene.change_numbers(&column, |row, old| if row >= from { value } else { old })?;
    Some(Injected::into(&column))
}

/// A join that copied some rows, with their ids.
pub fn multiplied(scene: &mut Scene, share: f64) -> Option<Injected> {
    let touched = scene.touched(scene.later.rows, share);
    let rows: Vec<usize> =
        (0..scene.later.rows).flat_map(|row| std::iter::repeat_n(row, if touched[row] { 2 } else { 1 })).collect();
    scene.later = scene.later.take(&rows);
    let id = scene.roles.id().map(str::to_owned)?;
    Some(Injected::into(&id))
}

/// Train and the training pipeline use one scaler, serving one that was fitted again on what it serves.
pub fn scaled_again(scene: &mut Scene, apart: f64) -> Option<Injected> {
    let mut columns = scene.continuous(|_| true);
    scene.rng.shuffle(&mut columns);
    columns.truncate(3);
    let mut offline = scene.later.clone();
    for column in &columns {
        let spread = scene.spread(column)?;
        let (mean, std) = (spread.mean + apart * spread.std, spread.std * (1.0 + apart));
        let scaled = |values: &Values, mean: f64, std: f64| {
            let numbers = values.numbers()?.into_iter().map(|value| value.map(|value| (value - mean) / std)).collect();
            Some(Values::Numbers(numbers))
        };
        let (train, later) = (scene.train.get(column)?.clone(), scene.later.get(column)?.clone());
        scene.train.set(column, scaled(&train, spread.mean, spread.std)?);
        offline.set(column, scaled(&later, spread.mean, spread.std)?);
        scene.later.set(column, scaled(&later, mean, std)?);
    }
    (!columns.is_empty()).then(|| Injected { columns, offline: Some(offline), ..Injected::default() })
}
