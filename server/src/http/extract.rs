//! What requests carry, with refusals as problems.

use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::{Form, Json};
use domain::{Actor, Problem};
use serde::de::DeserializeOwned;

use super::author::remembered;
use super::problem::{ApiProblem, FormProblem};

/// A JSON body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiProblem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Body(body)),
            Err(rejection) => {
                Err(Problem::bad_input(format!("The request's JSON can't be used: {}", rejection.body_text())).into())
            }
        }
    }
}

/// What an address says after its question mark.
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiProblem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(params)) => Ok(Params(params)),
            Err(rejection) => {
                Err(Problem::bad_input(format!("The address can't be used: {}", rejection.body_text())).into())
            }
        }
    }
}

/// The fields of a form, in the order in which they stand on the page.
#[derive(Debug, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The trimmed value of the first field of that name; empty when there is none.
    pub fn first(&self, name: &str) -> &str {
        self.0.iter().find(|(of, _)| of == name).map(|(_, value)| value.trim()).unwrap_or_default()
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(of, _)| of == name).map(|(_, value)| value.trim())
    }

    /// `None` for a field left empty.
    pub fn optional(&self, name: &str) -> Option<String> {
        Some(self.first(name)).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// Who sent the form, by the field `author`.
    ///
    /// # Errors
    /// `BadInput` for a name that is too long or not on one line.
    pub fn actor(&self) -> Result<Actor, Problem> {
        Actor::named(self.first("author"))
    }

    /// Whether the form showed the name that was remembered: an empty one was removed by the person, and stays away.
    pub fn is_signed(&self) -> bool {
        self.0.iter().any(|(of, _)| of == "signed")
    }

    /// The same, signed with the name that the browser remembers where the form did not ask for one.
    pub fn signed_by(mut self, remembered: &Actor) -> Fields {
        if let Actor::Named(_) = remembered
            && self.first("author").is_empty()
            && !self.is_signed()
        {
            self.0.retain(|(of, _)| of != "author");
            self.0.push(("author".to_owned(), remembered.to_string()));
        }
        self
    }

    /// # Errors
    /// When something is there that is no number.
    pub fn optional_number(&self, name: &str) -> Result<Option<f64>, Problem> {
        let Some(text) = self.optional(name) else { return Ok(None) };
        // Why it can't be parsed says nothing more to a person.
        text.parse().ok().map(Some).ok_or_else(|| {
            Problem::bad_input(format!("{text:?} in the field {name} is not a number. Use a point for decimals."))
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = FormProblem;

    async fn from_request(request: Request, state: &S) -> Result<Self, FormProblem> {
        let told = FormProblem::for_client(request.headers());
        let remembered = remembered(request.headers());
        match Form::<Vec<(String, String)>>::from_request(request, state).await {
            Ok(Form(fields)) => Ok(Fields(fields).signed_by(&remembered)),
            Err(rejection) => {
                Err(told(Problem::bad_input(format!("The form can't be read: {}", rejection.body_text()))))
            }
        }
    }
}
