//! Times of day in time zones, by the IANA database.

use domain::Problem;
use domain::alert::{DigestAt, QuietHours, TimeOfDay};
use domain::model::Week;
use jiff::civil::{Time, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// # Errors
/// `BadInput` for a name that the database does not have.
pub(super) fn zone(name: &str) -> Result<TimeZone, Problem> {
    TimeZone::get(name.trim()).map_err(|error| {
        tracing::debug!(%error, "a time zone is not known");
        Problem::bad_input(format!("There is no time zone {name:?}. Write it as Europe/Berlin, or UTC."))
    })
}

/// When quiet hours that hold now are over; `None` while they don't hold.
pub(super) fn quiet_until(quiet: &QuietHours, now_ms: i64) -> Option<i64> {
    let zoned = Timestamp::from_millisecond(now_ms).ok()?.to_zoned(zone(&quiet.time_zone).ok()?);
    let at = TimeOfDay::of(zoned.hour() as u8, zoned.minute() as u8);
    if !quiet.hold(at) {
        return None;
    }
    let today = zoned.date().to_datetime(time(quiet.until));
    let until = if quiet.until > at { today } else { today.checked_add(1.day()).ok()? };
    Some(until.to_zoned(zoned.time_zone().clone()).ok()?.timestamp().as_millisecond())
}

/// The week whose digest is due by now, and since when it is: the one before the week of the last such moment.
pub(super) fn digest_due(at: &DigestAt, now_ms: i64) -> Option<(Week, i64)> {
    let zone = zone(&at.time_zone).ok()?;
    let moment = |monday_ms: i64| {
        let monday = Timestamp::from_millisecond(monday_ms).ok()?.to_zoned(TimeZone::UTC).date();
        let day = monday.checked_add(i64::from(at.day.after_monday()).days()).ok()?;
        Some(day.to_datetime(time(at.at)).to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
    };
    // The local week can be a day before or behind the one of UTC.
    let this = Week::of(now_ms);
    [this, this.before()].into_iter().find_map(|week| {
        let due_ms = moment(week.from_ms())?;
        (due_ms <= now_ms).then(|| (week.before(), due_ms))
    })
}

fn time(at: TimeOfDay) -> Time {
    // Within a day by its type.
    Time::new(at.hour() as i8, at.minute() as i8, 0, 0)
        .unwrap_or_else(|_out_of_a_day| date(1970, 1, 1).at(0, 0, 0, 0).time())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use domain::alert::Weekday;

    use super::*;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn night(time_zone: &str) -> QuietHours {
        QuietHours { from: TimeOfDay::of(22, 0), until: TimeOfDay::of(7, 0), time_zone: time_zone.to_owned() }
    }

    #[test]
    fn quiet_hours_end_at_the_time_of_their_zone_over_a_change_of_clocks_too() {
        let berlin = night("Europe/Berlin");
        assert_eq!(quiet_until(&berlin, ms("2026-11-27T22:30:00Z")), Some(ms("2026-11-28T06:00:00Z")));
        assert_eq!(quiet_until(&berlin, ms("2026-11-27T05:59:00Z")), Some(ms("2026-11-27T06:00:00Z")));
        assert_eq!(quiet_until(&berlin, ms("2026-11-27T06:00:00Z")), None);
        // On 29 March 2026 clocks go from 2 to 3.
        assert_eq!(quiet_until(&berlin, ms("2026-03-28T22:00:00Z")), Some(ms("2026-03-29T05:00:00Z")));
        assert_eq!(quiet_until(&night("Mars/Olympus"), ms("2026-11-27T22:30:00Z")), None);
        assert!(zone("Mars/Olympus").is_err() && zone("Asia/Kolkata").is_ok());
    }

    #[test]
    fn a_digest_is_of_the_week_before_the_day_it_goes_out() {
        let at = DigestAt { day: Weekday::Monday, at: TimeOfDay::of(8, 0), time_zone: "America/New_York".to_owned() };
        // 30 November 2026 is a Monday, of week 49.
        let due = |now: &str| digest_due(&at, ms(now)).map(|(week, due_ms)| (week.name(), due_ms)).unwrap();
        assert_eq!(due("2026-11-30T13:00:00Z"), ("2026-W48".to_owned(), ms("2026-11-30T13:00:00Z")));
        assert_eq!(due("2026-11-30T12:59:00Z").0, "2026-W47");
        assert_eq!(due("2026-12-06T23:00:00Z").0, "2026-W48");
        let friday = DigestAt { day: Weekday::Friday, ..at };
        assert_eq!(digest_due(&friday, ms("2026-12-04T13:00:00Z")).unwrap().0.name(), "2026-W48");
        assert_eq!(digest_due(&friday, ms("2026-12-04T12:00:00Z")).unwrap().0.name(), "2026-W47");
    }
}
