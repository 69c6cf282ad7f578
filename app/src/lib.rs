//! Mismatch's user interface.
//!
//! Pages and components are rendered on the server; only what is in `islands/` also runs in the browser. Server
//! functions in `api/` are the single way from a page to the service: their bodies, and the service with them, are not
//! part of the browser's build.

pub mod address;
pub mod api;
pub mod app;
pub mod charts;
pub mod components;
pub mod error;
pub mod islands;
pub mod pages;
pub mod search;
pub mod status;
pub mod visitor;

pub use app::{App, AssetNames, shell};
pub use domain::clock;

#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
