//! F2.offset_shift: is a constant added to a column?

use crate::detectors::affine::{self, AffineMap, rounded_distance};
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{chance, count, name, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, OFFSET_APART, SCALE_CHANGE, SMALLEST_SAMPLE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::profile::NumericProfile;
use domain::{Cause, Finding, Item, Verdict};
use stats::quantiles::{median, quantile};

pub static DETECTOR: Detector = Detector {
    id: "F2.offset_shift",
    item: Item::F2,
    title: "Constant offset",
    looks_for: "Hours that are some whole hours early or late all round the clock, and numbers that all lie higher or lower by one constant, such as kelvins for degrees Celsius.",
    why_it_matters: "A time zone that changed on one side moves every hour-of-day feature; the values stay plausible and the meaning is gone.",
    how_it_decides: "Hours of the day are turned round the clock by 1 to 23 hours; other numbers are moved by the difference of their medians. It counts when that explains the difference but for chance, and, for other numbers, when the offset is 273.15 or at least 0.6 times the distance from the 5th to the 95th percentile of train: a smaller offset can't be told from a real change of the rows.",
    try_next: "Compare one row's time on both sides; store times in UTC and derive hours in one place.",
    causes: &[Cause::OffsetShift],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(sides::TRAIN_AND_SERVE);
    };
    let numeric: Vec<&Pair> = features.iter().filter(|pair| pair.numeric().is_some()).collect();
    let findings = numeric.iter().filter_map(|pair| moved(pair)).collect();
    Judgement::Judged {
        summary: format!(
            "Sought a constant offset between train and serve in {}.",
            count(numeric.len() as u64, "number column")
        ),
        findings,
    }
}

/// An offset, what it is in words, and what it leaves.
struct Offset {
    words: String,
    residual: f64,
}

fn moved(pair: &Pair) -> Option<Finding> {
    let (train, serve) = pair.numeric()?;
    let before = rounded_distance(&train.sorted, &serve.sorted);
    let enough = train.sorted.len().min(serve.sorted.len()) as f64 >= SMALLEST_SAMPLE;
    // Numbers that count rows go on where they ended.
    if !enough || before < SCALE_CHANGE || pair.q() >= CERTAINTY || sides::are_row_counters(pair) {
        return None;
    }
    let hours = if hours_of_day(train) && hours_of_day(serve) { turned_clock(train, serve) } else { None };
    let offset = hours.or_else(|| plain_offset(train, serve))?;
    if !affine::explains(before, offset.residual, train.sorted.len(), serve.sorted.len()) {
        return None;
    }
    let statement = format!(
        "{} is {} at serving. Undoing that leaves a distance of {:.2} of {before:.2} (q {}).",
        name(pair.name),
        offset.words,
        offset.residual,
        chance(pair.q()),
    );
    let finding = DETECTOR
        .finding(
            Verdict::Mismatch,
            &[pair.name],
            statement,
            Effect::new("ks_statistic", before, SCALE_CHANGE),
            Certainty::q(pair.q()),
        )
        .with_evidence(
            "median in train, at serving",
            format!("{}, {}", number(median(&train.sorted)), number(median(&serve.sorted))),
        )
        .with_evidence("distance before, after", format!("{before:.3}, {:.3}", offset.residual));
    Some(pair.sized(finding).for_cause(Cause::OffsetShift))
}

/// Whole numbers from 0 to 23 that use most of the clock.
fn hours_of_day(numbers: &NumericProfile) -> bool {
    numbers.integers && numbers.min >= 0.0 && numbers.max <= 23.0 && numbers.max - numbers.min >= 12.0
}

/// The turn round the clock that leaves least.
fn turned_clock(train: &NumericProfile, serve: &NumericProfile) -> Option<Offset> {
    let turned = |hours: i32| {
        let mut moved: Vec<f64> = train.sorted.iter().map(|hour| (hour + f64::from(hours)).rem_euclid(24.0)).collect();
        moved.sort_by(f64::total_cmp);
        rounded_distance(&moved, &serve.sorted)
    };
    let (hours, residual) = (-11..=12)
        .filter(|hours| *hours != 0)
        .map(|hours| (hours, turned(hours)))
        .min_by(|a, b| a.1.total_cmp(&b.1))?;
    let direction = if hours > 0 { "late" } else { "early" };
    Some(Offset { words: format!("{} {direction}", count(u64::from(hours.unsigned_abs()), "hour")), residual })
}

/// The same shape elsewhere: kelvins, or far off.
fn plain_offset(train: &NumericProfile, serve: &NumericProfile) -> Option<Offset> {
    const KELVIN: f64 = 273.15;
    let shift = median(&serve.sorted) - median(&train.sorted);
    let spread = quantile(&train.sorted, 0.95) - quantile(&train.sorted, 0.05);
    let kelvin = (shift.abs() - KELVIN).abs() <= 0.1 * spread;
    let apart = shift.abs() >= OFFSET_APART * spread && spread > 0.0;
    let offset = if kelvin { KELVIN.copysign(shift) } else { shift };
    (kelvin || apart).then(|| {
        let direction = if offset > 0.0 { "higher" } else { "lower" };
        let unit = if kelvin { ", the distance between kelvins and degrees Celsius," } else { "" };
        Offset {
            words: format!("{}{unit} {direction} throughout", number(offset.abs())),
            residual: AffineMap { scale: 1.0, offset }.residual(&train.sorted, &serve.sorted),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{draws, measured, normal, numbers};

    /// Where training has a normal column about 100 with a standard deviation of 10.
    fn told(change: impl Fn(f64) -> f64) -> Option<String> {
        let train = draws(1, 800, |rng| 100.0 + 10.0 * normal(rng));
        let serve = draws(2, 700, |rng| change(100.0 + 10.0 * normal(rng)));
        let measured = measured(&vec![("x", numbers(train))], &vec![("x", numbers(serve))]);
        judge(&measured).findings().first().map(|finding| finding.statement.clone())
    }

    #[test]
    fn a_column_that_moved_far_and_kept_its_shape_is_offset() {
        assert!(told(|x| x + 25.0).is_some_and(|words| words.contains("higher throughout")));
        assert!(told(|x| x - 25.0).is_some_and(|words| words.contains("lower throughout")));
        assert!(told(|x| x + 273.15).is_some_and(|words| words.contains("kelvins")));
    }

    #[test]
    fn a_small_move_and_another_shape_are_real_changes() {
        assert_eq!(told(|x| x), None);
        assert_eq!(told(|x| x + 10.0), None, "one standard deviation");
        assert_eq!(told(|x| 130.0 + (x - 100.0).abs()), None, "another shape");
    }
}
