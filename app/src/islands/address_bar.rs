//! The browser's address, kept in step with what is seen, so that reloading and sharing show the same thing.

use leptos::prelude::window;
use wasm_bindgen::JsValue;

/// Writes parameters into the address without loading anything; an empty value takes its parameter out.
pub fn keep_in_step(parameters: &[(&str, String)]) {
    // Neither step fails for the page's own address; were one to, the page would still work and only its address be stale.
    let Ok(href) = window().location().href() else { return };
    let Ok(url) = web_sys::Url::new(&href) else { return };
    for (name, value) in parameters {
        if value.is_empty() {
            url.search_params().delete(name);
        } else {
            url.search_params().set(name, value);
        }
    }
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&url.href()));
    }
}
