//! Undoing what a suspect says: what is done to the served rows, and the rows before and after.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::measurements::group_shifts::RowGroup;
use crate::naming::{name, values};
use crate::number::{count, number};
use crate::plot::format;
use crate::{Cause, Finding, Problem, Suspect, Undo, UndoBy, Verdict, since::Extent};

/// Rows that are shown before and after.
pub const SHOWN_ROWS: usize = 10;
/// Pairs of values that a sentence names.
const NAMED: usize = 3;

/// What makes the served rows as they should be, as far as one suspect says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Repair {
    /// The suspect, as in `unit_scale(amount)`.
    pub suspect: String,
    /// Columns that are brought back to what training has.
    pub undo: Vec<Undo>,
    /// Rows that nothing brings back: they are left out.
    pub left_out: Vec<RowGroup>,
}

impl Repair {
    /// What its findings say that undoes it.
    ///
    /// # Errors
    /// When nothing does: the problem says why, and what to do instead.
    pub fn of(suspect: &Suspect, findings: &[Finding]) -> Result<Self, Problem> {
        let own = || {
            let is_its = |finding: &&Finding| suspect.findings.contains(&finding.id);
            findings.iter().filter(is_its).filter(|finding| finding.verdict == Verdict::Mismatch)
        };
        let mut undo: Vec<Undo> = Vec::new();
        for one in own().flat_map(|finding| &finding.undo) {
            if !undo.iter().any(|known| known.column == one.column && known.within == one.within) {
                undo.push(one.clone());
            }
        }
        let windows = own().filter(|finding| finding.cause == Some(Cause::OutageWindow));
        let windows = windows.filter_map(|finding| finding.since).filter(|since| since.extent == Extent::Window);
        let left_out: Vec<RowGroup> =
            windows.map(|since| RowGroup::Window { from_ms: since.from_ms, to_ms: since.to_ms }).collect();
        if undo.is_empty() && left_out.is_empty() {
            return Err(Problem::bad_input(format!(
                "Nothing in the data undoes this suspect ({}): what the rows should hold is not in them. To settle it: {}",
                suspect.cause.words(),
                if suspect.settle.is_empty() { "compare single rows with their source." } else { &suspect.settle }
            )));
        }
        Ok(Self { suspect: suspect.key(), undo, left_out })
    }

    /// What is done, a sentence for each.
    pub fn steps(&self) -> Vec<String> {
        let left_out = self.left_out.iter().map(|group| format!("Rows {} are left out.", inside(group)));
        self.undo.iter().map(step).chain(left_out).collect()
    }
}

fn step(undo: &Undo) -> String {
    let (column, within) = (name(&undo.column), undo.within.as_ref());
    let only = within.map_or_else(String::new, |group| format!(", only in rows {}", inside(group)));
    match &undo.by {
        UndoBy::Line { scale, offset } if *offset == 0.0 => format!("{column} is {}{only}.", scaled(*scale)),
        UndoBy::Line { scale, offset } if *scale == 1.0 => {
            format!("{} is subtracted from {column}{only}.", number(*offset))
        }
        UndoBy::Line { scale, offset } => {
            format!("{} is subtracted from {column}, and the rest is {}{only}.", number(*offset), scaled(*scale))
        }
        UndoBy::Clock { hours } => format!("{column} is turned back by {} hours{only}.", number(*hours)),
        UndoBy::Column { from } => format!("{column} gets the values of {}{only}.", name(from)),
        UndoBy::Values { pairs } => {
            let shown = pairs.iter().take(NAMED);
            let shown: Vec<String> =
                shown.map(|pair| format!("{} becomes {}", values(&[&pair.served]), values(&[&pair.trained]))).collect();
            let more = pairs.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(", and {} more", count(more as u64)) } else { String::new() };
            format!("In {column}, {}{more}{only}.", shown.join(", "))
        }
    }
}

/// How a factor is undone, with a number over one where the factor is positive.
fn scaled(scale: f64) -> String {
    if 0.0 < scale && scale < 1.0 {
        format!("multiplied by {}", number(1.0 / scale))
    } else {
        format!("divided by {}", number(scale))
    }
}

fn inside(group: &RowGroup) -> String {
    match group {
        RowGroup::Values { column, values: of } => {
            format!("where {} is {}", name(column), values(of))
        }
        RowGroup::Window { from_ms, to_ms } => {
            format!("from {} to {}", format::time(*from_ms), format::time(*to_ms))
        }
    }
}

/// The served rows before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RepairedRows {
    pub repair: Repair,
    /// What is done, in words.
    pub steps: Vec<String>,
    /// Rows that were looked at; fewer than there are when the table was sampled.
    pub examined: u64,
    pub total: u64,
    /// Rows of these in which a value changed, and rows that were left out.
    pub changed: u64,
    pub left_out: u64,
    /// The columns that change.
    pub columns: Vec<String>,
    /// The first rows in which something changed.
    pub first: Vec<RepairedRow>,
}

/// One row of the table; each list has a cell for each column that changes, null for a missing value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RepairedRow {
    /// Its place in the table, from 1.
    pub row: u64,
    pub before: Vec<Option<String>>,
    /// Absent where the row was left out.
    #[schema(required)]
    pub after: Option<Vec<Option<String>>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ValuePair;

    #[test]
    fn each_step_is_a_sentence() {
        let country = RowGroup::Values { column: "country".into(), values: vec!["CH".into()] };
        let pair = |served: &str, trained: &str| ValuePair { served: served.into(), trained: trained.into() };
        let repair = Repair {
            suspect: "unit_scale(amount)".into(),
            undo: vec![
                Undo::line("amount", 1_000.0, 0.0),
                Undo { within: Some(country), ..Undo::line("age", 1.0, 5.0) },
                Undo::new("sex", UndoBy::Values { pairs: vec![pair("1", "2"), pair("2", "1")] }),
                Undo::new("low", UndoBy::Column { from: "high".into() }),
                Undo::line("price", 0.001, 0.0),
            ],
            left_out: vec![RowGroup::Window { from_ms: 0, to_ms: 3_600_000 }],
        };
        let steps = repair.steps();
        assert_eq!(steps.len(), 6);
        assert!(steps[0].ends_with("is divided by 1,000."), "{}", steps[0]);
        assert!(steps[1].contains("5 is subtracted from") && steps[1].contains("only in rows where"), "{}", steps[1]);
        assert!(steps[2].contains("becomes") && steps[3].contains("gets the values of"), "{steps:?}");
        assert_eq!(steps[4], "price is multiplied by 1,000.");
        assert!(steps[5].starts_with("Rows from 1970-01-01") && steps[5].ends_with("are left out."), "{}", steps[5]);
    }
}
