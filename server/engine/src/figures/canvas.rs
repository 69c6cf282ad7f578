//! How large a figure is, and where it will be shown.

use super::dress::Dress;

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
