//! What speaks against a suspect.

use crate::detectors::data::prediction_shift;
use crate::detectors::words::{count, names, percent};
use domain::measurements::Measurements;
use domain::snapshot::ColumnRole;
use domain::{Cause, Finding, Layer, Verdict};

/// Under this, a feature hardly goes with the label.
const HARDLY_MATTERS: f64 = 0.05;

/// Sentences that a careful reader would hold against the suspect; none when nothing does.
pub fn sentences(
    cause: Cause,
    columns: &[String],
    own: &[&Finding],
    explained: &[&Finding],
    alarms: &[&Finding],
    measurements: &Measurements,
) -> Vec<String> {
    let accounted = |finding: &Finding| own.iter().chain(explained).any(|other| other.id == finding.id);
    let left: Vec<&&Finding> =
        alarms.iter().filter(|finding| finding.verdict == Verdict::Mismatch && !accounted(finding)).collect();
    let mut sentences = Vec::new();
    if !left.is_empty() {
        let mut unexplained: Vec<&str> = left.iter().flat_map(|finding| &finding.columns).map(String::as_str).collect();
        unexplained.dedup();
        let on = if unexplained.is_empty() { String::new() } else { format!(", on {}", names(&unexplained)) };
        sentences.push(format!("It leaves {} unexplained{on}.", count(left.len() as u64, "mismatch")));
    }
    if !measurements.importance.is_empty() {
        let known: Vec<f64> =
            columns.iter().filter_map(|column| measurements.importance.get(column).copied()).collect();
        let strongest = known.iter().copied().fold(0.0, f64::max);
        if known.len() == columns.len() && !columns.is_empty() && strongest < HARDLY_MATTERS {
            sentences.push(format!(
                "{} was only weakly related to the label in training (strength {}).",
                names(columns),
                percent(strongest)
            ));
        }
    }
    if is_about_features(cause)
        && predictions_compared(measurements)
        && !alarms.iter().any(|finding| finding.detector == prediction_shift::DETECTOR.id)
    {
        sentences.push("The predictions are distributed as before.".into());
    }
    if own.iter().all(|finding| finding.verdict == Verdict::Possible) {
        sentences.push("Size or certainty are not enough to act on it alone.".into());
    }
    sentences
}

fn is_about_features(cause: Cause) -> bool {
    matches!(cause.item().layer(), Layer::Data | Layer::Features) && cause != Cause::PriorShift
}

fn predictions_compared(measurements: &Measurements) -> bool {
    measurements
        .comparisons
        .iter()
        .any(|comparison| matches!(comparison.role, ColumnRole::Prediction | ColumnRole::Score))
}
