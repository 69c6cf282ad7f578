//! What a reader chose for every page, kept in cookies rather than in the browser's storage: so the server renders the next
//! page as it was chosen.

use leptos::prelude::document;
use wasm_bindgen::JsCast;

/// The value of one of the cookies in a `Cookie` header, or in `document.cookie`.
pub fn cookie_of<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Every cookie of this page.
pub fn cookies() -> String {
    page().and_then(|page| page.cookie().ok()).unwrap_or_default()
}

/// Keeps a choice for a year.
pub fn keep_cookie(name: &str, value: &str) {
    // Refused only where the browser keeps no cookies; the choice then lasts as long as the page.
    let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
    page().map(|page| page.set_cookie(&cookie));
}

fn page() -> Option<web_sys::HtmlDocument> {
    document().dyn_into().ok()
}
