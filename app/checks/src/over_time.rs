//! Everything that was measured along time, put together for charts. Nothing is judged here: a finding that one of them
//! shows gives it its date.

mod drift;
mod log;

use std::collections::BTreeSet;

use domain::comparison::{Side, TimeChunk};
use domain::finding::Finding;
use domain::measurements::Measurements;
use domain::measurements::performance::{Chunk, Figure, FigureOverTime};
use domain::observation::{AlertRule, Breach, MetricSeries, SignalKind};
use domain::over_time::{BandKind, DeployedAt, OverTime, ReferenceRange, RuleLimit, TimePoint, TimeSeries, Unit};
use domain::{Item, SnapshotRole};
use stats::distributions::Z_95;
use stats::intervals::{Share, wilson};

/// At most so many series are kept, and so many points of each: a chart is a few hundred pixels wide.
const MOST_SERIES: usize = 60;
const MOST_POINTS: usize = 400;
/// Columns of which the missing values are shown along time.
const MOST_COLUMNS: usize = 20;
const MOST_DEPLOYMENTS: usize = 50;

/// The series that the findings, the items and the rules are about, the most telling first.
pub fn of(measurements: &Measurements, findings: &[Finding]) -> OverTime {
    let performance = measurements.performance.iter();
    let measured = performance.clone().flat_map(|all| all.measured.iter().map(|one| figure(one, all.reference, true)));
    let estimated = performance.flat_map(|all| all.estimated.iter().map(|one| figure(one, all.reference, false)));
    let log = measurements.serving_log.iter().filter_map(|log| log.buckets.as_ref()).flat_map(log::series);
    let rules = &measurements.observations.alert_rules;
    let observed = measurements.observations.series.iter().enumerate().map(|(index, one)| of_signal(index, one, rules));
    let all = measured
        .chain(estimated)
        .chain(drift::series(measurements, findings))
        .chain(missing(measurements, findings))
        .chain(arrivals(measurements))
        .chain(log)
        .chain(observed)
        .filter(|series| !series.served.is_empty())
        .take(MOST_SERIES);
    let series = all.map(|series| dated(thinned(series), findings)).collect();
    OverTime { series, deployments: deployments(measurements), columns: drift::strips(measurements) }
}

/// Empty, with its name.
fn named(id: String, name: String, unit: Unit, items: &[Item]) -> TimeSeries {
    TimeSeries {
        id,
        name,
        unit,
        band: BandKind::None,
        items: items.to_vec(),
        columns: Vec::new(),
        findings: Vec::new(),
        before: Vec::new(),
        served: Vec::new(),
        reference: None,
        rules: Vec::new(),
        limit: None,
        since: None,
    }
}

fn figure(of: &FigureOverTime, reference: Option<SnapshotRole>, measured: bool) -> TimeSeries {
    let (prefix, name) = match measured {
        true => ("measured", format!("{} on the served rows", of.figure.title())),
        false => ("estimated", format!("Estimated {} on the served rows", of.figure.words())),
    };
    let unit = match of.figure {
        Figure::Accuracy => Unit::Share,
        Figure::RocAuc | Figure::MeanAbsoluteError => Unit::Number { name: String::new() },
    };
    let point = |chunk: &Chunk| TimePoint {
        from_ms: chunk.from_ms,
        to_ms: chunk.to_ms,
        rows: chunk.rows,
        value: chunk.point.value,
        low: Some(chunk.point.value - Z_95 * chunk.point.error),
        high: Some(chunk.point.value + Z_95 * chunk.point.error),
    };
    let levels = || of.reference.iter().map(|chunk| chunk.point.value);
    let range = reference.filter(|_| !of.reference.is_empty()).map(|role| ReferenceRange {
        of: rows_in_words(role),
        low: levels().fold(f64::INFINITY, f64::min),
        high: levels().fold(f64::NEG_INFINITY, f64::max),
    });
    // Rows without times have 0 for both; those of a test set may be from any time.
    let before = of.reference.iter().filter(|chunk| chunk.from_ms > 0);
    TimeSeries {
        band: BandKind::Interval95,
        before: before.map(point).collect(),
        served: of.served.iter().map(point).collect(),
        reference: range,
        ..named(format!("{prefix}-{}", of.figure.id()), name, unit, &[Item::M1])
    }
}

fn rows_in_words(role: SnapshotRole) -> String {
    match role {
        SnapshotRole::Train => "training rows".to_owned(),
        other => format!("{} rows", other.id()),
    }
}

/// The share of missing values, of columns with a finding about it.
fn missing(measurements: &Measurements, findings: &[Finding]) -> Vec<TimeSeries> {
    let about = |finding: &&Finding| matches!(finding.detector.as_str(), "D3.null_surge" | "M1.outage_window");
    // Several findings can be about one column.
    let mut seen: BTreeSet<&String> = BTreeSet::new();
    let columns = findings.iter().filter(about).filter_map(|finding| finding.columns.first());
    let columns: Vec<&String> = columns.filter(|column| seen.insert(column)).collect();
    let of_column = |column: &String| {
        let chunks = measurements.over_time.get(column)?;
        let of_side = |side: Side| chunks.iter().filter(move |chunk| chunk.side == side).map(share_missing).collect();
        let lacks = chunks.iter().any(|chunk| chunk.nulls > 0);
        lacks.then(|| TimeSeries {
            band: BandKind::Interval95,
            columns: vec![column.clone()],
            before: of_side(Side::Train),
            served: of_side(Side::Serve),
            ..named(
                format!("missing-{column}"),
                format!("Missing values of {column}"),
                Unit::Share,
                &[Item::D3, Item::M1],
            )
        })
    };
    columns.into_iter().filter_map(of_column).take(MOST_COLUMNS).collect()
}

fn share_missing(chunk: &TimeChunk) -> TimePoint {
    share_point(chunk.from_ms, chunk.to_ms, Share::new(chunk.nulls, chunk.n))
}

fn share_point(from_ms: i64, to_ms: i64, share: Share) -> TimePoint {
    let interval = wilson(share);
    TimePoint {
        from_ms,
        to_ms,
        rows: share.n,
        value: share.value(),
        low: Some(interval.low),
        high: Some(interval.high),
    }
}

/// Rows a day: every chunk has as many rows, so its length says how fast they came.
fn arrivals(measurements: &Measurements) -> Option<TimeSeries> {
    const DAY_MS: f64 = 86_400_000.0;
    let windows = measurements.time_windows.as_ref()?;
    let chunks = measurements.over_time.values().max_by_key(|chunks| chunks.len())?;
    let served: Vec<&TimeChunk> = chunks.iter().filter(|chunk| chunk.side == Side::Serve).collect();
    // A chunk lasts until the next one begins, so that a gap between them counts as time without rows.
    let ends = served.iter().skip(1).map(|chunk| chunk.from_ms).chain(served.last().map(|chunk| chunk.to_ms));
    let looked_at: u64 = served.iter().map(|chunk| chunk.n).sum();
    let whole = measurements.profile(SnapshotRole::Serve).map_or(windows.rows, |profile| profile.rows);
    let scale = whole as f64 / looked_at.max(1) as f64;
    let points = served.iter().zip(ends).filter(|(chunk, end)| *end > chunk.from_ms).map(|(chunk, end)| TimePoint {
        from_ms: chunk.from_ms,
        to_ms: end,
        rows: chunk.n,
        value: scale * chunk.n as f64 * DAY_MS / (end - chunk.from_ms) as f64,
        low: None,
        high: None,
    });
    let unit = Unit::Rate { name: "rows a day".to_owned() };
    Some(TimeSeries {
        served: points.collect(),
        ..named("arrivals".to_owned(), "Served rows that arrive".to_owned(), unit, &[Item::M1, Item::M2])
    })
}

fn of_signal(index: usize, signal: &MetricSeries, rules: &[AlertRule]) -> TimeSeries {
    let item = match signal.kind {
        SignalKind::Kpi => Item::E3,
        SignalKind::Latency | SignalKind::Throughput | SignalKind::ErrorRate | SignalKind::Memory | SignalKind::Cpu => {
            Item::P3
        }
        SignalKind::Confidence => Item::M2,
        SignalKind::InputDrift
        | SignalKind::MissingValues
        | SignalKind::PredictionDrift
        | SignalKind::LabelDrift
        | SignalKind::Performance
        | SignalKind::Other => Item::M1,
    };
    let watches = |rule: &&AlertRule| {
        rule.breach != Breach::Absent && rule.signal.trim().eq_ignore_ascii_case(signal.signal.trim())
    };
    let limits: Vec<RuleLimit> =
        rules.iter().filter(watches).map(|rule| RuleLimit { rule: rule.name.clone(), limit: rule.threshold }).collect();
    let mut items = vec![item];
    if !limits.is_empty() {
        items.push(Item::M3);
    }
    if signal.kind == SignalKind::Performance {
        items.push(Item::E3);
    }
    let mut points: Vec<(i64, f64)> = signal.points.iter().copied().filter(|(_, value)| value.is_finite()).collect();
    points.sort_by_key(|(at, _)| *at);
    let served = points.into_iter().map(|(at, value)| TimePoint {
        from_ms: at,
        to_ms: at,
        rows: 0,
        value,
        low: None,
        high: None,
    });
    let unit = Unit::Number { name: signal.unit.clone().unwrap_or_default() };
    TimeSeries {
        columns: vec![signal.signal.clone()],
        served: served.collect(),
        rules: limits,
        ..named(format!("signal-{}", index + 1), signal.signal.clone(), unit, &items)
    }
}

/// With its findings, and the date of the first of them that has one.
fn dated(mut series: TimeSeries, findings: &[Finding]) -> TimeSeries {
    let shows = |finding: &&Finding| match finding.detector.as_str() {
        "M1.performance_over_time" => {
            series.id.starts_with("measured-") && finding.effect.name.contains(&series.id["measured-".len()..])
        }
        "M1.estimated_performance" => {
            series.id.starts_with("estimated-") && finding.effect.name.contains(&series.id["estimated-".len()..])
        }
        id if drift::DETECTORS.contains(&id) => series.id.starts_with("drift-") && finding.columns == series.columns,
        "D3.null_surge" => series.id.starts_with("missing-") && finding.columns == series.columns,
        "M1.outage_window" if finding.columns.is_empty() => series.id == "arrivals",
        "M1.outage_window" => series.id.starts_with("missing-") && finding.columns == series.columns,
        "M2.confidence_shift" => series.id == "log-confidence" || finding.columns == series.columns,
        "P3.latency" => series.id == "log-latency",
        "P3.error_rate" => series.id == "log-errors",
        "E3.kpi_series" => finding.columns.iter().any(|column| series.columns.contains(column)),
        _ => false,
    };
    let shown: Vec<&Finding> = findings.iter().filter(shows).collect();
    let since = shown.iter().find_map(|finding| finding.since);
    series.findings = shown.iter().map(|finding| finding.id.clone()).collect();
    series.since = since;
    series
}

/// At most [`MOST_POINTS`]: neighbours are put together.
fn thinned(series: TimeSeries) -> TimeSeries {
    let thin = |points: Vec<TimePoint>| {
        let every = points.len().div_ceil(MOST_POINTS).max(1);
        if every == 1 { points } else { points.chunks(every).filter_map(together).collect() }
    };
    TimeSeries { before: thin(series.before), served: thin(series.served), ..series }
}

fn together(points: &[TimePoint]) -> Option<TimePoint> {
    let n = points.len() as f64;
    let ends = |of: fn(&TimePoint) -> Option<f64>, fold: fn(f64, f64) -> f64| points.iter().filter_map(of).reduce(fold);
    Some(TimePoint {
        from_ms: points.first()?.from_ms,
        to_ms: points.last()?.to_ms,
        rows: points.iter().map(|point| point.rows).sum(),
        value: points.iter().map(|point| point.value).sum::<f64>() / n,
        low: ends(|point| point.low, f64::min),
        high: ends(|point| point.high, f64::max),
    })
}

fn deployments(measurements: &Measurements) -> Vec<DeployedAt> {
    let known = measurements.observations.deployments.iter();
    let mut all: Vec<DeployedAt> = known
        .filter_map(|one| {
            let what = one.version.clone().or_else(|| one.model.clone()).unwrap_or_else(|| "deployment".to_owned());
            Some(DeployedAt { at_ms: one.at_ms?, what })
        })
        .collect();
    all.sort_by(|a, b| a.at_ms.cmp(&b.at_ms).then(a.what.cmp(&b.what)));
    all.dedup();
    let extra = all.len().saturating_sub(MOST_DEPLOYMENTS);
    all.split_off(extra)
}

#[cfg(test)]
mod tests;
