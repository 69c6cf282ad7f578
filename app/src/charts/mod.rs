//! Charts on a page: a scene of `domain::plot::scene` painted as SVG by the same code on the server and in the browser.
//!
//! Architecture invariant: what a chart shows is decided by its scene; here places become percentages of the plot and
//! tones become CSS classes, so that a chart fits any width and either theme without a style attribute.

mod around;
pub mod brush;
mod column_chart;
mod confusion;
mod drift_strips;
mod figure;
mod marks;
pub mod path;
pub mod selection_answer;
mod small_histogram;
pub mod telling;
mod time_chart;

pub use around::legend;
pub use column_chart::ColumnChart;
pub use confusion::ConfusionMatrix;
pub use drift_strips::DriftStrips;
pub use figure::{Files, chosen, drawing, figure, figure_under, files, mark_again, marked, numbers_table};
pub use selection_answer::answer;
pub use small_histogram::{Pair, SmallHistogram, SmallShape};
pub use time_chart::TimeChart;
