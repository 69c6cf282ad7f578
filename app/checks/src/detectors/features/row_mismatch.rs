//! F1.row_mismatch: does serving compute the same feature values as training, row by row?

use crate::detectors::affine;
use crate::detectors::joins;
use crate::detectors::spikes;
use crate::detectors::words::{count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{ROW_CODE_REPEATS, ROW_MISMATCH, ROW_PATTERN, ROW_PATTERN_EARLIER, SIGNIFICANCE};
use domain::DetectorId;
use domain::measurements::Measurements;
use domain::measurements::row_join::{JoinedColumn, JoinedKind, Relation, RowJoin, RowPattern};
use domain::need::Tables;
use domain::snapshot::{ColumnKind, ColumnRole, SnapshotRole};
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::distributions::normal_two_sided;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("F1.row_mismatch"),
    item: Item::F1,
    title: "Feature values, row by row",
    looks_for: "Rows for which the service used a different feature value than the training pipeline computes: late values, rounded values, constant offsets and factors, columns that another scaler changed, other columns, other time zones, fill values, exchanged codes.",
    why_it_matters: "A value that is one day old, or rounded to whole numbers, has almost the same distribution as before. A comparison of distributions does not find it, but the prediction is for a different row.",
    how_it_decides: "Serve and offline rows are joined by id (repeated ids are left out). A column is a mismatch if at least {ROW_MISMATCH:%} of its rows differ, possible from {ROW_MISMATCH_POSSIBLE:%}. Numbers whose relative difference is at most {ROW_SAME_VALUE:%} are equal. If the typical change is under {ROW_CHANGE_SIZE} standard deviations, the finding is only possible. A relation that holds for at least {ROW_PATTERN:%} of the changed rows gives the cause, if these are {ROW_MISMATCH:%} of all rows or at least {ROW_CODE_REPEATS} rows for each number in it. A line that holds for at least {ROW_CODE_REPEATS} more rows than an offset or a factor comes before them. If each value has one served value of its own, with at least {ROW_CODE_REPEATS} rows per value, this explains more than an offset that leaves rows out. A value is late if it is the offline value from a fixed number of rows earlier. It is also late if, for at least {ROW_PATTERN_EARLIER:%} of the changed rows, it is an offline value of earlier rows and not of later rows; this must be more frequent than the opposite, with p under {SIGNIFICANCE}.",
    try_next: "Take a few of the listed rows and trace the feature from its source to the request on both paths.",
    causes: &[
        Cause::StaleFeature,
        Cause::RoundingLoss,
        Cause::OffsetShift,
        Cause::UnitScale,
        Cause::NormalisationMismatch,
        Cause::ColumnSwap,
        Cause::ImputationDifference,
        Cause::SentinelValues,
        Cause::TypeChange,
        Cause::EncodingOrder,
        Cause::CategoryRecode,
        Cause::NullSurge,
        Cause::OfflineOnlineMismatch,
    ],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let join = match joins::joined(measurements) {
        Ok(join) => join,
        Err(missing) => return missing,
    };
    let features: Vec<&JoinedColumn> = join
        .columns
        .iter()
        .filter(|column| {
            let role = measurements.roles.of(&column.column);
            matches!(role, ColumnRole::Feature | ColumnRole::Time | ColumnRole::Group)
        })
        .collect();
    if features.is_empty() {
        return Judgement::missing(Tables::all([SnapshotRole::Offline]).with([ColumnRole::Feature]));
    }
    let findings = features.iter().filter_map(|column| differs(column, join, measurements)).collect();
    let summary = format!(
        "Compared {} of {} joined by {}.",
        count(features.len() as u64, "column"),
        count(join.matched, "row"),
        name(&join.id)
    );
    Judgement::Judged { summary, findings }
}

fn differs(column: &JoinedColumn, join: &RowJoin, measurements: &Measurements) -> Option<Finding> {
    let differing = column.differing();
    let (cause, how) = if column.kind == JoinedKind::Words && other_type(column, measurements) {
        (Cause::TypeChange, "one side holds numbers and the other does not".to_owned())
    } else {
        explained(column, join)
    };
    let verdict = match joins::verdict(column, differing.hits) {
        Verdict::Clear => return None,
        // Two logs may record the time at different moments; it is an error only if the differences follow a rule.
        Verdict::Mismatch if column.kind == JoinedKind::Times && cause == Cause::OfflineOnlineMismatch => {
            Verdict::Possible
        }
        verdict => verdict,
    };
    let statement = format!(
        "{} differs between serving and the training pipeline in {}: {how}.",
        name(&column.column),
        joins::rows_in_words(differing.hits, differing.n),
    );
    let effect = joins::effect(column, differing.hits);
    let finding = DETECTOR.finding(verdict, &[&column.column], statement, effect, joins::certainty());
    let importance = measurements.importance.get(&column.column).copied();
    Some(joins::proven(finding, column, join, importance).for_cause(cause))
}

/// The cause that the relation between the values indicates, and the relation in words.
fn explained(column: &JoinedColumn, join: &RowJoin) -> (Cause, String) {
    let one_value = column.patterns.iter().find_map(|pattern| match &pattern.relation {
        Relation::OneValue { value } if pattern.share() >= ROW_PATTERN => Some(value),
        _ => None,
    });
    let differing = column.differing().hits;
    if column.missing_serve * 2 > differing {
        let told = format!("{} a value offline and none in serving", rows_have(column.missing_serve));
        return (Cause::NullSurge, told);
    }
    if let (Some(value), true) = (one_value, column.missing_offline * 2 > differing) {
        let told = format!("{} no value offline and “{value}” in serving", rows_have(column.missing_offline));
        return (filler(value), told);
    }
    if column.changed * 2 > differing {
        let repeated = column
            .patterns
            .iter()
            .filter(|pattern| is_repeated(pattern, column) && !is_part_of_a_line(pattern, column));
        let named = repeated.filter_map(|pattern| named(pattern, column, join)).min_by_key(|(order, _, _)| *order);
        if let Some(told) = recoded(column, named.as_ref().map(|(order, _, _)| *order)) {
            return told;
        }
        if let Some((_, cause, words)) = named {
            return (cause, words);
        }
    }
    let size = column
        .typical_change
        .map_or_else(String::new, |size| format!(" (the typical change is {} of a standard deviation)", percent(size)));
    (Cause::OfflineOnlineMismatch, format!("no single rule explains the changes{size}"))
}

fn rows_have(rows: u64) -> String {
    if rows == 1 { "1 row has".into() } else { format!("{} have", count(rows, "row")) }
}

/// The order of an offset, and that of a line: coarse numbers lie near some line, so rounding comes before it.
const OFFSET_ORDER: u8 = 2;
const AFFINE_ORDER: u8 = 6;

/// Whether the relation holds in more rows than its own numbers were read from, so that a few changed rows don't fit it by
/// chance: a share that matters by itself, or several rows for each of its numbers.
fn is_repeated(pattern: &RowPattern, column: &JoinedColumn) -> bool {
    let numbers = match pattern.relation {
        Relation::Recoded { values } => f64::from(values),
        Relation::Affine { .. } => 2.0,
        _ => 1.0,
    };
    let rows = pattern.rows as f64;
    rows >= ROW_MISMATCH * column.rows as f64 || rows >= ROW_CODE_REPEATS * numbers
}

/// Whether a line explains several rows more than this offset or factor: where most rows have one value, any line is an
/// offset of those.
fn is_part_of_a_line(pattern: &RowPattern, column: &JoinedColumn) -> bool {
    let is_line = |other: &&RowPattern| matches!(other.relation, Relation::Affine { .. });
    let line = column.patterns.iter().filter(is_line).map(|line| line.rows).max().unwrap_or(0);
    matches!(pattern.relation, Relation::Offset { .. } | Relation::Factor { .. })
        && line as f64 >= pattern.rows as f64 + ROW_CODE_REPEATS
}

/// The cause that a relation indicates, if it holds for enough of the rows, with its order: more specific causes first.
fn named(pattern: &RowPattern, column: &JoinedColumn, join: &RowJoin) -> Option<(u8, Cause, String)> {
    let holds = pattern.share() >= ROW_PATTERN;
    let share = percent(pattern.share());
    let numbers = column.kind == JoinedKind::Numbers;
    let told = match &pattern.relation {
        Relation::ClockOffset { hours } if holds => (
            0,
            Cause::OffsetShift,
            format!("served hours are {} in {share} of these rows", hours_off(f64::from(*hours))),
        ),
        Relation::TimeZone { by_ms } if holds => {
            let hours = *by_ms as f64 / 3_600_000.0;
            (1, Cause::OffsetShift, format!("served times are {} in {share} of these rows", hours_off(hours)))
        }
        Relation::OtherColumn { column } if holds => {
            let told = format!("the served value is the offline value of {} in {share} of these rows", name(column));
            (0, Cause::ColumnSwap, told)
        }
        Relation::Offset { by } if holds => {
            let by = if numbers { number(*by) } else { format!("{} s", number(*by / 1000.0)) };
            (OFFSET_ORDER, Cause::OffsetShift, format!("served = offline + ({by}) in {share} of these rows"))
        }
        // A sign change is not a unit change; zero is not a multiple.
        Relation::Factor { by } if holds && *by > 0.0 => {
            (3, Cause::UnitScale, format!("served = offline × {} in {share} of these rows", number(*by)))
        }
        Relation::Rounded { decimals } if holds => (
            4,
            Cause::RoundingLoss,
            format!("served values are rounded to {} in {share} of these rows", places(*decimals)),
        ),
        Relation::CutOff { decimals } if holds => (
            5,
            Cause::RoundingLoss,
            format!("served values are truncated to {} in {share} of these rows", places(*decimals)),
        ),
        Relation::Affine { scale, offset } if holds => (
            AFFINE_ORDER,
            if affine::is_known_unit(*scale, *offset) { Cause::UnitScale } else { Cause::NormalisationMismatch },
            format!("served = offline × {} + ({}) in {share} of these rows", number(*scale), number(*offset)),
        ),
        Relation::RowsBack { rows } if holds && !join.sampled => {
            let back = count(u64::from(*rows), "row");
            (
                7,
                Cause::StaleFeature,
                format!("the served value is the offline value of {back} earlier in {share} of these rows"),
            )
        }
        Relation::EarlierValue { later } if is_late(pattern, *later) => {
            let told = format!("{share} of the served values are offline values of earlier rows and not of later rows");
            (8, Cause::StaleFeature, told)
        }
        Relation::Recoded { values } if holds && (*values > 1 || !numbers) => {
            let cause = if numbers { Cause::EncodingOrder } else { Cause::CategoryRecode };
            (9, cause, format!("{} always replaced by another value in serving", values_are(*values)))
        }
        // For words, one value that replaces others is an ordinary category.
        Relation::OneValue { value } if holds && numbers => {
            (10, filler(value), format!("the served value is “{value}” in {share} of these rows"))
        }
        Relation::OneOfflineValue { value } if holds && numbers => {
            (11, filler(value), format!("the offline value is “{value}” in {share} of these rows"))
        }
        _ => return None,
    };
    Some(told)
}

/// The new coding, if each value has one served value of its own where the relation of that order, a factor or an offset,
/// leaves some rows unexplained.
fn recoded(column: &JoinedColumn, order: Option<u8>) -> Option<(Cause, String)> {
    if column.kind != JoinedKind::Numbers || !order.is_some_and(|order| (OFFSET_ORDER..=AFFINE_ORDER).contains(&order))
    {
        return None;
    }
    let share_of = |wanted: fn(&Relation) -> bool| {
        column.patterns.iter().filter(|pattern| wanted(&pattern.relation)).map(RowPattern::share).fold(0.0, f64::max)
    };
    let by_rule = share_of(|relation| {
        matches!(relation, Relation::Offset { .. } | Relation::Factor { .. } | Relation::Affine { .. })
    });
    let coding = column.patterns.iter().find(|pattern| matches!(pattern.relation, Relation::Recoded { .. }))?;
    let Relation::Recoded { values } = coding.relation else { return None };
    let everywhere = by_rule >= 1.0 && column.changed == column.rows;
    let repeated = coding.rows as f64 >= ROW_CODE_REPEATS * f64::from(values);
    (!everywhere && values > 1 && repeated && coding.share() >= by_rule.max(ROW_PATTERN))
        .then(|| (Cause::EncodingOrder, format!("{} always replaced by another value in serving", values_are(values))))
}

/// The cause that one value in place of many indicates.
fn filler(value: &str) -> Cause {
    let conventional = value.parse().is_ok_and(spikes::is_conventional);
    if conventional { Cause::SentinelValues } else { Cause::ImputationDifference }
}

/// Whether one side holds numbers and the other does not.
fn other_type(column: &JoinedColumn, measurements: &Measurements) -> bool {
    let kind =
        |role| measurements.profile(role).and_then(|profile| profile.column(&column.column)).map(|side| side.kind);
    match (kind(SnapshotRole::Serve), kind(SnapshotRole::Offline)) {
        (Some(ColumnKind::Empty), _) | (_, Some(ColumnKind::Empty)) => false,
        (Some(serve), Some(offline)) => (serve == ColumnKind::Numeric) != (offline == ColumnKind::Numeric),
        _ => false,
    }
}

/// Whether the values come from earlier rows more often than from later rows: a sign test, in its normal approximation.
/// That the rows differ is a fact; this only says which of two explanations is left.
fn is_late(pattern: &RowPattern, later: u64) -> bool {
    let (earlier, later) = (pattern.rows as f64, later as f64);
    let p = normal_two_sided((earlier - later) / (earlier + later).sqrt());
    earlier > later && pattern.share() >= ROW_PATTERN_EARLIER && p < SIGNIFICANCE
}

fn values_are(values: u32) -> String {
    format!("{} {}", count(u64::from(values), "value"), if values == 1 { "is" } else { "are" })
}

fn hours_off(hours: f64) -> String {
    let direction = if hours > 0.0 { "late" } else { "early" };
    format!("{} h {direction}", number(hours.abs()))
}

/// Decimals in words: `2 decimals`, `whole hundreds`.
fn places(decimals: i32) -> String {
    match decimals {
        0 => "whole numbers".into(),
        1.. => count(decimals.unsigned_abs().into(), "decimal"),
        _ => format!("multiples of {}", number(10f64.powi(-decimals))),
    }
}

#[cfg(test)]
pub mod tests;
