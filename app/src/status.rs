//! How a page tells the web server which HTTP status it deserves: the page is rendered before the headers leave.

use std::sync::Arc;

use leptos::prelude::use_context;

/// Provided as context by the web server for each request.
#[derive(Clone)]
pub struct PageStatus(Arc<dyn Fn(u16) + Send + Sync>);

impl PageStatus {
    pub fn new(set: impl Fn(u16) + Send + Sync + 'static) -> Self {
        Self(Arc::new(set))
    }

    /// Sets the status of the page being rendered. Without a web server around it (a test, the route list) there is nothing to set.
    pub fn set(code: u16) {
        if let Some(PageStatus(set)) = use_context::<PageStatus>() {
            set(code);
        }
    }
}
