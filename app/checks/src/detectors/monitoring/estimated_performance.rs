//! M1.estimated_performance: what performance do the scores predict while there are no labels?

use super::performance_over_time::{dated, loss, with_chunks};
use crate::detectors::report::Bands;
use crate::detectors::words::{count, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{ERROR_GROWN, ERROR_GROWN_POSSIBLE, ESTIMATED_LOST, ESTIMATED_LOST_POSSIBLE};
use domain::DetectorId;
use domain::evaluation::Task;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::performance::{Figure, FigureOverTime, PerformanceOverTime};
use domain::need::{Need, Run, RunPart, Tables};
use domain::plot::format::time;
use domain::since::Extent;
use domain::snapshot::ColumnRole;
use domain::snapshot::SnapshotRole;
use domain::{Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("M1.estimated_performance"),
    item: Item::M1,
    title: "Performance estimated without labels",
    looks_for: "A lasting drop in the accuracy or ROC AUC on the served rows, or a lasting rise of the mean absolute error, estimated without their labels.",
    why_it_matters: "Labels arrive weeks later or never. If the served rows become harder, an estimate shows it on the same day.",
    how_it_decides: "Scores of two classes are calibrated (isotonic regression) on earlier rows with labels. The expected confusion matrix of each chunk of served rows is summed from its calibrated scores (confidence-based performance estimation, published by NannyML). For several classes, amounts, and predictions without scores, what the model got wrong on hundreds of test or validation rows is modelled from their features and its prediction, and the model of it is asked about the served rows (direct loss estimation, published by NannyML); where fewer than a fifth of those rows is left once they are weighted to look like the served ones, nothing is estimated. The chunks are split at the best place, and the level after the split is compared with the level before it and on the earlier rows. A drop of at least {ESTIMATED_LOST}, with p under {CERTAINTY}, is a mismatch; from {ESTIMATED_LOST_POSSIBLE}, with p under {SIGNIFICANCE}, it is possible. For the mean absolute error it is a rise by {ERROR_GROWN:%} and {ERROR_GROWN_POSSIBLE:%}. The noise is the variation between chunks, and at least the sampling noise of a measurement on the same number of rows; the intervals use that sampling noise. The estimate assumes that only the inputs changed. It does not see a changed relation between features and label, or features that are wrong in a new way, so clear does not prove that the model is right. The check names no cause: other findings explain the drop.",
    try_next: "Label a few hundred of the most recent rows and measure. Meanwhile check the suspects among the inputs.",
    causes: &[],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(performance) = &measurements.performance else {
        return Judgement::missing(Need::timed_serve());
    };
    if performance.estimated.is_empty() && performance.unlike_reference {
        return Judgement::missing(Need::RowsLikeServed);
    }
    if performance.estimated.is_empty() {
        let held_out = [SnapshotRole::Test, SnapshotRole::Validation];
        return Judgement::missing(Need::all_of([
            Tables::all([SnapshotRole::Serve]).rows(180).with([ColumnRole::Score, ColumnRole::Prediction]).into(),
            Need::any_of([
                Run::of(Task::Binary)
                    .with(RunPart::Scores)
                    .on([SnapshotRole::Test, SnapshotRole::Validation, SnapshotRole::Train])
                    .into(),
                Tables::one_of(held_out).rows(500).with([ColumnRole::Label]).with([ColumnRole::Prediction]).into(),
            ]),
        ]));
    }
    if !performance.measured.is_empty() {
        let summary = "The served rows have labels, so the measured performance counts and not an estimate.".to_owned();
        return Judgement::Judged { summary, findings: Vec::new() };
    }
    let tried = performance.estimated.len() as f64;
    let findings = performance.estimated.iter().filter_map(|figure| lost(performance, figure, tried));
    let strongest = findings.reduce(|best, other| if other.verdict > best.verdict { other } else { best });
    let levels: Vec<String> = performance.estimated.iter().map(in_words).collect();
    let summary = format!(
        "Estimated for {}, assuming that only the inputs changed: {}.",
        count(performance.scored_rows, "served row"),
        levels.join("; ")
    );
    Judgement::Judged { summary, findings: strongest.into_iter().collect() }
}

fn in_words(figure: &FigureOverTime) -> String {
    let level = |chunks: &[domain::measurements::performance::Chunk]| {
        chunks.iter().map(|chunk| chunk.point.value).sum::<f64>() / chunks.len() as f64
    };
    format!("{} {}, before {}", figure.figure.words(), number(level(&figure.served)), number(level(&figure.reference)))
}

fn lost(performance: &PerformanceOverTime, figure: &FigureOverTime, tried: f64) -> Option<Finding> {
    let (shift, lost) = loss(figure)?;
    let p = (shift.p * tried).min(1.0);
    let is_error = figure.figure == Figure::MeanAbsoluteError;
    let bands = match is_error {
        true => Bands { possible: ERROR_GROWN_POSSIBLE, mismatch: ERROR_GROWN },
        false => Bands { possible: ESTIMATED_LOST_POSSIBLE, mismatch: ESTIMATED_LOST },
    };
    let verdict = bands.verdict(lost, p);
    let (shift, since) = dated(figure, shift)?;
    let (words, before, after) = (figure.figure.words(), number(shift.before), number(shift.after));
    let statement = match (since.extent, performance.reference) {
        (Extent::WholePeriod, Some(role)) => format!(
            "Estimated {words} is {after} on the served rows, compared with {before} on the {} rows.",
            role.id()
        ),
        _ if is_error => {
            format!("Estimated {words} on the served rows rose from {before} to {after} on {}.", time(since.from_ms))
        }
        _ => format!("Estimated {words} on the served rows fell from {before} to {after} on {}.", time(since.from_ms)),
    };
    let (low, high) = match is_error {
        true => (shift.low / shift.before, shift.high / shift.before),
        false => (-shift.high, -shift.low),
    };
    let effect =
        Effect::new(&format!("estimated_{}_lost", figure.figure.id()), lost, bands.mismatch).with_interval(low, high);
    (verdict > Verdict::Clear).then(|| {
        let mut finding = DETECTOR
            .finding(verdict, &[], statement, effect, Certainty::p(p))
            .with_n("serve", performance.scored_rows)
            .with_since(since);
        if performance.reference == Some(SnapshotRole::Train) {
            finding = finding
                .with_evidence("calibrated on", "train rows: if the model memorised them, the estimate is too high");
        }
        with_chunks(finding, performance, figure)
    })
}

#[cfg(test)]
mod tests {
    use super::super::performance_over_time::tests::chunks;
    use super::*;

    fn judged(served: &[f64], with_labels: Option<&[f64]>) -> Judgement {
        let over_time = |seed, levels: &[f64]| FigureOverTime {
            figure: Figure::RocAuc,
            reference: chunks(seed, &[0.9; 10]),
            served: chunks(seed + 1, levels),
        };
        let performance = PerformanceOverTime {
            reference: Some(SnapshotRole::Train),
            scored_rows: 20_000,
            estimated: vec![over_time(1, served)],
            measured: with_labels.map(|levels| over_time(3, levels)).into_iter().collect(),
            ..PerformanceOverTime::default()
        };
        judge(&Measurements { performance: Some(performance), ..Measurements::default() })
    }

    #[test]
    fn an_estimated_drop_is_found_without_a_cause_and_only_without_labels() {
        let dropped: Vec<f64> = (0..20).map(|day| if day < 14 { 0.9 } else { 0.8 }).collect();
        let found = judged(&dropped, None).findings();
        assert_eq!((found[0].verdict, found[0].cause), (Verdict::Mismatch, None));
        assert!(found[0].statement.contains("1970-01-15"), "{}", found[0].statement);
        assert!(judged(&dropped, Some(&[0.9; 20])).findings().is_empty(), "the labels show no drop");
        assert!(judged(&[0.95; 20], None).findings().is_empty());
        assert!(matches!(judge(&Measurements::default()), Judgement::NoEvidence { .. }));
    }

    #[test]
    fn a_larger_error_of_an_amount_is_found_as_a_share_of_the_usual_one() {
        let rising: Vec<f64> = (0..20).map(|day| if day < 14 { 0.5 } else { 0.7 }).collect();
        let figure = FigureOverTime {
            figure: Figure::MeanAbsoluteError,
            reference: chunks(1, &[0.5; 10]),
            served: chunks(2, &rising),
        };
        let performance = PerformanceOverTime {
            reference: Some(SnapshotRole::Test),
            scored_rows: 20_000,
            estimated: vec![figure],
            ..PerformanceOverTime::default()
        };
        let found = judge(&Measurements { performance: Some(performance), ..Measurements::default() }).findings();
        assert_eq!(found[0].verdict, Verdict::Mismatch);
        assert!(found[0].statement.contains("rose from"), "{}", found[0].statement);
        assert!((found[0].effect.value - 0.4).abs() < 0.05, "{:?}", found[0].effect);
    }

    #[test]
    fn rows_unlike_any_with_labels_are_not_judged() {
        let performance = PerformanceOverTime { unlike_reference: true, ..PerformanceOverTime::default() };
        let judged = judge(&Measurements { performance: Some(performance), ..Measurements::default() });
        assert!(matches!(judged, Judgement::NoEvidence { missing } if missing == [Need::RowsLikeServed]));
    }

    #[test]
    fn steady_scores_are_clear() {
        for seed in 0..200 {
            let figure = FigureOverTime {
                figure: Figure::Accuracy,
                reference: chunks(seed, &[0.8; 8]),
                served: chunks(seed + 500, &[0.8; 16]),
            };
            let all = PerformanceOverTime { estimated: vec![figure], ..PerformanceOverTime::default() };
            let found = judge(&Measurements { performance: Some(all), ..Measurements::default() }).findings();
            assert!(found.iter().all(|finding| finding.verdict < Verdict::Mismatch), "seed {seed}");
        }
    }
}
