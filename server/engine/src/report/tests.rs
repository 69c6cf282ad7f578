//! The reports of one made-up diagnosis, whole, with a column name that tries everything.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod people;
mod slices;

use std::collections::BTreeMap;
use std::sync::Arc;

use checks::judge::{coverage, judge};
use domain::comparison::Side;
use domain::diagnosis::{Diagnosis, Input, VERSION};
use domain::evaluation::{EvaluationRun, Metric, Task};
use domain::finding::{Certainty, Effect, Finding};
use domain::measurements::Measurements;
use domain::{Cause, Comparison, DetectorId, Item, Roles, SnapshotRole, Suspect, Verdict};

use super::*;

const NAME: &str = "<b>income</b> | `x` \u{1b}[31m\n*y*";

fn finding() -> Finding {
    let columns = vec![NAME.to_owned()];
    Finding {
        id: Finding::id_of(&DetectorId::new("F2.affine"), &columns),
        detector: DetectorId::new("F2.affine"),
        layer: Item::F2.layer(),
        item: Item::F2,
        verdict: Verdict::Mismatch,
        standing: false,
        statement: format!("`{NAME}` is 1000 times as large in serve."),
        columns,
        effect: Effect { name: "factor".into(), value: 1000.0, threshold: 1.5, low: Some(998.2), high: Some(1001.7) },
        certainty: Certainty::q(1.2e-9),
        n: BTreeMap::from([("train".to_owned(), 1_200), ("serve".to_owned(), 900)]),
        try_next: "Compare the unit on both sides.".into(),
        cause: Some(Cause::UnitScale),
        evidence: Vec::new(),
        since: None,
        rows: None,
        undo: Vec::new(),
        consequence: 2.0,
    }
}

fn diagnosis() -> Diagnosis {
    let (mut layers, _) = judge(&Measurements::default());
    let features = &mut layers[1];
    features.verdict = Verdict::Mismatch;
    features.items[1].verdict = Verdict::Mismatch;
    features.items[1].missing.clear();
    features.items[1].needs.clear();
    for layer in &mut layers {
        for item in &mut layer.items {
            item.detectors.clear();
            if !item.missing.is_empty() {
                item.needs = vec![item.item.needs()];
                item.missing = vec![item.item.needs().words()];
            }
        }
    }
    let finding = finding();
    let suspect = Suspect {
        rank: 1,
        cause: Cause::UnitScale,
        layer: Item::F2.layer(),
        item: Item::F2,
        standing: false,
        columns: finding.columns.clone(),
        statement: finding.statement.clone(),
        score: 0.97,
        findings: vec![finding.id.clone()],
        explains: vec!["another".into()],
        against: vec!["Its nulls did not change.".into()],
        settle: "Look at one row on both sides.".into(),
        since: None,
        rows: None,
        effect: None,
        points: None,
        symptoms: vec!["strange feature values at run time".into()],
    };
    let input = |role, name: &str| Input {
        role,
        name: name.into(),
        rows: 1_200,
        columns: 14,
        sha256: "ab".repeat(32),
        notes: vec!["read as CSV".into()],
    };
    Diagnosis {
        version: VERSION,
        tool: "mismatch 0.0.0".into(),
        inputs: vec![input(SnapshotRole::Train, "a.csv"), input(SnapshotRole::Serve, "<i>b</i>.csv")],
        roles: Roles::default(),
        coverage: coverage(&layers),
        layers,
        comparisons: Arc::new(vec![comparison()]),
        evaluations: Arc::new(vec![run()]),
        learning_curves: Arc::default(),
        over_time: Arc::default(),
        findings: vec![finding],
        suspects: vec![
            suspect.clone(),
            Suspect { rank: 2, cause: Cause::OutOfRange, item: Item::F3, explains: Vec::new(), ..suspect },
        ],
        mutes: Vec::new(),
        muted_suspects: Vec::new(),
        decisions: Vec::new(),
        ruled_out_suspects: Vec::new(),
        against: None,
        running: Arc::default(),
        told: Vec::new(),
        guard: Arc::default(),
        fall: None,
        readings: Vec::new(),
    }
}

fn comparison() -> Comparison {
    let sides = |train, serve| BTreeMap::from([(Side::Train, train), (Side::Serve, serve)]);
    Comparison {
        column: NAME.into(),
        kind: domain::ColumnKind::Numeric,
        role: domain::ColumnRole::Feature,
        n: sides(1_200, 900),
        nulls: sides(0, 3),
        effects: BTreeMap::from([("ks_statistic".to_owned(), 1.0)]),
        p: Some(1e-12),
        q: Some(1.2e-9),
        chart: None,
    }
}

fn run() -> EvaluationRun {
    let metric = Metric { value: 0.91, low: Some(0.9), high: Some(0.92) };
    let mut run = EvaluationRun::of_regression("runs.csv", "test", &[1.0, 2.0, 4.0], &[1.0, 2.0, 3.0]);
    run.task = Task::Regression;
    run.metrics = BTreeMap::from([("r2".to_owned(), metric)]);
    run
}

#[test]
fn text_is_calm_and_ranked() {
    insta::assert_snapshot!(text::render(&diagnosis()));
}

#[test]
fn markdown_is_whole() {
    insta::assert_snapshot!(markdown::render(&(&diagnosis()).into()));
}

#[test]
fn junit_fails_what_the_gate_fails() {
    insta::assert_snapshot!(junit::render(&diagnosis(), Gate::default()));
    assert!(!junit::render(&diagnosis(), Gate::OPEN).contains("<failure"));
}

#[test]
fn sarif_tells_what_is_open_from_what_passed() {
    let said = sarif::render(&diagnosis(), Gate::default()).unwrap();
    insta::assert_snapshot!(said);
    assert!(!sarif::render(&diagnosis(), Gate::OPEN).unwrap().contains("\"error\""));
}

#[test]
fn html_is_one_page_without_script() {
    let page = html::render(&(&diagnosis()).into());
    assert!(!page.contains("<b>income") && !page.contains("<i>b</i>") && !page.contains("<script"));
    insta::assert_snapshot!(page);
}
