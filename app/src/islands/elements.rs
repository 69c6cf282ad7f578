//! Elements of the page that an island did not make itself.

use leptos::prelude::document;
use wasm_bindgen::JsCast;

/// The element with this id, if it is there and of this kind.
pub fn by_id<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
