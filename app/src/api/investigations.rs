//! Reading investigations. Changes go through plain forms, which need no script.

use std::sync::Arc;

use domain::Diagnosis;
use domain::account::Role;
use domain::deleted::StoredFile;
use domain::evidence::{Exhibit, Piece, Pinned};
use domain::investigation::{Investigation, InvestigationState, NewShareLink, ShareLink};
use domain::job::Job;
use domain::listing::{ListQuery, Listed};
use domain::related::Related;
use domain::snapshot::{Preview, Snapshot};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::address::Place;
use crate::error::AppError;

/// An investigation as one door shows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Opened {
    pub place: Place,
    pub investigation: Investigation,
    /// The latest, or the one frozen in the link; `None` until the first job is done.
    pub diagnosis: Option<Arc<Diagnosis>>,
    /// The latest diagnosis job; always `None` on a shared page.
    pub job: Option<Job>,
    /// Links made for it, newest last; empty on a shared page.
    pub links: Vec<ShareLink>,
    /// A link that the reader made a moment ago, with its secret.
    #[serde(default)]
    pub new_link: Option<NewShareLink>,
    /// What to say about it in a chat, up to the address at its end; empty without a diagnosis.
    #[serde(default)]
    pub chat: String,
    /// The link it was opened by.
    pub opened_by: Option<ShareLink>,
    /// The moment it shows: now, or when the link was made.
    pub now_ms: i64,
    /// How many times it was changed so far.
    #[serde(default)]
    pub changes: i64,
    /// What the reader may do.
    #[serde(default = "everything")]
    pub reader: Role,
}

fn everything() -> Role {
    Role::Admin
}

impl Opened {
    /// Whether inputs can be changed and judgements given here.
    pub fn can_change(&self) -> bool {
        self.can_say() && self.investigation.state == InvestigationState::Open
    }

    /// Whether the reader may say and decide something here.
    pub fn can_say(&self) -> bool {
        !self.place.is_read_only() && self.reader >= Role::Editor
    }
}

/// What the page about the inputs shows of one of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PreviewedInput {
    /// The first rows, or the sentence that says why they can't be shown.
    pub rows: Result<Preview, AppError>,
}

/// One page of those that are asked for, with everything else that the start page shows.
///
/// # Errors
/// When the database fails.
#[server(endpoint = "investigations")]
pub async fn investigations(query: ListQuery) -> Result<Listed, AppError> {
    Ok(expect_context::<service::Service>().listed(&query, &crate::visitor::Reader::here().sight()).await?)
}

/// # Errors
/// `NotFound` when there is no such investigation, or the link has expired or was revoked.
#[server(endpoint = "open")]
pub async fn open(place: Place) -> Result<Opened, AppError> {
    let service = expect_context::<service::Service>();
    match &place {
        Place::Investigation(id) => {
            // The job first: one that is done has left its diagnosis, and one that is not is followed by the page.
            let job = service.latest_job(id).await?;
            let investigation = service.investigation(id).await?;
            let diagnosis = service.shown_diagnosis(id).await?;
            let new_link = match use_context::<crate::visitor::NewLink>() {
                Some(made) => service.link_with(&made.0, id).await?.map(|link| NewShareLink { link, secret: made.0 }),
                None => None,
            };
            let chat = diagnosis.as_ref().map(|diagnosis| service::chat(&investigation, diagnosis)).unwrap_or_default();
            Ok(Opened {
                investigation,
                diagnosis,
                job,
                links: service.share_links(id).await?,
                new_link,
                chat,
                opened_by: None,
                now_ms: service::store::now_ms(),
                changes: service.investigation_changes(id).await?,
                reader: crate::visitor::Reader::role(),
                place,
            })
        }
        Place::Shared(secret) => {
            let view = service.shared(secret).await?;
            let chat = service::chat(&view.investigation, &view.diagnosis);
            let now_ms = view.as_of_ms();
            let (investigation, diagnosis) = (view.investigation, Some(view.diagnosis));
            let opened_by = Some(view.link);
            let (job, links, new_link) = (None, Vec::new(), None);
            let (reader, changes) = (Role::Viewer, 0);
            Ok(Opened {
                place,
                investigation,
                diagnosis,
                job,
                links,
                new_link,
                chat,
                opened_by,
                now_ms,
                changes,
                reader,
            })
        }
    }
}

/// What stands on the page with the report, below its heading, as HTML.
///
/// # Errors
/// As [`open`]; `NotFound` before the first diagnosis.
#[server(endpoint = "report")]
pub async fn report(place: Place) -> Result<String, AppError> {
    let service = expect_context::<service::Service>();
    let address = crate::visitor::Origin::here().of(&place.map());
    let form = service::ReportForm::HtmlContent;
    Ok(match &place {
        Place::Investigation(id) => service.report(id, form, address).await?,
        Place::Shared(secret) => service.shared_report(secret, form, address).await?,
    })
}

/// What would be frozen if it were pinned now.
///
/// # Errors
/// As [`open`]; `NotFound` where the diagnosis has no such thing.
#[server(endpoint = "exhibit_of")]
pub async fn exhibit_of(investigation: String, pinned: Pinned) -> Result<Exhibit, AppError> {
    Ok(expect_context::<service::Service>().exhibit_of(&investigation, &pinned).await?)
}

/// What the review shows besides the investigation itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Reviewed {
    /// The evidence with what is frozen.
    pub pieces: Vec<Piece>,
    /// Other investigations that may be about the same; a link names none.
    pub related: Vec<Related>,
}

/// # Errors
/// As [`open`].
#[server(endpoint = "reviewed")]
pub async fn find_reviewed(place: Place) -> Result<Reviewed, AppError> {
    let service = expect_context::<service::Service>();
    Ok(match &place {
        Place::Investigation(id) => Reviewed {
            pieces: service.pieces(&service.investigation(id).await?).await?,
            related: service.related(id, &crate::visitor::Reader::here().sight()).await?,
        },
        Place::Shared(secret) => Reviewed {
            pieces: service.pieces(&service.shared(secret).await?.investigation).await?,
            related: Vec::new(),
        },
    })
}

/// The first rows of each input, in the investigation's order.
///
/// # Errors
/// `NotFound` when there is no such investigation.
#[server(endpoint = "previews")]
pub async fn previews(investigation: String, rows: usize) -> Result<Vec<PreviewedInput>, AppError> {
    /// Lines shown of what was read from an artifact.
    const ARTIFACT_LINES: usize = 100;
    let service = expect_context::<service::Service>();
    let mut previews = Vec::new();
    for input in service.investigation(&investigation).await?.inputs {
        // Of an artifact a handful of lines says little: it is no sample of anything.
        let rows = if input.role.is_table() { rows } else { ARTIFACT_LINES };
        let rows = service.preview(&input.snapshot.id, rows).await.map_err(AppError::from);
        previews.push(PreviewedInput { rows });
    }
    Ok(previews)
}

/// The snapshots stored last, newest first.
///
/// # Errors
/// When the database fails.
#[server(endpoint = "snapshots")]
pub async fn snapshots() -> Result<Vec<Snapshot>, AppError> {
    Ok(expect_context::<service::Service>().snapshots(&crate::visitor::Reader::here().sight()).await?)
}

/// The files stored last, each with what uses it.
///
/// # Errors
/// When the database fails, and for who does not administer.
#[server(endpoint = "stored_files")]
pub async fn stored_files() -> Result<Vec<StoredFile>, AppError> {
    Ok(expect_context::<service::Service>().stored_files().await?)
}
