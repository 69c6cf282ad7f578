//! Suspects from whole tables: a known fault in, its cause and columns out, and nothing from healthy pairs.

use crate::detectors::testing::{Table, Values, diagnosed, draws, exponential, normal, numbers, prime, words};
use domain::symptom::Symptom;
use domain::{Cause, Verdict};
use stats::rng::Rng;

const TRAIN_ROWS: usize = 1200;
const SERVE_ROWS: usize = 900;

/// A healthy table: an amount, a balance around zero, whole months, a category, a yes/no and a label.
fn table<'a>(seed: u64, rows: usize) -> Table<'a> {
    let mut rng = Rng::new(seed ^ 0x5eed);
    let regions = ["north", "south", "east", "west"];
    let pick = |rng: &mut Rng| regions[[0, 0, 0, 0, 1, 1, 1, 2, 2, 3][rng.below(10)]];
    vec![
        ("amount", numbers(draws(seed, rows, |rng| (exponential(rng) * 20_000.0 + 1_000.0).round()))),
        ("balance", numbers(draws(seed + 1, rows, |rng| normal(rng) * 12.0 + 3.0))),
        ("months", numbers(draws(seed + 2, rows, |rng| 6.0 + rng.below(19) as f64))),
        ("ratio", numbers(draws(seed + 3, rows, |rng| 0.2 + 0.6 * rng.next_f64()))),
        ("region", words((0..rows).map(|_| pick(&mut rng)))),
        ("member", Values::YesNo(draws(seed + 4, rows, Rng::next_f64).into_iter().map(|x| x < 0.3).collect())),
        ("label", numbers(draws(seed + 5, rows, |rng| if rng.next_f64() < 0.3 { 1.0 } else { 0.0 }))),
    ]
}

fn healthy_train<'a>() -> Table<'a> {
    table(11, TRAIN_ROWS)
}

/// A healthy serve table with one column changed by `change`.
fn serve_with<'a>(column: &str, change: impl Fn(&Values) -> Values) -> Table<'a> {
    let mut table = table(77, SERVE_ROWS);
    for (name, values) in &mut table {
        if *name == column {
            *values = change(values);
        }
    }
    table
}

fn each_number(values: &Values, change: impl Fn(usize, f64) -> f64) -> Values {
    let Values::Numbers(values) = values else { return values.clone() };
    Values::Numbers(values.iter().enumerate().map(|(row, value)| value.map(|value| change(row, value))).collect())
}

fn each_word(values: &Values, change: impl Fn(usize, &str) -> String) -> Values {
    let Values::Words(values) = values else { return values.clone() };
    Values::Words(
        values.iter().enumerate().map(|(row, value)| value.as_ref().map(|value| change(row, value))).collect(),
    )
}

#[track_caller]
fn accused(serve: &Table, cause: Cause, columns: &[&str]) {
    let expected = (cause, columns.iter().map(|&column| column.to_owned()).collect::<Vec<_>>());
    let (_, suspects) = diagnosed(&healthy_train(), serve);
    assert_eq!(prime(&healthy_train(), serve), Some(expected), "{suspects:#?}");
    let alone = suspects.iter().filter(|suspect| suspect.score > 0.5).count();
    assert_eq!(alone, 1, "one fault, one suspect: {suspects:#?}");
}

/// At most one healthy pair in twenty may be worth a look, and none an accusation.
#[track_caller]
fn quiet(train_rows: usize, serve_rows: usize) {
    let mut possible = 0;
    for seed in 0..60 {
        let (findings, suspects) = diagnosed(&table(seed * 100, train_rows), &table(seed * 100 + 50, serve_rows));
        assert!(findings.iter().all(|finding| finding.verdict < Verdict::Mismatch), "seed {seed}: {suspects:#?}");
        possible += usize::from(!suspects.is_empty());
    }
    assert!(possible <= 3, "{possible} of 60");
}

#[test]
fn healthy_pairs_raise_nothing() {
    quiet(TRAIN_ROWS, SERVE_ROWS);
}

#[test]
fn small_healthy_pairs_raise_nothing() {
    quiet(89, 89);
    quiet(40, 25);
}

#[test]
fn many_healthy_rows_raise_nothing() {
    let (findings, suspects) = diagnosed(&table(3, 60_000), &table(4, 60_000));
    assert!(suspects.is_empty(), "{findings:#?}");
}

#[test]
fn factors_of_many_sizes_are_units() {
    for factor in [0.001, 0.01, 1.0 / 12.0, 0.453_592_37, 1.609_344, 2.2, 2.54, 7.3, 100.0, 1000.0] {
        accused(&serve_with("amount", |v| each_number(v, |_, x| x * factor)), Cause::UnitScale, &["amount"]);
    }
    accused(&serve_with("ratio", |v| each_number(v, |_, x| x * 100.0)), Cause::UnitScale, &["ratio"]);
    accused(&serve_with("amount", |v| each_number(v, |_, x| -x)), Cause::UnitScale, &["amount"]);
}

#[test]
fn a_scaler_on_one_side_is_a_normalisation_mismatch_of_all_its_columns() {
    let scaled = |values: &Values, mean: f64, std: f64| each_number(values, |_, x| (x - mean) / std);
    let mut serve = table(77, SERVE_ROWS);
    for (name, values) in &mut serve {
        match *name {
            "amount" => *values = scaled(values, 21_000.0, 20_000.0),
            "balance" => *values = scaled(values, 3.0, 12.0),
            "months" => *values = scaled(values, 15.0, 5.5),
            _ => {}
        }
    }
    accused(&serve, Cause::NormalisationMismatch, &["amount", "balance", "months"]);
    accused(&serve_with("amount", |v| each_number(v, |_, x| x.ln())), Cause::NormalisationMismatch, &["amount"]);
}

#[test]
fn a_real_shift_of_the_rows_is_not_taken_for_a_unit() {
    accused(&serve_with("balance", |v| each_number(v, |_, x| x + 8.0)), Cause::DistributionShift, &["balance"]);
    accused(&serve_with("amount", |v| each_number(v, |_, x| x * 1.3)), Cause::DistributionShift, &["amount"]);
}

#[test]
fn exchanged_columns_are_found_together() {
    let mut serve = table(77, SERVE_ROWS);
    let (balance, ratio) = (serve[1].1.clone(), serve[3].1.clone());
    serve[1].1 = ratio;
    serve[3].1 = balance;
    accused(&serve, Cause::ColumnSwap, &["balance", "ratio"]);
    let mut mixed = table(77, SERVE_ROWS);
    let (months, region) = (mixed[2].1.clone(), mixed[4].1.clone());
    mixed[2].1 = region;
    mixed[4].1 = months;
    accused(&mixed, Cause::ColumnSwap, &["months", "region"]);
}

#[test]
fn placeholders_absorb_their_range_and_sign() {
    for placeholder in [-999.0, -1.0, 9_999_999.0] {
        accused(
            &serve_with("amount", |v| each_number(v, |row, x| if row % 33 == 0 { placeholder } else { x })),
            Cause::SentinelValues,
            &["amount"],
        );
    }
    accused(
        &serve_with("ratio", |v| each_number(v, |row, x| if row % 20 == 0 { 0.0 } else { x })),
        Cause::SentinelValues,
        &["ratio"],
    );
}

#[test]
fn negative_values_of_various_sizes_are_impossible() {
    accused(
        &serve_with("amount", |v| each_number(v, |row, x| if row % 33 == 0 { -x } else { x })),
        Cause::ImpossibleValues,
        &["amount"],
    );
}

#[test]
fn missing_values_and_fillers_are_told_apart() {
    let gaps = |values: &Values, every: usize| match values {
        Values::Numbers(values) => {
            Values::Numbers(values.iter().enumerate().map(|(row, value)| value.filter(|_| row % every != 0)).collect())
        }
        other => other.clone(),
    };
    accused(&serve_with("balance", |v| gaps(v, 10)), Cause::NullSurge, &["balance"]);
    accused(
        &serve_with("balance", |v| each_number(v, |row, x| if row % 8 == 0 { 3.1 } else { x })),
        Cause::ImputationDifference,
        &["balance"],
    );
}

#[test]
fn codes_and_spellings_are_told_apart() {
    accused(
        &serve_with("region", |v| each_word(v, |_, x| x.to_uppercase())),
        Cause::InconsistentCategories,
        &["region"],
    );
    accused(
        &serve_with("region", |v| each_word(v, |row, x| if row % 10 == 0 { format!(" {x}") } else { x.into() })),
        Cause::InconsistentCategories,
        &["region"],
    );
    accused(
        &serve_with("region", |v| each_word(v, |row, x| if row % 25 == 0 { "centre".into() } else { x.into() })),
        Cause::UnseenCategory,
        &["region"],
    );
    accused(
        &serve_with("region", |v| each_word(v, |_, x| x.chars().take(1).collect())),
        Cause::CategoryRecode,
        &["region"],
    );
    let turned = |x: &str| match x {
        "north" => "west",
        "south" => "east",
        "east" => "south",
        _ => "north",
    };
    accused(&serve_with("region", |v| each_word(v, |_, x| turned(x).into())), Cause::EncodingOrder, &["region"]);
}

#[test]
fn a_number_that_became_text_is_a_type_change_and_nothing_else() {
    let text = |values: &Values| match values {
        Values::Numbers(values) => words(values.iter().flatten().map(|months| format!("{months} months"))),
        other => other.clone(),
    };
    accused(&serve_with("months", text), Cause::TypeChange, &["months"]);
}

#[test]
fn columns_that_go_come_and_are_renamed() {
    let mut without = table(77, SERVE_ROWS);
    without.remove(1);
    accused(&without, Cause::ColumnMissing, &["balance"]);
    let mut renamed = table(77, SERVE_ROWS);
    renamed[1].0 = "Balance";
    let (_, suspects) = diagnosed(&healthy_train(), &renamed);
    assert_eq!(suspects.len(), 1, "the new name is part of the same fault: {suspects:#?}");
    let mut with_more = table(77, SERVE_ROWS);
    with_more.push(("promo", words((0..SERVE_ROWS).map(|row| ["A", "B"][row % 2]))));
    let (findings, suspects) = diagnosed(&healthy_train(), &with_more);
    assert_eq!((suspects[0].cause, suspects.len()), (Cause::ColumnAdded, 1));
    assert!(findings.iter().all(|finding| finding.verdict < Verdict::Mismatch));
}

#[test]
fn a_harmless_new_column_never_outranks_a_fault() {
    let mut serve = serve_with("amount", |v| each_number(v, |_, x| x * 1000.0));
    serve.push(("promo", words((0..SERVE_ROWS).map(|row| ["A", "B"][row % 2]))));
    let (_, suspects) = diagnosed(&healthy_train(), &serve);
    assert_eq!(suspects[0].cause, Cause::UnitScale);
    assert_eq!(suspects[1].cause, Cause::ColumnAdded);
    assert!(suspects[1].score <= suspects[0].score);
}

/// The balance goes with the label: 20 higher where it is 1, which it is in this share of the rows.
fn tied<'a>(seed: u64, rows: usize, share: f64) -> Table<'a> {
    let mut table = table(seed, rows);
    let labels: Vec<f64> = draws(seed + 9, rows, |rng| if rng.next_f64() < share { 1.0 } else { 0.0 });
    let mut balance = draws(seed + 10, rows, |rng| normal(rng) * 12.0);
    balance.iter_mut().zip(&labels).for_each(|(x, label)| *x += 20.0 * label);
    table[1].1 = numbers(balance);
    table[6].1 = numbers(labels);
    table
}

#[test]
fn a_label_share_that_moved_explains_features_that_moved_less() {
    let (_, suspects) = diagnosed(&tied(5, TRAIN_ROWS, 0.2), &tied(6, SERVE_ROWS, 0.55));
    assert_eq!((suspects[0].cause, suspects.len()), (Cause::PriorShift, 1), "{suspects:#?}");
    assert_eq!(suspects[0].explains.len(), 1);
}

#[test]
fn a_label_that_moved_as_the_features_lead_to_expect_is_explained_by_them() {
    use domain::SnapshotRole;
    use domain::measurements::labels::{LabelChange, LabelMeasures};
    use stats::label_relation::{Moved, Noise, TargetRelation};
    // Of a label that moved by 0.35 and that the features follow by 0.4.
    let first = |expected: f64| {
        let moved = |value| Moved { value, error: 0.01 };
        let target = TargetRelation {
            class: Some("1".into()),
            follows: 0.4,
            follows_error: 0.01,
            label: moved(0.35),
            expected: moved(expected),
            residual: moved(0.35 - expected),
            columns: Vec::new(),
            noise: Noise { p: 1.0, share: 0.0, smallest: 0.05, in_few_rows: false },
        };
        let change = LabelChange {
            against: SnapshotRole::Serve,
            train_rows: 1_500,
            rows: 900,
            targets: vec![target],
            scale: None,
            arrivals: Vec::new(),
        };
        let sides = [tied(5, TRAIN_ROWS, 0.2), tied(6, SERVE_ROWS, 0.55)];
        let mut measurements = crate::detectors::testing::measured(&sides[0], &sides[1]);
        measurements.labels = Some(LabelMeasures { change: Some(change), ..LabelMeasures::default() });
        let (_, findings) = crate::judge::judge(&measurements);
        super::explain(&findings, &measurements, &[])[0].cause
    };
    assert_eq!(first(0.14), Cause::PriorShift, "what other shares of the label give: 0.4 of 0.35");
    assert_eq!(first(0.35), Cause::DistributionShift);
}

#[test]
fn an_amount_to_predict_that_moved_explains_features_that_moved_less() {
    // The balance goes with the label, an amount of which the upper half becomes more frequent.
    let tied = |seed: u64, rows: usize, upper: f64| -> Table {
        let mut table = table(seed, rows);
        let labels = draws(seed + 9, rows, |rng| {
            let size = normal(rng).abs();
            if rng.next_f64() < upper { size } else { -size }
        });
        let noise = draws(seed + 10, rows, normal);
        table[1].1 = numbers(noise.iter().zip(&labels).map(|(noise, label)| 20.0 * (label + 0.7 * noise)));
        table[6].1 = numbers(labels);
        table
    };
    let (_, suspects) = diagnosed(&tied(5, TRAIN_ROWS, 0.5), &tied(6, SERVE_ROWS, 0.8));
    assert_eq!((suspects[0].cause, suspects.len()), (Cause::PriorShift, 1), "{suspects:#?}");
    assert_eq!(suspects[0].explains.len(), 1);
}

#[test]
fn an_absent_label_at_serving_is_no_alarm() {
    let mut serve = table(77, SERVE_ROWS);
    serve.pop();
    let (findings, suspects) = diagnosed(&healthy_train(), &serve);
    assert!(suspects.is_empty(), "{findings:#?}");
}

/// Two suspects of nearly one score: one of Data (missing values), one of Features (a unit).
fn explained_with(symptoms: &[&str]) -> Vec<domain::Suspect> {
    let serve = serve_with("amount", |values| each_number(values, |_, value| value * 1000.0));
    let serve: Table = serve
        .into_iter()
        .map(|(name, values)| match values {
            Values::Numbers(values) if name == "months" => {
                let emptied = values.into_iter().enumerate().map(|(row, value)| value.filter(|_| row % 2 == 0));
                (name, Values::Numbers(emptied.collect()))
            }
            values => (name, values),
        })
        .collect();
    let measurements = crate::detectors::testing::measured(&healthy_train(), &serve);
    let (_, findings) = crate::judge::judge(&measurements);
    let symptoms: Vec<Symptom> = symptoms.iter().map(|&symptom| symptom.into()).collect();
    super::explain(&findings, &measurements, &symptoms)
}

#[test]
fn a_symptom_raises_the_score_of_its_layer_by_the_stated_factor_and_says_so() {
    fn score(suspects: &[domain::Suspect], cause: Cause) -> (f64, Vec<&str>) {
        let suspect = suspects.iter().find(|suspect| suspect.cause == cause).expect("both are suspects");
        (suspect.score, suspect.symptoms.iter().map(Symptom::key).collect())
    }
    let (plain, reported) = (
        explained_with(&[]),
        explained_with(&["accuracy dropped suddenly", "predictions feel wrong", "the sky is low"]),
    );
    let (before, after) = (score(&plain, Cause::NullSurge), score(&reported, Cause::NullSurge));
    assert!((after.0 / before.0 - crate::thresholds::SYMPTOM_WEIGHT).abs() < 1e-9, "{before:?} {after:?}");
    assert!(before.1.is_empty());
    assert_eq!(after.1, ["accuracy_dropped", "predictions_feel_wrong"]);
    assert_eq!(score(&plain, Cause::UnitScale), score(&reported, Cause::UnitScale));
}

#[test]
fn a_symptom_lifts_nobody_over_a_suspect_of_a_worse_verdict() {
    use domain::finding::{Certainty, Effect, Finding};
    let found = |detector: &str, verdict: Verdict, column: &str, cause: Cause| -> Finding {
        let detector = crate::detectors::testing::with_id(detector);
        let effect = Effect::new("share", 0.3, 0.1);
        detector.finding(verdict, &[column], format!("{column} differs."), effect, Certainty::exact()).for_cause(cause)
    };
    let columns = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let mut findings: Vec<Finding> =
        columns.iter().map(|name| found("F2.unit_scale", Verdict::Possible, name, Cause::UnitScale)).collect();
    findings.push(found("D3.null_surge", Verdict::Mismatch, "i", Cause::NullSurge));
    let measurements = domain::measurements::Measurements::default();
    let symptoms = [Symptom::from("strange feature values at run time")];
    let suspects = super::explain(&findings, &measurements, &symptoms);
    let told: Vec<(Cause, bool)> =
        suspects.iter().map(|suspect| (suspect.cause, suspect.symptoms.is_empty())).collect();
    assert_eq!(told, [(Cause::NullSurge, true), (Cause::UnitScale, false)]);
    assert!(suspects[1].score <= suspects[0].score, "what comes later is never likelier: {suspects:#?}");
}

#[test]
fn a_joint_alarm_yields_to_a_named_column_and_speaks_where_there_is_none() {
    use domain::measurements::joint_shift::{Area, Floor, Halves, JointShift, TellingColumn, ToldApart};
    let column = |column: &str| TellingColumn { column: column.into(), loss: 0.2 };
    let joint = JointShift {
        train_rows: 1_200,
        serve_rows: 900,
        together: vec!["months".into(), "ratio".into()],
        apart: Vec::new(),
        told_apart: Some(ToldApart {
            area: Area { value: 0.8, standard_error: 0.01 },
            floor: Some(Floor { area: Area { value: 0.5, standard_error: 0.01 }, halves: Halves::AtRandom }),
            columns: vec![column("months"), column("ratio")],
            relations: Vec::new(),
        }),
    };
    let ranked = |serve: &Table| {
        let mut measurements = crate::detectors::testing::measured(&healthy_train(), serve);
        measurements.joint_shift = Some(joint.clone());
        let (_, findings) = crate::judge::judge(&measurements);
        super::explain(&findings, &measurements, &[])
    };
    let alone = ranked(&table(77, SERVE_ROWS));
    assert_eq!((alone.len(), alone[0].cause, alone[0].columns.len()), (1, Cause::DistributionShift, 2));
    let named = ranked(&serve_with("amount", |v| each_number(v, |_, x| x * 1000.0)));
    assert_eq!(
        (named.len(), named[0].cause, named[0].columns.as_slice()),
        (1, Cause::UnitScale, &["amount".to_owned()][..])
    );
    let drifting = ranked(&serve_with("balance", |v| each_number(v, |_, x| x + 8.0)));
    assert_eq!((drifting.len(), drifting[0].columns.as_slice()), (1, &["balance".to_owned()][..]));
}
