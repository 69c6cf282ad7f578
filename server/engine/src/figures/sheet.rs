//! A sheet: title, legend, axes, and the marks in the plot.

use domain::Problem;
use domain::plot::palette;
use domain::plot::scene::{Align, Key, Scene, Shape, Tone};
use plotters::prelude::DrawingBackend;

use super::layout::{Layout, is_listed};
use super::marks;
use super::pen::{Pen, Stroke};

const TITLE: f64 = 16.0;
const TEXT: f64 = 12.5;

pub fn draw<DB: DrawingBackend>(scene: &Scene, layout: &Layout, pen: &Pen<'_, DB>) -> Result<(), Problem> {
    pen.clear()?;
    head(scene, layout, pen)?;
    match scene.shape {
        Shape::Wide | Shape::Square => axes(scene, layout, pen)?,
        Shape::Rows(_) => names(scene, layout, pen)?,
        Shape::Strips(_) => {
            across(scene, layout, pen)?;
            names(scene, layout, pen)?;
        }
        Shape::Matrix(_) => classes(scene, layout, pen)?,
    }
    scene.marks.iter().try_for_each(|mark| marks::draw(mark, layout, pen))
}

fn head<DB: DrawingBackend>(scene: &Scene, layout: &Layout, pen: &Pen<'_, DB>) -> Result<(), Problem> {
    let room = layout.width - 2.0 * Layout::EDGE;
    let title = pen.fitted(&scene.title, TITLE, room)?;
    pen.text(&title, (Layout::EDGE, 20.0), Align::Start, TITLE, palette::INK)?;
    let subject = (!scene.subject.is_empty()).then(|| Key::plain(scene.subject.clone()));
    let note = (!scene.note.is_empty()).then(|| Key::plain(scene.note.clone()));
    let is_listed = is_listed(scene);
    let (mut x, mut y) = (Layout::EDGE, 44.0);
    for key in subject.iter().chain(&scene.legend).chain(&note) {
        let room = layout.width - Layout::EDGE - x;
        if room < 40.0 {
            break;
        }
        let sign = key.tone.map_or(Ok(0.0), |tone| sign(tone, (x, y), pen))?;
        let words = pen.fitted(&key.words, TEXT, room - sign)?;
        pen.text(&words, (x + sign, y), Align::Start, TEXT, palette::INK_2)?;
        if is_listed {
            y += Layout::LINE;
        } else {
            x += sign + pen.width_of(&words, TEXT)? + 18.0;
        }
    }
    Ok(())
}

/// What a tone looks like, in front of what it stands for; its width with the space after it.
fn sign<DB: DrawingBackend>(tone: Tone, (x, y): (f64, f64), pen: &Pen<'_, DB>) -> Result<f64, Problem> {
    // A pattern needs more room than two dashes.
    let length = if tone.is_another() { 32.0 } else { 14.0 };
    if tone.is_dashed() {
        let stroke = Stroke { colour: tone.colour(), width: 1.6, dashes: tone.dashes() };
        pen.line(&[(x, y), (x + length, y)], stroke)?;
    } else {
        pen.rectangle((x + 2.0, y - 5.0), (x + 12.0, y + 5.0), tone.colour(), 0.8)?;
    }
    Ok(length + 6.0)
}

fn axes<DB: DrawingBackend>(scene: &Scene, layout: &Layout, pen: &Pen<'_, DB>) -> Result<(), Problem> {
    let grid = Stroke::solid(palette::LINE, 1.0);
    for tick in &scene.y.ticks {
        let (_, y) = layout.at((0.0, tick.position));
        pen.line(&[(layout.left, y), (layout.right(), y)], grid)?;
        pen.text(&tick.label, (layout.left - 8.0, y), Align::End, TEXT, palette::INK_3)?;
    }
    across(scene, layout, pen)?;
    let y_name = pen.fitted(&scene.y.name, TEXT, layout.plot_width)?;
    pen.text(&y_name, (Layout::EDGE, layout.top - 12.0), Align::Start, TEXT, palette::INK_3)
}

/// The axis from left to right, with its base line.
fn across<DB: DrawingBackend>(scene: &Scene, layout: &Layout, pen: &Pen<'_, DB>) -> Result<(), Problem> {
    for tick in &scene.x.ticks {
        let (x, _) = layout.at((tick.position, 0.0));
        pen.line(&[(x, layout.top), (x, layout.bottom())], Stroke::solid(palette::LINE, 1.0))?;
        pen.text(&tick.label, (x, layout.bottom() + 13.0), Align::Middle, TEXT, palette::INK_3)?;
    }
    let base = [(layout.left, layout.bottom()), (layout.right(), layout.bottom())];
    pen.line(&base, Stroke::solid(palette::LINE_STRONG, 1.0))?;
    let x_name = pen.fitted(&scene.x.name, TEXT, layout.plot_width)?;
    pen.text(&x_name, (layout.right(), layout.bottom() + 36.0), Align::End, TEXT, palette::INK_3)
}

/// Names left of rows.
fn names<DB: DrawingBackend>(scene: &Scene, layout: &Layout, pen: &Pen<'_, DB>) -> Result<(), Problem> {
    for tick in &scene.y.ticks {
        let (_, y) = layout.at((0.0, tick.position));
        let words = pen.fitted(&tick.label, TEXT, layout.left - Layout::EDGE - 8.0)?;
        pen.text(&words, (layout.left - 8.0, y), Align::End, TEXT, palette::INK)?;
    }
    Ok(())
}

/// Names above and left of a matrix.
fn classes<DB: DrawingBackend>(scene: &Scene, layout: &Layout, pen: &Pen<'_, DB>) -> Result<(), Problem> {
    names(scene, layout, pen)?;
    pen.text(&scene.x.name, (layout.left, layout.top - 32.0), Align::Start, TEXT, palette::INK_3)?;
    pen.text(&scene.y.name, (layout.left - 8.0, layout.top - 12.0), Align::End, TEXT, palette::INK_3)?;
    let room = layout.plot_width / scene.x.ticks.len().max(1) as f64 - 6.0;
    for tick in &scene.x.ticks {
        let (x, _) = layout.at((tick.position, 0.0));
        let words = pen.fitted(&tick.label, TEXT, room)?;
        pen.text(&words, (x, layout.top - 12.0), Align::Middle, TEXT, palette::INK)?;
    }
    Ok(())
}
