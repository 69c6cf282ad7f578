//! M1.performance_over_time: since when does the model perform worse on the served rows?

use crate::detectors::report::Bands;
use crate::detectors::words::{count, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::since;
use crate::thresholds::{
    DRIFT_JS, DRIFT_KS, DROP_EXPECTED, ERROR_GROWN, ERROR_GROWN_POSSIBLE, PERFORMANCE_CHUNKS, PERFORMANCE_LOST,
    PERFORMANCE_LOST_POSSIBLE, SIGNIFICANCE,
};
use domain::DetectorId;
use domain::comparison::Comparison;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::performance::{Chunk, Figure, FigureOverTime, PerformanceOverTime, points};
use domain::need::{Need, Tables};
use domain::plot::format::time;
use domain::since::{Extent, Since};
use domain::snapshot::{ColumnKind, ColumnRole, SnapshotRole};
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::change_points::change_points;
use stats::quantiles::mean;
use stats::shift::{LastingShift, Point, lasting_shift};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("M1.performance_over_time"),
    item: Item::M1,
    title: "Performance over time",
    looks_for: "A date after which the model performs worse on the served rows than before, and does not recover.",
    why_it_matters: "When the relation between features and label changes, inputs and predictions can look as before. Only labels show it. The date of the change points to the reason.",
    how_it_decides: "Served rows with a label and a prediction are split into chunks, and test, validation or train rows into chunks of the same size. Accuracy, ROC AUC or mean absolute error is computed for each chunk; accuracy uses the earlier class shares, so that a change of these shares alone does not move it. The chunks are split at the best place, with at least {PERFORMANCE_CHUNKS} chunks on each side, and the level after the split is compared with the level before it. A loss of at least {PERFORMANCE_LOST} in accuracy or ROC AUC, or an error that is larger by {ERROR_GROWN:%}, with p under {CERTAINTY}, is a mismatch. From {PERFORMANCE_LOST_POSSIBLE}, or {ERROR_GROWN_POSSIBLE:%}, with p under {SIGNIFICANCE}, it is possible. The noise is the variation between chunks, and at least the sampling noise. p (Student's t, corrected for similar neighbouring chunks) is multiplied by the number of places and metrics tried. If the served chunks change their level or slope more than once (the split with the least modified BIC), the evidence lists the dates. Performance on training rows is too optimistic: when only these are available and the drop starts at the first served row, the result is possible at most. The check names concept drift as the cause only when no feature drifted and the calibrated scores predict less than {DROP_EXPECTED:%} of the drop.",
    try_next: "Compare the date with releases, changes of the label definition and business events. Compare the error by feature value before and after the date, and retrain on labelled rows from after it.",
    causes: &[Cause::ConceptDrift],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(performance) = &measurements.performance else {
        return Judgement::missing(Need::timed_serve());
    };
    if performance.measured.is_empty() {
        return Judgement::missing(
            Tables::all([SnapshotRole::Serve])
                .rows(180)
                .with([ColumnRole::Time])
                .with([ColumnRole::Label])
                .with([ColumnRole::Prediction, ColumnRole::Score]),
        );
    }
    let tried = performance.measured.len() as f64;
    let findings = performance.measured.iter().filter_map(|figure| lost(measurements, performance, figure, tried));
    let strongest = findings.reduce(|best, other| if other.verdict > best.verdict { other } else { best });
    let summary = format!(
        "Checked {} over {}.",
        performance.measured.iter().map(|figure| figure.figure.words()).collect::<Vec<_>>().join(" and "),
        count(performance.labelled_rows, "labelled row")
    );
    Judgement::Judged { summary, findings: strongest.into_iter().collect() }
}

/// The figure of which the model certainly lost some on the served rows; the first one where there are several.
pub(crate) fn loss_of_performance(measurements: &Measurements) -> Option<&FigureOverTime> {
    let performance = measurements.performance.as_ref()?;
    let tried = performance.measured.len() as f64;
    performance.measured.iter().find(|figure| lost(measurements, performance, figure, tried).is_some())
}

/// The lasting loss of one figure; the loss is a share of the level before for errors.
pub(super) fn loss(figure: &FigureOverTime) -> Option<(LastingShift, f64)> {
    let shift = lasting_shift(&points(&figure.reference), &points(&figure.served), PERFORMANCE_CHUNKS as usize)?;
    let lost = match figure.figure {
        Figure::Accuracy | Figure::RocAuc => -shift.change(),
        Figure::MeanAbsoluteError if shift.before > 0.0 => shift.change() / shift.before,
        Figure::MeanAbsoluteError => 0.0,
    };
    Some((shift, lost))
}

fn lost(
    measurements: &Measurements,
    performance: &PerformanceOverTime,
    figure: &FigureOverTime,
    tried: f64,
) -> Option<Finding> {
    let (shift, lost) = loss(figure)?;
    let p = (shift.p * tried).min(1.0);
    let (bands, unit) = match figure.figure {
        Figure::Accuracy | Figure::RocAuc => {
            (Bands { possible: PERFORMANCE_LOST_POSSIBLE, mismatch: PERFORMANCE_LOST }, 1.0)
        }
        Figure::MeanAbsoluteError => (Bands { possible: ERROR_GROWN_POSSIBLE, mismatch: ERROR_GROWN }, shift.before),
    };
    let judged = bands.verdict(lost, p);
    let optimistic = performance.reference == Some(SnapshotRole::Train) && shift.from == 0;
    let verdict = if optimistic { judged.min(Verdict::Possible) } else { judged };
    if verdict == Verdict::Clear {
        return None;
    }
    let (shift, since) = dated(figure, shift)?;
    let expected = expected_loss(performance, since.from_ms);
    let title = figure.figure.title();
    let verb = if figure.figure == Figure::MeanAbsoluteError { "rose" } else { "fell" };
    let value = |value: f64| if figure.figure == Figure::Accuracy { percent(value) } else { number(value) };
    let (before, after) = (value(shift.before), value(shift.after));
    let statement = match (since.extent, performance.reference) {
        (Extent::WholePeriod, Some(role)) => {
            format!("{title} is {after} on the served rows, compared with {before} on the {} rows.", role.id())
        }
        _ => format!("{title} on the served rows {verb} from {before} to {after}."),
    };
    let ends = [shift.low / unit, shift.high / unit];
    let (low, high) = match figure.figure {
        Figure::MeanAbsoluteError => (ends[0], ends[1]),
        Figure::Accuracy | Figure::RocAuc => (-ends[1], -ends[0]),
    };
    let effect = Effect::new(&format!("{}_lost", figure.figure.id()), lost, bands.mismatch).with_interval(low, high);
    let finding = with_chunks(
        DETECTOR
            .finding(verdict, &[], statement, effect, Certainty::p(p))
            .with_n("serve", performance.labelled_rows)
            .with_since(since),
        performance,
        figure,
    );
    let finding = with_changes(finding, figure);
    let of_inputs = expected.is_some_and(|expected| expected >= DROP_EXPECTED * lost);
    let finding = match expected {
        Some(expected) => finding.with_evidence("drop of accuracy that the scores predict", number(expected)),
        None => finding,
    };
    let relation = !of_inputs && inputs_hold(&measurements.comparisons, expected.is_some());
    if !relation {
        return Some(finding);
    }
    let label = measurements.roles.label().map(str::to_owned);
    Some(Finding { columns: label.into_iter().collect(), ..finding.for_cause(Cause::ConceptDrift) })
}

/// The shift with its place in the served period. Where the chunks before the best place are as low as those after it, the
/// model was never better on served rows: it is the whole period, compared with the rows from before.
pub(super) fn dated(figure: &FigureOverTime, shift: LastingShift) -> Option<(LastingShift, Since)> {
    let (reference, served) = (points(&figure.reference), points(&figure.served));
    let (first, last) = (figure.served.first()?, figure.served.last()?);
    if since::settled(&reference, &served, &shift) == 0 && !reference.is_empty() {
        let level = |points: &[Point]| mean(&points.iter().map(|point| point.value).collect::<Vec<_>>());
        let shift = LastingShift { from: 0, before: level(&reference), after: level(&served), ..shift };
        return Some((shift, Since::whole(first.from_ms, last.to_ms)));
    }
    Some((shift, Since::onset(figure.served.get(shift.from)?.from_ms, last.to_ms)))
}

/// The drop of accuracy from then on that the calibrated scores predict; `None` without an estimate.
fn expected_loss(performance: &PerformanceOverTime, since: i64) -> Option<f64> {
    let estimate = performance.estimated.iter().find(|figure| figure.figure == Figure::Accuracy)?;
    let level = |chunks: &mut dyn Iterator<Item = &Chunk>| {
        let values: Vec<f64> = chunks.map(|chunk| chunk.point.value).collect();
        (!values.is_empty()).then(|| mean(&values))
    };
    let earlier = |chunk: &&Chunk| chunk.to_ms < since;
    let before = level(&mut estimate.reference.iter().chain(estimate.served.iter().filter(earlier)))?;
    let after = level(&mut estimate.served.iter().filter(|chunk| chunk.to_ms >= since))?;
    Some(before - after)
}

/// Whether no feature has drifted. Without features to compare, only the scores can show it.
fn inputs_hold(comparisons: &[Comparison], have_estimate: bool) -> bool {
    let features: Vec<&Comparison> =
        comparisons.iter().filter(|comparison| comparison.role == ColumnRole::Feature).collect();
    if features.is_empty() { have_estimate } else { !features.into_iter().any(has_drifted) }
}

/// Whether the values of a column are clearly distributed differently.
pub(in crate::detectors) fn has_drifted(comparison: &Comparison) -> bool {
    let (effect, least) = match comparison.kind {
        ColumnKind::Numeric => ("ks_statistic", DRIFT_KS),
        ColumnKind::Categorical | ColumnKind::Boolean => ("js_distance", DRIFT_JS),
        // Dates always move on, and free text is compared by its shape only.
        ColumnKind::Datetime | ColumnKind::Text | ColumnKind::Nested | ColumnKind::Empty => return false,
    };
    let is_large = comparison.effects.get(effect).is_some_and(|value| *value >= least);
    is_large && comparison.p.is_none_or(|p| p < SIGNIFICANCE)
}

/// Adds when the figure changed on the served rows, where it changed more than once.
fn with_changes(finding: Finding, figure: &FigureOverTime) -> Finding {
    let values: Vec<f64> = figure.served.iter().map(|chunk| chunk.point.value).collect();
    let changes = change_points(&values, PERFORMANCE_CHUNKS as usize);
    if changes.len() < 2 {
        return finding;
    }
    let times: Vec<String> = changes.iter().map(|chunk| time(figure.served[*chunk].from_ms)).collect();
    finding.with_evidence("changes of level or slope", times.join(", "))
}

/// Adds the chunks to the evidence.
pub(super) fn with_chunks(mut finding: Finding, performance: &PerformanceOverTime, figure: &FigureOverTime) -> Finding {
    if let Some(role) = performance.reference {
        finding = finding.with_n(role.id(), figure.reference.iter().map(|chunk| chunk.rows).sum());
        let levels: Vec<String> = figure.reference.iter().map(|chunk| number(chunk.point.value)).collect();
        if !levels.is_empty() {
            finding = finding.with_evidence(format!("{} rows, by chunk", role.id()), levels.join(", "));
        }
    }
    for chunk in &figure.served {
        let label = format!("{} to {}", time(chunk.from_ms), time(chunk.to_ms));
        let reach = 1.96 * chunk.point.error;
        let value = format!(
            "{} ({} to {}), {}",
            number(chunk.point.value),
            number(chunk.point.value - reach),
            number(chunk.point.value + reach),
            count(chunk.rows, "row")
        );
        finding = finding.with_evidence(label, value);
    }
    finding
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::detectors::testing::{draws, normal};

    /// Chunks of a thousand rows, one day each, with these levels and sampling noise.
    pub fn chunks(seed: u64, levels: &[f64]) -> Vec<Chunk> {
        let noise = draws(seed, levels.len(), normal);
        levels
            .iter()
            .zip(noise)
            .enumerate()
            .map(|(day, (level, noise))| {
                let error = (level * (1.0 - level) / 1_000.0).abs().sqrt();
                let from_ms = day as i64 * 86_400_000;
                Chunk {
                    from_ms,
                    to_ms: from_ms + 86_399_000,
                    rows: 1_000,
                    point: Point { value: level + error * noise, error },
                }
            })
            .collect()
    }

    fn levels(before: f64, after: f64, since: usize) -> Vec<f64> {
        (0..20).map(|day| if day < since { before } else { after }).collect()
    }

    fn judged(performance: PerformanceOverTime) -> Vec<Finding> {
        judge(&Measurements { performance: Some(performance), ..Measurements::default() }).findings()
    }

    fn performance(role: Option<SnapshotRole>, served: &[f64], promised: &[f64]) -> PerformanceOverTime {
        let reference = |seed| if role.is_some() { chunks(seed, &[0.9; 10]) } else { Vec::new() };
        let over_time = |seed, levels: &[f64]| FigureOverTime {
            figure: Figure::Accuracy,
            reference: reference(seed),
            served: chunks(seed + 1, levels),
        };
        PerformanceOverTime {
            reference: role,
            labelled_rows: 20_000,
            scored_rows: 20_000,
            measured: vec![over_time(1, served)],
            unlike_reference: false,
            estimated: vec![over_time(3, promised)],
        }
    }

    #[test]
    fn a_drop_has_its_date_and_its_cause_only_when_the_scores_did_not_predict_it() {
        let dropped = levels(0.9, 0.8, 12);
        let found = judged(performance(Some(SnapshotRole::Test), &dropped, &[0.9; 20]));
        assert_eq!((found[0].verdict, found[0].cause), (Verdict::Mismatch, Some(Cause::ConceptDrift)));
        let statement = &found[0].statement;
        assert!(statement.starts_with("Accuracy on the served rows fell from "), "{statement}");
        assert!(statement.contains(" to 8") && statement.ends_with(" %."), "{statement}");
        assert_eq!(found[0].since.map(|since| since.from_ms), Some(12 * 86_400_000));
        assert!((found[0].effect.value - 0.1).abs() < 0.02 && found[0].effect.low.is_some_and(|low| low > 0.05));
        let expected = judged(performance(Some(SnapshotRole::Test), &dropped, &dropped));
        assert_eq!((expected[0].verdict, expected[0].cause), (Verdict::Mismatch, None));
        let alone = judged(performance(None, &dropped, &[0.9; 20]));
        assert_eq!(alone[0].verdict, Verdict::Mismatch, "against its own first chunks");
    }

    #[test]
    fn several_changes_are_dated_and_one_is_already() {
        let changes = |served: &[f64]| -> Option<String> {
            let found = judged(performance(Some(SnapshotRole::Test), served, &[0.9; 20]));
            let lines = found[0].evidence.iter();
            lines.filter(|line| line.label == "changes of level or slope").map(|line| line.value.clone()).next()
        };
        let partly_repaired: Vec<f64> = [[0.9; 7].as_slice(), &[0.7; 6], &[0.8; 7]].concat();
        assert_eq!(changes(&partly_repaired).as_deref(), Some("1970-01-08, 1970-01-14"));
        assert_eq!(changes(&levels(0.9, 0.8, 12)), None);
    }

    #[test]
    fn small_drops_gains_and_optimistic_train_rows_are_not_a_mismatch() {
        let verdict =
            |role, served: &[f64]| judged(performance(role, served, &[0.9; 20])).first().map(|finding| finding.verdict);
        assert_eq!(verdict(Some(SnapshotRole::Test), &levels(0.9, 0.86, 10)), Some(Verdict::Possible));
        assert_eq!(verdict(Some(SnapshotRole::Test), &levels(0.9, 0.96, 10)), None);
        assert_eq!(verdict(Some(SnapshotRole::Test), &[0.8; 20]), Some(Verdict::Mismatch));
        assert_eq!(verdict(Some(SnapshotRole::Train), &[0.8; 20]), Some(Verdict::Possible));
        assert_eq!(verdict(None, &[0.8; 4]), None, "too few chunks");
    }

    #[test]
    fn errors_are_judged_by_their_growth() {
        let error = |served: &[f64]| {
            let of = |levels: &[f64]| {
                let with_error = |chunk: Chunk| Chunk { point: Point { error: 0.2, ..chunk.point }, ..chunk };
                chunks(5, levels).into_iter().map(with_error).collect::<Vec<_>>()
            };
            let figure =
                FigureOverTime { figure: Figure::MeanAbsoluteError, reference: of(&[10.0; 8]), served: of(served) };
            judged(PerformanceOverTime { measured: vec![figure], ..PerformanceOverTime::default() })
        };
        let grown = error(&levels(10.0, 15.0, 10));
        assert_eq!(grown[0].verdict, Verdict::Mismatch);
        assert!((grown[0].effect.value - 0.5).abs() < 0.1);
        assert!(error(&levels(10.0, 8.0, 10)).is_empty());
    }

    #[test]
    fn steady_models_are_clear() {
        for seed in 0..200 {
            let figure = FigureOverTime {
                figure: Figure::Accuracy,
                reference: chunks(seed, &[0.85; 10]),
                served: chunks(seed + 1_000, &[0.85; 20]),
            };
            let all = PerformanceOverTime { measured: vec![figure], ..PerformanceOverTime::default() };
            assert!(judged(all).is_empty(), "seed {seed}");
        }
        assert!(matches!(judge(&Measurements::default()), Judgement::NoEvidence { .. }));
        let none = Measurements { performance: Some(PerformanceOverTime::default()), ..Measurements::default() };
        assert!(matches!(judge(&none), Judgement::NoEvidence { .. }));
    }
}
