//! The histogram of a column in train and in serve.

use domain::Problem;
use domain::comparison::NumericChart;
use domain::plot::format;
use domain::snapshot::ColumnKind;
use plotters::prelude::*;

use super::ink::Ink;
use super::sheet::{Plot, Sheet, axes, outline, share_tick};
use super::{Canvas, Figure, failed};

/// Shares of each side's own rows. The axis is logarithmic where the column spans more than three decades.
///
/// # Errors
/// Only when drawing itself fails, which the log tells.
pub fn histogram_pair(
    column: &str,
    kind: ColumnKind,
    chart: &NumericChart,
    rows: [u64; 2],
    canvas: &Canvas,
) -> Result<Figure, Problem> {
    let sheet = Sheet {
        title: format!("How {column} is distributed in train and in serve"),
        description: "Share of each side's rows per bin.".to_owned(),
        keys: vec![
            (Ink::Train, format!("train, {} rows", format::count(rows[0]))),
            (Ink::Serve, format!("serve, {} rows", format::count(rows[1]))),
        ],
    };
    let log = chart.log.as_ref().filter(|log| span(&log.edges) > 1000.0);
    let (edges, reference, current) =
        log.map_or((&chart.edges, &chart.reference, &chart.current), |log| (&log.edges, &log.reference, &log.current));
    let (low, high) = ends(edges);
    let sides = [(Ink::Train, shares(reference)), (Ink::Serve, shares(current))];
    let top = sides.iter().flat_map(|(_, shares)| shares).copied().fold(f64::MIN_POSITIVE, f64::max) * 1.05;
    let words = move |value: &f64| match kind {
        ColumnKind::Datetime => format::time(*value as i64),
        _ => format::significant(*value, 3),
    };
    sheet.drawn(canvas, |area| {
        let mut builder = ChartBuilder::on(area);
        builder.margin(16).x_label_area_size(46).y_label_area_size(70);
        if log.is_some() {
            let mut plot = builder.build_cartesian_2d((low..high).log_scale(), 0.0..top).map_err(failed)?;
            draw(&mut plot, column, &words, edges, &sides)
        } else {
            let mut plot = builder.build_cartesian_2d(low..high, 0.0..top).map_err(failed)?;
            draw(&mut plot, column, &words, edges, &sides)
        }
    })
}

fn draw<X>(
    plot: &mut Plot<'_, '_, X, plotters::coord::types::RangedCoordf64>,
    column: &str,
    words: &dyn Fn(&f64) -> String,
    edges: &[f64],
    sides: &[(Ink, Vec<f64>)],
) -> Result<(), Problem>
where
    X: plotters::coord::ranged1d::Ranged<ValueType = f64> + plotters::coord::ranged1d::ValueFormatter<f64>,
{
    axes(plot, (column, words), ("share of rows per bin", &|value| share_tick(*value)))?;
    for (ink, shares) in sides {
        let shape = outline(edges, shares);
        plot.draw_series([Polygon::new(shape.clone(), ink.marker().mix(0.16))]).map_err(failed)?;
        plot.draw_series([PathElement::new(shape, ink.marker().stroke_width(2))]).map_err(failed)?;
    }
    Ok(())
}

/// The first and last edge; widened when they do not span anything.
fn ends(edges: &[f64]) -> (f64, f64) {
    match (edges.first(), edges.last()) {
        (Some(low), Some(high)) if high > low => (*low, *high),
        (Some(low), _) => (low - 0.5, low + 0.5),
        _ => (0.0, 1.0),
    }
}

fn span(edges: &[f64]) -> f64 {
    edges.last().zip(edges.first()).map_or(1.0, |(last, first)| last / first)
}

fn shares(counts: &[u64]) -> Vec<f64> {
    let total = counts.iter().sum::<u64>().max(1) as f64;
    counts.iter().map(|count| *count as f64 / total).collect()
}
