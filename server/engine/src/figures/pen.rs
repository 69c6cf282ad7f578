//! A pen on a drawing area of plotters, in pixels. A sheet is drawn larger than it is shown, so that slanted lines are
//! smooth in both kinds of file.

use domain::Problem;
use domain::markup::printable;
use domain::plot::palette::{self, Colour};
use domain::plot::scene::Align;
use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::dashes::cut;
use super::failed;
use super::font::FAMILY;

pub struct Pen<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    /// Units of the area in a pixel.
    units: f64,
}

type Drawn = Result<(), Problem>;
type Pixel = (f64, f64);

/// How a line looks.
#[derive(Clone, Copy)]
pub struct Stroke {
    pub colour: Colour,
    pub width: f64,
    /// Lengths in pixels, a dash and a gap in turn; none of a line that is drawn through.
    pub dashes: &'static [f64],
}

impl Stroke {
    pub fn solid(colour: Colour, width: f64) -> Stroke {
        Stroke { colour, width, dashes: &[] }
    }
}

impl<'a, DB: DrawingBackend> Pen<'a, DB> {
    pub fn new(area: &'a DrawingArea<DB, Shift>, units: u32) -> Pen<'a, DB> {
        Pen { area, units: f64::from(units) }
    }

    fn units(&self, pixels: f64) -> i32 {
        (pixels * self.units).round() as i32
    }

    fn at(&self, (x, y): Pixel) -> (i32, i32) {
        (self.units(x), self.units(y))
    }

    pub fn clear(&self) -> Drawn {
        self.area.fill(&rgb(palette::SURFACE)).map_err(failed)
    }

    pub fn line(&self, places: &[Pixel], stroke: Stroke) -> Drawn {
        let style = rgb(stroke.colour).stroke_width(self.units(stroke.width).max(1) as u32);
        let points = |places: &[Pixel]| places.iter().map(|place| self.at(*place)).collect::<Vec<(i32, i32)>>();
        match stroke.dashes {
            [] => self.area.draw(&PathElement::new(points(places), style)).map_err(failed),
            [dash, gap] => {
                let (dash, gap) = (self.units(*dash), self.units(*gap));
                self.area.draw(&DashedPathElement::new(points(places), dash, gap, style)).map_err(failed)
            }
            pattern => cut(places, pattern)
                .iter()
                .try_for_each(|dash| self.area.draw(&PathElement::new(points(dash), style)).map_err(failed)),
        }
    }

    /// A filled shape; `strength` from 0 to 1 is how much of what lies under it it hides.
    pub fn fill(&self, corners: &[Pixel], colour: Colour, strength: f64) -> Drawn {
        let points: Vec<(i32, i32)> = corners.iter().map(|corner| self.at(*corner)).collect();
        self.area.draw(&Polygon::new(points, rgb(colour).mix(strength).filled())).map_err(failed)
    }

    pub fn rectangle(&self, top_left: Pixel, bottom_right: Pixel, colour: Colour, strength: f64) -> Drawn {
        let corners = [self.at(top_left), self.at(bottom_right)];
        self.area.draw(&Rectangle::new(corners, rgb(colour).mix(strength).filled())).map_err(failed)
    }

    pub fn dot(&self, at: Pixel, radius: f64, colour: Colour, strength: f64) -> Drawn {
        let dot = Circle::new(self.at(at), self.units(radius).max(1), rgb(colour).mix(strength).filled());
        self.area.draw(&dot).map_err(failed)
    }

    /// A dot of the paper's colour in a ring.
    pub fn ring(&self, at: Pixel, radius: f64, colour: Colour) -> Drawn {
        self.dot(at, radius, colour, 1.0)?;
        self.dot(at, radius - 2.0, palette::SURFACE, 1.0)
    }

    /// Text centred on the height of its place.
    pub fn text(&self, words: &str, at: Pixel, align: Align, size: f64, colour: Colour) -> Drawn {
        let side = match align {
            Align::Start => HPos::Left,
            Align::Middle => HPos::Center,
            Align::End => HPos::Right,
        };
        let colour = rgb(colour);
        let style = self.style(size).color(&colour).pos(Pos::new(side, VPos::Center));
        self.area.draw_text(&printable(words), &style, self.at(at)).map_err(failed)
    }

    fn style(&self, size: f64) -> TextStyle<'static> {
        (FAMILY, self.units(size)).into_font().into()
    }

    /// The width of a text in pixels.
    pub fn width_of(&self, words: &str, size: f64) -> Result<f64, Problem> {
        let (width, _) = self.area.estimate_text_size(&printable(words), &self.style(size)).map_err(failed)?;
        Ok(f64::from(width) / self.units)
    }

    /// The text, cut where it would be wider than so many pixels.
    pub fn fitted(&self, words: &str, size: f64, width: f64) -> Result<String, Problem> {
        let mut most = words.chars().count();
        while most > 0 {
            let cut = domain::plot::format::shortened(words, most);
            let is = self.width_of(&cut, size)?;
            if is <= width {
                return Ok(cut);
            }
            // In one step nearly there: letters are of about one width.
            most = ((most as f64 * width / is) as usize).min(most - 1);
        }
        Ok("…".to_owned())
    }
}

fn rgb(colour: Colour) -> RGBColor {
    let [red, green, blue] = colour.rgb();
    RGBColor(red, green, blue)
}
