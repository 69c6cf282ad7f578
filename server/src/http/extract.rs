//! What requests carry, with refusals as problems.

use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, Uri};
use axum::{Form, Json};
use domain::markup::percent_encoded;
use domain::visitor::Visitor;
use domain::{Actor, Problem};
use serde::de::DeserializeOwned;
use serde_json::Value;
use service::has_nul;

use super::problem::{ApiProblem, FormProblem};

/// A JSON body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiProblem> {
        let told = |words: String| Problem::bad_input(format!("The request's JSON can't be used: {words}")).into();
        let name = signed_in(request.extensions());
        let body = Json::<Value>::from_request(request, state).await;
        let Json(mut body) = body.map_err(|rejection| told(rejection.body_text()))?;
        if has_nul(&body) {
            return Err(told("A text in it holds the character U+0000, which no text has.".to_owned()));
        }
        if let (Some(name), Some(fields)) = (name, body.as_object_mut()) {
            fields.insert(AUTHOR.to_owned(), Value::String(name));
        }
        serde_json::from_value(body).map(Body).map_err(|error| told(error.to_string()))
    }
}

/// The field of a request that says who sends it. Whoever is signed in signs with the account's name, whatever stands there.
const AUTHOR: &str = "author";

/// The field of a form that says that it showed a name: the one that was remembered, or the account's.
const SIGNED: &str = "signed";
const BY_ACCOUNT: &str = "account";

fn signed_in(extensions: &Extensions) -> Option<String> {
    Some(extensions.get::<Visitor>()?.signs_as()?.to_string())
}

/// What an address says after its question mark.
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiProblem> {
        let told = |words: String| Problem::bad_input(format!("The address can't be used: {words}")).into();
        if let Some(name) = signed_in(&parts.extensions) {
            parts.uri = signed(&parts.uri, &name).map_err(told)?;
        }
        let params = Query::<T>::from_request_parts(parts, state).await;
        params.map(|Query(params)| Params(params)).map_err(|rejection| told(rejection.body_text()))
    }
}

/// The same address, with this author in its query and no other; else the words that say why there is none.
fn signed(uri: &Uri, name: &str) -> Result<Uri, String> {
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(|rejection| rejection.body_text())?.0;
    let others = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).filter(|(key, _)| *key != AUTHOR);
    let pairs = others
        .chain([(AUTHOR, name)])
        .map(|(key, value)| format!("{}={}", percent_encoded(key), percent_encoded(value)));
    let query = pairs.collect::<Vec<_>>().join("&");
    Uri::builder().path_and_query(format!("{}?{query}", uri.path())).build().map_err(|error| error.to_string())
}

/// What a person wrote in a field, without the character U+0000: PostgreSQL can't store it in text, and nothing shows it.
pub fn written(mut value: String) -> String {
    value.retain(|letter| letter != '\0');
    value
}

/// The fields of a form, in the order in which they stand on the page.
#[derive(Debug, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The trimmed value of the first field of that name; empty when there is none.
    pub fn first(&self, name: &str) -> &str {
        self.0.iter().find(|(of, _)| of == name).map(|(_, value)| value.trim()).unwrap_or_default()
    }

    /// As [`Fields::first`], with the spaces around it.
    pub fn whole(&self, name: &str) -> &str {
        self.0.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str()).unwrap_or_default()
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
        Actor::named(self.first(AUTHOR))
    }

    /// Whether the form showed the name that was remembered: an empty one was removed by the person, and stays away.
    pub fn is_signed(&self) -> bool {
        self.0.iter().any(|(of, _)| of == SIGNED)
    }

    /// The same, signed: with the name of the account, or with the one that the browser remembers where the form did not ask for
    /// one.
    pub fn signed_by(mut self, visitor: &Visitor) -> Fields {
        let name = match visitor {
            Visitor::SignedIn(signed_in) => Some(&signed_in.account.name),
            Visitor::Anybody(remembered) => {
                Some(remembered).filter(|_| self.first(AUTHOR).is_empty() && !self.is_signed())
            }
            Visitor::Nobody => None,
        };
        if let Some(name @ Actor::Named(_)) = name {
            self.0.retain(|(of, _)| of != AUTHOR);
            self.0.push((AUTHOR.to_owned(), name.to_string()));
        }
        if visitor.signs_as().is_some() {
            self.0.retain(|(of, _)| of != SIGNED);
            self.0.push((SIGNED.to_owned(), BY_ACCOUNT.to_owned()));
        }
        self
    }

    /// The name that the browser is to remember, nobody's where a person removed it; `None` where it stays as it was.
    pub fn remembered(&self) -> Option<Actor> {
        let author = self.actor().ok().filter(|_| self.first(SIGNED) != BY_ACCOUNT);
        author.filter(|author| *author != Actor::Anonymous || self.is_signed())
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
        let visitor = request.extensions().get::<Visitor>().cloned().unwrap_or(Visitor::Nobody);
        match Form::<Vec<(String, String)>>::from_request(request, state).await {
            Ok(Form(fields)) => {
                let fields = fields.into_iter().map(|(name, value)| (name, written(value))).collect();
                Ok(Fields(fields).signed_by(&visitor))
            }
            Err(rejection) => {
                Err(told(Problem::bad_input(format!("The form can't be read: {}", rejection.body_text()))))
            }
        }
    }
}
