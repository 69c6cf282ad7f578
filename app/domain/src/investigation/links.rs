//! Share links: what one shows, to whom, and until when.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A read-only link to an investigation. The secret is shown once, when the link is made; only its hash is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ShareLink {
    pub id: String,
    /// Id of the investigation.
    pub investigation: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub created_at_ms: i64,
    /// Milliseconds since 1970-01-01 UTC; null for no end.
    #[schema(required)]
    pub expires_at_ms: Option<i64>,
    /// When it was ended for good; null while it was not.
    #[schema(required)]
    pub revoked_at_ms: Option<i64>,
    pub shows: LinkShows,
    /// What a chat shows of it before it is opened.
    #[serde(default)]
    #[schema(required)]
    pub preview: LinkPreview,
    /// Whether who opens it has to know a password.
    pub has_password: bool,
    /// How often it was opened.
    pub opened: i64,
    /// When it was opened last, in milliseconds since 1970-01-01 UTC; null for never.
    #[schema(required)]
    pub opened_at_ms: Option<i64>,
}

/// What a share link shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkShows {
    /// What there was when the link was made.
    #[default]
    Frozen,
    /// What there is when it is opened.
    Live,
}

impl LinkShows {
    pub const ALL: [LinkShows; 2] = [LinkShows::Frozen, LinkShows::Live];

    /// The name in JSON and forms.
    pub fn id(self) -> &'static str {
        match self {
            LinkShows::Frozen => "frozen",
            LinkShows::Live => "live",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            LinkShows::Frozen => "as it is now, frozen",
            LinkShows::Live => "as it will be when it is opened",
        }
    }

    pub fn from_id(id: &str) -> Option<LinkShows> {
        LinkShows::ALL.into_iter().find(|shows| shows.id() == id)
    }
}

/// What a chat, which opens every address that it is given, shows of a share link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkPreview {
    /// That it is a page of Mismatch.
    #[default]
    Nothing,
    /// The title, and the verdicts of the seven layers as a picture; no names of columns and no figures.
    Map,
}

impl LinkPreview {
    pub const ALL: [LinkPreview; 2] = [LinkPreview::Nothing, LinkPreview::Map];

    /// The name in JSON and forms.
    pub fn id(self) -> &'static str {
        match self {
            LinkPreview::Nothing => "nothing",
            LinkPreview::Map => "map",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            LinkPreview::Nothing => "nothing",
            LinkPreview::Map => "the title and the verdicts of the layers",
        }
    }

    pub fn from_id(id: &str) -> Option<LinkPreview> {
        LinkPreview::ALL.into_iter().find(|preview| preview.id() == id)
    }
}

/// How a share link is to be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct LinkTerms {
    /// Milliseconds since 1970-01-01 UTC; null for no end.
    pub expires_at_ms: Option<i64>,
    pub shows: LinkShows,
    pub preview: LinkPreview,
    /// What who opens it has to know; empty for nothing. Only its hash is kept.
    #[schema(max_length = 256)]
    pub password: String,
}

/// A new link with its secret, which is shown only this once: the link's address is `/s/{secret}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NewShareLink {
    pub link: ShareLink,
    /// Shown this once. The page is `/s/{secret}`.
    pub secret: String,
}
