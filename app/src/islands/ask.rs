//! Asking the service from an island, through the API that programs use.

use domain::selection::{Selection, SelectionAnswer};
use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response};

use crate::address::{Place, query};

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

/// What is different about the selected rows? Otherwise the sentence that says why there is no answer.
pub async fn explain_selection(place: &Place, selection: &Selection) -> Result<SelectionAnswer, String> {
    let question = serde_json::to_string(selection).map_err(unreadable)?;
    let (status, text) = sent("POST", &place.selection(), Some(&question)).await.map_err(silent)?;
    if (200..300).contains(&status) {
        serde_json::from_str(&text).map_err(unreadable)
    } else {
        Err(sentence_of(&text, status))
    }
}

/// What an address answers about stored files, as HTML. `chosen` are the names and values that a person
/// chose. Where there is no answer, the sentence that says why.
pub async fn files(address: &str, snapshots: &[String], chosen: &[(String, String)]) -> String {
    let named = snapshots.iter().map(|id| ("snapshot", id.as_str()));
    let pairs: Vec<(&str, &str)> =
        named.chain(chosen.iter().map(|(name, value)| (name.as_str(), value.as_str()))).collect();
    match sent("GET", &format!("{address}{}", query(&pairs)), None).await {
        Ok((_, html)) => html,
        Err(error) => silent(error),
    }
}

fn unreadable(_error: serde_json::Error) -> String {
    "The server's answer could not be read. Reload the page and try again.".to_owned()
}

fn silent(_error: JsValue) -> String {
    "The server did not answer. Check that it is running, then try again.".to_owned()
}

/// The status and the text of the answer; an error when there is none. A body is JSON.
async fn sent(method: &str, address: &str, body: Option<&str>) -> Result<(u16, String), JsValue> {
    let request = RequestInit::new();
    request.set_method(method);
    if let Some(body) = body {
        request.set_body(&JsValue::from_str(body));
        let headers = web_sys::Headers::new()?;
        headers.set("Content-Type", "application/json")?;
        request.set_headers(&headers);
    }
    let response: Response =
        JsFuture::from(window().fetch_with_str_and_init(address, &request)).await?.unchecked_into();
    // `text` resolves to a string (Fetch standard, 5.3), so there is nothing to lose.
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok((response.status(), text))
}
