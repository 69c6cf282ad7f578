//! The list of investigations: which of them are asked for, and what comes back.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Layer;
use crate::investigation::InvestigationSummary;

/// Most investigations that one answer holds.
pub const MOST_LISTED: u64 = 500;

/// Words of a search that count; what follows is left out.
pub const SEARCH_WORDS: usize = 6;

/// Which investigations by their state. Archived ones are only in the last two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Shown {
    /// Open and closed.
    #[default]
    Current,
    Open,
    Closed,
    Archived,
    All,
}

impl Shown {
    pub const ALL: [Shown; 5] = [Shown::Current, Shown::Open, Shown::Closed, Shown::Archived, Shown::All];

    /// The name in addresses and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Shown::Current => "current",
            Shown::Open => "open",
            Shown::Closed => "closed",
            Shown::Archived => "archived",
            Shown::All => "all",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Shown::Current => "Open and closed",
            Shown::Open => "Open",
            Shown::Closed => "Closed",
            Shown::Archived => "Archived",
            Shown::All => "All",
        }
    }

    /// Of an id; the default for anything else.
    pub fn from_id(id: &str) -> Shown {
        Shown::ALL.into_iter().find(|one| one.id() == id).unwrap_or_default()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// The one changed last comes first.
    #[default]
    Changed,
    /// The newest comes first.
    Created,
    Title,
}

impl Sort {
    pub const ALL: [Sort; 3] = [Sort::Changed, Sort::Created, Sort::Title];

    /// The name in addresses and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Sort::Changed => "changed",
            Sort::Created => "created",
            Sort::Title => "title",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Sort::Changed => "Last change",
            Sort::Created => "Newest",
            Sort::Title => "Title",
        }
    }

    /// Of an id; the default for anything else.
    pub fn from_id(id: &str) -> Sort {
        Sort::ALL.into_iter().find(|one| one.id() == id).unwrap_or_default()
    }
}

/// Which investigations are asked for. Everything in it narrows the list further.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ListQuery {
    /// Words that all have to be in the title, the model, the cause or verdict, the symptoms, the notes or the owner's name,
    /// in any case.
    pub search: String,
    pub shown: Shown,
    /// Only those in which this layer has a mismatch or a possible one.
    pub layer: Option<Layer>,
    /// The name of who opened it; empty for anybody.
    pub owner: String,
    pub sort: Sort,
    /// How many are left out at the start.
    pub offset: u64,
    /// At most [`MOST_LISTED`] are answered.
    pub limit: u64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    pub investigations: Vec<InvestigationSummary>,
    /// How many there are, on all pages.
    pub total: u64,
    /// How many there are without a filter, archived ones too.
    pub of: u64,
    /// Everybody who opened an investigation, by name.
    pub owners: Vec<String>,
    /// Each model with its last investigation.
    pub models: Vec<ModelStanding>,
    /// When this was so, in milliseconds since 1970-01-01 UTC.
    pub now_ms: i64,
}

/// How a model stands: its last investigation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelStanding {
    /// How many investigations of it there are; archived ones are not counted.
    pub investigations: u64,
    pub latest: InvestigationSummary,
}
