//! Findings when there are many: in an order to work through, filtered, a page at a time, muted together.

mod asked;
mod filter;
mod groups;
mod mute;
mod table;

pub use asked::{Asked, Belongs};
pub use filter::FilterForm;
pub use groups::{Group, sorted};
pub use mute::MuteSuspect;
pub use table::FindingTable;
