//! The error of server functions: the service's problem, carried over the wire as it is.

use std::fmt;

use domain::Problem;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::status::PageStatus;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError(pub Problem);

impl AppError {
    pub fn not_found(message: impl Into<String>) -> Self {
        Self(Problem::not_found(message))
    }

    /// The HTTP status of a page that can't be shown because of it.
    pub fn http_status(&self) -> u16 {
        self.0.kind.status()
    }
}

impl From<Problem> for AppError {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let problem = match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                // The framework would answer with 500, though the caller is at fault.
                PageStatus::set(400);
                Problem::bad_input(format!(
                    "The form could not be read ({error}). Go back, reload the page and send it again."
                ))
            }
            ServerFnErrorErr::Request(_) => {
                Problem::internal("The server did not answer. Check that it is running, then try again.")
            }
            _ => Problem::internal(format!("The server failed ({error}). Its log has the details.")),
        };
        Self(problem)
    }
}
