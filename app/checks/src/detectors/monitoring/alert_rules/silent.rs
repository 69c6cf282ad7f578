//! Rules that can't fire, whatever happens.

use super::{DETECTOR, Replay, distinguished};
use crate::detectors::words::{name, number};
use crate::thresholds::RULES_SILENT;
use domain::finding::{Certainty, Effect};
use domain::observation::{AlertRule, Breach, MetricSeries, base_metric};
use domain::{Cause, Finding, Verdict};

/// Why an active rule can't fire, with how sure that is.
pub(super) fn silent(replay: &Replay<'_>, series: &[MetricSeries]) -> Option<Finding> {
    let rule = replay.rule;
    if rule.muted {
        return None;
    }
    let (verdict, reason) = of_its_signal(replay).or_else(|| lost_signal(replay, series))?;
    let statement = format!("Alert rule {} can't fire: {reason}.", name(&rule.name));
    let finding = DETECTOR
        .finding(
            verdict,
            &[&rule.name],
            statement,
            Effect::new("rules_that_cannot_fire", 1.0, RULES_SILENT),
            Certainty::exact(),
        )
        .for_cause(Cause::AlertGap);
    Some(distinguished(finding, "silent"))
}

/// Its threshold or its duration is beyond what the signal can show.
fn of_its_signal(replay: &Replay<'_>) -> Option<(Verdict, String)> {
    let (signal, _) = replay.run.as_ref().ok()?;
    let AlertRule { breach, for_ms, .. } = *replay.rule;
    let threshold = replay.threshold;
    let values = || signal.points.iter().map(|(_, value)| *value).filter(|value| value.is_finite());
    let is_share = values().count() > 0 && values().all(|value| (0.0..=1.0).contains(&value));
    match breach {
        // A share is never over 1; a threshold of 5 is meant in per cent.
        Breach::Above if is_share && threshold > 1.0 && values().any(|value| value.fract() != 0.0) => Some((
            Verdict::Mismatch,
            format!("its threshold {} is in per cent, and the signal is a share from 0 to 1", number(threshold)),
        )),
        Breach::Above | Breach::Below if signal.span_ms() > 0 && for_ms > signal.span_ms() => Some((
            Verdict::Possible,
            format!(
                "it waits for {}, which is longer than all that was recorded ({})",
                hours(for_ms),
                hours(signal.span_ms())
            ),
        )),
        _ => None,
    }
}

/// It watches a signal by a name that nothing has any more.
fn lost_signal(replay: &Replay<'_>, series: &[MetricSeries]) -> Option<(Verdict, String)> {
    let watched = replay.rule.signal.trim();
    let is_known = series.iter().any(|series| base_metric(&series.signal).eq_ignore_ascii_case(base_metric(watched)));
    let is_lost = replay.run.is_err() && !watched.is_empty() && !series.is_empty() && !is_known;
    is_lost.then(|| (Verdict::Possible, format!("no series has the name {} that it watches", name(watched))))
}

fn hours(ms: i64) -> String {
    let minutes = ms as f64 / super::MINUTE;
    if minutes >= 60.0 { format!("{} hours", number(minutes / 60.0)) } else { format!("{} minutes", number(minutes)) }
}
