//! Checks of other tools as evidence of what was found here.

use domain::finding::EvidenceLine;
use domain::tool_check::{CheckOutcome, ToolCheck};
use domain::{Finding, Verdict};

use super::{is_of_tools, told};

/// Lines of other tools on one finding at most.
const MOST_LINES: usize = 6;

/// The findings with what other tools say of the same columns. What they only repeat is no finding of its own.
pub fn supported(findings: Vec<Finding>, all: &[ToolCheck]) -> Vec<Finding> {
    if all.is_empty() {
        return findings;
    }
    let (told, mut own): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|finding| is_of_tools(&finding.detector));
    for finding in own.iter_mut().filter(|finding| finding.verdict >= Verdict::Possible) {
        let about: Vec<_> = all.iter().filter(|check| is_about(check, finding)).map(line).take(MOST_LINES).collect();
        finding.evidence.extend(about);
    }
    let repeats = |told: &Finding| {
        let same = |own: &Finding| {
            own.verdict >= told.verdict && own.columns.iter().any(|column| told.columns.contains(column))
        };
        told.columns.len() == 1 && own.iter().any(same)
    };
    let new: Vec<Finding> = told.into_iter().filter(|told| !repeats(told)).collect();
    own.extend(new);
    own
}

/// A failed check of one of its columns speaks for it; a passed one against it where both answer the same question.
fn is_about(check: &ToolCheck, finding: &Finding) -> bool {
    let same_column = check.columns.iter().any(|column| finding.columns.contains(column));
    same_column
        && (told::speaks(check) || (check.outcome == CheckOutcome::Passed && check.about.item() == finding.item))
}

fn line(check: &ToolCheck) -> EvidenceLine {
    let value = match check.outcome {
        CheckOutcome::Passed => format!("passes it: {}", told::passed(check)),
        _ => format!("agrees: {}", told::short(check)),
    };
    EvidenceLine { label: format!("{}, {}", check.source.tool_words(), check.source.place()), value }
}
