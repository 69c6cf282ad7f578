//! S2.coverage: is every request logged with its inputs and its prediction?

use crate::detectors::words::{count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, LOG_FIELDS_ABSENT, LOG_KEY_BEFORE, LOG_MISSING, LOG_MISSING_POSSIBLE, LOG_MISSING_POSSIBLE_SURE,
    LOG_STOPPED_ROWS, OUTAGE_INSIDE, SIGNIFICANCE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::serving_log::{FieldCoverage, FieldPart, ServingLogMeasures};
use domain::measurements::time_windows::TimedStretch;
use domain::need::Need;
use domain::plot::format::time;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::{share_difference_p, wilson};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("S2.coverage"),
    item: Item::S2,
    title: "Completeness of the serving log",
    looks_for: "Successful requests that were logged without their output, confidence, version, id, time or inputs. Inputs that stop being logged.",
    why_it_matters: "You cannot debug, monitor, label or train on data that was not logged. A partial log is worse: the rows that remain look complete.",
    how_it_decides: "The check counts missing fields among the requests that succeeded. A field is a mismatch when it is missing in at least {LOG_MISSING:%} of them and the lower end of the Wilson interval of that share is at least {LOG_MISSING_POSSIBLE:%}. It is possible when the share is at least {LOG_MISSING_POSSIBLE:%} and the lower end at least {LOG_MISSING_POSSIBLE_SURE:%}. An input is compared with its own past. It has stopped when there is a window in which at least {LOG_STOPPED_ROWS} requests, and {OUTAGE_INSIDE:%} of those in the window, lack it, with p under {CERTAINTY}, while at most {LOG_KEY_BEFORE:%} of the other requests lack it. It is also a mismatch when at least {LOG_MISSING:%} more of the rows lack it than in training, with p under {CERTAINTY}; with p under {SIGNIFICANCE} it is possible. A confidence that is never there is not missed, because not every model has one. Without a status column, and for fields that the log never holds, the result is possible at most.",
    try_next: "Compare the code that writes the log line before and after the first request without the field. Log the whole request and the whole prediction in one place.",
    causes: &[Cause::MissingLogging],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(log) = &measurements.serving_log else { return Judgement::missing(Need::serving_log([])) };
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
        "Counted missing values of {} in {}.",
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
    // A model that predicts amounts has no confidence to log, and neither has one that says only a class.
    let is_confidence = log.columns.confidence.as_ref() == Some(&field.field);
    if is_confidence && missing.hits == missing.n {
        return None;
    }
    let at_least = wilson(missing).low;
    let judged = match missing.value() {
        share if share >= LOG_MISSING && at_least >= LOG_MISSING_POSSIBLE => Verdict::Mismatch,
        share if share >= LOG_MISSING_POSSIBLE && at_least >= LOG_MISSING_POSSIBLE_SURE => Verdict::Possible,
        _ => return None,
    };
    let verdict = if log.successful.is_some() { judged } else { judged.min(Verdict::Possible) };
    let requests = if log.successful.is_some() { "successful requests" } else { "requests" };
    let stopped = field.stretch.filter(|stretch| stopped(*stretch));
    let when = stopped
        .map_or(String::new(), |stretch| format!(", mostly from {} to {}", time(stretch.from_ms), time(stretch.to_ms)));
    let statement =
        format!("{} is not logged for {} of {requests}{when}.", name(&field.field), percent(missing.value()));
    Some(finding(verdict, field, statement, Certainty::exact()))
}

/// One of the inputs, compared with its own past and with train.
fn key(log: &ServingLogMeasures, field: &FieldCoverage) -> Option<Finding> {
    let limit = if log.successful.is_some() { Verdict::Mismatch } else { Verdict::Possible };
    if let Some(stretch) = field.stretch.filter(|stretch| stopped(*stretch)) {
        let statement = format!(
            "{} is not logged for {} of requests from {} to {}.",
            name(&field.field),
            percent(stretch.inside.value()),
            time(stretch.from_ms),
            time(stretch.to_ms),
        );
        let finding = finding(limit, field, statement, Certainty::p(stretch.p));
        return Some(
            finding
                .with_evidence("requests in this window", domain::number::count(stretch.inside.n))
                .with_evidence("missing in the other requests", percent(stretch.outside.value())),
        );
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
        "{} is not logged for {} of requests; in training it is missing in {} of rows.",
        name(&field.field),
        percent(field.missing.value()),
        percent(before.value()),
    );
    Some(finding(verdict, field, statement, Certainty::p(p)))
}

/// Whether a field that the other requests have is missing in this window.
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
        let effect = Effect::new("absent_fields", absent.len() as f64, LOG_FIELDS_ABSENT);
        let statement = format!("The serving log has no column that looks like {}.", absent.join(" or "));
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

    /// `hits` of `n` missing, evenly spread.
    fn scattered(field: &str, part: FieldPart, hits: u64, n: u64) -> FieldCoverage {
        FieldCoverage { field: field.into(), part, missing: Share::new(hits, n), stretch: None, train_missing: None }
    }

    fn verdict(successful: Option<u64>, field: FieldCoverage) -> Option<Verdict> {
        let log = ServingLogMeasures { successful, fields: vec![field], ..log_of(400) };
        let found = judge(&Measurements { serving_log: Some(log), ..Measurements::default() }).findings();
        found.first().map(|finding| finding.verdict)
    }

    #[test]
    fn predictions_have_to_be_logged() {
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
    fn a_log_without_outputs_is_possible() {
        let mut log = log_of(400);
        log.columns.output = None;
        let found = judge(&Measurements { serving_log: Some(log), ..Measurements::default() }).findings();
        assert_eq!((found.len(), found[0].verdict), (1, Verdict::Possible));
    }

    #[test]
    fn a_confidence_that_no_request_has_is_none_of_the_model() {
        let confidence = |hits| scattered("confidence", FieldPart::Answer, hits, 398);
        assert_eq!(verdict(Some(398), confidence(398)), None);
        assert_eq!(verdict(Some(398), confidence(120)), Some(Verdict::Mismatch));
    }
}
