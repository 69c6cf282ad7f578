//! What is known of a fall as a whole, told of its suspects: the alarms that say nothing but that it fell, and what undoing
//! one recovers.

use domain::fall::{Fall, Undone};
use domain::repair::Repair;
use domain::{DetectorId, Finding, Suspect, Verdict};

use super::ordering::cost;
use crate::detectors::evaluation::performance_drop;
use crate::detectors::monitoring::{estimated_performance, performance_over_time};
use crate::thresholds::FALL_FOLDED;

/// They look at the performance itself, before or over time.
const OF_THE_FALL: [&DetectorId; 3] =
    [&performance_drop::DETECTOR.id, &performance_over_time::DETECTOR.id, &estimated_performance::DETECTOR.id];

/// The suspect that answers to repaired rows belong to: the first one of a change that something undoes.
pub fn first_undoable<'s>(suspects: &'s [Suspect], findings: &[Finding]) -> Option<&'s Suspect> {
    suspects.iter().find(|suspect| !suspect.standing && Repair::of(suspect, findings).is_ok())
}

/// Says whose the answers to repaired rows are.
pub fn attribute(fall: Option<&mut Fall>, findings: &[Finding], suspects: &[Suspect]) {
    let Some(undone) = fall.and_then(|fall| fall.undone.as_mut()) else { return };
    if let Some(suspect) = first_undoable(suspects, findings) {
        *undone = Undone::of_suspect(suspect, undone.recovered);
    }
}

/// Where suspects carry most of the fall, those that certainly cost something explain the alarms that show it. A finding that
/// accuses somebody itself stays as it is.
pub fn fold(fall: Option<&Fall>, findings: &[Finding], suspects: &mut [Suspect]) {
    let Some(total) = fall.and_then(|fall| fall.fall).filter(|total| total.low > 0.0) else { return };
    let cost_of_change = |suspect: &Suspect| cost(suspect).filter(|_| !suspect.standing);
    let carried: f64 = suspects.iter().filter_map(cost_of_change).sum();
    if carried < FALL_FOLDED * total.points {
        return;
    }
    let is_told = |finding: &Finding| {
        suspects.iter().any(|suspect| suspect.findings.contains(&finding.id) || suspect.explains.contains(&finding.id))
    };
    let shown: Vec<String> = findings
        .iter()
        .filter(|finding| finding.verdict >= Verdict::Possible && OF_THE_FALL.contains(&&finding.detector))
        .filter(|finding| !is_told(finding))
        .map(|finding| finding.id.clone())
        .collect();
    for suspect in suspects.iter_mut().filter(|suspect| cost_of_change(suspect).is_some()) {
        suspect.explains.extend(shown.iter().cloned());
    }
}
