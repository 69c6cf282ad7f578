//! D3.constant_column: does a column have only one value?

use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{count, name, percent, values};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, SMALLEST_SAMPLE, UNCHANGED_WEIGHT};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, SharedColumns};
use domain::profile::ColumnProfile;
use domain::snapshot::ColumnRole;
use domain::{Cause, Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D3.constant_column"),
    item: Item::D3,
    title: "Constant columns",
    looks_for: "Features with only one value: in serving although they varied in training, or already in training.",
    why_it_matters: "A feature that became constant in serving is a default value, a stale cache or an empty field. It has one value and carries no information.",
    how_it_decides: "The different values are counted, in training columns with at least {SMALLEST_SAMPLE} values. A column that varied in training and is constant in serving is a mismatch if the chance of drawing only this value is under {CERTAINTY}. A column that is constant in training is possible.",
    try_next: "Trace the value of one request back to its source, and check whether it is a default.",
    causes: &[Cause::DistributionShift],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if let Some(features) = sides::features(measurements) {
        let findings = features.iter().filter_map(froze).collect();
        let summary = format!("Looked for constant values in {}.", count(features.len() as u64, "feature"));
        return sides::judged(measurements, features.len(), SharedColumns::Features, summary, findings);
    }
    if sides::lack_rows(measurements) {
        return Judgement::missing(Need::train_and_serve());
    }
    let Some((role, profile)) = sides::tables(measurements).next() else {
        return Judgement::missing(Need::AnyTable);
    };
    let features: Vec<&ColumnProfile> =
        profile.columns.iter().filter(|column| measurements.roles.of(&column.name) == ColumnRole::Feature).collect();
    let findings = features.iter().filter_map(|column| constant(column, role.id())).collect();
    Judgement::Judged {
        summary: format!("Looked for constant values in {}.", count(features.len() as u64, "feature")),
        findings,
    }
}

fn is_constant(column: &ColumnProfile) -> bool {
    column.distinct == 1 && column.non_null() as f64 >= SMALLEST_SAMPLE
}

fn froze(pair: &Pair) -> Option<Finding> {
    if is_constant(pair.train) {
        return constant(pair.train, "train");
    }
    if pair.serve.distinct != 1 || pair.train.distinct < 2 || (pair.train.non_null() as f64) < SMALLEST_SAMPLE {
        return None;
    }
    let value = only_value(pair.serve)?;
    let before = share_before(pair.train, &value);
    let chance = before.powf(pair.serve.non_null() as f64);
    let verdict = if chance < CERTAINTY { Verdict::Mismatch } else { return None };
    let statement = format!(
        "{} is {} in every serve row, compared with {} of train rows.",
        name(pair.name),
        values(&[&value]),
        percent(before),
    );
    let finding = DETECTOR.finding(
        verdict,
        &[pair.name],
        statement,
        Effect::new("constant_share", 1.0, 1.0),
        Certainty::p(chance),
    );
    let different = format!("{}, {}", pair.train.distinct, pair.serve.distinct);
    let finding = finding.with_evidence("different values (train, serve)", different);
    Some(pair.sized(finding).for_cause(Cause::DistributionShift))
}

fn constant(column: &ColumnProfile, side: &str) -> Option<Finding> {
    let value = only_value(column).filter(|_| is_constant(column))?;
    let statement =
        format!("{} is {} in every {side} row and carries no information.", name(&column.name), values(&[&value]));
    let effect = Effect::new("constant_share", 1.0, 1.0);
    let mut finding = DETECTOR
        .finding(Verdict::Possible, &[&column.name], statement, effect, Certainty::exact())
        .with_n(side, column.non_null());
    // Nothing changed, so this cannot be the reason for a new problem.
    finding.consequence = UNCHANGED_WEIGHT;
    Some(finding)
}

fn only_value(column: &ColumnProfile) -> Option<String> {
    let category = column.categories.as_ref().and_then(|categories| categories.counts.first());
    let number = column.numeric.as_ref().and_then(|numbers| numbers.sorted.first());
    category.map(|(value, _)| value.clone()).or_else(|| number.map(|value| format!("{value}")))
}

fn share_before(column: &ColumnProfile, value: &str) -> f64 {
    if let Some(categories) = &column.categories {
        let rows = categories.counts.iter().find(|(other, _)| other == value).map_or(0, |(_, rows)| *rows);
        return rows as f64 / column.non_null().max(1) as f64;
    }
    let number = value.parse().ok().zip(column.numeric.as_ref());
    number.map_or(0.0, |(number, numbers)| {
        let of = crate::detectors::spikes::share_of(numbers, number);
        of.hits as f64 / of.n.max(1) as f64
    })
}
