//! Figures: charts as SVG files, for downloads and reports, drawn with plotters. One file per chart; every one is
//! finished in `dress`, the single place that knows colours.

mod calibration;
mod categories_pair;
mod confusion;
mod csv;
mod dress;
mod histogram_pair;
mod ink;
mod learning_curve;
mod request;
mod roc;
mod sheet;

use domain::Problem;

pub use calibration::calibration;
pub use categories_pair::categories_pair;
pub use confusion::confusion;
pub use dress::Dress;
pub use histogram_pair::histogram_pair;
pub use learning_curve::learning_curve;
pub use request::{FigureName, FigureRequest};
pub use roc::roc;

/// The size of a figure in pixels of its own; it can be shown at any size. `dress` says where it will be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Canvas {
    pub width: u32,
    pub height: u32,
    pub dress: Dress,
}

impl Canvas {
    /// For a file that is handed on.
    pub const FILE: Canvas = Canvas { width: 760, height: 400, dress: Dress::File };
    /// For a page that has Mismatch's style sheet.
    pub const PAGE: Canvas = Canvas { width: 760, height: 400, dress: Dress::Page };
}

/// A finished drawing: one `svg` element with title and description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub svg: String,
}

/// Drawing into a string fails only by a fault of our own.
fn failed(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "a figure could not be drawn");
    Problem::internal("This figure could not be drawn. The server's log shows why.")
}

#[cfg(test)]
mod tests;
