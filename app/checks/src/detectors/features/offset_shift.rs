//! F2.offset_shift: is a constant added to a column?

use crate::detectors::affine::{self, AffineMap, rounded_distance};
use crate::detectors::company;
use crate::detectors::sides::{self, Pair};
use crate::detectors::spikes;
use crate::detectors::tilt::Selection;
use crate::detectors::words::{count, name, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, OFFSET_APART, OFFSET_CLOCK_HOURS, OFFSET_KELVIN, OFFSET_KELVIN_TOLERANCE, OFFSET_NEW_VALUES,
    RECODE_CODES, SCALE_CHANGE, SCALE_PREFERS_KNOWN, SIGNIFICANCE, SMALLEST_SAMPLE, TREND,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, SharedColumns};
use domain::profile::NumericProfile;
use domain::{Cause, Finding, Item, Task, Undo, UndoBy, Verdict};
use stats::quantiles::median;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("F2.offset_shift"),
    item: Item::F2,
    title: "Constant offset",
    looks_for: "Hours of the day that are all shifted by a number of hours, and numbers that are all higher or lower by one constant, such as kelvins instead of degrees Celsius.",
    why_it_matters: "A time zone that changed on one side moves every hour-of-day feature. The values stay plausible but have a different meaning.",
    how_it_decides: "Both sides must differ by a Kolmogorov-Smirnov statistic of at least {SCALE_CHANGE}, with q under {CERTAINTY}. Hours of the day (whole numbers that cover at least {OFFSET_CLOCK_HOURS} hours) are shifted around the clock by each number of hours. Other numbers are moved by the offset that leaves the smallest distance. After that, at most {SCALE_LEFT:%} of the difference may remain, and no more than the largest of three values: what chance gives, {SCALE_LEFT_FLOOR}, and {SCALE_LEFT_SHARE:%} of the difference. For other numbers, the offset must be that between kelvins and degrees Celsius, or at least {OFFSET_APART} times the spread of train (without {SPREAD_TAIL:%} of the values at each end), or no selection of rows may give the served values: with the training rows weighted along the column (by exponential tilts of the values and of their ranks, as strong as leaves the smallest distance), p is under {SIGNIFICANCE}, and the offset leaves at most {OFFSET_OVER_SELECTION:%} of what they leave, or the share of served values that training has is at most {OFFSET_NEW_VALUES:%} of that of the weighted rows with p under {CERTAINTY}, or each end of the range moved farther than that of the weighted rows with p under {SIGNIFICANCE}; or a feature that correlates with the column in training, or the linear prediction of the column by all other features, that a selection of rows would have moved by {COMPANION_EXPECTED} standard deviations, moved by at most {COMPANION_STAYED:%} of that, both with p under {SIGNIFICANCE}, and the served values do not move on by {TREND} standard deviations. In whole numbers with at most {RECODE_CODES} different values, the set of values must move too: at least {OFFSET_NEW_VALUES:%} of the new values that the offset would give must be there. An offset that a selection of rows explains as well cannot be distinguished from a real change of the rows.",
    try_next: "Compare the time of one row on both sides. Store times in UTC and compute hours in one place.",
    causes: &[Cause::OffsetShift],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let numeric: Vec<&Pair> = features.iter().filter(|pair| pair.numeric().is_some()).collect();
    let findings = numeric.iter().filter_map(|pair| moved(pair, measurements)).collect();
    let summary = format!(
        "Looked for a constant offset between train and serve in {}.",
        count(numeric.len() as u64, "number column")
    );
    sides::judged(measurements, numeric.len(), SharedColumns::NumericFeatures, summary, findings)
}

/// An offset in words, and the distance that remains after undoing it.
struct Offset {
    words: String,
    by: f64,
    /// Around the clock.
    is_of_hours: bool,
    /// Farther than rows change.
    is_far: bool,
    residual: f64,
}

fn moved(pair: &Pair, measurements: &Measurements) -> Option<Finding> {
    let (train, serve) = pair.numeric()?;
    let before = rounded_distance(&train.sorted, &serve.sorted);
    let enough = train.sorted.len().min(serve.sorted.len()) as f64 >= SMALLEST_SAMPLE;
    // Numbers that count rows continue from their last value.
    if !enough || before < SCALE_CHANGE || pair.q() >= CERTAINTY || sides::are_row_counters(pair) {
        return None;
    }
    let hours = if hours_of_day(train) && hours_of_day(serve) { turned_clock(train, serve) } else { None };
    let companion = company::that_stayed(measurements, pair.name);
    let offset =
        hours.or_else(|| plain_offset(train, serve).filter(|offset| values_move_too(train, serve, offset.by)))?;
    // Whether a selection of rows is excluded costs most, so it is asked last.
    let is_of_values = || companion.is_some() || is_no_selection(train, serve, &offset);
    if !affine::explains(before, offset.residual, train.sorted.len(), serve.sorted.len())
        || !(offset.is_far || (!moves_on(measurements, pair.name) && is_of_values()))
    {
        return None;
    }
    let statement = format!("{} is {} in serving than in training.", name(pair.name), offset.words,);
    let finding = DETECTOR
        .finding(
            Verdict::Mismatch,
            &[pair.name],
            statement,
            Effect::new("ks_statistic", before, SCALE_CHANGE),
            Certainty::q(pair.q()),
        )
        .with_evidence(
            "median (train, serve)",
            format!("{}, {}", number(median(&train.sorted)), number(median(&serve.sorted))),
        )
        .with_evidence(
            "distance before and after the correction",
            format!("{}, {}", number(before), number(offset.residual)),
        );
    let finding = companion.into_iter().fold(finding, |finding, companion| {
        finding.with_evidence(
            match &companion.other {
                Some(other) => format!(
                    "{other} correlates with it (Spearman's correlation {} in train)",
                    number(companion.correlation)
                ),
                None => format!(
                    "all other features together predict it (correlation {} in train)",
                    number(companion.correlation)
                ),
            },
            format!(
                "moved by {} standard deviations; a selection of rows would have moved it by {}",
                number(companion.found),
                number(companion.expected)
            ),
        )
    });
    let by = match offset.is_of_hours {
        true => UndoBy::Clock { hours: offset.by },
        false => UndoBy::Line { scale: 1.0, offset: offset.by },
    };
    Some(pair.sized(finding).for_cause(Cause::OffsetShift).undone_by(Undo::new(pair.name, by)))
}

/// Whether no selection of training rows gives the served values, by their shape, as values or by their range.
fn is_no_selection(train: &NumericProfile, serve: &NumericProfile, offset: &Offset) -> bool {
    let selection = Selection::closest(&train.sorted, &serve.sorted);
    // That the column changed is certain; this only says which of two explanations is left.
    selection.is_excluded(offset.residual, SIGNIFICANCE)
        || selection.lacks_its_values()
        || selection.lacks_its_ends(offset.by)
}

/// Whether whole numbers with few different values left the set of the training values as an offset would make them. Codes
/// in another order keep the set.
fn values_move_too(train: &NumericProfile, serve: &NumericProfile, by: f64) -> bool {
    let known = |value: f64| spikes::share_of(train, value).hits > 0;
    let new_share = |values: &mut dyn Iterator<Item = f64>| {
        let new: Vec<bool> = values.map(|value| !known(value)).collect();
        new.iter().filter(|new| **new).count() as f64 / new.len().max(1) as f64
    };
    let different = train.sorted.chunk_by(|a, b| a == b).count() as f64;
    if !train.integers || !serve.integers || different > RECODE_CODES {
        return true;
    }
    let expected = new_share(&mut train.sorted.iter().map(|value| value + by.round()));
    let found = new_share(&mut serve.sorted.iter().copied());
    found >= expected * OFFSET_NEW_VALUES
}

/// Whole numbers from 0 to 23 that use most of the clock.
fn hours_of_day(numbers: &NumericProfile) -> bool {
    numbers.integers && numbers.min >= 0.0 && numbers.max <= 23.0 && numbers.max - numbers.min >= OFFSET_CLOCK_HOURS
}

/// The shift around the clock that leaves the smallest distance.
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
    let direction = if hours > 0 { "later" } else { "earlier" };
    Some(Offset {
        words: format!("{} {direction}", count(u64::from(hours.unsigned_abs()), "hour")),
        by: hours.into(),
        is_of_hours: true,
        is_far: true,
        residual,
    })
}

/// The same shape at another place.
fn plain_offset(train: &NumericProfile, serve: &NumericProfile) -> Option<Offset> {
    let left = |map: AffineMap| map.residual(&train.sorted, &serve.sorted);
    let fitted = AffineMap::fit_offset(&train.sorted, &serve.sorted, train.integers && serve.integers);
    let spread = affine::spread(&train.sorted);
    let of_kelvin = AffineMap { scale: 1.0, offset: OFFSET_KELVIN.copysign(fitted.offset) };
    let is_near = (fitted.offset.abs() - OFFSET_KELVIN).abs() <= OFFSET_KELVIN_TOLERANCE * spread;
    // Next to a wide spread, many an offset is near that one: it has to fit as well.
    let kelvin = is_near && left(of_kelvin) <= left(fitted) + SCALE_PREFERS_KNOWN;
    let map = if kelvin { of_kelvin } else { fitted };
    (map.offset != 0.0 && (kelvin || spread > 0.0)).then(|| {
        let direction = if map.offset > 0.0 { "higher" } else { "lower" };
        let unit = if kelvin { " (the offset between kelvins and degrees Celsius)" } else { "" };
        Offset {
            words: format!("{}{unit} {direction} in all rows", number(map.offset.abs())),
            by: map.offset,
            is_of_hours: false,
            is_far: kelvin || map.offset.abs() >= OFFSET_APART * spread,
            residual: left(map),
        }
    })
}

/// Whether the served values go on moving, so that their difference from training is not one constant.
fn moves_on(measurements: &Measurements, column: &str) -> bool {
    let columns = measurements.time_windows.iter().flat_map(|windows| &windows.columns);
    let drift = columns.filter(|of| of.column == column).find_map(|of| of.drift);
    drift.is_some_and(|drift| drift.serve.p < SIGNIFICANCE && drift.serve.change.abs() >= TREND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{draws, exponential, measured, normal, numbers};
    use domain::measurements::companions::Companion;

    /// Where training has a normal column about 100 with a standard deviation of 10.
    fn told(change: impl Fn(f64) -> f64) -> Option<String> {
        let train = draws(1, 800, |rng| 100.0 + 10.0 * normal(rng));
        let serve = draws(2, 700, |rng| change(100.0 + 10.0 * normal(rng)));
        let measured = measured(&vec![("x", numbers(train))], &vec![("x", numbers(serve))]);
        judge(&measured).findings().first().map(|finding| finding.statement.clone())
    }

    #[test]
    fn a_column_that_moved_far_and_kept_its_shape_is_offset() {
        assert!(told(|x| x + 25.0).is_some_and(|words| words.contains("higher in all rows")));
        assert!(told(|x| x - 25.0).is_some_and(|words| words.contains("lower in all rows")));
        assert!(told(|x| x + 273.15).is_some_and(|words| words.contains("kelvins")));
    }

    #[test]
    fn a_small_move_and_another_shape_are_real_changes() {
        assert_eq!(told(|x| x), None);
        assert_eq!(told(|x| x + 10.0), None, "one standard deviation of a bell: rows with larger values look the same");
        assert_eq!(told(|x| 130.0 + (x - 100.0).abs()), None, "another shape");
    }

    #[test]
    fn an_offset_of_amounts_with_a_wide_spread_is_not_that_of_kelvins() {
        let incomes = |seed, by: f64| numbers(draws(seed, 900, |rng| by + 9_000.0 + 20_000.0 * exponential(rng)));
        let told = |by| {
            let measured = measured(&vec![("income", incomes(1, 0.0))], &vec![("income", incomes(2, by))]);
            judge(&measured).findings().first().map(|finding| finding.statement.clone())
        };
        assert!(told(4_000.0).is_some_and(|words| !words.contains("kelvins")), "{:?}", told(4_000.0));
        assert_eq!(told(0.0), None);
    }

    #[test]
    fn a_small_offset_that_no_selection_of_rows_gives_is_one() {
        let fares = |seed, by: f64| numbers(draws(seed, 800, |rng| 5.0 + by + 20.0 * exponential(rng)));
        let found = |serve| judge(&measured(&vec![("fare", fares(1, 0.0))], &vec![("fare", serve)])).findings().len();
        // No fare is under 5: a quarter of the spread is seen at the lower end.
        assert_eq!(found(fares(2, 12.0)), 1);
        let larger = numbers(draws(2, 800, |rng| 5.0 + 30.0 * exponential(rng)));
        assert_eq!(found(larger), 0);
    }

    #[test]
    fn a_small_offset_is_one_where_the_companion_of_the_column_stayed() {
        let minutes = |seed, by: f64| numbers(draws(seed, 800, |rng| 100.0 + by + 10.0 * normal(rng)));
        let mut measured = measured(&vec![("minutes", minutes(1, 0.0))], &vec![("minutes", minutes(2, 5.0))]);
        assert!(judge(&measured).findings().is_empty());
        measured.companions = vec![Companion {
            column: "minutes".into(),
            other: Some("charge".into()),
            correlation: 0.95,
            expected: 0.45,
            found: 0.01,
            error: 0.04,
        }];
        let found = judge(&measured).findings();
        assert!(found[0].statement.contains("higher in all rows"), "{}", found[0].statement);
    }

    #[test]
    fn codes_in_another_order_keep_their_set_and_an_offset_moves_it() {
        let says = |codes: [f64; 4]| {
            let side = |codes: [f64; 4]| {
                let shares = [7, 3, 70, 20];
                numbers(codes.into_iter().zip(shares).flat_map(|(code, rows)| vec![code; 8 * rows]))
            };
            let measured = measured(&vec![("x", side([0.0, 1.0, 2.0, 3.0]))], &vec![("x", side(codes))]);
            judge(&measured).findings().len()
        };
        assert_eq!(says([2.0, 3.0, 0.0, 1.0]), 0, "an exchange of codes");
        assert_eq!(says([10.0, 11.0, 12.0, 13.0]), 1);
    }
}
