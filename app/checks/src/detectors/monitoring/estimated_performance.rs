//! M1.estimated_performance: what do the scores say about performance while there are no labels?

use super::performance_over_time::{loss, with_chunks};
use crate::detectors::report::Bands;
use crate::detectors::words::{chance, count, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{ESTIMATED_LOST, ESTIMATED_LOST_POSSIBLE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::performance::{FigureOverTime, PerformanceOverTime};
use domain::plot::format::time;
use domain::snapshot::SnapshotRole;
use domain::{Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: "M1.estimated_performance",
    item: Item::M1,
    title: "Performance estimated without labels",
    looks_for: "A lasting drop of the accuracy or ROC AUC that the model's own scores promise on the served rows.",
    why_it_matters: "Labels come weeks late or never. If the served rows have become harder, the scores show it on the day it happens.",
    how_it_decides: "Scores are calibrated (isotonic regression) on earlier rows that have labels, and the confusion matrix to expect is summed from the calibrated scores of up to twenty stretches of served rows (confidence-based performance estimation, as published by NannyML). The level after the best place to cut is held against that before it and of the earlier rows: five points lost with p under 0.0001 is a mismatch, two points with p under 0.01 possible. The noise is the scatter from stretch to stretch, at least that of a measurement on as many rows; the intervals are those of such a measurement. It assumes that only the inputs moved: a changed relation to the label, or features that are wrong in a way the model never saw, do not show in its scores, so clear does not mean that the model is right. It names no cause: other findings explain the drop.",
    try_next: "Have a few hundred of the most recent rows labelled and measure; meanwhile look at the suspects among the inputs.",
    causes: &[],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(performance) = &measurements.performance else {
        return Judgement::missing("serve rows with a time column");
    };
    if performance.estimated.is_empty() {
        return Judgement::missing(
            "scores of a binary model on served rows (at least 180) and on earlier rows that have labels",
        );
    }
    if !performance.measured.is_empty() {
        let summary = "The served rows have labels: what they measure counts, not an estimate.".to_owned();
        return Judgement::Judged { summary, findings: Vec::new() };
    }
    let tried = performance.estimated.len() as f64;
    let findings = performance.estimated.iter().filter_map(|figure| lost(performance, figure, tried));
    let strongest = findings.reduce(|best, other| if other.verdict > best.verdict { other } else { best });
    let levels: Vec<String> = performance.estimated.iter().map(in_words).collect();
    let summary = format!(
        "Estimated from the scores of {}, if only the inputs moved: {}.",
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
    let verdict = Bands { possible: ESTIMATED_LOST_POSSIBLE, mismatch: ESTIMATED_LOST }.verdict(lost, p);
    let since = figure.served.get(shift.from)?.from_ms;
    let statement = format!(
        "From {} on the calibrated scores promise {} of {} on the served rows, against {} before (p {}); there are no labels to measure it.",
        time(since),
        figure.figure.words(),
        number(shift.after),
        number(shift.before),
        chance(p),
    );
    let effect = Effect::new(&format!("estimated_{}_lost", figure.figure.id()), lost, ESTIMATED_LOST)
        .with_interval(-shift.high, -shift.low);
    (verdict > Verdict::Clear).then(|| {
        let mut finding =
            DETECTOR.finding(verdict, &[], statement, effect, Certainty::p(p)).with_n("serve", performance.scored_rows);
        if performance.reference == Some(SnapshotRole::Train) {
            finding = finding.with_evidence(
                "calibrated on",
                "train rows: where the model knows them by heart, the estimate is too high",
            );
        }
        with_chunks(finding, performance, figure)
    })
}

#[cfg(test)]
mod tests {
    use super::super::performance_over_time::tests::chunks;
    use super::*;
    use domain::measurements::performance::Figure;

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
    fn a_promised_drop_is_told_without_a_cause_and_without_labels_only() {
        let dropped: Vec<f64> = (0..20).map(|day| if day < 14 { 0.9 } else { 0.8 }).collect();
        let found = judged(&dropped, None).findings();
        assert_eq!((found[0].verdict, found[0].cause), (Verdict::Mismatch, None));
        assert!(found[0].statement.contains("1970-01-15"), "{}", found[0].statement);
        assert!(judged(&dropped, Some(&[0.9; 20])).findings().is_empty(), "the labels say otherwise");
        assert!(judged(&[0.95; 20], None).findings().is_empty());
        assert!(matches!(judge(&Measurements::default()), Judgement::NoEvidence { .. }));
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
