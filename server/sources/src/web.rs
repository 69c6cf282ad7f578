//! A file on the web; or, where a page for people or a refusal is, the tool behind it.

use std::io::Read;

use connectors::HEAD_BYTES;
use connectors::live::{Address, Answer, Asked, Capture, Purpose, Question, WEB, Window};
use domain::Problem;
use ureq::http::StatusCode;

use crate::agent::{signed, told};
use crate::{Arrived, Sink, Sources, live};

/// Bytes that are handed on at a time.
const PIECE_BYTES: usize = 1 << 20;
/// Of an answer about the health of a service, as much is read.
const MOST_HEALTH_BYTES: usize = 1 << 20;

pub(crate) fn bring(sources: &Sources, url: &str, window: Option<Window>, sink: Sink<'_>) -> Result<Arrived, Problem> {
    // Not repeated: it may hold a password.
    let address = Address::of(url).ok_or_else(|| {
        Problem::bad_input(
            "The address is not complete, or holds a name and a password. Copy it again from where you found it; a login \
             belongs into a token.",
        )
    })?;
    let authorization = sources.reach.tokens.authorization(&address)?;
    let authorization = authorization.as_deref();
    let response =
        signed(sources.agent.get(url), authorization).call().map_err(|error| told(address.host(), &error))?;
    let status = response.status();
    let mut body = response.into_body().into_with_config().limit(u64::MAX).reader();
    let mut head = Vec::new();
    let broke_off = |error: std::io::Error| broke_off(&address, &error);
    body.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(broke_off)?;
    let is_file = status.is_success() && !is_page(&head);
    if !is_file && let Some(capture) = live::ask(sources, &address, authorization, window) {
        return handed(&capture, format!("{} at {}", capture.tool, address.host()), sink);
    }
    if !status.is_success() {
        if !is_about_health(status, &address) {
            return Err(refused(&address, status, authorization.is_some()));
        }
        body.take(MOST_HEALTH_BYTES as u64).read_to_end(&mut head).map_err(broke_off)?;
        return handed(&health(&address, status, &head, window), format!("health of {}", address.host()), sink);
    }
    sink(&head)?;
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match body.read(&mut piece).map_err(broke_off)? {
            0 => return Ok(Arrived { name: last_of(&address), origin: address.bare() }),
            read => sink(&piece[..read])?,
        }
    }
}

/// Whether the bytes are a page for people.
fn is_page(head: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&head[..head.len().min(512)]).trim_start().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

/// A service that is not well says so with a status of its own.
fn is_about_health(status: StatusCode, address: &Address) -> bool {
    let words = ["health", "ready", "live", "ping", "status", "alive"];
    let path = address.path.to_ascii_lowercase();
    status.is_server_error() && words.iter().any(|word| path.contains(word))
}

fn health(address: &Address, status: StatusCode, body: &[u8], window: Option<Window>) -> Capture {
    let path = if address.path.is_empty() { "/" } else { address.path.as_str() };
    let question = Question { name: "health".into(), path: path.into(), post: None, purpose: Purpose::Evidence };
    let answer = Answer { question, status: status.as_u16(), body: String::from_utf8_lossy(body).into_owned() };
    let now = live::now_ms();
    let asked = Asked { address, window: window.unwrap_or(Window { from_ms: now, until_ms: now }), answers: &[answer] };
    Capture::of(WEB, address.bare(), &asked, now, Vec::new())
}

fn handed(capture: &Capture, name: String, sink: Sink<'_>) -> Result<Arrived, Problem> {
    let bytes = serde_json::to_vec(capture)
        .map_err(|error| Problem::internal(format!("What {} answered can't be written: {error}.", capture.tool)))?;
    sink(&bytes)?;
    Ok(Arrived { name, origin: capture.address.clone() })
}

fn last_of(address: &Address) -> String {
    let last = address.path.rsplit('/').find(|part| !part.is_empty());
    last.unwrap_or(address.host()).to_owned()
}

fn broke_off(address: &Address, error: &std::io::Error) -> Problem {
    let host = address.host();
    tracing::info!(%error, host, "a linked file broke off");
    Problem::bad_input(format!("Reading {host} broke off before its end. Try again, or upload the file."))
}

fn refused(address: &Address, status: StatusCode, has_token: bool) -> Problem {
    let host = address.host();
    Problem::bad_input(match status.as_u16() {
        401 | 403 if has_token => {
            format!("{host} does not accept the token for it. Ask whoever runs Mismatch to renew it.")
        }
        401 | 403 => format!(
            "{host} asks for a login. Ask whoever runs Mismatch to start it with --token {host}=FILE, or upload the file."
        ),
        status => format!(
            "{host} answered with status {status} instead of the file. Open the address in a browser to see why."
        ),
    })
}

#[cfg(test)]
mod tests;
