//! What was read in one of several plausible ways, as the diagnosis lists it.

use domain::evaluation::{EvaluationRun, PositiveBy};
use domain::naming::{name, values};
use domain::{ColumnRole, Reading, ReadingOf, Sureness};
use measure::ingest::guess::is_plain_name;

/// The readings that show in the evaluation runs.
pub(super) fn of_runs(runs: &[EvaluationRun]) -> Vec<Reading> {
    let positive = runs.iter().find_map(positive_class);
    let mut readings: Vec<Reading> = positive.into_iter().collect();
    for guessed in runs.iter().flat_map(|run| &run.guessed) {
        let reading = guessed_role(guessed.role, &guessed.column);
        if !is_plain_name(guessed.role, &guessed.column) && !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings
}

/// `None` where the names of the classes leave no doubt.
fn positive_class(run: &EvaluationRun) -> Option<Reading> {
    let (positive, by) = (run.positive.as_ref()?, run.positive_by?);
    let sureness = match by {
        PositiveBy::Known | PositiveBy::YesAndNo => return None,
        PositiveBy::GreaterNumber | PositiveBy::ScoreName | PositiveBy::Predictions => Sureness::Likely,
        PositiveBy::Scores | PositiveBy::Order => Sureness::Open,
    };
    Some(Reading {
        of: ReadingOf::PositiveClass,
        file: Some(run.name.clone()),
        columns: Vec::new(),
        taken: format!("{} is the positive class, so a high score means {}.", values(&[positive]), values(&[positive])),
        why: sentence(by.words()),
        sureness,
        change: "Name the other class with --positive, or write the labels as 0 and 1.".to_owned(),
    })
}

fn guessed_role(role: ColumnRole, column: &str) -> Reading {
    let words = ColumnRole::NAMED.iter().find(|named| named.role == role).map_or("column", |named| named.hint);
    Reading {
        of: ReadingOf::ColumnRole,
        file: None,
        columns: vec![column.to_owned()],
        taken: format!("{} is read as {words}.", name(column)),
        why: "Its values and its name fit, and nobody named the column.".to_owned(),
        sureness: Sureness::Likely,
        change: format!("Name the right column with --{}.", role.id()),
    }
}

/// With a capital first letter and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::evaluation::GuessedColumn;

    fn run(positive: &str, by: PositiveBy) -> EvaluationRun {
        let run = EvaluationRun::of_regression("r.csv", "test", &[1.0, 2.0], &[1.0, 2.0]);
        EvaluationRun { positive: Some(positive.into()), positive_by: Some(by), ..run }
    }

    #[test]
    fn a_doubtful_positive_class_is_listed_and_a_plain_one_is_not() {
        let readings = of_runs(&[run("2", PositiveBy::GreaterNumber)]);
        assert_eq!(readings.len(), 1);
        assert!(readings[0].taken.starts_with("“2” is the positive class"), "{}", readings[0].taken);
        assert_eq!(readings[0].why, "It is the greater number, as in scikit-learn.");
        assert!(of_runs(&[run("1", PositiveBy::YesAndNo)]).is_empty());
    }

    #[test]
    fn a_column_that_was_guessed_by_its_values_is_listed_once() {
        let guessed = |column: &str| GuessedColumn { role: ColumnRole::Prediction, column: column.into() };
        let runs = ["approved", "approved", "y_pred"]
            .map(|column| EvaluationRun { guessed: vec![guessed(column)], ..run("1", PositiveBy::YesAndNo) });
        let readings = of_runs(&runs);
        assert_eq!(readings.len(), 1, "{readings:?}");
        assert_eq!(readings[0].columns, ["approved"]);
    }
}
