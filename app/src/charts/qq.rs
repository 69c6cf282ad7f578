//! QQ: the quantiles of serve against those of train. On the diagonal both sides agree; a straight line beside it is a
//! change of scale or of offset.

use domain::comparison::NumericChart;
use domain::plot::scale::Scale;
use domain::snapshot::ColumnKind;
use leptos::prelude::*;

use super::axis::Axis;
use super::column_view::ColumnView;
use super::ecdf;
use super::frame::{Chart, Shape, stretched};
use super::pair::Pair;
use super::path::{self, from_top, percent};
use super::values::value;

/// One scale for both axes, so that the diagonal means "equal".
pub fn scale(data: &NumericChart, view: ColumnView) -> Scale {
    ecdf::scale(data, view)
}

pub fn chart(
    column: &str,
    kind: ColumnKind,
    data: &NumericChart,
    view: ColumnView,
    rows: [u64; 2],
    overlay: AnyView,
) -> AnyView {
    let scale = scale(data, view);
    let pairs = data.reference_quantiles.iter().zip(&data.current_quantiles);
    let dots: Vec<_> = pairs
        .enumerate()
        .map(|(index, (train, serve))| {
            let (x, y) = (percent(scale.position(*train)), from_top(scale.position(*serve)));
            let text = format!("{index} % quantile: train {}, serve {}", value(*train, kind), value(*serve, kind));
            view! { <circle class="dot serve" cx=x cy=y r="3"><title>{text}</title></circle> }
        })
        .collect();
    let x = Axis::of_values(scale, column, kind);
    let y = Axis { name: "in serve".to_owned(), ..x.clone() };
    let x = Axis { name: format!("{} in train", x.name), ..x };
    let marks = view! {
        {stretched(view! { <path class="diagonal" d=path::line([(0.0, 0.0), (1.0, 1.0)])></path> })}
        <text class="mark-label" x="100%" y="0" dx="-6" dy="14" text-anchor="end">"equal"</text>
        {dots}
        {overlay}
    };
    Chart {
        title: format!("Quantiles of {column}: serve against train"),
        summary: "Points on the diagonal: both sides have the same quantile".to_owned(),
        keys: Pair::TrainServe.keys(rows),
        shape: Shape::Square,
        x,
        y,
        table: ecdf::quantile_table(data, kind),
    }
    .around(marks)
}
