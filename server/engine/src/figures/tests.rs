//! Snapshots of every figure, and the things a snapshot would not show.

use std::sync::Arc;

use domain::comparison::{CategoryChart, ChartData, LogBins, NumericChart};
use domain::diagnosis::ReadCurve;
use domain::evaluation::{CalibrationBin, ConfusionMatrix, Metric, ScoreTable};
use domain::learning_curve::{CurveMeasure, CurveReading, CurveSeries, CurveSplit, CurveState, LearningCurve};
use domain::snapshot::{ColumnKind, ColumnRole};
use domain::{Comparison, Diagnosis};

use super::*;

fn numeric() -> NumericChart {
    NumericChart {
        edges: vec![0.0, 10.0, 20.0, 30.0, 40.0],
        reference: vec![10, 60, 25, 5],
        current: vec![0, 10, 40, 50],
        log: None,
        reference_quantiles: vec![],
        current_quantiles: vec![],
        over_time: vec![],
    }
}

fn scores() -> ScoreTable {
    ScoreTable {
        positives: 3,
        negatives: 3,
        thresholds: vec![0.9, 0.7, 0.4, 0.2],
        true_positives: vec![1, 2, 3, 3],
        false_positives: vec![0, 1, 1, 3],
        score_min: 0.2,
        score_max: 0.9,
        histogram_positive: vec![],
        histogram_negative: vec![],
        exact: true,
    }
}

fn curve() -> ReadCurve {
    let series = |name: &str, split, values: &[f64]| CurveSeries {
        name: name.to_owned(),
        split,
        measure: CurveMeasure::Loss,
        values: values.iter().map(|value| value.is_finite().then_some(*value)).collect(),
        first_non_finite: values.iter().position(|value| !value.is_finite()),
    };
    ReadCurve {
        curve: LearningCurve {
            name: "run-7".to_owned(),
            epochs: vec![1.0, 2.0, 3.0, 4.0],
            series: vec![
                series("loss", CurveSplit::Train, &[1.0, 0.6, 0.4, 0.3]),
                series("val_loss", CurveSplit::Validation, &[1.1, 0.8, 0.9, f64::NAN]),
            ],
            learning_rate: None,
        },
        readings: vec![CurveReading {
            state: CurveState::Overfitting,
            from_epoch: Some(3.0),
            best_epoch: Some(2.0),
            amount: 0.1,
            statement: "Validation loss rises from epoch 3.".to_owned(),
        }],
    }
}

fn svg(figure: Result<Figure, Problem>) -> String {
    figure.map_or_else(|problem| problem.message, |figure| figure.svg)
}

#[test]
fn a_histogram_of_both_sides() {
    let figure = histogram_pair("income", ColumnKind::Numeric, &numeric(), [100, 100], &Canvas::PAGE);
    insta::assert_snapshot!(svg(figure));
}

#[test]
fn a_column_over_many_decades_has_a_log_axis() {
    let log = LogBins { edges: vec![1.0, 100.0, 10_000.0], reference: vec![3, 1], current: vec![1, 3] };
    let chart = NumericChart { log: Some(log), ..numeric() };
    insta::assert_snapshot!(svg(histogram_pair("value", ColumnKind::Numeric, &chart, [4, 4], &Canvas::FILE)));
}

#[test]
fn categories_with_a_long_name_keep_their_place() {
    let labels = vec!["a rather long name of a category that goes on".to_owned(), "b".to_owned()];
    let chart = CategoryChart { labels, reference: vec![90, 10], current: vec![40, 60] };
    insta::assert_snapshot!(svg(categories_pair("plan", &chart, &Canvas::PAGE)));
}

#[test]
fn roc_of_a_run() {
    let area = Metric { value: 0.7778, low: None, high: None };
    insta::assert_snapshot!(svg(roc("preds.csv, test", &scores(), Some(area), &Canvas::PAGE)));
}

#[test]
fn calibration_with_intervals() {
    let bin = |low: f64, n, rate: f64| CalibrationBin {
        low,
        high: low + 0.5,
        n,
        mean_score: low + 0.2,
        rate,
        rate_low: rate - 0.1,
        rate_high: rate + 0.1,
    };
    let bins = [bin(0.0, 40, 0.3), bin(0.5, 60, 0.6)];
    insta::assert_snapshot!(svg(calibration("preds.csv, test", &bins, &Canvas::PAGE)));
}

#[test]
fn a_confusion_matrix() {
    let matrix = ConfusionMatrix { labels: vec!["No".into(), "Yes".into()], counts: vec![vec![50, 5], vec![10, 35]] };
    insta::assert_snapshot!(svg(confusion("preds.csv, test", &matrix, &Canvas::PAGE)));
}

#[test]
fn a_learning_curve_with_its_readings() {
    insta::assert_snapshot!(svg(learning_curve(&curve(), &Canvas::PAGE)));
}

#[test]
fn names_from_files_cannot_add_elements_or_break_the_document() {
    let evil = "</text><script>alert(1)</script>\u{1}\u{FFFE}";
    let chart = CategoryChart { labels: vec![evil.to_owned()], reference: vec![1], current: vec![1] };
    let svg = svg(categories_pair(evil, &chart, &Canvas::FILE));
    assert!(!svg.contains("<script"), "{svg}");
    assert!(!svg.contains(['\u{1}', '\u{FFFE}']), "{svg}");
    assert_eq!(svg.matches("</svg>").count(), 1);
}

#[test]
fn no_marker_colour_is_left_in_any_dress() {
    for canvas in [Canvas::PAGE, Canvas::FILE] {
        let svg = svg(learning_curve(&curve(), &canvas));
        assert!(!svg.contains("#FE01"), "{svg}");
    }
}

fn diagnosis() -> Diagnosis {
    let comparison = Comparison {
        column: "=income".to_owned(),
        kind: ColumnKind::Categorical,
        role: ColumnRole::Feature,
        n: Default::default(),
        nulls: Default::default(),
        effects: Default::default(),
        p: None,
        q: None,
        chart: Some(ChartData::Categories(CategoryChart {
            labels: vec!["=1+1".to_owned()],
            reference: vec![3],
            current: vec![4],
        })),
    };
    Diagnosis {
        version: domain::diagnosis::VERSION,
        tool: "mismatch test".to_owned(),
        inputs: vec![],
        roles: Default::default(),
        layers: vec![],
        comparisons: Arc::new(vec![comparison]),
        evaluations: Arc::default(),
        learning_curves: Arc::new(vec![curve()]),
        findings: vec![],
        suspects: vec![],
        coverage: Default::default(),
        mutes: Vec::new(),
        muted_suspects: Vec::new(),
    }
}

fn request(name: FigureName, column: Option<&str>) -> FigureRequest {
    FigureRequest { name, column: column.map(str::to_owned), run: None, split: None }
}

#[test]
fn a_request_finds_its_data_and_says_what_is_missing() {
    let diagnosis = diagnosis();
    let csv = request(FigureName::Column, Some("=income")).csv(&diagnosis);
    assert_eq!(csv, Ok("value,train,serve\r\n'=1+1,3,4\r\n".to_owned()));
    let csv = request(FigureName::LearningCurve, None).csv(&diagnosis);
    assert!(csv.is_ok_and(|csv| csv.ends_with("4,0.3,\r\n")));
    let absent = request(FigureName::Column, Some("age")).figure(&diagnosis, &Canvas::FILE);
    assert!(absent.is_err_and(|problem| problem.message.contains("age")));
    let absent = request(FigureName::Roc, None).csv(&diagnosis);
    assert_eq!(absent.map_err(|problem| problem.kind), Err(domain::ProblemKind::NotFound));
}
