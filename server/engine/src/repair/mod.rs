//! Undoing a suspect: the served rows with its columns brought back to what training has, and without the rows that nothing
//! brings back.

mod cells;
mod file;
mod preview;
mod ways;

pub use file::{RepairedFile, write_repaired};
pub use preview::{repaired_csv, repaired_rows};
pub use ways::Ways;
