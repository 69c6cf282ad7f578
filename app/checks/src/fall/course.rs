//! The parts of a fall along the time of the served rows.

use domain::fall::{Fall, FallWindow, Mechanism, PartChanged, PartInWindow, Points};
use domain::measurements::fall_rows::FallRows;
use stats::fall::{Answers, Split, Term};
use stats::shift::{Point, lasting_shift};

use super::inputs::Inputs;
use crate::thresholds::{SIGNIFICANCE, SINCE_CHUNKS};

/// Windows at most, and the rows of one at least: the accuracy of so many has a standard error of about two points.
const MOST_WINDOWS: usize = 12;
const FEWEST_ROWS: usize = 500;
/// With fewer windows there is no course.
const FEWEST_WINDOWS: usize = 3;
/// The half width of an interval of 95 %, in standard errors.
const Z: f64 = 1.96;
/// The rows drawn and the part differ by less than this factor; a part near zero is not drawn out to more.
const MOST_APART: f64 = 2.0;

/// What each served row adds, in the unit of the loss.
struct OfRows {
    /// By its label and prediction.
    loss: Vec<f64>,
    /// What scoring adds to it.
    scoring: Vec<f64>,
    /// What is expected of its inputs; none of a row with destroyed ones.
    expected: Vec<Option<f64>>,
}

/// Windows of as many served rows each, in the order of time; empty without times, with few rows, or where no part is certain.
pub fn course(
    rows: &FallRows,
    [before, after]: [&Answers; 2],
    fall: &Fall,
    split: &Split,
    inputs: &Inputs,
    unit: f64,
) -> Vec<FallWindow> {
    let mut timed: Vec<(i64, usize)> =
        rows.after.times.iter().enumerate().filter_map(|(row, at_ms)| Some(((*at_ms)?, row))).collect();
    let windows = (timed.len() / FEWEST_ROWS).min(MOST_WINDOWS);
    if windows < FEWEST_WINDOWS || fall.parts.is_empty() {
        return Vec::new();
    }
    timed.sort_unstable();
    let of_rows = OfRows::of(after, split, inputs);
    let earlier: Vec<f64> = before.losses().iter().map(|loss| -loss).collect();
    let usual = mean(split.expected_of_row[0].iter().copied());
    let raw = |part: &[(i64, usize)]| of_rows.raw(part, &earlier, usual, unit);
    let whole = raw(&timed);
    let factors: Vec<(Mechanism, f64)> =
        fall.parts.iter().map(|part| (part.mechanism, scaled(part.points.points, whole.of(part.mechanism)))).collect();
    let window = |place: usize| {
        let part = &timed[place * timed.len() / windows..(place + 1) * timed.len() / windows];
        let found = raw(part);
        let parts = factors.iter().map(|(mechanism, factor)| {
            let points = factor * found.of(*mechanism);
            PartInWindow { mechanism: *mechanism, points }
        });
        FallWindow {
            from_ms: part[0].0,
            to_ms: part[part.len() - 1].0,
            rows: part.len() as u64,
            fall: found.fall,
            parts: parts.collect(),
        }
    };
    (0..windows).map(window).collect()
}

/// Where the level of the largest part changed and stayed. Its errors are taken to be those of the fall, which are larger.
pub fn changed(fall: &Fall) -> Option<PartChanged> {
    let mechanism = fall.parts.first()?.mechanism;
    let point = |window: &FallWindow| {
        let error = (window.fall.high - window.fall.low) / 2.0 / Z;
        Some(Point { value: window.of(mechanism)?, error })
    };
    let points: Vec<Point> = fall.over_time.iter().filter_map(point).collect();
    let shift = lasting_shift(&[], &points, SINCE_CHUNKS as usize).filter(|shift| shift.p < SIGNIFICANCE)?;
    let from_ms = fall.over_time.get(shift.from)?.from_ms;
    Some(PartChanged { mechanism, from_ms, before: shift.before, after: shift.after })
}

/// The points of some rows, before they are brought to those of the whole fall.
struct Raw {
    fall: Points,
    mix: f64,
    scoring: f64,
}

impl Raw {
    /// What neither other rows nor other predictions explain is the concept's.
    fn of(&self, mechanism: Mechanism) -> f64 {
        match mechanism {
            Mechanism::Mix => self.mix,
            Mechanism::Scoring => self.scoring,
            Mechanism::Concept => self.fall.points - self.mix - self.scoring,
        }
    }
}

impl OfRows {
    fn of(after: &Answers, split: &Split, inputs: &Inputs) -> Self {
        let loss = after.losses();
        let mut of_rows = Self { scoring: vec![0.0; loss.len()], expected: vec![None; loss.len()], loss };
        let [whole, broken] = &split.scoring_of_row;
        let costs = inputs.whole.iter().zip(whole).chain(inputs.broken.iter().zip(broken));
        costs.for_each(|(row, cost)| of_rows.scoring[*row] = *cost);
        let expected = inputs.whole.iter().zip(&split.expected_of_row[1]);
        expected.for_each(|(row, expected)| of_rows.expected[*row] = Some(*expected));
        of_rows
    }

    fn raw(&self, part: &[(i64, usize)], minus_before: &[f64], usual: f64, unit: f64) -> Raw {
        let losses: Vec<f64> = part.iter().map(|(_, row)| self.loss[*row]).collect();
        let rise = Term::of_means([minus_before, losses.as_slice()]);
        let expected: Vec<f64> = part.iter().filter_map(|(_, row)| self.expected[*row]).collect();
        // Of rows that are all broken nothing is known but that they are like the others.
        let mix = if expected.is_empty() { 0.0 } else { mean(expected.into_iter()) - usual };
        Raw {
            fall: Points::new(unit * rise.value, unit * rise.error),
            mix: unit * mix,
            scoring: unit * mean(part.iter().map(|(_, row)| self.scoring[*row])),
        }
    }
}

/// The factor that brings what the rows show to the points of the part.
fn scaled(points: f64, shown: f64) -> f64 {
    let factor = points / shown;
    if factor.is_finite() && factor > 0.0 { factor.clamp(1.0 / MOST_APART, MOST_APART) } else { 1.0 }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    sum / f64::from(count.max(1))
}
