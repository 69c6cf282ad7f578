//! S3.paired_predictions: does the service return the tested model's predictions for the same rows?

use crate::detectors::joins;
use crate::detectors::words::{count, name, names, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{ROW_MISMATCH, SMALLEST_SAMPLE};
use domain::DetectorId;
use domain::measurements::Measurements;
use domain::measurements::row_join::{JoinedColumn, RowJoin};
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::Share;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("S3.paired_predictions"),
    item: Item::S3,
    title: "Offline and online predictions",
    looks_for: "Rows for which the service returned another prediction or score than the tested pipeline.",
    why_it_matters: "If the predictions differ, the offline metrics do not describe the live service: another model, another library or another code path computes the predictions.",
    how_it_decides: "Serve and offline are joined by id. A different prediction in at least {ROW_MISMATCH:%} of the rows is a mismatch; from {ROW_MISMATCH_POSSIBLE:%} it is possible. Scores must typically differ by at least {ROW_CHANGE_SIZE} standard deviations to be a mismatch. Other checks cover rows without a prediction on one side. When features are available on both sides, it is a mismatch only if predictions also differ in at least {ROW_MISMATCH:%} of the rows with equal features (of at least {SMALLEST_SAMPLE} such rows). Otherwise the features explain the difference, and the result is possible.",
    try_next: "Score ten of the listed rows with the released model, once with the offline features and once with the served features. If only the features change the prediction, look for the cause in the features. Otherwise compare the model files and the library versions.",
    causes: &[Cause::OfflineOnlineMismatch],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let (join, answers) = match joins::joined_answers(measurements) {
        Ok(joined) => joined,
        Err(missing) => return missing,
    };
    let columns: Vec<&str> = answers.iter().map(|column| column.column.as_str()).collect();
    let summary = format!("Compared {} in {}.", names(&columns), count(join.matched, "joined row"));
    Judgement::Judged { summary, findings: answers.iter().filter_map(|column| differs(column, join)).collect() }
}

fn differs(column: &JoinedColumn, join: &RowJoin) -> Option<Finding> {
    let verdict = match joins::verdict(column, column.changed) {
        Verdict::Clear => return None,
        verdict if features_agree(join) => verdict,
        _ => Verdict::Possible,
    };
    let statement = format!(
        "The service and the training pipeline give a different {} for {} of the same rows{}.",
        name(&column.column),
        percent(column.changed as f64 / column.rows.max(1) as f64),
        if excludes_features(join) { ", although all features are equal" } else { "" },
    );
    let effect = joins::effect(column, column.changed);
    let finding = DETECTOR
        .finding(verdict, &[&column.column], statement, effect, joins::certainty())
        .with_evidence("rows that differ", joins::rows_in_words(column.changed, column.rows));
    let finding = joins::proven(finding, column, join, None).for_cause(Cause::OfflineOnlineMismatch);
    Some(match join.answers_differ_on_equal_features {
        Some(equal) => finding.with_evidence("rows with equal features", on_equal_features(equal)),
        None => finding,
    })
}

/// Whether the features cannot explain the difference: there are none, or predictions differ where all features are equal.
fn features_agree(join: &RowJoin) -> bool {
    join.answers_differ_on_equal_features
        .is_none_or(|equal| equal.n as f64 >= SMALLEST_SAMPLE && equal.value() >= ROW_MISMATCH)
}

/// Whether rows with equal features show that the features are not the reason.
fn excludes_features(join: &RowJoin) -> bool {
    join.answers_differ_on_equal_features.is_some_and(|equal| equal.n > 0 && equal.value() >= ROW_MISMATCH)
}

fn on_equal_features(equal: Share) -> String {
    match equal.n {
        0 => "none: at least one feature differs in every row".into(),
        n => format!("{}, predictions differ in {}", count(n, "row"), percent(equal.value())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::features::row_mismatch_tests::{column, measured};

    #[test]
    fn different_predictions_for_the_same_rows_are_a_mismatch() {
        let mut measurements = measured(vec![column("answer", 200, None), column("score", 1000, None)]);
        let found = judge(&measurements).findings();
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|finding| finding.verdict == Verdict::Mismatch));
        assert_eq!(found[0].cause, Some(Cause::OfflineOnlineMismatch));
        if let Some(join) = &mut measurements.row_join {
            join.answers_differ_on_equal_features = Some(Share::new(900, 1000));
        }
        let statement = &judge(&measurements).findings()[0].statement;
        assert!(statement.contains("although all features are equal"), "{statement}");
    }

    #[test]
    fn predictions_that_differ_with_their_features_are_possible() {
        let mut measurements = measured(vec![column("score", 300, None)]);
        for equal in [Share::new(1, 700), Share::new(0, 0)] {
            if let Some(join) = &mut measurements.row_join {
                join.answers_differ_on_equal_features = Some(equal);
            }
            assert_eq!(judge(&measurements).findings()[0].verdict, Verdict::Possible);
        }
    }

    #[test]
    fn equal_predictions_and_rounded_scores_are_not_a_mismatch() {
        assert!(judge(&measured(vec![column("answer", 1, None)])).findings().is_empty());
        let rounded = JoinedColumn { typical_change: Some(0.0001), ..column("score", 1000, None) };
        assert_eq!(judge(&measured(vec![rounded])).findings()[0].verdict, Verdict::Possible);
        // Missing predictions are another fault.
        let gone = JoinedColumn { missing_serve: 100, ..column("score", 0, None) };
        assert!(judge(&measured(vec![gone])).findings().is_empty());
    }
}
