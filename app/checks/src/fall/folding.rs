//! What is known of a fall as a whole, told of its suspects: the alarms that say nothing but that it fell, and what undoing
//! one recovers.

use domain::fall::{Fall, Undone};
use domain::repair::Repair;
use domain::{DetectorId, Finding, Suspect, Verdict};

use crate::detectors::evaluation::performance_drop;
use crate::detectors::monitoring::{estimated_performance, performance_over_time};
use crate::thresholds::FALL_FOLDED;

/// They look at the performance itself, before or over time.
const OF_THE_FALL: [&DetectorId; 3] =
    [&performance_drop::DETECTOR.id, &performance_over_time::DETECTOR.id, &estimated_performance::DETECTOR.id];

/// Answers to repaired rows belong to the first suspect that something undoes.
pub fn attribute(fall: Option<&mut Fall>, findings: &[Finding], suspects: &[Suspect]) {
    let Some(undone) = fall.and_then(|fall| fall.undone.as_mut()) else { return };
    let is_undone = |suspect: &&Suspect| !suspect.standing && Repair::of(suspect, findings).is_ok();
    if let Some(suspect) = suspects.iter().find(is_undone) {
        *undone = Undone::of_suspect(suspect, undone.recovered);
    }
}

/// Where suspects carry most of the fall, those that certainly cost something explain the alarms that show it. A finding that
/// accuses somebody itself stays as it is.
pub fn fold(fall: Option<&Fall>, findings: &[Finding], suspects: &mut [Suspect]) {
    let Some(total) = fall.and_then(|fall| fall.fall).filter(|total| total.low > 0.0) else { return };
    let costly = |suspect: &Suspect| !suspect.standing && suspect.points.is_some_and(|points| points.low > 0.0);
    let carried: f64 = suspects
        .iter()
        .filter(|suspect| costly(suspect))
        .filter_map(|suspect| suspect.points.map(|points| points.points))
        .sum();
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
    for suspect in suspects.iter_mut().filter(|suspect| costly(suspect)) {
        suspect.explains.extend(shown.iter().cloned());
    }
}
