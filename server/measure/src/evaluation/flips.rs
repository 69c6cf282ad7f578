//! Two runs of the same rows: which rows are the same, and what each run answered in them.

use domain::selection::JoinedBy;
use domain::snapshot::Roles;
use domain::{Problem, ProblemKind};
use polars::prelude::DataFrame;

use super::run::Answers;
use crate::row_ids::{ids, rows_by_id};

/// The sampled rows of one run.
pub struct RunRows<'a> {
    /// What people call its file.
    pub name: &'a str,
    pub frame: &'a DataFrame,
    pub roles: &'a Roles,
    /// Which of them belong to the run.
    pub inside: Vec<bool>,
    /// These are all its rows.
    pub is_whole: bool,
}

/// One label or answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Class(String),
    Number(f64),
}

/// A row that both runs have, with its label and both answers.
#[derive(Debug, Clone, PartialEq)]
pub struct AnsweredTwice {
    /// The id, or the place in the first run from 1.
    pub id: String,
    /// Its place in the frame of the first run and in that of the second.
    pub places: (usize, usize),
    pub label: Answer,
    pub first: Answer,
    pub second: Answer,
}

/// The rows of both runs.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoRuns {
    pub joined_by: JoinedBy,
    pub rows: Vec<AnsweredTwice>,
    /// Rows of one run that the other lacks, or that lack a label or an answer, or of which the files give two labels.
    pub left_out: u64,
}

/// Matches the rows by their ids, or by their order where neither has ids and all labels agree.
///
/// # Errors
/// `BadInput` where a run has no answers, or its rows can't be matched.
pub fn two_runs(first: &RunRows<'_>, second: &RunRows<'_>) -> Result<TwoRuns, Problem> {
    let (one, other) = (Read::of(first)?, Read::of(second)?);
    let (joined_by, places) = match by_id(first, second) {
        Some((column, places)) => (JoinedBy::Id(column), places),
        None => (JoinedBy::Order, by_order(first, second, &one, &other)?),
    };
    let all = [first, second].map(|run| run.inside.iter().filter(|inside| **inside).count() as u64);
    let rows: Vec<AnsweredTwice> = places
        .into_iter()
        .filter_map(|Match { id, places: (a, b) }| {
            let label = agreed(one.label(a), other.label(b))?;
            Some(AnsweredTwice { id, places: (a, b), label, first: one.answer(a)?, second: other.answer(b)? })
        })
        .collect();
    let left_out = all.iter().sum::<u64>() - 2 * rows.len() as u64;
    Ok(TwoRuns { joined_by, rows, left_out })
}

/// The same row in both frames.
struct Match {
    id: String,
    places: (usize, usize),
}

/// `None` without a column of ids in both, and where no id is in both.
fn by_id(first: &RunRows<'_>, second: &RunRows<'_>) -> Option<(String, Vec<Match>)> {
    let ids_of = |run: &RunRows<'_>| {
        let column = run.frame.column(run.roles.id()?).ok()?.as_materialized_series();
        let mut found = ids(column)?;
        for (id, inside) in found.iter_mut().zip(&run.inside) {
            *id = id.take().filter(|_| *inside);
        }
        Some(found)
    };
    let (first_ids, second_ids) = (ids_of(first)?, ids_of(second)?);
    let there = rows_by_id(&second_ids);
    let mut matches: Vec<Match> = rows_by_id(&first_ids)
        .into_iter()
        .filter_map(|(id, here)| Some(Match { id: id.to_owned(), places: (here?, there.get(id).copied().flatten()?) }))
        .collect();
    matches.sort_unstable_by_key(|one| one.places);
    let column = first.roles.id()?.to_owned();
    (!matches.is_empty()).then_some((column, matches))
}

/// Equally many rows whose labels are the same one by one are the same rows.
fn by_order(first: &RunRows<'_>, second: &RunRows<'_>, one: &Read, other: &Read) -> Result<Vec<Match>, Problem> {
    let places = |run: &RunRows<'_>| -> Vec<usize> {
        run.inside.iter().enumerate().filter(|(_, inside)| **inside).map(|(row, _)| row).collect()
    };
    let (here, there) = (places(first), places(second));
    let is_same = here.len() == there.len()
        && first.is_whole
        && second.is_whole
        && here.iter().zip(&there).all(|(a, b)| match (one.label(*a), other.label(*b)) {
            (Some(a), Some(b)) => a == b,
            (a, b) => a.is_none() && b.is_none(),
        });
    if !is_same {
        return Err(Problem::new(
            ProblemKind::BadInput,
            format!(
                "The rows of {} and {} can't be matched: they share no id, and their labels differ. Name the column with the id of a row in both \
                 files on the inputs page.",
                first.name, second.name
            ),
        ));
    }
    let matches = here.into_iter().zip(there).enumerate();
    Ok(matches.map(|(at, places)| Match { id: (at + 1).to_string(), places }).collect())
}

/// The labels and answers of one run, row by row.
enum Read {
    Classes { names: Vec<String>, truth: Vec<Option<u32>>, predicted: Vec<Option<u32>> },
    Numbers { truth: Vec<Option<f64>>, predicted: Vec<Option<f64>> },
}

impl Read {
    fn of(run: &RunRows<'_>) -> Result<Read, Problem> {
        let nothing = |what: &str| {
            Problem::bad_input(format!(
                "{} has no {what} that can be compared row by row. Name the column on the inputs page.",
                run.name
            ))
        };
        match Answers::find(run.frame, run.roles, None).ok_or_else(|| nothing("labels and predictions"))? {
            Answers::Numbers { truth, predicted } => Ok(Read::Numbers { truth, predicted }),
            Answers::Classes(classes) => {
                let predicted = classes.predicted.ok_or_else(|| nothing("column of predictions"))?;
                Ok(Read::Classes { names: classes.names, truth: classes.truth, predicted })
            }
        }
    }

    fn label(&self, row: usize) -> Option<Answer> {
        match self {
            Read::Classes { names, truth, .. } => named(names, truth, row),
            Read::Numbers { truth, .. } => number(truth, row),
        }
    }

    fn answer(&self, row: usize) -> Option<Answer> {
        match self {
            Read::Classes { names, predicted, .. } => named(names, predicted, row),
            Read::Numbers { predicted, .. } => number(predicted, row),
        }
    }
}

fn named(names: &[String], codes: &[Option<u32>], row: usize) -> Option<Answer> {
    let code = codes.get(row).copied().flatten()?;
    names.get(code as usize).cloned().map(Answer::Class)
}

fn number(values: &[Option<f64>], row: usize) -> Option<Answer> {
    values.get(row).copied().flatten().filter(|value| value.is_finite()).map(Answer::Number)
}

/// The label that both give, or the one that only one gives.
fn agreed(first: Option<Answer>, second: Option<Answer>) -> Option<Answer> {
    match (first, second) {
        (Some(a), Some(b)) => (a == b).then_some(a),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use domain::ColumnRole;
    use polars::prelude::{Column, NamedFrom, Series};

    use super::*;

    fn frame(ids: Option<&[&str]>, labels: &[i64], answers: &[i64]) -> DataFrame {
        let mut columns: Vec<Column> = vec![
            Series::new("label".into(), labels.to_vec()).into(),
            Series::new("prediction".into(), answers.to_vec()).into(),
        ];
        if let Some(ids) = ids {
            columns.push(Series::new("id".into(), ids.to_vec()).into());
        }
        DataFrame::new(labels.len(), columns).unwrap()
    }

    fn roles() -> Roles {
        Roles::from([(ColumnRole::Id, "id"), (ColumnRole::Label, "label"), (ColumnRole::Prediction, "prediction")])
    }

    fn run<'a>(name: &'a str, frame: &'a DataFrame, roles: &'a Roles) -> RunRows<'a> {
        RunRows { name, frame, roles, inside: vec![true; frame.height()], is_whole: true }
    }

    #[test]
    fn rows_are_matched_by_id_whatever_their_order_and_others_are_left_out() {
        let roles = roles();
        let first = frame(Some(&["a", "b", "c", "c"]), &[1, 0, 1, 1], &[1, 0, 0, 0]);
        let second = frame(Some(&["b", "a", "d"]), &[0, 1, 1], &[1, 1, 1]);
        let found = two_runs(&run("v1", &first, &roles), &run("v2", &second, &roles)).unwrap();
        assert_eq!(found.joined_by, JoinedBy::Id("id".into()));
        let seen: Vec<(&str, (usize, usize))> = found.rows.iter().map(|row| (row.id.as_str(), row.places)).collect();
        // An id that comes twice is no one's.
        assert_eq!(seen, [("a", (0, 1)), ("b", (1, 0))]);
        assert_eq!(found.left_out, 3);
        let answers = |row: &AnsweredTwice| (row.label.clone(), row.first.clone(), row.second.clone());
        let class = |name: &str| Answer::Class(name.to_owned());
        assert_eq!(answers(&found.rows[1]), (class("0"), class("0"), class("1")));
    }

    #[test]
    fn without_ids_equal_labels_in_the_same_order_are_the_same_rows() {
        let roles = roles();
        let (first, second) = (frame(None, &[1, 0, 1], &[1, 0, 0]), frame(None, &[1, 0, 1], &[0, 0, 1]));
        let found = two_runs(&run("v1", &first, &roles), &run("v2", &second, &roles)).unwrap();
        assert_eq!((found.joined_by, found.rows.len(), found.left_out), (JoinedBy::Order, 3, 0));
        let other = frame(None, &[1, 1, 0], &[0, 0, 1]);
        let refused = two_runs(&run("v1", &first, &roles), &run("v2", &other, &roles)).unwrap_err();
        assert!(refused.message.contains("can't be matched"), "{}", refused.message);
    }

    #[test]
    fn a_run_without_predictions_is_refused() {
        let roles = roles();
        let (first, second) = (frame(None, &[1, 0, 1], &[1, 0, 0]), frame(None, &[1, 0, 1], &[0, 0, 1]));
        let only_labels = Roles::from([(ColumnRole::Label, "label")]);
        let refused = two_runs(&run("v1", &first, &roles), &run("v2", &second, &only_labels)).unwrap_err();
        assert!(refused.message.starts_with("v2 has no labels and predictions"), "{}", refused.message);
    }

    #[test]
    fn two_labels_for_one_row_leave_it_out() {
        let roles = roles();
        let first = frame(Some(&["a", "b"]), &[1, 0], &[1, 0]);
        let second = frame(Some(&["a", "b"]), &[0, 0], &[1, 1]);
        let found = two_runs(&run("v1", &first, &roles), &run("v2", &second, &roles)).unwrap();
        assert_eq!((found.rows.len(), found.left_out), (1, 2));
    }
}
