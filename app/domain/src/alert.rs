//! Alerts: rules that people make of what the checks say of a model's windows, what came of them, and who is told of it.

mod channel;
mod delivery;
mod episode;
mod fields;
mod message;
mod quiet;
mod rule;

pub use channel::{Channel, ChannelKind, EditChannel, MOST_NAMED_MODELS};
pub use delivery::{Delivery, DeliveryState};
pub use episode::{Episode, Seen, Sight, episodes};
pub use fields::{ANY_MISMATCH, CHECK, FALL, METRIC, NO_ARRIVALS, RuleFields, SUSPECT};
pub use message::{Message, MessageKind, Told};
pub use quiet::{DigestAt, QuietHours, TimeOfDay, Weekday};
pub use rule::{Bound, EditRule, Level, MOST_HOURS, MOST_WINDOWS, ModelRule, Silence, Watched};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::incident::Severity;

/// What a rule has seen: from the window in which it fired until one in which it no longer holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    pub id: String,
    /// Id of the rule, which may be gone.
    pub rule: String,
    pub model: String,
    /// What the rule watched when it fired.
    pub watched: Watched,
    /// The rule's, or the next higher one once it was raised.
    #[schema(value_type = String)]
    pub severity: Severity,
    /// What was seen, in one sentence.
    pub statement: String,
    /// The arrival in which it fired; null where nothing arrived.
    #[schema(required)]
    pub arrival: Option<String>,
    /// The time of the rows in which it was seen first. Milliseconds since 1970-01-01 UTC.
    pub first_at_ms: i64,
    /// The time of the last rows in which it was seen.
    pub last_at_ms: i64,
    /// Windows in which it was seen.
    pub windows: u32,
    /// Whether it lasted so long that its severity was raised.
    pub is_raised: bool,
    /// When it fired, by the clock.
    pub fired_at_ms: i64,
    /// When it was over, by the clock; null while it lasts.
    #[schema(required)]
    pub ended_at_ms: Option<i64>,
    /// Whether the rule was silenced when it fired, so that nobody was told.
    pub is_silenced: bool,
    /// Id of the investigation that was opened of its window; null for none.
    #[schema(required)]
    pub investigation: Option<String>,
}

/// What a rule would have done in the past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PastAlerts {
    /// Windows that were looked at, and how many of them say nothing of it.
    pub windows: u32,
    pub not_judged: u32,
    /// From here on.
    pub from_ms: i64,
    /// The alerts it would have made, the first one first.
    pub alerts: Vec<PastAlert>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PastAlert {
    /// The time of the rows in which it would have been seen first, and in which it would have fired.
    pub first_at_ms: i64,
    pub fired_at_ms: i64,
    /// The time of the rows in which it was over; null while it lasts.
    #[schema(required)]
    pub ended_at_ms: Option<i64>,
    pub windows: u32,
    pub is_raised: bool,
    pub statement: String,
}

impl PastAlerts {
    /// By what a rule sees in windows that follow each other.
    pub fn of(sights: &[Sight], rule: &EditRule, from_ms: i64) -> PastAlerts {
        let seen: Vec<&Seen> = sights.iter().map(|sight| &sight.seen).collect();
        let alert = |episode: Episode| PastAlert {
            first_at_ms: sights[episode.first].at_ms,
            fired_at_ms: sights[episode.fired].at_ms,
            ended_at_ms: episode.ended.map(|place| sights[place].at_ms),
            windows: episode.windows,
            is_raised: episode.raised.is_some(),
            statement: seen[episode.fired].statement().to_owned(),
        };
        PastAlerts {
            windows: sights.len() as u32,
            not_judged: seen.iter().filter(|seen| ***seen == Seen::NotJudged).count() as u32,
            from_ms,
            alerts: episodes(&seen, rule.windows, rule.raise_after).into_iter().map(alert).collect(),
        }
    }

    /// `It would have fired 3 times in 62 windows of the last 90 days.`
    pub fn words(&self, days: u32) -> String {
        let times = match self.alerts.len() {
            0 => "would not have fired".to_owned(),
            1 => "would have fired once".to_owned(),
            2 => "would have fired twice".to_owned(),
            more => format!("would have fired {more} times"),
        };
        let judged = self.windows - self.not_judged;
        let windows = match (self.windows, self.not_judged) {
            (0, _) => return format!("No rows arrived in the last {days} days, so nothing is known of it."),
            (_, 0) => crate::number::counted(u64::from(judged), "window"),
            (all, _) if judged == 0 => {
                let all = crate::number::counted(u64::from(all), "window");
                return format!(
                    "Of {all} in the last {days} days, none says anything of it: this rule could not fire."
                );
            }
            (all, left) => format!("{} ({left} say nothing of it)", crate::number::counted(u64::from(all), "window")),
        };
        format!("It {times} in {windows} of the last {days} days.")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_preview_says_how_often_a_rule_would_have_fired() {
        let holds = || Seen::Holds { statement: "amount differs.".to_owned() };
        let seen = [holds(), Seen::HoldsNot, Seen::NotJudged, holds(), holds(), holds()];
        let sight = |(at, seen): (usize, Seen)| Sight { arrival: at.to_string(), at_ms: at as i64, seen };
        let sights: Vec<Sight> = seen.into_iter().enumerate().map(sight).collect();
        let rule = |windows| EditRule { windows, raise_after: Some(2), ..EditRule::new(Watched::AnyMismatch) };
        let preview = PastAlerts::of(&sights, &rule(1), 0);
        assert_eq!(
            preview.words(90),
            "It would have fired twice in 6 windows (1 say nothing of it) of the last 90 days."
        );
        let [first, second] = preview.alerts.try_into().unwrap();
        assert_eq!((first.fired_at_ms, first.ended_at_ms, first.is_raised), (0, Some(1), false));
        assert_eq!((second.first_at_ms, second.ended_at_ms, second.windows), (3, None, 3));
        assert!(second.is_raised);
        assert_eq!(PastAlerts::of(&sights, &rule(3), 0).alerts[0].fired_at_ms, 5);
        assert!(PastAlerts::of(&sights[2..3], &rule(1), 0).words(90).ends_with("this rule could not fire."));
        assert!(PastAlerts::of(&[], &rule(1), 0).words(90).starts_with("No rows arrived"));
    }
}
