//! ROC of one run.

use domain::Problem;
use domain::evaluation::{Metric, ScoreTable};
use domain::plot::format;
use plotters::prelude::*;

use super::ink::Ink;
use super::sheet::{Sheet, axes, share_tick};
use super::{Canvas, Figure, failed};

/// True against false positive rate at every kept threshold.
///
/// # Errors
/// Only when drawing itself fails, which the log tells.
pub fn roc(name: &str, scores: &ScoreTable, area: Option<Metric>, canvas: &Canvas) -> Result<Figure, Problem> {
    let n = scores.positives + scores.negatives;
    let area = area.map_or(String::new(), |area| format!("area {}, ", format::number(area.value)));
    let sheet = Sheet {
        title: format!("ROC of {name}"),
        description: "True positive rate against false positive rate.".to_owned(),
        keys: vec![(
            Ink::Strong,
            format!("{area}{} of {} rows positive", format::count(scores.positives), format::count(n)),
        )],
    };
    let inner = scores.points().filter_map(|point| Some((point.false_positive_rate()?, point.recall()?)));
    let curve: Vec<(f64, f64)> = [(0.0, 0.0)].into_iter().chain(inner).chain([(1.0, 1.0)]).collect();
    sheet.drawn(canvas, |below| {
        let mut builder = ChartBuilder::on(below);
        builder.margin(16).x_label_area_size(46).y_label_area_size(70);
        let mut plot = builder.build_cartesian_2d(0.0..1.0, 0.0..1.0).map_err(failed)?;
        let percent = |value: &f64| share_tick(*value);
        axes(&mut plot, ("false positive rate", &percent), ("true positive rate", &percent))?;
        let diagonal = PathElement::new([(0.0, 0.0), (1.0, 1.0)], Ink::Muted.marker().mix(0.6));
        plot.draw_series([diagonal]).map_err(failed)?;
        plot.draw_series([PathElement::new(curve, Ink::Strong.marker().stroke_width(2))]).map_err(failed)?;
        Ok(())
    })
}
