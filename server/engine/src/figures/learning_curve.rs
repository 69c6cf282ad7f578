//! A learning curve with what was read off it.

use domain::Problem;
use domain::diagnosis::ReadCurve;
use domain::learning_curve::{CurveMeasure, CurveSeries, CurveSplit};
use domain::plot::format;
use domain::plot::scale::Scale;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::dress::printable;
use super::ink::Ink;
use super::sheet::{Sheet, axes, text};
use super::{Canvas, Figure, failed};

/// The losses per epoch, or the scores when the file has no losses; each reading is an upright line where it begins.
///
/// # Errors
/// When the file has neither, or when drawing itself fails, which the log tells.
pub fn learning_curve(read: &ReadCurve, canvas: &Canvas) -> Result<Figure, Problem> {
    let curve = &read.curve;
    let measured =
        |measure| curve.series.iter().filter(|series| series.measure == measure).collect::<Vec<&CurveSeries>>();
    let (series, word) = match measured(CurveMeasure::Loss) {
        losses if !losses.is_empty() => (losses, "loss"),
        _ => (measured(CurveMeasure::Score), "score"),
    };
    if series.is_empty() {
        return Err(Problem::not_found(format!("{} has no losses or scores to draw.", curve.name)));
    }
    let statements: Vec<&str> = read.readings.iter().map(|reading| reading.statement.as_str()).collect();
    let sheet = Sheet {
        title: format!("{}: {word} per epoch", curve.name),
        description: statements.join(" "),
        keys: series.iter().map(|series| (ink(series.split), series.name.clone())).collect(),
    };
    let x = Scale::around(curve.epochs.iter().copied());
    let y = Scale::around(series.iter().flat_map(|series| series.values.iter().flatten().copied()));
    sheet.drawn(canvas, |below| {
        let mut builder = ChartBuilder::on(below);
        builder.margin(16).x_label_area_size(46).y_label_area_size(70);
        let mut plot = builder.build_cartesian_2d(x.low()..x.high(), y.low()..y.high()).map_err(failed)?;
        let number = |value: &f64| format::significant(*value, 3);
        axes(&mut plot, ("epoch", &number), (word, &number))?;
        for series in &series {
            for piece in pieces(series, &curve.epochs) {
                let line = PathElement::new(piece, ink(series.split).marker().stroke_width(2));
                plot.draw_series([line]).map_err(failed)?;
            }
        }
        for (row, mark) in marks(read, &series).into_iter().enumerate() {
            let upright =
                PathElement::new([(mark.epoch, y.low()), (mark.epoch, y.high())], mark.ink.marker().stroke_width(1));
            plot.draw_series([upright]).map_err(failed)?;
            let late = x.position(mark.epoch) > 0.6;
            let (side, dx) = if late { (HPos::Right, -6) } else { (HPos::Left, 6) };
            let words = Text::new(mark.words, (dx, 8 + 15 * row as i32), text(12, mark.ink, side));
            plot.draw_series([EmptyElement::at((mark.epoch, y.high())) + words]).map_err(failed)?;
        }
        Ok(())
    })
}

/// An upright line with its words.
struct Mark {
    epoch: f64,
    ink: Ink,
    words: String,
}

/// Where what was read begins, the best epochs, and the first values that are not numbers.
fn marks(read: &ReadCurve, series: &[&CurveSeries]) -> Vec<Mark> {
    let mark = |epoch: f64, ink, words: &str| Mark { epoch, ink, words: format!("{words} {}", format::number(epoch)) };
    let onsets = read.readings.iter().filter_map(|reading| {
        Some(mark(reading.from_epoch?, Ink::Bad, &format!("{} from epoch", reading.state.words())))
    });
    let bests = read.readings.iter().filter_map(|reading| Some(mark(reading.best_epoch?, Ink::Muted, "best at epoch")));
    let breaks = series.iter().filter_map(|series| {
        let epoch = *read.curve.epochs.get(series.first_non_finite?)?;
        Some(mark(epoch, Ink::Bad, &format!("{} is not a number from epoch", printable(&series.name))))
    });
    onsets.chain(bests).chain(breaks).collect()
}

fn ink(split: CurveSplit) -> Ink {
    match split {
        CurveSplit::Train => Ink::Train,
        CurveSplit::Validation => Ink::Strong,
        CurveSplit::Test => Ink::Muted,
    }
}

/// The stretches between missing values.
fn pieces(series: &CurveSeries, epochs: &[f64]) -> Vec<Vec<(f64, f64)>> {
    let mut pieces = vec![Vec::new()];
    for (epoch, value) in epochs.iter().zip(&series.values) {
        match (value, pieces.last_mut()) {
            (Some(value), Some(piece)) => piece.push((*epoch, *value)),
            _ => pieces.push(Vec::new()),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}
