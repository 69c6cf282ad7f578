//! Column names: none may be lost, so a name that comes twice gets a number.

use std::collections::{HashMap, HashSet};

use domain::snapshot::ReadNote;

use super::table::column_note;

/// Makes every name unique (`score`, `score_2`), with a note for each that was changed.
pub(super) fn unique_names(given: Vec<String>) -> (Vec<String>, Vec<ReadNote>) {
    let taken: HashSet<String> = given.iter().cloned().collect();
    let mut used: HashSet<String> = HashSet::new();
    // The last number given to each name, so that thousands of equal names do not each count from two.
    let mut last: HashMap<String, u64> = HashMap::new();
    let mut notes = Vec::new();
    let names = given
        .into_iter()
        .map(|name| {
            if used.insert(name.clone()) {
                return name;
            }
            let number = last.entry(name.clone()).or_insert(1);
            let renamed = loop {
                *number += 1;
                let candidate = format!("{name}_{number}");
                if !taken.contains(&candidate) && !used.contains(&candidate) {
                    break candidate;
                }
            };
            notes.push(column_note(
                &renamed,
                format!("another column is named {name:?} too; this one is shown as {renamed:?}"),
            ));
            used.insert(renamed.clone());
            renamed
        })
        .collect();
    (names, notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_kept_under_a_name_of_its_own() {
        let given = ["x", "x", "x_2", "x", ""].map(str::to_owned).to_vec();
        let (names, notes) = unique_names(given);
        assert_eq!(names, ["x", "x_3", "x_2", "x_4", ""]);
        assert_eq!(notes.len(), 2);
    }
}
