//! QQ: the quantiles of serve against those of train. On the diagonal both sides agree; a straight line beside it is a
//! change of scale or of offset.

use super::super::format::value;
use super::column_view::ColumnView;
use super::marks::diagonal;
use super::{Axis, Key, Mark, Scene, Shape, Tone, ecdf};
use crate::comparison::NumericChart;
use crate::snapshot::ColumnKind;

/// One scale for both axes, so that the diagonal means "equal".
pub fn scene(column: &str, kind: ColumnKind, data: &NumericChart, view: ColumnView, rows: [u64; 2]) -> Scene {
    let scale = ecdf::scale(data, view);
    let pairs: Vec<(f64, f64)> =
        data.reference_quantiles.iter().copied().zip(data.current_quantiles.iter().copied()).collect();
    let words = pairs.iter().enumerate().map(|(index, (train, serve))| {
        format!("{index} % quantile: train {}, serve {}", value(*train, kind), value(*serve, kind))
    });
    let points = Mark::Points {
        tone: Tone::Serve,
        places: pairs.iter().map(|(train, serve)| (scale.position(*train), scale.position(*serve))).collect(),
        size: 3.0,
        words: words.collect(),
    };
    let x = Axis::of_values(scale, column, kind);
    let y = Axis { name: "in serve".to_owned(), ..x.clone() };
    Scene {
        title: format!("Quantiles of {column}: serve against train"),
        summary: "Points on the diagonal: both sides have the same quantile.".to_owned(),
        marks: vec![diagonal(), points],
        legend: Key::sides(rows).into_iter().chain([Key::dashed("equal")]).collect(),
        table: ecdf::quantile_table(data, kind),
        ..Scene::on("column", Shape::Square, Axis { name: format!("{} in train", x.name), ..x }, y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sides_lie_on_the_diagonal() {
        let data = NumericChart {
            edges: vec![],
            reference: vec![],
            current: vec![],
            log: None,
            reference_quantiles: vec![0.0, 2.0, 8.0],
            current_quantiles: vec![0.0, 2.0, 8.0],
            over_time: vec![],
        };
        let scene = scene("income", ColumnKind::Numeric, &data, ColumnView::default(), [3, 3]);
        let Some(Mark::Points { places, words, .. }) = scene.marks.last() else { panic!("no points") };
        assert!(places.iter().all(|place| place.0 == place.1) && places.len() == 3);
        assert_eq!(words[1], "1 % quantile: train 2, serve 2");
    }
}
