//! The sheet every figure is drawn on: title, keys, and a plot with axes.

use domain::Problem;
use domain::plot::format;
use plotters::coord::Shift;
use plotters::coord::ranged1d::{Ranged, ValueFormatter};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::dress::{dress, printable};
use super::ink::Ink;
use super::{Canvas, Figure, failed};

pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub type Plot<'a, 'b, X, Y> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<X, Y>>;

/// What stands around the plot.
pub struct Sheet {
    pub title: String,
    pub description: String,
    /// What each colour stands for, with its number of rows.
    pub keys: Vec<(Ink, String)>,
}

/// Where the plot begins below title and keys.
const HEAD: u32 = 62;

/// Title and texts are cut at this many characters, as nothing measures their width.
const LONGEST: usize = 84;

impl Sheet {
    /// Draws the sheet, and the plot by `draw` into what is left of it.
    pub fn drawn(
        &self,
        canvas: &Canvas,
        draw: impl FnOnce(&Area<'_>) -> Result<(), Problem>,
    ) -> Result<Figure, Problem> {
        let mut buffer = String::new();
        {
            let root = SVGBackend::with_string(&mut buffer, (canvas.width, canvas.height)).into_drawing_area();
            root.fill(&Ink::Surface.marker()).map_err(failed)?;
            self.head(&root)?;
            let (_, below) = root.split_vertically(HEAD);
            draw(&below)?;
            root.present().map_err(failed)?;
        }
        Ok(dress(&buffer, canvas.dress, &self.title, &self.description))
    }

    fn head(&self, root: &Area<'_>) -> Result<(), Problem> {
        let title = format::shortened(&printable(&self.title), LONGEST);
        root.draw_text(&title, &text(16, Ink::Strong, HPos::Left), (16, 22)).map_err(failed)?;
        let mut x = 16;
        for (ink, words) in &self.keys {
            let words = format::shortened(&printable(words), LONGEST / 2);
            let square = [(x, 41), (x + 10, 51)];
            root.draw(&Rectangle::new(square, ink.marker().filled())).map_err(failed)?;
            root.draw_text(&words, &text(13, Ink::Muted, HPos::Left), (x + 16, 46)).map_err(failed)?;
            x += 16 + width_of(&words) + 24;
        }
        Ok(())
    }
}

/// A guess at the width of a text of 13 pixels: nothing here can measure fonts.
fn width_of(text: &str) -> i32 {
    text.chars().count() as i32 * 8
}

/// Text of that size, centred vertically.
pub fn text(size: i32, ink: Ink, side: HPos) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&ink.marker()).pos(Pos::new(side, VPos::Center))
}

/// How the values of an axis are written.
pub type Words<'a> = &'a dyn Fn(&f64) -> String;

/// A share on an axis, in percent.
pub fn share_tick(value: f64) -> String {
    format!("{} %", format::significant(value * 100.0, 3))
}

/// A plot with light grid lines; `x` and `y` are names and formats of the axes.
pub fn axes<'a, 'b, X, Y>(
    plot: &mut Plot<'a, 'b, X, Y>,
    x: (&str, Words<'_>),
    y: (&str, Words<'_>),
) -> Result<(), Problem>
where
    X: Ranged<ValueType = f64> + ValueFormatter<f64>,
    Y: Ranged<ValueType = f64> + ValueFormatter<f64>,
{
    let (x_name, y_name) = (format::shortened(&printable(x.0), LONGEST), format::shortened(&printable(y.0), 48));
    plot.configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(Ink::Line.marker())
        .axis_style(Ink::Line.marker())
        .label_style(("sans-serif", 13).into_font().color(&Ink::Muted.marker()))
        .x_desc(x_name)
        .y_desc(y_name)
        .x_labels(8)
        .y_labels(5)
        .x_label_formatter(x.1)
        .y_label_formatter(y.1)
        .draw()
        .map_err(failed)
}

/// The outline of bars of those heights between those edges, down to 0 at both ends.
pub fn outline(edges: &[f64], heights: &[f64]) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (edges.first(), edges.last()) else { return Vec::new() };
    let tops = edges.windows(2).zip(heights).flat_map(|(pair, height)| [(pair[0], *height), (pair[1], *height)]);
    [(*first, 0.0)].into_iter().chain(tops).chain([(*last, 0.0)]).collect()
}
