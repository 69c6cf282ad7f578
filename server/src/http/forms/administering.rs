//! Other people's accounts, by form.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use domain::Problem;
use domain::account::Role;
use service::Service;

use super::account::shown;
use super::{Outcome, Sent};
use crate::http::extract::Fields;
use crate::http::problem::FormProblem;
use crate::http::visitors::{Caller, Who};

const PAGE: &str = "/people";

/// Field `role`. The link is shown for some minutes: only this browser has it.
pub async fn invite(
    State(service): State<Service>,
    Who(visitor): Who,
    Caller(client): Caller,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let role = role_of(&fields).map_err(&told)?;
    let (_, secret) = service.invite(&visitor, role, &client).await.map_err(&told)?;
    Ok(back(&fields).with(shown(secret.as_str(), PAGE)))
}

pub async fn revoke_invitation(
    State(service): State<Service>,
    Path(id): Path<String>,
    Who(visitor): Who,
    Caller(client): Caller,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    service.revoke_invitation(&visitor, &id, &client).await.map_err(FormProblem::for_client(&headers))?;
    Ok(back(&fields))
}

/// Field `role`.
pub async fn give_role(
    State(service): State<Service>,
    Path(id): Path<String>,
    Who(visitor): Who,
    Caller(client): Caller,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let role = role_of(&fields).map_err(&told)?;
    service.give_role(&visitor, &id, role, &client).await.map_err(&told)?;
    Ok(back(&fields))
}

pub async fn disable(
    State(service): State<Service>,
    Path(id): Path<String>,
    Who(visitor): Who,
    Caller(client): Caller,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    service.disable(&visitor, &id, &client).await.map_err(FormProblem::for_client(&headers))?;
    Ok(back(&fields))
}

pub async fn enable(
    State(service): State<Service>,
    Path(id): Path<String>,
    Who(visitor): Who,
    Caller(client): Caller,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    service.enable(&visitor, &id, &client).await.map_err(FormProblem::for_client(&headers))?;
    Ok(back(&fields))
}

fn role_of(fields: &Fields) -> Result<Role, Problem> {
    Role::from_id(fields.first("role")).ok_or_else(|| Problem::bad_input("Choose a role: viewer, editor or admin."))
}

fn back(fields: &Fields) -> Sent {
    Sent::to(Redirect::to(PAGE), fields)
}
