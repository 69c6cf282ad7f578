//! Columns of the served rows with a fault undone, and the rows that this changes.

use std::collections::HashMap;

use domain::measurements::fall_rows::{Cells, FallRows};
use domain::measurements::group_shifts::RowGroup;
use domain::{Undo, UndoBy};
use stats::two_sample::{ks_pvalue_asymp, ks_statistic};

use crate::detectors::features::unit_scale::CONVERSIONS;
use crate::thresholds::{FALL_FACTOR_NEAR, FALL_SAME_VALUES, SIGNIFICANCE};

/// Values of a column that comes in steps; more than this are a continuum.
const STEPS: usize = 1_000;
/// Of the smallest step, how far a value may be from one of training and be the same.
const SNAP: f64 = 0.25;
/// The same where it has to show that a factor is the right one.
const EXACT: f64 = 0.02;

/// A fit has to be nearer by this factor to a conversion that is no power of ten: those are meant most often.
const RARER: f64 = 1.15;

/// Both sides of a column.
pub fn cells_of<'a>(rows: &'a FallRows, column: &str) -> Option<(&'a Cells, &'a Cells)> {
    let place = rows.features.iter().position(|name| name == column)?;
    Some((&rows.before.columns[place], &rows.after.columns[place]))
}

/// The column with the fault undone, and the rows that changed. `None` where it takes what is not here.
pub fn undone(rows: &FallRows, undo: &Undo) -> Option<(Cells, Vec<bool>)> {
    let (trained, served) = cells_of(rows, &undo.column)?;
    let inside = match &undo.within {
        None => vec![true; served.len()],
        Some(group) => rows_of(rows, group)?,
    };
    match (&undo.by, trained, served) {
        (UndoBy::Column { from }, _, _) => {
            let (_, other) = cells_of(rows, from)?;
            Some((mixed(served, other, &inside)?, inside))
        }
        (UndoBy::Values { pairs }, _, _) => {
            let to: HashMap<&str, &str> =
                pairs.iter().map(|pair| (pair.served.as_str(), pair.trained.as_str())).collect();
            Some(exchanged(served, &to, &inside))
        }
        (by, Cells::Numbers(trained), Cells::Numbers(values)) => {
            let way = WayBack::learn(by, trained, values, &inside)?;
            let back = |(value, inside): (&f64, &bool)| if *inside { way.of(*value) } else { *value };
            let changed = values.iter().zip(&inside).map(back).collect();
            let marked = values.iter().zip(&inside).map(|(value, inside)| *inside && !value.is_nan()).collect();
            Some((Cells::Numbers(changed), marked))
        }
        _ => None,
    }
}

/// How a served number becomes the one that training would have.
#[derive(Debug, Clone)]
pub struct WayBack {
    by: UndoBy,
    steps: Option<Steps>,
}

impl WayBack {
    /// Learns from values of both sides whether a column comes in steps, and which factor brings it back to them. `inside`
    /// says which of the served values are concerned. `None` where it takes more than the number.
    pub fn learn(by: &UndoBy, trained: &[f64], served: &[f64], inside: &[bool]) -> Option<Self> {
        let steps = Steps::of(trained);
        let by = match &steps {
            Some(steps) => steps.refined(by, served, inside),
            None => nearest_conversion(by, trained, served, inside),
        };
        by.number(1.0)?;
        Some(Self { by, steps })
    }

    pub fn of(&self, served: f64) -> f64 {
        let value = self.by.number(served).unwrap_or(f64::NAN);
        self.steps.as_ref().map_or(value, |steps| steps.snapped(value))
    }
}

/// The values of training, where they come in steps. A factor and its reverse leave a rounding, which must not move a value
/// over the edge of a bin.
#[derive(Debug, Clone)]
struct Steps {
    values: Vec<f64>,
    smallest: f64,
}

impl Steps {
    fn of(trained: &[f64]) -> Option<Self> {
        let mut values: Vec<f64> = trained.iter().copied().filter(|value| value.is_finite()).collect();
        values.sort_unstable_by(f64::total_cmp);
        values.dedup();
        let smallest = values.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
        (values.len() <= STEPS && smallest.is_finite()).then_some(Self { values, smallest })
    }

    /// The nearest value of training.
    fn nearest(&self, value: f64) -> f64 {
        let next = self.values.partition_point(|known| *known < value);
        let around = [next.checked_sub(1), Some(next)].into_iter().flatten().filter_map(|place| self.values.get(place));
        around.copied().min_by(|a, b| (a - value).abs().total_cmp(&(b - value).abs())).unwrap_or(value)
    }

    fn snapped(&self, value: f64) -> f64 {
        let nearest = self.nearest(value);
        if (nearest - value).abs() <= SNAP * self.smallest { nearest } else { value }
    }

    /// A factor that was fitted while the rows changed too is only about right: a conversion near it, or a power of ten, that
    /// brings nearly all values back to values of training is the one.
    fn refined(&self, by: &UndoBy, served: &[f64], inside: &[bool]) -> UndoBy {
        let UndoBy::Line { scale, offset: 0.0 } = by else { return by.clone() };
        let chosen = finite_inside(served, inside);
        let exact = |scale: f64| {
            let is_known =
                |value: &&f64| (self.nearest(**value / scale) - **value / scale).abs() <= EXACT * self.smallest;
            chosen.iter().filter(is_known).count() as f64 / chosen.len().max(1) as f64
        };
        let tried = conversions_near(*scale).map(|factor| (exact(factor), factor));
        let best = tried.max_by(|a, b| a.0.total_cmp(&b.0));
        match best {
            Some((share, factor)) if share >= FALL_SAME_VALUES && share > exact(*scale) => {
                UndoBy::Line { scale: factor, offset: 0.0 }
            }
            _ => by.clone(),
        }
    }
}

/// The same for a continuum, in which no value is known again: a factor that leaves both sides alike is what it is. Where it
/// leaves them different, the rows changed too, and took the fit with them: then the nearest conversion is the one.
fn nearest_conversion(by: &UndoBy, trained: &[f64], served: &[f64], inside: &[bool]) -> UndoBy {
    let UndoBy::Line { scale, offset: 0.0 } = by else { return by.clone() };
    let mut before: Vec<f64> = trained.iter().copied().filter(|value| value.is_finite()).collect();
    let mut after: Vec<f64> = finite_inside(served, inside).into_iter().map(|value| value / scale).collect();
    // The statistic walks along both.
    before.sort_unstable_by(f64::total_cmp);
    after.sort_unstable_by(f64::total_cmp);
    let p = ks_statistic(&before, &after).map(|ks| ks_pvalue_asymp(ks, before.len(), after.len()));
    if p.is_none_or(|p| p >= SIGNIFICANCE) {
        return by.clone();
    }
    let is_power = |factor: f64| (factor.log10() - factor.log10().round()).abs() < 1e-9;
    let away = |factor: &f64| (factor / scale).ln().abs() + if is_power(*factor) { 0.0 } else { RARER.ln() };
    let nearest = conversions_near(*scale).min_by(|a, b| away(a).total_cmp(&away(b)));
    nearest.map_or_else(|| by.clone(), |scale| UndoBy::Line { scale, offset: 0.0 })
}

/// Conversions and powers of ten that a fitted factor may mean.
fn conversions_near(scale: f64) -> impl Iterator<Item = f64> {
    let powers = (-9..=9).filter(|power| *power != 0).map(|power| 10f64.powi(power));
    let known = CONVERSIONS.iter().flat_map(|(factor, _)| [*factor, 1.0 / factor]);
    powers.chain(known).filter(move |factor| scale > 0.0 && (factor / scale).ln().abs() <= FALL_FACTOR_NEAR.ln())
}

fn finite_inside(served: &[f64], inside: &[bool]) -> Vec<f64> {
    let known = served.iter().zip(inside).filter(|(value, inside)| **inside && value.is_finite());
    known.map(|(value, _)| *value).collect()
}

fn rows_of(rows: &FallRows, group: &RowGroup) -> Option<Vec<bool>> {
    match group {
        RowGroup::Window { from_ms, to_ms } => {
            let times = &rows.after.times;
            let is_in = |time: &Option<i64>| time.is_some_and(|time| (*from_ms..=*to_ms).contains(&time));
            (!times.is_empty()).then(|| times.iter().map(is_in).collect())
        }
        RowGroup::Values { column, values } => {
            let (_, cells) = cells_of(rows, column)?;
            let is_one = |word: &str| values.iter().any(|value| value == word);
            Some(match cells {
                Cells::Numbers(numbers) => numbers.iter().map(|number| is_one(&number.to_string())).collect(),
                Cells::Words { levels, of } => {
                    let chosen: Vec<bool> = levels.iter().map(|level| is_one(level)).collect();
                    of.iter().map(|code| chosen.get(*code as usize).copied().unwrap_or(false)).collect()
                }
            })
        }
    }
}

/// The values of another column in the chosen rows; `None` for columns of different types.
fn mixed(own: &Cells, other: &Cells, chosen: &[bool]) -> Option<Cells> {
    match (own, other) {
        (Cells::Numbers(own), Cells::Numbers(other)) => Some(Cells::Numbers(
            own.iter()
                .zip(other)
                .zip(chosen)
                .map(|((own, other), chosen)| if *chosen { *other } else { *own })
                .collect(),
        )),
        (Cells::Words { levels, of }, Cells::Words { levels: other_levels, of: other }) => {
            let shift = levels.len() as u32;
            let moved = |code: u32| if code == Cells::MISSING { code } else { code + shift };
            Some(Cells::Words {
                levels: levels.iter().chain(other_levels).cloned().collect(),
                of: of.iter().zip(other).zip(chosen).map(|((o, n), c)| if *c { moved(*n) } else { *o }).collect(),
            })
        }
        _ => None,
    }
}

/// The values that stand for others, exchanged for these.
fn exchanged(served: &Cells, to: &HashMap<&str, &str>, inside: &[bool]) -> (Cells, Vec<bool>) {
    match served {
        Cells::Numbers(values) => {
            let known: HashMap<u64, f64> = to
                .iter()
                .filter_map(|(from, to)| Some((from.parse::<f64>().ok()?.to_bits(), to.parse::<f64>().ok()?)))
                .collect();
            let new = |(value, inside): (&f64, &bool)| {
                known.get(&value.to_bits()).copied().filter(|_| *inside).unwrap_or(*value)
            };
            let changed: Vec<f64> = values.iter().zip(inside).map(new).collect();
            let marked = changed.iter().zip(values).map(|(new, old)| new.to_bits() != old.to_bits()).collect();
            (Cells::Numbers(changed), marked)
        }
        Cells::Words { levels, of } => {
            let renamed: Vec<String> =
                levels.iter().map(|level| (*to.get(level.as_str()).unwrap_or(&level.as_str())).to_owned()).collect();
            let is_new: Vec<bool> = levels.iter().zip(&renamed).map(|(old, new)| old != new).collect();
            let marked = of
                .iter()
                .zip(inside)
                .map(|(code, inside)| *inside && is_new.get(*code as usize) == Some(&true))
                .collect();
            (Cells::Words { levels: renamed, of: of.clone() }, marked)
        }
    }
}
