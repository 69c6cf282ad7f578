//! Columns that are a part of the time of the row: a year, a month, an hour.

use serde::{Deserialize, Serialize};

/// A part of a date or a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarPart {
    Year,
    Quarter,
    Month,
    Week,
    DayOfYear,
    Day,
    Weekday,
    Hour,
    Minute,
}

impl CalendarPart {
    pub const ALL: [CalendarPart; 9] = [
        CalendarPart::Year,
        CalendarPart::Quarter,
        CalendarPart::Month,
        CalendarPart::Week,
        CalendarPart::DayOfYear,
        CalendarPart::Day,
        CalendarPart::Weekday,
        CalendarPart::Hour,
        CalendarPart::Minute,
    ];

    /// With its article.
    pub fn words(self) -> &'static str {
        match self {
            CalendarPart::Year => "the year",
            CalendarPart::Quarter => "the quarter",
            CalendarPart::Month => "the month",
            CalendarPart::Week => "the week",
            CalendarPart::DayOfYear => "the day of the year",
            CalendarPart::Day => "the day of the month",
            CalendarPart::Weekday => "the day of the week",
            CalendarPart::Hour => "the hour",
            CalendarPart::Minute => "the minute",
        }
    }

    /// What a difference between two values of it counts, in the singular.
    pub fn unit(self) -> &'static str {
        match self {
            CalendarPart::Year => "year",
            CalendarPart::Quarter => "quarter",
            CalendarPart::Month => "month",
            CalendarPart::Week => "week",
            CalendarPart::DayOfYear | CalendarPart::Day | CalendarPart::Weekday => "day",
            CalendarPart::Hour => "hour",
            CalendarPart::Minute => "minute",
        }
    }

    /// After how many it begins again, where that number is always the same.
    pub fn cycle(self) -> Option<i64> {
        match self {
            CalendarPart::Quarter => Some(4),
            CalendarPart::Month => Some(12),
            CalendarPart::Weekday => Some(7),
            CalendarPart::Hour => Some(24),
            CalendarPart::Minute => Some(60),
            CalendarPart::Year | CalendarPart::Week | CalendarPart::DayOfYear | CalendarPart::Day => None,
        }
    }
}

/// How many rows with both values agree with their own time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    pub rows: u64,
    pub agreeing: u64,
}

/// A feature that in training is a part of the time of the row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarColumn {
    pub column: String,
    pub part: CalendarPart,
    /// The column of times it is a part of; `None` where only its name and its values say what it is.
    pub time: Option<String>,
    pub train: Agreement,
    pub serve: Agreement,
    /// The difference from the row's time that most of the other serve rows have, and how many rows have it.
    pub shift: Option<(i64, u64)>,
}

/// The share of rows that agree where a column is a part of the time. Not all: an hour in local time jumps twice a year.
pub const AGREES: f64 = 0.95;

impl CalendarColumn {
    /// Whether it follows the time in serving too: then it moves on by itself, and its distribution says only which time
    /// the rows are from.
    pub fn follows_time(&self) -> bool {
        self.serve.agreeing as f64 >= AGREES * self.serve.rows as f64
    }
}
