//! Labelled rows with predictions from both sides, drawn for the split of a fall. What is drawn is kept with the other
//! measurements, so that a second diagnosis opens no file.

mod other_answers;

use std::collections::{BTreeMap, HashMap};

use domain::evaluation::Split;
use domain::measurements::fall_rows::{Cells, FallAnswers, FallRows, FallSide, Labelled};
use domain::{ColumnRole, Problem, Roles, SnapshotRole};
use polars::prelude::{DataFrame, Series};
use stats::fall::Term;
use stats::rng::Rng;

use super::run::{Answers, splits};
use crate::feature_bins::{CATEGORIES, FEATURES};
use crate::inputs::{MeasureInputs, Snapshot, contradict};
use crate::monitoring::performance;
use crate::monitoring::time_windows::InOrder;
use crate::values::{codes, numbers, words};

/// Rows drawn a side: their accuracy is known to half a point, and ten small models are fitted in about a second.
pub(crate) const ROWS: usize = 12_000;
/// A table from before serving of up to this many cells is read for it where it has no sample.
const MOST_CELLS: usize = 1 << 23;
/// Standard errors of a difference below which no rows are drawn.
const LEAST_ERRORS: f64 = 2.0;
const SEED: u64 = 0x0066_616c_6c21;

/// Which columns are compared, and how much each matters.
pub(crate) struct Compared<'a> {
    /// With the columns ignored that only follow the time.
    pub roles: &'a Roles,
    pub importance: &'a BTreeMap<String, f64>,
}

/// `None` without served rows, without rows from before serving that have labels and predictions, or where the
/// served rows lack either.
///
/// # Errors
/// When a table can't be read.
pub(crate) fn fall_rows(
    inputs: &MeasureInputs<'_>,
    roles: &Roles,
    compared: &Compared<'_>,
) -> Result<Option<FallRows>, Problem> {
    let Some(serve) = inputs.snapshots.iter().find(|snapshot| snapshot.role == SnapshotRole::Serve) else {
        return Ok(None);
    };
    let Some(served) = serve.profiled.as_ref().map(|profiled| &profiled.sample.frame) else { return Ok(None) };
    let repaired = inputs.snapshots.iter().find(|snapshot| snapshot.role == SnapshotRole::Repaired);
    let repaired = repaired.map(frame_of).transpose()?.flatten();
    for (role, split) in BEFORE {
        let Some(snapshot) = inputs.snapshots.iter().find(|snapshot| snapshot.role == role) else { continue };
        let Some(frame) = frame_of(snapshot)? else { continue };
        if let Some(rows) = both(inputs, roles, compared, (snapshot, &frame, split), (serve, served), repaired.as_ref())
        {
            return Ok(Some(rows));
        }
    }
    Ok(None)
}

/// Where rows from before serving are looked for, in this order.
const BEFORE: [(SnapshotRole, Split); 4] = [
    (SnapshotRole::Predictions, Split::All),
    (SnapshotRole::Test, Split::Test),
    (SnapshotRole::Validation, Split::Validation),
    (SnapshotRole::Train, Split::Train),
];

fn frame_of(snapshot: &Snapshot) -> Result<Option<DataFrame>, Problem> {
    if let Some(profiled) = &snapshot.profiled {
        return Ok(Some(profiled.sample.frame.clone()));
    }
    let (rows, columns) = (snapshot.table.rows as usize, snapshot.table.columns.len());
    if rows.saturating_mul(columns) > MOST_CELLS {
        return Ok(None);
    }
    let all: Vec<usize> = (0..columns).collect();
    Ok(Some(snapshot.table.reader()?.read(&all, 0..rows)?))
}

type Frame<'a> = (&'a Snapshot, &'a DataFrame);

fn both(
    inputs: &MeasureInputs<'_>,
    roles: &Roles,
    compared: &Compared<'_>,
    (snapshot, frame, split): (&Snapshot, &DataFrame, Split),
    (serve, served): Frame<'_>,
    repaired: Option<&DataFrame>,
) -> Option<FallRows> {
    let before_roles = roles_in(inputs, roles, snapshot, frame);
    let after_roles = roles_in(inputs, roles, serve, served);
    let before = Answers::find(frame, &before_roles, inputs.positive)?;
    let after = Answers::find(served, &after_roles, before.positive().or(inputs.positive))?;
    let (split, among) = match before_roles.split().filter(|_| snapshot.role == SnapshotRole::Predictions) {
        Some(column) => held_out(frame, column)?,
        None => (split, (0..frame.height()).collect()),
    };
    let (before_rows, before_answers) = complete(&before, inputs.threshold, &among)?;
    let all: Vec<usize> = (0..served.height()).collect();
    let (after_rows, after_answers) = complete(&after, inputs.threshold, &all)?;
    let (before_answers, after_answers) = in_common(before_answers, after_answers)?;
    let offline = inputs.profiled(SnapshotRole::Offline).map(|profiled| &profiled.sample.frame);
    let positive = before.positive().or(inputs.positive);
    let with_other = |other: &DataFrame| {
        other_answers::loss(inputs, &after_roles, (served, other), (&after_rows, &after_answers), positive)
    };
    let (offline, repaired) = (offline.and_then(with_other), repaired.and_then(with_other));
    let features = match may_have_fallen(&before_answers, &after_answers) {
        true => features(frame, served, compared),
        // There is nothing to split, so the rows need not be kept.
        false => Vec::new(),
    };
    let side = |frame: &DataFrame, roles: &Roles, rows: &[usize], answers: &FallAnswers| {
        let drawn = drawn(rows.len());
        let of_frame: Vec<usize> = drawn.iter().map(|place| rows[*place]).collect();
        Some(FallSide {
            rows: rows.len() as u64,
            columns: features.iter().map(|name| cells(series(frame, name)?, &of_frame)).collect::<Option<_>>()?,
            answers: taken(answers, &drawn),
            times: times(frame, roles, &of_frame),
        })
    };
    Some(FallRows {
        compared_with: split,
        before: side(frame, &before_roles, &before_rows, &before_answers)?,
        after: side(served, &after_roles, &after_rows, &after_answers)?,
        features,
        labelled: labelled(&after, inputs.threshold),
        offline,
        repaired,
    })
}

fn roles_in(inputs: &MeasureInputs<'_>, all: &Roles, snapshot: &Snapshot, frame: &DataFrame) -> Roles {
    let mut roles = inputs.roles.in_run(all, |name| snapshot.has(name), &snapshot.guessed);
    if contradict(frame, &roles, inputs.roles) {
        roles.set(ColumnRole::Prediction, None);
    }
    roles
}

/// The rows of the split that the model is judged by, where a file says which rows are of which.
fn held_out(frame: &DataFrame, column: &str) -> Option<(Split, Vec<usize>)> {
    let column = series(frame, column)?;
    [Split::Test, Split::Validation, Split::All, Split::Train].into_iter().find_map(|split| {
        let of_split = splits::rows_in(column, &split);
        let rows: Vec<usize> = (0..of_split.len()).filter(|row| of_split[*row]).collect();
        (!rows.is_empty()).then_some((split, rows))
    })
}

fn series<'a>(frame: &'a DataFrame, name: &str) -> Option<&'a Series> {
    frame.column(name).ok().map(polars::prelude::Column::as_materialized_series)
}

/// The rows among these with label and prediction, and both; `None` for a quantity that is never known.
fn complete(answers: &Answers, threshold: Option<f64>, among: &[usize]) -> Option<(Vec<usize>, FallAnswers)> {
    match answers {
        Answers::Numbers { truth, predicted } => {
            let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
            let known = |row: &usize| Some((*row, (finite(truth[*row])?, finite(predicted[*row])?)));
            let (rows, pairs): (Vec<usize>, Vec<(f64, f64)>) = among.iter().filter_map(known).unzip();
            let (labels, predictions) = pairs.into_iter().unzip();
            Some((rows, FallAnswers::Numbers { labels, predictions }))
        }
        Answers::Classes(classes) => {
            let given = performance::answers(classes, threshold);
            let known = |row: &usize| Some((*row, (classes.truth[*row]?, given[*row]?)));
            let (rows, pairs): (Vec<usize>, Vec<(u32, u32)>) = among.iter().filter_map(known).unzip();
            let (labels, predictions) = pairs.into_iter().unzip();
            Some((rows, FallAnswers::Classes { names: classes.names.clone(), labels, predictions }))
        }
    }
}

/// The same classes, in the same order, on both sides; `None` for different tasks.
fn in_common(before: FallAnswers, after: FallAnswers) -> Option<(FallAnswers, FallAnswers)> {
    match (before, after) {
        (
            FallAnswers::Classes { names, labels, predictions },
            FallAnswers::Classes { names: later, labels: later_labels, predictions: later_predictions },
        ) => {
            let mut all = names.clone();
            all.extend(later.iter().filter(|name| !names.contains(name)).cloned());
            let place: HashMap<&str, u32> = all.iter().zip(0..).map(|(name, at)| (name.as_str(), at)).collect();
            let as_before =
                |codes: Vec<u32>| codes.into_iter().map(|code| place[later[code as usize].as_str()]).collect();
            let (labels_after, predictions_after) = (as_before(later_labels), as_before(later_predictions));
            Some((
                FallAnswers::Classes { names: all.clone(), labels, predictions },
                FallAnswers::Classes { names: all.clone(), labels: labels_after, predictions: predictions_after },
            ))
        }
        (before @ FallAnswers::Numbers { .. }, after @ FallAnswers::Numbers { .. }) => Some((before, after)),
        _ => None,
    }
}

/// Whether each row is wrong, or by how much, squared.
fn losses(answers: &FallAnswers) -> Vec<f64> {
    match answers {
        FallAnswers::Classes { labels, predictions, .. } => {
            labels.iter().zip(predictions).map(|(a, b)| f64::from(u8::from(a != b))).collect()
        }
        FallAnswers::Numbers { labels, predictions } => {
            labels.iter().zip(predictions).map(|(a, b)| (a - b).powi(2)).collect()
        }
    }
}

/// Whether the loss differs by more than most pairs do in which nothing changed. What is refused as chance is decided by who
/// judges, by a limit that is higher.
fn may_have_fallen(before: &FallAnswers, after: &FallAnswers) -> bool {
    let minus: Vec<f64> = losses(before).iter().map(|loss| -loss).collect();
    let rise = Term::of_means([minus.as_slice(), losses(after).as_slice()]);
    rise.value > LEAST_ERRORS * rise.error
}

fn taken(answers: &FallAnswers, places: &[usize]) -> FallAnswers {
    fn of<T: Copy>(values: &[T], places: &[usize]) -> Vec<T> {
        places.iter().map(|place| values[*place]).collect()
    }
    match answers {
        FallAnswers::Classes { names, labels, predictions } => FallAnswers::Classes {
            names: names.clone(),
            labels: of(labels, places),
            predictions: of(predictions, places),
        },
        FallAnswers::Numbers { labels, predictions } => {
            FallAnswers::Numbers { labels: of(labels, places), predictions: of(predictions, places) }
        }
    }
}

/// Columns that describe a row on both sides in the same type, the ones that matter most where there are many.
fn features(before: &DataFrame, after: &DataFrame, compared: &Compared<'_>) -> Vec<String> {
    let is_shared = |column: &&Series| {
        let name = column.name();
        let other = series(after, name).filter(|other| is_number(other) == is_number(column));
        compared.roles.of(name) == ColumnRole::Feature && other.is_some() && is_described(column)
    };
    let columns = before.columns().iter().map(polars::prelude::Column::as_materialized_series);
    let mut names: Vec<String> = columns.filter(is_shared).map(|column| column.name().to_string()).collect();
    let weight = |name: &String| compared.importance.get(name).copied().unwrap_or(0.0);
    names.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    names.truncate(FEATURES);
    names
}

fn is_number(column: &Series) -> bool {
    numbers(column).is_some()
}

fn is_described(column: &Series) -> bool {
    is_number(column) || codes(column, CATEGORIES).is_some()
}

/// Places among so many rows, ascending.
fn drawn(rows: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..rows).collect();
    if rows > ROWS {
        Rng::new(SEED).shuffle(&mut places);
        places.truncate(ROWS);
        places.sort_unstable();
    }
    places
}

fn cells(column: &Series, rows: &[usize]) -> Option<Cells> {
    if let Some(values) = numbers(column) {
        return Some(Cells::Numbers(rows.iter().map(|row| values[*row].unwrap_or(f64::NAN)).collect()));
    }
    let mut known: HashMap<String, u32> = HashMap::new();
    let mut levels = Vec::new();
    let values = words(column)?;
    let mut code = |word: &Option<String>| {
        let Some(word) = word else { return Cells::MISSING };
        *known.entry(word.clone()).or_insert_with(|| {
            levels.push(word.clone());
            levels.len() as u32 - 1
        })
    };
    let of = rows.iter().map(|row| code(&values[*row])).collect();
    Some(Cells::Words { levels, of })
}

fn times(frame: &DataFrame, roles: &Roles, rows: &[usize]) -> Vec<Option<i64>> {
    let Some(order) = roles.time().and_then(|name| InOrder::of(series(frame, name)?)) else { return Vec::new() };
    let of_row: HashMap<usize, i64> = order.0.into_iter().map(|(ms, row)| (row, ms)).collect();
    rows.iter().map(|row| of_row.get(row).copied()).collect()
}

/// Served rows and those with a label, by the class predicted.
fn labelled(answers: &Answers, threshold: Option<f64>) -> Option<Vec<Labelled>> {
    let Answers::Classes(classes) = answers else { return None };
    let mut counts = vec![Labelled { rows: 0, labelled: 0 }; classes.names.len()];
    for (given, truth) in performance::answers(classes, threshold).iter().zip(&classes.truth) {
        let Some(count) = given.and_then(|given| counts.get_mut(given as usize)) else { continue };
        count.rows += 1;
        count.labelled += u64::from(truth.is_some());
    }
    Some(counts)
}
