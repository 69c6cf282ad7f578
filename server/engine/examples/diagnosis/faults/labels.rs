//! Faults in the labels, and features that give them away.

use super::Injected;
use crate::scene::Scene;
use crate::table::{Spread, Table, Values, shares};

/// With more different values a label of numbers is an amount.
const CLASSES: usize = 20;

/// The classes of a label, the most frequent first; `None` where it is an amount.
pub fn classes(table: &Table, label: &str) -> Option<Vec<(String, f64)>> {
    let values = table.get(label)?;
    let shares = shares(&values.words());
    (shares.len() >= 2 && shares.len() <= CLASSES).then_some(shares)
}

/// A column on both sides that is the label with some noise: another class in that share of the rows, or normal noise of
/// that many standard deviations.
pub fn leak(scene: &mut Scene, noise: f64) -> Option<Injected> {
    let label = scene.roles.label().map(str::to_owned)?;
    let column = "attribute_1";
    let classes = classes(&scene.train, &label);
    let spread = scene.spread(&label);
    for later in [false, true] {
        let table = if later { &scene.later } else { &scene.train };
        let values = table.get(&label)?.clone();
        let copy: Vec<Option<f64>> = match &classes {
            Some(classes) => values
                .words()
                .iter()
                .map(|word| {
                    let class = classes.iter().position(|(class, _)| Some(class) == word.as_ref())?;
                    let other = (class + 1 + scene.rng.below(classes.len() - 1)) % classes.len();
                    Some(10.0 + if scene.rng.next_f64() < noise { other } else { class } as f64)
                })
                .collect(),
            None => {
                let Spread { std, .. } = spread.as_ref()?;
                let noise: Vec<f64> = (0..table.rows).map(|_| normal(scene) * noise * std).collect();
                let numbers = values.numbers()?;
                numbers.iter().zip(noise).map(|(value, noise)| value.map(|value| value + noise)).collect()
            }
        };
        let table = if later { &mut scene.later } else { &mut scene.train };
        table.set(column, Values::Numbers(copy));
    }
    Some(Injected::into(column))
}

/// Another class in some training rows.
pub fn noise(scene: &mut Scene, rate: f64) -> Option<Injected> {
    let label = scene.roles.label().map(str::to_owned)?;
    let classes = classes(&scene.train, &label)?;
    let touched = scene.touched(scene.train.rows, rate);
    let values = scene.train.get(&label)?.clone();
    let words: Vec<Option<String>> = values
        .words()
        .into_iter()
        .zip(touched)
        .map(|(word, touched)| {
            let class = classes.iter().position(|(class, _)| Some(class) == word.as_ref());
            match class {
                Some(class) if touched => {
                    let other = (class + 1 + scene.rng.below(classes.len() - 1)) % classes.len();
                    Some(classes[other].0.clone())
                }
                _ => word,
            }
        })
        .collect();
    fn read<T: std::str::FromStr>(words: &[Option<String>]) -> Vec<Option<T>> {
        words.iter().map(|word| word.as_ref()?.parse().ok()).collect()
    }
    let noisy = match values {
        Values::Whole(_) => Values::Whole(read(&words)),
        Values::Numbers(_) => Values::Numbers(read(&words)),
        Values::Truths(_) => Values::Truths(read(&words)),
        Values::Words(_) => Values::Words(words),
        Values::Moments(_) => return None,
    };
    scene.train.set(&label, noisy);
    Some(Injected::into(&label))
}

/// Box and Muller.
fn normal(scene: &mut Scene) -> f64 {
    let radius = (-2.0 * (1.0 - scene.rng.next_f64()).ln()).sqrt();
    radius * (std::f64::consts::TAU * scene.rng.next_f64()).cos()
}
