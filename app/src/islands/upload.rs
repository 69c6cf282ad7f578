//! One file on its way to the server. `XMLHttpRequest` rather than `fetch`, which can't tell how much was sent.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{File, ProgressEvent, XmlHttpRequest};

use super::ask::sentence_of;
use crate::address::query;

#[derive(Debug, Clone, PartialEq)]
pub enum UploadState {
    /// The share that was sent, 0 to 1; at 1 the server is reading the file.
    Sending {
        share: f64,
    },
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

impl UploadState {
    pub fn is_sending(&self) -> bool {
        matches!(self, UploadState::Sending { .. })
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
        if self.state.get_untracked().is_sending()
            && let Some(request) = self.request.try_get_value().flatten()
        {
            // Aborting a request that is already over is allowed and does nothing.
            let _ = request.abort();
        }
    }
}

/// A file that is not sent, with the sentence that says why.
pub fn refused(name: String, sentence: String) -> Upload {
    Upload {
        key: NEXT_KEY.fetch_add(1, Ordering::Relaxed),
        name,
        state: RwSignal::new(UploadState::Failed { sentence }),
        request: StoredValue::new_local(None),
    }
}

static NEXT_KEY: AtomicU32 = AtomicU32::new(0);

/// Begins to send a file.
pub fn start(file: &File) -> Upload {
    let upload = Upload {
        key: NEXT_KEY.fetch_add(1, Ordering::Relaxed),
        name: file.name(),
        state: RwSignal::new(UploadState::Sending { share: 0.0 }),
        request: StoredValue::new_local(None),
    };
    match send(file, upload.state) {
        Ok(request) => upload.request.set_value(Some(request)),
        Err(_) => fail(upload.state, "The browser could not open this file. Choose it again.".to_owned()),
    }
    upload
}

fn send(file: &File, state: RwSignal<UploadState>) -> Result<XmlHttpRequest, wasm_bindgen::JsValue> {
    let request = XmlHttpRequest::new()?;
    request.open("POST", &format!("/api/v1/snapshots{}", query(&[("name", &file.name())])))?;
    request.set_request_header("Content-Type", "application/octet-stream")?;
    let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        let share = if event.total() > 0.0 { event.loaded() / event.total() } else { 1.0 };
        state.try_set(UploadState::Sending { share });
    });
    request.upload()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    let answered = {
        let request = request.clone();
        Closure::<dyn FnMut()>::new(move || {
            state.try_set(read_answer(&request));
        })
    };
    request.set_onload(Some(answered.as_ref().unchecked_ref()));
    let broken = Closure::<dyn FnMut()>::new(move || {
        fail(state, "The connection was lost during the upload. Remove the file and choose it again.".to_owned());
    });
    request.set_onerror(Some(broken.as_ref().unchecked_ref()));
    // They live as long as the page: a few bytes for each file.
    progress.forget();
    answered.forget();
    broken.forget();
    request.send_with_opt_blob(Some(file))?;
    Ok(request)
}

fn read_answer(request: &XmlHttpRequest) -> UploadState {
    let status = request.status().unwrap_or(0);
    let text = request.response_text().ok().flatten().unwrap_or_default();
    if (200..300).contains(&status) {
        return match serde_json::from_str::<Vec<StoredFile>>(&text) {
            Ok(snapshots) => UploadState::Stored { snapshots },
            Err(_) => UploadState::Failed {
                sentence: "The server's answer could not be read. Reload the page and try again.".to_owned(),
            },
        };
    }
    UploadState::Failed { sentence: sentence_of(&text, status) }
}

fn fail(state: RwSignal<UploadState>, sentence: String) {
    state.try_set(UploadState::Failed { sentence });
}
