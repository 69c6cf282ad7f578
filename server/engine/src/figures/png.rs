//! A scene as a PNG file of two dots to a pixel, for slides and chats that show no SVG.

use domain::Problem;
use domain::plot::scene::Scene;
use plotters::prelude::{BitMapBackend, IntoDrawingArea};

use super::layout::Layout;
use super::pen::Pen;
use super::{failed, font, sheet};

/// Dots of the file in a pixel.
const DOTS: u32 = 2;
/// Each dot is the mean of so many times so many units of the drawing, which smooths slanted lines.
const FINER: u32 = 2;
/// Bytes of a drawing in memory: red, green and blue of each unit.
const MOST_BYTES: u64 = 400_000_000;

/// # Errors
/// When the scene is too large for a picture, or when drawing itself fails, which the log tells.
pub fn png(scene: &Scene) -> Result<Vec<u8>, Problem> {
    font::registered()?;
    let layout = Layout::of(scene)?;
    let (width, height) = (layout.width.ceil() as u32 * DOTS, layout.height.ceil() as u32 * DOTS);
    let drawing = (width * FINER, height * FINER);
    let bytes = u64::from(drawing.0) * u64::from(drawing.1) * 3;
    if bytes > MOST_BYTES {
        return Err(Problem::bad_input("This figure is too large for a PNG file. Take the SVG or the CSV file."));
    }
    let mut units = vec![0; bytes as usize];
    {
        let area = BitMapBackend::with_buffer(&mut units, drawing).into_drawing_area();
        sheet::draw(scene, &layout, &Pen::new(&area, DOTS * FINER))?;
        area.present().map_err(failed)?;
    }
    encoded(&smoothed(&units, (width, height)), (width, height), &scene.title)
}

/// Every dot as the mean of its units. Shapes: `(height × FINER, width × FINER, 3)` to `(height, width, 3)`.
fn smoothed(units: &[u8], (width, height): (u32, u32)) -> Vec<u8> {
    let (width, height, finer) = (width as usize, height as usize, FINER as usize);
    let row_length = width * finer * 3;
    let mut dots = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..3 {
                let of = |dy: usize, dx: usize| {
                    u32::from(units[(y * finer + dy) * row_length + (x * finer + dx) * 3 + channel])
                };
                let sum: u32 =
                    (0..finer).flat_map(|dy| (0..finer).map(move |dx| (dy, dx))).map(|(dy, dx)| of(dy, dx)).sum();
                dots.push((sum / (FINER * FINER)) as u8);
            }
        }
    }
    dots
}

fn encoded(dots: &[u8], (width, height): (u32, u32), title: &str) -> Result<Vec<u8>, Problem> {
    let mut file = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut file, width, height);
    encoder.set_color(::png::ColorType::Rgb);
    encoder.set_depth(::png::BitDepth::Eight);
    encoder.add_itxt_chunk("Title".to_owned(), title.to_owned()).map_err(failed)?;
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(dots).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(file)
}
