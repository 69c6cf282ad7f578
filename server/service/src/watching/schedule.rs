//! When a watch is looked at: cron's words in a time zone.

use cronexpr::{Crontab, MakeTimestamp};
use domain::Problem;

const FIELDS: usize = 5;
const MOST_CHARACTERS: usize = 200;

/// The words as they are kept: with their time zone, UTC where none stands there.
///
/// # Errors
/// `BadInput` for what is no schedule.
pub(super) fn checked(schedule: &str, now_ms: i64) -> Result<String, Problem> {
    if schedule.chars().count() > MOST_CHARACTERS {
        return Err(Problem::bad_input(format!("Shorten the schedule to at most {MOST_CHARACTERS} characters.")));
    }
    let words: Vec<&str> = schedule.split_whitespace().collect();
    let whole = match words.len() {
        FIELDS => format!("{} UTC", words.join(" ")),
        _ => words.join(" "),
    };
    parsed(&whole)?;
    // One that never comes, such as 30 February, is found out here.
    next_after(&whole, now_ms)
        .map_err(|_never| Problem::bad_input(format!("{whole:?} never comes. Choose days that there are.")))?;
    Ok(whole)
}

/// The first moment of the schedule after a time. Milliseconds since 1970-01-01 UTC.
///
/// # Errors
/// `BadInput` for what is no schedule, or never comes.
pub(super) fn next_after(schedule: &str, ms: i64) -> Result<i64, Problem> {
    let next = MakeTimestamp::from_millisecond(ms).and_then(|from| parsed_quietly(schedule)?.find_next(from));
    next.map(|next| next.timestamp().as_millisecond()).map_err(|error| wrong(schedule, &error))
}

fn parsed(schedule: &str) -> Result<Crontab, Problem> {
    parsed_quietly(schedule).map_err(|error| wrong(schedule, &error))
}

fn parsed_quietly(schedule: &str) -> Result<Crontab, cronexpr::Error> {
    cronexpr::parse_crontab(schedule)
}

fn wrong(schedule: &str, error: &cronexpr::Error) -> Problem {
    tracing::debug!(%error, schedule, "a schedule can't be read");
    Problem::bad_input(format!(
        "{schedule:?} is not a schedule. Write five words of cron (minute, hour, day of the month, month, day of the week) and a time \
         zone, such as 0 6 * * * Europe/Berlin for each day at six."
    ))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn ms(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn a_schedule_is_of_its_time_zone() {
        assert_eq!(checked(" 0  6 * * * ", 0).unwrap(), "0 6 * * * UTC");
        let berlin = checked("0 6 * * * Europe/Berlin", 0).unwrap();
        assert_eq!(next_after(&berlin, ms("2026-11-27T05:00:00Z")).unwrap(), ms("2026-11-28T05:00:00Z"));
        assert_eq!(next_after(&berlin, ms("2026-07-27T04:30:00Z")).unwrap(), ms("2026-07-28T04:00:00Z"), "in summer");
        assert_eq!(next_after("*/10 * * * * UTC", ms("2026-11-27T05:01:00Z")).unwrap(), ms("2026-11-27T05:10:00Z"));
    }

    #[test]
    fn a_schedule_that_never_comes_or_has_no_end_is_refused() {
        assert!(checked("0 0 30 2 *", 0).unwrap_err().message.contains("never comes"));
        assert!(checked("0 0 29 2 *", 0).is_ok());
        assert!(checked(&format!("{} * * * *", "0,".repeat(300)), 0).unwrap_err().message.contains("Shorten"));
    }

    #[test]
    fn what_is_no_schedule_is_told_how_to_be_one() {
        for wrong in ["", "daily", "61 * * * *", "0 6 * * * Mars/Olympus", "* * * *", "0 0 * * * * *"] {
            let told = checked(wrong, 0).unwrap_err().message;
            assert!(told.contains("is not a schedule") && told.contains("Europe/Berlin"), "{told}");
        }
    }
}
