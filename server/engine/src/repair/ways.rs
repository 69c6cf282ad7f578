//! The ways back of the columns of one table, learnt once, and applied to its rows block by block.

use std::collections::HashMap;

use checks::fall::WayBack;
use domain::measurements::group_shifts::RowGroup;
use domain::repair::Repair;
use domain::{Problem, Undo, UndoBy};
use polars::prelude::{BooleanChunked, Column, DataFrame, DataType, NamedFrom, NewChunkedArray, Series};

use super::cells::cells;
use crate::selection::values::{numbers, shown};

/// What is done to the columns of the served rows.
pub struct Ways {
    columns: Vec<Way>,
    left_out: Vec<RowGroup>,
    time: Option<String>,
}

/// What is done to one column.
struct Way {
    column: String,
    within: Option<RowGroup>,
    by: By,
}

enum By {
    Number(WayBack),
    /// Values as they are shown, and what they become.
    Values(HashMap<String, String>),
    Column(String),
}

/// Some rows after the repair.
pub struct Repaired {
    /// Without the rows that are left out.
    pub frame: DataFrame,
    /// Of the rows before: whether each is still there, and whether a value of it changed.
    pub kept: Vec<bool>,
    pub changed: Vec<bool>,
}

impl Ways {
    /// Learns from rows of both sides how each column goes back; `time` is the column of times.
    ///
    /// # Errors
    /// When the served rows lack a column that is to be repaired.
    pub fn learn(
        repair: &Repair,
        trained: Option<&DataFrame>,
        served: &DataFrame,
        time: Option<&str>,
    ) -> Result<Self, Problem> {
        let mut ways = Self { columns: Vec::new(), left_out: repair.left_out.clone(), time: time.map(str::to_owned) };
        for undo in &repair.undo {
            let way = ways.way(undo, trained, served)?;
            ways.columns.push(way);
        }
        Ok(ways)
    }

    fn way(&self, undo: &Undo, trained: Option<&DataFrame>, served: &DataFrame) -> Result<Way, Problem> {
        let own = series(served, &undo.column)?;
        let by = match &undo.by {
            UndoBy::Values { pairs } => {
                By::Values(pairs.iter().map(|pair| (pair.served.clone(), pair.trained.clone())).collect())
            }
            UndoBy::Column { from } => {
                series(served, from)?;
                By::Column(from.clone())
            }
            number => {
                let inside = match &undo.within {
                    Some(group) => self.rows_of(group, served)?,
                    None => vec![true; served.height()],
                };
                let known = |column: &Series| -> Option<Vec<f64>> {
                    Some(numbers(column)?.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect())
                };
                let trained = trained.and_then(|frame| series(frame, &undo.column).ok()).and_then(known);
                let way = known(own)
                    .and_then(|served| WayBack::learn(number, &trained.unwrap_or_default(), &served, &inside));
                By::Number(way.ok_or_else(|| {
                    Problem::bad_input(format!(
                        "`{}` does not hold numbers in the served rows, so it can't be brought back.",
                        undo.column
                    ))
                })?)
            }
        };
        Ok(Way { column: undo.column.clone(), within: undo.within.clone(), by })
    }

    /// The columns that change.
    pub fn columns(&self) -> Vec<String> {
        let mut columns: Vec<String> = Vec::new();
        for way in &self.columns {
            if !columns.contains(&way.column) {
                columns.push(way.column.clone());
            }
        }
        columns
    }

    /// A block of the served rows as it should be. The columns have the same types in each block.
    ///
    /// # Errors
    /// When it lacks a column.
    pub fn apply(&self, frame: &DataFrame) -> Result<Repaired, Problem> {
        let mut repaired = frame.clone();
        let mut changed = vec![false; frame.height()];
        for way in &self.columns {
            let inside = match &way.within {
                Some(group) => self.rows_of(group, frame)?,
                None => vec![true; frame.height()],
            };
            let was = series(&repaired, &way.column)?;
            // Columns that were exchanged both get what the other held.
            let is = match &way.by {
                By::Column(from) => mixed(was, series(frame, from)?, &inside),
                By::Number(back) => moved(was, back, &inside),
                By::Values(to) => exchanged(was, to, &inside),
            };
            let pairs = shown(was).into_iter().zip(shown(&is));
            changed.iter_mut().zip(pairs).for_each(|(changed, (was, is))| *changed |= was != is);
            repaired.replace(&way.column, Column::from(is)).map_err(|error| not_put_together(&error))?;
        }
        let mut kept = vec![true; frame.height()];
        for group in &self.left_out {
            kept.iter_mut().zip(self.rows_of(group, frame)?).for_each(|(kept, inside)| *kept &= !inside);
        }
        let mask = BooleanChunked::from_slice("kept".into(), &kept);
        let frame = repaired.filter(&mask).map_err(|error| not_put_together(&error))?;
        Ok(Repaired { frame, kept, changed })
    }

    fn rows_of(&self, group: &RowGroup, frame: &DataFrame) -> Result<Vec<bool>, Problem> {
        match group {
            RowGroup::Values { column, values } => {
                let is_one = |value: Option<String>| value.is_some_and(|value| values.contains(&value));
                Ok(shown(series(frame, column)?).into_iter().map(is_one).collect())
            }
            RowGroup::Window { from_ms, to_ms } => {
                let time = self.time.as_deref().ok_or_else(|| {
                    Problem::bad_input(
                        "The rows of a window of time can't be found without a column of times. Name it.",
                    )
                })?;
                let times = numbers(series(frame, time)?).unwrap_or_default();
                let is_in = |time: Option<f64>| time.is_some_and(|time| (*from_ms..=*to_ms).contains(&(time as i64)));
                Ok(times.into_iter().map(is_in).collect())
            }
        }
    }
}

fn series<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Series, Problem> {
    frame.column(name).map(Column::as_materialized_series).map_err(|error| {
        tracing::debug!(%error, "a column to repair is not there");
        Problem::bad_input(format!("The served rows have no column `{name}`, which is to be repaired."))
    })
}

fn not_put_together(error: &polars::prelude::PolarsError) -> Problem {
    tracing::error!(%error, "repaired columns can't be put together");
    Problem::internal("The repaired rows could not be put together; the log says why.")
}

fn moved(was: &Series, back: &WayBack, inside: &[bool]) -> Series {
    let values = numbers(was).unwrap_or_else(|| vec![None; was.len()]);
    let values = values.into_iter().zip(inside);
    let moved: Vec<Option<f64>> =
        values.map(|(value, inside)| value.map(|value| if *inside { back.of(value) } else { value })).collect();
    Series::new(was.name().clone(), moved)
}

fn mixed(was: &Series, other: &Series, inside: &[bool]) -> Series {
    let chosen = |own, other, inside: &bool| if *inside { other } else { own };
    let is_number = |series: &Series| matches!(series.dtype(), DataType::Float64 | DataType::Int64);
    if let (true, true, Some(own), Some(other)) = (is_number(was), is_number(other), numbers(was), numbers(other)) {
        let rows = own.into_iter().zip(other).zip(inside);
        let mixed: Vec<Option<f64>> = rows.map(|((own, other), inside)| chosen(own, other, inside)).collect();
        return Series::new(was.name().clone(), mixed);
    }
    let rows = cells(was).into_iter().zip(cells(other)).zip(inside);
    let mixed: Vec<Option<String>> = rows.map(|((own, other), inside)| if *inside { other } else { own }).collect();
    Series::new(was.name().clone(), mixed)
}

/// Numbers stay numbers where all of the new values are.
fn exchanged(was: &Series, to: &HashMap<String, String>, inside: &[bool]) -> Series {
    let rows = cells(was).into_iter().zip(inside);
    let words: Vec<Option<String>> = rows
        .map(|(word, inside)| word.map(|word| to.get(&word).filter(|_| *inside).cloned().unwrap_or(word)))
        .collect();
    let name = was.name().clone();
    let are = |is_one: fn(&String) -> bool| to.values().all(is_one);
    match was.dtype() {
        DataType::Int64 if are(|word| word.parse::<i64>().is_ok()) => {
            Series::new(name, words.iter().map(|word| word.as_ref()?.parse::<i64>().ok()).collect::<Vec<_>>())
        }
        DataType::Int64 | DataType::Float64 if are(|word| word.parse::<f64>().is_ok()) => {
            Series::new(name, words.iter().map(|word| word.as_ref()?.parse::<f64>().ok()).collect::<Vec<_>>())
        }
        _ => Series::new(name, words),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use domain::ValuePair;

    use super::*;

    fn frame(columns: Vec<Series>) -> DataFrame {
        DataFrame::new(columns[0].len(), columns.into_iter().map(Column::from).collect()).unwrap()
    }

    fn served() -> DataFrame {
        frame(vec![
            Series::new("amount".into(), [Some(12_i64), Some(240), None, Some(36)]),
            Series::new("country".into(), [Some("CH"), Some("DE"), Some("CH"), Some("de ")]),
            Series::new("low".into(), [9.0, 8.0, 7.0, 6.0]),
            Series::new("high".into(), [1.0, 2.0, 3.0, 4.0]),
        ])
    }

    fn repaired(undo: Vec<Undo>, left_out: Vec<RowGroup>) -> Repaired {
        let repair = Repair { suspect: "unit_scale(amount)".into(), undo, left_out };
        let trained = frame(vec![Series::new("amount".into(), [1_i64, 2, 3, 20])]);
        let served = served();
        Ways::learn(&repair, Some(&trained), &served, None).unwrap().apply(&served).unwrap()
    }

    fn column(repaired: &Repaired, name: &str) -> Vec<Option<String>> {
        shown(series(&repaired.frame, name).unwrap())
    }

    fn words(cells: &[Option<String>]) -> Vec<&str> {
        cells.iter().map(|cell| cell.as_deref().unwrap_or("–")).collect()
    }

    #[test]
    fn a_factor_that_is_about_right_brings_exact_values_back_and_missing_ones_stay() {
        let found = repaired(vec![Undo::line("amount", 11.6, 0.0)], Vec::new());
        assert_eq!(words(&column(&found, "amount")), ["1", "20", "–", "3"]);
        assert_eq!(found.changed, [true, true, false, true]);
    }

    #[test]
    fn only_the_rows_of_a_group_change() {
        let group = RowGroup::Values { column: "country".into(), values: vec!["DE".into()] };
        let found = repaired(vec![Undo { within: Some(group), ..Undo::line("amount", 12.0, 0.0) }], Vec::new());
        assert_eq!(words(&column(&found, "amount")), ["12", "20", "–", "36"]);
        assert_eq!(found.changed, [false, true, false, false]);
    }

    #[test]
    fn spellings_are_unified_codes_stay_numbers_and_columns_are_exchanged() {
        let pair = |served: &str, trained: &str| ValuePair { served: served.into(), trained: trained.into() };
        let found = repaired(
            vec![
                Undo::new("country", UndoBy::Values { pairs: vec![pair("de ", "DE")] }),
                Undo::new("amount", UndoBy::Values { pairs: vec![pair("12", "36"), pair("36", "12")] }),
                Undo::new("low", UndoBy::Column { from: "high".into() }),
                Undo::new("high", UndoBy::Column { from: "low".into() }),
            ],
            Vec::new(),
        );
        assert_eq!(words(&column(&found, "country")), ["CH", "DE", "CH", "DE"]);
        assert_eq!(words(&column(&found, "amount")), ["36", "240", "–", "12"]);
        assert_eq!(series(&found.frame, "amount").unwrap().dtype(), &DataType::Int64);
        assert_eq!(words(&column(&found, "low")), ["1", "2", "3", "4"]);
        assert_eq!(words(&column(&found, "high")), ["9", "8", "7", "6"]);
    }

    #[test]
    fn rows_are_left_out_and_what_is_not_there_is_told() {
        let group = RowGroup::Values { column: "country".into(), values: vec!["CH".into()] };
        let found = repaired(Vec::new(), vec![group]);
        assert_eq!((found.frame.height(), found.kept), (2, vec![false, true, false, true]));
        let learn = |undo: Undo| {
            let repair = Repair { suspect: String::new(), undo: vec![undo], left_out: Vec::new() };
            Ways::learn(&repair, None, &served(), None).err().map(|problem| problem.message)
        };
        assert!(learn(Undo::line("gone", 2.0, 0.0)).unwrap().contains("`gone`"));
        assert!(learn(Undo::line("country", 2.0, 0.0)).unwrap().contains("does not hold numbers"));
        let window = RowGroup::Window { from_ms: 0, to_ms: 9 };
        assert!(
            learn(Undo { within: Some(window), ..Undo::line("low", 2.0, 0.0) }).unwrap().contains("column of times")
        );
    }
}
