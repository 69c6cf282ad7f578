//! What people say about an item.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A person's status of an item, next to the computed verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    ToCheck,
    Confirmed,
    RuledOut,
    Accepted,
}

impl Status {
    pub const ALL: [Status; 4] = [Status::ToCheck, Status::Confirmed, Status::RuledOut, Status::Accepted];
    pub fn id(self) -> &'static str {
        match self {
            Status::ToCheck => "to_check",
            Status::Confirmed => "confirmed",
            Status::RuledOut => "ruled_out",
            Status::Accepted => "accepted",
        }
    }
    pub fn words(self) -> &'static str {
        match self {
            Status::ToCheck => "to check",
            Status::Confirmed => "confirmed",
            Status::RuledOut => "ruled out",
            Status::Accepted => "accepted",
        }
    }
    pub fn from_id(id: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.id() == id)
    }
}
