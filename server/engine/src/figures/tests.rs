//! Every chart in every kind of file, from one diagnosis that has them all.

use std::sync::Arc;

use domain::comparison::{CategoryChart, ChartData, NumericChart, Side, TimeChunk};
use domain::diagnosis::{LayerResult, ReadCurve};
use domain::evaluation::{
    CalibrationBin, ConfusionMatrix, ErrorGroup, Metric, QuantileCalibration, QuantileColumn, ScoreTable, SegmentError,
    Split,
};
use domain::fall::{FallWindow, Mechanism, Part, PartInWindow, Points, Share, ShareOf, SplitMetric};
use domain::learning_curve::{CurveMeasure, CurveReading, CurveSeries, CurveSplit, CurveState, LearningCurve};
use domain::over_time::{BandKind, ColumnStrip, StripWindow, TimePoint, TimeSeries, Unit};
use domain::plot::scene::{Asked, CHARTS, Chart, Scene};
use domain::selection::{Condition, Test};
use domain::snapshot::{ColumnKind, ColumnRole};
use domain::{Comparison, Diagnosis, EvaluationRun, Fall, Layer, OverTime, Verdict};

use super::layout::Layout;
use super::*;

/// A name that would be markup, a formula and an impossible character, if it could.
const EVIL: &str = "=</text><script>alert(1)</script>\u{1}\u{FFFE}";

fn comparison(column: &str, kind: ColumnKind, chart: ChartData) -> Comparison {
    Comparison {
        column: column.to_owned(),
        kind,
        role: ColumnRole::Feature,
        n: [(Side::Train, 100), (Side::Serve, 90)].into(),
        nulls: Default::default(),
        effects: Default::default(),
        p: None,
        q: None,
        chart: Some(chart),
    }
}

fn numeric() -> ChartData {
    let quantiles = |shift: f64| (0..=100).map(|at| f64::from(at) * 0.4 + shift).collect();
    let chunk = |side, from_ms: i64, median: f64| TimeChunk {
        side,
        from_ms,
        to_ms: from_ms + 86_400_000,
        n: 50,
        nulls: 0,
        q25: median - 1.0,
        median,
        q75: median + 1.0,
    };
    ChartData::Numeric(NumericChart {
        edges: vec![0.0, 10.0, 20.0, 30.0, 40.0],
        reference: vec![10, 60, 25, 5],
        current: vec![0, 10, 30, 50],
        log: None,
        reference_quantiles: quantiles(0.0),
        current_quantiles: quantiles(5.0),
        over_time: vec![chunk(Side::Train, 0, 12.0), chunk(Side::Serve, 86_400_000, 27.0)],
    })
}

fn run() -> EvaluationRun {
    let mut run = EvaluationRun::of_regression("preds.csv", "test", &[1.0, 2.0, 3.0], &[1.2, 1.9, 4.0]);
    run.positive = Some(EVIL.to_owned());
    let metric = |value: f64| Metric { value, low: Some(value - 0.2), high: Some(value + 0.2) };
    let group =
        |low: f64| ErrorGroup { low, high: low + 86_400_000.0, n: 30, bias: metric(low / 1e8), mae: metric(1.0) };
    let condition = Condition::on_column(EVIL, Test::Missing);
    if let Some(chart) = &mut run.regression {
        (chart.by_prediction, chart.by_time) = (vec![group(0.0), group(1e8)], vec![group(0.0), group(1e8), group(2e8)]);
        let quantile = QuantileColumn { name: EVIL, level: 0.9, values: &[1.5, 2.5, 2.5] };
        chart.quantiles = QuantileCalibration::of(&[1.0, 2.0, 3.0], &[quantile]);
        chart.by_segment = vec![SegmentError {
            description: EVIL.to_owned(),
            condition,
            n: 30,
            bias: metric(0.7),
            mae: metric(1.0),
            q: 0.001,
        }];
    }
    run.confusion_matrix =
        Some(ConfusionMatrix { labels: vec!["No".into(), EVIL.into()], counts: vec![vec![50, 5], vec![10, 35]] });
    run.scores = Some(ScoreTable {
        positives: 3,
        negatives: 3,
        thresholds: vec![0.9, 0.7, 0.4, 0.2],
        true_positives: vec![1, 2, 3, 3],
        false_positives: vec![0, 1, 1, 3],
        score_min: 0.2,
        score_max: 0.9,
        histogram_positive: vec![1, 2],
        histogram_negative: vec![2, 1],
        exact: true,
    });
    run.calibration =
        vec![CalibrationBin { low: 0.0, high: 0.5, n: 40, mean_score: 0.2, rate: 0.3, rate_low: 0.2, rate_high: 0.4 }];
    run
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
            name: EVIL.to_owned(),
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

fn series() -> TimeSeries {
    let point = |day: i64, value: f64| TimePoint {
        from_ms: day * 86_400_000,
        to_ms: (day + 1) * 86_400_000,
        rows: 100,
        value,
        low: Some(value - 0.02),
        high: Some(value + 0.02),
    };
    TimeSeries {
        id: EVIL.to_owned(),
        name: EVIL.to_owned(),
        unit: Unit::Share,
        band: BandKind::Interval95,
        items: Vec::new(),
        columns: Vec::new(),
        findings: Vec::new(),
        before: vec![point(1, 0.9), point(2, 0.91)],
        served: vec![point(4, 0.9), point(5, 0.7)],
        reference: None,
        rules: Vec::new(),
        limit: None,
        since: Some(domain::Since::onset(5 * 86_400_000, 6 * 86_400_000)),
    }
}

fn strip() -> ColumnStrip {
    let window = |day: i64, distance: f64| StripWindow {
        from_ms: day * 86_400_000,
        to_ms: (day + 1) * 86_400_000,
        rows: 100,
        distance,
    };
    ColumnStrip {
        column: EVIL.to_owned(),
        distance: "KS statistic beyond chance".to_owned(),
        limit: 0.2,
        before: vec![window(1, 0.02), window(2, 0.1)],
        served: vec![window(4, 0.1), window(5, 0.7)],
    }
}

fn diagnosis() -> Diagnosis {
    let categories = CategoryChart { labels: vec![EVIL.to_owned()], reference: vec![3], current: vec![4] };
    Diagnosis {
        version: domain::diagnosis::VERSION,
        tool: "mismatch test".to_owned(),
        inputs: vec![],
        roles: Default::default(),
        layers: vec![LayerResult { layer: Layer::Data, verdict: Verdict::Mismatch, unmuted: None, items: Vec::new() }],
        comparisons: Arc::new(vec![
            comparison("income", ColumnKind::Numeric, numeric()),
            comparison(EVIL, ColumnKind::Categorical, ChartData::Categories(categories)),
        ]),
        evaluations: Arc::new(vec![run()]),
        learning_curves: Arc::new(vec![curve()]),
        over_time: Arc::new(OverTime { series: vec![series()], columns: vec![strip()], ..OverTime::default() }),
        findings: vec![],
        suspects: vec![],
        coverage: Default::default(),
        mutes: Vec::new(),
        muted_suspects: Vec::new(),
        decisions: Vec::new(),
        ruled_out_suspects: Vec::new(),
        against: None,
        running: Arc::default(),
        told: Vec::new(),
        guard: Arc::default(),
        fall: Some(fall()),
        readings: Vec::new(),
    }
}

/// From 85 % to 79 %, because different rows arrive.
fn fall() -> Fall {
    let points = |points: f64| Points { points, low: points - 0.4, high: points + 0.4 };
    Fall {
        metric: SplitMetric::Accuracy,
        compared_with: Split::Test,
        before: Some(0.85),
        after: Some(0.79),
        fall: Some(points(6.0)),
        parts: vec![Part {
            mechanism: Mechanism::Mix,
            points: points(5.5),
            by: vec![Share { of: ShareOf::Column { name: EVIL.to_owned() }, points: points(5.0) }],
        }],
        unexplained: Some(points(0.5)),
        recovered: None,
        undone: None,
        repaired: Vec::new(),
        left_out: vec![EVIL.to_owned()],
        over_time: (0..4).map(fallen_day).collect(),
        changed: None,
        slices: None,
        refusals: Vec::new(),
    }
}

fn fallen_day(day: i64) -> FallWindow {
    let points = if day < 2 { -0.5 } else { 11.5 };
    FallWindow {
        from_ms: day * 86_400_000,
        to_ms: (day + 1) * 86_400_000,
        rows: 500,
        fall: Points { points, low: points - 2.0, high: points + 2.0 },
        parts: vec![PartInWindow { mechanism: Mechanism::Mix, points }],
    }
}

fn asked(pairs: &[(&str, &str)]) -> Asked {
    Asked::from_query(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
}

/// Every chart, and the column in every view.
fn scenes() -> Vec<Scene> {
    let diagnosis = diagnosis();
    let draw = |chart: &Chart, pairs: &[(&str, &str)]| {
        (chart.draw)(&diagnosis, &asked(pairs)).unwrap_or_else(|problem| panic!("{}: {}", chart.id, problem.message))
    };
    let column = Chart::from_id("column").expect("it is one of them");
    let views = ["ecdf", "qq", "time"].map(|view| draw(column, &[("column", "income"), ("view", view)]));
    let categories = draw(column, &[("column", EVIL)]);
    let all = CHARTS.iter().map(|chart| draw(chart, &[("column", "income"), ("threshold", "0.5")]));
    all.chain(views).chain([categories]).collect()
}

#[test]
fn every_chart_is_a_well_formed_svg_file_in_plain_colours() {
    for scene in scenes() {
        let svg = svg(&scene).expect("it can be drawn");
        assert_eq!(svg.matches("<svg ").count(), 1, "{}", scene.title);
        assert!(svg.trim_end().ends_with("</svg>"));
        assert!(!svg.contains("NaN") && !svg.contains("var("), "{}", scene.title);
        assert!(!svg.contains("<script") && !svg.contains(['\u{1}', '\u{FFFE}']), "{}", scene.title);
        let title = svg.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).expect("a title");
        assert!(title.0.contains(&domain::markup::escaped(&scene.title)), "{}", title.0);
    }
}

/// Width, height, and red, green and blue of every dot.
fn decoded(file: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = ::png::Decoder::new(std::io::Cursor::new(file)).read_info().expect("a PNG file");
    let mut dots = vec![0; reader.output_buffer_size().expect("it has a size")];
    let info = reader.next_frame(&mut dots).expect("a picture");
    (info.width, info.height, dots)
}

#[test]
fn every_chart_is_a_png_file_of_the_same_proportions_with_its_marks_in_it() {
    for scene in scenes() {
        let (width, height, dots) = decoded(&png(&scene).expect("it can be drawn"));
        let svg = svg(&scene).expect("it can be drawn");
        assert!(svg.contains(&format!("width=\"{}\" height=\"{}\"", width / 2, height / 2)), "{}", scene.title);
        let colours: std::collections::BTreeSet<[u8; 3]> =
            dots.chunks_exact(3).map(|dot| [dot[0], dot[1], dot[2]]).collect();
        assert!(colours.len() > 20, "{}: {} colours", scene.title, colours.len());
        assert_eq!(dots[..3], [255, 255, 255], "paper in the corner");
    }
}

#[test]
fn both_files_show_train_in_blue_and_serve_in_orange() {
    let scene = scenes().into_iter().next().expect("the histogram");
    let svg = svg(&scene).expect("it can be drawn");
    let (_, _, dots) = decoded(&png(&scene).expect("it can be drawn"));
    for colour in [domain::plot::palette::TRAIN, domain::plot::palette::SERVE] {
        assert!(svg.to_lowercase().contains(colour.light), "{}", colour.name);
        let is = dots.chunks_exact(3).filter(|dot| **dot == colour.rgb()).count();
        assert!(is > 200, "{} dots of {}", is, colour.name);
    }
}

#[test]
fn on_a_page_every_colour_follows_the_theme() {
    for scene in scenes() {
        let svg = svg_in_page(&scene).expect("it can be drawn");
        for part in ["fill", "stroke"] {
            assert!(!svg.contains(&format!(" {part}=\"#")), "{}: a colour that stays", scene.title);
        }
        assert!(svg.contains(" fill=\"var(--surface, #ffffff)\""), "{}", scene.title);
    }
    for (place, colour) in COLOURS.iter().enumerate() {
        let same = COLOURS[..place].iter().find(|earlier| earlier.light == colour.light);
        assert!(same.is_none_or(|same| same.dark == colour.dark), "{}", colour.name);
    }
}

#[test]
fn a_csv_file_has_the_whole_table_and_no_formula() {
    let diagnosis = diagnosis();
    let of = |id: &str, pairs: &[(&str, &str)]| {
        let chart = Chart::from_id(id).expect("it is one of them");
        csv(&(chart.draw)(&diagnosis, &asked(pairs)).expect("it has the data").table)
    };
    assert_eq!(of("column", &[("column", "income")]).lines().nth(1), Some("0,10,10,0"));
    assert!(of("column", &[("column", EVIL)]).contains("'=</text>"), "the name of a category");
    assert!(of("learning_curve", &[]).ends_with("4,0.3,\r\n"));
    assert!(
        of("roc", &[]).starts_with("threshold,true_positives,false_positives,false_negatives,true_negatives,recall")
    );
    assert!(of("confusion", &[]).starts_with("true,No,'="));
    assert_eq!(of("calibration", &[]).lines().next(), Some("low,high,mean_score,rate,rate_low,rate_high,rows"));
}

#[test]
fn every_run_of_a_chart_is_named_in_the_file() {
    let mut diagnosis = diagnosis();
    let copies = ["train", "serve", "val"].map(|split| EvaluationRun { split: split.into(), ..run() });
    Arc::make_mut(&mut diagnosis.evaluations).extend(copies);
    let roc = Chart::from_id("roc").expect("it is one of them");
    let drawn = |drawn: &str| {
        let asked = asked(&[("run", "preds.csv"), ("split", "test"), ("drawn", drawn)]);
        let scene = (roc.draw)(&diagnosis, &asked).expect("it has scores");
        (Layout::of(&scene).expect("it has room").height, svg(&scene).expect("it can be drawn"))
    };
    let ((low, alone), (high, all)) = (drawn("chosen"), drawn("all"));
    for said in ["train: area", "serve: area", "val: area"] {
        assert!(!alone.contains(said) && all.contains(said), "{said}");
    }
    assert!(high >= low + 4.0 * Layout::LINE, "each run has a line of its own above the plot");
    assert!(all.to_lowercase().contains(domain::plot::palette::RUNS[0].light), "the validation rows");
}

#[test]
fn what_is_missing_is_said() {
    let diagnosis = diagnosis();
    let column = Chart::from_id("column").expect("it is one of them");
    let problem =
        |pairs: &[(&str, &str)]| (column.draw)(&diagnosis, &asked(pairs)).expect_err("it is not there").message;
    assert!(problem(&[("column", "age")]).contains("age"));
    assert!(problem(&[]).contains("Name it in the address"));
    assert_eq!(Chart::from_id("king").map(|chart| chart.id), None);
}

#[test]
fn a_matrix_that_nobody_can_read_is_refused_with_a_sentence() {
    let matrix = ConfusionMatrix { labels: vec!["x".to_owned(); 80], counts: vec![vec![1; 80]; 80] };
    let scene = domain::plot::scene::confusion::scene(&matrix, Default::default());
    assert!(svg(&scene).is_err_and(|problem| problem.message.contains("80 classes")));
    assert!(png(&scene).is_err());
    assert_eq!(csv(&scene.table).lines().count(), 81);
}
