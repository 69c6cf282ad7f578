//! D3.duplicate_rows: do rows repeat?

use crate::detectors::sides;
use crate::detectors::words::{count, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{DUPLICATE_COLUMNS, DUPLICATE_RATIO, DUPLICATE_SHARE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Need;
use domain::profile::Profile;
use domain::{Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D3.duplicate_rows"),
    item: Item::D3,
    title: "Duplicate rows",
    looks_for: "Rows that are equal to an earlier row in every column except id and time.",
    why_it_matters: "In training, repeated rows count twice and make test scores look better than they are. In serving, they show that requests were sent twice.",
    how_it_decides: "Repeated rows are counted in the sample. From {DUPLICATE_SHARE:%} on they are possible. They are a mismatch if another snapshot with at least as many rows, and with {DUPLICATE_COLUMNS:%} of the columns in common, has a share more than {DUPLICATE_RATIO} times smaller.",
    try_next: "Check whether the join that built the table has keys that match more than once, and whether the client retries requests.",
    causes: &[],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let tables: Vec<_> = sides::tables(measurements).collect();
    if tables.is_empty() {
        return Judgement::missing(Need::AnyTable);
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

/// Whether one table has about the columns of another: rows of fewer columns repeat more often.
fn has_columns_of(other: &Profile, profile: &Profile) -> bool {
    let shared = profile.columns.iter().filter(|column| other.column(&column.name).is_some()).count() as f64;
    shared >= DUPLICATE_COLUMNS * profile.columns.len().max(other.columns.len()) as f64
}

fn share(profile: &Profile) -> f64 {
    profile.duplicate_rows as f64 / profile.sampled_rows.max(1) as f64
}

fn repeated<'a>(profile: &Profile, side: &str, mut others: impl Iterator<Item = &'a Profile>) -> Option<Finding> {
    let repeated = share(profile);
    if repeated < DUPLICATE_SHARE {
        return None;
    }
    // Rows with few different values repeat naturally, and more often in larger tables; another table shows what is normal.
    let unusual = others.any(|other| {
        let enough = other.sampled_rows >= profile.sampled_rows && has_columns_of(other, profile);
        enough && share(other) < repeated / DUPLICATE_RATIO
    });
    let verdict = if unusual { Verdict::Mismatch } else { Verdict::Possible };
    let statement =
        format!("{} of the {side} rows repeat an earlier row in every column except id and time.", percent(repeated));
    let mut finding = DETECTOR
        .finding(verdict, &[], statement, Effect::new("duplicate_share", repeated, DUPLICATE_SHARE), Certainty::exact())
        .with_n(side, profile.sampled_rows)
        .with_evidence("repeated rows", count(profile.duplicate_rows, "row"));
    finding.id = Finding::id_of(&DETECTOR.id, &[side.to_owned()]);
    Some(finding)
}
