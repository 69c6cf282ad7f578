//! E3.kpi_series: does the business KPI follow the model's metric?

use crate::detectors::report::Bands;
use crate::detectors::words::{chance, count, name, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{KPI_CHANGE, KPI_CHANGE_POSSIBLE, KPI_MOST_POINTS, KPI_POINTS};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Fact, Need, in_words};
use domain::observation::{MetricSeries, SignalKind};
use domain::plot::format::time;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::mann_kendall::{RankTrend, rank_trend};
use stats::multiple::benjamini_hochberg;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("E3.kpi_series"),
    item: Item::E3,
    title: "Model metric and business KPI",
    looks_for: "A model metric that improves while a business KPI gets worse over the same time.",
    why_it_matters: "The team optimises the metric in order to improve the KPI. If they move in opposite directions, more work on the metric does not help the business.",
    how_it_decides: "Compares each metric series with each KPI series over the shared time range, with at least {KPI_POINTS} points each, averaged to at most {KPI_MOST_POINTS}. Both need a certain trend of their own, by the Mann-Kendall rank test with the corrections for autocorrelation of Hamed and Rao and of Yue and Wang. A mismatch: the metric improves and the KPI gets worse, both with q under {CERTAINTY}, and both change from the first to the last point (Theil-Sen slope) by at least {KPI_CHANGE} times the robust scatter around the line. Possible: a change of {KPI_CHANGE_POSSIBLE} times the scatter with q under {SIGNIFICANCE}, or a KPI that improves while the metric gets worse. The better direction is read from the series, or else from well-known names (accuracy, F1 and ROC AUC up; losses and errors down).",
    try_next: "Check what else affected the KPI at that time. Then run an A/B test on the KPI itself, and choose the offline metric that would have ranked the variants correctly.",
    causes: &[Cause::KpiMismatch],
    tasks: Task::ALL,
    judge,
};

const BETTER_UP: &[&str] = &[
    "accuracy",
    "auc",
    "auroc",
    "f1",
    "precision",
    "recall",
    "r2",
    "mcc",
    "kappa",
    "gini",
    "sensitivity",
    "specificity",
    "ndcg",
    "revenue",
    "revenues",
    "profit",
    "profits",
    "conversion",
    "conversions",
    "sales",
    "retention",
];
const BETTER_DOWN: &[&str] = &[
    "loss",
    "logloss",
    "error",
    "errors",
    "rmse",
    "mse",
    "mae",
    "mape",
    "smape",
    "brier",
    "ece",
    "complaint",
    "complaints",
    "churn",
    "chargebacks",
    "refunds",
    "returns",
    "costs",
];

/// Whether a higher value is better: as the series says, else by the words of its name; `None` if neither says.
fn higher_is_better(series: &MetricSeries) -> Option<bool> {
    let words: Vec<String> =
        series.signal.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).filter(|w| !w.is_empty()).collect();
    let any = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    series.higher_is_better.or(match (any(BETTER_UP), any(BETTER_DOWN)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    })
}

fn judge(measurements: &Measurements) -> Judgement {
    let of_kind = |kind: SignalKind| -> Vec<&MetricSeries> {
        measurements.observations.series.iter().filter(|series| series.kind == kind).collect()
    };
    let (metrics, kpis) = (of_kind(SignalKind::Performance), of_kind(SignalKind::Kpi));
    let mut missing = Vec::new();
    if metrics.is_empty() {
        missing.push(Need::series([SignalKind::Performance]));
    }
    if kpis.is_empty() {
        missing.push(Need::series([SignalKind::Kpi]));
    }
    if !missing.is_empty() {
        return Judgement::NoEvidence { missing };
    }
    let mut pairs = Vec::new();
    for metric in &metrics {
        for kpi in &kpis {
            match (higher_is_better(metric), higher_is_better(kpi)) {
                (Some(up), Some(kpi_up)) => pairs.extend(Pair::of((metric, up), (kpi, kpi_up))),
                (None, _) => missing.push(direction_of(metric)),
                (_, None) => missing.push(direction_of(kpi)),
            }
        }
    }
    missing.dedup();
    if pairs.is_empty() && missing.is_empty() {
        missing.push(Need::Fact(Fact::Series {
            kinds: vec![SignalKind::Performance, SignalKind::Kpi],
            points: Some(KPI_POINTS as u32),
        }));
    }
    if pairs.is_empty() {
        return Judgement::NoEvidence { missing };
    }
    // Both trends must be certain, so the less certain one counts.
    let q_values = benjamini_hochberg(&pairs.iter().map(|pair| pair.metric.p.max(pair.kpi.p)).collect::<Vec<_>>());
    let findings = pairs.iter().zip(q_values).filter_map(|(pair, q)| pair.finding(q)).collect();
    let unknown = if missing.is_empty() {
        String::new()
    } else {
        format!(" Some series were not compared; missing: {}.", in_words(&missing))
    };
    let summary = format!(
        "Compared the trends of {} of a metric and a business KPI.{unknown}",
        count(pairs.len() as u64, "pair")
    );
    Judgement::Judged { summary, findings }
}

fn direction_of(series: &MetricSeries) -> Need {
    Need::Fact(Fact::Direction { signal: series.signal.clone() })
}

/// Two series over the shared time range; an upward trend is an improvement in both.
struct Pair<'a> {
    signals: [&'a str; 2],
    from_ms: i64,
    to_ms: i64,
    points: [u64; 2],
    metric: RankTrend,
    kpi: RankTrend,
}

impl<'a> Pair<'a> {
    fn of((metric, metric_up): (&'a MetricSeries, bool), (kpi, kpi_up): (&'a MetricSeries, bool)) -> Option<Self> {
        let (metric_points, kpi_points) = (finite(metric), finite(kpi));
        let from_ms = metric_points.first()?.0.max(kpi_points.first()?.0);
        let to_ms = metric_points.last()?.0.min(kpi_points.last()?.0);
        let within = |points: Vec<(i64, f64)>| -> Vec<(i64, f64)> {
            points.into_iter().filter(|(at, _)| (from_ms..=to_ms).contains(at)).collect()
        };
        let (metric_points, kpi_points) = (within(metric_points), within(kpi_points));
        Some(Self {
            signals: [&metric.signal, &kpi.signal],
            from_ms,
            to_ms,
            points: [metric_points.len() as u64, kpi_points.len() as u64],
            metric: trend_for_the_better(&metric_points, metric_up)?,
            kpi: trend_for_the_better(&kpi_points, kpi_up)?,
        })
    }

    fn finding(&self, q: f64) -> Option<Finding> {
        let (metric, kpi) = (self.metric.change_over_spread(), self.kpi.change_over_spread());
        if metric * kpi >= 0.0 {
            return None;
        }
        let effect = metric.abs().min(kpi.abs());
        let judged = Bands { possible: KPI_CHANGE_POSSIBLE, mismatch: KPI_CHANGE }.verdict(effect, q);
        // A KPI that improves while the metric gets worse has another cause and harms nobody.
        let verdict = if metric > 0.0 { judged } else { judged.min(Verdict::Possible) };
        if verdict == Verdict::Clear {
            return None;
        }
        let direction = |change: f64| if change > 0.0 { "better" } else { "worse" };
        let statement = format!(
            "{} got {} while {} got {}, from {} to {}.",
            name(self.signals[0]),
            direction(metric),
            name(self.signals[1]),
            direction(kpi),
            time(self.from_ms),
            time(self.to_ms),
        );
        let moved = |trend: &RankTrend| {
            let (change, scatters) = (trend.change.abs(), trend.change_over_spread().abs());
            format!("{} ({} times its scatter), p {}", number(change), number(scatters), chance(trend.p))
        };
        Some(
            DETECTOR
                .finding(
                    verdict,
                    &self.signals,
                    statement,
                    Effect::new("change_over_scatter", effect, KPI_CHANGE),
                    Certainty::q(q),
                )
                .with_n("metric", self.points[0])
                .with_n("kpi", self.points[1])
                .with_evidence(format!("change of {}", name(self.signals[0])), moved(&self.metric))
                .with_evidence(format!("change of {}", name(self.signals[1])), moved(&self.kpi))
                .for_cause(Cause::KpiMismatch),
        )
    }
}

fn finite(series: &MetricSeries) -> Vec<(i64, f64)> {
    let mut points: Vec<(i64, f64)> = series.points.iter().copied().filter(|(_, value)| value.is_finite()).collect();
    points.sort_by_key(|(at, _)| *at);
    points
}

fn trend_for_the_better(points: &[(i64, f64)], higher_is_better: bool) -> Option<RankTrend> {
    if (points.len() as f64) < KPI_POINTS {
        return None;
    }
    let windows = points.len().min(KPI_MOST_POINTS as usize);
    let sign = if higher_is_better { 1.0 } else { -1.0 };
    let (at, values): (Vec<f64>, Vec<f64>) = (0..windows)
        .map(|window| {
            let of = &points[window * points.len() / windows..(window + 1) * points.len() / windows];
            let n = of.len() as f64;
            let at = of.iter().map(|(at, _)| (at - points[0].0) as f64).sum::<f64>() / n;
            (at, sign * of.iter().map(|(_, value)| value).sum::<f64>() / n)
        })
        .unzip();
    rank_trend(&at, &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{draws, normal};
    use domain::observation::Observations;

    const DAY: i64 = 86_400_000;

    fn series(signal: &str, kind: SignalKind, values: &[f64]) -> MetricSeries {
        MetricSeries {
            source: "metrics.json".into(),
            signal: signal.into(),
            kind,
            unit: None,
            higher_is_better: None,
            points: values.iter().enumerate().map(|(day, value)| (day as i64 * DAY, *value)).collect(),
        }
    }

    fn judged(metric: MetricSeries, kpi: MetricSeries) -> Judgement {
        let observations = Observations { series: vec![metric, kpi], ..Observations::default() };
        judge(&Measurements { observations, ..Measurements::default() })
    }

    fn moving(seed: u64, by: f64, level: f64) -> Vec<f64> {
        let noise = draws(seed, 40, normal);
        noise.into_iter().enumerate().map(|(day, noise)| level + by * day as f64 / 39.0 + noise).collect()
    }

    fn verdict(metric: (&str, f64), kpi: (&str, f64)) -> Option<Verdict> {
        let metric = series(metric.0, SignalKind::Performance, &moving(1, metric.1, 50.0));
        let kpi = series(kpi.0, SignalKind::Kpi, &moving(2, kpi.1, 900.0));
        judged(metric, kpi).findings().first().map(|finding| finding.verdict)
    }

    #[test]
    fn a_metric_that_rises_while_the_business_falls_is_a_mismatch() {
        assert_eq!(verdict(("test_roc_auc", 8.0), ("weekly revenue", -8.0)), Some(Verdict::Mismatch));
        assert_eq!(verdict(("log_loss", -8.0), ("complaints", 8.0)), Some(Verdict::Mismatch));
        assert_eq!(verdict(("log_loss", 8.0), ("revenue", 8.0)), Some(Verdict::Possible), "the KPI improves");
        assert_eq!(verdict(("roc_auc", 8.0), ("revenue", 8.0)), None, "they agree");
        assert_eq!(verdict(("roc_auc", 8.0), ("revenue", 0.0)), None, "the KPI does not change");
        assert_eq!(verdict(("accuracy", -8.0), ("revenue", -8.0)), None, "both fell");
    }

    #[test]
    fn what_the_series_says_comes_before_its_name_and_an_unknown_direction_is_asked_for() {
        let metric = || series("roc_auc", SignalKind::Performance, &moving(1, 8.0, 50.0));
        let days = |higher| MetricSeries {
            higher_is_better: higher,
            ..series("days to decision", SignalKind::Kpi, &moving(2, 8.0, 900.0))
        };
        assert_eq!(judged(metric(), days(Some(false))).findings()[0].verdict, Verdict::Mismatch);
        assert!(judged(metric(), days(Some(true))).findings().is_empty());
        let Judgement::NoEvidence { missing } = judged(metric(), days(None)) else { unreachable!("nobody said") };
        assert_eq!(missing, [Need::Fact(Fact::Direction { signal: "days to decision".into() })]);
    }

    #[test]
    fn short_empty_and_separate_series_are_no_evidence() {
        let none = |metric: &[f64], kpi: MetricSeries| {
            matches!(judged(series("f1", SignalKind::Performance, metric), kpi), Judgement::NoEvidence { .. })
        };
        let kpi = || series("revenue", SignalKind::Kpi, &moving(2, -8.0, 900.0));
        assert!(none(&[], kpi()) && none(&[f64::NAN; 40], kpi()) && none(&[0.5; 8], kpi()));
        let later = MetricSeries { points: kpi().points.iter().map(|(at, v)| (at + 90 * DAY, *v)).collect(), ..kpi() };
        assert!(none(&moving(1, 8.0, 50.0), later));
        assert!(matches!(judge(&Measurements::default()), Judgement::NoEvidence { missing } if missing.len() == 2));
        assert!(judged(series("f1", SignalKind::Performance, &[0.5; 40]), kpi()).findings().is_empty());
    }

    #[test]
    fn noise_with_and_without_autocorrelation_is_not_a_mismatch() {
        let mut reported = 0;
        for seed in 0..300 {
            let memory = [0.0, 0.5, 0.9][seed as usize % 3];
            let noise = |seed: u64| {
                let mut level = 0.0;
                draws(seed, 60, |rng| {
                    level = memory * level + normal(rng);
                    level
                })
            };
            let metric = series("accuracy", SignalKind::Performance, &noise(seed));
            let kpi = series("revenue", SignalKind::Kpi, &noise(seed + 1_000));
            let found = judged(metric, kpi).findings();
            reported += found.iter().filter(|finding| finding.verdict == Verdict::Mismatch).count();
        }
        assert_eq!(reported, 0);
    }
}
