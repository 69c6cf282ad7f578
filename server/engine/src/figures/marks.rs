//! One function per kind of mark.

use domain::Problem;
use domain::plot::palette;
use domain::plot::scene::{Align, Mark, Place, Shape, Tone, is_cloud, opacity, outline};
use plotters::prelude::DrawingBackend;

use super::layout::Layout;
use super::pen::{Pen, Stroke};

const TEXT: f64 = 12.0;
/// How much an area hides of what lies under it.
const AREA: f64 = 0.16;

type Drawn = Result<(), Problem>;

pub fn draw<DB: DrawingBackend>(mark: &Mark, layout: &Layout, pen: &Pen<'_, DB>) -> Drawn {
    match mark {
        Mark::Line { tone, places } => line(*tone, places, layout, pen),
        Mark::Step { tone, edges, heights } => step(*tone, edges, heights, layout, pen),
        Mark::Band { tone, lower, upper } => {
            let around: Vec<(f64, f64)> = lower
                .iter()
                .chain(upper.iter().rev())
                .filter(|place| is_drawn(place))
                .map(|at| layout.at(*at))
                .collect();
            if around.is_empty() { Ok(()) } else { pen.fill(&around, tone.colour(), AREA) }
        }
        Mark::Bar { tone, low, high, value } => bar(*tone, layout.at(*low), layout.at(*high), value, pen),
        Mark::Points { tone, places, size, words } => {
            let strength = if is_cloud(places, words) { 0.45 } else { 1.0 };
            places.iter().filter(|place| is_drawn(place)).try_for_each(|place| {
                let at = layout.at(*place);
                if tone.is_hollow() {
                    pen.ring(at, *size, tone.colour())
                } else {
                    pen.dot(at, *size, tone.colour(), strength)
                }
            })
        }
        Mark::Rule { tone, from, to } => pen.line(&[layout.at(*from), layout.at(*to)], stroke(*tone)),
        Mark::Text { tone, at, align, shift, words } => {
            let (x, y) = layout.at(*at);
            // The middle of small letters lies above the base line by a third of the size.
            pen.text(words, (x + shift.0, y + shift.1 - TEXT / 3.0), *align, TEXT, tone.colour())
        }
        Mark::Tile { tone, low, high, shade } => {
            let ((left, bottom), (right, top)) = (layout.at(*low), layout.at(*high));
            pen.rectangle((left, top), (right, bottom), tone.colour(), opacity(*shade))
        }
        Mark::Cell { row, column, share, is_right, main, small } => {
            let names = if *is_right { palette::INK } else { palette::MISMATCH };
            cell((*row, *column), *share, [(main, names), (small, palette::INK_3)], layout, pen)
        }
    }
}

fn is_drawn(place: &Place) -> bool {
    place.0.is_finite() && place.1.is_finite()
}

fn stroke(tone: Tone) -> Stroke {
    let width = match tone {
        // Next to the two that are compared it is thinner, and thick enough to show its colour.
        Tone::Another(_) => 1.5,
        _ if tone.is_dashed() && tone != Tone::Validation => 1.2,
        _ => 2.0,
    };
    Stroke { colour: tone.colour(), width, dashes: tone.dashes() }
}

/// The pieces between places that are not finite.
fn line<DB: DrawingBackend>(tone: Tone, places: &[Place], layout: &Layout, pen: &Pen<'_, DB>) -> Drawn {
    for piece in places.split(|place| !is_drawn(place)) {
        let piece: Vec<(f64, f64)> = piece.iter().map(|place| layout.at(*place)).collect();
        match piece.as_slice() {
            [] => {}
            [one] => pen.dot(*one, 1.5, tone.colour(), 1.0)?,
            _ => pen.line(&piece, stroke(tone))?,
        }
    }
    Ok(())
}

fn step<DB: DrawingBackend>(tone: Tone, edges: &[f64], heights: &[f64], layout: &Layout, pen: &Pen<'_, DB>) -> Drawn {
    let outline: Vec<(f64, f64)> = outline(edges, heights).into_iter().map(|place| layout.at(place)).collect();
    if outline.is_empty() {
        return Ok(());
    }
    pen.fill(&outline, tone.colour(), AREA)?;
    pen.line(&outline, Stroke::solid(tone.colour(), 1.6))
}

fn bar<DB: DrawingBackend>(
    tone: Tone,
    (left, bottom): (f64, f64),
    (right, top): (f64, f64),
    value: &str,
    pen: &Pen<'_, DB>,
) -> Drawn {
    let right = right.max(left + 1.0);
    pen.rectangle((left, top), (right, bottom), tone.colour(), 0.3)?;
    let around = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    pen.line(&around, Stroke::solid(tone.colour(), 1.0))?;
    let middle = (top + bottom) / 2.0;
    pen.text(value, (right + 6.0, middle), Align::Start, 11.5, palette::INK_2)
}

fn cell<DB: DrawingBackend>(
    (row, column): (usize, usize),
    share: f64,
    [(main, main_colour), (small, small_colour)]: [(&str, palette::Colour); 2],
    layout: &Layout,
    pen: &Pen<'_, DB>,
) -> Drawn {
    let Shape::Matrix(classes) = layout.shape else { return Ok(()) };
    let (width, height) = (layout.plot_width / classes.max(1) as f64, layout.plot_height / classes.max(1) as f64);
    let (left, top) = (layout.left + width * column as f64, layout.top + height * row as f64);
    let shade = 0.04 + 0.2 * share.clamp(0.0, 1.0);
    pen.rectangle((left + 2.0, top + 2.0), (left + width - 2.0, top + height - 2.0), palette::INK, shade)?;
    let middle = left + width / 2.0;
    pen.text(main, (middle, top + height * 0.36), Align::Middle, 15.0, main_colour)?;
    pen.text(small, (middle, top + height * 0.72), Align::Middle, 11.5, small_colour)
}
