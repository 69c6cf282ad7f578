//! Asking the service from an island.

use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::address::query;

/// The part of a problem document (RFC 9457) that is shown.
#[derive(Deserialize)]
struct ProblemDocument {
    detail: Option<String>,
    title: Option<String>,
}

/// The sentence of a problem document; one of our own where the server's can't be read.
pub fn sentence_of(document: &str, status: u16) -> String {
    let problem = serde_json::from_str::<ProblemDocument>(document).ok();
    let sentence = problem.and_then(|problem| problem.detail.or(problem.title));
    sentence.unwrap_or_else(|| format!("The server refused this request (status {status})."))
}

/// What an address answers about stored files, as HTML. `chosen` are the names and values that a person
/// chose. Where there is no answer, the sentence that says why.
pub async fn files(address: &str, snapshots: &[String], chosen: &[(String, String)]) -> String {
    let named = snapshots.iter().map(|id| ("snapshot", id.as_str()));
    let pairs: Vec<(&str, &str)> =
        named.chain(chosen.iter().map(|(name, value)| (name.as_str(), value.as_str()))).collect();
    page(&format!("{address}{}", query(&pairs))).await
}

/// What an address answers, as HTML. Where there is no answer, the sentence that says why.
pub async fn page(address: &str) -> String {
    match sent(address).await {
        Ok(html) => html,
        Err(error) => silent(error),
    }
}

fn silent(_error: JsValue) -> String {
    "The server did not answer. Check that it is running, then try again.".to_owned()
}

/// The text of the answer, whatever its status; an error when there is none.
async fn sent(address: &str) -> Result<String, JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_str(address)).await?.unchecked_into();
    // `text` resolves to a string (Fetch standard, 5.3), so there is nothing to lose.
    Ok(JsFuture::from(response.text()?).await?.as_string().unwrap_or_default())
}
