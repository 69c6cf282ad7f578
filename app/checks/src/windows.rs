//! What is kept of the diagnosis of a window of served rows, so that a trend needs no diagnosis: the signs of the layers, and
//! how far over its limit each effect is, of the columns that are clear too.

use std::collections::BTreeMap;

use domain::comparison::{ChartData, Comparison, Side};
use domain::diagnosis::{Diagnosis, ItemResult};
use domain::evaluation::{EvaluationRun, Split, incident, main_figure};
use domain::investigation::DiagnosisSummary;
use domain::model::{AgainstPrevious, Figure, Window, WindowFall, WindowResult, Worst};
use domain::snapshot::{ColumnKind, ColumnRole};
use domain::{Finding, Item, Layer, Mark, Suspect, Verdict};

use stats::chunks::{beyond_chance, ks_beyond_chance};

use crate::thresholds::{DRIFT_JS, DRIFT_KS};

/// Results of one window at most: columns that are nearest to training are left out first.
const MOST_RESULTS: usize = 1_000;
/// Columns of one finding that have a result of their own.
const MOST_COLUMNS: usize = 20;
/// Beyond this, more is not worse.
const MOST_OVER_LIMIT: f64 = 1_000_000.0;
/// The check that compares the values of one column.
const COLUMN_DRIFT: &str = "D1.column_drift";
/// The layers whose checks compare two tables: what they say of a window next to the one before.
const COMPARED: [Layer; 2] = [Layer::Data, Layer::Features];
/// Items of these layers that ask about the training data alone.
const OF_TRAINING: [Item; 1] = [Item::D4];

/// What lists and trends show of a window.
pub fn window(diagnosis: &Diagnosis, judged_at_ms: i64) -> Window {
    let summary = DiagnosisSummary::of(diagnosis);
    Window {
        layers: Layer::ALL.into_iter().map(|layer| (layer, summary.mark(layer))).collect(),
        worst: worst(&results(diagnosis)),
        figure: served_run(diagnosis).and_then(figure),
        suspect: suspect(diagnosis).map(|suspect| suspect.statement.clone()),
        probability: suspect(diagnosis).map(|suspect| suspect.score),
        fall: fall(diagnosis),
        previous: None,
        judged_at_ms,
    }
}

/// The run of the served rows: their own predictions, else a run that came with them.
pub fn served_run(diagnosis: &Diagnosis) -> Option<&EvaluationRun> {
    let runs = &diagnosis.evaluations;
    let served = incident(runs).map(|place| &runs[place]).filter(|run| run.split == Split::Serve);
    served.or_else(|| runs.iter().find(|run| run.read_from.is_none() && run.split == Split::All))
}

fn figure(run: &EvaluationRun) -> Option<Figure> {
    let metric = main_figure(run.task);
    let found = run.metrics.get(metric).filter(|found| found.value.is_finite())?;
    let end = |value: Option<f64>| value.filter(|value| value.is_finite());
    let (low, high) = (end(found.low), end(found.high));
    Some(Figure { task: run.task, metric: metric.to_owned(), value: found.value, low, high, rows: run.n })
}

/// The first suspect of something that changed with the window: what is wrong with the training data is the same in all of them.
fn suspect(diagnosis: &Diagnosis) -> Option<&Suspect> {
    diagnosis.suspects.iter().find(|suspect| !suspect.standing && may_change(suspect.item))
}

fn fall(diagnosis: &Diagnosis) -> Option<WindowFall> {
    let fall = diagnosis.fall.as_ref()?;
    Some(WindowFall { points: fall.fall?, statement: fall.sentence(&diagnosis.suspects) })
}

/// Whether what an item shows can differ from window to window.
fn may_change(item: Item) -> bool {
    item.layer() != Layer::Training && !OF_TRAINING.contains(&item)
}

/// The change that is furthest over its limit, or nearest to it.
fn worst(results: &[WindowResult]) -> Option<Worst> {
    let counts = |result: &&WindowResult| !result.detector.is_empty() && !result.standing && may_change(result.item);
    let of_effects = results.iter().filter(counts);
    let over = of_effects.filter_map(|result| Some((result, result.over_limit?)));
    // A mismatch is worse than what is only possible, however large that is.
    let (result, over_limit) =
        over.max_by(|(a, over), (b, other)| a.verdict.cmp(&b.verdict).then(over.total_cmp(other)))?;
    Some(Worst { item: result.item, column: result.column.clone(), over_limit })
}

/// What each item, each detector, and each detector about a column says.
pub fn results(diagnosis: &Diagnosis) -> Vec<WindowResult> {
    let mut found: BTreeMap<(Item, String, String), WindowResult> = BTreeMap::new();
    let mut keep = |result: WindowResult| {
        let key = (result.item, result.detector.clone(), result.column.clone());
        match found.get(&key) {
            Some(known) if rank(known) >= rank(&result) => {}
            _ => {
                found.insert(key, result);
            }
        }
    };
    for item in diagnosis.layers.iter().flat_map(|layer| &layer.items) {
        of_item(item, diagnosis).into_iter().for_each(&mut keep);
    }
    for finding in &diagnosis.findings {
        of_finding(finding).into_iter().for_each(&mut keep);
    }
    diagnosis.comparisons.iter().filter_map(of_comparison).for_each(&mut keep);
    let mut results: Vec<WindowResult> = found.into_values().collect();
    results.sort_by(|a, b| rank(b).partial_cmp(&rank(a)).unwrap_or(std::cmp::Ordering::Equal));
    // Items and detectors as a whole are never left out.
    results.sort_by_key(|result| !result.column.is_empty());
    results.truncate(MOST_RESULTS);
    results
}

/// What says more comes first: a verdict, a change before a weakness, a larger effect.
fn rank(result: &WindowResult) -> (Verdict, bool, f64) {
    (result.verdict, !result.standing, result.over_limit.unwrap_or(-1.0))
}

fn whole(item: Item, detector: &str, verdict: Verdict) -> WindowResult {
    WindowResult {
        item,
        detector: detector.to_owned(),
        column: String::new(),
        verdict,
        standing: false,
        effect: String::new(),
        value: None,
        limit: None,
        over_limit: None,
    }
}

fn of_item(item: &ItemResult, diagnosis: &Diagnosis) -> Vec<WindowResult> {
    let of_it = |finding: &&Finding| finding.item == item.item;
    let with_strongest = |result: WindowResult, findings: Vec<&Finding>| {
        let deciding = findings.into_iter().filter(|finding| finding.verdict == result.verdict);
        let strongest = deciding.max_by(|a, b| {
            b.standing.cmp(&a.standing).then(a.effect.over_threshold().total_cmp(&b.effect.over_threshold()))
        });
        match strongest {
            Some(finding) => with_effect(result, finding),
            None => result,
        }
    };
    let mut all = Vec::with_capacity(item.detectors.len() + 1);
    let findings: Vec<&Finding> = diagnosis.findings.iter().filter(of_it).collect();
    let as_whole = with_strongest(whole(item.item, "", item.verdict), findings.clone());
    let standing = diagnosis.mark_of(item) == Mark::Standing;
    all.push(WindowResult { standing, ..as_whole });
    for detector in &item.detectors {
        let own = findings.iter().copied().filter(|finding| finding.detector == detector.detector).collect();
        all.push(with_strongest(whole(item.item, detector.detector.as_str(), detector.verdict), own));
    }
    all
}

fn with_effect(result: WindowResult, finding: &Finding) -> WindowResult {
    let finite = |value: f64| Some(value).filter(|value| value.is_finite());
    WindowResult {
        standing: finding.standing,
        effect: finding.effect.name.clone(),
        value: finite(finding.effect.value),
        limit: finite(finding.effect.threshold),
        over_limit: finite(finding.effect.over_threshold()).map(|over| over.min(MOST_OVER_LIMIT)),
        ..result
    }
}

fn of_finding(finding: &Finding) -> Vec<WindowResult> {
    let of_column = |column: &String| WindowResult {
        column: column.clone(),
        ..with_effect(whole(finding.item, finding.detector.as_str(), finding.verdict), finding)
    };
    finding.columns.iter().take(MOST_COLUMNS).map(of_column).collect()
}

/// How far a feature is from training beyond chance: it has a figure while it is clear too, so that one sees it come.
fn of_comparison(comparison: &Comparison) -> Option<WindowResult> {
    if comparison.role != ColumnRole::Feature {
        return None;
    }
    let rows = |side: Side| comparison.n.get(&side).copied().filter(|rows| *rows > 0);
    let (n, m) = (rows(Side::Train)?, rows(Side::Serve)?);
    let effect = |name: &str| comparison.effects.get(name).copied().filter(|value| value.is_finite());
    let (name, value, limit) = match (comparison.kind, &comparison.chart) {
        (ColumnKind::Numeric, _) => {
            ("ks_statistic beyond chance", ks_beyond_chance(effect("ks_statistic")?, n as usize, m as usize), DRIFT_KS)
        }
        (ColumnKind::Categorical | ColumnKind::Boolean, Some(ChartData::Categories(chart))) => {
            let distance = beyond_chance(effect("js_distance")?, chart.labels.len(), n, m);
            ("js_distance beyond chance", distance, DRIFT_JS)
        }
        _ => return None,
    };
    Some(WindowResult {
        column: comparison.column.clone(),
        effect: name.to_owned(),
        value: Some(value),
        limit: Some(limit),
        over_limit: Some((value / limit).min(MOST_OVER_LIMIT)),
        ..whole(Item::D1, COLUMN_DRIFT, Verdict::Clear)
    })
}

/// What changed since the window before, whose rows stand for the reference in this diagnosis.
pub fn against_previous(diagnosis: &Diagnosis, arrival: &str) -> AgainstPrevious {
    let changed: Vec<&Finding> = changed(diagnosis).collect();
    let verdicts = diagnosis
        .layers
        .iter()
        .filter(|layer| COMPARED.contains(&layer.layer))
        .flat_map(|layer| layer.items.iter().filter(|item| !OF_TRAINING.contains(&item.item)))
        .filter(|item| item.verdict <= Verdict::NoEvidence)
        .map(|item| item.verdict);
    let of_findings = changed.iter().map(|finding| finding.verdict);
    AgainstPrevious {
        arrival: arrival.to_owned(),
        mark: Mark::Verdict(Verdict::of_group(verdicts.chain(of_findings))),
        findings: changed.len() as u32,
        statement: changed.first().map(|finding| finding.statement.clone()),
    }
}

/// The results that are kept of it.
pub fn results_against_previous(diagnosis: &Diagnosis) -> Vec<WindowResult> {
    let is_compared =
        |result: &WindowResult| COMPARED.contains(&result.item.layer()) && !OF_TRAINING.contains(&result.item);
    results(diagnosis).into_iter().filter(is_compared).collect()
}

fn changed(diagnosis: &Diagnosis) -> impl Iterator<Item = &Finding> {
    diagnosis.findings.iter().filter(|finding| {
        let is_compared = COMPARED.contains(&finding.layer) && !OF_TRAINING.contains(&finding.item);
        is_compared && !finding.standing && finding.verdict >= Verdict::Possible
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::sync::Arc;

    use domain::DetectorId;
    use domain::diagnosis::{DetectorResult, LayerResult};
    use domain::finding::{Certainty, Effect};
    use domain::measurements::Coverage;
    use domain::snapshot::Roles;

    use super::*;

    fn finding(item: Item, column: &str, verdict: Verdict, over: f64) -> Finding {
        let detector = DetectorId::of_text(&format!("{}.test", item.code()));
        let columns = vec![column.to_owned()];
        Finding {
            id: Finding::id_of(&detector, &columns),
            detector,
            layer: item.layer(),
            item,
            verdict,
            standing: false,
            columns,
            statement: format!("{column} differs."),
            effect: Effect::new("difference", over * 0.1, 0.1),
            certainty: Certainty::exact(),
            n: Default::default(),
            try_next: String::new(),
            cause: None,
            evidence: Vec::new(),
            since: None,
            rows: None,
            undo: Vec::new(),
            consequence: over,
        }
    }

    /// With these findings: an item has the verdict of its worst, and every other item is clear.
    fn diagnosis(findings: Vec<Finding>, comparisons: Vec<Comparison>) -> Diagnosis {
        let item = |item: Item| {
            let own = || findings.iter().filter(move |finding| finding.item == item);
            let verdict = Verdict::of_group(own().map(|finding| finding.verdict).chain([Verdict::Clear]));
            let detector = DetectorId::of_text(&format!("{}.test", item.code()));
            let detectors = vec![DetectorResult { detector, verdict, summary: String::new() }];
            ItemResult { item, verdict, unmuted: None, missing: Vec::new(), needs: Vec::new(), detectors, checks: None }
        };
        let layer = |layer: Layer| {
            let items: Vec<ItemResult> = layer.items().map(item).collect();
            let verdict = Verdict::of_group(items.iter().map(|item| item.verdict));
            LayerResult { layer, verdict, unmuted: None, items }
        };
        Diagnosis {
            version: domain::diagnosis::VERSION,
            tool: String::new(),
            inputs: Vec::new(),
            readings: Vec::new(),
            roles: Roles::default(),
            layers: Layer::ALL.map(layer).into(),
            comparisons: Arc::new(comparisons),
            evaluations: Arc::default(),
            learning_curves: Arc::default(),
            over_time: Arc::default(),
            running: Arc::default(),
            told: Vec::new(),
            findings,
            suspects: Vec::new(),
            guard: Arc::default(),
            coverage: Coverage::default(),
            fall: None,
            mutes: Vec::new(),
            muted_suspects: Vec::new(),
            decisions: Vec::new(),
            ruled_out_suspects: Vec::new(),
            against: None,
        }
    }

    fn drifted(column: &str, ks: f64) -> Comparison {
        Comparison {
            column: column.to_owned(),
            kind: ColumnKind::Numeric,
            role: ColumnRole::Feature,
            n: BTreeMap::from([(Side::Train, 1_000), (Side::Serve, 1_000)]),
            nulls: BTreeMap::new(),
            effects: BTreeMap::from([("ks_statistic".to_owned(), ks)]),
            p: None,
            q: None,
            chart: None,
        }
    }

    fn result<'a>(results: &'a [WindowResult], detector: &str, column: &str) -> &'a WindowResult {
        results.iter().find(|one| one.detector == detector && one.column == column).unwrap()
    }

    #[test]
    fn an_item_a_detector_and_a_column_each_have_a_result_and_clear_columns_too() {
        let findings =
            vec![finding(Item::F2, "amount", Verdict::Mismatch, 4.0), finding(Item::F2, "age", Verdict::Possible, 9.0)];
        let diagnosis = diagnosis(findings, vec![drifted("amount", 0.5), drifted("age", 0.02)]);
        let found = results(&diagnosis);
        let whole = found.iter().find(|one| one.item == Item::F2 && one.detector.is_empty()).unwrap();
        assert_eq!((whole.verdict, whole.over_limit), (Verdict::Mismatch, Some(4.0)), "the deciding finding's");
        assert_eq!(result(&found, "F2.test", "age").over_limit, Some(9.0));
        let clear = result(&found, COLUMN_DRIFT, "age");
        assert_eq!((clear.verdict, clear.value), (Verdict::Clear, Some(0.0)), "within chance");
        assert!(result(&found, COLUMN_DRIFT, "amount").over_limit.unwrap() > 4.5);
        assert_eq!(found.iter().filter(|one| one.detector.is_empty()).count(), Item::ALL.len());
        let window = window(&diagnosis, 7);
        let worst = window.worst.clone().unwrap();
        assert_eq!((worst.item, worst.column.as_str(), worst.over_limit), (Item::F2, "amount", 4.0));
        assert_eq!(window.mark(Layer::Features), Mark::Verdict(Verdict::Mismatch));
        assert_eq!((window.layers.len(), window.judged_at_ms), (7, 7));
    }

    #[test]
    fn of_very_many_columns_those_nearest_to_training_are_left_out() {
        let comparisons = (0..3_000).map(|at| drifted(&format!("c{at}"), f64::from(at) / 3_000.0)).collect();
        let found = results(&diagnosis(Vec::new(), comparisons));
        assert_eq!(found.len(), MOST_RESULTS);
        assert!(found.iter().any(|one| one.column == "c2999") && !found.iter().any(|one| one.column == "c9"));
        assert_eq!(found.iter().filter(|one| one.column.is_empty()).count(), 2 * Item::ALL.len());
    }

    #[test]
    fn next_to_the_window_before_only_what_compares_two_tables_counts() {
        let mut standing = finding(Item::D3, "region", Verdict::Possible, 2.0);
        standing.standing = true;
        let findings = vec![
            finding(Item::D4, "leak", Verdict::Mismatch, 3.0),
            finding(Item::T1, "rare", Verdict::Mismatch, 3.0),
            standing,
        ];
        let quiet = against_previous(&diagnosis(findings.clone(), Vec::new()), "before");
        assert_eq!((quiet.mark, quiet.findings), (Mark::Verdict(Verdict::Clear), 0));
        let findings = [findings, vec![finding(Item::D1, "amount", Verdict::Possible, 1.0)]].concat();
        let diagnosis = diagnosis(findings, Vec::new());
        let moved = against_previous(&diagnosis, "before");
        assert_eq!((moved.mark, moved.findings), (Mark::Verdict(Verdict::Possible), 1));
        assert_eq!(moved.statement.as_deref(), Some("amount differs."));
        assert!(results_against_previous(&diagnosis).iter().all(|one| COMPARED.contains(&one.item.layer())));
    }
}
