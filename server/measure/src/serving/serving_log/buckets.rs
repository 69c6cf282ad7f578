//! The log in steps of equal time: what a monitor of it would have drawn.

use std::collections::HashMap;

use domain::measurements::serving_log::{LatencyFigures, LogBucket, LogBuckets};
use serde_json::{Map, Value};
use stats::intervals::Share;
use stats::mann_kendall::robust_deviation;
use stats::quantiles::{mean, quantile};

use super::outcome::Outcome;
use super::requests::Requests;
use crate::values::numbers;

const MINUTE: i64 = 60_000;
/// Steps that people read.
const WIDTHS: [i64; 11] = [
    10_000,
    30_000,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    60 * MINUTE,
    6 * 60 * MINUTE,
    24 * 60 * MINUTE,
    7 * 24 * 60 * MINUTE,
];
/// Requests of a step on average, so that its figures hold still, and the most steps there are.
const REQUESTS: f64 = 10.0;
const MOST_STEPS: i64 = 5_000;
/// A key belongs to the inputs when this share of the requests has it.
const USUAL_KEY: f64 = 0.5;

/// What one request adds.
#[derive(Default)]
struct Step {
    requests: u64,
    failed: u64,
    known: u64,
    latencies: Vec<f64>,
    missing: u64,
    values: u64,
    confidences: Vec<f64>,
}

/// `None` without times or where all are one.
pub(super) fn buckets(requests: &Requests<'_>, looked_at: f64) -> Option<LogBuckets> {
    requests.columns.time.as_ref()?;
    let (first, last) = (requests.order.first()?.0, requests.order.last()?.0);
    let span = last.checked_sub(first).filter(|span| *span > 0)?;
    let wanted = span as f64 * REQUESTS / requests.order.len() as f64;
    let fits = |width: &&i64| **width as f64 >= wanted && span / **width < MOST_STEPS;
    let width_ms = *WIDTHS.iter().find(fits)?;
    let begin = first.div_euclid(width_ms) * width_ms;
    let mut steps: Vec<Step> = Vec::new();
    steps.resize_with(((last - begin) / width_ms + 1) as usize, Step::default);
    let column = |name: &Option<String>| numbers(requests.column(name.as_ref())?);
    let (latencies, confidences) = (column(&requests.columns.latency), column(&requests.columns.confidence));
    let finite = |values: &Option<Vec<Option<f64>>>, row: usize| values.as_ref()?[row].filter(|v| v.is_finite());
    let missing = missing_values(requests);
    for (time, row) in &requests.order {
        let step = &mut steps[((time - begin) / width_ms) as usize];
        step.requests += 1;
        if let Some(outcome) = requests.outcomes.as_ref().map(|outcomes| outcomes[*row]) {
            step.failed += u64::from(outcome == Outcome::Failed);
            step.known += u64::from(outcome != Outcome::Unknown);
        }
        step.latencies.extend(finite(&latencies, *row));
        step.confidences.extend(finite(&confidences, *row));
        if let Some(of) = missing.get(row) {
            step.missing += of.hits;
            step.values += of.n;
        }
    }
    let all_confidences: Vec<f64> = steps.iter().flat_map(|step| step.confidences.iter().copied()).collect();
    let all = steps.into_iter().enumerate().map(|(place, step)| step.bucket(begin + place as i64 * width_ms)).collect();
    let confidence_spread = (!all_confidences.is_empty()).then(|| robust_deviation(&all_confidences));
    Some(LogBuckets { width_ms, looked_at, all, confidence_spread })
}

impl Step {
    fn bucket(mut self, from_ms: i64) -> LogBucket {
        self.latencies.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| quantile(&self.latencies, share);
        let latency = (!self.latencies.is_empty()).then(|| LatencyFigures {
            mean: mean(&self.latencies),
            p50: at(0.5),
            p90: at(0.9),
            p95: at(0.95),
            p99: at(0.99),
        });
        let confidence =
            (!self.confidences.is_empty()).then(|| (mean(&self.confidences), self.confidences.len() as u64));
        LogBucket {
            from_ms,
            requests: self.requests,
            failed: Share::new(self.failed, self.known),
            latency,
            missing_inputs: Share::new(self.missing, self.values),
            confidence,
        }
    }
}

/// By row: the missing values among the usual keys of its inputs. Rows whose inputs are no object are left out.
fn missing_values(requests: &Requests<'_>) -> HashMap<usize, Share> {
    let text = requests.column(requests.columns.inputs.as_ref()).and_then(|column| column.str().ok());
    let Some(text) = text else { return HashMap::new() };
    let mut counts: HashMap<String, u64> = HashMap::new();
    let mut keys_of: Vec<(usize, Vec<String>)> = Vec::new();
    for (_, row) in &requests.order {
        let Some(Ok(object)) = text.get(*row).map(serde_json::from_str::<Map<String, Value>>) else { continue };
        let keys: Vec<String> = object.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key).collect();
        for key in &keys {
            *counts.entry(key.clone()).or_default() += 1;
        }
        keys_of.push((*row, keys));
    }
    let enough = USUAL_KEY * keys_of.len() as f64;
    let is_usual = |key: &String| counts.get(key).is_some_and(|count| *count as f64 >= enough);
    let usual = counts.keys().filter(|key| is_usual(key)).count() as u64;
    keys_of
        .into_iter()
        .map(|(row, keys)| {
            let there = keys.iter().filter(|key| is_usual(key)).count() as u64;
            (row, Share::new(usual - there, usual))
        })
        .collect()
}
