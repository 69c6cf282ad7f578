//! What the controls of the page and its form share.

/// The form that pins inputs and roles; controls elsewhere on the page belong to it by this id.
pub const REVIEW: &str = "review";
