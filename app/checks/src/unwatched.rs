//! What nobody watches of a model.

use domain::model::{Unwatched, WatchFacts};

use crate::thresholds::{ARRIVAL_LATE, ARRIVALS_KNOWN};

/// What is not watched at a moment, the most important first.
pub fn unwatched(facts: &WatchFacts, now_ms: i64) -> Vec<Unwatched> {
    let has_rows = !facts.windows_at_ms.is_empty();
    [
        (!facts.has_reference).then_some(Unwatched::NoReference),
        (!has_rows).then_some(Unwatched::NoArrivals),
        late(&facts.windows_at_ms, now_ms),
        (!facts.has_labels).then_some(Unwatched::NoLabels),
        (facts.has_labels && !facts.has_figures && has_rows).then_some(Unwatched::NoPredictions),
        (!facts.has_logs).then_some(Unwatched::NoLogs),
        (has_rows && !facts.has_versions).then_some(Unwatched::NoVersions),
        (has_rows && !facts.has_rules).then_some(Unwatched::NoRules),
        (facts.has_rules && !facts.has_channels).then_some(Unwatched::NoChannels),
        (!facts.has_owner).then_some(Unwatched::NoOwner),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How far apart rows usually come: the median of the gaps between times that differ.
fn usual_gap(times: &[i64]) -> Option<i64> {
    let mut gaps: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0).collect();
    if (gaps.len() + 1) < ARRIVALS_KNOWN as usize {
        return None;
    }
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied()
}

fn late(times: &[i64], now_ms: i64) -> Option<Unwatched> {
    let (last_at_ms, usual_ms) = (*times.last()?, usual_gap(times)?);
    let is_late = (now_ms - last_at_ms) as f64 > ARRIVAL_LATE * usual_ms as f64;
    is_late.then_some(Unwatched::Late { last_at_ms, usual_ms })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn facts(days: &[i64]) -> WatchFacts {
        WatchFacts { windows_at_ms: days.iter().map(|day| day * DAY).collect(), ..WatchFacts::default() }
    }

    #[test]
    fn rows_are_late_after_twice_their_usual_gap_and_not_before() {
        let daily = facts(&[1, 2, 3, 5]);
        let is_late = |facts: &WatchFacts, day: f64| {
            unwatched(facts, (day * DAY as f64) as i64).iter().any(|one| matches!(one, Unwatched::Late { .. }))
        };
        assert!(!is_late(&daily, 6.9) && is_late(&daily, 7.1));
        assert!(!is_late(&facts(&[1, 2]), 99.0), "two arrivals do not say how often they come");
        assert!(!is_late(&facts(&[1, 1, 1, 1]), 99.0), "four files of one day neither");
        assert!(!is_late(&facts(&[]), 99.0));
    }

    #[test]
    fn a_new_model_lacks_everything_and_a_watched_one_nothing() {
        let new = unwatched(&WatchFacts::default(), 0);
        let expected =
            [Unwatched::NoReference, Unwatched::NoArrivals, Unwatched::NoLabels, Unwatched::NoLogs, Unwatched::NoOwner];
        assert_eq!(new, expected);
        let watched = WatchFacts {
            has_reference: true,
            has_owner: true,
            has_labels: true,
            has_figures: true,
            has_logs: true,
            has_versions: true,
            has_rules: true,
            has_channels: true,
            ..facts(&[1, 2, 3])
        };
        assert_eq!(unwatched(&watched, 4 * DAY), []);
        let without = WatchFacts { has_figures: false, ..watched.clone() };
        assert_eq!(unwatched(&without, 4 * DAY), [Unwatched::NoPredictions]);
        let unheard = WatchFacts { has_channels: false, ..watched.clone() };
        assert_eq!(unwatched(&unheard, 4 * DAY), [Unwatched::NoChannels]);
        assert_eq!(unwatched(&WatchFacts { has_rules: false, ..unheard }, 4 * DAY), [Unwatched::NoRules]);
    }
}
