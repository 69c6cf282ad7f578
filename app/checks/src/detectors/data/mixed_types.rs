//! D3.mixed_types: does a column hold both numbers and words?

use crate::detectors::report::strongest_of_each;
use crate::detectors::sides;
use crate::detectors::words::{count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{MIXED_TYPE_CODES, MIXED_TYPE_SHARE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Need;
use domain::profile::ColumnProfile;
use domain::snapshot::{ColumnKind, ColumnRole};
use domain::{Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D3.mixed_types"),
    item: Item::D3,
    title: "Mixed types",
    looks_for: "Text columns in which many values, but not all, can be read as numbers.",
    why_it_matters: "One part of the pipeline may parse the numbers and drop the other values, while another part treats all values as categories.",
    how_it_decides: "The values are counted in every snapshot. The finding is possible if at least {MIXED_TYPE_SHARE:%} of the values can be read as numbers and at least {MIXED_TYPE_SHARE:%} cannot. At most {MIXED_TYPE_CODES} different values that are mixed in every snapshot are the codes of a category, and no finding. It is never a mismatch, because a list of sizes such as “XS, S, M” next to number sizes is valid.",
    try_next: "Look at the values of the smaller group. Split the column or convert it to one type.",
    causes: &[],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let mut findings: Vec<Finding> = Vec::new();
    let mut columns = 0;
    for (role, profile) in sides::tables(measurements) {
        for column in profile.columns.iter().filter(|column| measurements.roles.of(&column.name) == ColumnRole::Feature)
        {
            columns += 1;
            let others = sides::tables(measurements).filter(|(other, _)| *other != role);
            let mut others = others.filter_map(|(_, other)| other.column(&column.name)).peekable();
            // A few codes that are numbers and letters on every side are the values of a category.
            let is_code = column.distinct <= MIXED_TYPE_CODES as u64 && others.peek().is_some();
            if !(is_code && others.all(is_mixed)) {
                findings.extend(mixed(column, role.id()));
            }
        }
    }
    if sides::tables(measurements).next().is_none() {
        return Judgement::missing(Need::AnyTable);
    }
    let summary = format!("Looked for mixed types in {}.", count(columns, "column"));
    Judgement::Judged { summary, findings: strongest_of_each(findings) }
}

/// The share of the values that can be read as numbers.
fn numeric_share(column: &ColumnProfile) -> Option<f64> {
    let has_words = matches!(column.kind, ColumnKind::Categorical | ColumnKind::Text) && column.non_null() > 0;
    Some(column.text.as_ref().filter(|_| has_words)?.numeric_like as f64 / column.non_null() as f64)
}

fn is_mixed(column: &ColumnProfile) -> bool {
    numeric_share(column).is_some_and(|numeric| numeric.min(1.0 - numeric) >= MIXED_TYPE_SHARE)
}

fn mixed(column: &ColumnProfile, side: &str) -> Option<Finding> {
    let numeric = numeric_share(column)?;
    let smaller = numeric.min(1.0 - numeric);
    let statement = format!(
        "{} mixes numbers and words in {side}: {} of its values can be read as numbers.",
        name(&column.name),
        percent(numeric)
    );
    (smaller >= MIXED_TYPE_SHARE).then(|| {
        let effect = Effect::new("smaller_type_share", smaller, MIXED_TYPE_SHARE);
        DETECTOR
            .finding(Verdict::Possible, &[&column.name], statement, effect, Certainty::exact())
            .with_n(side, column.non_null())
    })
}
