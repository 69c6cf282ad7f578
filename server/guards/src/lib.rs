//! Guards in the language of other tools: the rules and limits of a [`domain::Guard`] in, one file out. A new format is a file in
//! `formats/`, its `mod` line and its line in the list there.
//!
//! Architecture invariant: nothing here opens a file, asks the network or reads a clock. Names and values of people's data are
//! only written through `quote`.

mod format;
mod formats;
mod quote;
mod rules;

pub use format::GuardFormat;

/// Every format, in the order in which they are offered.
pub fn all() -> impl Iterator<Item = &'static GuardFormat> {
    formats::FORMATS.iter().copied()
}

/// The format of that id.
pub fn find(id: &str) -> Option<&'static GuardFormat> {
    all().find(|format| format.id == id)
}

#[cfg(test)]
mod tests;
