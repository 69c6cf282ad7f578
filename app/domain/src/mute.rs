//! Findings that people know of and accept: muted with a reason, for a time, and heard again when they get worse.

use serde::{Deserialize, Serialize};

use crate::diagnosis::Diagnosis;
use crate::{Finding, Item, Verdict};

/// "Known, and accepted until then": what a person said about a finding, with how bad it was when they said it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mute {
    /// The finding's id, which is the same in every later diagnosis of the investigation.
    pub finding: String,
    pub item: Item,
    /// The finding's verdict when it was muted.
    pub verdict: Verdict,
    /// How many times its threshold the finding's effect was when it was muted.
    pub over_threshold: f64,
    pub note: String,
    pub author: String,
    pub at_ms: i64,
    /// The last moment it holds; `None` for as long as the finding gets no worse.
    pub until_ms: Option<i64>,
}

/// Why a muted finding is heard again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Back {
    Expired,
    WorseVerdict {
        was: Verdict,
        now: Verdict,
    },
    /// Both relative to the threshold.
    EffectGrew {
        was: f64,
        now: f64,
    },
}

impl Back {
    /// The end of a sentence that begins with "back because".
    pub fn words(self) -> String {
        match self {
            Back::Expired => "its time is over".to_owned(),
            Back::WorseVerdict { was, now } => format!("it was {} then and is {} now", was.word(), now.word()),
            Back::EffectGrew { was, now } => {
                format!("its effect was {was:.2} times its limit then and is {now:.2} times its limit now")
            }
        }
    }
}

/// A mute as it stands at one moment, for one diagnosis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MuteNow {
    #[serde(flatten)]
    pub mute: Mute,
    /// `None` while the finding is muted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<Back>,
}

impl Diagnosis {
    /// What people said about a finding, whether it still holds or not.
    pub fn mute_of(&self, finding: &Finding) -> Option<&MuteNow> {
        self.mutes.iter().find(|one| one.mute.finding == finding.id)
    }

    pub fn is_muted(&self, finding: &Finding) -> bool {
        self.mute_of(finding).is_some_and(|one| one.back.is_none())
    }

    /// The muted findings of an item.
    pub fn muted_of(&self, item: Item) -> usize {
        self.findings.iter().filter(|finding| finding.item == item && self.is_muted(finding)).count()
    }
}
