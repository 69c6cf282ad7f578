//! A signal over time, cut into windows: did it move to another level, or steadily?

use crate::thresholds::{CONFIDENCE_WINDOWS, CONFIDENCE_WINDOWS_FEWEST, CONFIDENCE_WINDOWS_SIDE};
use stats::mann_kendall::rank_trend;
use stats::shift::{Point, lasting_shift};

/// A window of time with its mean.
#[derive(Clone, Copy)]
pub struct Window {
    pub from_ms: i64,
    pub to_ms: i64,
    pub point: Point,
}

/// Windows of as many points each; `None` where the points are too few.
pub fn windows_of(points: &[(i64, f64)]) -> Option<Vec<Window>> {
    let mut finite: Vec<(i64, f64)> = points.iter().copied().filter(|(_, value)| value.is_finite()).collect();
    finite.sort_by_key(|(at, _)| *at);
    let count = finite.len().min(CONFIDENCE_WINDOWS as usize);
    let windows: Vec<Window> = (0..count)
        .filter_map(|place| {
            let part = &finite[place * finite.len() / count..(place + 1) * finite.len() / count];
            let value = part.iter().map(|(_, value)| value).sum::<f64>() / part.len() as f64;
            Some(Window { from_ms: part.first()?.0, to_ms: part.last()?.0, point: Point { value, error: 0.0 } })
        })
        .collect();
    (windows.len() >= CONFIDENCE_WINDOWS_FEWEST as usize).then_some(windows)
}

/// How a signal moved: the step or the trend, whichever is the more certain.
pub struct Change {
    /// In units.
    pub by: f64,
    pub unit: f64,
    pub p: f64,
    /// When it began, for a step.
    pub since: Option<i64>,
}

/// `unit` is the spread of single values; without one the change is measured by the scatter of the windows. Both tests are
/// counted in p: twice the smaller one.
pub fn change(windows: &[Window], unit: Option<f64>) -> Change {
    let points: Vec<Point> = windows.iter().map(|window| window.point).collect();
    let in_units = |change: f64, scatter: f64| {
        let unit = unit.unwrap_or(scatter);
        if unit > 0.0 { (change / unit, unit) } else { (0.0, unit) }
    };
    let step = lasting_shift(&[], &points, CONFIDENCE_WINDOWS_SIDE as usize).map(|shift| {
        let (by, unit) = in_units(shift.change(), shift.noise);
        let since = windows.get(shift.from).map(|window| window.from_ms);
        Change { by, unit, p: (2.0 * shift.p).min(1.0), since }
    });
    let first = windows.first().map_or(0, |window| window.from_ms);
    let middle = |window: &Window| ((window.from_ms - first) + (window.to_ms - first)) as f64 / 2.0;
    let at: Vec<f64> = windows.iter().map(middle).collect();
    let values: Vec<f64> = points.iter().map(|point| point.value).collect();
    let trend = rank_trend(&at, &values).map(|trend| {
        let (by, unit) = in_units(trend.change, trend.spread);
        Change { by, unit, p: (2.0 * trend.p).min(1.0), since: None }
    });
    let nothing = Change { by: 0.0, unit: 0.0, p: 1.0, since: None };
    [step, trend].into_iter().flatten().fold(nothing, |best, other| if other.p < best.p { other } else { best })
}

/// The mean of the windows before a time and of those from it on.
pub fn levels(windows: &[Window], since: i64) -> [f64; 2] {
    let level = |is_in: &dyn Fn(&Window) -> bool| {
        let values: Vec<f64> = windows.iter().filter(|window| is_in(window)).map(|window| window.point.value).collect();
        values.iter().sum::<f64>() / values.len() as f64
    };
    [level(&|window| window.from_ms < since), level(&|window| window.from_ms >= since)]
}
