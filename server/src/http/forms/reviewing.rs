//! Hypotheses and evidence, by form. Every form may hold `author` and `back`.

use axum::extract::Path;
use domain::Problem;
use domain::evidence::{EvidenceLink, Pinned, Remark, Stance};
use domain::seen::{SEEN, unchanged};
use service::{Move, Service};

use super::{Outcome, Sent};
use crate::http::extract::Fields;
use crate::http::visitors::Sender;

/// What the fields of a form begin with that say which hypothesis a piece supports or contradicts: `on:` and its key.
const ON: &str = "on:";

/// Field `statement`.
pub async fn add_hypothesis(by: Sender, Path(id): Path<String>, fields: Fields) -> Outcome {
    let actor = by.told(fields.actor())?;
    Sent::after(by.service.add_hypothesis(&id, fields.first("statement"), &actor).await, &by, &id, &fields)
}

/// Fields `pinned` (the query of the page that shows it), and those of [`remark_of`].
pub async fn pin(by: Sender, Path(id): Path<String>, fields: Fields) -> Outcome {
    Sent::after(keep(&by.service, &id, &fields).await, &by, &id, &fields)
}

async fn keep(service: &Service, id: &str, fields: &Fields) -> Result<(), Problem> {
    let uri = format!("/?{}", fields.first("pinned")).parse().ok();
    let pairs = uri.and_then(|uri| axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    let pinned = pairs.and_then(|pairs| Pinned::from_query(&pairs.0)).ok_or_else(|| {
        Problem::bad_input(
            "The form does not say what to pin. Open the page with the chart again, and pin it from there.",
        )
    })?;
    service.pin(id, pinned, &remark_of(fields)?, &fields.actor()?).await?;
    Ok(())
}

/// Fields of [`remark_of`].
pub async fn remark(by: Sender, Path((id, evidence)): Path<(String, String)>, fields: Fields) -> Outcome {
    Sent::after(say(&by.service, &id, &evidence, &fields).await, &by, &id, &fields)
}

async fn say(service: &Service, id: &str, evidence: &str, fields: &Fields) -> Result<(), Problem> {
    let now = service.investigation(id).await?.evidence.into_iter().find(|piece| piece.id == evidence);
    if let Some(now) = now {
        unchanged("What is said of this piece", fields.first(SEEN), &(&now.caption, &now.links))?;
    }
    service.remark(id, evidence, &remark_of(fields)?).await
}

/// Field `to`: `up`, `down`, or a place from 0.
pub async fn place(by: Sender, Path((id, evidence)): Path<(String, String)>, fields: Fields) -> Outcome {
    let to = match fields.first("to") {
        "up" => Some(Move::Up),
        "down" => Some(Move::Down),
        place => place.parse().ok().map(Move::To),
    };
    let to = by.told(to.ok_or_else(|| Problem::bad_input("Say where to: up, down, or a place from 0.")))?;
    Sent::after(by.service.move_evidence(&id, &evidence, to).await, &by, &id, &fields)
}

pub async fn unpin(by: Sender, Path((id, evidence)): Path<(String, String)>, fields: Fields) -> Outcome {
    let actor = by.told(fields.actor())?;
    Sent::after(by.service.unpin(&id, &evidence, &actor).await, &by, &id, &fields)
}

/// Field `caption`, and for each hypothesis one named `on:` and its key: `for`, `against`, or empty.
fn remark_of(fields: &Fields) -> Result<Remark, Problem> {
    let said = fields.0.iter().filter_map(|(name, value)| Some((name.strip_prefix(ON)?, value.trim())));
    let links = said.filter(|(_, stance)| !stance.is_empty()).map(|(key, stance)| {
        let stance = Stance::from_id(stance)
            .ok_or_else(|| Problem::bad_input("Say of each hypothesis `for`, `against`, or nothing."))?;
        Ok(EvidenceLink { hypothesis: key.to_owned(), stance })
    });
    Ok(Remark { caption: fields.first("caption").to_owned(), links: links.collect::<Result<_, Problem>>()? })
}
