//! P1.paired_predictions: does the released model compute the served predictions?

use crate::detectors::joins;
use crate::detectors::words::{name, names, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::ROW_MISMATCH;
use domain::DetectorId;
use domain::measurements::Measurements;
use domain::measurements::row_join::JoinedColumn;
use domain::{Cause, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("P1.paired_predictions"),
    item: Item::P1,
    title: "Predictions of the released model",
    looks_for: "Served predictions that differ from the released model's predictions for the same rows, together with the model version that each side names.",
    why_it_matters: "A container with last month's model starts, responds and looks healthy. Only its predictions show that it is the wrong model.",
    how_it_decides: "Serve and offline are joined by id. Predictions differ as in S3.paired_predictions (at least {ROW_MISMATCH:%} of the rows). It is a mismatch when they differ and the two sides also name different versions in at least {ROW_MISMATCH:%} of the rows. When the versions are equal or missing, it is possible when predictions differ on rows with equal features or there are no features: a version in the log does not prove which file was loaded.",
    try_next: "Compare the digest of the model file in the running container with the digest of the evaluated and registered file.",
    causes: &[Cause::WrongModelVersion],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let (join, answers) = match joins::joined_answers(measurements) {
        Ok(joined) => joined,
        Err(missing) => return missing,
    };
    let all: Vec<&str> = answers.iter().map(|column| column.column.as_str()).collect();
    let summary = format!("Compared {} with the values of the training pipeline's model.", names(&all));
    let other: Vec<&JoinedColumn> =
        answers.into_iter().filter(|column| joins::verdict(column, column.changed) == Verdict::Mismatch).collect();
    let Some(most) = other.iter().max_by_key(|column| column.changed) else {
        return Judgement::Judged { summary, findings: Vec::new() };
    };
    let versions = measurements.roles.version().and_then(|version| join.column(version));
    let other_version = versions.filter(|versions| versions.differing().value() >= ROW_MISMATCH);
    let equal = join.answers_differ_on_equal_features;
    let same_inputs = equal.is_some_and(|equal| equal.n > 0 && equal.value() >= ROW_MISMATCH);
    let (verdict, reason) = match other_version {
        Some(versions) => {
            let share = percent(versions.differing().value());
            (Verdict::Mismatch, format!("{} differs in {share} of the rows", name(&versions.column)))
        }
        None if same_inputs => (Verdict::Possible, "predictions differ although the features are equal".to_owned()),
        None if equal.is_none() => (Verdict::Possible, "there are no features that could explain it".to_owned()),
        None => return Judgement::Judged { summary, findings: Vec::new() },
    };
    let columns: Vec<&str> = other.iter().map(|column| column.column.as_str()).collect();
    let statement = format!(
        "The service may run another model: its predictions differ from the released model's in {} of the rows.",
        percent(most.changed as f64 / most.rows.max(1) as f64)
    );
    let effect = joins::effect(most, most.changed);
    let finding = DETECTOR
        .finding(verdict, &columns, statement, effect, joins::certainty())
        .with_evidence("rows that differ", joins::rows_in_words(most.changed, most.rows))
        .with_evidence("why another model", reason);
    let finding = joins::proven(finding, most, join, None).for_cause(Cause::WrongModelVersion);
    Judgement::Judged { summary, findings: vec![finding] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::features::row_mismatch_tests::{column, measured};
    use domain::measurements::row_join::JoinedKind;

    #[test]
    fn another_version_makes_it_a_mismatch_and_none_leaves_it_possible() {
        let alone = judge(&measured(vec![column("score", 900, None)])).findings();
        assert_eq!((alone[0].verdict, alone[0].cause), (Verdict::Possible, Some(Cause::WrongModelVersion)));
        let versions = JoinedColumn { kind: JoinedKind::Words, ..column("version", 1000, None) };
        let named = judge(&measured(vec![column("score", 900, None), versions.clone()])).findings();
        assert_eq!(
            (named[0].verdict, named[0].columns.as_slice()),
            (Verdict::Mismatch, ["score".to_owned()].as_slice())
        );
        // Another version name with equal predictions is not a finding.
        assert!(judge(&measured(vec![column("score", 0, None), versions])).findings().is_empty());
    }
}
