//! Who sees a model and may change something about it, by form.

use axum::response::Redirect;
use domain::Problem;
use domain::account::Role;
use domain::markup::percent_encoded;
use domain::model_access::Openness;

use super::{Outcome, Sent};
use crate::http::extract::Fields;
use crate::http::visitors::Sender;

/// Fields `model` and `openness` (`everybody` or `members`).
pub async fn open(by: Sender, fields: Fields) -> Outcome {
    let to = Openness::from_id(fields.first("openness"));
    let to = by.told(to.ok_or_else(|| Problem::bad_input("Choose who sees the model: everybody, or its members.")))?;
    by.told(by.service.open_model(&by.visitor, fields.first("model"), to, &by.client).await)?;
    Ok(back(&fields))
}

/// Fields `model`, `account` (its id) and `role` (`viewer`, `editor`; empty: as everywhere).
pub async fn give_role(by: Sender, fields: Fields) -> Outcome {
    let role = match fields.first("role") {
        "" => None,
        word => Some(by.told(Role::from_id(word).ok_or_else(|| {
            Problem::bad_input("Choose a role for this model: viewer, editor, or the one that they have everywhere.")
        }))?),
    };
    let (model, account) = (fields.first("model"), fields.first("account"));
    by.told(by.service.give_model_role(&by.visitor, model, account, role, &by.client).await)?;
    Ok(back(&fields))
}

fn back(fields: &Fields) -> Sent {
    let model = percent_encoded(fields.first("model").trim());
    Sent::to(Redirect::to(&format!("/people/model?name={model}")), fields)
}
