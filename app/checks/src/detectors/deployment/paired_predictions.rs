//! P1.paired_predictions: does the released model answer?

use crate::detectors::joins;
use crate::detectors::words::{name, names, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::ROW_MISMATCH;
use domain::measurements::Measurements;
use domain::measurements::row_join::JoinedColumn;
use domain::{Cause, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: "P1.paired_predictions",
    item: Item::P1,
    title: "Answers of the released model",
    looks_for: "Answers that are not those of the released model for the same rows, beside what each side says its version is.",
    why_it_matters: "A container with last month's model starts, answers and looks healthy; only its answers give it away.",
    how_it_decides: "Serve and offline are joined by id. Other answers (as for S3.paired_predictions) in rows where the two sides name other versions are a mismatch. With the same version, or none, other answers on equal features are possible: a version written into the log proves nothing about the file that was loaded.",
    try_next: "Compare the digest of the model file in the running container with the one that was evaluated and registered.",
    causes: &[Cause::WrongModelVersion],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let (join, answers) = match joins::joined_answers(measurements) {
        Ok(joined) => joined,
        Err(missing) => return missing,
    };
    let all: Vec<&str> = answers.iter().map(|column| column.column.as_str()).collect();
    let summary = format!("Compared {} with those of the training pipeline's model.", names(&all));
    let other: Vec<&JoinedColumn> =
        answers.into_iter().filter(|column| joins::verdict(column, column.changed) == Verdict::Mismatch).collect();
    let Some(most) = other.iter().max_by_key(|column| column.changed) else {
        return Judgement::Judged { summary, findings: Vec::new() };
    };
    let versions = measurements.roles.version.as_deref().and_then(|version| join.column(version));
    let other_version = versions.filter(|versions| versions.differing().value() >= ROW_MISMATCH);
    let equal = join.answers_differ_on_equal_features;
    let same_inputs = equal.is_some_and(|equal| equal.n > 0 && equal.value() >= ROW_MISMATCH);
    let (verdict, reason) = match other_version {
        Some(versions) => {
            let share = percent(versions.differing().value());
            (Verdict::Mismatch, format!("and {} names another version in {share} of the rows", name(&versions.column)))
        }
        None if same_inputs => (Verdict::Possible, "though the features agree".to_owned()),
        None if equal.is_none() => (Verdict::Possible, "and no features are there that could explain it".to_owned()),
        None => return Judgement::Judged { summary, findings: Vec::new() },
    };
    let columns: Vec<&str> = other.iter().map(|column| column.column.as_str()).collect();
    let statement = format!(
        "The service answers otherwise than the released model in {}, {reason}: another model may be running.",
        joins::rows_in_words(most.changed, most.rows)
    );
    let effect = joins::effect(most, most.changed);
    let finding = DETECTOR.finding(verdict, &columns, statement, effect, joins::certainty());
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
        // Another name for the same answers is nothing.
        assert!(judge(&measured(vec![column("score", 0, None), versions])).findings().is_empty());
    }
}
