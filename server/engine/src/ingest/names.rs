//! Column names: none may be lost, so a name that comes twice gets a number.

use std::collections::HashSet;

use domain::snapshot::ReadNote;

use super::table::column_note;

/// Makes every name unique (`score`, `score_2`), with a note for each that was changed.
pub(super) fn unique_names(given: Vec<String>) -> (Vec<String>, Vec<ReadNote>) {
    let taken: HashSet<String> = given.iter().cloned().collect();
    let mut used: HashSet<String> = HashSet::new();
    let mut notes = Vec::new();
    let names = given
        .into_iter()
        .map(|name| {
            if used.insert(name.clone()) {
                return name;
            }
            let renamed = (2..)
                .map(|number| format!("{name}_{number}"))
                .find(|candidate| !taken.contains(candidate) && !used.contains(candidate))
                .unwrap_or_default();
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
