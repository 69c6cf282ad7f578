//! The evaluation.

use std::sync::Arc;

use domain::evaluation::{ConfusionMatrix, Metric, QuantileCalibration, QuantileColumn, Split, Task};
use domain::{EvaluationRun, number};
use leptos_router::params::ParamsMap;

use super::super::evaluation::asked::Asked;
use super::super::evaluation::{Evaluation, EvaluationProps};
use super::{HOSTILE, Html, diagnosis, opened, rendered};
use crate::api::investigations::Opened;

fn page(opened: Opened) -> Html {
    asking(opened, &[])
}

/// The page with these parameters in its address, of which one may stand there several times.
fn asking(opened: Opened, pairs: &[(&'static str, &str)]) -> Html {
    let query: ParamsMap = pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    rendered(|| Evaluation(EvaluationProps { opened, asked: Asked::from_query(&query) }))
}

#[test]
fn every_run_has_its_metrics_and_one_is_shown_in_full() {
    let opened = opened();
    let diagnosis = diagnosis(&opened);
    let page = page(opened);
    let runs = page.section("runs");
    for run in diagnosis.evaluations.iter() {
        assert!(runs.contains(run.split.word()) && runs.contains(&run.name), "{runs}");
        assert!(runs.contains(&number::fixed(run.metrics["accuracy"].value)), "{runs}");
    }
    assert!(page.section("run").contains("of predictions"), "{}", page.section("run"));
    assert!(page.0.contains("type=\"range\"") && page.0.contains("<svg"), "threshold and curves are there");
    for curve in diagnosis.learning_curves.iter() {
        assert!(page.text().contains(&curve.curve.name), "{}", page.text());
    }
}

#[test]
fn it_opens_on_served_rows_with_the_differences_to_test_rows() {
    let mut opened = opened();
    let mut with_served = (*diagnosis(&opened)).clone();
    let runs = Arc::make_mut(&mut with_served.evaluations);
    let test = runs.iter().find(|run| run.split == Split::Test).unwrap();
    let mut served = EvaluationRun { name: "serve.parquet".into(), split: Split::Serve, ..test.clone() };
    served.metrics.insert("accuracy".into(), Metric { value: 0.85, low: Some(0.84), high: Some(0.86) });
    runs.insert(0, served);
    opened.diagnosis = Some(Arc::new(with_served));
    let page = page(opened);
    let run = page.section("run");
    assert!(run.contains("serve of serve.parquet") && run.contains("Compared with test of"), "{run}");
    assert!(page.0.contains("against_split=test"), "the charts have both runs");
    let runs = page.section("runs");
    for expected in ["Accuracy is 85 % on serve, against", "points lower (95 % interval", "worse", "Compare with this"]
    {
        assert!(runs.contains(expected), "{expected}: {runs}");
    }
    assert_eq!(runs.matches("Shown below").count(), 2, "once in each of the two tables");
}

/// Served rows next to test rows, with training rows, a second version, and a run of another task.
fn five_runs() -> Opened {
    let mut opened = opened();
    let mut with_more = (*diagnosis(&opened)).clone();
    let test = with_more.evaluations.iter().find(|run| run.split == Split::Test).unwrap().clone();
    let copy = |name: &str, split, n| EvaluationRun { name: name.into(), split, n, ..test.clone() };
    let prices = EvaluationRun::of_regression("prices.csv", Split::Test, &[1.0, 2.0], &[1.0, 3.0]);
    let served = copy("serve.csv", Split::Serve, test.n);
    let others = [copy("train.csv", Split::Train, test.n), copy(HOSTILE, Split::Test, test.n - 1), prices];
    with_more.evaluations = Arc::new([served, test].into_iter().chain(others).collect());
    opened.diagnosis = Some(Arc::new(with_more));
    opened
}

#[test]
fn the_curves_of_all_runs_stand_in_one_chart_and_the_address_says_which() {
    let all = page(five_runs());
    let lines = |page: &Html| page.0.matches("class=\"line another").count();
    let run = all.section("run");
    assert!(run.contains("Drawn with serve of serve.csv and test of predictions.parquet: 2 of 2"), "{run}");
    assert!(run.contains("Not drawn: test of prices.csv (its label is an amount)."), "{run}");
    assert!(run.contains("test of <img src=x onerror=alert(1)>") && run.contains("train: area"), "{run}");
    assert_eq!(lines(&all), 8, "ROC, precision and recall, gains, calibration: two other runs each");
    assert!(all.0.contains("class=\"line another train\"") && all.0.contains("drawn=all"), "{}", all.0);

    let one = asking(five_runs(), &[("drawn", "chosen"), ("drawn", "train of train.csv")]);
    assert!(one.section("run").contains("predictions.parquet: 1 of 2"), "{}", one.section("run"));
    assert_eq!(lines(&one), 4);
    assert!(one.0.contains("drawn=chosen%3Btrain"), "files and links show the same runs");
    let none = asking(five_runs(), &[("drawn", "chosen")]);
    assert_eq!(lines(&none), 0);
    let run = none.section("run");
    assert!(run.contains("0 of 2") && run.contains("train of train.csv"), "each can be drawn again: {run}");
}

#[test]
fn learning_curves_of_several_runs_stand_in_one_chart() {
    let mut opened = opened();
    let mut several = (*diagnosis(&opened)).clone();
    let curves = Arc::make_mut(&mut several.learning_curves);
    let mut second = curves[0].clone();
    second.curve.name = HOSTILE.into();
    curves.push(second);
    opened.diagnosis = Some(Arc::new(several));
    let both = page(opened.clone());
    let section = both.section("curves");
    for expected in
        ["Drawn in one chart: 2 of 2", "val_loss per epoch, run by run", "val_accuracy per epoch, run by run"]
    {
        assert!(section.contains(expected), "{expected}: {section}");
    }
    assert!(both.0.contains("figures/learning_curves.svg?curves=all"), "{}", both.0);
    let one = asking(opened, &[("curves", "chosen"), ("curves", "learning_curve.csv")]).section("curves");
    assert!(one.contains("Drawn in one chart: 1 of 2"), "{one}");
}

#[test]
fn equal_runs_have_one_column_with_both_names() {
    let mut opened = opened();
    let mut doubled = (*diagnosis(&opened)).clone();
    let runs = Arc::make_mut(&mut doubled.evaluations);
    runs.truncate(1);
    runs.push(EvaluationRun { name: "copy.csv".into(), ..runs[0].clone() });
    opened.diagnosis = Some(Arc::new(doubled));
    let runs = page(opened).section("runs");
    assert!(runs.contains("also copy.csv") && !runs.contains("Difference"), "{runs}");
}

#[test]
fn a_run_of_several_classes_has_its_matrix_with_controls_and_its_most_confused_pairs() {
    let mut opened = opened();
    let mut several = (*diagnosis(&opened)).clone();
    let runs = Arc::make_mut(&mut several.evaluations);
    runs.truncate(1);
    let run = &mut runs[0];
    (run.task, run.scores, run.positive) = (Task::Multiclass, None, None);
    run.confusion_matrix = Some(ConfusionMatrix {
        labels: ["cat", "dog", HOSTILE].map(str::to_owned).to_vec(),
        counts: vec![vec![5, 2, 0], vec![9, 4, 0], vec![0, 1, 6]],
    });
    opened.diagnosis = Some(Arc::new(several));
    let page = page(opened);
    let run = page.section("run");
    for expected in [
        "dogcat969.2 %",
        "these pairs are 100 % of the 12 wrong predictions",
        "% of predicted",
        "Most confused first",
        HOSTILE,
    ] {
        assert!(run.contains(expected), "{expected}: {run}");
    }
    assert!(page.0.contains("where=run~") && page.0.contains("cells=rows"), "cells and controls are links");
}

/// A regression of 200 rows, predicted too high, with quantiles that are too narrow.
fn amounts() -> Opened {
    let truth: Vec<f64> = (0..200).map(f64::from).collect();
    let away = |far: f64| -> Vec<f64> { truth.iter().map(|label| label + far * (label % 7.0 - 2.0)).collect() };
    let (predicted, low, high) = (away(1.0), away(-0.2), away(0.4));
    let mut run = EvaluationRun::of_regression("prices.csv", Split::Test, &truth, &predicted);
    let columns = [(0.1, "q10", &low), (0.9, "q90", &high)];
    let columns = columns.map(|(level, name, values)| QuantileColumn { name, level, values });
    run.regression.as_mut().unwrap().quantiles = QuantileCalibration::of(&truth, &columns);
    let mut opened = opened();
    let mut with_run = (*diagnosis(&opened)).clone();
    with_run.evaluations = Arc::new(vec![run]);
    opened.diagnosis = Some(Arc::new(with_run));
    opened
}

#[test]
fn a_bias_beyond_chance_and_quantiles_that_are_too_narrow_are_said() {
    let page = page(amounts());
    let run = page.section("run");
    assert!(run.contains("too high on average (95 % interval"), "{run}");
    let quantiles = page.section("quantiles");
    for expected in [
        "The 80 % interval (q10 to q90) holds",
        "it is too narrow. Its mean width is",
        "mean_pinball_loss",
        "too narrow",
    ] {
        assert!(quantiles.contains(expected), "{expected}: {quantiles}");
    }
    assert!(page.0.contains("figures/quantile_calibration.svg"), "the chart has its files");
}

#[test]
fn rows_of_a_regression_are_marked_by_true_and_predicted_value_without_a_script() {
    let typed = [
        ("run", "prices.csv"),
        ("split", "test"),
        ("true_from", "10"),
        ("true_to", "1,000"),
        ("predicted_from", ""),
        ("predicted_to", "50"),
    ];
    let asked = |pairs: &[(&'static str, &str)]| {
        Asked::from_query(&pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect::<ParamsMap>())
    };
    let selection = asked(&typed).selection.unwrap();
    assert_eq!(
        selection.to_text(),
        "run~prices.csv~test;r.label~r~1e1~1e3~i;r.prediction~r~-1.7976931348623157e308~5e1~i"
    );
    assert_eq!(asked(&typed[..2]).selection, None);
    let page = page(amounts());
    assert!(page.0.contains("name=\"true_from\"") && page.0.contains("name=\"predicted_to\""), "{}", page.0);
    assert!(
        page.0.contains("id=\"scatter\"") && page.0.contains("role=\"slider\""),
        "the chart takes pointer and keyboard"
    );
}

#[test]
fn without_a_run_it_says_what_to_add() {
    let mut opened = opened();
    let mut without = (*diagnosis(&opened)).clone();
    without.evaluations = Arc::default();
    without.learning_curves = Arc::default();
    opened.diagnosis = Some(Arc::new(without));
    assert!(page(opened).texts_of("notice")[0].contains("No evaluation run yet."));
}

#[test]
fn names_from_strangers_are_text() {
    let mut opened = opened();
    let mut renamed = (*diagnosis(&opened)).clone();
    let runs = Arc::make_mut(&mut renamed.evaluations);
    runs[0].name = HOSTILE.into();
    runs[0].split = HOSTILE.into();
    opened.diagnosis = Some(Arc::new(renamed));
    assert!(page(opened).section("runs").contains(HOSTILE));
}
