//! Learning curves out of a table: one row per epoch, or one row per epoch and metric.

use domain::learning_curve::{
    CurveMeasure, CurveSeries, CurveSplit, LearningCurve, is_learning_rate, measure_of, split_of,
};
use polars::prelude::{DataFrame, DataType, Series};

/// More series than this are kept out: a curve that is read and drawn has a few.
const MOST_SERIES: usize = 64;

/// The curve of the table; `None` when it has no epochs or nothing that is measured in them.
pub fn learning_curve(frame: &DataFrame, name: &str) -> Option<LearningCurve> {
    let columns: Vec<(&str, &Series)> =
        frame.columns().iter().map(|column| (column.name().as_str(), column.as_materialized_series())).collect();
    let mut points = long_points(&columns).or_else(|| wide_points(&columns))?;
    points.by_epoch();
    if points.epochs.len() < 2 || points.series.is_empty() {
        return None;
    }
    let learning_rate = points.take_learning_rate();
    let series = points.series.into_iter().filter_map(|(name, cells)| one_series(name, &cells)).collect::<Vec<_>>();
    (!series.is_empty()).then_some(LearningCurve {
        name: name.to_owned(),
        epochs: points.epochs,
        series,
        learning_rate,
    })
}

/// A cell of a curve: nothing, a number, or a word for something that is no finite number.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cell {
    Absent,
    Finite(f64),
    NonFinite,
}

impl Cell {
    fn of_number(value: Option<f64>) -> Self {
        match value {
            None => Cell::Absent,
            Some(number) if number.is_finite() => Cell::Finite(number),
            Some(_) => Cell::NonFinite,
        }
    }
    fn of_word(word: Option<&str>) -> Option<Self> {
        let Some(word) = word.map(str::trim).filter(|word| !word.is_empty()) else { return Some(Cell::Absent) };
        // Rust reads nan, inf and infinity in any case, with a sign.
        word.parse::<f64>().ok().map(|number| Cell::of_number(Some(number)))
    }
}

/// Numbers, or words that all are numbers; `None` for other columns.
fn cells(column: &Series) -> Option<Vec<Cell>> {
    match column.dtype() {
        DataType::Float64 => Some(column.f64().ok()?.iter().map(Cell::of_number).collect()),
        DataType::Int64 => {
            Some(column.i64().ok()?.iter().map(|value| Cell::of_number(value.map(|number| number as f64))).collect())
        }
        DataType::String => column.str().ok()?.iter().map(Cell::of_word).collect(),
        _ => None,
    }
}

struct Points {
    epochs: Vec<f64>,
    series: Vec<(String, Vec<Cell>)>,
}

impl Points {
    /// Puts the epochs in order; of an epoch that comes twice (a resumed run) the later row counts.
    fn by_epoch(&mut self) {
        let mut order: Vec<usize> = (0..self.epochs.len()).collect();
        order.sort_by(|&a, &b| self.epochs[a].total_cmp(&self.epochs[b]));
        let kept: Vec<usize> =
            order.chunk_by(|&a, &b| self.epochs[a] == self.epochs[b]).map(|same| same[same.len() - 1]).collect();
        let merged = |cells: &[Cell]| -> Vec<Cell> {
            order
                .chunk_by(|&a, &b| self.epochs[a] == self.epochs[b])
                .map(|same| {
                    same.iter().rev().map(|&at| cells[at]).find(|cell| *cell != Cell::Absent).unwrap_or(Cell::Absent)
                })
                .collect()
        };
        let series = self.series.iter().map(|(name, cells)| (name.clone(), merged(cells))).collect();
        self.epochs = kept.into_iter().map(|at| self.epochs[at]).collect();
        self.series = series;
    }

    fn take_learning_rate(&mut self) -> Option<Vec<f64>> {
        let at = self.series.iter().position(|(name, _)| is_learning_rate(name))?;
        let (_, cells) = self.series.remove(at);
        cells.into_iter().map(|cell| if let Cell::Finite(rate) = cell { Some(rate) } else { None }).collect()
    }
}

fn is_epoch(name: &str) -> bool {
    const NAMES: [&str; 12] = [
        "epoch",
        "epochs",
        "step",
        "_step",
        "steps",
        "global_step",
        "iteration",
        "iter",
        "iterations",
        "round",
        "rounds",
        "boosting_round",
    ];
    NAMES.contains(&name.trim().to_lowercase().as_str())
}

/// The column of epochs: the finest one (a log of steps repeats its epochs), and numbers throughout.
fn epochs(columns: &[(&str, &Series)]) -> Option<(usize, Vec<f64>)> {
    let known = (0..columns.len()).filter(|&at| is_epoch(columns[at].0));
    let complete = known.filter_map(|at| {
        let numbers = cells(columns[at].1)?;
        let epochs: Option<Vec<f64>> =
            numbers.into_iter().map(|cell| if let Cell::Finite(epoch) = cell { Some(epoch) } else { None }).collect();
        epochs.map(|epochs| (at, epochs))
    });
    complete.max_by_key(|(at, epochs)| {
        let mut distinct = epochs.clone();
        distinct.sort_by(f64::total_cmp);
        distinct.dedup();
        (distinct.len(), columns[*at].0.to_lowercase().contains("epoch"))
    })
}

/// One column per series. Without a column of epochs the rows are numbered from 1.
fn wide_points(columns: &[(&str, &Series)]) -> Option<Points> {
    let (place, epochs) = match epochs(columns) {
        Some((place, epochs)) => (Some(place), epochs),
        None => (None, (1..=columns.first()?.1.len()).map(|row| row as f64).collect()),
    };
    let series: Vec<(String, Vec<Cell>)> = columns
        .iter()
        .enumerate()
        .filter(|(at, (name, _))| Some(*at) != place && !is_epoch(name) && is_measured(name))
        .filter_map(|(_, (name, column))| Some(((*name).to_owned(), cells(column)?)))
        .take(MOST_SERIES)
        .collect();
    // A table without epochs is only a curve if it holds a loss.
    let recognised = place.is_some() || series.iter().any(|(name, _)| measure_of(name) == Some(CurveMeasure::Loss));
    recognised.then_some(Points { epochs, series })
}

fn is_measured(name: &str) -> bool {
    measure_of(name).is_some() || is_learning_rate(name)
}

/// One row per epoch and metric: columns `metric` (or `key`, `tag`, `name`), `value`, and the epoch.
fn long_points(columns: &[(&str, &Series)]) -> Option<Points> {
    let find = |names: &[&str]| columns.iter().find(|(name, _)| names.contains(&name.to_lowercase().as_str()));
    let (_, metric) = find(&["metric", "key", "tag", "name", "metric_name"])?;
    let (_, value) = find(&["value", "metric_value"])?;
    let (_, rows) = epochs(columns)?;
    let names = metric.str().ok()?;
    let values = cells(value)?;
    let mut distinct = rows.clone();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    let mut series: Vec<(String, Vec<Cell>)> = Vec::new();
    for ((name, cell), epoch) in names.iter().zip(values).zip(&rows) {
        let Some(name) = name.filter(|name| is_measured(name)) else { continue };
        let at = match series.iter().position(|(known, _)| known == name) {
            Some(at) => at,
            None if series.len() < MOST_SERIES => {
                series.push((name.to_owned(), vec![Cell::Absent; distinct.len()]));
                series.len() - 1
            }
            None => continue,
        };
        let place = distinct.partition_point(|known| known < epoch);
        series[at].1[place] = cell;
    }
    Some(Points { epochs: distinct, series })
}

fn one_series(name: String, cells: &[Cell]) -> Option<CurveSeries> {
    let measure = measure_of(&name)?;
    let values: Vec<Option<f64>> =
        cells.iter().map(|cell| if let Cell::Finite(value) = cell { Some(*value) } else { None }).collect();
    let first_non_finite = cells.iter().position(|cell| *cell == Cell::NonFinite);
    if values.iter().all(Option::is_none) && first_non_finite.is_none() {
        return None;
    }
    // What names no part is of training, as a rule.
    Some(CurveSeries { split: split_of(&name).unwrap_or(CurveSplit::Train), measure, values, first_non_finite, name })
}

#[cfg(test)]
mod tests;
