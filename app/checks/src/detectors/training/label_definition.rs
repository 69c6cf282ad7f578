//! T2.label_definition: does the label have the same definition in serving as in training?

use crate::detectors::rates::RateChange;
use crate::detectors::words::{count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, RELATION_CHANGE, RELATION_FOLD, RELATION_SAME_INPUTS};

mod change;
mod ripening;

use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, Tables};
use domain::snapshot::ColumnRole;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::label_trust::{ClassRelation, RelationChange};
use stats::multiple::benjamini_hochberg;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("T2.label_definition"),
    item: Item::T2,
    title: "Changed label definition",
    looks_for: "Serve rows whose label differs from the label of rows with the same features in train, and the columns where it differs.",
    why_it_matters: "If the definition of late, fraud or repaid changes, every metric of the model gets worse although the model is as good as before.",
    how_it_decides: "Boosted trees fitted out of fold to train rows give the expected label of train and serve rows (of a quantity: its rank). The rest that the features do not explain is compared. The definition changed if the rest moved by {LABEL_MOVED} or more with p under {CERTAINTY}, and the features did not move as they do when only the shares of the label change ({LABEL_SHIFT_ERRORS} standard errors), and {LABEL_MOVED_ITSELF:%} or more of the change is in the label itself. The relation changed if the rest moved differently along a column: by {RELATION_STRENGTH} standard deviations of the label, p under {CERTAINTY} after the correction over the columns; each further column must add to the stronger ones. If the label moved in one direction only (the other is under {RELATION_ONE_SIDED:%}), the definition changed. It is only possible if a feature with a strength of {RELATION_IMPORTANCE:%} or more drifted. For classes, a second test: in the confident half of a class, labels contradict the prediction on at least {RELATION_CHANGE:%} more of the rows and {RELATION_FOLD} times as often as in train, while the share of rows predicted as this class changed by at most {RELATION_SAME_INPUTS:%}. Labels are not complete yet if a class fades among the newest serve rows to {LABEL_FADED:%} of what is expected, after {LABEL_FADED_BEFORE:%} or more before, and the last rows have at most {LABEL_FADING:%} of the first that fade.",
    try_next: "Ask the owner of the label what changed in its definition, and when. Then relabel the training rows by the new definition.",
    causes: &[Cause::LabelDefinitionChange, Cause::ConceptDrift, Cause::LabelsNotRipe],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(label) = measurements.roles.label() else {
        return Judgement::missing(Need::column(ColumnRole::Label));
    };
    let labels = measurements.labels.as_ref();
    let change = labels.and_then(|labels| labels.change.as_ref());
    let relation = labels.and_then(|labels| labels.relation.as_ref());
    let summary = match (change, relation) {
        (Some(change), _) => format!(
            "Fitted trees to {} and compared what they expect with the labels of {}.",
            count(change.train_rows, "train row"),
            count(change.rows, &format!("{} row", change.against.id()))
        ),
        (None, Some(relation)) => format!(
            "Trained a classifier on {} and compared its predictions with the labels of {}.",
            count(relation.train_rows, "train row"),
            count(relation.serve_rows, "serve row")
        ),
        (None, None) => {
            return Judgement::missing(Tables::all([SnapshotRole::Train, SnapshotRole::Serve]).rows(60));
        }
    };
    // Where the trees compared the labels, they know what other shares of the classes alone would do.
    let found = match change {
        Some(change) => ripening::faded(label, change).or_else(|| change::changed(label, measurements, change)),
        None => relation.and_then(|relation| changed(label, relation)),
    };
    Judgement::Judged { summary, findings: found.into_iter().collect() }
}

fn changed(label: &str, relation: &RelationChange) -> Option<Finding> {
    let changes: Vec<(&ClassRelation, RateChange)> = relation
        .classes
        .iter()
        .map(|class| (class, RateChange::new(class.contradicted_train, class.contradicted_serve)))
        .collect();
    let q_values = benjamini_hochberg(&changes.iter().map(|(_, change)| change.p).collect::<Vec<f64>>());
    let moved: Vec<(&ClassRelation, RateChange, f64)> = changes
        .into_iter()
        .zip(q_values)
        .map(|((class, change), q)| (class, change, q))
        .filter(|(_, change, q)| {
            change.difference() >= RELATION_CHANGE && change.fold() >= RELATION_FOLD && *q < CERTAINTY
        })
        .collect();
    let (class, change, q) = moved
        .iter()
        .max_by(|a, b| a.1.difference().total_cmp(&b.1.difference()))
        .map(|(class, change, q)| (*class, *change, *q))?;
    let inputs = RateChange::new(class.predicted_train, class.predicted_serve).difference().abs();
    // If the rows changed, a different rate of right predictions is expected.
    let verdict = if inputs <= RELATION_SAME_INPUTS { Verdict::Mismatch } else { Verdict::Possible };
    let (cause, what) = match moved.len() {
        1 => (
            Cause::LabelDefinitionChange,
            "only this class is affected, so the definition of the label may have changed",
        ),
        _ => (
            Cause::ConceptDrift,
            "several classes are affected, so the relation between features and label may have changed",
        ),
    };
    let statement = format!(
        "Of the rows that clearly look like {} = “{}”, {} have a different label in serve, but only {} in train.",
        name(label),
        class.class,
        percent(change.after()),
        percent(change.before()),
    );
    let effect = Effect::new("contradicted_difference", change.difference(), RELATION_CHANGE);
    let finding = DETECTOR.finding(verdict, &[label], statement, effect, Certainty::q(q)).for_cause(cause);
    let finding = finding.with_n("train", relation.train_rows).with_n("serve", relation.serve_rows);
    let finding = finding.with_evidence("affected classes", what);
    Some(relation.classes.iter().fold(finding, |finding, class| {
        let rates = [class.contradicted_train, class.contradicted_serve].map(|share| percent(share.value()));
        finding.with_evidence(
            format!("confident “{}” with a different label, train and serve", class.class),
            rates.join(", "),
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::measurements::labels::LabelMeasures;
    use stats::intervals::Share;

    fn class(name: &str, train: u64, serve: u64, predicted_serve: u64) -> ClassRelation {
        ClassRelation {
            class: name.into(),
            predicted_train: Share::new(500, 1_000),
            predicted_serve: Share::new(predicted_serve, 1_000),
            contradicted_train: Share::new(train, 250),
            contradicted_serve: Share::new(serve, 250),
        }
    }

    fn judged(classes: Vec<ClassRelation>) -> Vec<Finding> {
        let mut measurements = Measurements::default();
        measurements.roles.set(ColumnRole::Label, Some("repaid".into()));
        let relation = Some(RelationChange { train_rows: 1_000, serve_rows: 1_000, classes });
        measurements.labels = Some(LabelMeasures { rows: 1_000, relation, ..LabelMeasures::default() });
        judge(&measurements).findings()
    }

    #[test]
    fn one_class_contradicted_is_a_new_definition_two_are_concept_drift() {
        let one = judged(vec![class("0", 8, 9, 500), class("1", 8, 80, 500)]);
        assert_eq!((one[0].verdict, one[0].cause), (Verdict::Mismatch, Some(Cause::LabelDefinitionChange)));
        let both = judged(vec![class("0", 8, 70, 500), class("1", 8, 80, 500)]);
        assert_eq!(both[0].cause, Some(Cause::ConceptDrift));
    }

    #[test]
    fn other_inputs_make_it_possible_only_and_chance_makes_it_clear() {
        assert_eq!(judged(vec![class("0", 8, 9, 250), class("1", 8, 80, 750)])[0].verdict, Verdict::Possible);
        assert!(judged(vec![class("0", 8, 9, 500), class("1", 8, 20, 500)]).is_empty());
    }
}
