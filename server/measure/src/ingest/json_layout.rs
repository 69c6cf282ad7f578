//! How the objects of a JSON file are laid out.

use super::options::Format;

/// How the objects of a file are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonLayout {
    /// One object a line; a broken line can be left out without losing the others.
    Lines,
    /// The elements of one array.
    Array,
    /// Objects one after another, over several lines each.
    Sequence,
}

impl JsonLayout {
    pub fn detect(sample: &[u8], format: Format) -> JsonLayout {
        let text = sample.trim_ascii_start();
        if text.first() == Some(&b'[') || format == Format::JsonArray {
            return JsonLayout::Array;
        }
        // An object that ends on the line it begins on.
        let line = text.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii_end();
        if line.last() == Some(&b'}') || line.len() == text.len() { JsonLayout::Lines } else { JsonLayout::Sequence }
    }
}
