//! Judging: every detector is run, and what they conclude is put on the map.

use domain::diagnosis::{ChecksMade, DetectorResult, ItemResult, LayerResult};
use domain::measurements::{Coverage, Measurements};
use domain::need::{MoreRows, in_words};
use domain::{Finding, Item, Layer, Need, SnapshotRole, Suspect, Task, Verdict};

use crate::detectors::classes::class_counts;
use crate::detectors::{self, Detector, Judgement};
use crate::since;
use crate::tools;

/// What a detector concludes of some measurements.
pub type Conclude<'a> = dyn Fn(&&'static Detector) -> Judgement + Sync + 'a;

/// Runs every detector and puts the results on the map.
pub fn judge(measurements: &Measurements) -> (Vec<LayerResult>, Vec<Finding>) {
    judge_by(measurements, |detectors, conclude| detectors.iter().map(conclude).collect())
}

/// The same for who can run detectors side by side: `run` gives what each of them concludes, in their order.
pub fn judge_by(
    measurements: &Measurements,
    run: impl FnOnce(&[&'static Detector], &Conclude<'_>) -> Vec<Judgement>,
) -> (Vec<LayerResult>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut results: Vec<(Item, DetectorResult, Vec<Need>)> = Vec::new();
    let task = task(measurements);
    let told = tools::checks(measurements);
    let all: Vec<&'static Detector> = detectors::all().collect();
    let concluded = run(&all, &|detector| conclude(detector, task, measurements));
    for (detector, judgement) in all.into_iter().zip(concluded).chain(tools::judged(&told, measurements)) {
        let (verdict, summary, missing) = match judgement {
            Judgement::NoEvidence { missing } => {
                let missing = with_the_reason(missing, measurements);
                (Verdict::NoEvidence, format!("Needs {}.", in_words(&missing)), missing)
            }
            Judgement::Judged { summary, findings: found } => {
                let verdict = Verdict::of_group(found.iter().map(|finding| finding.verdict).chain([Verdict::Clear]));
                findings.extend(found);
                (verdict, summary, Vec::new())
            }
        };
        results.push((detector.item, DetectorResult { detector: detector.id.clone(), verdict, summary }, missing));
    }
    let mut findings = tools::supported(findings, &told);
    since::fill(&mut findings, measurements);
    // What changed comes before what stood before.
    findings.sort_by(|a, b| {
        let by_verdict = a.standing.cmp(&b.standing).then(b.verdict.cmp(&a.verdict));
        by_verdict.then(b.consequence.total_cmp(&a.consequence)).then(a.id.cmp(&b.id))
    });
    let layers = Layer::ALL.into_iter().map(|layer| layer_result(layer, &results)).collect();
    (layers, findings)
}

/// What a detector concludes; no evidence for a task it does not cover.
fn conclude(detector: &Detector, task: Option<Task>, measurements: &Measurements) -> Judgement {
    match task {
        Some(found) if !detector.tasks.contains(&found) => {
            Judgement::missing(Need::OtherTask { found, covered: detector.tasks.to_vec() })
        }
        _ => (detector.judge)(measurements),
    }
}

/// The task of the evaluation runs, or what the label of train is; `None` where neither says it.
fn task(measurements: &Measurements) -> Option<Task> {
    let of_label = || {
        let train = measurements.profile(SnapshotRole::Train)?.column(measurements.roles.label()?)?;
        match class_counts(train).map(|classes| classes.len()) {
            Some(2) => Some(Task::Binary),
            Some(3..) => Some(Task::Multiclass),
            Some(_) => None,
            None => train.numeric.is_some().then_some(Task::Regression),
        }
    };
    measurements.task.or_else(of_label)
}

/// Where a table is there but has no rows, that is what is missing, and not the table.
fn with_the_reason(missing: Vec<Need>, measurements: &Measurements) -> Vec<Need> {
    let empty: Vec<SnapshotRole> = measurements.without_rows().collect();
    let emptied = |need: &Need| match need {
        Need::Tables(tables) => {
            empty.iter().copied().find(|role| tables.snapshots.iter().flatten().any(|one| one == role))
        }
        _ => None,
    };
    let reason = |need: Need| match emptied(&need) {
        Some(snapshot) => Need::MoreRows(MoreRows { snapshot, found: 0, needed: 1, to_see: None }),
        None => need,
    };
    missing.into_iter().map(reason).collect()
}

/// Orders findings of one verdict by the suspect they belong to: what accuses the prime suspect, what it explains, then the
/// next suspect's, and last those that belong to none; within each by consequence.
pub fn put_causes_before_consequences(findings: &mut [Finding], suspects: &[Suspect]) {
    let place = |finding: &Finding| {
        let accuses = suspects.iter().position(|suspect| suspect.findings.contains(&finding.id)).map(|rank| 2 * rank);
        let is_explained = || suspects.iter().position(|suspect| suspect.explains.contains(&finding.id));
        accuses.or_else(|| is_explained().map(|rank| 2 * rank + 1)).unwrap_or(usize::MAX)
    };
    findings.sort_by(|a, b| {
        let by_verdict = a.standing.cmp(&b.standing).then(b.verdict.cmp(&a.verdict));
        by_verdict.then(place(a).cmp(&place(b))).then(b.consequence.total_cmp(&a.consequence))
    });
}

fn layer_result(layer: Layer, results: &[(Item, DetectorResult, Vec<Need>)]) -> LayerResult {
    let items: Vec<ItemResult> = layer.items().map(|item| item_result(item, results)).collect();
    LayerResult { layer, verdict: Verdict::of_group(items.iter().map(|item| item.verdict)), unmuted: None, items }
}

fn item_result(item: Item, results: &[(Item, DetectorResult, Vec<Need>)]) -> ItemResult {
    let mine: Vec<_> = results.iter().filter(|(of, _, _)| *of == item).collect();
    let verdict = Verdict::of_group(mine.iter().map(|(_, result, _)| result.verdict));
    let mut needs: Vec<Need> = Vec::new();
    for need in mine.iter().flat_map(|(_, _, needs)| needs) {
        if !needs.contains(need) {
            needs.push(need.clone());
        }
    }
    if mine.is_empty() {
        needs.push(item.needs());
    }
    let missing = needs.iter().map(Need::words).collect();
    let detectors = mine.iter().map(|(_, result, _)| result.clone()).collect();
    let checks = Some(checks_made(&mine));
    ItemResult { item, verdict, unmuted: None, missing, needs, detectors, checks }
}

/// A check of another task does not count: nothing that could be added would let it be made.
fn checks_made(results: &[&(Item, DetectorResult, Vec<Need>)]) -> ChecksMade {
    let of_other_task = |needs: &[Need]| matches!(needs, [Need::OtherTask { .. }]);
    let made = results.iter().filter(|(_, result, _)| result.verdict != Verdict::NoEvidence).count();
    let not_applicable = results.iter().filter(|(_, _, needs)| of_other_task(needs)).count();
    ChecksMade { made: made as u32, of: (results.len() - not_applicable) as u32 }
}

/// Items with any verdict but `no evidence`, of all.
pub fn coverage(layers: &[LayerResult]) -> Coverage {
    let items = layers.iter().flat_map(|layer| &layer.items);
    let checked = items.clone().filter(|item| item.verdict != Verdict::NoEvidence).count();
    Coverage { checked_items: checked as u32, items: items.count() as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing;

    #[test]
    fn every_check_says_what_it_needs_and_of_another_task_that_it_does_not_judge_it() {
        let amounts = |from: u32| testing::numbers((0..60).map(|row| f64::from(from + row) * 1.5));
        let table = |from| vec![("x", amounts(from)), ("y", amounts(from))];
        let mut measurements = testing::measured(&table(0), &table(3));
        measurements.roles.set(domain::ColumnRole::Label, Some("y".into()));
        for detector in detectors::all() {
            assert!(!detector.inputs().is_empty(), "{} judges without any input", detector.id);
            let other_task = match conclude(detector, task(&measurements), &measurements) {
                Judgement::NoEvidence { missing } => matches!(missing[..], [Need::OtherTask { .. }]),
                Judgement::Judged { .. } => false,
            };
            assert_eq!(other_task, !detector.tasks.contains(&Task::Regression), "{}", detector.id);
        }
    }
}
