//! A finished drawing.

use domain::Problem;

/// A finished drawing: one `svg` element with title and description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub svg: String,
}

/// Drawing into a string fails only by a fault of our own.
pub(super) fn failed(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "a figure could not be drawn");
    Problem::internal("This figure could not be drawn. The server's log shows why.")
}
