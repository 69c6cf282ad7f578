//! D3.duplicate_rows: do rows repeat?

use crate::detectors::sides;
use crate::detectors::words::{count, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::DUPLICATE_SHARE;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::profile::Profile;
use domain::{Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: "D3.duplicate_rows",
    item: Item::D3,
    title: "Duplicate rows",
    looks_for: "Rows that equal an earlier row in every column but id and time.",
    why_it_matters: "Repeated rows weigh double in training and make test scores look better than they are; at serving they point at requests sent twice.",
    how_it_decides: "Counted in the sample: at least one row in twenty repeats another. It is possible, and a mismatch when the other side, at no fewer rows, has less than a quarter of that.",
    try_next: "Check the join that made the table for keys that match more than once, and the sender for retries.",
    causes: &[],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let tables: Vec<_> = sides::tables(measurements).collect();
    if tables.is_empty() {
        return Judgement::missing("any snapshot of rows");
    }
    let findings = tables.iter().filter_map(|(role, profile)| {
        let others = tables.iter().filter(|(other, _)| other != role).map(|(_, profile)| *profile);
        repeated(profile, role.id(), others)
    });
    let findings: Vec<Finding> = findings.collect();
    Judgement::Judged {
        summary: format!("Counted repeated rows in {}.", count(tables.len() as u64, "snapshot")),
        findings,
    }
}

fn share(profile: &Profile) -> f64 {
    profile.duplicate_rows as f64 / profile.sampled_rows.max(1) as f64
}

fn repeated<'a>(profile: &Profile, side: &str, mut others: impl Iterator<Item = &'a Profile>) -> Option<Finding> {
    let repeated = share(profile);
    if repeated < DUPLICATE_SHARE {
        return None;
    }
    // Rows of few, coarse columns repeat by nature, the more the more rows there are; another table of the same kind tells.
    let unusual = others.any(|other| other.sampled_rows >= profile.sampled_rows && share(other) < repeated / 4.0);
    let verdict = if unusual { Verdict::Mismatch } else { Verdict::Possible };
    let statement =
        format!("{} of the {side} rows repeat an earlier row in everything but id and time.", percent(repeated));
    let mut finding = DETECTOR
        .finding(verdict, &[], statement, Effect::new("duplicate_share", repeated, DUPLICATE_SHARE), Certainty::exact())
        .with_n(side, profile.sampled_rows)
        .with_evidence("repeated rows", count(profile.duplicate_rows, "row"));
    finding.id = Finding::id_of(DETECTOR.id, &[side.to_owned()]);
    Some(finding)
}
