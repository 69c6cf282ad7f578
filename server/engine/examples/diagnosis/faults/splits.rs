//! Test rows that are not new. The healthy test set is later than train and shares no entity with it.

use super::Injected;
use crate::scene::Scene;
use crate::table::{Table, Values};

/// Some test rows are training rows, but for their number and time.
pub fn copied_rows(scene: &mut Scene, share: f64) -> Option<Injected> {
    let touched = scene.touched(scene.later.rows, share);
    let copied: Vec<usize> =
        touched.iter().filter(|touched| **touched).map(|_| scene.rng.below(scene.train.rows)).collect();
    let kept: Vec<usize> = (0..scene.later.rows).filter(|row| !touched[*row]).collect();
    let later = in_any_order(scene, scene.later.take(&kept).followed_by(&scene.train.take(&copied)));
    scene.replace_later(later);
    let mut columns: Vec<String> = scene.features().map(str::to_owned).collect();
    columns.extend(scene.roles.label().map(str::to_owned));
    // A copied row brings its entity along.
    Some(Injected {
        columns,
        consequences: scene.roles.group().map(str::to_owned).into_iter().collect(),
        offline: None,
    })
}

/// Some test rows are about entities of train: rows of theirs that train does not hold.
pub fn shared_entities(scene: &mut Scene, share: f64) -> Option<Injected> {
    let group = scene.roles.group().map(str::to_owned)?;
    // Which entity a row is about is all that is exchanged, so that no row is repeated.
    let known: Vec<String> = scene.train.get(&group)?.words().into_iter().flatten().collect();
    let touched = scene.touched(scene.later.rows, share);
    let drawn: Vec<String> = (0..scene.later.rows).map(|_| known[scene.rng.below(known.len())].clone()).collect();
    match scene.later.get_mut(&group)? {
        Values::Words(words) => {
            for (row, word) in words.iter_mut().enumerate().filter(|(row, _)| touched[*row]) {
                *word = Some(drawn[row].clone());
            }
        }
        Values::Whole(numbers) => {
            for (row, number) in numbers.iter_mut().enumerate().filter(|(row, _)| touched[*row]) {
                *number = drawn[row].parse().ok();
            }
        }
        _ => return None,
    }
    Some(Injected::into(&group))
}

/// Some test rows lie in the time of train.
pub fn early_rows(scene: &mut Scene, share: f64) -> Option<Injected> {
    let time = scene.roles.time().map(str::to_owned)?;
    let Some(Values::Moments(earlier)) = scene.train.get(&time).cloned() else { return None };
    let touched = scene.touched(scene.later.rows, share);
    let drawn: Vec<Option<i64>> = (0..scene.later.rows).map(|_| earlier[scene.rng.below(earlier.len())]).collect();
    let Some(Values::Moments(moments)) = scene.later.get_mut(&time) else { return None };
    for (row, moment) in moments.iter_mut().enumerate().filter(|(row, _)| touched[*row]) {
        *moment = drawn[row];
    }
    Some(Injected::into(&time))
}

fn in_any_order(scene: &mut Scene, table: Table) -> Table {
    let mut order: Vec<usize> = (0..table.rows).collect();
    scene.rng.shuffle(&mut order);
    table.take(&order)
}
