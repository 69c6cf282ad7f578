//! Suspects without the findings that people muted.

use super::{Suspect, columns_of, settle, statement, strongest_first};
use domain::Finding;

/// The suspects that still accuse, ranked anew in the order they had, and those that nothing but muted findings speaks for.
///
/// Where some of a suspect's own findings are left, it accuses their columns only. Scores stay as they were computed: a
/// mute takes something out of the picture, and weighs nothing else anew.
pub fn without(
    suspects: &[Suspect],
    findings: &[Finding],
    is_muted: impl Fn(&Finding) -> bool,
) -> (Vec<Suspect>, Vec<Suspect>) {
    let (mut accusing, mut muted) = (Vec::new(), Vec::new());
    for suspect in suspects {
        let heard = |ids: &[String]| -> Vec<&Finding> {
            findings.iter().filter(|finding| ids.contains(&finding.id) && !is_muted(finding)).collect()
        };
        let mut own = heard(&suspect.findings);
        if own.is_empty() && !suspect.findings.is_empty() {
            muted.push(suspect.clone());
            continue;
        }
        let ids = |findings: &[&Finding]| findings.iter().map(|finding| finding.id.clone()).collect::<Vec<_>>();
        let mut left =
            Suspect { rank: accusing.len() as u32 + 1, explains: ids(&heard(&suspect.explains)), ..suspect.clone() };
        if own.len() < suspect.findings.len() {
            strongest_first(&mut own);
            left.columns = columns_of(&own);
            left.statement = statement(suspect.cause, &left.columns, &own);
            left.settle = settle::check(suspect.cause, &left.columns);
            left.findings = ids(&own);
        }
        accusing.push(left);
    }
    (accusing, muted)
}
