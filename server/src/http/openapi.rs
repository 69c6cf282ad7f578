//! The API's description (OpenAPI 3.1), put together from the handlers, the types of the contracts and the guard rails.

use std::sync::LazyLock;

use axum::http::Method;
use domain::ProblemKind;
use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Components, InfoBuilder, OpenApi, OpenApiBuilder, Response, Server};
use utoipa::{PartialSchema, ToSchema};

use super::problem::Details;
use super::{api, refusals};

/// All operations of the router, and nothing else.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

const DESCRIPTION: &str = "\
Finds out which two things that should agree no longer do: reads snapshots of training and serving data, evaluation \
runs and artifacts of other tools, judges them, and ranks the suspects.

A problem is `application/problem+json` (RFC 9457): `detail` is a sentence for people, `code` is for programs. Fields \
are added to responses over time; ignore those that you do not know. Times are milliseconds since 1970-01-01 UTC.

Where people have accounts, each request carries a token in the header `Authorization: Bearer TOKEN`; its owner makes it on the \
page of the account. What is done with it is done in the owner's name, whatever `author` says. Without accounts the server is \
reached on its own machine only, as localhost, 127.0.0.1 or [::1], and asks for no token.";

const TAGS: [(&str, &str); 7] = [
    ("snapshots", "Tables of rows and artifacts of other tools. They never change once stored."),
    ("investigations", "Incidents: their inputs, their diagnosis, and what people decided."),
    ("models", "Systems under care: what arrives for them, and how they do from week to week."),
    ("alerts", "Rules about what the checks say of a model, what they found, and the channels that are notified."),
    ("sharing", "Read-only links to an investigation as it is when the link is made."),
    ("jobs", "Long work: watched and cancelled."),
    ("operations", "Whether the server works, and this document."),
];

fn document() -> Value {
    let mut answered = api::answered().into_openapi();
    each_operation(&mut answered, |_, operation| {
        let late = Response::new("The response did not begin within the time limit. It has no body.");
        operation.responses.responses.insert("504".to_owned(), late.into());
    });
    let mut api = OpenApiBuilder::new()
        .info(InfoBuilder::new().title("Mismatch").version("1").description(Some(DESCRIPTION)).build())
        .servers(Some([Server::new(api::BASE)]))
        .tags(Some(TAGS.map(|(name, words)| TagBuilder::new().name(name).description(Some(words)).build())))
        .components(Some(components()))
        // With a token, or with nothing where there are no accounts.
        .security(Some([SecurityRequirement::new("token", [""; 0]), SecurityRequirement::default()]))
        .build()
        .merge_from(answered)
        .merge_from(api::uploads().into_openapi())
        .merge_from(api::links().into_openapi())
        .merge_from(api::streams().into_openapi());
    each_operation(&mut api, guarded);
    let mut document = json!(api);
    bound_tuples(&mut document);
    document
}

/// What no single operation names: its problems, with the kinds of problem.
fn components() -> Components {
    let mut components = Components::default();
    let mut schemas = vec![(Details::name().into_owned(), Details::schema())];
    Details::schemas(&mut schemas);
    components.schemas.extend(schemas);
    components.responses = refusals::responses();
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A token of an account.")).build();
    components.security_schemes.insert("token".to_owned(), SecurityScheme::Http(token).into());
    components
}

fn each_operation(api: &mut OpenApi, mut change: impl FnMut(Method, &mut Operation)) {
    for PathItem { get, put, post, delete, .. } in api.paths.paths.values_mut() {
        let operations = [(Method::GET, get), (Method::PUT, put), (Method::POST, post), (Method::DELETE, delete)];
        for (method, operation) in operations {
            operation.iter_mut().for_each(|operation| change(method.clone(), operation));
        }
    }
}

/// What may be answered in place of any handler: by `guard.rs`, by the extractors, or when the storage fails.
fn guarded(method: Method, operation: &mut Operation) {
    let mut kinds = vec![ProblemKind::Misdirected, ProblemKind::Internal, ProblemKind::Unavailable];
    if operation.parameters.is_some() || operation.request_body.is_some() {
        kinds.push(ProblemKind::BadInput);
    }
    // By the rules of the routes.
    kinds.extend([ProblemKind::Unauthorized, ProblemKind::Forbidden]);
    if !method.is_safe() {
        kinds.push(ProblemKind::StorageFull);
    }
    operation.responses.responses.extend(kinds.into_iter().map(refusals::reference));
}

/// A tuple of serde has exactly its parts, which the schemas do not say by themselves.
fn bound_tuples(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(parts) = fields.get("prefixItems").and_then(Value::as_array).map(Vec::len) {
                fields.extend([("minItems".to_owned(), parts.into()), ("maxItems".to_owned(), parts.into())]);
            }
            fields.values_mut().for_each(bound_tuples);
        }
        Value::Array(items) => items.iter_mut().for_each(bound_tuples),
        _ => {}
    }
}
