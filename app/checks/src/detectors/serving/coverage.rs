//! S2.coverage: is every request logged with what it asked and what was answered?

use crate::detectors::words::{chance, count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, LOG_KEY_BEFORE, LOG_MISSING, LOG_MISSING_POSSIBLE, LOG_STOPPED_ROWS, OUTAGE_INSIDE, SIGNIFICANCE,
};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::serving_log::{FieldCoverage, FieldPart, ServingLogMeasures};
use domain::measurements::time_windows::TimedStretch;
use domain::plot::format::time;
use domain::{Cause, Finding, Item, Verdict};
use stats::intervals::{share_difference_p, wilson};

pub static DETECTOR: Detector = Detector {
    id: "S2.coverage",
    item: Item::S2,
    title: "What the serving log holds",
    looks_for: "Successful requests that were logged without their output, confidence, version, id, time or inputs, and inputs that stop being logged.",
    why_it_matters: "What is not logged can't be debugged, monitored, labelled later or trained on, and what is logged in part is worse: the rest looks complete.",
    how_it_decides: "Counted among the requests that succeeded. A field missing in one request of twenty is a mismatch when the interval (Wilson, 95 %) of its share lies over one in a hundred; over one in a hundred it is possible. An input is held against its own past: it stops when at least twenty requests in a row lack it, with p under 0.0001, while nine of ten others have it; or it is missing in five points more of the requests than in train. Without a column that tells which requests succeeded, or for a field that the log has not at all, nothing is more than possible.",
    try_next: "Compare the code that writes the log line before and after the first request that lacks the field, and log the whole request and answer in one place.",
    causes: &[Cause::MissingLogging],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(log) = &measurements.serving_log else { return Judgement::missing("a serving log") };
    let findings = log
        .fields
        .iter()
        .filter_map(|field| match field.part {
            FieldPart::InputKey => key(log, field),
            FieldPart::Answer | FieldPart::Request => whole_field(log, field),
        })
        .chain(absent_fields(log))
        .collect();
    let summary = format!(
        "Counted {} in {}.",
        count(log.fields.len() as u64, "logged field"),
        match log.successful {
            Some(successful) => format!("{} that succeeded", count(successful, "request")),
            None => count(log.rows, "request"),
        }
    );
    Judgement::Judged { summary, findings }
}

fn whole_field(log: &ServingLogMeasures, field: &FieldCoverage) -> Option<Finding> {
    let missing = field.missing;
    let at_least = wilson(missing).low;
    let judged = match missing.value() {
        share if share >= LOG_MISSING && at_least >= LOG_MISSING_POSSIBLE => Verdict::Mismatch,
        share if share >= LOG_MISSING_POSSIBLE && at_least >= LOG_MISSING_POSSIBLE / 2.0 => Verdict::Possible,
        _ => return None,
    };
    let verdict = if log.successful.is_some() { judged } else { judged.min(Verdict::Possible) };
    let requests = if log.successful.is_some() { "successful requests" } else { "requests" };
    let stopped = field.stretch.filter(|stretch| stopped(*stretch));
    let when = stopped.map_or(String::new(), |stretch| {
        format!(", nearly always from {} to {}", time(stretch.from_ms), time(stretch.to_ms))
    });
    let statement =
        format!("{} is not logged in {} of {requests}{when}.", name(&field.field), percent(missing.value()));
    Some(finding(verdict, field, statement, Certainty::exact()))
}

/// One of the inputs, against its own past and against train.
fn key(log: &ServingLogMeasures, field: &FieldCoverage) -> Option<Finding> {
    let limit = if log.successful.is_some() { Verdict::Mismatch } else { Verdict::Possible };
    if let Some(stretch) = field.stretch.filter(|stretch| stopped(*stretch)) {
        let statement = format!(
            "{} is not logged in {} of {} from {} to {}, and missing in {} of the others.",
            name(&field.field),
            percent(stretch.inside.value()),
            count(stretch.inside.n, "request"),
            time(stretch.from_ms),
            time(stretch.to_ms),
            percent(stretch.outside.value()),
        );
        return Some(finding(limit, field, statement, Certainty::p(stretch.p)));
    }
    let before = field.train_missing.filter(|share| share.n > 0)?;
    let more = field.missing.value() - before.value();
    let p = share_difference_p(before, field.missing);
    let verdict = match () {
        () if more >= LOG_MISSING && p < CERTAINTY => limit,
        () if more >= LOG_MISSING && p < SIGNIFICANCE => Verdict::Possible,
        () => return None,
    };
    let statement = format!(
        "{} is not logged in {} of requests; in train it is missing in {} (p {}).",
        name(&field.field),
        percent(field.missing.value()),
        percent(before.value()),
        chance(p),
    );
    Some(finding(verdict, field, statement, Certainty::p(p)))
}

/// A field that other requests have is missing in a row of them.
fn stopped(stretch: TimedStretch) -> bool {
    let elsewhere = stretch.outside;
    stretch.p < CERTAINTY
        && stretch.inside.hits as f64 >= LOG_STOPPED_ROWS
        && stretch.inside.value() >= OUTAGE_INSIDE
        && elsewhere.n > 0
        && elsewhere.value() <= LOG_KEY_BEFORE
}

fn finding(verdict: Verdict, field: &FieldCoverage, statement: String, certainty: Certainty) -> Finding {
    let interval = wilson(field.missing);
    let effect =
        Effect::new("missing_share", field.missing.value(), LOG_MISSING).with_interval(interval.low, interval.high);
    DETECTOR
        .finding(verdict, &[&field.field], statement, effect, certainty)
        .with_n("log", field.missing.n)
        .with_evidence("requests without it", field.missing.hits.to_string())
        .for_cause(Cause::MissingLogging)
}

/// Fields that the log has no column for.
fn absent_fields(log: &ServingLogMeasures) -> Option<Finding> {
    let has_keys = log.fields.iter().any(|field| field.part == FieldPart::InputKey);
    let wanted = [
        ("an id", log.columns.id.is_some()),
        ("a model version", log.columns.version.is_some()),
        ("the inputs", log.columns.inputs.is_some() || has_keys),
        ("the output", log.columns.output.is_some()),
    ];
    let absent: Vec<&str> = wanted.iter().filter(|(_, there)| !there).map(|(field, _)| *field).collect();
    (!absent.is_empty()).then(|| {
        let effect = Effect::new("absent_fields", absent.len() as f64, 1.0);
        let statement = format!("No column of the serving log was recognised as {}.", absent.join(" or "));
        DETECTOR
            .finding(Verdict::Possible, &[], statement, effect, Certainty::exact())
            .with_n("log", log.rows)
            .for_cause(Cause::MissingLogging)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::log_of;
    use stats::intervals::Share;

    /// `hits` of `n` missing, nowhere more than elsewhere.
    fn scattered(field: &str, part: FieldPart, hits: u64, n: u64) -> FieldCoverage {
        FieldCoverage { field: field.into(), part, missing: Share::new(hits, n), stretch: None, train_missing: None }
    }

    fn verdict(successful: Option<u64>, field: FieldCoverage) -> Option<Verdict> {
        let log = ServingLogMeasures { successful, fields: vec![field], ..log_of(400) };
        let found = judge(&Measurements { serving_log: Some(log), ..Measurements::default() }).findings();
        found.first().map(|finding| finding.verdict)
    }

    #[test]
    fn answers_have_to_be_logged() {
        let output = |hits| scattered("output", FieldPart::Answer, hits, 398);
        assert_eq!(verdict(Some(398), output(48)), Some(Verdict::Mismatch));
        assert_eq!(verdict(None, output(48)), Some(Verdict::Possible), "they may be failed requests");
        assert_eq!(verdict(Some(398), output(8)), Some(Verdict::Possible));
        assert_eq!(verdict(Some(398), output(1)), None);
    }

    #[test]
    fn an_input_that_stops_is_missing_and_an_optional_one_is_not() {
        let optional = scattered("inputs.a", FieldPart::InputKey, 150, 398);
        assert_eq!(verdict(Some(398), optional.clone()), None);
        let as_in_train = FieldCoverage { train_missing: Some(Share::new(370, 1_000)), ..optional.clone() };
        assert_eq!(verdict(Some(398), as_in_train), None);
        let more_than_train = FieldCoverage { train_missing: Some(Share::new(0, 1_000)), ..optional.clone() };
        assert_eq!(verdict(Some(398), more_than_train), Some(Verdict::Mismatch));
        let stretch = TimedStretch {
            from_ms: 0,
            to_ms: 1,
            inside: Share::new(150, 150),
            outside: Share::new(0, 248),
            score: 500.0,
            p: 0.0,
        };
        assert_eq!(verdict(Some(398), FieldCoverage { stretch: Some(stretch), ..optional }), Some(Verdict::Mismatch));
    }

    #[test]
    fn a_log_without_outputs_is_worth_a_word() {
        let mut log = log_of(400);
        log.columns.output = None;
        let found = judge(&Measurements { serving_log: Some(log), ..Measurements::default() }).findings();
        assert_eq!((found.len(), found[0].verdict), (1, Verdict::Possible));
    }
}
