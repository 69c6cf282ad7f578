//! Faults in which rows there are: nothing is changed, others are drawn.

use domain::ColumnRole;

use super::Injected;
use super::labels::classes;
use crate::scene::Scene;
use crate::table::{Table, Values};

/// A column whose distribution moves by this much in the population from which the rows are drawn has really shifted.
const MOVED: f64 = 0.03;
/// Of the rows that are left, a selection takes at most this share, so that there is something to select.
const SELECTED: usize = 3;

/// Rows are the likelier to be served the larger their value in one numeric column.
pub fn shift(scene: &mut Scene, tilt: f64) -> Option<Injected> {
    let columns = scene.continuous(|_| true);
    let column = scene.one_of(columns)?;
    let numbers = scene.rest.get(&column)?.numbers()?;
    let mut sorted: Vec<f64> = numbers.iter().flatten().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let weights: Vec<f64> = numbers
        .iter()
        .map(|value| {
            let rank =
                value.map_or(0.5, |value| sorted.partition_point(|other| *other < value) as f64 / sorted.len() as f64);
            (tilt * (rank - 0.5)).exp()
        })
        .collect();
    let consequences = moved(&scene.rest, &weights);
    select(scene, &weights);
    let consequences = consequences.into_iter().filter(|name| *name != column && is_compared(scene, name)).collect();
    Some(Injected { columns: vec![column], consequences, offline: None })
}

/// One class, or the upper two fifths of an amount, becomes that much more frequent (or rarer where it can't).
pub fn prior(scene: &mut Scene, moved_share: f64) -> Option<Injected> {
    let label = scene.roles.label().map(str::to_owned)?;
    let is_in = membership(scene, &label)?;
    let share = is_in.iter().filter(|is_in| **is_in).count() as f64 / is_in.len() as f64;
    let wanted = if share + moved_share < 0.95 { share + moved_share } else { share - moved_share };
    if !(0.02..0.98).contains(&wanted) {
        return None;
    }
    draw_share(scene, &is_in, wanted);
    let consequences = scene.features().map(str::to_owned).collect();
    Some(Injected { columns: vec![label], consequences, offline: None })
}

/// Train loses rows of its rarest class until it has that share.
pub fn imbalance(scene: &mut Scene, share: f64) -> Option<Injected> {
    let label = scene.roles.label().map(str::to_owned)?;
    let (rarest, now) = classes(&scene.train, &label)?.pop()?;
    if now <= share {
        return None;
    }
    let words = scene.train.get(&label)?.words();
    let others = words.iter().filter(|word| word.as_ref() != Some(&rarest)).count();
    let keep = (share * others as f64 / (1.0 - share)).round() as usize;
    if keep == 0 {
        return None;
    }
    let mut kept = 0;
    let rows: Vec<usize> = (0..words.len())
        .filter(|&row| {
            let is_rare = words[row].as_ref() == Some(&rarest);
            kept += usize::from(is_rare);
            !is_rare || kept <= keep
        })
        .collect();
    scene.train = scene.train.take(&rows);
    let consequences = scene.features().map(str::to_owned).collect();
    Some(Injected { columns: vec![label], consequences, offline: None })
}

fn is_compared(scene: &Scene, column: &str) -> bool {
    matches!(scene.roles.of(column), ColumnRole::Feature | ColumnRole::Label)
}

/// Whether each row left is of the class (or above the amount) that is to become more frequent.
fn membership(scene: &Scene, label: &str) -> Option<Vec<bool>> {
    let values = scene.rest.get(label)?;
    if let Some(classes) = classes(&scene.train, label) {
        let class = &classes.last()?.0;
        return Some(values.words().iter().map(|word| word.as_ref() == Some(class)).collect());
    }
    let numbers = values.numbers()?;
    let mut sorted: Vec<f64> = numbers.iter().flatten().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let cut = *sorted.get(sorted.len() * 3 / 5)?;
    Some(numbers.iter().map(|value| value.is_some_and(|value| value > cut)).collect())
}

/// As many rows as there are for it, of which `wanted` are members.
fn draw_share(scene: &mut Scene, is_in: &[bool], wanted: f64) {
    let mut rows: Vec<usize> = (0..is_in.len()).collect();
    scene.rng.shuffle(&mut rows);
    let (inside, outside): (Vec<usize>, Vec<usize>) = rows.into_iter().partition(|row| is_in[*row]);
    let count = (inside.len() as f64 / wanted).min(outside.len() as f64 / (1.0 - wanted)).min(scene.later.rows as f64);
    let members = (count * wanted).round() as usize;
    let mut chosen: Vec<usize> = inside[..members.min(inside.len())].to_vec();
    chosen.extend(&outside[..((count as usize).saturating_sub(members)).min(outside.len())]);
    scene.rng.shuffle(&mut chosen);
    let later = scene.rest.take(&chosen);
    scene.replace_later(later);
}

/// Draws without replacement, by weight (Efraimidis and Spirakis 2006: the largest `u^(1/w)`).
fn select(scene: &mut Scene, weights: &[f64]) {
    let count = scene.later.rows.min((weights.len() / SELECTED).max(1));
    let mut keys: Vec<(f64, usize)> =
        weights.iter().enumerate().map(|(row, weight)| (scene.rng.next_f64().ln() / weight, row)).collect();
    keys.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut chosen: Vec<usize> = keys.into_iter().take(count).map(|(_, row)| row).collect();
    scene.rng.shuffle(&mut chosen);
    let later = scene.rest.take(&chosen);
    scene.replace_later(later);
}

/// Columns whose distribution under the weights is another one: Kolmogorov's distance for numbers, total variation for
/// the rest.
fn moved(table: &Table, weights: &[f64]) -> Vec<String> {
    let all: f64 = weights.iter().sum();
    let differs = |values: &Values| {
        let words = values.words();
        let numbers = values.numbers();
        let mut rows: Vec<usize> = (0..table.rows).filter(|row| words[*row].is_some()).collect();
        match &numbers {
            Some(numbers) => {
                rows.sort_by(|a, b| numbers[*a].partial_cmp(&numbers[*b]).unwrap_or(std::cmp::Ordering::Equal))
            }
            None => rows.sort_by(|a, b| words[*a].cmp(&words[*b])),
        }
        let (mut gap, mut largest, mut total, mut group) = (0.0_f64, 0.0_f64, 0.0, 0.0_f64);
        for (place, &row) in rows.iter().enumerate() {
            let step = weights[row] / all - 1.0 / table.rows as f64;
            gap += step;
            group += step;
            let ends = rows.get(place + 1).is_none_or(|next| words[*next] != words[row]);
            if ends {
                largest = largest.max(gap.abs());
                total += group.abs() / 2.0;
                group = 0.0;
            }
        }
        if numbers.is_some() { largest >= MOVED } else { total >= MOVED }
    };
    table.columns.iter().filter(|(_, values)| differs(values)).map(|(name, _)| name.clone()).collect()
}
