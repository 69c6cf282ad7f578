//! D3.repeated_ids: does an id that names one row in one table name several in another?

use crate::detectors::sides;
use crate::detectors::words::{count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{REPEATED_IDS, REPEATED_IDS_POSSIBLE, REPEATED_IDS_UNIQUE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, Tables};
use domain::profile::{DISTINCT_CAP, Profile};
use domain::snapshot::{ColumnRole, SnapshotRole};
use domain::{Cause, DetectorId, Finding, Item, Task, Verdict};
use stats::intervals::Share;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D3.repeated_ids"),
    item: Item::D3,
    title: "Repeated ids",
    looks_for: "Rows that repeat the id of another row, where another table has one row for each id.",
    why_it_matters: "A join that matches several rows of the other table copies the row that drives it. Copies count several times in every figure, and the model is trained on them several times.",
    how_it_decides: "Counts the rows beyond the first of each id. A mismatch: they are {REPEATED_IDS:%} of the rows or more, and in another table at most {REPEATED_IDS_UNIQUE:%}. Possible from {REPEATED_IDS_POSSIBLE:%} on, or where there is no other table that shows that the id is unique. Ids that repeat in every table name something else than a row and give no finding..",
    try_next: "Take one of the repeated ids and count its rows before and after each join that builds the table.",
    causes: &[Cause::RowsMultiplied],
    tasks: Task::ALL,
    judge,
};

/// One table whose ids were counted.
struct Counted {
    role: SnapshotRole,
    /// Rows beyond the first of each id, of all rows with an id.
    surplus: Share,
}

fn judge(measurements: &Measurements) -> Judgement {
    let Some(id) = measurements.roles.id() else { return Judgement::missing(Need::column(ColumnRole::Id)) };
    let counted: Vec<Counted> = sides::tables(measurements)
        .filter_map(|(role, profile)| Some(Counted { role, surplus: surplus(profile, id)? }))
        .collect();
    if counted.is_empty() {
        return Judgement::missing(Tables::all([SnapshotRole::Serve]).with([ColumnRole::Id]));
    }
    let findings = counted.iter().filter_map(|table| repeated(id, table, &counted)).collect();
    let summary = format!("Counted repeated ids in {}.", count(counted.len() as u64, "snapshot"));
    Judgement::Judged { summary, findings }
}

/// `None` without values, or with more different ones than are counted.
fn surplus(profile: &Profile, id: &str) -> Option<Share> {
    let column = profile.column(id)?;
    let given = column.non_null();
    let is_counted = given > 0 && column.distinct < DISTINCT_CAP;
    is_counted.then(|| Share::new(given.saturating_sub(column.distinct), given))
}

fn repeated(id: &str, table: &Counted, all: &[Counted]) -> Option<Finding> {
    let share = table.surplus.value();
    let others: Vec<f64> =
        all.iter().filter(|other| other.role != table.role).map(|other| other.surplus.value()).collect();
    let is_unique_elsewhere = others.iter().any(|other| *other <= REPEATED_IDS_UNIQUE);
    if share < REPEATED_IDS_POSSIBLE || !others.is_empty() && !is_unique_elsewhere {
        return None;
    }
    let is_certain = is_unique_elsewhere && share >= REPEATED_IDS;
    let verdict = if is_certain { Verdict::Mismatch } else { Verdict::Possible };
    let side = table.role.id();
    let elsewhere = if is_unique_elsewhere { ", although elsewhere each id has one row" } else { "" };
    let statement = format!("{} of the {side} rows repeat the {} of another row{elsewhere}.", percent(share), name(id));
    let effect = Effect::new("repeated_share", share, REPEATED_IDS);
    let mut finding = DETECTOR
        .finding(verdict, &[id], statement, effect, Certainty::exact())
        .for_cause(Cause::RowsMultiplied)
        .with_n(side, table.surplus.n)
        .with_evidence("rows that repeat an id", count(table.surplus.hits, "row"));
    finding.id = Finding::id_of(&DETECTOR.id, &[id.to_owned(), side.to_owned()]);
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{profile, words};

    /// A table whose first `repeated` ids occur twice.
    fn of(ids: usize, repeated: usize, prefix: &str) -> Profile {
        let each = (0..ids).chain(0..repeated).map(|place| format!("{prefix}{place}"));
        profile(&vec![("order", words(each))])
    }

    fn verdicts(train: Option<Profile>, serve: Profile) -> Vec<Verdict> {
        let mut measurements = Measurements::default();
        measurements.roles.set(ColumnRole::Id, Some("order".into()));
        measurements.profiles.insert(SnapshotRole::Serve, serve);
        measurements.profiles.extend(train.map(|train| (SnapshotRole::Train, train)));
        judge(&measurements).findings().iter().map(|finding| finding.verdict).collect()
    }

    #[test]
    fn an_id_that_is_unique_in_training_and_repeats_in_serving_was_multiplied() {
        assert_eq!(verdicts(Some(of(900, 0, "a")), of(800, 140, "b")), [Verdict::Mismatch]);
        assert_eq!(verdicts(Some(of(900, 140, "a")), of(800, 0, "b")), [Verdict::Mismatch], "or the other way round");
        assert_eq!(verdicts(Some(of(900, 0, "a")), of(2_000, 10, "b")), [Verdict::Possible], "a few");
    }

    #[test]
    fn an_entity_that_repeats_everywhere_is_no_fault_and_one_table_alone_proves_nothing() {
        assert!(verdicts(Some(of(900, 300, "a")), of(800, 140, "b")).is_empty());
        assert_eq!(verdicts(None, of(800, 140, "b")), [Verdict::Possible]);
        assert!(verdicts(Some(of(900, 0, "a")), of(800, 0, "b")).is_empty());
    }
}
