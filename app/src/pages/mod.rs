//! One file per page. Each takes its state from its address alone, so that a link shows what was seen.

mod home;
mod not_found;
mod reference;

pub use home::HomePage;
pub use not_found::NotFoundPage;
pub use reference::{LayerReferencePage, ReferencePage};
