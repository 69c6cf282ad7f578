//! Other people's accounts, by form.

use axum::extract::Path;
use axum::response::Redirect;
use domain::Problem;
use domain::account::Role;

use super::account::shown;
use super::{Outcome, Sent};
use crate::http::extract::Fields;
use crate::http::visitors::Sender;

const PAGE: &str = "/people";

/// Field `role`. The link is shown for some minutes: only this browser has it.
pub async fn invite(by: Sender, fields: Fields) -> Outcome {
    let role = by.told(role_of(&fields))?;
    let (_, secret) = by.told(by.service.invite(&by.visitor, role, &by.client).await)?;
    Ok(back(&fields).with(shown(secret.as_str(), PAGE, by.door)))
}

pub async fn revoke_invitation(by: Sender, Path(id): Path<String>, fields: Fields) -> Outcome {
    by.told(by.service.revoke_invitation(&by.visitor, &id, &by.client).await)?;
    Ok(back(&fields))
}

/// Field `role`.
pub async fn give_role(by: Sender, Path(id): Path<String>, fields: Fields) -> Outcome {
    let role = by.told(role_of(&fields))?;
    by.told(by.service.give_role(&by.visitor, &id, role, &by.client).await)?;
    Ok(back(&fields))
}

pub async fn disable(by: Sender, Path(id): Path<String>, fields: Fields) -> Outcome {
    by.told(by.service.disable(&by.visitor, &id, &by.client).await)?;
    Ok(back(&fields))
}

pub async fn enable(by: Sender, Path(id): Path<String>, fields: Fields) -> Outcome {
    by.told(by.service.enable(&by.visitor, &id, &by.client).await)?;
    Ok(back(&fields))
}

/// Field `sure` (any value).
pub async fn erase(by: Sender, Path(id): Path<String>, fields: Fields) -> Outcome {
    if fields.first("sure").is_empty() {
        return by.told(Err(Problem::bad_input("Tick that you are sure: nobody can say afterwards who it was.")));
    }
    by.told(by.service.erase(&by.visitor, &id, &by.client).await)?;
    Ok(back(&fields))
}

fn role_of(fields: &Fields) -> Result<Role, Problem> {
    Role::from_id(fields.first("role")).ok_or_else(|| Problem::bad_input("Choose a role: viewer, editor or admin."))
}

fn back(fields: &Fields) -> Sent {
    Sent::to(Redirect::to(PAGE), fields)
}
