//! Findings that people know and accept: muted with a reason, for some time, and active again when they get worse.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Actor, Item, Verdict};

/// A finding that a person knows and accepts for some time, with how bad it was when the person muted it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Mute {
    /// The finding's id, which is the same in every later diagnosis of the investigation.
    pub finding: String,
    pub item: Item,
    /// The finding's verdict when it was muted.
    pub verdict: Verdict,
    /// The finding's effect relative to its limit when it was muted.
    pub over_threshold: f64,
    pub note: String,
    #[schema(value_type = String)]
    pub author: Actor,
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// The last moment it holds, in milliseconds since 1970-01-01 UTC; null to hold until the finding gets worse.
    #[schema(required)]
    pub until_ms: Option<i64>,
}

/// Why a muted finding is active again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Back {
    Expired,
    WorseVerdict {
        was: Verdict,
        now: Verdict,
    },
    /// Both relative to the limit.
    EffectGrew {
        was: f64,
        now: f64,
    },
}

impl Back {
    /// The end of a sentence that begins with "back because".
    pub fn words(self) -> String {
        match self {
            Back::Expired => "the mute has expired".to_owned(),
            Back::WorseVerdict { was, now } => format!("it got worse: {} before, {} now", was.word(), now.word()),
            Back::EffectGrew { was, now } => {
                format!("its effect grew from {was:.2} to {now:.2} times the limit")
            }
        }
    }
}

/// A mute as it stands at one moment, for one diagnosis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MuteNow {
    #[serde(flatten)]
    pub mute: Mute,
    /// Why it is active again; absent while the finding is muted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub back: Option<Back>,
}
