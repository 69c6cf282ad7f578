//! The confusion matrix as a picture: rows true, columns predicted, shaded by the share of the true class.

use domain::Problem;
use domain::evaluation::ConfusionMatrix;
use domain::plot::format;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::dress::printable;
use super::ink::Ink;
use super::sheet::{Sheet, text};
use super::{Canvas, Figure, failed};

const CELL: (i32, i32) = (120, 56);
const LEFT: i32 = 170;
const TOP: i32 = 48;

/// Counts with the share of the true class below them. The figure is as large as the matrix needs.
///
/// # Errors
/// Only when drawing itself fails, which the log tells.
pub fn confusion(name: &str, matrix: &ConfusionMatrix, canvas: &Canvas) -> Result<Figure, Problem> {
    let n: u64 = matrix.counts.iter().flatten().sum();
    let size = matrix.labels.len() as u32;
    let sheet = Sheet {
        title: format!("Confusion matrix of {name}"),
        description: "Rows are true classes, columns predicted ones; percentages are of the true class.".to_owned(),
        keys: vec![(Ink::Strong, format!("{} rows", format::count(n)))],
    };
    let width = canvas.width.max(LEFT as u32 + CELL.0 as u32 * size + 20);
    let height = 62 + TOP as u32 + CELL.1 as u32 * size + 16;
    sheet.drawn(&Canvas { width, height, ..*canvas }, |area| {
        let words = |label: &str| format::shortened(&printable(label), 16);
        let small = |side| text(13, Ink::Muted, side);
        area.draw_text("predicted", &small(HPos::Left), (LEFT, 10)).map_err(failed)?;
        area.draw_text("true", &small(HPos::Right), (LEFT - 12, 32)).map_err(failed)?;
        for (row, label) in matrix.labels.iter().enumerate() {
            let at = row as i32;
            let (column_middle, row_middle) = (LEFT + CELL.0 * at + CELL.0 / 2, TOP + CELL.1 * at + CELL.1 / 2);
            area.draw_text(&words(label), &text(13, Ink::Strong, HPos::Center), (column_middle, 32)).map_err(failed)?;
            area.draw_text(&words(label), &text(13, Ink::Strong, HPos::Right), (LEFT - 12, row_middle))
                .map_err(failed)?;
            let counts = matrix.counts.get(row).map_or(&[][..], Vec::as_slice);
            let whole = counts.iter().sum::<u64>().max(1) as f64;
            for (column, count) in counts.iter().enumerate() {
                let (x, y) = (LEFT + CELL.0 * column as i32, TOP + CELL.1 * at);
                let share = *count as f64 / whole;
                let shade = Ink::Strong.marker().mix(0.04 + 0.2 * share).filled();
                area.draw(&Rectangle::new([(x + 2, y + 2), (x + CELL.0 - 2, y + CELL.1 - 2)], shade))
                    .map_err(failed)?;
                let middle = x + CELL.0 / 2;
                let ink = if row == column { Ink::Strong } else { Ink::Bad };
                area.draw_text(&format::count(*count), &text(16, ink, HPos::Center), (middle, y + 20))
                    .map_err(failed)?;
                area.draw_text(&format::share(share), &small(HPos::Center), (middle, y + 40)).map_err(failed)?;
            }
        }
        Ok(())
    })
}
