//! Findings that people know of and accept: muted with a reason, for a time, and heard again when they get worse.

use serde::{Deserialize, Serialize};

use crate::diagnosis::{Diagnosis, ItemResult};
use crate::thresholds::MUTED_GROWTH;
use crate::{Finding, Item, Verdict, suspects};

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

impl Mute {
    /// Why the finding is heard again, if it is.
    pub fn ended(&self, finding: &Finding, now_ms: i64) -> Option<Back> {
        let now = finding.effect.over_threshold();
        if finding.verdict > self.verdict {
            Some(Back::WorseVerdict { was: self.verdict, now: finding.verdict })
        } else if now >= self.over_threshold * MUTED_GROWTH && now > self.over_threshold {
            Some(Back::EffectGrew { was: self.over_threshold, now })
        } else if self.until_ms.is_some_and(|until| now_ms > until) {
            Some(Back::Expired)
        } else {
            None
        }
    }
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

/// The diagnosis as it is shown beside what people said: muted findings stand last, count in no verdict of an item or a
/// layer (the verdict with them is beside it), and accuse nobody. Everything computed stays as it was computed: findings,
/// what each detector concluded, coverage and scores. A mute of a finding that is not there says nothing.
///
/// What a muted finding explains away is not muted with it: only what a person has looked at is left out.
pub fn apply_mutes(diagnosis: &Diagnosis, mutes: &[Mute], now_ms: i64) -> Diagnosis {
    let mut view = diagnosis.clone();
    let of_finding = |mute: &Mute| {
        view.findings.iter().find(|finding| finding.id == mute.finding).map(|found| mute.ended(found, now_ms))
    };
    let standing = mutes.iter().filter_map(|mute| Some(MuteNow { back: of_finding(mute)?, mute: mute.clone() }));
    view.mutes = standing.collect();
    if view.mutes.iter().all(|one| one.back.is_some()) {
        return view;
    }
    let mut layers = std::mem::take(&mut view.layers);
    for layer in &mut layers {
        for item in &mut layer.items {
            let heard = verdict_without(item, &view);
            item.unmuted = (heard != item.verdict).then_some(item.verdict);
            item.verdict = heard;
        }
        let heard = Verdict::of_group(layer.items.iter().map(|item| item.verdict));
        layer.unmuted = (heard != layer.verdict).then_some(layer.verdict);
        layer.verdict = heard;
    }
    view.layers = layers;
    let (accusing, muted) =
        suspects::without(&diagnosis.suspects, &diagnosis.findings, |finding| view.is_muted(finding));
    (view.suspects, view.muted_suspects) = (accusing, muted);
    let mut findings = std::mem::take(&mut view.findings);
    findings.sort_by_key(|finding| view.is_muted(finding));
    view.findings = findings;
    view
}

/// The verdict of an item from the findings that are heard; a detector none of whose findings is muted keeps its word.
fn verdict_without(item: &ItemResult, view: &Diagnosis) -> Verdict {
    let verdicts = item.detectors.iter().map(|detector| {
        let (muted, heard): (Vec<&Finding>, Vec<&Finding>) = view
            .findings
            .iter()
            .filter(|finding| finding.detector == detector.detector)
            .partition(|finding| view.is_muted(finding));
        if muted.is_empty() {
            return detector.verdict;
        }
        Verdict::of_group(heard.into_iter().map(|finding| finding.verdict).chain([Verdict::Clear]))
    });
    if item.detectors.is_empty() { item.verdict } else { Verdict::of_group(verdicts) }
}

#[cfg(test)]
mod tests;
