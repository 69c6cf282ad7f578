//! The beginning of a file, looked at once for all connectors: they are many, and a table may be large.

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::outline::Outline;

/// Of a larger file, as much is enough to tell what it is.
pub const HEAD_BYTES: usize = 64 << 10;

/// What recognising sees.
pub(crate) struct Seen<'a> {
    pub bytes: &'a [u8],
    /// Empty where the bytes are no text.
    pub text: Cow<'a, str>,
    /// Of JSON its keys; empty for anything else.
    pub json: Outline,
}

impl<'a> Seen<'a> {
    pub fn of(bytes: &'a [u8]) -> Self {
        let text = text_of(bytes).unwrap_or_default();
        let json = Outline::of(beginning(&text));
        Self { bytes, text, json }
    }

    /// Whether the text has a line that begins with this, as YAML and the text formats have their keys.
    pub fn has_line(&self, start: &str) -> bool {
        beginning(&self.text).lines().any(|line| line.starts_with(start))
    }
}

/// The first [`HEAD_BYTES`] of a text.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(HEAD_BYTES)]
}

/// UTF-8, or UTF-16 that says so (which is what some shells write); `None` for anything else. A character that was cut at
/// the end is left out.
pub(crate) fn text_of(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, malformed) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return (!malformed).then_some(text);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok().map(Cow::Borrowed)
        }
        Err(_) => None,
    }
}
