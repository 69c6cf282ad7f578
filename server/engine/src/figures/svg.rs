//! A scene as an SVG file that every program reads: fixed size, plain colours, title and description.

use domain::Problem;
use domain::markup::escaped;
use domain::plot::palette::{self, Colour};
use domain::plot::scene::Scene;
use plotters::prelude::{IntoDrawingArea, SVGBackend};

use super::layout::Layout;
use super::pen::Pen;
use super::{failed, font, sheet};

/// Units of the drawing in a pixel: plotters draws on whole units, and a curve needs finer ones.
const UNITS: u32 = 4;

/// The colours that figures are drawn in. Those that are equal in the light theme are equal in the dark one.
pub const COLOURS: [Colour; 20] = [
    palette::SURFACE,
    palette::LINE,
    palette::LINE_STRONG,
    palette::INK,
    palette::INK_2,
    palette::INK_3,
    palette::TRAIN,
    palette::SERVE,
    palette::SELECTED,
    palette::POSITIVE,
    palette::NEGATIVE,
    palette::MISMATCH,
    palette::RUNS[0],
    palette::RUNS[1],
    palette::RUNS[2],
    palette::RUNS[3],
    palette::RUNS[4],
    palette::RUNS[5],
    palette::RUNS[6],
    palette::RUNS[7],
];

/// A scene as a part of a page that has [`COLOURS`] as custom properties: it follows the page's theme. Without them it has
/// the colours of the light theme.
///
/// # Errors
/// As [`svg`].
pub fn svg_in_page(scene: &Scene) -> Result<String, Problem> {
    let drawn = svg(scene)?;
    Ok(COLOURS.iter().fold(drawn, |drawn, colour| {
        let (name, light) = (colour.name, colour.light);
        let written = light.to_uppercase();
        ["fill", "stroke"].iter().fold(drawn, |drawn, part| {
            drawn.replace(&format!(" {part}=\"{written}\""), &format!(" {part}=\"var(--{name}, {light})\""))
        })
    }))
}

/// # Errors
/// When the scene is too large for a picture, or when drawing itself fails, which the log tells.
pub fn svg(scene: &Scene) -> Result<String, Problem> {
    font::registered()?;
    let layout = Layout::of(scene)?;
    let (width, height) = (layout.width.ceil() as u32, layout.height.ceil() as u32);
    let mut drawn = String::new();
    {
        let area = SVGBackend::with_string(&mut drawn, (width * UNITS, height * UNITS)).into_drawing_area();
        sheet::draw(scene, &layout, &Pen::new(&area, UNITS))?;
        area.present().map_err(failed)?;
    }
    finished(&drawn, (width, height), scene).ok_or_else(|| failed("plotters wrote no svg element"))
}

/// The drawing with the size at which it is shown, a title and a description.
fn finished(drawn: &str, (width, height): (u32, u32), scene: &Scene) -> Option<String> {
    let (head, rest) = drawn.split_once("<svg ")?;
    let attributes = &rest[rest.find("viewBox=")?..];
    let (attributes, body) = attributes.split_once('>')?;
    let title =
        if scene.subject.is_empty() { scene.title.clone() } else { format!("{}: {}", scene.subject, scene.title) };
    Some(format!(
        "{head}<svg width=\"{width}\" height=\"{height}\" {attributes}>\n<title>{}</title>\n<desc>{}</desc>{body}",
        escaped(&title),
        escaped(&scene.summary),
    ))
}
