//! "What is different about these rows?": rows marked on a chart against the other rows of the same side.
//!
//! Answered from the sampled rows, which are all rows of most files; the answer says how many were looked at.

mod difference;
mod flips;
pub(crate) mod listing;
mod pair;
mod rows;
pub(crate) mod values;

use domain::evaluation::Split;
use domain::selection::{ColumnDifference, Condition, RowsOfTable, Selection, SelectionAnswer, Side, Subject};
use domain::snapshot::{ColumnKind, ColumnRole, Roles, SnapshotRole};
use domain::{Problem, ProblemKind};
use measure::evaluation::run::splits::rows_in;
use polars::prelude::Series;
use rayon::prelude::*;
use stats::multiple::benjamini_hochberg;

pub use flips::{NamedTable, flips, flips_csv};
pub use listing::{csv, list};
pub use pair::pair;
pub use rows::Rows;
use values::Values;

/// A table of the investigation, with what its columns are for.
pub struct Table {
    /// What the table is in the investigation.
    pub role: SnapshotRole,
    pub rows: Rows,
    pub roles: Roles,
    pub kinds: Vec<(String, ColumnKind)>,
}

impl Table {
    fn kind(&self, column: &str) -> ColumnKind {
        self.kinds.iter().find(|(name, _)| name == column).map_or(ColumnKind::Nested, |(_, kind)| *kind)
    }

    fn column_of<'a>(&'a self, subject: &'a Subject) -> Result<&'a str, Problem> {
        match subject {
            Subject::Column(name) => Ok(name),
            Subject::Role(role) => self.roles.column_with(*role).ok_or_else(|| {
                Problem::not_found(format!(
                    "The table has no {} column. Name it on the inputs page, then ask again.",
                    role.id()
                ))
            }),
        }
    }

    fn series(&self, column: &str) -> Result<&Series, Problem> {
        self.rows.column(column).ok_or_else(|| {
            Problem::not_found(format!(
                "There is no column {column:?} on that side. It may have been renamed or left out."
            ))
        })
    }

    /// Which rows belong to the side at all: everything, or the rows of one split.
    fn side_mask(&self, side: &Side) -> Result<Vec<bool>, Problem> {
        match (side, self.roles.split()) {
            (Side::Run { split, .. }, Some(column)) if *split != Split::All => Ok(rows_in(self.series(column)?, split)),
            _ => Ok(vec![true; self.rows.count()]),
        }
    }

    /// Which of its rows are in the selection, where `side` says which belong to the side.
    fn mask(&self, side: &[bool], conditions: &[Condition]) -> Result<Vec<bool>, Problem> {
        let mut mask = side.to_vec();
        for condition in conditions {
            let column = self.column_of(&condition.subject)?;
            let passes =
                Values::for_test(self.series(column)?, self.kind(column), &condition.test).mask(&condition.test);
            for (row, passes) in mask.iter_mut().zip(passes) {
                *row &= passes;
            }
        }
        Ok(mask)
    }
}

/// Per table, which rows belong to the side, and which of these are in the selection.
struct Masks {
    sides: Vec<Vec<bool>>,
    selected: Vec<Vec<bool>>,
}

impl Masks {
    fn of(tables: &[Table], selection: &Selection) -> Result<Masks, Problem> {
        let mut masks = Masks { sides: Vec::with_capacity(tables.len()), selected: Vec::with_capacity(tables.len()) };
        for table in tables {
            let side = table.side_mask(&selection.side)?;
            masks.selected.push(table.mask(&side, &selection.conditions)?);
            masks.sides.push(side);
        }
        Ok(masks)
    }
}

fn count(masks: &[Vec<bool>]) -> usize {
    masks.iter().flatten().filter(|inside| **inside).count()
}

/// Ranks every other column by how much it differs between the selected rows and the rest of the same side.
///
/// # Errors
/// `NotFound` without a column that the selection names; `BadInput` when the selection holds no row or every row.
pub fn explain(tables: &[Table], selection: &Selection) -> Result<SelectionAnswer, Problem> {
    let Masks { sides, selected } = Masks::of(tables, selection)?;
    let (examined, chosen) = (count(&sides), count(&selected));
    if chosen == 0 || chosen == examined {
        let which = if chosen == 0 { "No row" } else { "Every row" };
        return Err(Problem::new(
            ProblemKind::BadInput,
            format!("{which} of the side is in the selection, so there is nothing to compare. Mark another region."),
        ));
    }
    let ranked = ranked(tables, candidates(tables, &selection.conditions)?, &sides, &selected)?;
    let of_tables = tables.iter().zip(&sides).zip(&selected).map(|((table, side), selected)| RowsOfTable {
        role: table.role,
        selected: count(std::slice::from_ref(selected)) as u64,
        examined: count(std::slice::from_ref(side)) as u64,
    });
    let total = tables.iter().map(|table| table.rows.total).sum();
    Ok(SelectionAnswer {
        selected: chosen as u64,
        rest: (examined - chosen) as u64,
        examined: examined as u64,
        total,
        tables: of_tables.collect(),
        condition_kinds: condition_kinds(tables, &selection.conditions)?,
        columns: ranked,
    })
}

/// How the selected rows differ from the others of their sides, column by column, the most different first.
fn ranked(
    tables: &[Table],
    names: Vec<String>,
    sides: &[Vec<bool>],
    selected: &[Vec<bool>],
) -> Result<Vec<ColumnDifference>, Problem> {
    let mut columns = Vec::with_capacity(names.len());
    for column in names {
        let kind = tables.first().map_or(ColumnKind::Nested, |table| table.kind(&column));
        let values = tables
            .iter()
            .map(|table| Ok(Values::of(table.series(&column)?, kind)))
            .collect::<Result<Vec<_>, Problem>>()?;
        columns.push((column, kind, values));
    }
    let mut ranked: Vec<ColumnDifference> = columns
        .into_par_iter()
        .map(|(column, kind, values)| difference::difference(column, kind, &values, sides, selected))
        .collect();
    let q = benjamini_hochberg(&ranked.iter().map(|one| one.q.unwrap_or(1.0)).collect::<Vec<_>>());
    for (one, q) in ranked.iter_mut().zip(q) {
        difference::settle(one, q);
    }
    ranked.sort_by(|a, b| b.effect.total_cmp(&a.effect).then_with(|| a.column.cmp(&b.column)));
    Ok(ranked)
}

fn condition_kinds(tables: &[Table], conditions: &[Condition]) -> Result<Vec<ColumnKind>, Problem> {
    let Some(first) = tables.first() else { return Ok(Vec::new()) };
    conditions.iter().map(|condition| Ok(first.kind(first.column_of(&condition.subject)?))).collect()
}

/// The columns that are on all tables of the side and can be compared, without those that the conditions are about and
/// those that follow from them: that they differ is how the rows were chosen.
fn candidates(tables: &[Table], conditions: &[Condition]) -> Result<Vec<String>, Problem> {
    let Some(first) = tables.first() else { return Ok(Vec::new()) };
    let mut asked = Vec::new();
    for table in tables {
        for condition in conditions {
            asked.push(table.column_of(&condition.subject)?);
        }
    }
    // A prediction is a score cut at a threshold: rows chosen by one of them differ in the other.
    let is_output = |role| {
        matches!(role, ColumnRole::Prediction | ColumnRole::Score | ColumnRole::Probability | ColumnRole::Quantile)
    };
    let by_output = asked.iter().any(|column| is_output(first.roles.of(column)));
    let comparable = |name: &str, kind: ColumnKind| {
        let role = first.roles.of(name);
        let is_left_out = matches!(kind, ColumnKind::Nested | ColumnKind::Empty)
            || matches!(role, ColumnRole::Id | ColumnRole::Ignore | ColumnRole::Split)
            || asked.contains(&name)
            || (by_output && is_output(role));
        !is_left_out && tables.iter().all(|table| table.rows.column(name).is_some())
    };
    Ok(first.kinds.iter().filter(|(name, kind)| comparable(name, *kind)).map(|(name, _)| name.clone()).collect())
}
