//! Hours in which nobody is disturbed, and when digests go out: times of day in a time zone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A time of day, `07:30` in JSON and forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay {
    minutes: u16,
}

impl TimeOfDay {
    /// `None` for what is not written as `07:30`.
    pub fn parse(text: &str) -> Option<TimeOfDay> {
        let (hour, minute) = text.trim().split_once(':')?;
        let part = |digits: &str, below: u16| {
            let is_plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<u16>().ok().filter(|value| is_plain && *value < below)
        };
        Some(TimeOfDay { minutes: part(hour, 24)? * 60 + part(minute, 60)? })
    }

    pub fn of(hour: u8, minute: u8) -> TimeOfDay {
        TimeOfDay { minutes: (u16::from(hour) * 60 + u16::from(minute)) % (24 * 60) }
    }

    pub fn hour(self) -> u8 {
        (self.minutes / 60) as u8
    }

    pub fn minute(self) -> u8 {
        (self.minutes % 60) as u8
    }

    pub fn words(self) -> String {
        format!("{:02}:{:02}", self.hour(), self.minute())
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> String {
        time.words()
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = String;

    fn try_from(text: String) -> Result<TimeOfDay, String> {
        TimeOfDay::parse(&text).ok_or_else(|| format!("{text:?} is not a time of day. Write it as 07:30."))
    }
}

/// From a time of day until another one, over midnight where that is earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuietHours {
    #[schema(value_type = String, example = "07:30")]
    pub from: TimeOfDay,
    #[schema(value_type = String, example = "07:30")]
    pub until: TimeOfDay,
    /// By its name in the IANA database, such as `Europe/Berlin`.
    pub time_zone: String,
}

impl QuietHours {
    pub fn hold(&self, at: TimeOfDay) -> bool {
        match self.from <= self.until {
            true => self.from <= at && at < self.until,
            false => at >= self.from || at < self.until,
        }
    }

    pub fn words(&self) -> String {
        format!("{} to {} ({})", self.from.words(), self.until.words(), self.time_zone)
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// The name in JSON and forms.
    pub fn id(self) -> &'static str {
        match self {
            Weekday::Monday => "monday",
            Weekday::Tuesday => "tuesday",
            Weekday::Wednesday => "wednesday",
            Weekday::Thursday => "thursday",
            Weekday::Friday => "friday",
            Weekday::Saturday => "saturday",
            Weekday::Sunday => "sunday",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Weekday::Monday => "Monday",
            Weekday::Tuesday => "Tuesday",
            Weekday::Wednesday => "Wednesday",
            Weekday::Thursday => "Thursday",
            Weekday::Friday => "Friday",
            Weekday::Saturday => "Saturday",
            Weekday::Sunday => "Sunday",
        }
    }

    pub fn from_id(id: &str) -> Option<Weekday> {
        Weekday::ALL.into_iter().find(|day| day.id() == id)
    }

    /// Days after Monday.
    pub fn after_monday(self) -> u8 {
        self as u8
    }
}

/// When the digest of the week before goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DigestAt {
    pub day: Weekday,
    #[schema(value_type = String, example = "07:30")]
    pub at: TimeOfDay,
    /// By its name in the IANA database, such as `Europe/Berlin`.
    pub time_zone: String,
}

impl DigestAt {
    pub fn words(&self) -> String {
        format!("{}, {} ({})", self.day.words(), self.at.words(), self.time_zone)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_read_strictly() {
        assert_eq!(TimeOfDay::parse("07:30").unwrap().words(), "07:30");
        for wrong in ["7:30", "24:00", "07:60", "0730", "", "07:30:00", "+7:30"] {
            assert_eq!(TimeOfDay::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn quiet_hours_go_over_midnight() {
        let quiet = |from: &str, until: &str| QuietHours {
            from: TimeOfDay::parse(from).unwrap(),
            until: TimeOfDay::parse(until).unwrap(),
            time_zone: "UTC".to_owned(),
        };
        let night = quiet("22:00", "07:00");
        let holds = |hours: &QuietHours, at: &str| hours.hold(TimeOfDay::parse(at).unwrap());
        assert!(holds(&night, "22:00") && holds(&night, "03:00") && holds(&night, "06:59"));
        assert!(!holds(&night, "07:00") && !holds(&night, "21:59"));
        let noon = quiet("12:00", "13:00");
        assert!(holds(&noon, "12:30") && !holds(&noon, "13:00"));
        assert!(!holds(&quiet("12:00", "12:00"), "12:00"), "no time at all");
    }
}
