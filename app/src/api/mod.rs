//! Server functions: what a page or an island asks of the service. Their bodies never reach the browser.

pub mod alerts;
pub mod investigations;
pub mod models;
pub mod people;
pub mod repair;
pub mod search;
pub mod selection;
