use super::*;
use crate::boosted_trees::Binning;
use crate::cross_fit::CrossFit;
use crate::rng::Rng;

/// Two features, and the chance of yes that they give.
struct Sample {
    a: Vec<f64>,
    b: Vec<f64>,
    chance: Vec<f64>,
    rng: Rng,
}

fn sample(seed: u64, rows: usize, chance: impl Fn(f64, f64) -> f64) -> Sample {
    let mut rng = Rng::new(seed);
    let a: Vec<f64> = (0..rows).map(|_| rng.next_f64()).collect();
    let b: Vec<f64> = (0..rows).map(|_| rng.next_f64()).collect();
    let chance = a.iter().zip(&b).map(|(a, b)| chance(*a, *b)).collect();
    Sample { a, b, chance, rng }
}

impl Sample {
    fn draws(&mut self) -> Vec<f64> {
        let rng = &mut self.rng;
        self.chance.iter().map(|chance| f64::from(u8::from(rng.next_f64() < *chance))).collect()
    }

    fn bins(&self) -> BinnedRows {
        let binning = Binning::of_numbers(&(0..100).map(|i| f64::from(i) / 100.0).collect::<Vec<_>>());
        let bin = |values: &[f64]| values.iter().map(|value| binning.bin(*value)).collect();
        BinnedRows { features: vec![bin(&self.a), bin(&self.b)], categorical: vec![false; 2], rows: self.a.len() }
    }
}

fn relation(class: Option<String>, train: (&Sample, &[f64]), serve: (&Sample, &[f64])) -> TargetRelation {
    let (old, new) = (train.0.bins(), serve.0.bins());
    let fit = CrossFit::fit(&old, train.1, 4, 1);
    let (expected, elsewhere) = (fit.out_of_fold(&old), fit.elsewhere(&new, 1));
    target_relation(
        class,
        Rows { targets: train.1, expected: &expected, features: &old },
        Rows { targets: serve.1, expected: &elsewhere, features: &new },
        &["a", "b"],
    )
}

fn classes(train: &mut Sample, serve: &mut Sample) -> TargetRelation {
    let (old, new) = (train.draws(), serve.draws());
    relation(Some("yes".into()), (train, &old), (serve, &new))
}

fn steep(a: f64, b: f64) -> f64 {
    if a + 0.3 * b > 0.6 { 0.95 } else { 0.05 }
}

#[test]
fn labels_that_depend_on_chance_alike_on_both_sides_are_not_noise_and_nothing_moved() {
    let chance = |a: f64, b: f64| 0.05 + 0.45 * a * (0.5 + 0.5 * b);
    for seed in 0..10 {
        let found = classes(&mut sample(seed, 1_500, chance), &mut sample(seed + 100, 1_000, chance));
        assert!(found.noise.p > 1e-3, "{seed}: {found:?}");
        assert!(found.residual.p() > 1e-3, "{seed}: {found:?}");
        assert!(found.columns.first().is_none_or(|column| column.p > 1e-4), "{seed}: {found:?}");
    }
}

#[test]
fn flips_in_train_are_noise_with_their_share() {
    let (mut train, mut serve) = (sample(1, 1_500, steep), sample(2, 1_000, steep));
    for chance in train.chance.iter_mut().step_by(10) {
        *chance = 1.0 - chance.round();
    }
    let found = classes(&mut train, &mut serve);
    assert!(found.noise.p < 1e-6, "{found:?}");
    assert!((0.05..0.2).contains(&found.noise.share), "{found:?}");
}

#[test]
fn flips_are_noise_also_where_clean_labels_follow_the_features_without_exception() {
    let sure = |a: f64, b: f64| f64::from(u8::from(a + 0.3 * b > 0.6));
    let (mut train, mut serve) = (sample(1, 900, sure), sample(2, 900, sure));
    let clean = classes(&mut train, &mut serve);
    assert!(clean.noise.p > 1e-3, "{clean:?}");
    for chance in train.chance.iter_mut().step_by(4) {
        *chance = 1.0 - *chance;
    }
    let found = classes(&mut train, &mut serve);
    assert!(found.noise.p < 1e-6 && (0.15..0.4).contains(&found.noise.share), "{found:?}");
}

#[test]
fn the_score_at_the_slope_of_train_is_as_worked_by_hand() {
    // Two rows at log odds of 2 and two at -2, one of each label but for the last: at a slope of 0 the intercept is that of 3 of 4
    // (or 1 of 4), each row has the weight 3/16, and x does not go with the residuals but for the odd one out.
    let high = 1.0 / (1.0 + (-2.0_f64).exp());
    let features = sample(1, 4, steep).bins();
    let rows =
        Rows { targets: &[1.0, 1.0, 1.0, 0.0], expected: &[high, high, 1.0 - high, 1.0 - high], features: &features };
    let more = more_decided(rows, 0.0).unwrap_or_default();
    // g1 = 2 (1/4 + 1/4) - 2 (1/4 - 3/4) = 2, and h11 = 4 * 4 * 3/16 = 3.
    assert!((more.value - 2.0 / 3.0).abs() < 1e-6 && (more.error - 3.0_f64.sqrt().recip()).abs() < 1e-6, "{more:?}");
    assert_eq!(more_decided(Rows { targets: &[1.0; 4], ..rows }, 0.0), None, "labels of one class");
}

#[test]
fn exchanged_quantities_are_noise_in_few_rows_and_more_spread_is_not() {
    let quantity = |seed, rows: usize, spread: f64| {
        let mut sample = sample(seed, rows, |a, b| 0.2 + 0.5 * a + 0.1 * b);
        let rng = &mut sample.rng;
        let values: Vec<f64> = sample.chance.iter().map(|value| value + spread * (rng.next_f64() - 0.5)).collect();
        (sample, values)
    };
    let ((train, mut old), (serve, new)) = (quantity(1, 1_500, 0.2), quantity(2, 1_000, 0.2));
    let clean = relation(None, (&train, &old), (&serve, &new));
    assert!(clean.noise.p > 1e-3 && clean.noise.smallest < 0.1, "{clean:?}");
    for row in (0..700).step_by(10) {
        old.swap(row, row + 705);
    }
    let found = relation(None, (&train, &old), (&serve, &new));
    assert!(found.noise.p < 1e-4 && found.noise.in_few_rows, "{found:?}");
    assert!((0.04..0.2).contains(&found.noise.share), "{found:?}");
    let (train, wide) = quantity(3, 1_500, 0.6);
    assert!(!relation(None, (&train, &wide), (&serve, &new)).noise.in_few_rows);
}

#[test]
fn a_relation_turned_round_is_found_along_its_column_only() {
    let rising = |a: f64, b: f64| 0.1 + 0.5 * a + 0.3 * b;
    let falling = |a: f64, b: f64| 0.6 - 0.5 * a + 0.3 * b;
    let found = classes(&mut sample(1, 1_500, rising), &mut sample(2, 1_000, falling));
    assert_eq!(found.columns.len(), 1, "{found:?}");
    let column = &found.columns[0];
    assert!(column.column == "a" && column.p < 1e-10 && column.strength > 0.3, "{found:?}");
    assert!(column.risen > 0.1 && column.fallen > 0.1, "{found:?}");
}

#[test]
fn fewer_positives_for_the_same_features_move_the_residual_and_other_rows_do_not() {
    let stricter = |a: f64, b: f64| steep(a, b) * if b > 0.5 { 0.5 } else { 1.0 };
    let found = classes(&mut sample(1, 1_500, steep), &mut sample(2, 1_000, stricter));
    assert!(found.residual.value < -0.05 && found.residual.p() < 1e-6, "{found:?}");
    assert!(found.expected.value.abs() < 0.05, "{found:?}");
    // Rows of another kind: the features explain what moved.
    let mut others = sample(3, 1_000, steep);
    others.a.iter_mut().for_each(|a| *a *= 0.8);
    others.chance = others.a.iter().zip(&others.b).map(|(a, b)| steep(*a, *b)).collect();
    let found = classes(&mut sample(1, 1_500, steep), &mut others);
    assert!(found.label.p() < 1e-3 && found.residual.p() > 1e-3, "{found:?}");
}

#[test]
fn a_relation_that_turned_round_is_certain_in_a_hundred_rows_and_no_other_is_named_there() {
    let quantity = |seed, rows: usize, along: f64| {
        let mut rng = Rng::new(seed);
        let of = sample(seed + 50, rows, |_, _| 0.0);
        let targets: Vec<f64> =
            of.a.iter().map(|a| (0.5 + along * (a - 0.5) + 0.3 * (rng.next_f64() - 0.5)).clamp(0.0, 1.0)).collect();
        (of, targets)
    };
    let compared = |seed, along: f64| {
        let (train, serve) = (quantity(seed, 110, 0.7), quantity(seed + 500, 100, along));
        relation(None, (&train.0, &train.1), (&serve.0, &serve.1)).columns
    };
    let turned = compared(1, -0.7);
    assert!(turned.first().is_some_and(|column| column.column == "a" && column.p < 1e-6), "{turned:?}");
    for seed in 0..40 {
        let same = compared(seed, 0.7);
        assert!(same.first().is_none_or(|column| column.p > 1e-4), "{seed}: {same:?}");
    }
    // Yes or no.
    for seed in 0..40 {
        let found = classes(&mut sample(seed, 110, steep), &mut sample(seed + 700, 80, steep));
        assert!(found.columns.first().is_none_or(|column| column.p > 1e-4), "{seed}: {found:?}");
        assert!(found.residual.p() > 1e-4 && found.noise.p > 1e-4, "{seed}: {found:?}");
    }
}
