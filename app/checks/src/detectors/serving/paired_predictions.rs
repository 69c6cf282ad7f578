//! S3.paired_predictions: does the service answer as the tested model does, on the same rows?

use crate::detectors::joins;
use crate::detectors::words::{count, name, names, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{ROW_MISMATCH, SMALLEST_SAMPLE};
use domain::measurements::Measurements;
use domain::measurements::row_join::{JoinedColumn, RowJoin};
use domain::{Cause, Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: "S3.paired_predictions",
    item: Item::S3,
    title: "Offline and online answers",
    looks_for: "Rows for which the service gave another prediction or score than the tested pipeline gives.",
    why_it_matters: "Whatever was measured offline then says nothing about what users get: another model, another library or another code path answers.",
    how_it_decides: "Serve and offline are joined by id. 2 % of rows with another answer are a mismatch, from 0.2 % possible; scores count when they usually differ by at least a hundredth of their standard deviation. Rows without an answer on a side are left to other checks. Where the features are there too, it is a mismatch only if the answers differ on rows in which all features agree: else the features are the reason, and it is possible.",
    try_next: "Score ten of the listed rows with the released model, once with the offline and once with the served features: if only the features change the answer, look there; else compare model file and library versions.",
    causes: &[Cause::OfflineOnlineMismatch],
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
        "The service's {} is another one than the training pipeline's in {}{}.",
        name(&column.column),
        joins::rows_in_words(column.changed, column.rows),
        where_features_agree(join),
    );
    let effect = joins::effect(column, column.changed);
    let finding = DETECTOR.finding(verdict, &[&column.column], statement, effect, joins::certainty());
    Some(joins::proven(finding, column, join, None).for_cause(Cause::OfflineOnlineMismatch))
}

/// Whether other answers are a fault of their own: no features to blame, or the answers differ where all of them agree.
fn features_agree(join: &RowJoin) -> bool {
    join.answers_differ_on_equal_features
        .is_none_or(|equal| equal.n as f64 >= SMALLEST_SAMPLE && equal.value() >= ROW_MISMATCH)
}

/// What the rows with equal features say.
fn where_features_agree(join: &RowJoin) -> String {
    match join.answers_differ_on_equal_features {
        Some(equal) if equal.n > 0 && equal.value() >= ROW_MISMATCH => format!(
            "; where all features agree, in {} of {}: the features are not the reason",
            percent(equal.value()),
            count(equal.n, "row")
        ),
        Some(equal) if equal.n > 0 => {
            format!("; where all features agree ({}), in {}", count(equal.n, "row"), percent(equal.value()))
        }
        Some(_) => "; some feature differs in every row".into(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::features::row_mismatch_tests::{column, measured};
    use stats::intervals::Share;

    #[test]
    fn other_answers_on_the_same_rows_are_a_mismatch() {
        let mut measurements = measured(vec![column("answer", 200, None), column("score", 1000, None)]);
        let found = judge(&measurements).findings();
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|finding| finding.verdict == Verdict::Mismatch));
        assert_eq!(found[0].cause, Some(Cause::OfflineOnlineMismatch));
        if let Some(join) = &mut measurements.row_join {
            join.answers_differ_on_equal_features = Some(Share::new(900, 1000));
        }
        let statement = &judge(&measurements).findings()[0].statement;
        assert!(statement.contains("the features are not the reason"), "{statement}");
    }

    #[test]
    fn answers_that_follow_their_features_are_no_fault_of_their_own() {
        let mut measurements = measured(vec![column("score", 300, None)]);
        for equal in [Share::new(1, 700), Share::new(0, 0)] {
            if let Some(join) = &mut measurements.row_join {
                join.answers_differ_on_equal_features = Some(equal);
            }
            assert_eq!(judge(&measurements).findings()[0].verdict, Verdict::Possible);
        }
    }

    #[test]
    fn equal_answers_and_rounded_scores_are_no_mismatch() {
        assert!(judge(&measured(vec![column("answer", 1, None)])).findings().is_empty());
        let rounded = JoinedColumn { typical_change: Some(0.0001), ..column("score", 1000, None) };
        assert_eq!(judge(&measured(vec![rounded])).findings()[0].verdict, Verdict::Possible);
        // Answers that are not there are another fault.
        let gone = JoinedColumn { missing_serve: 100, ..column("score", 0, None) };
        assert!(judge(&measured(vec![gone])).findings().is_empty());
    }
}
