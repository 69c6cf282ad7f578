//! The telling part of a difference: the values of a column that the selected rows have far more often than the rest.
//! Adding it as a condition narrows the question.

use domain::comparison::{CategoryChart, ChartData, NumericChart, share_differences};
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

/// The bins with the largest surplus of the selection's share.
fn telling_range(chart: &NumericChart) -> Option<Test> {
    let (first, end) = chart.surplus()?;
    range(&chart.edges, first, end)
}

/// The bins `first..end` as a range; the last bin's upper edge belongs to it.
pub fn range(edges: &[f64], first: usize, end: usize) -> Option<Test> {
    let upper = if end + 1 == edges.len() { UpperEnd::Included } else { UpperEnd::Excluded };
    Some(Test::Range { from: *edges.get(first)?, to: *edges.get(end)?, upper })
}

/// The one category with the largest surplus; `(other)` means none of the named ones.
fn telling_values(chart: &CategoryChart) -> Option<Test> {
    let surplus = share_differences(&chart.reference, &chart.current);
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

/// The bars that a test picks.
pub fn marked(chart: &CategoryChart, test: Option<&Test>) -> Vec<usize> {
    let Some(test) = test else { return Vec::new() };
    let passes = |index: &usize| match (test, category(chart, *index)) {
        // The bar of the rest is picked by what leaves out the named ones.
        (Test::NoneOf(_), Test::NoneOf(_)) => true,
        (_, Test::OneOf(values)) => values.iter().all(|value| test.accepts_text(value)),
        _ => false,
    };
    (0..chart.labels.len()).filter(passes).collect()
}

/// The rows of several bars. With the bar of the rest among them, it is "none of the bars that are not marked".
pub fn any_of(chart: &CategoryChart, marked: &[usize]) -> Option<Test> {
    let tests = || marked.iter().filter(|index| **index < chart.labels.len()).map(|index| category(chart, *index));
    let named: Vec<String> =
        tests().filter_map(|test| if let Test::OneOf(values) = test { Some(values) } else { None }).flatten().collect();
    let rest = tests().find_map(|test| if let Test::NoneOf(values) = test { Some(values) } else { None });
    match rest {
        Some(others) => Some(Test::NoneOf(others.into_iter().filter(|other| !named.contains(other)).collect())),
        None if named.is_empty() => None,
        None => Some(Test::OneOf(named)),
    }
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

    #[test]
    fn the_rest_and_a_named_bar_together_are_none_of_the_others_and_come_back_as_both() {
        let labels = ["a", "b", "c", OTHER].map(str::to_owned).to_vec();
        let chart = CategoryChart { labels, reference: vec![1; 4], current: vec![1; 4] };
        assert_eq!(any_of(&chart, &[0, 2]), Some(Test::OneOf(vec!["a".into(), "c".into()])));
        let with_rest = any_of(&chart, &[3, 1]);
        assert_eq!(with_rest, Some(Test::NoneOf(vec!["a".into(), "c".into()])));
        assert_eq!(marked(&chart, with_rest.as_ref()), [1, 3]);
        assert_eq!(any_of(&chart, &[]), None);
    }
}
