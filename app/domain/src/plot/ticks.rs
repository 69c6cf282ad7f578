//! Ticks: round values along a scale, with their labels.

use serde::{Deserialize, Serialize};

use super::format::{self, DAY_MS, civil, days_from_civil};
use super::scale::{Scale, Spread};

/// A mark on an axis: its place (0 to 1) and its label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tick {
    pub position: f64,
    pub label: String,
}

/// About `wanted` round values inside the scale: 1, 2, 2.5 or 5 times a power of ten apart, or powers of ten on a
/// logarithmic scale.
pub fn numbers(scale: &Scale, wanted: usize) -> Vec<Tick> {
    match scale.spread() {
        Spread::Linear => {
            let step = round_step((scale.high() - scale.low()) / wanted.max(1) as f64);
            let years = format::are_years(scale.low(), scale.high());
            let label = |value: f64| {
                if years && step >= 1.0 { format!("{value:.0}") } else { format::tick(value, step) }
            };
            multiples(scale, step).map(|value| at(scale, value, label(value))).collect()
        }
        Spread::Log => powers(scale, wanted),
    }
}

/// The same for shares: labels in percent.
pub fn shares(scale: &Scale, wanted: usize) -> Vec<Tick> {
    let step = round_step((scale.high() - scale.low()) / wanted.max(1) as f64);
    multiples(scale, step)
        .map(|value| at(scale, value, format!("{} %", format::tick(value * 100.0, step * 100.0))))
        .collect()
}

/// Round moments (UTC) along a linear scale of milliseconds.
pub fn times(scale: &Scale, wanted: usize) -> Vec<Tick> {
    let span = scale.high() - scale.low();
    let rough = span / wanted.max(1) as f64;
    if rough > 20.0 * DAY_MS as f64 {
        return months(scale, rough);
    }
    let step = STEPS_MS.iter().copied().find(|&step| step as f64 >= rough).unwrap_or(14 * DAY_MS);
    multiples(scale, step as f64)
        .map(|ms| at(scale, ms, if step >= DAY_MS { day_label(ms as i64) } else { clock_label(ms as i64, step) }))
        .collect()
}

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

const STEPS_MS: &[i64] = &[
    1,
    10,
    100,
    1_000,
    5_000,
    15_000,
    30_000,
    MINUTE_MS,
    5 * MINUTE_MS,
    15 * MINUTE_MS,
    30 * MINUTE_MS,
    HOUR_MS,
    3 * HOUR_MS,
    6 * HOUR_MS,
    12 * HOUR_MS,
    DAY_MS,
    2 * DAY_MS,
    7 * DAY_MS,
    14 * DAY_MS,
];

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn day_label(ms: i64) -> String {
    let (_, month, day) = civil(ms.div_euclid(DAY_MS));
    format!("{day} {}", month_name(month))
}

fn month_name(month: u32) -> &'static str {
    MONTHS.get(month as usize - 1).copied().unwrap_or_default()
}

/// The time of day; midnight is shown as the day that begins.
fn clock_label(ms: i64, step: i64) -> String {
    let in_day = ms.rem_euclid(DAY_MS);
    if in_day == 0 {
        return day_label(ms);
    }
    let clock = format!("{:02}:{:02}", in_day / HOUR_MS, in_day / MINUTE_MS % 60);
    if step >= MINUTE_MS { clock } else { format!("{clock}:{:06.3}", (in_day % MINUTE_MS) as f64 / 1000.0) }
}

fn months(scale: &Scale, rough: f64) -> Vec<Tick> {
    let month_ms = 30.44 * DAY_MS as f64;
    let every = [1, 2, 3, 6].into_iter().find(|&months| months as f64 * month_ms >= rough);
    let every = every.unwrap_or_else(|| 12 * round_step(rough / (12.0 * month_ms)).ceil().max(1.0) as i64);
    let (year, month, _) = civil((scale.low() as i64).div_euclid(DAY_MS));
    let mut index = (year * 12 + i64::from(month) - 1).div_euclid(every) * every;
    let mut ticks = Vec::new();
    loop {
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12) as u32 + 1);
        let ms = (days_from_civil(year, month, 1) * DAY_MS) as f64;
        if ms > scale.high() {
            return ticks;
        }
        if ms >= scale.low() {
            let label = match month {
                1 => year.to_string(),
                month if ticks.is_empty() => format!("{} {year}", month_name(month)),
                month => month_name(month).to_owned(),
            };
            ticks.push(at(scale, ms, label));
        }
        index += every;
    }
}

fn powers(scale: &Scale, wanted: usize) -> Vec<Tick> {
    let (first, last) = (scale.low().log10().floor() as i32, scale.high().log10().ceil() as i32);
    let decades = (last - first).max(1) as usize;
    let every = decades.div_ceil(wanted.max(1)).max(1);
    let factors: &[f64] = if decades <= 2 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let inside = |value: f64| value >= scale.low() * (1.0 - 1e-9) && value <= scale.high() * (1.0 + 1e-9);
    let ticks: Vec<Tick> = (first..=last)
        .step_by(every)
        .flat_map(|power| factors.iter().map(move |factor| factor * 10f64.powi(power)))
        .filter(|&value| inside(value))
        .map(|value| at(scale, value, format::tick(value, value)))
        .collect();
    if ticks.len() >= 2 {
        return ticks;
    }
    // Less than a decade: no two round powers fit, so round steps do.
    let step = round_step((scale.high() - scale.low()) / wanted.max(1) as f64);
    multiples(scale, step).map(|value| at(scale, value, format::tick(value, step))).collect()
}

fn at(scale: &Scale, value: f64, label: String) -> Tick {
    Tick { position: scale.position(value), label }
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `rough`.
fn round_step(rough: f64) -> f64 {
    if rough <= 0.0 || !rough.is_finite() {
        return 1.0;
    }
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|factor| factor * power >= rough * (1.0 - 1e-9));
    step.unwrap_or(10.0) * power
}

/// The multiples of `step` inside the scale, at most a hundred.
fn multiples(scale: &Scale, step: f64) -> impl Iterator<Item = f64> {
    let slack = 1e-9;
    let first = (scale.low() / step - slack).ceil();
    let last = (scale.high() / step + slack).floor();
    (0..100)
        .map(move |index| first + f64::from(index))
        .take_while(move |&index| index <= last)
        .map(move |index| index * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn round_numbers_inside_the_range() {
        assert_eq!(labels(&numbers(&Scale::linear(0.3, 10.2), 5)), ["2", "4", "6", "8", "10"]);
        assert_eq!(labels(&numbers(&Scale::linear(-1.0, 1.0), 4)), ["-1.0", "-0.5", "0", "0.5", "1.0"]);
        assert_eq!(labels(&shares(&Scale::linear(0.0, 0.11), 3)), ["0 %", "5 %", "10 %"]);
    }

    #[test]
    fn powers_of_ten_on_a_log_scale_and_round_steps_within_a_decade() {
        assert_eq!(labels(&numbers(&Scale::log(3.0, 200_000.0), 6)), ["10", "100", "1,000", "10k", "100k"]);
        assert_eq!(labels(&numbers(&Scale::log(9.0, 95.0), 6)), ["10", "20", "50"]);
        assert_eq!(labels(&numbers(&Scale::log(31.0, 39.0), 4)), ["32", "34", "36", "38"]);
    }

    #[test]
    fn times_are_labelled_by_what_changes() {
        let day = |days: i64| (days * DAY_MS) as f64;
        let week = Scale::linear(day(19_800), day(19_806));
        assert_eq!(labels(&times(&week, 6)), ["18 Mar", "19 Mar", "20 Mar", "21 Mar", "22 Mar", "23 Mar", "24 Mar"]);
        let hours = Scale::linear(day(19_800) - 3.6e6, day(19_800) + 7.3e6);
        assert_eq!(labels(&times(&hours, 4)), ["23:00", "18 Mar", "01:00", "02:00"]);
        let years = Scale::linear(day(18_262), day(19_800));
        assert_eq!(labels(&times(&years, 5)), ["2020", "2021", "2022", "2023", "2024"]);
    }

    #[test]
    fn no_range_makes_endless_ticks() {
        for (low, high) in [(0.0, f64::MAX), (1e300, 1e300), (-f64::MAX, f64::MAX), (5e-324, 1e-300)] {
            let scale = Scale::linear(low, high);
            assert!(numbers(&scale, 5).len() <= 101);
            assert!(numbers(&Scale::log(low, high), 5).len() <= 101);
        }
    }
}
