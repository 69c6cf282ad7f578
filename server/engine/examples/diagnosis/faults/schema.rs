//! Faults in the columns themselves.

use stats::two_sample::ks_statistic;

use super::Injected;
use crate::scene::Scene;
use crate::table::Values;

pub fn missing(scene: &mut Scene, count: f64) -> Option<Injected> {
    let mut columns: Vec<String> = scene.features().map(str::to_owned).collect();
    scene.rng.shuffle(&mut columns);
    columns.truncate(count as usize);
    for column in &columns {
        scene.later.remove(column);
    }
    (!columns.is_empty()).then(|| Injected { columns, ..Injected::default() })
}

/// New columns of numbers that no column of train is like.
pub fn added(scene: &mut Scene, count: f64) -> Option<Injected> {
    let columns: Vec<String> = (1..=count as usize).map(|place| format!("attribute_{place}")).collect();
    for (place, column) in columns.iter().enumerate() {
        let values = (0..scene.later.rows)
            .map(|_| Some((scene.rng.next_f64() * 50.0).powi(2 + place as i32).round() / 100.0 - 40.0))
            .collect();
        scene.later.set(column, Values::Numbers(values));
    }
    Some(Injected { columns, ..Injected::default() })
}

/// Numbers written as text: some with a unit behind them, or, at 1, all of them as they are.
pub fn type_change(scene: &mut Scene, share: f64) -> Option<Injected> {
    let columns = scene.continuous(|_| true);
    let column = scene.one_of(columns)?;
    let touched = scene.touched(scene.later.rows, share);
    let mut words = scene.later.get(&column)?.words();
    if share < 1.0 {
        for (word, _) in words.iter_mut().zip(touched).filter(|(_, touched)| *touched) {
            *word = word.take().map(|word| format!("{word} km"));
        }
    }
    scene.later.set(&column, Values::Words(words));
    Some(Injected::into(&column))
}

/// Two numeric columns exchanged whose distributions are about this far apart.
pub fn swap(scene: &mut Scene, distance: f64) -> Option<Injected> {
    let columns = scene.continuous(|_| true);
    let known = |column: &String| -> Vec<f64> {
        let numbers = scene.train.get(column).and_then(Values::numbers).unwrap_or_default();
        let mut known: Vec<f64> = numbers.into_iter().flatten().collect();
        known.sort_by(f64::total_cmp);
        known
    };
    let sorted: Vec<Vec<f64>> = columns.iter().map(known).collect();
    let mut pairs = Vec::new();
    for first in 0..columns.len() {
        for second in first + 1..columns.len() {
            let Some(apart) = ks_statistic(&sorted[first], &sorted[second]) else { continue };
            if (apart - distance).abs() <= 0.15 {
                pairs.push((columns[first].clone(), columns[second].clone()));
            }
        }
    }
    let place = scene.rng.below(pairs.len());
    let (first, second) = pairs.get(place)?.clone();
    let (a, b) = (scene.later.get(&first)?.clone(), scene.later.get(&second)?.clone());
    scene.later.set(&first, b);
    scene.later.set(&second, a);
    Some(Injected { columns: vec![first, second], ..Injected::default() })
}
