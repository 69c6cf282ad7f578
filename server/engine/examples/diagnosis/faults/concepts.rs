//! What is true changes for the same rows: features as before, other labels at serving.

use super::Injected;
use super::labels::classes;
use crate::scene::{Scene, changed_numbers};
use crate::table::Values;

/// Rows of the upper part of a column don't count as the rarest class any more; an amount is multiplied.
pub fn definition(scene: &mut Scene, share: f64) -> Option<Injected> {
    let label = scene.roles.label().map(str::to_owned)?;
    let Some(classes) = classes(&scene.train, &label) else {
        changed_numbers(&mut scene.later, &label, |_, value| value * (1.0 + share))?;
        return Some(Injected { consequences: relations(scene), ..Injected::into(&label) });
    };
    let columns = scene.continuous(|_| true);
    let column = scene.one_of(columns)?;
    let numbers = scene.later.get(&column)?.numbers()?;
    let mut sorted: Vec<f64> = numbers.iter().flatten().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let cut = *sorted.get(((1.0 - share) * (sorted.len() as f64 - 1.0)) as usize)?;
    let (most, rarest) = (classes.first()?.0.clone(), classes.last()?.0.clone());
    let mut changed = 0;
    let words: Vec<Option<String>> = scene
        .later
        .get(&label)?
        .words()
        .into_iter()
        .enumerate()
        .map(|(row, word)| {
            let is_counted = numbers[row].is_some_and(|value| value >= cut) && word.as_ref() == Some(&rarest);
            changed += usize::from(is_counted);
            if is_counted { Some(most.clone()) } else { word }
        })
        .collect();
    if changed < 20 {
        return None;
    }
    let values = like(scene.later.get(&label)?, &words)?;
    scene.later.set(&label, values);
    Some(Injected { consequences: relations(scene), ..Injected::into(&label) })
}

/// The order of the labels along a column is turned round in some rows: the same labels, the same features.
pub fn reversed(scene: &mut Scene, share: f64) -> Option<Injected> {
    let label = scene.roles.label().map(str::to_owned)?;
    let column = strongest(scene, &label)?;
    let touched = scene.touched(scene.later.rows, share);
    let numbers = scene.later.get(&column)?.numbers()?;
    let mut rows: Vec<usize> = (0..scene.later.rows).filter(|row| touched[*row] && numbers[*row].is_some()).collect();
    rows.sort_by(|a, b| numbers[*a].partial_cmp(&numbers[*b]).unwrap_or(std::cmp::Ordering::Equal));
    let words = scene.later.get(&label)?.words();
    let mut turned = words.clone();
    for (row, from) in rows.iter().zip(rows.iter().rev()) {
        turned[*row] = words[*from].clone();
    }
    let values = like(scene.later.get(&label)?, &turned)?;
    scene.later.set(&label, values);
    Some(Injected { columns: vec![column, label], consequences: relations(scene), offline: None })
}

/// Every feature: with the labels of some rows, all that went with them goes with them less.
fn relations(scene: &Scene) -> Vec<String> {
    scene.features().map(str::to_owned).collect()
}

/// The numeric column whose ranks go most with those of the label: only there is something to turn round.
fn strongest(scene: &Scene, label: &str) -> Option<String> {
    let values = scene.train.get(label)?;
    let truth: Vec<f64> = match values.numbers() {
        Some(numbers) => numbers.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect(),
        None => {
            let first = classes(&scene.train, label)?.first()?.0.clone();
            values.words().iter().map(|word| f64::from(u8::from(word.as_ref() == Some(&first)))).collect()
        }
    };
    let strength = |column: &String| {
        let numbers = scene.train.get(column)?.numbers()?;
        let (a, b): (Vec<f64>, Vec<f64>) = numbers
            .iter()
            .zip(&truth)
            .filter_map(|(a, b)| Some((a.as_ref().copied()?, *b)))
            .filter(|(_, b)| b.is_finite())
            .unzip();
        Some(stats::regression::spearman(&a, &b)?.abs())
    };
    let known = scene.continuous(|_| true).into_iter().filter_map(|column| Some((strength(&column)?, column)));
    known.filter(|(strength, _)| *strength >= 0.2).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, column)| column)
}

fn like(values: &Values, words: &[Option<String>]) -> Option<Values> {
    fn read<T: std::str::FromStr>(words: &[Option<String>]) -> Vec<Option<T>> {
        words.iter().map(|word| word.as_ref()?.parse().ok()).collect()
    }
    Some(match values {
        Values::Whole(_) => Values::Whole(read(words)),
        Values::Numbers(_) => Values::Numbers(read(words)),
        Values::Truths(_) => Values::Truths(read(words)),
        Values::Words(_) => Values::Words(words.to_vec()),
        Values::Moments(_) => return None,
    })
}
