//! What of a refused request is noted for the audit log.

use axum::response::Response;
use domain::audit::WhyRefused;
use domain::visitor::Visitor;
use service::{Client, Service};

use super::problem::Said;
use super::rules::Needs;

/// Who may not use a route, and why.
pub fn rule(service: &Service, needs: Option<Needs>, visitor: &Visitor, client: &Client) {
    let Visitor::SignedIn(signed_in) = visitor else { return };
    let why = match needs {
        Some(Needs::Role(needed) | Needs::Somewhere(needed)) => WhyRefused::Role { needed, had: signed_in.role },
        Some(Needs::Person) => WhyRefused::NotForTokens,
        Some(Needs::Nothing) | None => WhyRefused::Answered { sentence: String::new() },
    };
    service.note_refused(visitor, why, client);
}

/// Who was refused by what answers at an address: the holder of a link with this secret, where nobody is signed in.
pub fn answer(service: &Service, visitor: &Visitor, link: Option<&str>, response: &Response, client: &Client) {
    let said = response.extensions().get::<Said>();
    let why = WhyRefused::Answered { sentence: said.map(|Said(sentence)| sentence.clone()).unwrap_or_default() };
    match (visitor, link) {
        (Visitor::Nobody, Some(secret)) => service.note_refused_link(secret, Some(why), client),
        _ => service.note_refused(visitor, why, client),
    }
}
