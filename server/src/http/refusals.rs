//! The problems that operations describe. What each is called and which status it has comes from [`ProblemKind`].

use std::collections::BTreeMap;

use domain::{Problem, ProblemKind};
use serde_json::json;
use utoipa::IntoResponses;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use super::problem::{Details, PROBLEM_JSON};

/// A problem that an operation can answer with, for `responses(…)` in its description.
macro_rules! refusals {
    ($($kind:ident)*) => { $(
        pub struct $kind;
        impl IntoResponses for $kind {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                BTreeMap::from([reference(ProblemKind::$kind)])
            }
        }
    )* };
}

refusals! { Forbidden NotFound Conflict TooLarge }

/// The status of a kind, and the response that all problems of this status share.
pub fn reference(kind: ProblemKind) -> (String, RefOr<Response>) {
    let first = of_status(kind.status()).next().unwrap_or(kind);
    (kind.status().to_string(), Ref::from_response_name(first.code()).into())
}

/// The responses that [`reference()`] names: one for each status, under the code of the first kind that has it.
pub fn responses() -> BTreeMap<String, RefOr<Response>> {
    ProblemKind::ALL
        .iter()
        .filter(|kind| of_status(kind.status()).next() == Some(**kind))
        .map(|kind| (kind.code().to_owned(), response(kind.status()).into()))
        .collect()
}

fn of_status(status: u16) -> impl Iterator<Item = ProblemKind> {
    ProblemKind::ALL.iter().copied().filter(move |kind| kind.status() == status)
}

fn response(status: u16) -> Response {
    let words: Vec<String> = of_status(status).map(|kind| format!("`{}`: {}", kind.code(), kind.words())).collect();
    let examples = of_status(status).map(|kind| {
        let details = Details::of(&Problem::new(kind, kind.words()));
        (kind.code(), ExampleBuilder::new().summary(kind.words()).value(Some(json!(details))).build())
    });
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).examples_from_iter(examples);
    ResponseBuilder::new().description(words.join(" ")).content(PROBLEM_JSON, content.build()).build()
}
