//! Since when something holds in the served rows.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Moment;

/// A part of the served period. Both times are milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Since {
    pub extent: Extent,
    pub from_ms: i64,
    /// The last row concerned.
    pub to_ms: i64,
}

/// Which part of the served period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// From the first served row to the last.
    WholePeriod,
    /// From a moment to the last served row.
    Onset,
    /// Served rows before it and after it are as they should be.
    Window,
}

impl Since {
    pub fn whole(from_ms: i64, to_ms: i64) -> Since {
        Since { extent: Extent::WholePeriod, from_ms, to_ms }
    }

    pub fn onset(from_ms: i64, to_ms: i64) -> Since {
        Since { extent: Extent::Onset, from_ms, to_ms }
    }

    pub fn window(from_ms: i64, to_ms: i64) -> Since {
        Since { extent: Extent::Window, from_ms, to_ms }
    }

    /// A clause: `since 19 Mar 2026`, `over the whole served period (20 Mar to 26 Mar 2026)`.
    pub fn words(self) -> String {
        match self.extent {
            Extent::WholePeriod => format!("over the whole served period ({})", days(self.from_ms, self.to_ms)),
            Extent::Onset => format!("since {}", moment(self.from_ms)),
            Extent::Window => format!("from {} to {}", moment(self.from_ms), moment(self.to_ms)),
        }
    }

    /// For a cell of a table.
    pub fn short(self) -> String {
        match self.extent {
            Extent::WholePeriod => "whole period".to_owned(),
            Extent::Onset => moment(self.from_ms),
            Extent::Window => days(self.from_ms, self.to_ms),
        }
    }
}

/// The day, with the time where it is not midnight.
fn moment(ms: i64) -> String {
    let moment = Moment::from_ms(ms);
    if (moment.hour, moment.minute) == (0, 0) { moment.date() } else { moment.words() }
}

/// `20 Mar to 26 Mar 2026`; one date where both are on one day.
fn days(from_ms: i64, to_ms: i64) -> String {
    let (from, to) = (Moment::from_ms(from_ms), Moment::from_ms(to_ms));
    if from.date() == to.date() {
        return to.date();
    }
    let year = format!(" {}", to.year);
    let first = from.date();
    format!("{} to {}", first.strip_suffix(&year).unwrap_or(&first), to.date())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    #[test]
    fn an_onset_names_its_day_and_a_whole_period_its_ends() {
        assert_eq!(Since::onset(0, DAY).words(), "since 1 Jan 1970");
        assert_eq!(Since::onset(3_600_000, DAY).words(), "since 1 Jan 1970, 01:00");
        assert_eq!(Since::whole(0, 6 * DAY).words(), "over the whole served period (1 Jan to 7 Jan 1970)");
        assert_eq!(Since::whole(0, 400 * DAY).words(), "over the whole served period (1 Jan 1970 to 5 Feb 1971)");
        assert_eq!(Since::window(DAY, 2 * DAY).short(), "2 Jan to 3 Jan 1970");
        assert_eq!(Since::window(DAY, DAY + 1).short(), "2 Jan 1970");
    }

    #[test]
    fn it_keeps_its_shape_in_json() {
        let json = r#"{"extent":"whole_period","from_ms":1,"to_ms":2}"#;
        assert_eq!(serde_json::to_string(&Since::whole(1, 2)).expect("it is JSON"), json);
    }
}
