//! D2.schema: does serving have the columns of training, and no others?

use crate::detectors::likeness;
use crate::detectors::spelling::canonical;
use crate::detectors::words::{count, name, names, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{RENAMED_DISTANCE, RENAMED_DISTANCE_MOST, RENAMED_VALUES, UNCHANGED_WEIGHT};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Need;
use domain::profile::{ColumnProfile, Profile};
use domain::snapshot::{ColumnRole, SnapshotRole};
use domain::{Cause, Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D2.schema"),
    item: Item::D2,
    title: "Columns",
    looks_for: "Training features that are missing in serving, columns that are new in serving, and columns in a different order.",
    why_it_matters: "The code that calls the model silently fills a missing feature with some value. If columns are read by position, a different order puts each value into the wrong feature.",
    how_it_decides: "The columns are compared by name; this is exact. A feature that is missing in serving is a mismatch. A new column or a different order is possible. Labels, predictions, scores, ids and times are not required in serving. A missing and a new column are reported as renamed if their names differ only in spelling, or if both have at least {RENAMED_VALUES} different values and the distance of their distributions is at most {RENAMED_DISTANCE} (up to {RENAMED_DISTANCE_MOST} in small samples).",
    try_next: "Compare the feature list of the released model with the columns that the service sends. Make the service reject requests with missing features.",
    causes: &[Cause::ColumnMissing, Cause::ColumnAdded],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let given = |role| measurements.profiles.get(&role);
    let Some((train, serve)) = given(SnapshotRole::Train).zip(given(SnapshotRole::Serve)) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let required = |column: &&ColumnProfile| {
        matches!(measurements.roles.of(&column.name), ColumnRole::Feature | ColumnRole::Group)
    };
    let missing: Vec<&ColumnProfile> =
        train.columns.iter().filter(|c| serve.column(&c.name).is_none()).filter(required).collect();
    let mut added: Vec<&ColumnProfile> = serve
        .columns
        .iter()
        .filter(|c| train.column(&c.name).is_none() && measurements.roles.of(&c.name) == ColumnRole::Feature)
        .collect();
    let mut findings = Vec::new();
    for column in missing {
        let renamed = added.iter().position(|new| same_column(column, new)).map(|place| added.remove(place));
        findings.push(
            missing_column(column, renamed, train, serve)
                .with_importance(measurements.importance.get(&column.name).copied()),
        );
    }
    findings.extend(added.into_iter().map(|column| added_column(column, train, serve)));
    findings.extend(reordered(train, serve));
    let summary = format!(
        "Compared {} of train with {} of serve.",
        count(train.columns.len() as u64, "column"),
        count(serve.columns.len() as u64, "column")
    );
    // A header alone shows missing columns, and never that a file is sound.
    if findings.is_empty() && measurements.train_and_serve().is_none() {
        return Judgement::missing(Need::train_and_serve());
    }
    Judgement::Judged { summary, findings }
}

/// Whether a new column is a missing one under another name: with a similar spelling, or with a similar distribution of
/// enough different values.
fn same_column(missing: &ColumnProfile, new: &ColumnProfile) -> bool {
    if missing.kind != new.kind {
        return false;
    }
    let various = missing.distinct.min(new.distinct) as f64 >= RENAMED_VALUES;
    let accepted = RENAMED_DISTANCE.max(likeness::chance_distance(missing, new)).min(RENAMED_DISTANCE_MOST);
    let near = |distance: f64| distance <= accepted;
    canonical(&missing.name) == canonical(&new.name) || (various && likeness::distance(missing, new).is_some_and(near))
}

fn missing_column(
    column: &ColumnProfile,
    renamed: Option<&ColumnProfile>,
    train: &Profile,
    serve: &Profile,
) -> Finding {
    let statement = match renamed {
        Some(new) => format!(
            "{} is missing in serving, and the new column {} looks like the same column with another name.",
            name(&column.name),
            name(&new.name)
        ),
        None => format!("{} is missing in serving.", name(&column.name)),
    };
    let finding = DETECTOR
        .finding(
            Verdict::Mismatch,
            &[&column.name],
            statement,
            Effect::new("missing_columns", 1.0, 1.0),
            Certainty::exact(),
        )
        .with_n("train", train.rows)
        .with_n("serve", serve.rows)
        .with_evidence("kind in train", column.kind.word())
        .with_evidence("rows with a value in train", percent(1.0 - column.null_rate()))
        .for_cause(Cause::ColumnMissing);
    match renamed {
        Some(new) => finding.with_evidence("probably renamed to", &new.name),
        None => finding,
    }
}

fn added_column(column: &ColumnProfile, train: &Profile, serve: &Profile) -> Finding {
    let statement = format!("{} is a new column in serving that is not in training.", name(&column.name));
    DETECTOR
        .finding(
            Verdict::Possible,
            &[&column.name],
            statement,
            Effect::new("added_columns", 1.0, 1.0),
            Certainty::exact(),
        )
        .with_n("train", train.rows)
        .with_n("serve", serve.rows)
        .with_evidence("kind in serve", column.kind.word())
        .with_evidence("effect on the model", "none if it selects its features by name")
        .for_cause(Cause::ColumnAdded)
}

/// The columns that both sides have, if their order differs.
fn reordered(train: &Profile, serve: &Profile) -> Option<Finding> {
    let common = |of: &'_ Profile, other: &'_ Profile| -> Vec<String> {
        of.columns.iter().map(|column| column.name.clone()).filter(|name| other.column(name).is_some()).collect()
    };
    let (before, after) = (common(train, serve), common(serve, train));
    let moved: Vec<&str> = before.iter().zip(&after).filter(|(a, b)| a != b).map(|(a, _)| a.as_str()).collect();
    let statement = format!(
        "{} of serving {} not in the order of training, which matters only if columns are read by position.",
        count(moved.len() as u64, "column"),
        if moved.len() == 1 { "is" } else { "are" },
    );
    (!moved.is_empty()).then(|| {
        let effect = Effect::new("columns_out_of_place", moved.len() as f64, 1.0);
        let mut finding = DETECTOR.finding(Verdict::Possible, &moved, statement, effect, Certainty::exact());
        finding.id = Finding::id_of(&DETECTOR.id, &["order".to_owned()]);
        // Most readers select columns by name, so this ranks below every change of values.
        finding.consequence = UNCHANGED_WEIGHT;
        let first = names(&moved[..moved.len().min(1)]);
        finding
            .with_n("train", train.rows)
            .with_n("serve", serve.rows)
            .with_evidence("first column out of order", first)
    })
}
