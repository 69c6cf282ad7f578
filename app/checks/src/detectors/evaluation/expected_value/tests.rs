use super::super::runs::examples::{Binary, measurements};
use super::*;
use domain::evaluation::{Classification, Predicted};

fn matrix(labels: &[&str], costs: &[&[f64]]) -> CostMatrix {
    CostMatrix {
        source: "costs.json".into(),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        costs: costs.iter().map(|row| row.to_vec()).collect(),
        unit: Some("EUR".into()),
    }
}

fn with_costs(evaluations: Vec<EvaluationRun>, matrix: CostMatrix) -> Measurements {
    let mut all = measurements(evaluations);
    all.observations.cost_matrices.push(matrix);
    all
}

fn verdicts(measurements: &Measurements) -> Vec<(Verdict, Option<Cause>)> {
    judge(measurements).findings().into_iter().map(|finding| (finding.verdict, finding.cause)).collect()
}

/// A run without scores, from its confusion matrix.
fn counted(classes: &[&str], counts: &[&[u64]]) -> EvaluationRun {
    let (mut truth, mut predicted) = (Vec::new(), Vec::new());
    for (row, predictions) in counts.iter().enumerate() {
        for (column, count) in predictions.iter().enumerate() {
            truth.extend(std::iter::repeat_n(row as u32, *count as usize));
            predicted.extend(std::iter::repeat_n(column as u32, *count as usize));
        }
    }
    let classes: Vec<String> = classes.iter().map(|class| (*class).to_owned()).collect();
    let rows = Classification {
        classes: &classes,
        truth: &truth,
        predicted: Predicted::Given(&predicted),
        positive: (classes.len() == 2).then_some(1),
        score: None,
        probabilities: &[],
    };
    rows.measure("run.csv", "test")
}

#[test]
fn a_model_more_expensive_than_a_constant_prediction_is_a_mismatch_worked_by_hand() {
    // 900 + 60 no, 10 + 30 yes; a false alarm costs 5, a miss 2: 60 * 5 + 10 * 2 = 320 against 40 * 2 = 80 for "no".
    let run = counted(&["no", "yes"], &[&[900, 60], &[10, 30]]);
    let all = with_costs(vec![run], matrix(&["yes", "no"], &[&[0.0, 2.0], &[5.0, 0.0]]));
    let found = judge(&all).findings();
    assert_eq!((found[0].verdict, found[0].cause), (Verdict::Mismatch, Some(Cause::KpiMismatch)));
    assert!((found[0].effect.value - 240.0 / 320.0).abs() < 1e-12, "{:?}", found[0].effect);
    assert!(found[0].effect.low.is_some_and(|low| low > 0.0), "{:?}", found[0].effect);
    assert!(found[0].statement.contains("“no” costs 0.08 EUR"), "{}", found[0].statement);
    // If misses are expensive, the same model saves money: 60 * 5 + 10 * 50 = 800 against 2000 and 4800.
    let run = counted(&["no", "yes"], &[&[900, 60], &[10, 30]]);
    assert_eq!(verdicts(&with_costs(vec![run], matrix(&["no", "yes"], &[&[0.0, 5.0], &[50.0, 0.0]]))), []);
}

#[test]
fn few_rows_of_an_expensive_class_are_not_enough() {
    // Twelve false alarms, one hit worth 10: by the counts "no" is cheaper, but one hit is not enough to decide.
    let run = counted(&["0", "1"], &[&[987, 12], &[0, 1]]);
    assert_eq!(verdicts(&with_costs(vec![run], matrix(&["0", "1.0"], &[&[0.0, 1.0], &[10.0, 0.0]]))), []);
}

#[test]
fn several_classes_have_a_matrix_too() {
    let run = || counted(&["a", "b", "c"], &[&[300, 40, 20], &[60, 20, 20], &[30, 20, 10]]);
    let costs: [&[f64]; 3] = [&[0.0, 9.0, 9.0], &[1.0, 0.0, 1.0], &[1.0, 1.0, 0.0]];
    // "a" costs 100 + 60 = 160; the model 60 * 9 + 80 + 50 = 670.
    let all = with_costs(vec![run()], matrix(&["a", "b", "c"], &costs));
    let found = judge(&all).findings();
    assert_eq!(found[0].verdict, Verdict::Mismatch);
    assert!((found[0].effect.value - 510.0 / 670.0).abs() < 1e-12);
    let even: [&[f64]; 3] = [&[0.0, 1.0, 1.0], &[3.0, 0.0, 3.0], &[3.0, 3.0, 0.0]];
    assert!(
        verdicts(&with_costs(vec![run()], matrix(&["a", "b", "c"], &even))).iter().all(|v| v.0 < Verdict::Mismatch)
    );
}

#[test]
fn an_expensive_threshold_is_misset_and_a_good_one_clear() {
    // Calibrated scores and a miss ten times as expensive: the cheapest threshold is 1/11, not 1/2.
    let expensive_miss = || matrix(&["no", "yes"], &[&[0.0, 1.0], &[10.0, 0.0]]);
    let half = Binary::default().run("test");
    let found = judge(&with_costs(vec![half], expensive_miss())).findings();
    assert_eq!((found[0].verdict, found[0].cause), (Verdict::Mismatch, Some(Cause::ThresholdMisset)), "{found:?}");
    assert!(found[0].effect.low.is_some_and(|low| low > 0.0));
    let mut reported = 0;
    for seed in 1..100 {
        let tuned = Binary { threshold: 1.0 / 11.0, seed, rows: 1_500, ..Binary::default() }.run("test");
        let even = Binary { seed, rows: 300, ..Binary::default() }.run("test");
        for all in [with_costs(vec![tuned], expensive_miss()), with_costs(vec![even], even_costs())] {
            reported += verdicts(&all).iter().filter(|(verdict, _)| *verdict == Verdict::Mismatch).count();
        }
    }
    assert!(reported <= 1, "{reported} of 198 sound thresholds");
}

fn even_costs() -> CostMatrix {
    matrix(&["no", "yes"], &[&[0.0, 1.0], &[1.0, 0.0]])
}

#[test]
fn useless_scores_are_not_the_fault_of_the_threshold() {
    let blind = Binary { separation: 0.05, base_odds: -1.0, threshold: 0.27, ..Binary::default() }.run("test");
    let found = judge(&with_costs(vec![blind], matrix(&["no", "yes"], &[&[0.0, 1.0], &[1.0, 0.0]]))).findings();
    assert_eq!((found[0].verdict, found[0].cause), (Verdict::Mismatch, Some(Cause::KpiMismatch)), "{found:?}");
}

#[test]
fn what_is_missing_or_broken_is_named() {
    let needs = |all: &Measurements| match judge(all) {
        Judgement::NoEvidence { missing } => domain::need::in_words(&missing),
        Judgement::Judged { summary, .. } => summary,
    };
    let run = || counted(&["no", "yes"], &[&[50, 10], &[10, 30]]);
    assert!(needs(&measurements(vec![run()])).contains("cost matrix"));
    assert!(needs(&with_costs(vec![], matrix(&["no", "yes"], &[&[0.0, 1.0], &[1.0, 0.0]]))).contains("evaluation run"));
    assert!(needs(&with_costs(vec![run()], matrix(&["no", "maybe"], &[&[0.0, 1.0], &[1.0, 0.0]]))).contains("“yes”"));
    assert!(needs(&with_costs(vec![run()], matrix(&["no", "yes"], &[&[0.0], &[1.0, 0.0]]))).contains("finite"));
    let infinite = matrix(&["no", "yes"], &[&[0.0, f64::INFINITY], &[1.0, 0.0]]);
    assert!(needs(&with_costs(vec![run()], infinite)).contains("finite"));
    // No prediction costs more than another: no finding.
    assert_eq!(verdicts(&with_costs(vec![run()], matrix(&["no", "yes"], &[&[1.0, 1.0], &[1.0, 1.0]]))), []);
}
