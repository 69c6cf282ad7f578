//! F2.partial_maps: is a column converted, exchanged or constant in a group of the rows only?

use crate::detectors::affine::{self, AffineMap, rounded_distance};
use crate::detectors::features::unit_scale;
use crate::detectors::spikes;
use crate::detectors::words::{count, name, number, values};
use crate::detectors::{Detector, Judgement};
use crate::since;
use crate::thresholds::{
    CERTAINTY, OFFSET_APART, OUTAGE_INSIDE, PART_DISTANCE, PART_LEFT, PART_OTHERS, SMALLEST_SAMPLE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::group_shifts::{GroupShift, RowGroup};
use domain::need::Need;
use domain::since::Since;
use domain::{Cause, Finding, Item, Task, Undo, UndoBy, Verdict};
use stats::quantiles::median;
use stats::two_sample::ks_pvalue_asymp;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("F2.partial_maps"),
    item: Item::F2,
    title: "Conversions in a part of the rows",
    looks_for: "A number column that is as in training in most rows, but in one group of rows (a currency, an app version, a window of time) it is times a factor, moved by a constant, constant, or exchanged with another column.",
    why_it_matters: "A fault in one client or one country hides in the average. Most rows are right, so nobody doubts the column.",
    how_it_decides: "The check looks for the group of serve rows in which a column differs most from the same group in training. In the group, the Kolmogorov-Smirnov statistic must be at least {PART_DISTANCE}, with p under {CERTAINTY} after it was multiplied by the number of groups and of columns. In the other rows it must be at most {PART_OTHERS:%} of that, or what chance gives. A factor or another unit (as for units and scale), a constant offset of at least {OFFSET_APART} times the spread, another column that differs in the same group, or one value in at least {OUTAGE_INSIDE:%} of the rows must explain the difference in the group: at most {PART_LEFT:%} of it may remain, or what chance gives.",
    try_next: "Take a few rows of this group and trace the column through the code path that only they use.",
    causes: &[
        Cause::ColumnSwap,
        Cause::UnitScale,
        Cause::OffsetShift,
        Cause::SentinelValues,
        Cause::ImputationDifference,
    ],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.train_and_serve().is_none() {
        return Judgement::missing(Need::train_and_serve());
    }
    // Each column had its groups, so all of them together are what was searched.
    let columns = measurements.group_shifts.len() as f64;
    let parts: Vec<&GroupShift> = measurements.group_shifts.iter().filter(|shift| is_part(shift, columns)).collect();
    let findings = parts.iter().filter_map(|shift| mapped(shift, &parts, measurements)).collect();
    let summary = format!(
        "Looked for a conversion in {} that differ from training in one group of rows.",
        count(parts.len() as u64, "number column")
    );
    Judgement::Judged { summary, findings }
}

/// Whether the group differs clearly while the other rows do not.
fn is_part(shift: &GroupShift, columns: f64) -> bool {
    let [train, serve] = shift.outside;
    let by_chance = affine::chance_distance(train as usize, serve as usize);
    let enough = shift.inside.iter().chain(&shift.outside).all(|rows| *rows as f64 >= SMALLEST_SAMPLE);
    enough
        && shift.distance_inside >= PART_DISTANCE
        && p(shift, columns) < CERTAINTY
        && shift.distance_outside <= by_chance.max(PART_OTHERS * shift.distance_inside)
}

/// Chance of such a distance in any group of any column.
fn p(shift: &GroupShift, columns: f64) -> f64 {
    let [train, serve] = shift.inside;
    (ks_pvalue_asymp(shift.distance_inside, train as usize, serve as usize)
        * shift.tried.max(1) as f64
        * columns.max(1.0))
    .min(1.0)
}

/// A cause, what the column is or has in the group, and the distance that remains.
struct Told {
    cause: Cause,
    words: String,
    left: f64,
    /// What undoes it in the group.
    undo: Option<UndoBy>,
}

fn mapped(shift: &GroupShift, parts: &[&GroupShift], measurements: &Measurements) -> Option<Finding> {
    let found = constant(shift).or_else(|| {
        let fits = |told: &Told| explains(shift, told.left);
        exchanged(shift, parts)
            .filter(fits)
            .or_else(|| rescaled(shift).filter(fits))
            .or_else(|| moved(shift).filter(fits))
    })?;
    let rows = shift.rows;
    // How many rows, and since when, stands with the finding.
    let statement = format!("{} {}, {}.", name(&shift.column), found.words, whereabouts(shift));
    let effect = Effect::new("ks_statistic_in_group", shift.distance_inside, PART_DISTANCE);
    let finding = DETECTOR
        .finding(
            Verdict::Mismatch,
            &[&shift.column],
            statement,
            effect,
            Certainty::p(p(shift, measurements.group_shifts.len() as f64)),
        )
        .with_n("train", shift.inside[0])
        .with_n("serve", shift.inside[1])
        .with_importance(measurements.importance.get(&shift.column).copied())
        .with_evidence("rows of the group", format!("{} of {}", rows.hits, count(rows.n, "serve row")))
        .with_evidence(
            "distance from training in the group, in the other rows",
            format!("{}, {}", number(shift.distance_inside), number(shift.distance_outside)),
        )
        .with_evidence("distance in the group after undoing it", number(found.left))
        .with_evidence("groups compared", shift.tried.to_string())
        .concerning(rows.hits, rows.n);
    let finding = match since(shift, measurements) {
        Some(since) => finding.with_since(since),
        None => finding,
    };
    let undo = found.undo.map(|by| Undo { within: Some(shift.group.clone()), ..Undo::new(&shift.column, by) });
    Some(undo.into_iter().fold(finding.for_cause(found.cause), Finding::undone_by))
}

/// Whether a map explains the difference in the group.
fn explains(shift: &GroupShift, left: f64) -> bool {
    let by_chance = affine::chance_distance(shift.inside[0] as usize, shift.inside[1] as usize);
    left <= by_chance.max(PART_LEFT * shift.distance_inside) && left < 0.5 * shift.distance_inside
}

/// Which rows, and since when.
fn whereabouts(shift: &GroupShift) -> String {
    match &shift.group {
        RowGroup::Values { column, values: named } => {
            let named: Vec<&str> = named.iter().map(String::as_str).collect();
            format!("but only where {} is {}", name(column), values(&named))
        }
        RowGroup::Window { .. } => "but not in all serve rows".to_owned(),
    }
}

fn since(shift: &GroupShift, measurements: &Measurements) -> Option<Since> {
    match (&shift.group, shift.since_ms) {
        (RowGroup::Window { from_ms, to_ms }, _) => Some(since::within(*from_ms, *to_ms, measurements)),
        (RowGroup::Values { .. }, Some(from_ms)) => Some(since::within(from_ms, i64::MAX, measurements)),
        (RowGroup::Values { .. }, None) => None,
    }
}

/// Nearly all rows of the group have one value, which is rare in training.
fn constant(shift: &GroupShift) -> Option<Told> {
    let longest = shift.serve.chunk_by(|a, b| a == b).max_by_key(|same| same.len())?;
    let share = |sorted: &[f64], value: f64| {
        let equal = sorted.iter().filter(|other| **other == value).count();
        equal as f64 / sorted.len().max(1) as f64
    };
    let value = longest[0];
    let (before, after) = (share(&shift.train, value), share(&shift.serve, value));
    (after >= OUTAGE_INSIDE && before < 0.5 * after).then(|| Told {
        cause: if spikes::is_conventional(value) { Cause::SentinelValues } else { Cause::ImputationDifference },
        words: format!("is always {}", number(value)),
        left: 1.0 - after,
        undo: None,
    })
}

/// The values of another column that differs in the same group.
fn exchanged(shift: &GroupShift, parts: &[&GroupShift]) -> Option<Told> {
    let others = parts.iter().filter(|other| other.column != shift.column && same_rows(&other.group, &shift.group));
    let tried = others.map(|other| {
        // The other column must hold this one's values in return.
        let there = rounded_distance(&other.train, &shift.serve);
        let back = rounded_distance(&shift.train, &other.serve);
        (other, there.max(back))
    });
    let (other, left) = tried.min_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Told {
        cause: Cause::ColumnSwap,
        words: format!("holds the values of {} in serving", name(&other.column)),
        left,
        undo: Some(UndoBy::Column { from: other.column.clone() }),
    })
}

/// Whether two groups are the same rows; windows may begin and end a little apart.
fn same_rows(a: &RowGroup, b: &RowGroup) -> bool {
    match (a, b) {
        (RowGroup::Window { from_ms, to_ms }, RowGroup::Window { from_ms: from, to_ms: to }) => {
            let together = to_ms.min(to) - from_ms.max(from);
            together > 0 && together as f64 >= OUTAGE_INSIDE * (to_ms.max(to) - from_ms.min(from)) as f64
        }
        _ => a == b,
    }
}

fn rescaled(shift: &GroupShift) -> Option<Told> {
    let found = unit_scale::best_rescaling(&shift.train, &shift.serve)?;
    let undo = UndoBy::Line { scale: found.map.scale, offset: found.map.offset };
    Some(Told { cause: Cause::UnitScale, words: found.statement(), left: found.residual, undo: Some(undo) })
}

fn moved(shift: &GroupShift) -> Option<Told> {
    let offset = median(&shift.serve) - median(&shift.train);
    let far = offset.abs() >= OFFSET_APART * affine::spread(&shift.train);
    let direction = if offset > 0.0 { "higher" } else { "lower" };
    far.then(|| Told {
        cause: Cause::OffsetShift,
        words: format!("is {} {direction} in serving than in training", number(offset.abs())),
        left: AffineMap { scale: 1.0, offset }.residual(&shift.train, &shift.serve),
        undo: Some(UndoBy::Line { scale: 1.0, offset }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{bell_pair, draws, exponential, measured, normal};
    use stats::intervals::Share;

    fn sorted(mut values: Vec<f64>) -> Vec<f64> {
        values.sort_by(f64::total_cmp);
        values
    }

    /// A column that differs in one country, where it is 0.02 from training in the others.
    fn shift(column: &str, train: Vec<f64>, serve: Vec<f64>) -> GroupShift {
        let (train, serve) = (sorted(train), sorted(serve));
        let distance_inside = stats::two_sample::ks_statistic(&train, &serve).unwrap_or(0.0);
        GroupShift {
            column: column.into(),
            group: RowGroup::Values { column: "country".into(), values: vec!["JP".into()] },
            rows: Share::new(serve.len() as u64, 1_000),
            inside: [train.len() as u64, serve.len() as u64],
            outside: [900, 800],
            train,
            serve,
            distance_inside,
            distance_outside: 0.02,
            tried: 12,
            since_ms: None,
        }
    }

    fn judged(shifts: Vec<GroupShift>) -> Vec<Finding> {
        let (train, serve) = bell_pair();
        let measurements = Measurements { group_shifts: shifts, ..measured(&train, &serve) };
        judge(&measurements).findings().to_vec()
    }

    fn amounts(seed: u64, factor: f64) -> Vec<f64> {
        draws(seed, 200, |rng| factor * (5.0 + 40.0 * exponential(rng)))
    }

    fn ages(seed: u64) -> Vec<f64> {
        draws(seed, 200, |rng| 400.0 + 30.0 * normal(rng))
    }

    #[test]
    fn a_factor_in_one_group_is_a_unit_and_the_sentence_names_the_group() {
        let findings = judged(vec![shift("amount", amounts(1, 1.0), amounts(2, 100.0))]);
        let [found] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!((found.cause, found.verdict), (Some(Cause::UnitScale), Verdict::Mismatch));
        assert!(
            found.statement.contains("100 times larger") && found.statement.contains("“JP”"),
            "{}",
            found.statement
        );
        let lengths = judged(vec![shift("length", ages(1), ages(2).iter().map(|x| x / 2.54).collect())]);
        assert_eq!(lengths.first().and_then(|found| found.cause), Some(Cause::UnitScale));
    }

    #[test]
    fn two_columns_that_hold_each_other_in_one_group_are_swapped() {
        let findings = judged(vec![shift("amount", amounts(1, 1.0), ages(2)), shift("age", ages(3), amounts(4, 1.0))]);
        let causes: Vec<Option<Cause>> = findings.iter().map(|found| found.cause).collect();
        assert_eq!(causes, [Some(Cause::ColumnSwap); 2], "{findings:?}");
    }

    #[test]
    fn one_value_in_a_group_is_a_default_or_a_placeholder() {
        let cause_of = |value: f64| judged(vec![shift("age", ages(1), vec![value; 90])]).first().and_then(|f| f.cause);
        assert_eq!(cause_of(400.0), Some(Cause::ImputationDifference));
        assert_eq!(cause_of(-999.0), Some(Cause::SentinelValues));
    }

    #[test]
    fn another_shape_and_other_rows_that_differ_too_are_no_conversion() {
        let other_shape = draws(2, 200, |rng| 400.0 + 90.0 * normal(rng).abs());
        assert!(judged(vec![shift("age", ages(1), other_shape)]).is_empty());
        let everywhere = GroupShift { distance_outside: 0.5, ..shift("amount", amounts(1, 1.0), amounts(2, 100.0)) };
        assert!(judged(vec![everywhere]).is_empty());
    }
}
