//! What mutes do to a diagnosis: which of them still hold, and the map without the muted findings.

use domain::diagnosis::{Diagnosis, ItemResult};
use domain::mute::{Back, Mute, MuteNow};
use domain::{Finding, Verdict};

use crate::suspects;
use crate::thresholds::MUTED_GROWTH;

/// Why the muted finding is heard again, if it is.
pub fn ended(mute: &Mute, finding: &Finding, now_ms: i64) -> Option<Back> {
    let now = finding.effect.over_threshold();
    if finding.verdict > mute.verdict {
        Some(Back::WorseVerdict { was: mute.verdict, now: finding.verdict })
    } else if has_grown(mute.over_threshold, now) {
        Some(Back::EffectGrew { was: mute.over_threshold, now })
    } else if mute.until_ms.is_some_and(|until| now_ms > until) {
        Some(Back::Expired)
    } else {
        None
    }
}

/// Whether an effect is clearly larger than it was; both in multiples of the limit.
pub(crate) fn has_grown(was: f64, now: f64) -> bool {
    now >= was * MUTED_GROWTH && now > was
}

/// The diagnosis as it is shown beside what people said: muted findings stand last, count in no verdict of an item or a
/// layer (the verdict with them is beside it), and accuse nobody. Everything computed stays as it was computed: findings,
/// what each detector concluded, coverage and scores. A mute of a finding that is not there says nothing.
///
/// What a muted finding explains away is not muted with it: only what a person has looked at is left out.
///
/// The view owns what mutes can change (findings, suspects, the map) and shares everything else with the diagnosis.
pub fn apply_mutes(diagnosis: &Diagnosis, mutes: &[Mute], now_ms: i64) -> Diagnosis {
    let mut view = diagnosis.clone();
    let of_finding = |mute: &Mute| {
        view.findings.iter().find(|finding| finding.id == mute.finding).map(|found| ended(mute, found, now_ms))
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
pub(crate) mod tests;
