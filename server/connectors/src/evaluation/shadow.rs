//! Logs of a shadow deployment as JSON Lines: for each request the answer of the live model and the one of the shadow model.

use domain::Problem;
use domain::number::{count, counted, number};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use serde_json::Value;

use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json};

const TOOL: &str = "shadow log";
const LIVE: [&str; 6] = ["primary", "live", "production", "champion", "baseline", "control"];
const SHADOW: [&str; 3] = ["shadow", "candidate", "challenger"];
const LABELS: [&str; 7] = ["label", "prediction", "predicted", "class", "decision", "y_pred", "output"];
const SCORES: [&str; 6] = ["score", "probability", "proba", "y_proba", "y_score", "prediction_score"];
const LATENCIES: [&str; 3] = ["latency_ms", "latency", "duration_ms"];
const REQUESTS: [&str; 5] = ["request_id", "id", "trace_id", "row_id", "correlation_id"];
/// Scores that differ by more standard errors than this differ on average.
const STANDARD_ERRORS: f64 = 3.0;

pub(crate) static LOG: Connector = Connector {
    id: "shadow_log",
    tool: TOOL,
    words: "log of live and shadow predictions, JSON Lines",
    proven_on: "the documented shape",
    takes: "the share of other predictions, the difference of scores and of latencies, requests without a shadow answer",
    leaves: "single requests",
    recognise: is_log,
    read,
};

/// The first line has a request, a live answer and a place for the shadow's, which may be null.
fn is_log(seen: &Seen<'_>) -> bool {
    let prefix = if seen.json.is_list() { "[]." } else { "" };
    let has = |key: &str| seen.json.has(&format!("{prefix}{key}"));
    let answers =
        |who: &str, between: &str| LABELS.iter().chain(&SCORES).any(|field| has(&format!("{who}{between}{field}")));
    let nested = LIVE.iter().any(|live| answers(live, ".")) && SHADOW.iter().any(|shadow| has(shadow));
    let flat = LIVE.iter().any(|live| answers(live, "_")) && SHADOW.iter().any(|shadow| answers(shadow, "_"));
    REQUESTS.iter().any(|request| has(request)) && (nested || flat)
}

/// The answer of one of the two models: an object, or keys with its name before them.
struct Answer<'v> {
    row: &'v Value,
    who: &'static str,
}

impl<'v> Answer<'v> {
    fn of(row: &'v Value, names: &[&'static str]) -> Option<Self> {
        let is = |who: &str| {
            row.get(who).is_some()
                || LABELS.iter().chain(&SCORES).any(|field| row.get(format!("{who}_{field}")).is_some())
        };
        names.iter().find(|who| is(who)).map(|who| Self { row, who })
    }

    fn get(&self, fields: &[&str]) -> Option<&'v Value> {
        let (row, who) = (self.row, self.who);
        let nested = |field: &&str| json::at(row, &[who, field]);
        let flat = |field: &&str| row.get(format!("{who}_{field}"));
        fields.iter().find_map(|field| nested(field).or_else(|| flat(field))).filter(|value| !value.is_null())
    }

    fn number(&self, fields: &[&str]) -> Option<f64> {
        json::finite(self.get(fields)?)
    }
}

/// What a log adds up to.
#[derive(Default)]
struct Compared {
    requests: u64,
    labels: u64,
    different: u64,
    scores: Vec<(f64, f64)>,
    latencies: (Vec<f64>, Vec<f64>),
    unanswered: u64,
    errors: u64,
    versions: (Option<String>, Option<String>),
}

impl Compared {
    fn add(&mut self, row: &Value) {
        let Some(live) = Answer::of(row, &LIVE) else { return };
        self.requests += 1;
        let Some(shadow) = Answer::of(row, &SHADOW) else {
            self.unanswered += 1;
            return;
        };
        self.versions.0 = self.versions.0.take().or_else(|| live.get(&["model_version", "version"]).map(json::words));
        self.versions.1 = self.versions.1.take().or_else(|| shadow.get(&["model_version", "version"]).map(json::words));
        if shadow.get(&["error", "exception"]).is_some() {
            self.errors += 1;
            return;
        }
        let labels = live.get(&LABELS).zip(shadow.get(&LABELS));
        let scores = live.number(&SCORES).zip(shadow.number(&SCORES));
        if labels.is_none() && scores.is_none() {
            self.unanswered += 1;
            return;
        }
        if let Some((live, shadow)) = labels {
            self.labels += 1;
            self.different += u64::from(live != shadow);
        }
        self.scores.extend(scores);
        self.latencies.0.extend(live.number(&LATENCIES));
        self.latencies.1.extend(shadow.number(&LATENCIES));
    }

    fn check(&self, name: &str, about: CheckSubject, outcome: CheckOutcome) -> ToolCheck {
        let columns = match &self.versions {
            (Some(live), Some(shadow)) => vec![format!("{live} and {shadow}")],
            _ => Vec::new(),
        };
        ToolCheck::new(Source::of(TOOL, None, ""), name, about, columns, outcome)
    }

    /// Two versions are meant to differ; of one version it is a fault.
    fn predictions(&self) -> Option<ToolCheck> {
        let share = (self.labels > 0).then(|| self.different as f64 / self.labels as f64)?;
        let same_version = self.versions.0.is_some() && self.versions.0 == self.versions.1;
        let outcome = match self.different {
            0 => CheckOutcome::Passed,
            _ if same_version => CheckOutcome::Failed,
            _ => CheckOutcome::Warned,
        };
        let check = self.check("predictions", CheckSubject::Shadow, outcome).with_measured(
            "share of different predictions",
            share,
            None,
        );
        Some(check.with_observed(format!("{} of {}", count(self.different), counted(self.labels, "request"))))
    }

    fn scores(&self) -> Option<ToolCheck> {
        let n = self.scores.len() as f64;
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| self.scores.iter().map(of).sum::<f64>() / n;
        let (live, shadow) = (mean(&|pair| pair.0), mean(&|pair| pair.1));
        let difference = shadow - live;
        let variance = self.scores.iter().map(|pair| (pair.1 - pair.0 - difference).powi(2)).sum::<f64>() / (n - 1.0);
        let error = (variance / n).sqrt();
        if self.scores.len() < 2 || !error.is_finite() {
            return None;
        }
        let outcome =
            if difference.abs() > STANDARD_ERRORS * error { CheckOutcome::Warned } else { CheckOutcome::Passed };
        let check = self.check("scores", CheckSubject::Shadow, outcome).with_measured(
            "mean difference of scores",
            difference,
            None,
        );
        Some(check.with_observed(format!("{} of the shadow and {} live on average", number(shadow), number(live))))
    }

    fn answers(&self) -> ToolCheck {
        let lost = self.unanswered + self.errors;
        let outcome = if lost > 0 { CheckOutcome::Warned } else { CheckOutcome::Passed };
        let share = lost as f64 / (self.requests as f64).max(1.0);
        let words = format!(
            "{} of {} without an answer of the shadow, {} with an error",
            count(self.unanswered),
            counted(self.requests, "request"),
            count(self.errors)
        );
        let check = self.check("answers", CheckSubject::Shadow, outcome);
        check.with_measured("share of requests without a shadow prediction", share, None).with_observed(words)
    }

    fn latency(&mut self) -> Option<ToolCheck> {
        let (live, shadow) = (median(&mut self.latencies.0)?, median(&mut self.latencies.1)?);
        let ratio = (live > 0.0).then(|| shadow / live)?;
        let outcome = if ratio >= 1.5 { CheckOutcome::Warned } else { CheckOutcome::Passed };
        let check = self.check("latency", CheckSubject::Latency, outcome).with_measured(
            "ratio of median latencies",
            ratio,
            None,
        );
        Some(check.with_observed(format!("{} of the shadow and {} live", number(shadow), number(live))))
    }
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let is_list = given.text()?.trim_start().starts_with('[');
    let (rows, broken) = match is_list {
        true => (json::list(&given.json()?, &[]).cloned().collect(), 0),
        false => given.json_lines()?,
    };
    let mut compared = Compared::default();
    for row in &rows {
        compared.add(row);
    }
    let mut brought = Brought::default();
    if compared.requests > 0 {
        let checks = [compared.predictions(), compared.scores(), Some(compared.answers()), compared.latency()];
        brought.facts.checks = checks.into_iter().flatten().collect();
    }
    if broken > 0 {
        brought.left.push(counted(broken as u64, "line that is not JSON"));
    }
    Ok(brought)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn other_predictions_of_one_version_fail_and_of_two_warn() {
        let judged = |shadow: &str| {
            let mut compared = Compared::default();
            for label in [0, 1] {
                compared.add(&json!({"live": {"prediction": 1, "version": "v3"}, "shadow": {"prediction": label, "version": shadow}}));
            }
            compared.add(&json!({"live_prediction": 1, "shadow_prediction": 1}));
            compared.predictions().map(|check| (check.outcome, check.measured.map(|measured| measured.value)))
        };
        assert_eq!(judged("v3"), Some((CheckOutcome::Failed, Some(1.0 / 3.0))));
        assert_eq!(judged("v4"), Some((CheckOutcome::Warned, Some(1.0 / 3.0))));
    }

    #[test]
    fn a_table_with_a_label_is_not_a_shadow_log() {
        let is = |text: &str| is_log(&Seen::of(text.as_bytes()));
        assert!(is(r#"{"request_id": 1, "primary": {"label": 1}, "shadow": null}"#));
        assert!(is(r#"[{"id": 1, "live_score": 0.5, "shadow_score": 0.4}]"#));
        assert!(!is(r#"{"id": 1, "label": 1, "shadow": 0.5}"#) && !is(r#"{"primary": {"label": 1}, "shadow": null}"#));
    }
}
