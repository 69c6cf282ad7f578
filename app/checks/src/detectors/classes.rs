//! The classes of a label or a prediction, counted on either side.

use crate::detectors::rates::RateChange;
use domain::profile::ColumnProfile;
use domain::snapshot::ColumnKind;
use stats::intervals::Share;
use stats::multiple::benjamini_hochberg;

/// More different values than this, and a column of numbers holds quantities rather than classes.
pub const MOST_CLASSES: u64 = 20;

/// Classes with their counts, over the rows that have one: from the categories, or from the single values of a column of
/// few whole numbers (then over the sample).
pub fn class_counts(column: &ColumnProfile) -> Option<Vec<(String, u64)>> {
    if matches!(column.kind, ColumnKind::Categorical | ColumnKind::Boolean | ColumnKind::Text) {
        return column.categories.as_ref().map(|categories| categories.counts.clone());
    }
    let numbers = column.numeric.as_ref()?;
    let few = column.distinct <= MOST_CLASSES && numbers.integers;
    let runs = || numbers.sorted.chunk_by(|a, b| a == b).map(|run| (format!("{}", run[0]), run.len() as u64)).collect();
    few.then(runs)
}

/// How one class's share changed.
#[derive(Debug, Clone)]
pub struct ClassChange {
    pub class: String,
    pub change: RateChange,
    /// Fisher's p after Benjamini-Hochberg over the classes.
    pub q: f64,
}

/// The change of every class of either side, most certain first. Of two classes only one is returned: the positive
/// one by its name, or else the rarer one.
pub fn class_changes(reference: &[(String, u64)], current: &[(String, u64)]) -> Vec<ClassChange> {
    let total = |counts: &[(String, u64)]| counts.iter().map(|(_, count)| count).sum::<u64>();
    let (n, m) = (total(reference), total(current));
    let events = |counts: &[(String, u64)], class: &str| {
        counts.iter().find(|(value, _)| value == class).map_or(0, |(_, count)| *count)
    };
    let mut classes: Vec<&String> = reference.iter().map(|(class, _)| class).collect();
    classes.extend(current.iter().map(|(class, _)| class).filter(|class| events(reference, class) == 0));
    if let [a, b] = classes[..] {
        let rarer = if events(reference, a) <= events(reference, b) { a } else { b };
        classes = vec![[a, b].into_iter().find(|class| reads_positive(class)).unwrap_or(rarer)];
    }
    let changes: Vec<(String, RateChange)> = classes
        .into_iter()
        .map(|class| {
            (
                class.clone(),
                RateChange::new(Share::new(events(reference, class), n), Share::new(events(current, class), m)),
            )
        })
        .collect();
    let q_values = benjamini_hochberg(&changes.iter().map(|(_, change)| change.p).collect::<Vec<_>>());
    let mut judged: Vec<ClassChange> =
        changes.into_iter().zip(q_values).map(|((class, change), q)| ClassChange { class, change, q }).collect();
    judged
        .sort_by(|a, b| a.q.total_cmp(&b.q).then(b.change.difference().abs().total_cmp(&a.change.difference().abs())));
    judged
}

fn reads_positive(class: &str) -> bool {
    matches!(class.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "y" | "t" | "positive")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(of: &[(&str, u64)]) -> Vec<(String, u64)> {
        of.iter().map(|(class, count)| ((*class).to_owned(), *count)).collect()
    }

    #[test]
    fn of_two_classes_the_positive_is_returned_else_the_rarer() {
        let told = class_changes(&counts(&[("0", 600), ("1", 600)]), &counts(&[("0", 675), ("1", 225)]));
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].class, "1");
        assert!((told[0].change.difference() + 0.25).abs() < 1e-12);
        let named = class_changes(&counts(&[("ham", 90), ("spam", 10)]), &counts(&[("ham", 80), ("spam", 20)]));
        assert_eq!(named[0].class, "spam");
    }

    #[test]
    fn the_most_certain_change_comes_first_and_new_classes_count() {
        let told = class_changes(
            &counts(&[("a", 500), ("b", 300), ("c", 200)]),
            &counts(&[("a", 500), ("b", 200), ("d", 300)]),
        );
        assert_eq!(told.len(), 4);
        assert_eq!(told[0].class, "d");
        assert!(told[0].change.before() == 0.0);
    }
}
