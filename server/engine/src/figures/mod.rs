//! Figures: charts as SVG files, for downloads and reports, drawn with plotters. One file per chart; every one is
//! finished in `dress`, the single place that knows colours.

mod calibration;
mod canvas;
mod categories_pair;
mod confusion;
mod csv;
mod dress;
mod figure;
mod histogram_pair;
mod ink;
mod learning_curve;
mod request;
mod roc;
mod sheet;

pub use calibration::calibration;
pub use canvas::Canvas;
pub use categories_pair::categories_pair;
pub use confusion::confusion;
pub use dress::Dress;
pub use figure::Figure;
pub use histogram_pair::histogram_pair;
pub use learning_curve::learning_curve;
pub use request::{FigureName, FigureRequest};
pub use roc::roc;

use figure::failed;

#[cfg(test)]
mod tests;
