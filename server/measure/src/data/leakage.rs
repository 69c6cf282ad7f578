//! Columns that may give the label away: how each goes with the label in train, and what is left of that later.

use std::collections::BTreeMap;

use domain::measurements::leakage::{LabelLink, LeakageMeasures, PatternLink};
use domain::{ColumnRole, Roles, SnapshotRole};
use polars::prelude::{NamedFrom, Series};
use rayon::prelude::*;

use crate::data::row_order::row_order;
use crate::importance::{Association, Label};
use crate::sample::Sample;
use crate::values::{codes, words};

/// Columns of at most this many values are also looked at value by value.
const FEW_VALUES: usize = 50;
/// A value that this share of the serve rows has is what a column falls back to.
pub(crate) const FALLBACK: f64 = 0.98;
/// A pattern must be there and absent in at least this many rows to be related to anything.
const FEWEST_ROWS: usize = 20;

/// Relates every feature of the train rows to the label; `later` are the other snapshots, `associations` what
/// [`associations_with_label`](crate::importance::associations_with_label) found in train. `None` without a label, or when it
/// never varies.
pub fn leakage(
    train: &Sample,
    later: &[(SnapshotRole, &Sample)],
    roles: &Roles,
    associations: &BTreeMap<String, Association>,
) -> Option<LeakageMeasures> {
    let name = roles.label()?;
    let column = train.column(name)?;
    let label = Label::of(column)?;
    let rows = (column.len() - column.null_count()) as u64;
    let later_labels: Vec<(SnapshotRole, &Sample, Label)> =
        later.iter().filter_map(|(role, sample)| Some((*role, *sample, Label::of(sample.column(name)?)?))).collect();
    let serve = later.iter().find(|(role, _)| *role == SnapshotRole::Serve).map(|(_, sample)| *sample);
    let mut columns: Vec<LabelLink> = train
        .frame
        .columns()
        .par_iter()
        .filter(|column| roles.of(column.name()) == ColumnRole::Feature)
        .filter_map(|column| {
            let column = column.as_materialized_series();
            let name = column.name().as_str();
            let later: BTreeMap<SnapshotRole, (f64, u64)> = later_labels
                .iter()
                .filter_map(|(role, sample, label)| {
                    let column = sample.column(name)?;
                    let found = stronger([label.with(column), label.with_kinds(column, FEW_VALUES)])?;
                    Some((*role, (found.strength, found.rows)))
                })
                .collect();
            let found = stronger([associations.get(name).copied(), label.with_kinds(column, FEW_VALUES)]);
            link(column, &label, found, later, serve.and_then(|serve| serve.column(name)))
        })
        .collect();
    columns.sort_by(|a, b| b.strength.total_cmp(&a.strength).then_with(|| a.column.cmp(&b.column)));
    Some(LeakageMeasures {
        order: row_order(train, serve, roles),
        rows,
        classes: label.classes() as u64,
        rarest: rarest(column, &label).unwrap_or(rows),
        columns,
    })
}

fn rarest(column: &Series, label: &Label) -> Option<u64> {
    let (codes, classes) = codes(column, label.classes())?;
    let mut counts = vec![0; classes];
    codes.into_iter().flatten().for_each(|class| counts[class as usize] += 1);
    counts.into_iter().min()
}

/// The stronger of the association of the ranks and that of the single values.
fn stronger(found: [Option<Association>; 2]) -> Option<Association> {
    found.into_iter().flatten().max_by(|a, b| a.strength.total_cmp(&b.strength))
}

fn link(
    column: &Series,
    label: &Label,
    found: Option<Association>,
    later: BTreeMap<SnapshotRole, (f64, u64)>,
    serve: Option<&Series>,
) -> Option<LabelLink> {
    let (strength, p) = found.map_or((0.0, 1.0), |found| (found.strength, found.p));
    let missing = pattern(column, label, None, serve);
    let fallback = serve.and_then(fallback_of).and_then(|value| pattern(column, label, value, serve));
    (strength > 0.0 || missing.is_some() || fallback.is_some()).then(|| LabelLink {
        column: column.name().to_string(),
        values: codes(column, FEW_VALUES).map(|(_, values)| values as u64),
        strength,
        p,
        later,
        missing,
        fallback,
    })
}

/// What nearly all serve rows have: `Some(None)` when it is no value at all.
fn fallback_of(serve: &Series) -> Option<Option<String>> {
    let rows = serve.len() as f64;
    if serve.len() < FEWEST_ROWS {
        return None;
    }
    if serve.null_count() as f64 >= FALLBACK * rows {
        return Some(None);
    }
    // Beside a value that so many rows have there is room for few others.
    let (codes, kinds) = codes(serve, ((1.0 - FALLBACK) * rows) as usize + 1)?;
    let mut counts = vec![0_usize; kinds];
    codes.iter().flatten().for_each(|code| counts[*code as usize] += 1);
    let (code, count) = counts.into_iter().enumerate().max_by_key(|(_, count)| *count)?;
    let row = codes.iter().position(|of_row| *of_row == Some(code as u32))?;
    (count as f64 >= FALLBACK * rows).then(|| words(&serve.slice(row as i64, 1))?.into_iter().next())?
}

/// Relates "the row has this value" (`None`: no value) to the label; `None` when it is nearly always so, or never.
fn pattern(column: &Series, label: &Label, value: Option<String>, serve: Option<&Series>) -> Option<PatternLink> {
    if value.is_none() && column.null_count() < FEWEST_ROWS {
        return None;
    }
    let has = |column: &Series| -> Option<Vec<bool>> {
        match &value {
            None => Some(column.is_null().iter().map(|null| null == Some(true)).collect()),
            Some(value) => Some(words(column)?.iter().map(|word| word.as_ref() == Some(value)).collect()),
        }
    };
    let rows = has(column)?;
    let hits = rows.iter().filter(|hit| **hit).count();
    if hits < FEWEST_ROWS || rows.len() - hits < FEWEST_ROWS {
        return None;
    }
    let share = |rows: &[bool]| rows.iter().filter(|hit| **hit).count() as f64 / rows.len().max(1) as f64;
    let serve_share = serve.and_then(has).map(|rows| share(&rows));
    let train_share = share(&rows);
    let strength = label.with(&Series::new(column.name().clone(), rows))?.strength;
    Some(PatternLink { value, train_share, serve_share, strength })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn sample(columns: Vec<Series>) -> Sample {
        let rows = columns[0].len();
        Sample::new(columns, rows).unwrap()
    }

    #[test]
    fn a_copy_a_fee_filled_in_later_and_a_telling_gap_are_seen() {
        let late: Vec<i64> = (0..300).map(|row| i64::from(row % 3 == 0)).collect();
        // Codes without an order: 7 for late, 3 or 9 for the others.
        let code = late.iter().enumerate().map(|(row, late)| if *late == 1 { 7 } else { [3_i64, 9][row % 2] });
        let fee: Vec<f64> = late.iter().map(|late| if *late == 1 { 12.5 } else { 0.0 }).collect();
        let reason: Vec<Option<&str>> = late.iter().map(|late| (*late == 1).then_some("fog")).collect();
        let train = sample(vec![
            Series::new("code".into(), code.collect::<Vec<i64>>()),
            Series::new("fee".into(), fee),
            Series::new("reason".into(), reason),
            Series::new("hour".into(), (0..300).map(|row| f64::from(row % 25)).collect::<Vec<_>>()),
            Series::new("late".into(), late),
        ]);
        let serve = sample(vec![
            Series::new("fee".into(), vec![0.0; 100]),
            Series::new("hour".into(), (0..100).map(|row| f64::from(row % 25)).collect::<Vec<_>>()),
        ]);
        let roles = Roles::from([(ColumnRole::Label, "late")]);
        let associations = crate::importance::associations_with_label(&train, &roles);
        let measured = leakage(&train, &[(SnapshotRole::Serve, &serve)], &roles, &associations).unwrap();
        assert_eq!((measured.rows, measured.classes, measured.rarest), (300, 2, 100));
        let of = |name: &str| measured.columns.iter().find(|link| link.column == name).unwrap();
        assert!(of("code").strength > 0.99 && of("code").values == Some(3));
        let fallback = of("fee").fallback.as_ref().unwrap();
        assert_eq!((fallback.value.as_deref(), fallback.serve_share), (Some("0"), Some(1.0)));
        assert!(fallback.strength > 0.99);
        let missing = of("reason").missing.as_ref().unwrap();
        assert!(missing.strength > 0.99 && (missing.train_share - 2.0 / 3.0).abs() < 1e-12);
        // The hour has nothing to do with the label, exactly: such columns are left out.
        assert!(measured.columns.iter().all(|link| link.column != "hour"));
    }
}
