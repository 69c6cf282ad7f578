//! One file on its way to the server, sent from here or fetched by the server from where it is. `XMLHttpRequest` rather than
//! `fetch`, which can't tell how much was sent.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, ProgressEvent, XmlHttpRequest};

use super::ask::sentence_of;
use crate::address::query;

#[derive(Debug, Clone, PartialEq)]
pub enum UploadState {
    /// The share that was sent, 0 to 1; at 1 the server is reading the file.
    Sending {
        share: f64,
    },
    /// The server is bringing it in from an address or a path.
    Fetching,
    /// One for each table or artifact in it: of a zip, several.
    Stored {
        snapshots: Vec<StoredFile>,
    },
    Failed {
        sentence: String,
    },
}

/// What is needed of a stored file. The answer holds the whole snapshot; reading only this keeps the bundle small.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct StoredFile {
    pub id: String,
}

/// The answer to a link: what came first, and what came with it.
#[derive(Deserialize)]
struct LinkedFile {
    id: String,
    others: Vec<StoredFile>,
}

impl UploadState {
    pub fn is_under_way(&self) -> bool {
        matches!(self, UploadState::Sending { .. } | UploadState::Fetching)
    }
}

#[derive(Clone)]
pub struct Upload {
    pub key: u32,
    pub name: String,
    pub state: RwSignal<UploadState>,
    request: StoredValue<Option<XmlHttpRequest>, LocalStorage>,
}

impl Upload {
    /// Breaks it off; the server keeps nothing of a file that did not arrive whole. Has no effect once it is stored.
    pub fn stop(&self) {
        if self.state.get_untracked().is_under_way()
            && let Some(request) = self.request.try_get_value().flatten()
        {
            // Aborting a request that is already over is allowed and does nothing.
            let _ = request.abort();
        }
    }
}

/// A file that is not sent, with the sentence that says why.
pub fn refused(name: String, sentence: String) -> Upload {
    made(name, UploadState::Failed { sentence })
}

static NEXT_KEY: AtomicU32 = AtomicU32::new(0);

fn made(name: String, state: UploadState) -> Upload {
    Upload {
        key: NEXT_KEY.fetch_add(1, Ordering::Relaxed),
        name,
        state: RwSignal::new(state),
        request: StoredValue::new_local(None),
    }
}

/// Begins to send a file.
pub fn start(file: &File) -> Upload {
    let upload = made(file.name(), UploadState::Sending { share: 0.0 });
    match send(file, upload.state) {
        Ok(request) => upload.request.set_value(Some(request)),
        Err(_) => fail(upload.state, "The browser could not open this file. Choose it again.".to_owned()),
    }
    upload
}

/// Has the server bring in what is at an address or a path; of a running tool, what it says about the time of the
/// investigation's rows.
pub fn fetch(target: String, investigation: Option<&str>) -> Upload {
    let body = serde_json::json!({ "target": target, "investigation": investigation }).to_string();
    let upload = made(target, UploadState::Fetching);
    match ask(&body, upload.state) {
        Ok(request) => upload.request.set_value(Some(request)),
        Err(_) => fail(upload.state, "The browser could not ask for it. Reload the page and try again.".to_owned()),
    }
    upload
}

fn send(file: &File, state: RwSignal<UploadState>) -> Result<XmlHttpRequest, JsValue> {
    let request = XmlHttpRequest::new()?;
    request.open("POST", &format!("/api/v1/snapshots{}", query(&[("name", &file.name())])))?;
    request.set_request_header("Content-Type", "application/octet-stream")?;
    let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        let share = if event.total() > 0.0 { event.loaded() / event.total() } else { 1.0 };
        state.try_set(UploadState::Sending { share });
    });
    request.upload()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    progress.forget();
    when_answered(&request, state, stored)?;
    request.send_with_opt_blob(Some(file))?;
    Ok(request)
}

fn ask(body: &str, state: RwSignal<UploadState>) -> Result<XmlHttpRequest, JsValue> {
    let request = XmlHttpRequest::new()?;
    request.open("POST", "/api/v1/snapshots/link")?;
    request.set_request_header("Content-Type", "application/json")?;
    when_answered(&request, state, linked)?;
    request.send_with_opt_str(Some(body))?;
    Ok(request)
}

/// The closures live as long as the page: a few bytes for each file.
fn when_answered(request: &XmlHttpRequest, state: RwSignal<UploadState>, read: Read) -> Result<(), JsValue> {
    let answered = {
        let request = request.clone();
        Closure::<dyn FnMut()>::new(move || {
            state.try_set(read_answer(&request, read));
        })
    };
    request.set_onload(Some(answered.as_ref().unchecked_ref()));
    let broken = Closure::<dyn FnMut()>::new(move || {
        fail(state, "The connection was lost on the way. Remove this line and try again.".to_owned());
    });
    request.set_onerror(Some(broken.as_ref().unchecked_ref()));
    answered.forget();
    broken.forget();
    Ok(())
}

/// How the text of an answer names what is stored.
type Read = fn(&str) -> Option<Vec<StoredFile>>;

fn stored(text: &str) -> Option<Vec<StoredFile>> {
    serde_json::from_str(text).ok()
}

fn linked(text: &str) -> Option<Vec<StoredFile>> {
    let LinkedFile { id, others } = serde_json::from_str(text).ok()?;
    Some([vec![StoredFile { id }], others].concat())
}

fn read_answer(request: &XmlHttpRequest, read: Read) -> UploadState {
    let status = request.status().unwrap_or(0);
    let text = request.response_text().ok().flatten().unwrap_or_default();
    if (200..300).contains(&status) {
        let unreadable = "The server's answer could not be read. Reload the page and try again.";
        return read(&text).map_or_else(
            || UploadState::Failed { sentence: unreadable.to_owned() },
            |snapshots| UploadState::Stored { snapshots },
        );
    }
    UploadState::Failed { sentence: sentence_of(&text, status) }
}

fn fail(state: RwSignal<UploadState>, sentence: String) {
    state.try_set(UploadState::Failed { sentence });
}
