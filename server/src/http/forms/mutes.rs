//! Muting a finding and taking it back, by form.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use domain::Problem;
use domain::seen::{SEEN, unchanged};
use service::Service;

use super::{Outcome, Sent, grounds};
use crate::http::extract::Fields;
use crate::http::problem::FormProblem;

/// Field `finding` (repeated, or several ids with spaces between them: a checkbox has one value), and those of [`grounds`].
pub async fn mute(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    say(&service, &id, &fields).await.map_err(FormProblem::for_client(&headers))?;
    Ok(Sent::back(&id, &fields))
}

async fn say(service: &Service, id: &str, fields: &Fields) -> Result<(), Problem> {
    let grounds = grounds(fields)?;
    let findings: Vec<&str> = fields.all("finding").flat_map(str::split_whitespace).collect();
    if findings.is_empty() {
        return Err(Problem::bad_input("The form does not name a finding to mute."));
    }
    not_changed(service, id, findings[0], fields).await?;
    service.mute_all(id, &findings, &grounds).await
}

/// A form about one finding says which mute it showed.
async fn not_changed(service: &Service, id: &str, finding: &str, fields: &Fields) -> Result<(), Problem> {
    if fields.first(SEEN).is_empty() {
        return Ok(());
    }
    let now = service.investigation(id).await?.mutes.into_iter().find(|mute| mute.finding == finding);
    unchanged("What was said about muting this finding", fields.first(SEEN), &now)
}

/// Field `finding`.
pub async fn unmute(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let actor = fields.actor().map_err(&told)?;
    not_changed(&service, &id, fields.first("finding"), &fields).await.map_err(&told)?;
    service.unmute(&id, fields.first("finding"), &actor).await.map_err(&told)?;
    Ok(Sent::back(&id, &fields))
}
