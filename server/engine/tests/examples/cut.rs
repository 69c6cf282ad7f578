//! An example from a diagnosis: one finding, and of everything else what its charts draw.

use std::path::Path;
use std::sync::Arc;

use domain::comparison::ChartData;
use domain::diagnosis::{self, ReadCurve};
use domain::measurements::Coverage;
use domain::since::Extent;
use domain::worked_example::Example;
use domain::{Comparison, Diagnosis, EvaluationRun, Finding, Item, OverTime};
use serde_json::{Number, Value};

use crate::scenarios::{Scenario, repository};

pub fn example(scenario: &Scenario, diagnosis: &Diagnosis, finding: &Finding) -> Example {
    let along = diagnosis.over_time.of_finding(&finding.id).take(2).cloned().collect();
    let in_repository = |path: &Path| path.strip_prefix(repository()).unwrap().display().to_string();
    Example {
        scenario: scenario.name.clone(),
        data: scenario.data.to_owned(),
        files: scenario.faulty.iter().map(|path| in_repository(path)).collect(),
        diagnosis: Diagnosis {
            version: diagnosis::VERSION,
            tool: String::new(),
            inputs: Vec::new(),
            readings: Vec::new(),
            roles: Default::default(),
            layers: Vec::new(),
            comparisons: Arc::new(comparison(diagnosis, finding).into_iter().collect()),
            evaluations: Arc::new(run(diagnosis, finding).into_iter().collect()),
            learning_curves: Arc::new(curve(diagnosis, finding).into_iter().collect()),
            over_time: Arc::new(OverTime {
                series: along,
                deployments: diagnosis.over_time.deployments.clone(),
                columns: Vec::new(),
            }),
            findings: vec![finding.clone()],
            suspects: Vec::new(),
            coverage: Coverage::default(),
            mutes: Vec::new(),
            muted_suspects: Vec::new(),
            decisions: Vec::new(),
            ruled_out_suspects: Vec::new(),
            against: None,
            running: Arc::default(),
            told: Vec::new(),
            guard: Arc::default(),
            fall: None,
        },
    }
}

/// The first of its columns that has a chart, with what a histogram draws; with the chunks of time where the finding has one.
fn comparison(diagnosis: &Diagnosis, finding: &Finding) -> Option<Comparison> {
    let mut of_columns =
        finding.columns.iter().filter_map(|column| diagnosis.comparisons.iter().find(|one| one.column == *column));
    let mut found = of_columns.find(|one| one.chart.is_some())?.clone();
    let is_along_time =
        finding.item == Item::M1 || finding.since.is_some_and(|since| since.extent != Extent::WholePeriod);
    if let Some(ChartData::Numeric(chart)) = &mut found.chart {
        (chart.reference_quantiles, chart.current_quantiles) = (Vec::new(), Vec::new());
        if !is_along_time {
            chart.over_time.clear();
        }
    }
    Some(found)
}

/// The runs of the detectors that look at one, with what the charts of scores, calibration and errors draw.
fn run(diagnosis: &Diagnosis, finding: &Finding) -> Option<EvaluationRun> {
    let detectors = ["E1.score_direction", "E2.threshold", "E1.calibration", "E1.metrics_disagree"];
    if !detectors.contains(&finding.detector.as_str()) {
        return None;
    }
    let is_counted = |run: &&EvaluationRun| finding.n.get(run.split.word()) == Some(&run.n);
    let counted = diagnosis.evaluations.iter().filter(is_counted);
    let mut run = counted.max_by_key(|run| run.split == domain::evaluation::Split::Serve)?.clone();
    (run.slices, run.per_class) = (Vec::new(), Vec::new());
    run.metrics.clear();
    if let Some(scores) = &mut run.scores {
        scores.thresholds.truncate(1);
        scores.true_positives.truncate(1);
        scores.false_positives.truncate(1);
    }
    if let Some(chart) = &mut run.regression {
        chart.sample.clear();
        (chart.by_prediction, chart.by_time, chart.by_segment) = (Vec::new(), Vec::new(), Vec::new());
        chart.quantiles = None;
    }
    Some(run)
}

fn curve(diagnosis: &Diagnosis, finding: &Finding) -> Option<ReadCurve> {
    let says = |read: &&ReadCurve| read.readings.iter().any(|reading| reading.statement == finding.statement);
    diagnosis.learning_curves.iter().find(says).cloned()
}

/// With no more digits than a chart shows.
pub fn rounded(value: Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            let short =
                number.as_f64().and_then(|value| format!("{value:.5e}").parse().ok()).and_then(Number::from_f64);
            Value::Number(short.unwrap_or(number))
        }
        Value::Array(values) => Value::Array(values.into_iter().map(rounded).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, rounded(value))).collect())
        }
        other => other,
    }
}
