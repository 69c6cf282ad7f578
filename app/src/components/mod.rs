//! Parts that several pages are made of. None of them runs in the browser.

mod frame;
mod problem;
mod verdict;

pub use frame::Frame;
pub use problem::{Loaded, ProblemPanel};
pub use verdict::{VerdictBadge, VerdictLegend, VerdictMark};
