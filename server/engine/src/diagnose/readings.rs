//! What was read in one of several plausible ways, as the diagnosis lists it.

use domain::evaluation::{EvaluationRun, PositiveBy};
use domain::naming::{name, names, values};
use domain::number::counted;
use domain::profile::{ColumnProfile, DECIMAL_COMMA};
use domain::{ColumnRole, Reading, ReadingOf, Sureness};
use measure::ingest::guess::is_plain_name;
use measure::ingest::guess::together::LabelGuess;
use measure::ingest::{DateOrder, Epoch, is_spelling_of_missing};
use measure::inputs::Snapshot;

/// The readings that show in the files: spellings, the order of dates, times that are numbers.
pub(super) fn of_files(snapshots: &[Snapshot]) -> Vec<Reading> {
    let mut readings = Vec::new();
    for snapshot in snapshots {
        let columns = snapshot.profiled.iter().flat_map(|profiled| &profiled.profile.columns);
        let columns: Vec<&ColumnProfile> = columns.collect();
        readings.extend(columns.iter().flat_map(|column| of_column(column, &snapshot.name)));
        readings.extend(decimal_comma(&columns, &snapshot.name));
    }
    readings
}

/// The columns of one file whose decimals follow a comma.
fn decimal_comma(columns: &[&ColumnProfile], file: &str) -> Option<Reading> {
    let commas = columns.iter().filter(|column| column.stored_type == DECIMAL_COMMA);
    let columns: Vec<String> = commas.map(|column| column.name.clone()).collect();
    (!columns.is_empty()).then(|| Reading {
        of: ReadingOf::DecimalMark,
        file: Some(file.to_owned()),
        taken: format!("A comma stands before the decimals of {}.", names(&columns)),
        columns,
        why: "Not all values are numbers with a decimal point.".to_owned(),
        sureness: Sureness::Likely,
        change: "Write a point before the decimals.".to_owned(),
    })
}

fn of_column(column: &ColumnProfile, file: &str) -> Vec<Reading> {
    let reading = |of, taken, why: &str, change: &str| Reading {
        of,
        file: Some(file.to_owned()),
        columns: vec![column.name.clone()],
        taken,
        why: why.to_owned(),
        sureness: Sureness::Likely,
        change: change.to_owned(),
    };
    let mut readings = Vec::new();
    // Only text has spellings: a typed file says itself what is missing.
    let counts = column.categories.iter().flat_map(|categories| &categories.counts);
    let kept = counts.filter(|(value, _)| column.stored_type == "String" && is_spelling_of_missing(value));
    readings.extend(kept.map(|(value, rows)| {
        reading(
            ReadingOf::MissingValue,
            format!("{} is a value of {} ({}).", values(&[value]), name(&column.name), counted(*rows, "row")),
            "All other values have the same form, or another file has it as a value.",
            "Leave the cells of missing values empty.",
        )
    }));
    if let Some(order) = DateOrder::of_stored_type(&column.stored_type) {
        readings.push(reading(
            ReadingOf::DateOrder,
            format!("The dates of {} have {}.", name(&column.name), order.words()),
            "Not all dates exist in the other order, or another file has this one.",
            "Write the dates as YYYY-MM-DD.",
        ));
    }
    if let Some(epoch) = Epoch::of_stored_type(&column.stored_type) {
        readings.push(reading(
            ReadingOf::TimeUnit,
            format!("The numbers of {} are times: {}.", name(&column.name), epoch.words()),
            "The column is named as the time, or its name and its values fit.",
            "Name another column with --time, or write the times as YYYY-MM-DD HH:MM:SS.",
        ));
    }
    readings
}

/// The label that all files together showed.
pub(super) fn of_label(label: &LabelGuess) -> Reading {
    let others = match label.others.as_slice() {
        [] => String::new(),
        others => format!(" It could be {} as well.", names(others)),
    };
    Reading {
        of: ReadingOf::ColumnRole,
        file: None,
        columns: std::iter::once(&label.column).chain(&label.others).cloned().collect(),
        taken: format!("{} is read as the label.", name(&label.column)),
        why: format!("{}{others}", label.shown.words()),
        sureness: label.sureness,
        change: "Name the right column with --label.".to_owned(),
    }
}

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
