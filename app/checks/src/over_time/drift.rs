//! How far each window of the served time is from the training data, with the limit of the check and how far training is
//! from itself.

use domain::Item;
use domain::finding::Finding;
use domain::measurements::Measurements;
use domain::measurements::drift_windows::{Distance, DriftWindow, DriftWindows};
use domain::over_time::{ColumnStrip, ReferenceRange, StripWindow, TimePoint, TimeSeries, Unit};

use super::named;
use crate::thresholds::{DRIFT_JS, DRIFT_KS, RATE_DIFFERENCE};

/// Columns that are shown besides those with a finding about it.
const MOST_COLUMNS: usize = 5;

/// Detectors that say of one column that its values moved.
pub const DETECTORS: [&str; 3] = ["D1.column_drift", "D1.prediction_shift", "M1.gradual_drift"];

/// Columns with a finding first; of the others those that went furthest.
pub fn series(measurements: &Measurements, findings: &[Finding]) -> Vec<TimeSeries> {
    let has_finding = |windows: &&DriftWindows| {
        let about = |finding: &Finding| {
            DETECTORS.contains(&finding.detector.as_str())
                && matches!(finding.columns.as_slice(), [column] if *column == windows.column)
        };
        findings.iter().any(about)
    };
    let (found, mut others): (Vec<&DriftWindows>, Vec<&DriftWindows>) =
        measurements.drift_windows.iter().partition(has_finding);
    others.sort_by(|a, b| furthest(b).total_cmp(&furthest(a)));
    let free = MOST_COLUMNS.saturating_sub(found.len());
    found.into_iter().chain(others.into_iter().take(free)).map(of_column).collect()
}

/// Every column that was followed, the furthest first.
pub fn strips(measurements: &Measurements) -> Vec<ColumnStrip> {
    let mut all: Vec<&DriftWindows> = measurements.drift_windows.iter().collect();
    all.sort_by(|a, b| furthest(b).total_cmp(&furthest(a)));
    let window = |window: &DriftWindow| StripWindow {
        from_ms: window.from_ms,
        to_ms: window.to_ms,
        rows: window.rows,
        distance: window.distance,
    };
    let strip = |windows: &DriftWindows| ColumnStrip {
        column: windows.column.clone(),
        distance: words(windows.distance).to_owned(),
        limit: limit(windows.distance),
        before: windows.train.iter().map(window).collect(),
        served: windows.served.iter().map(window).collect(),
    };
    all.into_iter().map(strip).collect()
}

fn limit(distance: Distance) -> f64 {
    match distance {
        Distance::KolmogorovSmirnov => DRIFT_KS,
        Distance::JensenShannon => DRIFT_JS,
        Distance::Rates => RATE_DIFFERENCE,
    }
}

fn words(distance: Distance) -> &'static str {
    match distance {
        Distance::KolmogorovSmirnov => "KS statistic beyond chance",
        Distance::JensenShannon => "Jensen-Shannon distance beyond chance",
        Distance::Rates => "difference of the rates beyond chance",
    }
}

/// How many times its limit the furthest window is from training.
fn furthest(windows: &DriftWindows) -> f64 {
    windows.served.iter().map(|window| window.distance).fold(0.0, f64::max) / limit(windows.distance)
}

fn of_column(windows: &DriftWindows) -> TimeSeries {
    let point = |window: &DriftWindow| TimePoint {
        from_ms: window.from_ms,
        to_ms: window.to_ms,
        rows: window.rows,
        value: window.distance,
        low: None,
        high: None,
    };
    let of_train = || windows.train.iter().map(|window| window.distance);
    let reference = (!windows.train.is_empty()).then(|| ReferenceRange {
        of: "training windows".to_owned(),
        low: of_train().fold(f64::INFINITY, f64::min),
        high: of_train().fold(f64::NEG_INFINITY, f64::max),
    });
    let unit = Unit::Number { name: words(windows.distance).to_owned() };
    TimeSeries {
        columns: vec![windows.column.clone()],
        before: windows.train.iter().map(point).collect(),
        served: windows.served.iter().map(point).collect(),
        reference,
        limit: Some(limit(windows.distance)),
        ..named(format!("drift-{}", windows.column), format!("Drift of {}", windows.column), unit, &[Item::M1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(column: &str, distances: [f64; 2]) -> DriftWindows {
        let window = |(at, distance): (i64, f64)| DriftWindow { from_ms: at, to_ms: at + 1, rows: 100, distance };
        DriftWindows {
            column: column.to_owned(),
            distance: Distance::KolmogorovSmirnov,
            train: vec![window((0, 0.02)), window((1, 0.05))],
            served: vec![window((5, distances[0])), window((6, distances[1]))],
        }
    }

    #[test]
    fn the_furthest_columns_have_a_series_with_the_limit_and_the_range_of_training() {
        let columns = ["a", "b", "c", "d", "e", "f", "g"];
        let drift_windows: Vec<DriftWindows> =
            columns.iter().zip(1..).map(|(column, at)| windows(column, [0.0, 0.01 * f64::from(at)])).collect();
        let measurements = Measurements { drift_windows, ..Measurements::default() };
        let all = series(&measurements, &[]);
        let ids: Vec<&str> = all.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["drift-g", "drift-f", "drift-e", "drift-d", "drift-c"]);
        let strips: Vec<String> = strips(&measurements).into_iter().map(|strip| strip.column).collect();
        assert_eq!(strips, ["g", "f", "e", "d", "c", "b", "a"]);
        let first = &all[0];
        assert_eq!((first.before.len(), first.served.len(), first.limit), (2, 2, Some(DRIFT_KS)));
        let range = first.reference.as_ref().map(|range| (range.of.as_str(), range.low, range.high));
        assert_eq!(range, Some(("training windows", 0.02, 0.05)));
    }

    #[test]
    fn a_column_with_a_finding_comes_first() {
        let measurements = Measurements {
            drift_windows: vec![windows("far", [0.0, 0.9]), windows("found", [0.1, 0.1])],
            ..Measurements::default()
        };
        let detector = crate::detectors::all().find(|one| one.id.as_str() == "M1.gradual_drift");
        let effect = domain::finding::Effect::new("change_over_std_ref", 0.5, 0.25);
        let certainty = domain::finding::Certainty::q(1e-9);
        let found = detector
            .map(|one| one.finding(domain::Verdict::Mismatch, &["found"], "It rises.".into(), effect, certainty));
        let findings: Vec<Finding> = found.into_iter().collect();
        let ids: Vec<String> = series(&measurements, &findings).into_iter().map(|one| one.id).collect();
        assert_eq!(ids, ["drift-found", "drift-far"]);
    }

    #[test]
    fn the_detectors_named_here_exist() {
        for id in DETECTORS {
            assert!(crate::detectors::all().any(|detector| detector.id.as_str() == id), "{id}");
        }
    }
}
