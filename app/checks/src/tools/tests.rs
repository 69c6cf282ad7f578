//! Checks of other tools on the map, alone and beside what the rows say.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use domain::constraint::{Constraint, Rule};
use domain::observation::Stage;
use domain::tool_check::Source;
use domain::tool_facts::{DataDigest, Importance, ReportedMetric, Setting, Signature, ToolFacts};

use super::*;
use crate::detectors::testing;
use crate::judge::judge;

fn source(file: &str) -> Source {
    Source { file: file.to_owned(), ..Source::of("Evidently", Some("0.7.23"), "metrics[2]") }
}

fn drift(column: &str, value: f64, outcome: CheckOutcome) -> ToolCheck {
    ToolCheck::new(source("report.json"), "ValueDrift", CheckSubject::Drift, vec![column.to_owned()], outcome)
        .with_measured("Wasserstein distance (normed)", value, Some(0.1))
}

fn with(facts: ToolFacts) -> Measurements {
    Measurements { tool_facts: facts, ..Measurements::default() }
}

fn checks_alone(checks: Vec<ToolCheck>) -> Measurements {
    with(ToolFacts { checks, ..ToolFacts::default() })
}

/// Train and serve of one column of amounts that the second has `factor` times as large.
fn amounts(factor: f64) -> Measurements {
    let column = |factor: f64| testing::numbers((0..400).map(|row| f64::from(row % 97) * factor + 1.0));
    let table = |factor: f64| vec![("amount", column(factor)), ("other", column(1.0))];
    testing::measured(&table(1.0), &table(factor))
}

#[test]
fn without_another_tool_nothing_is_left_out() {
    let (layers, _) = judge(&amounts(1.0));
    let ids = layers.iter().flat_map(|layer| &layer.items).flat_map(|item| &item.detectors);
    assert_eq!(ids.filter(|result| is_of_tools(&result.detector)).count(), 0);
}

#[test]
fn alone_a_failed_check_is_a_mismatch_on_the_item_of_its_subject_and_a_warning_is_possible() {
    let measurements = checks_alone(vec![
        drift("amount", 2.1, CheckOutcome::Failed),
        drift("other", 0.2, CheckOutcome::Warned),
        drift("third", 0.0, CheckOutcome::Passed),
    ]);
    let (layers, findings) = judge(&measurements);
    let statements: Vec<_> =
        findings.iter().map(|finding| (finding.item, finding.verdict, finding.statement.as_str())).collect();
    assert_eq!(
        statements,
        [
            (
                Item::D1,
                Verdict::Mismatch,
                "Evidently reports drift in amount: Wasserstein distance (normed) 2.1, limit 0.1."
            ),
            (
                Item::D1,
                Verdict::Possible,
                "Evidently reports drift in other: Wasserstein distance (normed) 0.2, limit 0.1."
            ),
        ]
    );
    let of_d1 = layers.iter().flat_map(|layer| &layer.items).find(|item| item.item == Item::D1).unwrap();
    let said = of_d1.detectors.iter().find(|result| is_of_tools(&result.detector)).unwrap();
    assert_eq!(said.summary, "Evidently 0.7.23: 3 checks, 1 failed, 1 warned.");
    assert!(findings[0].evidence.iter().any(|line| line.value == "Evidently 0.7.23, report.json, metrics[2]"));
}

#[test]
fn what_the_rows_show_too_is_evidence_there_and_what_they_do_not_show_is_said_with_both_figures() {
    let drifted = Measurements {
        tool_facts: checks_alone(vec![drift("amount", 2.1, CheckOutcome::Failed)]).tool_facts,
        ..amounts(40.0)
    };
    let (_, findings) = judge(&drifted);
    assert!(findings.iter().all(|finding| !is_of_tools(&finding.detector)), "{findings:?}");
    let own = findings.iter().find(|finding| finding.columns == ["amount"]).unwrap();
    let line = own.evidence.iter().find(|line| line.label.starts_with("Evidently")).unwrap();
    assert_eq!(line.value, "agrees: drift, Wasserstein distance (normed) 2.1, limit 0.1");

    let still = Measurements { tool_facts: drifted.tool_facts, ..amounts(1.0) };
    let (_, findings) = judge(&still);
    let told = findings.iter().find(|finding| is_of_tools(&finding.detector)).unwrap();
    assert_eq!(told.verdict, Verdict::Possible);
    assert!(
        told.statement.ends_with("limit 0.1, but train and serve here have a KS statistic of 0, limit 0.1."),
        "{}",
        told.statement
    );
}

#[test]
fn a_passed_check_stands_against_a_finding_of_the_same_question() {
    let facts = checks_alone(vec![drift("amount", 0.01, CheckOutcome::Passed)]).tool_facts;
    let (_, findings) = judge(&Measurements { tool_facts: facts, ..amounts(40.0) });
    let lines = findings
        .iter()
        .filter(|finding| finding.item == Item::D1 && finding.columns == ["amount"])
        .flat_map(|finding| &finding.evidence);
    assert!(lines.into_iter().any(|line| line.value.starts_with("passes it: drift")));
}

#[test]
fn rules_are_evaluated_on_the_rows_that_are_here() {
    let rule = |column: &str, rule: Rule| Constraint {
        source: source("suite.json"),
        name: "rule".into(),
        column: Some(column.into()),
        rule,
    };
    let constraints = vec![
        rule("amount", Rule::Between { low: Some(0.0), high: Some(100.0), share: 0.99 }),
        rule("other", Rule::Between { low: Some(0.0), high: Some(100.0), share: 0.99 }),
        rule("absent", Rule::Present),
        rule("absent", Rule::Missing { most: 0.0 }),
        rule("other", Rule::Missing { most: 0.0 }),
    ];
    let facts = ToolFacts { constraints, ..ToolFacts::default() };
    let measurements = Measurements { tool_facts: facts, ..amounts(40.0) };
    let outcomes: Vec<_> = checks(&measurements).iter().map(|check| check.outcome).collect();
    use CheckOutcome::{Failed, NotRun, Passed};
    assert_eq!(outcomes, [Failed, Passed, Failed, NotRun, Passed]);
    // Without a table there is nothing to evaluate them on.
    assert!(checks(&with(measurements.tool_facts)).is_empty());
}

#[test]
fn facts_of_two_files_that_should_agree_are_compared() {
    let setting = |file: &str, stage, name: &str, value: &str| Setting {
        source: source(file),
        stage,
        name: name.into(),
        value: value.into(),
    };
    let digest = |file: &str, digest: &str| DataDigest {
        source: source(file),
        name: "data/train.csv".into(),
        stage: None,
        digest: Some(digest.into()),
        bytes: None,
        rows: None,
    };
    let metric = |version: &str, is_deployed, value| ReportedMetric {
        source: source("m.json"),
        model: Some("loan".into()),
        version: Some(version.into()),
        is_deployed,
        metric: "test_accuracy".into(),
        value,
        at_ms: None,
    };
    let signature = |version: &str, is_deployed, inputs: &[&str]| Signature {
        source: source("m.json"),
        model: Some("loan".into()),
        version: Some(version.into()),
        is_deployed,
        inputs: inputs.iter().map(|input| ((*input).to_owned(), None)).collect(),
    };
    let importance = |stage, a: f64| Importance {
        source: source("s.json"),
        stage: Some(stage),
        method: "mean |SHAP value|".into(),
        rows: None,
        by_feature: vec![("a".into(), a), ("b".into(), 1.0 - a)],
        by_place: Vec::new(),
        named_by: None,
    };
    let facts = ToolFacts {
        settings: vec![
            setting("dvc.lock", Some(Stage::Evaluation), "evaluate.threshold", "0.50"),
            setting("deployments.json", Some(Stage::Serving), "threshold", "0.6"),
            setting("a.json", Some(Stage::Training), "batch_size", "32"),
            setting("b.json", Some(Stage::Training), "batch_size", "64"),
        ],
        digests: vec![
            digest("dvc.lock", "md5:aa"),
            digest("train.csv.dvc", "md5:bb"),
            digest("other.dvc", "sha256:cc"),
        ],
        metrics: vec![metric("2", Some(false), 0.94), metric("3", Some(true), 0.91)],
        signatures: vec![signature("2", Some(false), &["a", "b"]), signature("3", Some(true), &["a"])],
        importances: vec![importance(Stage::Training, 0.5), importance(Stage::Serving, 0.8)],
        ..ToolFacts::default()
    };
    let said: Vec<_> =
        compared::all(&facts, &[]).into_iter().map(|check| (check.about, check.observed.unwrap())).collect();
    let subjects: Vec<_> = said.iter().map(|(about, _)| *about).collect();
    use CheckSubject::{DataVersion, FeatureImportance, ModelVersion, Performance, Threshold};
    assert_eq!(subjects, [Threshold, DataVersion, ModelVersion, Performance, FeatureImportance, FeatureImportance]);
    assert_eq!(said[0].1, "0.50 in dvc.lock (evaluation), and 0.6 in deployments.json (serving)");
    assert_eq!(said[2].1, "the version that serves (3) takes no b, which version 2 takes");
    assert_eq!(said[3].1, "test_accuracy 0.91 of the version that serves (3), 0.94 of 2");
    let same = ToolFacts {
        settings: vec![setting("a", None, "threshold", "0.5"), setting("b", None, "x.threshold", "0.50")],
        ..ToolFacts::default()
    };
    assert!(compared::all(&same, &[]).is_empty());
}

#[test]
fn importances_without_names_are_compared_under_the_names_of_the_columns_of_train() {
    let importance = |stage, file: &str, by_place: [f64; 2]| Importance {
        source: source(file),
        stage: Some(stage),
        method: "mean |SHAP value|".into(),
        rows: Some(400),
        by_feature: Vec::new(),
        by_place: by_place.map(Some).to_vec(),
        named_by: None,
    };
    let importances = vec![
        importance(Stage::Training, "shap_train.npy", [0.5, 0.5]),
        importance(Stage::Serving, "shap_serve.npy", [0.2, 0.8]),
    ];
    let facts = ToolFacts { importances, ..ToolFacts::default() };
    let said: Vec<_> = checks(&Measurements { tool_facts: facts.clone(), ..amounts(1.0) })
        .into_iter()
        .map(|check| (check.columns, check.observed.unwrap()))
        .collect();
    let shares = |before: u32, now: u32| {
        format!(
            "{before} % of all importance in training, {now} % in serving (mean |SHAP value|, named by the columns of train)"
        )
    };
    assert_eq!(said, [(vec!["amount".to_owned()], shares(50, 20)), (vec!["other".to_owned()], shares(50, 80))]);
    // Without names nothing is compared.
    assert!(checks(&with(facts)).is_empty());
}

#[test]
fn a_panel_that_asks_for_what_nothing_exports_is_named_where_all_exports_are_known() {
    let panel = |metric: &str| {
        ToolCheck::new(
            source("dashboard.json"),
            "Latency",
            CheckSubject::Dashboard,
            vec![metric.into()],
            CheckOutcome::Passed,
        )
    };
    let metric = |name: &str| ReportedMetric {
        source: Source::of("Prometheus", None, ""),
        model: None,
        version: None,
        is_deployed: None,
        metric: name.into(),
        value: 1.0,
        at_ms: None,
    };
    let exported = ["p95(latency_seconds)", "rate(requests_total)", "a", "b", "c"];
    let facts = |exported: &[&str]| ToolFacts {
        checks: vec![
            panel("latency_seconds_bucket"),
            panel("inference_seconds_bucket"),
            panel("job:requests:rate5m"),
            panel("container_memory_working_set_bytes"),
        ],
        metrics: exported.iter().map(|name| metric(name)).collect(),
        ..ToolFacts::default()
    };
    let said: Vec<_> = compared::all(&facts(&exported), &[]).into_iter().map(|check| check.columns).collect();
    assert_eq!(said, [["inference_seconds".to_owned()]]);
    assert!(compared::all(&facts(&exported[..2]), &[]).is_empty());
}

#[test]
fn the_side_on_which_a_figure_is_worse_decides_how_far_it_is_beyond_its_limit() {
    let of = |value: f64, limit: Option<f64>, worse: Option<Worse>| {
        beyond(&Measured { name: "figure".to_owned(), value, limit, worse })
    };
    // A p-value: the smaller the worse.
    assert_eq!(of(0.0, Some(0.05), Some(Worse::Lower)), 10.0);
    assert!((of(0.1, Some(0.05), Some(Worse::Lower)) - 0.5).abs() < 1e-12);
    // A distance, beyond its limit and within.
    assert_eq!((of(0.4, Some(0.1), Some(Worse::Higher)), of(0.05, Some(0.1), Some(Worse::Higher))), (4.0, 0.5));
    // Nothing tells the side.
    assert_eq!((of(0.4, Some(0.1), None), of(0.45, Some(0.9), None)), (4.0, 2.0));
    assert_eq!((of(0.4, None, Some(Worse::Higher)), of(0.4, Some(0.0), None)), (1.0, 1.0));
}
