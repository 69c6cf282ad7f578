//! What the served rows would have cost with other predictions for the same rows: those of the training pipeline, or the
//! model's for the rows as they should have been.

use std::collections::HashMap;

use domain::Roles;
use domain::measurements::fall_rows::{FallAnswers, OtherLoss};
use polars::prelude::{Column, DataFrame, IdxSize};
use stats::fall::Term;

use super::{complete, losses, series};
use crate::evaluation::run::Answers;
use crate::inputs::MeasureInputs;
use crate::row_ids::{ids, rows_by_id};

/// Joins the served rows that have label and prediction with other rows by id. `None` without ids or predictions there.
pub(super) fn loss(
    inputs: &MeasureInputs<'_>,
    roles: &Roles,
    (served, other): (&DataFrame, &DataFrame),
    (rows, answers): (&[usize], &FallAnswers),
    positive: Option<&str>,
) -> Option<OtherLoss> {
    let id = roles.id()?;
    let (here, there) = (ids(series(served, id)?)?, ids(series(other, id)?)?);
    let there = rows_by_id(&there);
    let known: HashMap<usize, f64> = rows.iter().copied().zip(losses(answers)).collect();
    let joined: Vec<(usize, usize)> = rows_by_id(&here)
        .into_iter()
        .filter_map(|(id, row)| Some((row.filter(|row| known.contains_key(row))?, there.get(id).copied().flatten()?)))
        .collect();
    let frame = with_other_answers(roles, served, other, &joined)?;
    let again = Answers::find(&frame, roles, positive)?;
    let all: Vec<usize> = (0..joined.len()).collect();
    let (places, answers) = complete(&again, inputs.threshold, &all)?;
    let changes: Vec<f64> =
        places.iter().zip(losses(&answers)).map(|(place, loss)| known[&joined[*place].0] - loss).collect();
    let change = Term::of_means([changes.as_slice()]);
    Some(OtherLoss { rows: changes.len() as u64, less: change.value, error: change.error })
}

/// The labels of the served rows next to what the other rows have as prediction and score.
fn with_other_answers(
    roles: &Roles,
    served: &DataFrame,
    other: &DataFrame,
    joined: &[(usize, usize)],
) -> Option<DataFrame> {
    let places = |of: fn(&(usize, usize)) -> usize| joined.iter().map(|pair| of(pair) as IdxSize).collect::<Vec<_>>();
    let label = series(served, roles.label()?)?.take_slice(&places(|pair| pair.0)).ok()?;
    let theirs = places(|pair| pair.1);
    let answers = [roles.prediction(), roles.score()].into_iter().flatten();
    let answers = answers.filter_map(|name| series(other, name)?.take_slice(&theirs).ok());
    let columns: Vec<Column> = std::iter::once(label).chain(answers).map(Column::from).collect();
    (columns.len() > 1).then(|| DataFrame::new(joined.len(), columns).ok()).flatten()
}
