//! Serve rows joined with offline rows, as the detectors read them.

use crate::thresholds::{ROW_CHANGE_SIZE, ROW_MISMATCH, ROW_MISMATCH_POSSIBLE, SMALLEST_SAMPLE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::row_join::{JoinedColumn, RowJoin};
use domain::need::{Joined, Tables};
use domain::snapshot::{ColumnRole, SnapshotRole};
use domain::{Finding, Verdict};
use stats::intervals::wilson;

use super::Judgement;
use super::words::{count, number, percent};

/// The join, when it has rows enough to be judged.
pub fn joined(measurements: &Measurements) -> Result<&RowJoin, Judgement> {
    let Some(join) = &measurements.row_join else {
        let given = |role| measurements.profile(role).is_some();
        let missing = match (given(SnapshotRole::Serve), given(SnapshotRole::Offline)) {
            (true, true) => Joined::Key,
            _ => Joined::Values,
        };
        return Err(Judgement::missing(missing));
    };
    if (join.matched as f64) < SMALLEST_SAMPLE {
        let needed = SMALLEST_SAMPLE as u64;
        return Err(Judgement::missing(Joined::Rows { key: join.id.clone(), needed, found: join.matched }));
    }
    Ok(join)
}

/// The join with the predictions and scores that both sides have.
pub fn joined_answers(measurements: &Measurements) -> Result<(&RowJoin, Vec<&JoinedColumn>), Judgement> {
    let join = joined(measurements)?;
    let is_answer = |column: &&JoinedColumn| {
        matches!(measurements.roles.of(&column.column), ColumnRole::Prediction | ColumnRole::Score)
    };
    let answers: Vec<&JoinedColumn> = join.columns.iter().filter(is_answer).collect();
    if answers.is_empty() {
        return Err(Judgement::missing(
            Tables::all([SnapshotRole::Serve, SnapshotRole::Offline]).with([ColumnRole::Prediction, ColumnRole::Score]),
        ));
    }
    Ok((join, answers))
}

/// How a column is judged by `rows` of its rows that differ: by their share, and for numbers by the usual size of the
/// difference, under which a share of any size is merely possible.
pub fn verdict(column: &JoinedColumn, rows: u64) -> Verdict {
    let share = rows as f64 / column.rows.max(1) as f64;
    let slight = column.typical_change.is_some_and(|size| size < ROW_CHANGE_SIZE);
    match share {
        share if share >= ROW_MISMATCH && !slight => Verdict::Mismatch,
        share if share >= ROW_MISMATCH_POSSIBLE => Verdict::Possible,
        _ => Verdict::Clear,
    }
}

/// The share of rows that differ, with its interval.
pub fn effect(column: &JoinedColumn, rows: u64) -> Effect {
    let share = wilson(stats::intervals::Share::new(rows, column.rows));
    Effect::new("differing_rows", share.value, ROW_MISMATCH).with_interval(share.low, share.high)
}

/// The certainty of a row-by-row comparison.
pub fn certainty() -> Certainty {
    Certainty::exact()
}

/// Adds the row counts, the examples and the importance of the column to a finding.
pub fn proven(finding: Finding, column: &JoinedColumn, join: &RowJoin, importance: Option<f64>) -> Finding {
    let mut finding =
        finding.with_n("serve", column.rows).with_n("offline", column.rows).with_importance(importance).with_evidence(
            "rows joined, only in serve, only in offline, left out",
            format!("{}, {}, {}, {}", join.matched, join.only_serve, join.only_offline, join.left_out),
        );
    if let Some(size) = column.typical_change {
        finding = finding.with_evidence("median change divided by the standard deviation", number(size));
    }
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "missing".into());
    column.pairs.iter().fold(finding, |finding, pair| {
        let label = format!("offline {} → serve {}", shown(&pair.offline), shown(&pair.serve));
        finding.with_evidence(label, count(pair.rows, "row"))
    })
}

/// In words: `1,600 of 1,600 rows (100 %)`.
pub fn rows_in_words(rows: u64, of: u64) -> String {
    format!(
        "{} of {} ({})",
        domain::number::count(rows),
        count(of, "joined row"),
        percent(rows as f64 / of.max(1) as f64)
    )
}
