//! What nobody watches of a model, each with the one step that closes it. What decides stands in checks.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::{DAY_MS, Moment};
use crate::number::counted;

/// What is known of a model's arrivals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WatchFacts {
    pub has_reference: bool,
    pub has_owner: bool,
    /// The times of the last windows of served rows, ascending.
    pub windows_at_ms: Vec<i64>,
    /// Whether labels of any served row are known.
    pub has_labels: bool,
    /// Whether any window had predictions and labels.
    pub has_figures: bool,
    pub has_logs: bool,
    pub has_versions: bool,
    /// Whether a rule makes alerts.
    pub has_rules: bool,
    /// Whether a channel is notified of them.
    pub has_channels: bool,
}

/// Something that nobody would notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Unwatched {
    /// Served rows have nothing to be compared with.
    NoReference,
    /// No served rows arrived yet.
    NoArrivals,
    /// They came more often before.
    Late {
        /// The time of the last rows.
        last_at_ms: i64,
        /// How far apart they usually are.
        usual_ms: i64,
    },
    /// Nobody knows whether the predictions were right.
    NoLabels,
    /// Labels are there, and no predictions.
    NoPredictions,
    /// Failures, latency and confidence are not known.
    NoLogs,
    /// A change can't be put down to a release.
    NoVersions,
    /// Whatever happens, nothing alerts.
    NoRules,
    /// Alerts reach nobody.
    NoChannels,
    /// Nobody is asked.
    NoOwner,
}

impl Unwatched {
    /// What is not watched, as a sentence.
    pub fn words(&self) -> String {
        match self {
            Unwatched::NoReference => "Served rows have no training data to be compared with.".to_owned(),
            Unwatched::NoArrivals => "No served rows have arrived.".to_owned(),
            Unwatched::Late { last_at_ms, usual_ms } => format!(
                "No served rows have arrived since {}. They usually come every {}.",
                Moment::from_ms(*last_at_ms).words(),
                span(*usual_ms)
            ),
            Unwatched::NoLabels => "No labels have arrived, so nobody sees whether predictions are right.".to_owned(),
            Unwatched::NoPredictions => {
                "Labels arrive without predictions, so the performance is not measured.".to_owned()
            }
            Unwatched::NoLogs => "No serving log has arrived: failures and latency are not seen.".to_owned(),
            Unwatched::NoVersions => "Arrivals name no version, so no change is connected with a release.".to_owned(),
            Unwatched::NoRules => "There is no alert rule, so a change is only seen by who looks.".to_owned(),
            Unwatched::NoChannels => "No channel is notified of its alerts.".to_owned(),
            Unwatched::NoOwner => "Nobody is named as the owner.".to_owned(),
        }
    }

    /// The step that closes it: what to do, and the command where there is one.
    pub fn step(&self, model: &str) -> (&'static str, Option<String>) {
        let push = |rest: &str| Some(format!("mismatch push {} {rest}", quoted(model)));
        match self {
            Unwatched::NoReference => ("Send the training data once.", push("train.parquet --role train")),
            Unwatched::NoArrivals => {
                ("Send the rows that the model gets, once a day for example.", push("today.parquet"))
            }
            Unwatched::Late { .. } => {
                ("Check the job that sends them, then send what is missing.", push("today.parquet"))
            }
            Unwatched::NoLabels => {
                ("Send labels when they are known, with the id of each row.", push("labels.csv --role labels"))
            }
            Unwatched::NoPredictions => (
                "Add the prediction to the served rows, or send predictions with the id of each row.",
                push("predictions.csv --role predictions"),
            ),
            Unwatched::NoLogs => ("Send the log of the requests.", push("requests.csv --role servinglog")),
            Unwatched::NoVersions => ("Name the version with each file.", push("today.parquet --version 14")),
            Unwatched::NoRules => ("Add a rule on the page of its alerts.", None),
            Unwatched::NoChannels => ("Ask an admin to add a channel for it.", None),
            Unwatched::NoOwner => ("Name one below.", None),
        }
    }
}

/// A word of a command as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    match !word.is_empty() && !word.starts_with('-') && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

fn span(ms: i64) -> String {
    const MINUTE_MS: i64 = 60_000;
    let (days, hours) = (ms / DAY_MS, ms / (60 * MINUTE_MS));
    match (days, hours) {
        (2.., _) => counted(days as u64, "day"),
        (_, 2..) => counted(hours as u64, "hour"),
        _ => counted((ms / MINUTE_MS).max(1) as u64, "minute"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_pasted_whatever_the_model_is_called() {
        let command = |model: &str| Unwatched::NoReference.step(model).1.unwrap_or_default();
        assert_eq!(command("churn/eu-1"), "mismatch push churn/eu-1 train.parquet --role train");
        assert_eq!(command("it's; rm"), "mismatch push 'it'\\''s; rm' train.parquet --role train");
        assert_eq!(command("-x"), "mismatch push '-x' train.parquet --role train");
    }

    #[test]
    fn a_late_model_says_since_when_and_how_often_rows_come() {
        let late = Unwatched::Late { last_at_ms: 0, usual_ms: DAY_MS };
        assert!(
            late.words().contains("since 1 Jan 1970, 00:00. They usually come every 24 hours."),
            "{}",
            late.words()
        );
        assert_eq!([span(3 * DAY_MS), span(60_000), span(5)], ["3 days", "1 minute", "1 minute"]);
        for one in [
            Unwatched::NoArrivals,
            Unwatched::NoLabels,
            Unwatched::NoPredictions,
            Unwatched::NoLogs,
            Unwatched::NoVersions,
        ] {
            assert!(one.words().ends_with('.') && one.step("m").1.is_some());
        }
    }
}
