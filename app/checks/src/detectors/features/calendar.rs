//! F1.calendar: are an hour, a weekday, a month beside a time still those of that time?

use crate::detectors::rates::RateChange;
use crate::detectors::report::Bands;
use crate::detectors::words::{count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CALENDAR_APART, CALENDAR_APART_POSSIBLE, CALENDAR_ONE_SHIFT};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::calendar::{Agreement, CalendarColumn};
use domain::need::{Need, Tables};
use domain::number::counted;
use domain::snapshot::{ColumnRole, SnapshotRole};
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::Share;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("F1.calendar"),
    item: Item::F1,
    title: "Parts of the time",
    looks_for: "Columns that in training are a part of the row's time (its year, month, weekday or hour) and in serving no longer are.",
    why_it_matters: "An hour computed in another time zone, or a weekday counted from another day, has the usual values. No comparison of distributions shows it, but every row means another time to the model.",
    how_it_decides: "A column of whole numbers is a part of the time if in {CALENDAR_AGREES:%} of the train rows it differs from that part by one constant number. It is a mismatch if the share of serve rows that disagree with their own time is at least {CALENDAR_APART:%} larger than in training (possible from {CALENDAR_APART_POSSIBLE:%}), with p under {CERTAINTY} ({SIGNIFICANCE} for possible). If at least {CALENDAR_ONE_SHIFT:%} of these rows are off by the same number, that number is named. A local hour next to times in UTC may differ by one more hour, because of summer time. A column that still agrees only follows the time, and no other check compares its distribution.",
    try_next: "Look for the code that computes the column in training and in serving, and compare the time zone and the numbering that each uses.",
    causes: &[Cause::OffsetShift, Cause::OfflineOnlineMismatch],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.train_and_serve().is_none() {
        return Judgement::missing(Need::train_and_serve());
    }
    let timed: Vec<&CalendarColumn> = measurements.calendar.iter().filter(|column| column.time.is_some()).collect();
    if timed.is_empty() {
        let both = [SnapshotRole::Train, SnapshotRole::Serve];
        return Judgement::missing(Tables::all(both).with([ColumnRole::Time]).with([ColumnRole::Feature]));
    }
    let findings = timed.iter().filter_map(|column| apart(column)).collect();
    let summary = format!("Compared {} with the time of the row.", count(timed.len() as u64, "part of a time"));
    Judgement::Judged { summary, findings }
}

fn apart(column: &CalendarColumn) -> Option<Finding> {
    let change = RateChange::new(disagreeing(column.train), disagreeing(column.serve));
    let bands = Bands { possible: CALENDAR_APART_POSSIBLE, mismatch: CALENDAR_APART };
    let verdict = bands.verdict(change.difference(), change.p);
    let time = column.time.as_deref()?;
    let off = disagreeing(column.serve).hits;
    let shift = column.shift.filter(|(_, rows)| *rows as f64 >= CALENDAR_ONE_SHIFT * off as f64);
    let share = percent(change.after());
    let statement = match shift {
        Some((by, _)) => format!(
            "{} is {} {} {} of {} in {share} of serve rows, compared with {} of train rows.",
            name(&column.column),
            counted(by.unsigned_abs(), column.part.unit()),
            if by > 0 { "ahead of" } else { "behind" },
            column.part.words(),
            name(time),
            percent(change.before()),
        ),
        None => format!(
            "{} is not {} of {} in {share} of serve rows, compared with {} of train rows.",
            name(&column.column),
            column.part.words(),
            name(time),
            percent(change.before()),
        ),
    };
    (verdict > Verdict::Clear).then(|| {
        let effect = Effect::new("share_off_its_time", change.difference(), CALENDAR_APART);
        let finding = DETECTOR.finding(verdict, &[&column.column], statement, effect, Certainty::p(change.p));
        let cause = if shift.is_some() { Cause::OffsetShift } else { Cause::OfflineOnlineMismatch };
        finding.with_n("train", column.train.rows).with_n("serve", column.serve.rows).for_cause(cause)
    })
}

fn disagreeing(agreement: Agreement) -> Share {
    Share::new(agreement.rows - agreement.agreeing, agreement.rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::measurements::calendar::CalendarPart;

    fn found(serve_agreeing: u64, shift: Option<(i64, u64)>) -> Option<Finding> {
        apart(&CalendarColumn {
            column: "hour".into(),
            part: CalendarPart::Hour,
            time: Some("at".into()),
            train: Agreement { rows: 2_000, agreeing: 2_000 },
            serve: Agreement { rows: 1_000, agreeing: serve_agreeing },
            shift,
        })
    }

    #[test]
    fn an_hour_in_another_zone_is_an_offset_and_a_mixture_is_not() {
        let finding = found(600, Some((-2, 400)));
        let told = finding.as_ref().map(|finding| (finding.verdict, finding.cause, finding.statement.as_str()));
        let statement = "hour is 2 hours behind the hour of at in 40 % of serve rows, compared with 0 % of train rows.";
        assert_eq!(told, Some((Verdict::Mismatch, Some(Cause::OffsetShift), statement)));
        let mixed = found(600, Some((-2, 60)));
        assert_eq!(mixed.and_then(|finding| finding.cause), Some(Cause::OfflineOnlineMismatch));
    }

    #[test]
    fn a_few_rows_are_possible_and_what_agrees_is_no_finding() {
        assert_eq!(found(975, Some((1, 25))).map(|finding| finding.verdict), Some(Verdict::Possible));
        assert!(found(1_000, None).is_none() && found(998, Some((1, 2))).is_none());
    }
}
