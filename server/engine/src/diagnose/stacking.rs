//! Several windows of served rows as one table, before anything is measured.

use domain::naming::names;
use domain::snapshot::{Column, Glance};
use domain::{ColumnKind, Problem, SnapshotRole};

use super::input::{DiagnoseInput, Follower};

/// The inputs, the first window of served rows with the rows of all windows, in the order of their times or else of their names.
/// Later windows stay in their places as they are; see [`is_part_of_another`].
///
/// # Errors
/// When the options of a file can't be written, which is a fault of ours.
pub(super) fn stacked(inputs: &[DiagnoseInput]) -> Result<Vec<DiagnoseInput>, Problem> {
    let places: Vec<usize> = places(inputs).collect();
    let mut stacked = inputs.to_vec();
    if let [first, _, ..] = places[..] {
        let mut windows: Vec<&DiagnoseInput> = places.iter().map(|place| &inputs[*place]).collect();
        put_in_time(&mut windows);
        stacked[first] = one_table(&windows)?;
    }
    Ok(stacked)
}

/// Whether the rows of the input at a place are read with those of an earlier one.
pub(super) fn is_part_of_another(place: usize, inputs: &[DiagnoseInput]) -> bool {
    places(inputs).skip(1).any(|window| window == place)
}

/// The windows of served rows, where there are several.
pub(super) fn windows(inputs: &[DiagnoseInput]) -> Option<Vec<&DiagnoseInput>> {
    let windows: Vec<&DiagnoseInput> = places(inputs).map(|place| &inputs[place]).collect();
    (windows.len() > 1).then_some(windows)
}

/// With which others a window is read.
pub(super) fn note(window: &DiagnoseInput, windows: &[&DiagnoseInput]) -> String {
    let others: Vec<&str> =
        windows.iter().filter(|other| !std::ptr::eq(**other, window)).map(|other| other.name.as_str()).collect();
    format!("Read as one table of served rows with {}.", names(&others))
}

fn places(inputs: &[DiagnoseInput]) -> impl Iterator<Item = usize> {
    (0..inputs.len()).filter(|place| inputs[*place].role == SnapshotRole::Serve)
}

fn one_table(windows: &[&DiagnoseInput]) -> Result<DiagnoseInput, Problem> {
    let [first, others @ ..] = windows else {
        return Err(Problem::internal("Windows of served rows were to be read as one table, and there are none."));
    };
    let followers = others.iter().map(|other| Ok(Follower { file: other.stored_file(), key: other.profile_key()? }));
    Ok(DiagnoseInput {
        name: format!("{} and {} more", first.name, others.len()),
        followed_by: followers.collect::<Result<_, Problem>>()?,
        guessed: windows
            .iter()
            .map(|window| window.guessed.as_deref())
            .collect::<Option<Vec<_>>>()
            .map(|all| columns(&all)),
        ..(*first).clone()
    })
}

/// By the earliest time in a column of times that all have, and by name, where 9 comes before 10. One column for all: an order
/// that compares some by time and others by name could lead in a circle.
fn put_in_time(windows: &mut [&DiagnoseInput]) {
    let times = windows.first().and_then(|first| first.guessed.as_deref()).unwrap_or_default().iter();
    let mut times = times.filter(|column| column.kind == ColumnKind::Datetime).map(|column| column.name.clone());
    let shared = times.find(|time| windows.iter().all(|window| starts(window, time).is_some()));
    let start = |window: &DiagnoseInput| shared.as_ref().and_then(|time| starts(window, time)).unwrap_or_default();
    windows.sort_by(|one, other| {
        let by_time = start(one).total_cmp(&start(other));
        by_time.then_with(|| in_order_of_numbers(&one.name).cmp(&in_order_of_numbers(&other.name)))
    });
}

/// The earliest time in a column.
fn starts(window: &DiagnoseInput, column: &str) -> Option<f64> {
    window.guessed.iter().flatten().find(|known| known.name == column)?.glance.as_ref()?.low
}

/// A name whose numbers are all of one length, so that week 9 comes before week 10.
fn in_order_of_numbers(name: &str) -> String {
    let is_digit = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    let mut runs: Vec<String> = Vec::new();
    for next in name.chars() {
        match runs.last_mut() {
            Some(run) if is_digit(run) == next.is_ascii_digit() => run.push(next),
            _ => runs.push(next.to_string()),
        }
    }
    runs.iter().map(|run| if is_digit(run) { format!("{run:0>20}") } else { run.clone() }).collect()
}

/// What is known of the columns of all windows together: those of the first, then those that later windows add.
fn columns(windows: &[&[Column]]) -> Vec<Column> {
    let mut all: Vec<Column> = Vec::new();
    for column in windows.iter().copied().flatten() {
        match all.iter_mut().find(|known| known.name == column.name) {
            Some(known) => take_in(known, column),
            None => all.push(column.clone()),
        }
    }
    all
}

fn take_in(known: &mut Column, column: &Column) {
    if known.kind == ColumnKind::Empty {
        *known = column.clone();
    } else if column.kind != ColumnKind::Empty {
        if known.kind != column.kind {
            known.kind = ColumnKind::Categorical;
        }
        known.glance = known.glance.take().zip(column.glance.as_ref()).map(|(one, other)| both(one, other));
    }
}

/// What two windows show of one column. Values of an id differ from window to window, and classes are the same, so different
/// values are added up only where nearly each row has its own.
fn both(one: Glance, other: &Glance) -> Glance {
    let distinct = match one.is_key() && other.is_key() {
        true => one.distinct + other.distinct,
        false => one.distinct.max(other.distinct),
    };
    let mut values = one.values;
    values.extend(other.values.iter().filter(|value| !values.contains(value)).cloned().collect::<Vec<_>>());
    values.truncate(Glance::FEW);
    Glance {
        filled: one.filled + other.filled,
        distinct,
        whole: one.whole && other.whole,
        low: one.low.zip(other.low).map(|(one, other)| one.min(other)),
        high: one.high.zip(other.high).map(|(one, other)| one.max(other)),
        values,
    }
}
