//! The data layer's detectors on tables made by hand.

use super::{constant_column, prior_shift};
use crate::detectors::testing::{
    Table, Values, diagnosed, draws, exponential, measured, normal, numbers, verdict_of, words,
};
use crate::detectors::{self, Judgement};
use crate::judge::judge;
use domain::measurements::Measurements;
use domain::profile::{DAY_FIRST, DECIMAL_COMMA, MONTH_FIRST};
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Verdict};

fn findings(train: Table, serve: Table) -> Vec<Finding> {
    diagnosed(&train, &serve).0
}

#[track_caller]
fn says(detector: &str, train: Table, serve: Table) -> Verdict {
    verdict_of(detector, &findings(train, serve))
}

fn bell(seed: u64, n: usize, mean: f64) -> Values {
    numbers(draws(seed, n, |rng| normal(rng) + mean))
}

fn repeated(values: &[(&str, usize)]) -> Values {
    words(values.iter().flat_map(|(value, times)| std::iter::repeat_n(*value, *times)))
}

fn yes(yes: usize, of: usize) -> Values {
    Values::YesNo((0..of).map(|row| row < yes).collect())
}

#[test]
fn drift_needs_a_large_effect_however_many_rows_there_are() {
    let verdict = |n, shift| says("D1.column_drift", vec![("x", bell(1, n, 0.0))], vec![("x", bell(2, n, shift))]);
    assert_eq!(verdict(60_000, 0.08), Verdict::Clear, "certain, but a distance of 0.03");
    assert_eq!(verdict(60_000, 0.2), Verdict::Possible, "a distance of 0.08");
    assert_eq!(verdict(60_000, 0.5), Verdict::Mismatch);
    assert_eq!(verdict(30, 0.2), Verdict::Clear, "large, but chance explains it");
    assert_eq!(verdict(10, 9.0), Verdict::Clear, "too few rows to judge");
}

#[test]
fn rare_yes_is_judged_by_its_ratio() {
    let verdict = |before, after, n| says("D1.column_drift", vec![("x", yes(before, n))], vec![("x", yes(after, n))]);
    assert_eq!(verdict(200, 400, 100_000), Verdict::Mismatch, "0.2 % to 0.4 %");
    assert_eq!(verdict(50_000, 52_000, 100_000), Verdict::Clear, "50 % to 52 %");
    assert_eq!(verdict(2, 4, 1_000), Verdict::Clear, "a doubling of two rows is chance");
}

#[test]
fn dates_may_move_forward_but_not_back() {
    let days = |from: i64| Values::Times((0..400).map(|day| (from + day) * 86_400_000).collect());
    assert_eq!(says("D1.column_drift", vec![("day", days(17_000))], vec![("day", days(17_500))]), Verdict::Clear);
    assert_eq!(says("D1.column_drift", vec![("day", days(17_000))], vec![("day", days(16_500))]), Verdict::Mismatch);
}

#[test]
fn dates_in_another_order_and_another_decimal_mark_are_another_type() {
    let stored = |column: &str, values: Values, before: &str, after: &str| {
        let mut measurements = measured(&vec![(column, values.clone())], &vec![(column, values)]);
        for (role, stored) in [(SnapshotRole::Train, before), (SnapshotRole::Serve, after)] {
            if let Some(profile) = measurements.profiles.get_mut(&role) {
                profile.columns[0].stored_type = stored.to_owned();
            }
        }
        verdict_of("D2.type_change", &judge(&measurements).1)
    };
    let days = Values::Times((0..400).map(|day| day * 86_400_000).collect());
    assert_eq!(stored("day", days.clone(), DAY_FIRST, MONTH_FIRST), Verdict::Mismatch);
    assert_eq!(stored("day", days, DAY_FIRST, DAY_FIRST), Verdict::Clear);
    assert_eq!(stored("price", bell(1, 300, 0.0), "Float64", DECIMAL_COMMA), Verdict::Possible);
    assert_eq!(stored("weight", bell(1, 300, 0.0), "Float64", "Int64"), Verdict::Clear);
}

#[test]
fn numbers_that_count_rows_do_not_drift() {
    let counted = |from: usize| numbers((from..from + 500).map(|row| row as f64));
    assert!(findings(vec![("row", counted(1))], vec![("row", counted(501))]).is_empty());
}

#[test]
fn a_column_that_is_constant_or_empty_on_both_sides_has_no_drift() {
    let same = || vec![("c", numbers([5.0; 100])), ("n", Values::Numbers(vec![None; 100]))];
    assert!(findings(same(), same()).iter().all(|finding| finding.detector == constant_column::DETECTOR.id));
}

#[test]
fn the_label_share_has_an_effect_and_needs_a_label() {
    let labels = |ones: usize| numbers((0..1000).map(|row| if row < ones { 1.0 } else { 0.0 }));
    let found = findings(vec![("label", labels(500))], vec![("label", labels(250))]);
    let shift = found
        .iter()
        .find(|finding| finding.detector == prior_shift::DETECTOR.id)
        .map(|finding| (finding.verdict, finding.effect.value));
    assert_eq!(shift, Some((Verdict::Mismatch, -0.25)));
    let without = measured(&vec![("x", bell(1, 100, 0.0))], &vec![("x", bell(2, 100, 0.0))]);
    let judged = detectors::all()
        .find(|detector| detector.id == prior_shift::DETECTOR.id)
        .map(|detector| (detector.judge)(&without));
    assert!(matches!(judged, Some(Judgement::NoEvidence { missing }) if missing.len() == 1));
}

#[test]
fn a_label_that_is_a_quantity_is_compared_as_one() {
    let label = |seed, mean| vec![("label", numbers(draws(seed, 800, |rng| exponential(rng) * mean)))];
    assert_eq!(says("D1.prior_shift", label(1, 10.0), label(2, 20.0)), Verdict::Mismatch);
    assert_eq!(says("D1.prior_shift", label(1, 10.0), label(2, 10.0)), Verdict::Clear);
}

#[test]
fn another_order_of_columns_is_possible_and_no_suspect() {
    let (a, b) = (bell(1, 200, 0.0), bell(2, 200, 0.0));
    let (found, suspects) = diagnosed(&vec![("a", a.clone()), ("b", b.clone())], &vec![("b", b), ("a", a)]);
    assert_eq!(verdict_of("D2.schema", &found), Verdict::Possible);
    assert!(suspects.is_empty());
}

#[test]
fn types_that_models_see_as_one_are_one() {
    let change = |train, serve| says("D2.type_change", vec![("x", train)], vec![("x", serve)]);
    let coded = numbers((0..400).map(|row| f64::from(row % 2)));
    assert_eq!(change(yes(200, 400), coded), Verdict::Possible, "yes/no against 0 and 1");
    let codes = words((0..400).map(|row| format!("{:05}", 400 + row)));
    let read_as_numbers = numbers((0..400).map(|row| f64::from(400 + row)));
    assert_eq!(change(codes, read_as_numbers.clone()), Verdict::Possible, "leading zeros: a code, not a quantity");
    let few = words((0..400).map(|row| format!("word {}", row % 7)));
    let many = words((0..400).map(|row| format!("word {row}")));
    assert_eq!(change(few.clone(), many), Verdict::Clear, "categories against free text");
    assert_eq!(change(read_as_numbers.clone(), few), Verdict::Mismatch);
    assert_eq!(
        change(read_as_numbers, Values::Numbers(vec![None; 400])),
        Verdict::Clear,
        "nothing but nulls has no type"
    );
}

#[test]
fn missing_values_count_by_difference_or_by_ratio() {
    let gaps = |missing: usize, n: usize| {
        Values::Numbers(
            draws(7, n, normal).into_iter().enumerate().map(|(row, x)| (row >= missing).then_some(x)).collect(),
        )
    };
    let verdict = |before, after, n| says("D3.null_surge", vec![("x", gaps(before, n))], vec![("x", gaps(after, n))]);
    assert_eq!(verdict(0, 80, 1000), Verdict::Mismatch);
    assert_eq!(verdict(100, 1000, 1000), Verdict::Mismatch, "nothing is left");
    assert_eq!(verdict(100, 250, 10_000), Verdict::Mismatch, "1 % to 2.5 %");
    assert_eq!(verdict(2_000, 2_120, 10_000), Verdict::Clear, "20 % to 21.2 %");
    assert_eq!(verdict(300, 0, 1000), Verdict::Possible, "fewer than before");
    assert_eq!(verdict(0, 2, 1000), Verdict::Clear);
}

#[test]
fn a_placeholder_is_found_behind_many_repeated_values_and_codes_hold_none() {
    // Fifty ages, each about twelve times, and eight rows without one.
    let ages = |rows: usize| (0..rows).map(|row| 20.0 + (row * 7 % 50) as f64);
    let lacking = numbers(ages(600).enumerate().map(|(row, age)| if row % 75 == 3 { -999.0 } else { age }));
    assert_eq!(says("D3.sentinels", vec![("age", numbers(ages(600)))], vec![("age", lacking)]), Verdict::Mismatch);
    let codes = |zeros: usize| numbers((0..600).map(move |row| if row < zeros { 0.0 } else { 1.0 + (row % 2) as f64 }));
    assert_eq!(says("D3.sentinels", vec![("code", codes(100))], vec![("code", codes(250))]), Verdict::Clear);
}

#[test]
fn two_rows_are_enough_for_a_usual_placeholder_far_away() {
    let years = |last: f64| numbers((0..240).map(move |row| if row > 237 { last } else { (row * 7 % 39) as f64 }));
    let verdict = |last| says("D3.sentinels", vec![("years", years(38.0))], vec![("years", years(last))]);
    assert_eq!(verdict(9_999.0), Verdict::Possible);
    assert_eq!(verdict(99.0), Verdict::Possible, "one range away");
    assert_eq!(verdict(45.0), Verdict::Clear);
}

#[test]
fn a_placeholder_that_both_sides_share_is_possible() {
    let with = |seed, placeholder: f64| {
        let values = draws(seed, 600, |rng| exponential(rng) * 50.0);
        numbers(values.into_iter().enumerate().map(move |(row, x)| if row % 20 == 0 { placeholder } else { x }))
    };
    let both = findings(vec![("x", with(1, -999.0))], vec![("x", with(2, -999.0))]);
    assert_eq!(both.iter().map(|one| (one.verdict, one.standing)).collect::<Vec<_>>(), [(Verdict::Possible, true)]);
    let signs = || numbers((0..600).map(|row| if row % 3 == 0 { -1.0 } else { 1.0 }));
    assert_eq!(says("D3.sentinels", vec![("x", signs())], vec![("x", signs())]), Verdict::Clear, "-1 and 1 are codes");
    assert_eq!(says("D3.sentinels", vec![("x", bell(1, 600, 0.0))], vec![("x", bell(2, 600, 0.0))]), Verdict::Clear);
    let days = |epoch: usize| {
        Values::Times((0..600).map(|row| if row < epoch { 0 } else { 1_400_000_000_000 + row as i64 }).collect())
    };
    assert_eq!(says("D3.sentinels", vec![("day", days(0))], vec![("day", days(40))]), Verdict::Mismatch, "1970-01-01");
}

#[test]
fn a_placeholder_of_both_sides_became_more_frequent_only_if_that_is_certain() {
    let with = |seed, rows: usize| {
        let values = draws(seed, 600, |rng| exponential(rng) * 50.0);
        numbers(values.into_iter().enumerate().map(move |(row, x)| if row < rows { -999.0 } else { x }))
    };
    let told = |before, after| says("D3.sentinels", vec![("x", with(1, before))], vec![("x", with(2, after))]);
    assert_eq!((told(12, 28), told(12, 60)), (Verdict::Possible, Verdict::Mismatch));
    assert_eq!(told(0, 8), Verdict::Mismatch, "a new one is far from all that was there");
}

#[test]
fn missing_values_in_one_column_of_many_are_seen_in_few_rows() {
    let gaps = |missing: usize| {
        Values::Numbers((0..107).map(|row| (row >= missing).then_some((row * 37 % 107) as f64)).collect())
    };
    let names: Vec<String> = (0..30).map(|place| format!("c{place}")).collect();
    let table = |missing: usize| -> Table {
        let gaps_of = |place: usize| gaps(if place == 3 { missing } else { 0 });
        names.iter().enumerate().map(|(place, name)| (name.as_str(), gaps_of(place))).collect()
    };
    assert_eq!(says("D3.null_surge", table(0), table(11)), Verdict::Possible);
    assert_eq!(says("D3.null_surge", table(0), table(5)), Verdict::Clear);
}

#[test]
fn a_sign_is_impossible_only_where_training_had_none() {
    let amounts = |seed, flipped: usize| {
        let values = draws(seed, 800, |rng| exponential(rng) * 50.0 + 1.0);
        numbers(values.into_iter().enumerate().map(move |(row, x)| if row < flipped { -x } else { x }))
    };
    let verdict =
        |before, after| says("D3.impossible_values", vec![("x", amounts(1, before))], vec![("x", amounts(2, after))]);
    assert_eq!(verdict(0, 30), Verdict::Mismatch);
    assert_eq!(verdict(0, 2), Verdict::Clear);
    assert_eq!(verdict(0, 4), Verdict::Mismatch, "few, but far below an edge that held for 800 rows");
    assert_eq!(verdict(40, 40), Verdict::Clear);
    // A wide lower tail: a few rows below it are what a new sample has.
    let heights = |seed, lower: f64| numbers(draws(seed, 800, |rng| 4.0 + normal(rng)).into_iter().chain([lower; 3]));
    let near = says("D3.impossible_values", vec![("x", heights(1, 1.0))], vec![("x", heights(2, -0.2))]);
    assert_ne!(near, Verdict::Mismatch);
    assert_eq!(verdict(0, 800), Verdict::Clear, "all of them: a turned sign, not single slips");
}

#[test]
fn infinite_values_are_found() {
    let infinite = |n: usize| numbers((0..500).map(|row| if row < n { f64::INFINITY } else { f64::from(row as u32) }));
    assert_eq!(says("D3.impossible_values", vec![("x", infinite(0))], vec![("x", infinite(50))]), Verdict::Mismatch);
}

#[test]
fn spellings_inside_one_table_are_possible_and_meanings_are_kept() {
    let grades = || repeated(&[("A+", 100), ("A", 100), ("A-", 100), ("<=50K", 50), (">50K", 50)]);
    assert_eq!(says("D3.category_spelling", vec![("g", grades())], vec![("g", grades())]), Verdict::Clear);
    let towns = || repeated(&[("Paris", 200), ("paris", 100), ("Lyon", 100)]);
    assert_eq!(says("D3.category_spelling", vec![("t", towns())], vec![("t", towns())]), Verdict::Possible);
}

#[test]
fn two_spellings_of_missing_are_possible() {
    let column = || {
        let values = ["a", "b", "unknown", "a", "b", "N/A", "a", "b"];
        words((0..400).map(|row| values[row % 8]))
    };
    assert_eq!(says("D3.null_spellings", vec![("x", column())], vec![("x", column())]), Verdict::Possible);
    let one = || words((0..400).map(|row| ["a", "b", "none"][row % 3]));
    assert_eq!(says("D3.null_spellings", vec![("x", one())], vec![("x", one())]), Verdict::Clear);
}

#[test]
fn numbers_among_words_are_possible_and_codes_on_both_sides_are_a_category() {
    let codes = || words((0..400).map(|row| ["10", "12", "M", "L"][row % 4]));
    let plain = || words((0..400).map(|row| ["S", "XL", "M", "L"][row % 4]));
    let says = |train, serve| says("D3.mixed_types", vec![("size", train)], vec![("size", serve)]);
    assert_eq!(says(codes(), codes()), Verdict::Clear);
    assert_eq!(says(plain(), codes()), Verdict::Possible);
    let many: Vec<String> =
        (0..400).map(|row| if row % 2 == 0 { row.to_string() } else { format!("n{row}") }).collect();
    let mixed = || words(many.iter().map(String::as_str));
    assert_eq!(says(mixed(), mixed()), Verdict::Possible);
}

#[test]
fn a_feature_that_froze_is_a_mismatch_and_one_that_never_moved_is_not() {
    let frozen = || numbers([3.0; 300]);
    let varied = numbers((0..300).map(|row| f64::from(row % 40)));
    assert_eq!(says("D3.constant_column", vec![("x", varied.clone())], vec![("x", frozen())]), Verdict::Mismatch);
    assert_eq!(says("D3.constant_column", vec![("x", frozen())], vec![("x", frozen())]), Verdict::Possible);
    assert_eq!(says("D3.constant_column", vec![("x", varied.clone())], vec![("x", varied)]), Verdict::Clear);
}

#[test]
fn repeated_rows_count_against_a_table_as_large_that_has_few() {
    let mut measurements = measured(&vec![("x", bell(1, 300, 0.0))], &vec![("x", bell(2, 300, 0.0))]);
    let duplicates =
        |measurements: &Measurements| verdict_of("D3.duplicate_rows", &crate::judge::judge(measurements).1);
    assert_eq!(duplicates(&measurements), Verdict::Clear);
    if let Some(serve) = measurements.profiles.get_mut(&domain::SnapshotRole::Serve) {
        serve.duplicate_rows = 60;
    }
    assert_eq!(duplicates(&measurements), Verdict::Mismatch);
    if let Some(train) = measurements.profiles.get_mut(&domain::SnapshotRole::Train) {
        train.duplicate_rows = 50;
    }
    assert_eq!(duplicates(&measurements), Verdict::Possible, "both repeat: the columns are coarse");
}

#[test]
fn one_snapshot_alone_is_checked_for_values_and_says_what_else_it_needs() {
    let mut measurements = measured(&vec![("x", bell(1, 300, 0.0))], &vec![("x", bell(2, 300, 0.0))]);
    measurements.profiles.remove(&domain::SnapshotRole::Serve);
    measurements.comparisons.clear();
    for detector in super::DETECTORS {
        match (detector.judge)(&measurements) {
            Judgement::NoEvidence { missing } => assert!(!missing.is_empty(), "{}", detector.id),
            Judgement::Judged { findings, .. } => {
                assert!(findings.is_empty() && detector.id.item_code() == "D3", "{}: {findings:?}", detector.id);
            }
        }
    }
}

#[test]
fn every_finding_has_a_cause_its_detector_names() {
    let train = vec![("x", bell(1, 400, 0.0)), ("c", repeated(&[("a", 200), ("b", 200)]))];
    let serve = vec![("x", bell(2, 400, 3.0)), ("c", repeated(&[("a", 200), ("z", 200)])), ("new", bell(3, 400, 0.0))];
    let found = findings(train, serve);
    assert!(found.iter().any(|finding| finding.cause == Some(Cause::DistributionShift)));
    for finding in found {
        let detector = detectors::all().find(|detector| detector.id == finding.detector);
        let named = detector.is_some_and(|detector| finding.cause.is_none_or(|cause| detector.causes.contains(&cause)));
        assert!(named, "{finding:?}");
    }
}

#[test]
fn na_among_codes_is_a_value_and_beside_words_it_is_missing() {
    let with_empty = |values: &[&str]| {
        let cells = (0..400).map(|row| values.get(row % (values.len() + 1)).map(|value| (*value).to_owned()));
        Values::Words(cells.collect())
    };
    for (codes, words) in [(["DE", "NA", "FR"], ["red", "NA", "blue"]), (["USD", "NAN", "EUR"], ["low", "NAN", "high"])]
    {
        let says = |values: &[&str]| {
            says("D3.null_spellings", vec![("x", with_empty(values))], vec![("x", with_empty(values))])
        };
        assert_eq!((says(&codes), says(&words)), (Verdict::Clear, Verdict::Possible));
    }
}

/// The verdict of a detector, with `no evidence` where it could not look.
#[track_caller]
fn concludes(detector: &str, train: Table, serve: Table) -> Verdict {
    let (layers, _) = judge(&measured(&train, &serve));
    let mut results = layers.iter().flat_map(|layer| &layer.items).flat_map(|item| &item.detectors);
    results.find(|result| result.detector.as_str() == detector).map_or(Verdict::Mismatch, |result| result.verdict)
}

#[test]
fn what_was_not_looked_at_is_not_clear() {
    let comparing = [
        "D1.column_drift",
        "D1.prediction_shift",
        "D2.column_swap",
        "D3.null_surge",
        "D3.sentinels",
        "D3.constant_column",
        "D3.impossible_values",
        "F1.imputation",
        "F1.precision",
        "F2.unit_scale",
        "F2.recode",
        "F2.normalisation",
        "F2.offset_shift",
        "F3.out_of_range",
        "F3.unseen_category",
    ];
    let table = |rows: usize| -> Table<'static> {
        let amount = numbers(draws(3, rows, normal));
        let place = words((0..rows).map(|row| ["a", "b", "c"][row % 3]));
        vec![("amount", amount), ("place", place), ("score", numbers(draws(4, rows, normal)))]
    };
    for detector in comparing {
        // No rows, then so few that only an extreme fault would show.
        for rows in [0, 6] {
            assert_eq!(concludes(detector, table(900), table(rows)), Verdict::NoEvidence, "{detector}, {rows} rows");
        }
        assert_eq!(concludes(detector, table(900), table(800)), Verdict::Clear, "{detector}");
    }
}

#[test]
fn a_check_of_one_kind_of_column_needs_such_a_column() {
    let words_only = |seed: usize| vec![("place", words((0..600).map(|row| ["a", "b", "c"][(row + seed) % 3])))];
    let numbers_only = |seed: u64| vec![("amount", bell(seed, 600, 0.0))];
    assert_eq!(concludes("F3.out_of_range", words_only(0), words_only(1)), Verdict::NoEvidence);
    assert_eq!(concludes("F3.unseen_category", numbers_only(1), numbers_only(2)), Verdict::NoEvidence);
    assert_eq!(concludes("F3.unseen_category", words_only(0), words_only(1)), Verdict::Clear);
    assert_eq!(concludes("F3.out_of_range", numbers_only(1), numbers_only(2)), Verdict::Clear);
}

#[test]
fn exact_facts_need_no_sample_of_twenty() {
    // Twelve rows all a hundred times too large, all missing, all of a value that training never had.
    let large = numbers(draws(7, 12, |rng| 100.0 * (10.0 + normal(rng))));
    let train = || vec![("amount", bell(1, 900, 10.0)), ("place", words((0..900).map(|row| ["a", "b"][row % 2])))];
    let serve = |amount: Values, place: Values| vec![("amount", amount), ("place", place)];
    let usual = || words((0..12).map(|row| ["a", "b"][row % 2]));
    assert_eq!(says("F3.out_of_range", train(), serve(large, usual())), Verdict::Mismatch);
    let missing = Values::Numbers(vec![None; 12]);
    assert_eq!(says("D3.null_surge", train(), serve(missing, usual())), Verdict::Mismatch);
    let unknown = words((0..12).map(|_| "z"));
    assert_eq!(says("F3.unseen_category", train(), serve(bell(2, 12, 10.0), unknown)), Verdict::Mismatch);
    // Twelve ordinary rows show nothing.
    let (findings, _) = diagnosed(&train(), &serve(bell(2, 12, 10.0), usual()));
    assert!(findings.iter().all(|finding| finding.verdict != Verdict::Mismatch), "{findings:?}");
}

#[test]
fn too_few_rows_are_told_with_how_many_would_do() {
    let (layers, _) = judge(&measured(&vec![("x", bell(1, 900, 0.0))], &vec![("x", bell(2, 25, 0.0))]));
    let mut results = layers.iter().flat_map(|layer| &layer.items).flat_map(|item| &item.detectors);
    let drift = results.find(|result| result.detector.as_str() == "D1.column_drift").map(|result| &result.summary);
    // 1.628 · √(1/900 + 1/25) = 0.33, and 1 / ((0.1 / 1.628)² − 1/900) = 376 rows see a tenth.
    let expected = "Needs 376 rows in serve to see a change of less than 33 % of the rows (there are 25).";
    assert_eq!(drift.map(String::as_str), Some(expected));
}
