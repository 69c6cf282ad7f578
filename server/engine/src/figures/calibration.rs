//! Calibration of one run: how often it is true when the score says so.

use domain::Problem;
use domain::evaluation::CalibrationBin;
use domain::plot::format;
use plotters::prelude::*;

use super::ink::Ink;
use super::sheet::{Sheet, axes, share_tick};
use super::{Canvas, Figure, failed};

/// Share of positives against the mean score per bin, with 95 % intervals.
///
/// # Errors
/// Only when drawing itself fails, which the log tells.
pub fn calibration(name: &str, bins: &[CalibrationBin], canvas: &Canvas) -> Result<Figure, Problem> {
    let filled: Vec<&CalibrationBin> = bins.iter().filter(|bin| bin.n > 0).collect();
    let n = filled.iter().map(|bin| bin.n).sum();
    let sheet = Sheet {
        title: format!("Calibration of {name}"),
        description: "Observed share of positives against the mean score, per bin.".to_owned(),
        keys: vec![(Ink::Strong, format!("{} rows in {} bins, 95 % intervals", format::count(n), filled.len()))],
    };
    sheet.drawn(canvas, |below| {
        let mut builder = ChartBuilder::on(below);
        builder.margin(16).x_label_area_size(46).y_label_area_size(70);
        let mut plot = builder.build_cartesian_2d(0.0..1.0, 0.0..1.0).map_err(failed)?;
        let percent = |value: &f64| share_tick(*value);
        axes(&mut plot, ("mean score of the bin", &percent), ("share positive", &percent))?;
        let diagonal = PathElement::new([(0.0, 0.0), (1.0, 1.0)], Ink::Muted.marker().mix(0.6));
        plot.draw_series([diagonal]).map_err(failed)?;
        let strong = Ink::Strong.marker();
        let intervals = filled.iter().map(|bin| {
            PathElement::new([(bin.mean_score, bin.rate_low), (bin.mean_score, bin.rate_high)], strong.stroke_width(1))
        });
        plot.draw_series(intervals).map_err(failed)?;
        let line: Vec<(f64, f64)> = filled.iter().map(|bin| (bin.mean_score, bin.rate)).collect();
        plot.draw_series(line.iter().map(|place| Circle::new(*place, 4, strong.filled()))).map_err(failed)?;
        plot.draw_series([PathElement::new(line, strong.stroke_width(2))]).map_err(failed)?;
        Ok(())
    })
}
