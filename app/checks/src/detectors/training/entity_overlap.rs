//! T3.entity_overlap: are the entities of the test rows among those of the training rows?

use crate::detectors::rates::RateChange;
use crate::detectors::training::row_overlap::SPLITS;
use crate::detectors::words::{count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{OVERLAP_ENTITIES, SIGNIFICANCE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::overlap::{EntityOverlap, SplitOverlap};
use domain::{Cause, Finding, Item, Verdict};
use stats::intervals::wilson;

pub static DETECTOR: Detector = Detector {
    id: "T3.entity_overlap",
    item: Item::T3,
    title: "Entities in two splits",
    looks_for: "Customers, devices or patients with rows in training and in the test (or validation) set.",
    why_it_matters: "The model can recognise the entity instead of learning the relation. On entities it has never met it does worse than the test says.",
    how_it_decides: "Later rows whose entity also has earlier rows: 1 % is a mismatch. Where the split is by time and entities come back as often as they do within training (p over 0.01 for a difference), nobody promised to keep them apart, and they will come back at serving too: then it is possible only.",
    try_next: "Split by entity, keep all rows of one together, and compare the score.",
    causes: &[Cause::EntityOverlap],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.split_overlaps.is_empty() {
        return Judgement::missing(SPLITS);
    }
    let pairs: Vec<(&SplitOverlap, &EntityOverlap)> =
        measurements.split_overlaps.iter().filter_map(|pair| Some((pair, pair.entities.as_ref()?))).collect();
    if pairs.is_empty() {
        return Judgement::missing("the name of the column that says which entity a row is about (group)");
    }
    let entities = pairs.iter().map(|(_, entities)| entities.entities.n).sum();
    let summary =
        format!("Looked for {} in an earlier split.", count(entities, "entity").replace("entitys", "entities"));
    let findings = pairs.into_iter().filter_map(|(pair, entities)| shared(pair, entities)).collect();
    Judgement::Judged { summary, findings }
}

fn shared(pair: &SplitOverlap, entities: &EntityOverlap) -> Option<Finding> {
    let share = wilson(entities.shared);
    if entities.shared.hits == 0 || share.value < OVERLAP_ENTITIES {
        return None;
    }
    let by_nature = RateChange::new(entities.repeated, entities.shared);
    let ordered = pair.times.as_ref().is_some_and(|times| times.before_end.hits == 0);
    let verdict = if ordered && by_nature.p > SIGNIFICANCE { Verdict::Possible } else { Verdict::Mismatch };
    let (earlier, later) = (pair.earlier.id(), pair.later.id());
    let statement = format!(
        "{} of the {later} rows ({} of {}) are about {} of {} that also has {earlier} rows; within {earlier}, {} of the rows share theirs.",
        percent(share.value),
        entities.shared.hits,
        entities.shared.n,
        if entities.entities.hits == 1 {
            "an entity".to_owned()
        } else {
            format!("one of {} entities", entities.entities.hits)
        },
        name(&entities.column),
        percent(by_nature.before()),
    );
    let effect = Effect::new("shared_entity_rows", share.value, OVERLAP_ENTITIES).with_interval(share.low, share.high);
    let mut finding = DETECTOR.finding(verdict, &[&entities.column], statement, effect, Certainty::exact());
    finding.id = Finding::id_of(DETECTOR.id, &[entities.column.clone(), earlier.to_owned(), later.to_owned()]);
    let n = (entities.repeated.n, entities.shared.n);
    Some(finding.for_cause(Cause::EntityOverlap).with_n(earlier, n.0).with_n(later, n.1))
}

#[cfg(test)]
mod tests {
    use super::super::row_overlap::tests::pair;
    use super::*;
    use domain::measurements::overlap::TimeOverlap;
    use stats::intervals::Share;

    fn judged(shared: u64, repeated: u64, ordered: bool) -> Vec<Finding> {
        let entities = Some(EntityOverlap {
            column: "customer".into(),
            shared: Share::new(shared, 700),
            entities: Share::new(shared, 650),
            repeated: Share::new(repeated, 1_000),
        });
        let times = ordered.then(|| TimeOverlap {
            column: "at".into(),
            before_end: Share::new(0, 700),
            after_start: Share::new(0, 1_000),
            ks_statistic: 1.0,
            earlier_end_ms: 5,
            later_start_ms: 6,
        });
        judge(&Measurements {
            split_overlaps: vec![SplitOverlap { entities, times, ..pair() }],
            ..Measurements::default()
        })
        .findings()
    }

    #[test]
    fn a_broken_split_by_entity_is_a_mismatch_and_returning_customers_are_possible() {
        // Within train 8 % come back; 30 % in the test set is more than nature.
        assert_eq!(judged(210, 80, true)[0].verdict, Verdict::Mismatch);
        // As often as nature has it, and the split is by time.
        assert_eq!(judged(56, 80, true)[0].verdict, Verdict::Possible);
        // Dealt out at random, it is the classic mistake.
        assert_eq!(judged(56, 80, false)[0].verdict, Verdict::Mismatch);
        assert!(judged(0, 400, true).is_empty());
    }
}
