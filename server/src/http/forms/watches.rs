//! Watches of a model, by form. Every form may hold `author`.

use axum::extract::Path;
use axum::response::Redirect;
use domain::Problem;
use domain::markup::percent_encoded;
use domain::model::EditWatch;

use super::placing::part_of;
use super::{Outcome, Sent};
use crate::http::extract::Fields;
use crate::http::visitors::Sender;

/// Fields `target`, `role` (empty: by what each file shows), `version`, `cron` and `time_zone`.
pub async fn add(by: Sender, Path(name): Path<String>, fields: Fields) -> Outcome {
    let asked = by.told(asked(&fields))?;
    let actor = by.told(fields.actor())?;
    by.told(by.service.add_watch(&name, asked, &actor, &by.visitor).await)?;
    Ok(back(&name, &fields))
}

pub async fn remove(by: Sender, Path((name, watch)): Path<(String, String)>, fields: Fields) -> Outcome {
    by.told(by.service.delete_watch(&name, &watch).await)?;
    Ok(back(&name, &fields))
}

pub async fn look(by: Sender, Path((name, watch)): Path<(String, String)>, fields: Fields) -> Outcome {
    by.told(by.service.look_now(&name, &watch).await)?;
    Ok(back(&name, &fields))
}

fn asked(fields: &Fields) -> Result<EditWatch, Problem> {
    Ok(EditWatch {
        target: fields.first("target").to_owned(),
        role: fields.optional("role").map(|word| part_of(&word)).transpose()?,
        version: fields.first("version").to_owned(),
        schedule: format!("{} {}", fields.first("cron"), fields.first("time_zone")).trim().to_owned(),
    })
}

fn back(name: &str, fields: &Fields) -> Sent {
    Sent::to(Redirect::to(&format!("/models/{}#watches", percent_encoded(name.trim()))), fields)
}
