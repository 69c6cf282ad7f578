//! Results of an A/B experiment as CSV: users and conversions of each arm, of the whole or of each day.

use std::collections::BTreeMap;

use domain::Problem;
use domain::number::{count, number, percent};
use domain::plot::format::time;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use domain::tool_facts::ReportedMetric;

use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, numbers};

const TOOL: &str = "A/B experiment";
const ARMS: [&str; 7] = ["variant", "variation", "arm", "group", "bucket", "experiment_group", "test_group"];
const USERS: [&str; 9] =
    ["users", "visitors", "sessions", "participants", "exposures", "n", "sample_size", "unique_users", "assigned"];
const CONVERSIONS: [&str; 6] = ["conversions", "converted", "successes", "orders", "purchases", "converted_users"];
const DAYS: [&str; 4] = ["date", "day", "ds", "timestamp"];
const VERSIONS: [&str; 3] = ["model_version", "version", "model"];
const SHARES: [&str; 6] =
    ["planned_share", "expected_share", "planned_split", "expected_split", "allocation", "traffic_share"];
const CONTROLS: [&str; 4] = ["control", "baseline", "a", "holdout"];
/// Arms of an experiment at most.
const MOST_ARMS: usize = 5;
/// Chi-square above which a split by chance has a probability below 0.001, for one to four degrees of freedom.
const LIMITS: [f64; 4] = [10.83, 13.82, 16.27, 18.47];
/// Days on each side of a change at least.
const FEWEST_DAYS: usize = 3;

pub(crate) static RESULT: Connector = Connector {
    id: "ab_test",
    tool: TOOL,
    words: "A/B experiment with users and conversions of each arm (of each day), CSV",
    proven_on: "the documented shape",
    takes: "the split against the planned one, the rate of each arm, an effect that changes its sign",
    leaves: "other figures such as revenue",
    recognise: |seen| is_result(seen),
    read,
};

/// One row: an arm, of the whole or of a day.
struct Row {
    arm: String,
    day: Option<i64>,
    version: Option<String>,
    share: Option<f64>,
    users: u64,
    conversions: u64,
}

/// A table with such columns may be anybody's: every row has to be of one of a few arms, one of them the control, each arm
/// once a day, with no more conversions than users.
fn is_result(seen: &Seen<'_>) -> bool {
    let cut = usize::from(seen.bytes.len() >= crate::HEAD_BYTES);
    let Some(rows) = rows(&seen.text) else { return false };
    let rows = &rows[..rows.len().saturating_sub(cut)];
    let mut seen_days = std::collections::BTreeSet::new();
    let whole = rows.iter().all(|row| {
        row.as_ref().is_some_and(|row| {
            row.conversions <= row.users && row.users > 1 && seen_days.insert((row.day, row.arm.clone()))
        })
    });
    let arms: std::collections::BTreeSet<&str> = rows.iter().flatten().map(|row| row.arm.as_str()).collect();
    whole && (2..=MOST_ARMS).contains(&arms.len()) && arms.iter().any(|arm| is_control(arm))
}

fn is_control(arm: &str) -> bool {
    CONTROLS.contains(&arm.to_lowercase().as_str())
}

/// The rows, each `None` where it does not fit; `None` for a table without the columns.
fn rows(text: &str) -> Option<Vec<Option<Row>>> {
    let head = text.trim_start_matches('\u{feff}').lines().next()?;
    let mark = [b',', b';', b'\t'].into_iter().max_by_key(|mark| head.bytes().filter(|byte| byte == mark).count())?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(mark)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let heads: Vec<String> = reader.headers().ok()?.iter().map(|head| head.trim().to_lowercase()).collect();
    let place = |names: &[&str]| heads.iter().position(|head| names.contains(&head.as_str()));
    let (arm, users, conversions) = (place(&ARMS)?, place(&USERS)?, place(&CONVERSIONS)?);
    let (day, version, share) = (place(&DAYS), place(&VERSIONS), place(&SHARES));
    let row = |record: csv::StringRecord| {
        let cell = |place: usize| record.get(place).map(str::trim).filter(|cell| !cell.is_empty());
        let whole =
            |place: usize| cell(place)?.parse::<f64>().ok().filter(|n| n.fract() == 0.0 && (0.0..1e12).contains(n));
        Some(Row {
            arm: cell(arm)?.to_owned(),
            day: match day {
                Some(place) => Some(numbers::moment(cell(place)?)?),
                None => None,
            },
            version: version.and_then(cell).map(str::to_owned),
            share: share.and_then(cell).and_then(share_of),
            users: whole(users)? as u64,
            conversions: whole(conversions)? as u64,
        })
    };
    Some(reader.records().map(|record| record.ok().and_then(row)).collect())
}

/// `0.5`, `50` and `50 %` are one half.
fn share_of(cell: &str) -> Option<f64> {
    let value: f64 = cell.trim_end_matches('%').trim().parse().ok()?;
    let value = if value > 1.0 { value / 100.0 } else { value };
    (value > 0.0 && value < 1.0).then_some(value)
}

/// Users and conversions of an arm.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Total {
    users: f64,
    conversions: f64,
}

impl Total {
    fn add(&mut self, row: &Row) {
        self.users += row.users as f64;
        self.conversions += row.conversions as f64;
    }

    fn with(self, other: Total) -> Total {
        Total { users: self.users + other.users, conversions: self.conversions + other.conversions }
    }

    fn without(self, other: Total) -> Total {
        Total { users: self.users - other.users, conversions: self.conversions - other.conversions }
    }

    fn rate(self) -> Option<f64> {
        (self.users > 0.0).then(|| self.conversions / self.users)
    }

    /// The variance of the rate.
    fn variance(self) -> Option<f64> {
        let rate = self.rate()?;
        Some(rate * (1.0 - rate) / self.users)
    }
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let text = given.text()?;
    let read = rows(&text)
        .ok_or_else(|| given.bad("it lacks columns for the arm, its users and its conversions; add them"))?;
    let left = read.iter().filter(|row| row.is_none()).count();
    let rows: Vec<Row> = read.into_iter().flatten().collect();
    let mut by_arm: BTreeMap<&str, Total> = BTreeMap::new();
    for row in &rows {
        by_arm.entry(&row.arm).or_default().add(row);
    }
    if by_arm.len() > MOST_ARMS {
        return Err(given.bad(&format!("it has {} arms; an experiment has at most {MOST_ARMS}", by_arm.len())));
    }
    let mut brought = Brought::default();
    brought.facts.checks.extend(split(&by_arm, &rows));
    let control = by_arm.keys().copied().find(|arm| is_control(arm));
    for arm in by_arm.keys().filter(|arm| Some(**arm) != control) {
        brought.facts.checks.extend(control.and_then(|control| sign_change(&rows, control, arm)));
    }
    brought.facts.metrics = by_arm.iter().filter_map(|(arm, total)| rate_of(arm, *total, &rows)).collect();
    if left > 0 {
        brought.left.push(domain::number::counted(left as u64, "row without an arm or whole numbers"));
    }
    Ok(brought)
}

/// Whether the users are split as planned; equally where nothing is said.
fn split(by_arm: &BTreeMap<&str, Total>, rows: &[Row]) -> Option<ToolCheck> {
    let all: f64 = by_arm.values().map(|total| total.users).sum();
    let limit = *LIMITS.get(by_arm.len().checked_sub(2)?)?;
    let planned = |arm: &str| rows.iter().find(|row| row.arm == arm).and_then(|row| row.share);
    let equal = 1.0 / by_arm.len() as f64;
    let stated: f64 = by_arm.keys().map(|arm| planned(arm).unwrap_or(equal)).sum();
    let share = |arm: &str| planned(arm).unwrap_or(equal) / stated;
    let chi_square: f64 =
        by_arm.iter().map(|(arm, total)| (total.users - all * share(arm)).powi(2) / (all * share(arm))).sum();
    let (arm, off) =
        by_arm.iter().map(|(arm, total)| (*arm, total.users / all - share(arm))).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let outcome = match (chi_square > limit, off >= 0.01) {
        (true, true) => CheckOutcome::Failed,
        (true, false) => CheckOutcome::Warned,
        (false, _) => CheckOutcome::Passed,
    };
    if !chi_square.is_finite() {
        return None;
    }
    let observed = format!("{arm} has {} of {} users", percent(share(arm) + off), count(all as u64));
    let check =
        ToolCheck::new(Source::of(TOOL, None, ""), "sample ratio", CheckSubject::Experiment, Vec::new(), outcome);
    let check = check.with_measured("chi-square of the split", chi_square, Some(limit)).worse_when(Worse::Higher);
    Some(check.with_expected(percent(share(arm))).with_observed(observed))
}

/// The effect of an arm over the control, with its variance.
fn effect(with: Total, without: Total) -> Option<(f64, f64)> {
    Some((with.rate()? - without.rate()?, with.variance()? + without.variance()?))
}

/// An effect that has one sign up to a day and the other from then on, by more than two standard errors: the total hides it.
fn sign_change(rows: &[Row], control: &str, arm: &str) -> Option<ToolCheck> {
    let mut days: BTreeMap<i64, [Total; 2]> = BTreeMap::new();
    for row in rows {
        let side = [arm, control].iter().position(|side| row.arm == **side);
        if let Some((day, side)) = row.day.zip(side) {
            days.entry(day).or_default()[side].add(row);
        }
    }
    let whole = days.values().fold([Total::default(); 2], |sum, day| [sum[0].with(day[0]), sum[1].with(day[1])]);
    let last = days.len().checked_sub(FEWEST_DAYS).filter(|last| *last >= FEWEST_DAYS)?;
    let mut before = [Total::default(); 2];
    let mut largest: Option<(i64, f64, f64, f64)> = None;
    for (place, (day, totals)) in days.iter().enumerate() {
        if (FEWEST_DAYS..=last).contains(&place) {
            let after = [whole[0].without(before[0]), whole[1].without(before[1])];
            let change = change(effect(before[0], before[1])?, effect(after[0], after[1])?);
            largest = match (change, largest) {
                (Some((first, then, errors)), found) if found.is_none_or(|found| errors > found.3) => {
                    Some((*day, first, then, errors))
                }
                (_, found) => found,
            };
        }
        before = [before[0].with(totals[0]), before[1].with(totals[1])];
    }
    let source = Source::of(TOOL, None, "");
    let check =
        |outcome| ToolCheck::new(source, "effect over time", CheckSubject::Experiment, vec![arm.to_owned()], outcome);
    Some(match largest.filter(|(_, _, _, errors)| *errors >= 2.0) {
        Some((day, first, then, errors)) => {
            let (all, _) = effect(whole[0], whole[1])?;
            let points = |effect: f64| format!("{} points", number((effect * 1e4).round() / 100.0));
            let (first, then, all) = (points(first), points(then), points(all));
            let words = format!("{first} before {}, {then} from then on, {all} in total", time(day));
            check(CheckOutcome::Warned)
                .with_measured("change in standard errors", errors, Some(2.0))
                .worse_when(Worse::Higher)
                .with_observed(words)
        }
        None => check(CheckOutcome::Passed).with_observed("one sign throughout"),
    })
}

/// Two effects of opposite signs, and by how many standard errors they differ.
fn change(first: (f64, f64), then: (f64, f64)) -> Option<(f64, f64, f64)> {
    let error = (first.1 + then.1).sqrt();
    let opposite = error > 0.0 && first.0 * then.0 < 0.0;
    opposite.then(|| (first.0, then.0, (first.0 - then.0).abs() / error))
}

fn rate_of(arm: &str, total: Total, rows: &[Row]) -> Option<ReportedMetric> {
    let version = rows.iter().find(|row| row.arm == arm).and_then(|row| row.version.clone());
    let (source, value) = (Source::of(TOOL, None, arm), total.rate()?);
    let metric = format!("conversion rate of {arm}");
    Some(ReportedMetric { source, model: None, version, is_deployed: None, metric, value, at_ms: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(text: &str) -> bool {
        is_result(&Seen::of(text.as_bytes()))
    }

    #[test]
    fn only_totals_of_a_few_arms_are_an_experiment() {
        assert!(is("variant,users,conversions\ncontrol,1000,100\ntreatment,1000,110\n"));
        assert!(is("date;arm;visitors;orders\n2018-09-12;A;10;1\n2018-09-12;B;10;2\n"));
        assert!(!is("variant,users,conversions\ncontrol,1,1\ntreatment,1,0\n"), "one row per user");
        assert!(!is("variant,users,conversions\nred,1000,100\nblue,1000,110\n"), "no control");
        assert!(
            !is("variant,users,conversions\ncontrol,1000,100\ncontrol,900,100\ntreatment,1000,110\n"),
            "an arm twice"
        );
        assert!(!is("variant,amount\ncontrol,1\n") && !is(""));
    }

    #[test]
    fn a_planned_split_is_not_a_mismatch() {
        let text = "variant,users,conversions,allocation\ncontrol,9000,100,90 %\ntreatment,1000,110,10 %\n";
        let brought =
            read(&Given::of(text.as_bytes(), "a.csv")).unwrap_or_else(|problem| panic!("{}", problem.message));
        assert_eq!(brought.facts.checks.first().map(|check| check.outcome), Some(CheckOutcome::Passed));
    }
}
