//! Server functions: what a page or an island asks of the engine. Their bodies never reach the browser.

pub mod investigations;
pub mod selection;
