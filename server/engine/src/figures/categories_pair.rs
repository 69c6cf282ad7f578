//! How often each value of a column occurs in train and in serve, as pairs of level bars.

use domain::Problem;
use domain::comparison::CategoryChart;
use domain::plot::format;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::dress::printable;
use super::ink::Ink;
use super::sheet::{Sheet, text};
use super::{Canvas, Figure, failed};

/// Bars drawn; the CSV file behind the figure holds all.
const SHOWN: usize = 20;
const PITCH: i32 = 34;
/// Where the bars begin; the labels stand left of it.
const LEFT: i32 = 190;

/// Shares of each side's own rows. The figure is as high as its bars need, whatever the canvas says.
///
/// # Errors
/// Only when drawing itself fails, which the log tells.
pub fn categories_pair(column: &str, chart: &CategoryChart, canvas: &Canvas) -> Result<Figure, Problem> {
    let totals = [&chart.reference, &chart.current].map(|counts| counts.iter().sum::<u64>());
    let sheet = Sheet {
        title: format!("How often each value of {column} occurs in train and in serve"),
        description: "Share of each side's rows per value, sorted by frequency in train.".to_owned(),
        keys: vec![
            (Ink::Train, format!("train, {} rows", format::count(totals[0]))),
            (Ink::Serve, format!("serve, {} rows", format::count(totals[1]))),
        ],
    };
    let shown = chart.labels.len().min(SHOWN);
    let share = |side: usize, index: usize| {
        let counts = if side == 0 { &chart.reference } else { &chart.current };
        counts.get(index).copied().unwrap_or(0) as f64 / totals[side].max(1) as f64
    };
    let top = (0..shown).flat_map(|index| [share(0, index), share(1, index)]).fold(f64::MIN_POSITIVE, f64::max);
    let height = 62 + 20 + PITCH as u32 * shown as u32;
    let room = f64::from(canvas.width) - f64::from(LEFT) - 90.0;
    sheet.drawn(&Canvas { height, ..*canvas }, |area| {
        for index in 0..shown {
            let y = PITCH * index as i32;
            let label = format::shortened(&printable(&chart.labels[index]), 24);
            area.draw_text(&label, &text(13, Ink::Strong, HPos::Right), (LEFT - 8, y + 15)).map_err(failed)?;
            for (side, ink) in [Ink::Train, Ink::Serve].into_iter().enumerate() {
                let share = share(side, index);
                let (from, to) = (y + 2 + 14 * side as i32, LEFT + (room * share / top) as i32);
                let bar = Rectangle::new([(LEFT, from), (to.max(LEFT + 1), from + 12)], ink.marker().filled());
                area.draw(&bar).map_err(failed)?;
                let value = text(12, Ink::Muted, HPos::Left);
                area.draw_text(&format::share(share), &value, (to + 6, from + 6)).map_err(failed)?;
            }
        }
        Ok(())
    })
}
