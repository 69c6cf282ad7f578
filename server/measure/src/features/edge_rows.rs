//! Serve rows at the edge of what training saw, and how the model does on them.

use std::collections::{HashMap, HashSet};

use domain::measurements::{Edge, EdgePerformance, EdgeRows};
use domain::profile::{ColumnProfile, Profile};
use domain::{ColumnKind, ColumnRole, Roles};
use rayon::prelude::*;

use crate::sample::Sample;
use crate::values::{numbers, words};

/// Examples shown.
const EXAMPLES: usize = 5;

/// Per feature and edge, the sampled serve rows below or above the range of all train rows, or with a category that no
/// train row has. Rows are counted in the sample; `serve_rows` is its size. Columns without such rows are left out.
pub fn edge_rows(train: &Profile, serve: &Sample, roles: &Roles) -> Vec<EdgeRows> {
    let correct = correct_rows(serve, roles);
    let mut found: Vec<EdgeRows> = train
        .columns
        .par_iter()
        .filter(|column| roles.of(&column.name) == ColumnRole::Feature)
        .flat_map_iter(|column| edges_of(column, serve, correct.as_deref()))
        .collect();
    found.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.column.cmp(&b.column)));
    found
}

fn edges_of(train: &ColumnProfile, serve: &Sample, correct: Option<&[Option<bool>]>) -> Vec<EdgeRows> {
    let Some(column) = serve.column(&train.name) else { return Vec::new() };
    let found: Vec<(Edge, Vec<Option<String>>)> = match train.kind {
        ColumnKind::Numeric => {
            let (Some(range), Some(values)) = (&train.numeric, numbers(column)) else { return Vec::new() };
            let outside = |beyond: &dyn Fn(f64) -> bool| {
                values
                    .iter()
                    .map(|value| value.filter(|v| v.is_finite() && beyond(*v)).map(|v| v.to_string()))
                    .collect()
            };
            vec![
                (Edge::BelowTrainingRange, outside(&|value| value < range.min)),
                (Edge::AboveTrainingRange, outside(&|value| value > range.max)),
            ]
        }
        ColumnKind::Categorical | ColumnKind::Boolean => {
            let (Some(categories), Some(values)) = (&train.categories, words(column)) else { return Vec::new() };
            if categories.other > 0 {
                return Vec::new();
            }
            let known: HashSet<&str> = categories.counts.iter().map(|(name, _)| name.as_str()).collect();
            let unseen = |value: Option<String>| value.filter(|value| !known.contains(value.as_str()));
            vec![(Edge::UnseenCategory, values.into_iter().map(unseen).collect())]
        }
        ColumnKind::Datetime | ColumnKind::Text | ColumnKind::Nested | ColumnKind::Empty => return Vec::new(),
    };
    found
        .into_iter()
        .filter_map(|(edge, at_edge)| summed_up(&train.name, edge, &at_edge, serve.rows, correct))
        .collect()
}

/// `at_edge` holds, row by row, the value where it is beyond the edge.
fn summed_up(
    column: &str,
    edge: Edge,
    at_edge: &[Option<String>],
    serve_rows: u64,
    correct: Option<&[Option<bool>]>,
) -> Option<EdgeRows> {
    let mut counts: HashMap<&str, u64> = HashMap::new();
    for value in at_edge.iter().flatten() {
        *counts.entry(value).or_insert(0) += 1;
    }
    let rows: u64 = counts.values().sum();
    if rows == 0 {
        return None;
    }
    let mut examples: Vec<(&str, u64)> = counts.into_iter().collect();
    examples.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let examples = examples.into_iter().take(EXAMPLES).map(|(value, _)| value.to_owned()).collect();
    let performance = correct.map(|correct| performance(at_edge, correct));
    Some(EdgeRows { column: column.to_owned(), edge, rows, serve_rows, examples, performance })
}

fn performance(at_edge: &[Option<String>], correct: &[Option<bool>]) -> EdgePerformance {
    let mut sums = EdgePerformance { edge_correct: 0, edge_rows: 0, rest_correct: 0, rest_rows: 0 };
    for (edge, correct) in at_edge.iter().zip(correct) {
        let Some(correct) = correct else { continue };
        let (right, rows) = match edge {
            Some(_) => (&mut sums.edge_correct, &mut sums.edge_rows),
            None => (&mut sums.rest_correct, &mut sums.rest_rows),
        };
        *right += u64::from(*correct);
        *rows += 1;
    }
    sums
}

/// Whether the predicted class is the label, row by row; `None` without both columns, or where what is predicted is a
/// quantity: there a prediction is never just right or wrong.
fn correct_rows(serve: &Sample, roles: &Roles) -> Option<Vec<Option<bool>>> {
    let label = words(serve.column(roles.label()?)?)?;
    let prediction = words(serve.column(roles.prediction()?)?)?;
    let classes: HashSet<&String> = label.iter().flatten().collect();
    let answered = prediction.iter().flatten();
    let known = answered.clone().filter(|answer| classes.contains(answer)).count();
    if classes.len() > 50 || known * 2 < answered.count() {
        return None;
    }
    Some(label.iter().zip(&prediction).map(|(label, answer)| Some(label.as_ref()? == answer.as_ref()?)).collect())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use polars::prelude::{DataFrame, NamedFrom, Series};

    use super::*;
    use crate::profile::tests::profiled;

    fn frame(amounts: &[f64], cities: &[&str], labels: &[i64], predictions: &[i64]) -> DataFrame {
        let columns = vec![
            Series::new("amount".into(), amounts).into(),
            Series::new("city".into(), cities).into(),
            Series::new("late".into(), labels).into(),
            Series::new("said".into(), predictions).into(),
        ];
        DataFrame::new(amounts.len(), columns).unwrap()
    }

    #[test]
    fn rows_beyond_the_training_range_are_counted_with_how_the_model_does_on_them() {
        let roles = Roles::from([(ColumnRole::Label, "late"), (ColumnRole::Prediction, "said")]);
        let train = profiled(frame(&[1.0, 2.0, 3.0], &["Oslo", "Bergen", "Oslo"], &[0, 1, 0], &[0, 1, 0]));
        let serve =
            profiled(frame(&[0.5, 2.0, 9.0, 9.0], &["Oslo", "Bodø", "Oslo", "Oslo"], &[0, 1, 0, 1], &[0, 1, 1, 1]));
        let found = edge_rows(&train.profile, &serve.sample, &roles);
        let above = found.iter().find(|edge| edge.edge == Edge::AboveTrainingRange).unwrap();
        assert_eq!((above.column.as_str(), above.rows, above.serve_rows), ("amount", 2, 4));
        assert_eq!(above.examples, ["9"]);
        assert_eq!(
            above.performance,
            Some(EdgePerformance { edge_correct: 1, edge_rows: 2, rest_correct: 2, rest_rows: 2 })
        );
        let unseen = found.iter().find(|edge| edge.edge == Edge::UnseenCategory).unwrap();
        assert_eq!((unseen.rows, unseen.examples.as_slice()), (1, &["Bodø".to_owned()][..]));
        assert_eq!(found.len(), 3);
    }
}
