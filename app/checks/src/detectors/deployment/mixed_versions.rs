//! P2.mixed_versions: do two versions of the model serve requests at the same time?

use crate::detectors::words::{count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{MIXED_ANSWERS, MIXED_CHANGES, MIXED_REQUESTS, MIXED_STRETCH};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::serving_log::{ServingLogMeasures, VersionMix};
use domain::need::{LogField, Need};
use domain::plot::format::time;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::wilson;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("P2.mixed_versions"),
    item: Item::P2,
    title: "Versions mixed in traffic",
    looks_for: "Two versions of a model that serve the same stream of requests at the same time, instead of one after the other.",
    why_it_matters: "A replica that was not updated serves some callers with the old model. The same customer gets two different predictions, and every metric of the log mixes two models.",
    how_it_decides: "The check looks at the time in which both versions returned predictions. It is a mismatch when the rarer version returned at least {MIXED_ANSWERS} predictions, the time holds at least {MIXED_REQUESTS} requests and {MIXED_STRETCH:%} of the log (longer than a rollout), and the version changes between consecutive requests at least {MIXED_CHANGES} times as often as by chance. Versions in blocks change less often: they are releases and rollbacks. In a shorter time it is possible. A planned canary or A/B test looks the same; in that case the finding is expected.",
    try_next: "Ask every replica for its model version, and remove those with the wrong version from traffic.",
    causes: &[Cause::MixedVersions],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(log) = &measurements.serving_log else { return Judgement::missing(Need::serving_log([])) };
    let Some(column) = &log.columns.version else {
        return Judgement::missing(Need::serving_log([LogField::Version]));
    };
    let finding = log.versions.as_ref().and_then(|mix| mixed(log, column, mix));
    let summary = format!("Checked which version served {}.", count(log.rows, "request"));
    Judgement::Judged { summary, findings: finding.into_iter().collect() }
}

fn mixed(log: &ServingLogMeasures, column: &str, mix: &VersionMix) -> Option<Finding> {
    let answers = mix.answered_by_other;
    let requests = answers.n as f64;
    let in_turns = mix.changes as f64 >= MIXED_CHANGES * mix.changes_by_chance;
    if (answers.hits as f64) < MIXED_ANSWERS || !in_turns {
        return None;
    }
    let lasting = requests >= MIXED_REQUESTS && requests >= MIXED_STRETCH * log.rows as f64;
    let verdict = if lasting { Verdict::Mismatch } else { Verdict::Possible };
    let statement = format!(
        "Versions {} and {} both served requests from {} to {}.",
        name(&mix.main),
        name(&mix.other),
        time(mix.from_ms),
        time(mix.to_ms),
    );
    let interval = wilson(answers);
    let effect = Effect::new("answers_of_the_other_version", answers.hits as f64, MIXED_ANSWERS);
    Some(
        DETECTOR
            .finding(verdict, &[column], statement, effect, Certainty::exact())
            .with_n("log", log.rows)
            .with_evidence(
                format!("predictions by version {}", name(&mix.other)),
                format!("{} of {} ({})", answers.hits, count(answers.n, "prediction"), percent(answers.value())),
            )
            .with_evidence(
                "95 % interval of this share",
                format!("{} to {}", percent(interval.low), percent(interval.high)),
            )
            .with_evidence(
                "changes of version, expected by chance",
                format!("{}, {}", mix.changes, number(mix.changes_by_chance)),
            )
            .for_cause(Cause::MixedVersions),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::log_of;
    use stats::intervals::Share;

    fn verdict(hits: u64, n: u64, changes: u64) -> Option<Verdict> {
        let share = hits as f64 / n as f64;
        let mix = VersionMix {
            main: "v3".into(),
            other: "v2".into(),
            from_ms: 0,
            to_ms: 1,
            answered_by_other: Share::new(hits, n),
            changes,
            changes_by_chance: 2.0 * share * (1.0 - share) * (n - 1) as f64,
        };
        let log = ServingLogMeasures { versions: Some(mix), ..log_of(400) };
        let found = judge(&Measurements { serving_log: Some(log), ..Measurements::default() }).findings();
        found.first().map(|finding| finding.verdict)
    }

    #[test]
    fn turns_are_a_mixture_and_blocks_are_releases() {
        assert_eq!(verdict(13, 130, 24), Some(Verdict::Mismatch));
        assert_eq!(verdict(60, 130, 3), None, "released, rolled back, released again");
        assert_eq!(verdict(6, 15, 7), Some(Verdict::Possible), "a rollout");
        assert_eq!(verdict(2, 130, 4), None, "two test calls");
    }

    #[test]
    fn without_versions_there_is_no_evidence() {
        let mut log = log_of(400);
        log.columns.version = None;
        let judged = judge(&Measurements { serving_log: Some(log), ..Measurements::default() });
        assert!(matches!(judged, Judgement::NoEvidence { .. }));
    }
}
