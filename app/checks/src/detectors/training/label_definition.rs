//! T2.label_definition: does the label still mean at serving what it meant in training?

use crate::detectors::rates::RateChange;
use crate::detectors::words::{chance, count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, RELATION_CHANGE, RELATION_FOLD, RELATION_SAME_INPUTS};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::{Cause, Finding, Item, Verdict};
use stats::label_trust::{ClassRelation, RelationChange};
use stats::multiple::benjamini_hochberg;

pub static DETECTOR: Detector = Detector {
    id: "T2.label_definition",
    item: Item::T2,
    title: "The same rows under other labels",
    looks_for: "Serve rows that look like plain cases of one class and now carry another label, while the other classes keep theirs.",
    why_it_matters: "When somebody changes what counts as late, or fraud, or repaid, the model is as good as before and every figure about it falls.",
    how_it_decides: "Boosted trees learnt from train rows are asked about serve rows. In the confident half of a class the labels must disagree at least 10 points and 3 times more often than in train (p under 0.0001, corrected over the classes), with as many rows predicted to be of the class as before (within 5 points). One class only: the definition changed. Several classes: the relation between features and label changed (concept drift).",
    try_next: "Ask the owner of the label what changed in its definition, and when; then relabel the training rows with the new one.",
    causes: &[Cause::LabelDefinitionChange, Cause::ConceptDrift],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(label) = measurements.roles.label.as_deref() else {
        return Judgement::missing("the name of the label column");
    };
    let Some(relation) = measurements.labels.as_ref().and_then(|labels| labels.relation.as_ref()) else {
        return Judgement::missing("labels of at least 200 train rows and 200 serve rows, of two to ten classes");
    };
    let findings = changed(label, relation).into_iter().collect();
    let summary = format!(
        "Asked a classifier of {} about {} of which the labels are known.",
        count(relation.train_rows, "train row"),
        count(relation.serve_rows, "serve row")
    );
    Judgement::Judged { summary, findings }
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
    // With other rows to judge, other shares of right answers are to be expected.
    let verdict = if inputs <= RELATION_SAME_INPUTS { Verdict::Mismatch } else { Verdict::Possible };
    let (cause, what) = match moved.len() {
        1 => (Cause::LabelDefinitionChange, "Only this class is affected: the label may mean something else now"),
        _ => (Cause::ConceptDrift, "Several classes are affected: the features mean something else now"),
    };
    let statement = format!(
        "Rows that are plainly “{}” by their features have another {} in {} of serve rows against {} of train (q {}). {what}.",
        class.class,
        name(label),
        percent(change.after()),
        percent(change.before()),
        chance(q),
    );
    let effect = Effect::new("contradicted_difference", change.difference(), RELATION_CHANGE);
    let finding = DETECTOR.finding(verdict, &[label], statement, effect, Certainty::q(q)).for_cause(cause);
    let finding = finding.with_n("train", relation.train_rows).with_n("serve", relation.serve_rows);
    Some(relation.classes.iter().fold(finding, |finding, class| {
        let rates = [class.contradicted_train, class.contradicted_serve].map(|share| percent(share.value()));
        finding
            .with_evidence(format!("confident “{}” with another label, train and serve", class.class), rates.join(", "))
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
        measurements.roles.label = Some("repaid".into());
        let relation = Some(RelationChange { train_rows: 1_000, serve_rows: 1_000, classes });
        measurements.labels = Some(LabelMeasures { rows: 1_000, repeated: None, trust: None, given: None, relation });
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
