//! Problems on the wire: RFC 9457 for programs, a page for people.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Problem, ProblemKind};
use serde_json::json;

/// The error of every API handler; `?` turns a [`Problem`] into it.
#[derive(Debug)]
pub struct ApiProblem(pub Problem);

impl From<Problem> for ApiProblem {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for ApiProblem {
    fn into_response(self) -> Response {
        problem_json(status_of(self.0.kind), &self.0.message)
    }
}

/// The one place where a kind of problem becomes a status.
pub fn status_of(kind: ProblemKind) -> StatusCode {
    match kind {
        ProblemKind::BadInput => StatusCode::BAD_REQUEST,
        ProblemKind::NotFound => StatusCode::NOT_FOUND,
        ProblemKind::Conflict | ProblemKind::Cancelled => StatusCode::CONFLICT,
        ProblemKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemKind::Forbidden => StatusCode::FORBIDDEN,
        ProblemKind::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        ProblemKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ProblemKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// `application/problem+json`. The type is `about:blank`, which by RFC 9457 means: the status says what kind it is.
pub fn problem_json(status: StatusCode, detail: &str) -> Response {
    let title = status.canonical_reason().unwrap_or("Problem");
    let body = json!({"type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail}).to_string();
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
}

/// The error of a form's handler: a page for a browser, a problem for a script.
#[derive(Debug)]
pub struct FormProblem {
    problem: Problem,
    wants_page: bool,
}

impl FormProblem {
    /// For use with `map_err`: remembers what the client said it wants.
    pub fn for_client(headers: &HeaderMap) -> impl Fn(Problem) -> FormProblem + use<> {
        let wants_page = wants_page(headers);
        move |problem| FormProblem { problem, wants_page }
    }
}

impl IntoResponse for FormProblem {
    fn into_response(self) -> Response {
        if self.wants_page { problem_page(&self.problem) } else { ApiProblem(self.problem).into_response() }
    }
}

pub fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value: &HeaderValue| value.to_str().ok())
        .any(|accept| accept.contains("text/html"))
}

fn problem_page(problem: &Problem) -> Response {
    let status = status_of(problem.kind);
    let title = match problem.kind {
        ProblemKind::NotFound => "Not found",
        ProblemKind::Forbidden => "Not allowed",
        ProblemKind::Internal => "Something failed",
        _ => "This request failed",
    };
    let body = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title} · Mismatch</title><link rel=\"stylesheet\" href=\"/pkg/mismatch.css\"></head>\
         <body><main class=\"page problem\"><h1>{title}</h1><p role=\"alert\">{}</p>\
         <p>Use your browser's back button to return to what you entered. <a href=\"/\">All investigations</a></p>\
         </main></body></html>",
        escaped(&problem.message)
    );
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

/// Messages name files and columns, which come from strangers.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_messages_stay_text() {
        assert_eq!(escaped("<b id='x'>\"&\"</b>"), "&lt;b id=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/b&gt;");
    }
}
