//! What changes along time: lines, levels and ranks.

use proptest::prelude::*;
use stats::change_points::change_points;
use stats::mann_kendall::rank_trend;
use stats::shift::{LastingShift, Point, lasting_shift};
use stats::trend::trend;

use crate::given::{close, value};

fn points(values: &[f64]) -> Vec<Point> {
    values.iter().map(|value| Point { value: *value, error: 0.0 }).collect()
}

fn shift(values: &[f64]) -> Option<LastingShift> {
    lasting_shift(&[], &points(values), 3)
}

fn times(n: usize) -> Vec<f64> {
    (0..n).map(|at| at as f64).collect()
}

/// Values that vary enough for rounding not to matter.
fn series() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-50.0..50.0_f64, 8..40)
}

proptest! {
    #[test]
    fn a_trend_turns_with_the_values_and_scales(values in series(), by in -100.0..100.0_f64, power in -4_i32..5) {
        let at = times(values.len());
        let negative: Vec<f64> = values.iter().map(|value| -value).collect();
        let moved: Vec<f64> = values.iter().map(|value| value + by).collect();
        let scaled: Vec<f64> = values.iter().map(|value| value * 2_f64.powi(power)).collect();
        let found = trend(&at, &values).unwrap();
        prop_assert!((0.0..=1.0).contains(&found.p) && found.left_by_line >= 0.0 && found.left_by_step >= 0.0);
        let of = |values: &[f64]| trend(&at, values).unwrap();
        prop_assert!(close(found.change, -of(&negative).change) && close(found.p, of(&negative).p));
        prop_assert!(close(found.change, of(&moved).change) && (found.p - of(&moved).p).abs() < 1e-6);
        prop_assert!(close(found.change * 2_f64.powi(power), of(&scaled).change) && close(found.p, of(&scaled).p));
        // Neither does the unit of time matter, nor when it begins.
        let later: Vec<f64> = at.iter().map(|time| time * 3_600.0 + 86_400.0).collect();
        prop_assert!(close(found.change, trend(&later, &values).unwrap().change));
    }

    #[test]
    fn a_rank_trend_turns_with_the_values_and_scales(values in series(), power in -4_i32..5) {
        let at = times(values.len());
        let of = |values: &[f64]| rank_trend(&at, values).unwrap();
        let found = of(&values);
        prop_assert!((0.0..=1.0).contains(&found.p) && found.spread >= 0.0);
        let negative = of(&values.iter().map(|value| -value).collect::<Vec<_>>());
        prop_assert!(found.s == -negative.s && close(found.change, -negative.change) && close(found.p, negative.p));
        let scaled = of(&values.iter().map(|value| value * 2_f64.powi(power)).collect::<Vec<_>>());
        prop_assert!(found.s == scaled.s && found.p == scaled.p);
        prop_assert!(close(found.change_over_spread(), scaled.change_over_spread()));
        let n = values.len() as f64;
        prop_assert!(found.s.abs() <= n * (n - 1.0) / 2.0);
    }

    #[test]
    fn a_shift_turns_with_the_values_and_holds_its_change(values in series(), power in -4_i32..5) {
        let found = shift(&values).unwrap();
        prop_assert!((0.0..=1.0).contains(&found.p) && found.noise >= 0.0);
        prop_assert!(found.low <= found.change() && found.change() <= found.high);
        prop_assert!((3..=values.len() - 3).contains(&found.from));
        let negative = shift(&values.iter().map(|value| -value).collect::<Vec<_>>()).unwrap();
        prop_assert!(close(found.p, negative.p) && (found.from != negative.from || close(found.change(), -negative.change())));
        let scaled = shift(&values.iter().map(|value| value * 2_f64.powi(power)).collect::<Vec<_>>()).unwrap();
        prop_assert_eq!((found.from, found.p), (scaled.from, scaled.p));
    }

    #[test]
    fn a_larger_step_is_never_less_certain(noise in prop::collection::vec(0.1..0.5_f64, 12..30), step in 3.0..20.0_f64, more in 0.1..20.0_f64) {
        let half = noise.len() / 2;
        let with = |step: f64| -> Vec<f64> {
            // Neighbours on different sides of their level are independent for the test, so that only the step decides.
            let around = |at: usize| if at.is_multiple_of(2) { noise[at] } else { -noise[at] };
            (0..noise.len()).map(|at| around(at) + if at < half { 0.0 } else { step }).collect()
        };
        let (small, large) = (shift(&with(step)).unwrap(), shift(&with(step + more)).unwrap());
        prop_assert!(large.p <= small.p * (1.0 + 1e-9), "{:?} {:?}", small, large);
        let at = times(noise.len());
        prop_assert!(rank_trend(&at, &with(step)).unwrap().s <= rank_trend(&at, &with(step + more)).unwrap().s);
    }

    /// Also where the value has no exact binary form, so that means of it differ by a rounding.
    #[test]
    fn a_constant_has_no_trend(value in prop_oneof![value(), Just(0.1), Just(1.0 / 3.0), Just(1e9 + 0.1)], n in 8_usize..60) {
        let (values, at) = (vec![value; n], times(n));
        let line = trend(&at, &values).unwrap();
        prop_assert!(line.p > 0.5 && line.change.abs() <= 1e-12 * value.abs(), "{:?}", line);
        let ranks = rank_trend(&at, &values).unwrap();
        prop_assert_eq!((ranks.s, ranks.change, ranks.p, ranks.change_over_spread()), (0.0, 0.0, 1.0, 0.0));
        let level = shift(&values).unwrap();
        prop_assert!(level.p == 1.0 && level.change().abs() <= 1e-12 * value.abs(), "{:?}", level);
    }

    #[test]
    fn too_few_values_say_nothing(values in prop::collection::vec(value(), 0..6)) {
        let at = times(values.len());
        prop_assert!(trend(&at, &values).is_none() && rank_trend(&at, &values).is_none());
        prop_assert!(values.len() > 5 || shift(&values).is_none());
        // All at one time.
        prop_assert!(trend(&[1.0; 20], &[2.0; 20]).is_none() && rank_trend(&[1.0; 20], &[2.0; 20]).is_none());
    }

    #[test]
    fn the_reference_is_the_level_before(values in series()) {
        let all = points(&values);
        let (before, after) = all.split_at(values.len() / 2);
        let found = lasting_shift(before, after, 3).unwrap();
        prop_assert!(found.from <= after.len() - 3 && (0.0..=1.0).contains(&found.p));
        let level = values[..before.len() + found.from].iter().sum::<f64>() / (before.len() + found.from) as f64;
        prop_assert!(close(found.before, level));
    }

    #[test]
    fn changes_turn_with_the_values_and_scale(values in series(), power in -4_i32..5) {
        let found = change_points(&values, 3);
        let negative: Vec<f64> = values.iter().map(|value| -value).collect();
        let scaled: Vec<f64> = values.iter().map(|value| value * 2_f64.powi(power)).collect();
        prop_assert_eq!(&found, &change_points(&negative, 3));
        prop_assert_eq!(&found, &change_points(&scaled, 3));
    }

    #[test]
    fn changes_are_in_order_and_as_far_apart_as_they_must(values in prop::collection::vec(value(), 0..60), fewest in 0_usize..6) {
        let found = change_points(&values, fewest);
        // The first point belongs to no segment of its own.
        let ends: Vec<usize> = [1].into_iter().chain(found.iter().copied()).chain([values.len().max(1)]).collect();
        prop_assert!(found.is_empty() || ends.windows(2).all(|pair| pair[1] >= pair[0] + fewest.max(1)), "{:?}", found);
    }

    #[test]
    fn a_large_step_is_a_change_where_it_is(noise in prop::collection::vec(-0.5..0.5_f64, 30), at in 8_usize..22) {
        let values: Vec<f64> =
            noise.iter().enumerate().map(|(point, noise)| noise + if point < at { 0.0 } else { 20.0 }).collect();
        prop_assert!(change_points(&values, 3).contains(&at), "{:?}", change_points(&values, 3));
    }

    #[test]
    fn a_constant_and_a_line_have_no_change(value in prop_oneof![value(), Just(0.1), Just(1.0 / 3.0), Just(1e9 + 0.1)], slope in 0.01..100.0_f64, n in 8_usize..60) {
        prop_assert_eq!(change_points(&vec![value; n], 3), Vec::<usize>::new());
        let line: Vec<f64> = times(n).iter().map(|at| at * slope).collect();
        prop_assert_eq!(change_points(&line, 3), Vec::<usize>::new());
    }
}
