//! Faults in the categories of text columns.

use std::collections::BTreeMap;

use super::Injected;
use crate::scene::Scene;
use crate::table::{Table, Values, shares};

/// The shares of two categories that are exchanged must differ by this, or nothing could be seen.
const APART: f64 = 0.15;

fn changed(table: &mut Table, column: &str, change: impl Fn(usize, &str) -> String) -> Option<()> {
    let Some(Values::Words(words)) = table.get_mut(column) else { return None };
    for (row, word) in words.iter_mut().enumerate() {
        if let Some(word) = word {
            *word = change(row, word);
        }
    }
    Some(())
}

/// Lower case, or upper case where it is lower already.
pub fn respelled(scene: &mut Scene, rate: f64) -> Option<Injected> {
    let columns = scene.categorical(|shares| shares.iter().all(|(word, _)| word.chars().any(char::is_alphabetic)));
    let column = scene.one_of(columns)?;
    let touched = scene.touched(scene.later.rows, rate);
    changed(&mut scene.later, &column, |row, word| match (touched[row], word.to_lowercase()) {
        (false, _) => word.to_owned(),
        (true, lower) if lower == word => word.to_uppercase(),
        (true, lower) => lower,
    })?;
    Some(Injected::into(&column))
}

/// Other names for some categories, or, at a share of 0, two names exchanged.
pub fn renamed(scene: &mut Scene, share: f64) -> Option<Injected> {
    let columns = scene.categorical(|shares| shares[0].1 - shares[shares.len() - 1].1 >= APART);
    let column = scene.one_of(columns)?;
    let known = shares(&scene.train.get(&column)?.words());
    let (most, least) = (&known[0].0, &known[known.len() - 1].0);
    let names: BTreeMap<&str, String> = if share == 0.0 {
        BTreeMap::from([(most.as_str(), least.clone()), (least.as_str(), most.clone())])
    } else {
        let some = ((known.len() as f64 * share).round() as usize).max(1);
        known.iter().take(some).enumerate().map(|(place, (word, _))| (word.as_str(), format!("G{place:02}"))).collect()
    };
    changed(&mut scene.later, &column, |_, word| names.get(word).cloned().unwrap_or_else(|| word.to_owned()))?;
    Some(Injected::into(&column))
}

pub fn unseen(scene: &mut Scene, rate: f64) -> Option<Injected> {
    let columns = scene.categorical(|_| true);
    let column = scene.one_of(columns)?;
    let touched = scene.touched(scene.later.rows, rate);
    changed(&mut scene.later, &column, |row, word| if touched[row] { "Otherwise".into() } else { word.to_owned() })?;
    Some(Injected::into(&column))
}

/// A text column held as codes, numbered in another order at serving: by the alphabet on both sides, with a share of the
/// codes turned round by one place (at 0 only the most and the least frequent exchanged).
pub fn encoded(scene: &mut Scene, share: f64) -> Option<Injected> {
    let columns = scene.categorical(|shares| shares.len() >= 3 && shares[0].1 - shares[shares.len() - 1].1 >= APART);
    let column = scene.one_of(columns)?;
    let known = shares(&scene.train.get(&column)?.words());
    let mut alphabet: Vec<&str> = known.iter().map(|(word, _)| word.as_str()).collect();
    alphabet.sort_unstable();
    let in_train: BTreeMap<&str, i64> = alphabet.iter().enumerate().map(|(code, word)| (*word, code as i64)).collect();
    let mut at_serving = in_train.clone();
    let turned: Vec<&str> = if share == 0.0 {
        vec![known[0].0.as_str(), known[known.len() - 1].0.as_str()]
    } else {
        let some = ((known.len() as f64 * share).round() as usize).max(2);
        known.iter().take(some).map(|(word, _)| word.as_str()).collect()
    };
    for (place, word) in turned.iter().enumerate() {
        let next = turned[(place + 1) % turned.len()];
        at_serving.insert(word, in_train[next]);
    }
    let name = format!("{column}_code");
    for (table, codes) in [(&mut scene.train, &in_train), (&mut scene.later, &at_serving)] {
        let words = table.get(&column)?.words();
        // A category that train lacks gets the next number.
        let beyond = known.len() as i64;
        let coded = words.iter().map(|word| word.as_deref().map(|word| *codes.get(word).unwrap_or(&beyond))).collect();
        table.set(&name, Values::Whole(coded));
        table.remove(&column);
    }
    Some(Injected::into(&name))
}
