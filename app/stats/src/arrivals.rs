//! How rows arrive: the rhythm of day and week, and gaps that it does not explain.

/// Milliseconds.
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// A rhythm is not known from less: days before there is one of the day, and days before there is one of the week.
const DAYS_FOR_HOURS: i64 = 3;
const DAYS_FOR_WEEKDAYS: i64 = 21;
/// Rows on either side of a gap that tell the rate about it.
const NEIGHBOURS: usize = 50;
/// Fewer different times than this tell nothing about gaps.
const FEWEST_TIMES: usize = 60;

/// The longest time without a row, judged by how many rows should have come in it.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Gap {
    pub from_ms: i64,
    pub to_ms: i64,
    /// Rows that would have come at the rate of the rest, by the rhythm of day and week; the smaller of the rate of the
    /// whole and that of the hundred rows about the gap.
    pub expected_rows: f64,
    /// The most rows expected in any other gap, of the reference or the same side.
    pub longest_other: f64,
    /// Chance of such a gap among so many, were gaps exponential with the spread that the longest per cent of them show.
    pub p: f64,
}

/// The gap of `current` with the most rows expected in it; times ascending, in milliseconds, each once or several times.
/// `reference` may be empty. `None` with under 60 different times or less than three days.
pub fn longest_gap(current: &[i64], reference: &[i64]) -> Option<Gap> {
    let (current, reference) = (once_each(current), once_each(reference));
    let span = current.last()? - current.first()?;
    if current.len() < FEWEST_TIMES || span < DAYS_FOR_HOURS * DAY {
        return None;
    }
    let rhythm = Rhythm::of(&[&current, &reference]);
    let gaps = rhythm.expected(&current);
    let earlier = if reference.len() >= FEWEST_TIMES { rhythm.expected(&reference) } else { Vec::new() };
    let (place, expected_rows) =
        gaps.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or_default();
    // Both sides together: what is usual is told better by more gaps, and not by the one in question.
    let mut others = earlier;
    others.extend(gaps.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, expected)| *expected));
    others.sort_unstable_by(|a, b| b.total_cmp(a));
    let longest_other = others.first().copied().unwrap_or(0.0);
    let spread = spread(&others);
    Some(Gap {
        from_ms: current[place],
        to_ms: current[place + 1],
        expected_rows,
        longest_other,
        p: (gaps.len() as f64 * (-expected_rows / spread).exp()).min(1.0),
    })
}

/// How much longer the longest per cent of the gaps are than exponential ones: their order statistic `k` of `n` lies at
/// `ln(n / k)`. Regular arrivals have less than 1, bursts more. Longest first.
fn spread(sorted: &[f64]) -> f64 {
    let rank = (sorted.len() / 100).max(5);
    let Some(gap) = sorted.get(rank - 1) else { return 0.25 };
    let exponential = ((sorted.len() as f64 + 0.5) / (rank as f64 - 0.5)).ln();
    (gap / exponential).max(0.25)
}

fn once_each(times: &[i64]) -> Vec<i64> {
    let mut times = times.to_vec();
    times.dedup();
    times
}

/// The relative rate of each hour of the week, 1 on average.
struct Rhythm([f64; 168]);

impl Rhythm {
    /// From each side's own hours of the day and days of the week, both shrunk towards evenness by ten rows.
    fn of(sides: &[&[i64]]) -> Self {
        let (mut by_hour, mut by_day) = ([0.0_f64; 24], [0.0_f64; 7]);
        for times in sides {
            let span = times.last().zip(times.first()).map_or(0, |(last, first)| last - first);
            for time in *times {
                let hour = time.div_euclid(HOUR);
                by_hour[hour.rem_euclid(24) as usize] += if span >= DAYS_FOR_HOURS * DAY { 1.0 } else { 0.0 };
                by_day[hour.div_euclid(24).rem_euclid(7) as usize] +=
                    if span >= DAYS_FOR_WEEKDAYS * DAY { 1.0 } else { 0.0 };
            }
        }
        let (by_hour, by_day) = (relative(&by_hour), relative(&by_day));
        let mut weights = [1.0; 168];
        for (place, weight) in weights.iter_mut().enumerate() {
            *weight = by_hour[place % 24] * by_day[place / 24];
        }
        Self(weights)
    }

    /// Hours between two times, each weighing its rate.
    fn between(&self, from: i64, to: i64) -> f64 {
        let mut sum = 0.0;
        let mut at = from;
        let week = 168 * HOUR;
        let whole_weeks = (to - from) / week;
        sum += whole_weeks as f64 * self.0.iter().sum::<f64>();
        at += whole_weeks * week;
        while at < to {
            let hour = at.div_euclid(HOUR);
            let end = ((hour + 1) * HOUR).min(to);
            sum += self.0[hour.rem_euclid(168) as usize] * (end - at) as f64 / HOUR as f64;
            at = end;
        }
        sum
    }

    /// Rows expected in each gap between neighbouring times, 1 on average.
    fn expected(&self, times: &[i64]) -> Vec<f64> {
        let hours: Vec<f64> = times.windows(2).map(|pair| self.between(pair[0], pair[1])).collect();
        let overall = hours.len() as f64 / hours.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        let mut sums = vec![0.0];
        for length in &hours {
            sums.push(sums[sums.len() - 1] + length);
        }
        let n = hours.len();
        (0..n)
            .map(|gap| {
                let (first, last) = (gap.saturating_sub(NEIGHBOURS), (gap + 1 + NEIGHBOURS).min(n));
                let around = (sums[last] - sums[first] - hours[gap]).max(f64::MIN_POSITIVE);
                let local = (last - first - 1) as f64 / around;
                hours[gap] * overall.min(local)
            })
            .collect()
    }
}

fn relative<const N: usize>(counts: &[f64; N]) -> [f64; N] {
    let average = counts.iter().sum::<f64>() / N as f64;
    counts.map(|count| (count + 10.0) / (average + 10.0))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::rng::Rng;

    /// Arrivals over `days`, with `rate` rows an hour by the hour of the day.
    fn arrivals(seed: u64, days: i64, rate: impl Fn(i64) -> f64) -> Vec<i64> {
        let mut rng = Rng::new(seed);
        let mut times: Vec<i64> = Vec::new();
        for minute in 0..days * 24 * 60 {
            if rng.next_f64() < rate(minute / 60 % 24) / 60.0 {
                times.push(minute * 60_000 + rng.below(60_000) as i64);
            }
        }
        times
    }

    #[test]
    fn a_day_without_rows_is_found_and_quiet_nights_are_not() {
        let busy_by_day = |hour: i64| if (8..20).contains(&hour) { 3.0 } else { 0.2 };
        let mut least: f64 = 1.0;
        for seed in 0..40 {
            let (reference, current) = (arrivals(seed, 30, busy_by_day), arrivals(seed + 1_000, 20, busy_by_day));
            let sound = longest_gap(&current, &reference).unwrap();
            least = least.min(sound.p);
            let out: Vec<i64> = current.into_iter().filter(|time| !(5 * DAY..6 * DAY).contains(time)).collect();
            let gap = longest_gap(&out, &reference).unwrap();
            assert!(gap.p < 1e-6 && gap.from_ms < 5 * DAY && gap.to_ms >= 6 * DAY, "{gap:?}");
        }
        assert!(least > 0.001, "forty sound sides: {least}");
    }

    #[test]
    fn a_regular_source_needs_few_rows_missing() {
        let hourly: Vec<i64> = (0..240).map(|hour| hour * HOUR).collect();
        let out: Vec<i64> = hourly.iter().copied().filter(|time| !(100 * HOUR..106 * HOUR).contains(time)).collect();
        let gap = longest_gap(&out, &hourly).unwrap();
        assert_eq!((gap.from_ms, gap.to_ms), (99 * HOUR, 106 * HOUR));
        assert!(gap.p < 1e-4, "{gap:?}");
        assert_eq!(longest_gap(&hourly, &hourly).unwrap().p, 1.0);
    }

    #[test]
    fn too_few_times_or_days_say_nothing() {
        assert_eq!(longest_gap(&[0, DAY, 9 * DAY], &[]), None);
        let minutes: Vec<i64> = (0..500).map(|minute| minute * 60_000).collect();
        assert_eq!(longest_gap(&minutes, &minutes), None);
    }
}
