//! The telling part of a difference: the values of a column that the selected rows have far more often than the rest.
//! Adding it as a condition narrows the question.

use domain::comparison::{CategoryChart, ChartData, NumericChart};
use domain::selection::{Condition, Test, UpperEnd};

/// The condition that picks the values most over-represented in the selection (the chart's current side). `None` when
/// no value is more frequent there.
pub fn telling_condition(column: &str, chart: &ChartData) -> Option<Condition> {
    let test = match chart {
        ChartData::Numeric(chart) => telling_range(chart),
        ChartData::Categories(chart) => telling_values(chart),
    };
    test.map(|test| Condition::on_column(column, test))
}

/// The run of neighbouring bins with the largest surplus of the selection's share (Kadane's maximum subarray).
fn telling_range(chart: &NumericChart) -> Option<Test> {
    let surplus = surplus(&chart.reference, &chart.current);
    let (mut best, mut best_run) = (0.0, None);
    let (mut sum, mut start) = (0.0, 0);
    for (bin, extra) in surplus.iter().enumerate() {
        if sum <= 0.0 {
            (sum, start) = (0.0, bin);
        }
        sum += extra;
        if sum > best {
            (best, best_run) = (sum, Some((start, bin + 1)));
        }
    }
    let (first, end) = best_run?;
    range(&chart.edges, first, end)
}

/// The bins `first..end` as a range; the last bin's upper edge belongs to it.
pub fn range(edges: &[f64], first: usize, end: usize) -> Option<Test> {
    let upper = if end + 1 == edges.len() { UpperEnd::Included } else { UpperEnd::Excluded };
    Some(Test::Range { from: *edges.get(first)?, to: *edges.get(end)?, upper })
}

/// The one category with the largest surplus; `(other)` means none of the named ones.
fn telling_values(chart: &CategoryChart) -> Option<Test> {
    let surplus = surplus(&chart.reference, &chart.current);
    let (index, extra) = surplus.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    (*extra > 0.0).then(|| category(chart, index))
}

/// The name of the bar that holds the rare categories together.
pub const OTHER: &str = "(other)";

/// The rows of one bar of a categories chart.
pub fn category(chart: &CategoryChart, index: usize) -> Test {
    let label = &chart.labels[index];
    if label == OTHER && index + 1 == chart.labels.len() {
        Test::NoneOf(chart.labels.iter().take(index).cloned().collect())
    } else {
        Test::OneOf(vec![label.clone()])
    }
}

/// Per bin or category, the current side's share less the reference's.
fn surplus(reference: &[u64], current: &[u64]) -> Vec<f64> {
    let total = |counts: &[u64]| counts.iter().sum::<u64>().max(1) as f64;
    let (whole_reference, whole_current) = (total(reference), total(current));
    reference.iter().zip(current).map(|(a, b)| *b as f64 / whole_current - *a as f64 / whole_reference).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_covers_the_surplus_and_nothing_else() {
        let chart = NumericChart {
            edges: vec![0.0, 1.0, 2.0, 3.0, 4.0],
            reference: vec![50, 30, 10, 10],
            current: vec![0, 1, 5, 4],
            log: None,
            reference_quantiles: vec![],
            current_quantiles: vec![],
            over_time: vec![],
        };
        assert_eq!(telling_range(&chart), Some(Test::Range { from: 2.0, to: 4.0, upper: UpperEnd::Included }));
        let same = NumericChart { current: chart.reference.clone(), ..chart };
        assert_eq!(telling_range(&same), None);
    }

    #[test]
    fn the_bar_of_the_rest_means_none_of_the_others() {
        let labels = vec!["a".to_owned(), "b".to_owned(), OTHER.to_owned()];
        let chart = CategoryChart { labels, reference: vec![5, 5, 0], current: vec![0, 1, 9] };
        assert_eq!(telling_values(&chart), Some(Test::NoneOf(vec!["a".into(), "b".into()])));
        assert_eq!(category(&chart, 0), Test::OneOf(vec!["a".into()]));
    }
}
