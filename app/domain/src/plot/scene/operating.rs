//! What the charts of a run's scores share: its operating points as a table.

use super::{Head, Place, ScoredRun, Table, Value};
use crate::evaluation::ScoreTable;
use crate::operating_point::OperatingPoint;

/// Rows on a page of one run or of two.
const ROWS: usize = 20;

/// Every kept threshold of each run with its counts and ratios; on a page some of them. Runs with a name have it in
/// front of their rows.
pub fn table_of(runs: &[(Option<String>, &ScoreTable)]) -> Table {
    let run = runs.iter().any(|(name, _)| name.is_some()).then(|| Head::ours("run"));
    let counts = ["threshold", "true positives", "false positives", "false negatives", "true negatives"];
    let ratios = ["recall", "false positive rate", "precision", "F1"];
    let heads = run.into_iter().chain(counts.into_iter().chain(ratios).map(Head::ours)).collect();
    let rows = runs.iter().flat_map(|(name, scores)| {
        let name = name.clone().map(Value::Text);
        scores.points().map(move |point| name.clone().into_iter().chain(values(&point)).collect())
    });
    Table::new(heads, rows.collect()).showing(ROWS.max(ROWS / 2 * runs.len()))
}

fn values(point: &OperatingPoint) -> [Value; 9] {
    [
        Value::Number(point.threshold),
        Value::Count(point.true_positives),
        Value::Count(point.false_positives),
        Value::Count(point.false_negatives),
        Value::Count(point.true_negatives),
        Value::share(point.recall()),
        Value::share(point.false_positive_rate()),
        Value::share(point.precision()),
        Value::number(point.f1()),
    ]
}

/// Points nearer than this to the last one drawn are left out: a fifth of a pixel.
pub const GRAIN: f64 = 0.002;

/// The places of every kept operating point, from the origin to the top right.
pub fn curve(run: &ScoredRun, place: fn(&OperatingPoint) -> Place) -> Vec<Place> {
    let points = [(0.0, 0.0)].into_iter().chain(run.scores.points().map(|point| place(&point)));
    points.chain([(1.0, 1.0)]).collect()
}

/// Two positives and two negatives, for the tests of these charts.
#[cfg(test)]
pub fn example() -> ScoreTable {
    ScoreTable {
        positives: 2,
        negatives: 2,
        thresholds: vec![0.9, 0.7, 0.2],
        true_positives: vec![1, 2, 2],
        false_positives: vec![0, 1, 2],
        score_min: 0.2,
        score_max: 0.9,
        histogram_positive: vec![0, 2],
        histogram_negative: vec![1, 1],
        exact: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_stand_beside_the_counts_they_come_from() {
        let table = table_of(&[(None, &example())]);
        assert_eq!(table.heads[7].id, "precision");
        assert_eq!(table.rows[1][1..5], [2, 1, 0, 1].map(Value::Count));
        assert_eq!(table.rows[1][5..7], [Value::Share(1.0), Value::Share(0.5)]);
    }
}
