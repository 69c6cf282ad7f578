//! How a column is shown before anybody has chosen a view.

use domain::Comparison;
use domain::comparison::ChartData;

use crate::address::Place;
use crate::charts::ColumnView;
use crate::charts::column_view::AxisKind;

/// On a logarithmic axis where the largest value is over a hundred times the median of either side: on a linear one
/// that side would be a single bar.
pub fn opening_view(comparison: &Comparison) -> ColumnView {
    let Some(ChartData::Numeric(chart)) = &comparison.chart else { return ColumnView::default() };
    let medians = [&chart.reference_quantiles, &chart.current_quantiles].map(|all| all.get(all.len() / 2).copied());
    let smallest = medians.into_iter().flatten().fold(f64::INFINITY, f64::min);
    let spans_decades = chart.edges.last().is_some_and(|largest| *largest > 100.0 * smallest);
    let axis = if chart.log.is_some() && spans_decades { AxisKind::Log } else { AxisKind::Linear };
    ColumnView { axis, ..ColumnView::default() }
}

/// The column in that view.
pub fn opening_address(place: &Place, comparison: &Comparison) -> String {
    let view = opening_view(comparison).to_query();
    let parameters = view.iter().map(|(name, value)| (*name, value.as_str()));
    let all: Vec<(&str, &str)> = [("column", comparison.column.as_str())].into_iter().chain(parameters).collect();
    format!("{}#detail", place.compare(&all))
}
