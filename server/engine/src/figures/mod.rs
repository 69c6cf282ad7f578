//! Charts as files: a scene of `domain::plot::scene` painted by plotters as SVG or PNG, and its table as CSV. The page
//! paints the same scene (`app::charts`), so screen and file agree.

mod csv;
mod dashes;
mod font;
mod layout;
mod marks;
mod pen;
mod png;
mod sheet;
mod svg;

use domain::Problem;

pub use csv::csv;
pub use png::png;
pub use svg::{COLOURS, svg, svg_in_page};

/// Drawing fails only by a fault of our own.
pub fn failed(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "a figure could not be drawn");
    Problem::internal("This figure could not be drawn. The server's log shows why.")
}

#[cfg(test)]
mod tests;
