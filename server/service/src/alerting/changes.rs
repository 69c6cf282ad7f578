//! What becomes of a rule's alerts, from what it sees in the windows: pure.

use domain::alert::{Alert, Episode, ModelRule, PastAlert, PastAlerts, Seen, Sight, episodes};
use domain::incident::Severity;

use crate::store::{AlertNow, new_id};

const HOUR_MS: i64 = 3_600_000;

/// What happened to an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Fired,
    Raised,
    Ended,
    /// It lasts, or was seen to have ended without anybody having been told of it.
    Noted,
}

/// An alert after a change.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    pub now: AlertNow,
    pub change: Change,
}

/// The alerts of a rule after a window was judged: `sights` are the windows that are looked at, `known` the alerts that last or
/// were seen in them. Only what the judged window has a part in can fire: a new rule has nothing to say of the past. `None` for a
/// window that was taken out: nothing fires then, and what was seen in it alone is over.
pub(super) fn changes(
    rule: &ModelRule,
    sights: &[Sight],
    known: &[Alert],
    judged: Option<&str>,
    now_ms: i64,
) -> Vec<Changed> {
    let seen: Vec<&Seen> = sights.iter().map(|sight| &sight.seen).collect();
    let mut left: Vec<&Alert> = known.iter().collect();
    let mut changed = Vec::new();
    // The latest first: where a sound window came late and parts what was one, the alert goes on with what lasts.
    for episode in episodes(&seen, rule.windows, rule.raise_after).iter().rev() {
        let has_part = has_part(episode, sights, judged);
        match taken(&mut left, episode, sights) {
            Some(alert) if alert.ended_at_ms.is_none() => {
                changed.extend(continued(rule, alert, episode, sights, now_ms));
            }
            // It was over, by a judgement that has been taken back since.
            Some(alert) if has_part && episode.ended.is_none() => {
                changed.push(fired_again(rule, alert, episode, sights, now_ms));
            }
            Some(_over) => {}
            None if has_part => changed.push(fired(rule, episode, sights, now_ms)),
            None => {}
        }
    }
    // Judged again, what was seen is no longer there.
    changed.extend(left.into_iter().filter(|alert| alert.ended_at_ms.is_none()).map(|alert| ended(alert, now_ms)));
    changed
}

/// The alert of an episode, of those that are left: one that lasts before one that is over.
fn taken<'a>(left: &mut Vec<&'a Alert>, episode: &Episode, sights: &[Sight]) -> Option<&'a Alert> {
    let same = |alert: &&Alert| is_same(alert, episode, sights);
    let lasting = left.iter().rposition(|alert| same(alert) && alert.ended_at_ms.is_none());
    let place = lasting.or_else(|| left.iter().rposition(same))?;
    Some(left.remove(place))
}

/// By the time in which both were seen: windows leave the past that is looked at, and are judged again.
fn is_same(alert: &Alert, episode: &Episode, sights: &[Sight]) -> bool {
    alert.first_at_ms <= sights[episode.last].at_ms && alert.last_at_ms >= sights[episode.first].at_ms
}

fn has_part(episode: &Episode, sights: &[Sight], judged: Option<&str>) -> bool {
    sights[episode.first..=episode.last].iter().any(|sight| Some(sight.arrival.as_str()) == judged)
}

fn fired(rule: &ModelRule, episode: &Episode, sights: &[Sight], now_ms: i64) -> Changed {
    let sight = &sights[episode.fired];
    let is_raised = episode.raised.is_some();
    let alert = Alert {
        id: new_id(),
        rule: rule.id.clone(),
        model: rule.model.clone(),
        watched: rule.watched.clone(),
        severity: severity(rule, is_raised),
        statement: sight.seen.statement().to_owned(),
        arrival: Some(sight.arrival.clone()),
        first_at_ms: sights[episode.first].at_ms,
        last_at_ms: sights[episode.last].at_ms,
        windows: episode.windows,
        is_raised,
        fired_at_ms: now_ms,
        ended_at_ms: episode.ended.map(|_| now_ms),
        is_silenced: rule.is_silenced(now_ms),
        investigation: None,
    };
    // Over already, as the past is when it is judged late: it is noted, and nobody is called for it.
    let change = if alert.ended_at_ms.is_some() { Change::Noted } else { told(&alert, Change::Fired) };
    Changed { now: AlertNow { once: Some(sight.arrival.clone()), alert }, change }
}

/// The same alert lasts again, and everybody is notified of it again.
fn fired_again(rule: &ModelRule, alert: &Alert, episode: &Episode, sights: &[Sight], now_ms: i64) -> Changed {
    let is_raised = alert.is_raised || episode.raised.is_some();
    let next = Alert {
        severity: severity(rule, is_raised),
        statement: sights[episode.fired].seen.statement().to_owned(),
        last_at_ms: sights[episode.last].at_ms,
        windows: episode.windows,
        is_raised,
        ended_at_ms: None,
        is_silenced: rule.is_silenced(now_ms),
        ..alert.clone()
    };
    Changed { change: told(&next, Change::Fired), now: now(&next) }
}

fn continued(rule: &ModelRule, alert: &Alert, episode: &Episode, sights: &[Sight], now_ms: i64) -> Option<Changed> {
    if episode.ended.is_some() {
        return Some(ended(alert, now_ms));
    }
    let is_raised = alert.is_raised || episode.raised.is_some();
    let was_silenced = alert.is_silenced;
    let next = Alert {
        severity: if is_raised && !alert.is_raised { severity(rule, true) } else { alert.severity },
        last_at_ms: sights[episode.last].at_ms,
        windows: episode.windows.max(alert.windows),
        is_raised,
        is_silenced: was_silenced && rule.is_silenced(now_ms),
        ..alert.clone()
    };
    let change = match () {
        () if was_silenced && !next.is_silenced => Change::Fired,
        () if is_raised && !alert.is_raised && !rule.is_silenced(now_ms) => Change::Raised,
        () => Change::Noted,
    };
    (next != *alert).then(|| Changed { now: now(&next), change: told(&next, change) })
}

pub(super) fn ended(alert: &Alert, now_ms: i64) -> Changed {
    let next = Alert { ended_at_ms: Some(now_ms), ..alert.clone() };
    Changed { now: now(&next), change: told(&next, Change::Ended) }
}

/// Of a silenced alert nobody is told.
fn told(alert: &Alert, change: Change) -> Change {
    if alert.is_silenced { Change::Noted } else { change }
}

/// Of one that is kept already.
fn now(alert: &Alert) -> AlertNow {
    AlertNow { once: None, alert: alert.clone() }
}

fn severity(rule: &ModelRule, is_raised: bool) -> Severity {
    match (rule.severity, is_raised) {
        (severity, false) => severity,
        (Severity::Low, true) => Severity::Medium,
        (Severity::Medium, true) => Severity::High,
        (Severity::High | Severity::Critical, true) => Severity::Critical,
    }
}

/// What becomes of the alert of a rule that watches whether something arrives. `last_ms` is when the last rows came, or when the
/// rule was made where that is later or none came.
pub(super) fn of_arrivals(rule: &ModelRule, hours: u32, last_ms: i64, known: &[Alert], now_ms: i64) -> Option<Changed> {
    let is_missing = now_ms - last_ms > i64::from(hours) * HOUR_MS;
    let lasting = known.iter().find(|alert| alert.ended_at_ms.is_none());
    match (lasting, is_missing) {
        (Some(alert), false) => Some(ended(alert, now_ms)),
        (Some(alert), true) if alert.is_silenced && !rule.is_silenced(now_ms) => {
            let next = Alert { is_silenced: false, ..alert.clone() };
            Some(Changed { now: now(&next), change: Change::Fired })
        }
        (None, true) => {
            let alert = Alert {
                id: new_id(),
                rule: rule.id.clone(),
                model: rule.model.clone(),
                watched: rule.watched.clone(),
                severity: rule.severity,
                statement: no_rows(hours, last_ms),
                arrival: None,
                first_at_ms: last_ms,
                last_at_ms: last_ms,
                windows: 0,
                is_raised: false,
                fired_at_ms: now_ms,
                ended_at_ms: None,
                is_silenced: rule.is_silenced(now_ms),
                investigation: None,
            };
            let change = told(&alert, Change::Fired);
            // By when it fired too: rows that ended it may be taken out again, and then it is missing anew.
            let once = format!("since {last_ms}, {now_ms}");
            Some(Changed { now: AlertNow { once: Some(once), alert }, change })
        }
        (Some(_), true) | (None, false) => None,
    }
}

/// When nothing arrived for so long: `received_ms` are the times of arrivals, ascending, the last one before `from_ms` among them.
pub(super) fn gaps(received_ms: &[i64], hours: u32, from_ms: i64, now_ms: i64) -> PastAlerts {
    let most_ms = i64::from(hours) * HOUR_MS;
    let ends = received_ms.iter().skip(1).map(|ms| Some(*ms)).chain([None]);
    let gap = |(begun_ms, ended_ms): (&i64, Option<i64>)| {
        let fired_at_ms = begun_ms + most_ms;
        (ended_ms.unwrap_or(now_ms) > fired_at_ms && fired_at_ms >= from_ms).then(|| PastAlert {
            first_at_ms: *begun_ms,
            fired_at_ms,
            ended_at_ms: ended_ms,
            windows: 0,
            is_raised: false,
            statement: no_rows(hours, *begun_ms),
        })
    };
    PastAlerts {
        windows: received_ms.len() as u32,
        not_judged: 0,
        from_ms,
        alerts: received_ms.iter().zip(ends).filter_map(gap).collect(),
    }
}

fn no_rows(hours: u32, last_ms: i64) -> String {
    let hours = domain::number::counted(u64::from(hours), "hour");
    let last = domain::clock::Moment::from_ms(last_ms).words();
    format!("No served rows have arrived for more than {hours}, since {last} UTC.")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use domain::Actor;
    use domain::alert::{Silence, Watched};

    use super::*;

    const NOW: i64 = 1_000_000_000;

    fn rule(windows: u32, raise_after: Option<u32>) -> ModelRule {
        ModelRule {
            id: "rule".to_owned(),
            model: "loans".to_owned(),
            watched: Watched::AnyMismatch,
            windows,
            severity: Severity::Medium,
            raise_after,
            silence: None,
            created_by: Actor::Anonymous,
            created_at_ms: 0,
        }
    }

    fn silenced(rule: ModelRule) -> ModelRule {
        let silence = Silence { until_ms: NOW + 1, reason: String::new(), author: Actor::Anonymous };
        ModelRule { silence: Some(silence), ..rule }
    }

    /// `x` holds, `.` holds not, `?` is not judged; the window at place n is called `wn` and is of time n.
    fn sights(drawn: &str) -> Vec<Sight> {
        let seen = |sign| match sign {
            'x' => Seen::Holds { statement: "amount differs.".to_owned() },
            '.' => Seen::HoldsNot,
            _ => Seen::NotJudged,
        };
        drawn
            .chars()
            .enumerate()
            .map(|(at, sign)| Sight { arrival: format!("w{at}"), at_ms: at as i64, seen: seen(sign) })
            .collect()
    }

    /// What happens window after window, each judged when it comes, with what is kept in the end.
    fn along(rule: &ModelRule, drawn: &str) -> (Vec<Change>, Vec<Alert>) {
        let sights = sights(drawn);
        let (mut kept, mut happened): (Vec<Alert>, Vec<Change>) = (Vec::new(), Vec::new());
        for until in 1..=sights.len() {
            for Changed { now, change } in changes(rule, &sights[..until], &kept, Some(&sights[until - 1].arrival), NOW)
            {
                kept.retain(|alert| alert.id != now.alert.id);
                kept.push(now.alert);
                happened.push(change);
            }
        }
        (happened, kept)
    }

    #[test]
    fn an_alert_fires_once_lasts_is_raised_and_ends() {
        use Change::{Ended, Fired, Noted, Raised};
        let (happened, kept) = along(&rule(2, Some(1)), ".xxxx?x.");
        assert_eq!(happened, [Fired, Raised, Noted, Noted, Ended]);
        let [alert] = &kept[..] else { panic!("one alert") };
        assert_eq!((alert.first_at_ms, alert.windows, alert.severity), (1, 5, Severity::High));
        assert_eq!(along(&rule(1, None), "x.x").0, [Fired, Ended, Fired]);
    }

    #[test]
    fn a_window_that_is_judged_again_changes_nothing() {
        let (_, kept) = along(&rule(1, None), ".xx");
        assert!(changes(&rule(1, None), &sights(".xx"), &kept, Some("w1"), NOW).is_empty());
        assert!(changes(&rule(1, None), &sights(".xx"), &kept, Some("w2"), NOW).is_empty());
    }

    #[test]
    fn judged_again_an_alert_can_turn_out_to_be_none() {
        let (_, kept) = along(&rule(1, None), ".xx");
        let [Changed { now, change: Change::Ended }] =
            &changes(&rule(1, None), &sights("..."), &kept, Some("w2"), NOW)[..]
        else {
            panic!("it ends")
        };
        assert_eq!(now.alert.ended_at_ms, Some(NOW));
    }

    #[test]
    fn what_a_judgement_ended_lasts_again_when_it_is_taken_back() {
        let (_, mut kept) = along(&rule(1, None), ".x");
        let mut judged = |drawn: &str, window: &str| {
            let happened = changes(&rule(1, None), &sights(drawn), &kept, Some(window), NOW);
            for Changed { now, .. } in &happened {
                kept.retain(|alert| alert.id != now.alert.id);
                kept.push(now.alert.clone());
            }
            happened.iter().map(|one| (one.change, one.now.alert.id.clone())).collect::<Vec<_>>()
        };
        let [(Change::Ended, id)] = &judged("..", "w1")[..] else { panic!("it is over") };
        assert_eq!(judged(".x", "w1"), [(Change::Fired, id.clone())], "once more, the same alert");
        assert_eq!(judged(".xx", "w2"), [(Change::Noted, id.clone())]);
        assert_eq!(judged(".xx.", "w3"), [(Change::Ended, id.clone())]);
        assert_ne!(judged(".xx.x", "w4")[0].1, *id);
    }

    #[test]
    fn a_sound_window_that_comes_late_ends_nothing_that_lasts() {
        let (_, kept) = along(&rule(1, None), "xxxx");
        let late = changes(&rule(1, None), &sights("x.xx"), &kept, Some("w1"), NOW);
        assert!(late.iter().all(|one| one.change == Change::Noted && one.now.alert.ended_at_ms.is_none()), "{late:?}");
        assert!(late.iter().all(|one| one.now.alert.id == kept[0].id), "no other one");
    }

    #[test]
    fn where_a_window_was_taken_out_what_was_seen_in_it_alone_is_over() {
        let (_, kept) = along(&rule(1, None), ".x");
        let gone = changes(&rule(1, None), &sights("."), &kept, None, NOW);
        assert_eq!(gone.iter().map(|one| one.change).collect::<Vec<_>>(), [Change::Ended]);
        assert!(changes(&rule(1, None), &sights(".x"), &[], None, NOW).is_empty(), "nothing fires");
    }

    #[test]
    fn a_new_rule_says_nothing_of_the_past() {
        assert!(changes(&rule(1, None), &sights("xx.x."), &[], Some("w4"), NOW).is_empty());
        let late = changes(&rule(1, None), &sights("xx.x."), &[], Some("w1"), NOW);
        let [Changed { now, change: Change::Noted }] = &late[..] else { panic!("noted, and nobody is told") };
        assert!(now.alert.ended_at_ms.is_some());
        assert_eq!(changes(&rule(1, None), &sights("..xx"), &[], Some("w3"), NOW)[0].change, Change::Fired, "it lasts");
    }

    #[test]
    fn what_began_before_the_past_that_is_looked_at_stays_one_alert() {
        let (_, kept) = along(&rule(1, None), ".xxxx");
        let later = changes(&rule(1, None), &sights(".xxxxx")[3..], &kept, Some("w5"), NOW);
        let [Changed { now, change: Change::Noted }] = &later[..] else { panic!("it lasts") };
        assert_eq!((now.alert.id.as_str(), now.alert.first_at_ms), (kept[0].id.as_str(), 1));
    }

    #[test]
    fn of_a_silenced_alert_nobody_is_told_until_the_silence_is_over() {
        let (happened, kept) = along(&silenced(rule(1, None)), "x");
        assert_eq!((happened, kept[0].is_silenced), (vec![Change::Noted], true));
        let over = changes(&silenced(rule(1, None)), &sights("x."), &kept, Some("w1"), NOW);
        assert_eq!(over[0].change, Change::Noted, "its end neither");
        let later = changes(&rule(1, None), &sights("xx"), &kept, Some("w1"), NOW);
        assert_eq!((later[0].change, later[0].now.alert.is_silenced), (Change::Fired, false));
    }

    #[test]
    fn nothing_arriving_is_an_alert_once_until_something_does() {
        let watches = ModelRule { watched: Watched::NoArrivals { hours: 24 }, ..rule(1, None) };
        let day = 86_400_000;
        let of = |last_ms, known: &[Alert]| of_arrivals(&watches, 24, last_ms, known, NOW);
        assert!(of(NOW - day, &[]).is_none());
        let fired = of(NOW - day - 1, &[]).unwrap();
        assert_eq!((fired.change, fired.now.alert.arrival.clone()), (Change::Fired, None));
        assert!(of(NOW - day - 1, std::slice::from_ref(&fired.now.alert)).is_none(), "it is told once");
        assert_eq!(of(NOW, &[fired.now.alert]).unwrap().change, Change::Ended);
        // What ended it was taken out again: it fires anew, as another alert of the same time.
        let anew = of_arrivals(&watches, 24, NOW - day - 1, &[], NOW + 1).unwrap();
        assert!(anew.now.once.is_some() && anew.now.once != fired.now.once);
    }

    #[test]
    fn gaps_of_the_past_are_found_and_the_one_that_lasts() {
        let hours = |hours: i64| hours * HOUR_MS;
        let found = gaps(&[hours(0), hours(10), hours(40), hours(50)], 24, hours(5), hours(80));
        let [first, last] = &found.alerts[..] else { panic!("two gaps") };
        assert_eq!((first.first_at_ms, first.fired_at_ms, first.ended_at_ms), (hours(10), hours(34), Some(hours(40))));
        assert_eq!((last.fired_at_ms, last.ended_at_ms), (hours(74), None));
        assert!(gaps(&[hours(0), hours(30)], 24, hours(25), hours(31)).alerts.is_empty(), "it fired before");
        assert!(gaps(&[], 24, 0, hours(99)).alerts.is_empty());
    }
}
