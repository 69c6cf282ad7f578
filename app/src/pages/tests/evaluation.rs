//! The evaluation.

use std::sync::Arc;

use domain::number;
use leptos_router::params::ParamsMap;

use super::super::evaluation::asked::Asked;
use super::super::evaluation::{Evaluation, EvaluationProps};
use super::{HOSTILE, Html, diagnosis, opened, rendered};
use crate::api::investigations::Opened;

fn page(opened: Opened) -> Html {
    rendered(|| Evaluation(EvaluationProps { opened, asked: Asked::from_query(&ParamsMap::new()) }))
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
