//! Problems on the wire: RFC 9457 for programs, a page for people.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::markup::escaped;
use domain::{Problem, ProblemKind};
use serde::Serialize;
use utoipa::ToSchema;

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
        let body = Details::of(&self.0);
        let status = status_of(self.0.kind);
        (status, Extension(Said(self.0.message)), [(header::CONTENT_TYPE, PROBLEM_JSON)], Json(body)).into_response()
    }
}

/// The sentence of a problem, next to its response: for the audit log.
#[derive(Debug, Clone)]
pub struct Said(pub String);

pub const PROBLEM_JSON: &str = "application/problem+json";

/// A problem as RFC 9457 writes it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Details {
    /// Always `about:blank`: the status says what kind it is.
    #[serde(rename = "type")]
    #[schema(pattern = "^about:blank$")]
    type_: &'static str,
    /// The words of the status.
    title: &'static str,
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What went wrong, where, and what to do, in a sentence for people.
    #[schema(min_length = 1)]
    detail: String,
    /// What kind it is, for programs.
    code: ProblemKind,
}

impl Details {
    pub fn of(problem: &Problem) -> Details {
        let status = status_of(problem.kind);
        let title = status.canonical_reason().unwrap_or("Problem");
        Details {
            type_: "about:blank",
            title,
            status: status.as_u16(),
            detail: problem.message.clone(),
            code: problem.kind,
        }
    }
}

/// The kinds have statuses of their own making, which are all valid.
fn status_of(kind: ProblemKind) -> StatusCode {
    StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The response that a guard rail gives in place of a handler.
pub fn refuse(kind: ProblemKind, message: &str) -> Response {
    ApiProblem(Problem::new(kind, message)).into_response()
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
         <title>{title} · Mismatch</title><link rel=\"stylesheet\" href=\"/pkg/mismatch.css\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"></head>\
         <body><main class=\"page problem\"><h1>{title}</h1><p role=\"alert\">{}</p>\
         <p>Use your browser's back button to return to what you entered. <a href=\"/\">All investigations</a></p>\
         </main></body></html>",
        // Messages name files and columns, which come from strangers.
        escaped(&problem.message)
    );
    let said = Extension(Said(problem.message.clone()));
    (status, said, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}
