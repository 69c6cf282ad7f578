//! D2.schema: are the columns of training there at serving, and no others?

use crate::detectors::likeness;
use crate::detectors::spelling::canonical;
use crate::detectors::words::{count, name, names, percent};
use crate::detectors::{Detector, Judgement, sides};
use crate::thresholds::RENAMED_DISTANCE;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::profile::{ColumnProfile, Profile};
use domain::snapshot::ColumnRole;
use domain::{Cause, Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: "D2.schema",
    item: Item::D2,
    title: "Columns",
    looks_for: "Features of training that serving lacks, columns that are new at serving, and columns in another order.",
    why_it_matters: "A missing feature is filled with something by whatever calls the model, silently. Where columns are read by position, another order feeds each value to the wrong weight.",
    how_it_decides: "Counted, not estimated. A feature missing at serving is a mismatch; a new column or another order is possible. The label need not be there at serving, nor need predictions, scores, ids or times. A missing and a new column with the same name but for spelling, or with the same distribution, are reported as renamed.",
    try_next: "Compare the feature list of the released model with what the service sends, and make the service refuse a request without them.",
    causes: &[Cause::ColumnMissing, Cause::ColumnAdded],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some((train, serve)) = measurements.train_and_serve() else {
        return Judgement::missing(sides::TRAIN_AND_SERVE);
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
        "Compared the {} of train with the {} of serve.",
        count(train.columns.len() as u64, "column"),
        serve.columns.len()
    );
    Judgement::Judged { summary, findings }
}

/// Whether a new column is a missing one under another name: spelled alike, or distributed alike with values various enough
/// for that to mean something.
fn same_column(missing: &ColumnProfile, new: &ColumnProfile) -> bool {
    if missing.kind != new.kind {
        return false;
    }
    let various = missing.distinct.min(new.distinct) >= 10;
    let near = |distance: f64| distance <= RENAMED_DISTANCE.max(likeness::chance_distance(missing, new)).min(0.15);
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
            "{} is not there at serving; {} is new there and looks like the same column under another name.",
            name(&column.name),
            name(&new.name)
        ),
        None => format!("{} was in training and is not there at serving.", name(&column.name)),
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
        .with_evidence("values in train", percent(1.0 - column.null_rate()))
        .for_cause(Cause::ColumnMissing);
    match renamed {
        Some(new) => finding.with_evidence("looks renamed to", &new.name),
        None => finding,
    }
}

fn added_column(column: &ColumnProfile, train: &Profile, serve: &Profile) -> Finding {
    let statement = format!(
        "{} is new at serving and was not in training; a model that picks its features by name ignores it.",
        name(&column.name)
    );
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
        .with_evidence("kind at serving", column.kind.word())
        .for_cause(Cause::ColumnAdded)
}

/// The columns that both sides have, in another order.
fn reordered(train: &Profile, serve: &Profile) -> Option<Finding> {
    let common = |of: &'_ Profile, other: &'_ Profile| -> Vec<String> {
        of.columns.iter().map(|column| column.name.clone()).filter(|name| other.column(name).is_some()).collect()
    };
    let (before, after) = (common(train, serve), common(serve, train));
    let moved: Vec<&str> = before.iter().zip(&after).filter(|(a, b)| a != b).map(|(a, _)| a.as_str()).collect();
    let statement = format!(
        "The columns stand in another order at serving ({} out of place, the first is {}); that matters only where they are read by position.",
        count(moved.len() as u64, "column"),
        names(&moved[..moved.len().min(1)]),
    );
    (!moved.is_empty()).then(|| {
        let effect = Effect::new("columns_out_of_place", moved.len() as f64, 1.0);
        let mut finding = DETECTOR.finding(Verdict::Possible, &moved, statement, effect, Certainty::exact());
        finding.id = Finding::id_of(DETECTOR.id, &["order".to_owned()]);
        // Ranked below what changes values: names protect most readers from it.
        finding.consequence = 0.1;
        finding.with_n("train", train.rows).with_n("serve", serve.rows)
    })
}
