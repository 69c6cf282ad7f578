//! Findings in the order in which they are worked through: what nothing explains first, then suspect by suspect.

use domain::{Diagnosis, Finding, Suspect, Verdict};

/// Why findings stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Unexplained,
    /// They support the suspect of this rank, or it explains them.
    Suspect(u32),
    /// Only a suspect that is muted explains them.
    OfMuted,
    /// They report no problem.
    NoProblem,
    Muted,
}

impl Group {
    pub fn of(finding: &Finding, diagnosis: &Diagnosis) -> Group {
        if diagnosis.is_muted(finding) {
            return Group::Muted;
        }
        let concerns =
            |suspect: &&Suspect| suspect.findings.contains(&finding.id) || suspect.explains.contains(&finding.id);
        match diagnosis.suspects.iter().find(concerns) {
            Some(suspect) => Group::Suspect(suspect.rank),
            None if diagnosis.is_explained_by_muted(finding) => Group::OfMuted,
            None if finding.verdict < Verdict::Possible => Group::NoProblem,
            None => Group::Unexplained,
        }
    }

    pub fn words(self, diagnosis: &Diagnosis) -> String {
        match self {
            Group::Unexplained => "Not explained by a suspect".to_owned(),
            Group::NoProblem => "No problem".to_owned(),
            Group::OfMuted => "Explained by a muted suspect".to_owned(),
            Group::Muted => "Muted".to_owned(),
            Group::Suspect(rank) => {
                let cause = diagnosis.suspects.iter().find(|suspect| suspect.rank == rank);
                format!("Suspect {rank}: {}", cause.map_or("", |suspect| suspect.cause.words()))
            }
        }
    }
}

/// How a finding belongs to its suspect.
pub fn part_of(finding: &Finding, diagnosis: &Diagnosis) -> &'static str {
    let supports = diagnosis.suspects.iter().any(|suspect| suspect.findings.contains(&finding.id));
    match (supports, diagnosis.explaining(finding).is_some()) {
        (true, _) => "supports it",
        (false, true) => "explained by it",
        (false, false) => "",
    }
}

/// The findings that `takes` accepts, group by group; within a group as the diagnosis has them.
pub fn sorted(diagnosis: &Diagnosis, takes: impl Fn(&Finding) -> bool) -> Vec<(Group, &Finding)> {
    let taken = diagnosis.findings.iter().filter(|finding| takes(finding));
    let mut grouped: Vec<(Group, &Finding)> = taken.map(|finding| (Group::of(finding, diagnosis), finding)).collect();
    grouped.sort_by_key(|(group, _)| *group);
    grouped
}
