//! T3.entity_overlap: do entities of the test rows also have training rows?

use crate::detectors::rates::RateChange;
use crate::detectors::words::{count, name, of, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{OVERLAP_ENTITIES, SIGNIFICANCE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::overlap::{EntityOverlap, SplitOverlap};
use domain::need::Need;
use domain::snapshot::ColumnRole;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::wilson;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("T3.entity_overlap"),
    item: Item::T3,
    title: "Entities in two splits",
    looks_for: "Entities (customers, devices or patients) with rows in training and also in the test (or validation) set.",
    why_it_matters: "The model can recognise the entity instead of learning the relation. On new entities it performs worse than the test shows.",
    how_it_decides: "The share of rows in the later split whose entity also has rows in the earlier split: {OVERLAP_ENTITIES:%} is a mismatch. It is only possible if the split is by time and entities return as often as they do within training (p over {SIGNIFICANCE} for a difference): then the same entities will also return in serving.",
    try_next: "Split by entity: keep all rows of one entity in the same split. Then compare the score.",
    causes: &[Cause::EntityOverlap],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.split_overlaps.is_empty() {
        return Judgement::missing(Need::splits());
    }
    let pairs: Vec<(&SplitOverlap, &EntityOverlap)> =
        measurements.split_overlaps.iter().filter_map(|pair| Some((pair, pair.entities.as_ref()?))).collect();
    if pairs.is_empty() {
        return Judgement::missing(Need::column(ColumnRole::Group));
    }
    let entities = pairs.iter().map(|(_, entities)| entities.entities.n).sum();
    let summary = format!("Searched for {} in an earlier split.", count(entities, "entity"));
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
        "{} of the {later} rows have a {} that also has {earlier} rows.",
        percent(share.value),
        name(&entities.column),
    );
    let effect = Effect::new("shared_entity_rows", share.value, OVERLAP_ENTITIES).with_interval(share.low, share.high);
    let mut finding = DETECTOR.finding(verdict, &[&entities.column], statement, effect, Certainty::exact());
    finding.id = Finding::id_of(&DETECTOR.id, &[entities.column.clone(), earlier.to_owned(), later.to_owned()]);
    let n = (entities.repeated.n, entities.shared.n);
    Some(
        finding
            .for_cause(Cause::EntityOverlap)
            .with_n(earlier, n.0)
            .with_n(later, n.1)
            .with_evidence(format!("{later} rows with a shared entity"), of(entities.shared.hits, entities.shared.n))
            .with_evidence("shared entities", entities.entities.hits.to_string())
            .with_evidence(
                format!("{earlier} rows that share their entity with another {earlier} row"),
                percent(by_nature.before()),
            ),
    )
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
        // Within train 8 % of the rows share an entity; 30 % in the test set is more.
        assert_eq!(judged(210, 80, true)[0].verdict, Verdict::Mismatch);
        // As often as within train, and the split is by time.
        assert_eq!(judged(56, 80, true)[0].verdict, Verdict::Possible);
        // In a random split, it is the classic mistake.
        assert_eq!(judged(56, 80, false)[0].verdict, Verdict::Mismatch);
        assert!(judged(0, 400, true).is_empty());
    }
}
