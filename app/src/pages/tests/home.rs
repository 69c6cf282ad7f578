//! The start page.

use domain::Verdict;
use domain::investigation::{DiagnosisSummary, InvestigationState, InvestigationSummary};

use super::super::home::{Home, HomeProps};
use super::{HOSTILE, Html, diagnosis, hostile, opened, rendered};
use crate::api::investigations::Opened;

fn page(all: Vec<InvestigationSummary>) -> Html {
    rendered(|| Home(HomeProps { all }))
}

fn summary(opened: &Opened) -> InvestigationSummary {
    let (of, diagnosis) = (opened.investigation.clone(), diagnosis(opened));
    InvestigationSummary {
        verdict: None,
        id: of.id,
        title: of.title,
        model: of.model,
        symptoms: of.symptoms,
        state: of.state,
        created_at_ms: of.created_at_ms,
        updated_at_ms: of.updated_at_ms,
        diagnosis: Some(DiagnosisSummary::of(&diagnosis)),
        job: opened.job.clone(),
    }
}

#[test]
fn an_investigation_stands_with_its_suspect_and_its_layers() {
    let opened = opened();
    let page = page(vec![summary(&opened)]);
    let card = &page.texts_of("investigation")[0];
    assert!(card.contains(&opened.investigation.title), "{card}");
    assert!(card.contains(&diagnosis(&opened).suspects[0].statement), "{card}");
    let strip = &page.texts_of("strip")[0];
    for layer in &diagnosis(&opened).layers {
        assert!(strip.contains(&format!("{}: {}", layer.layer.text().title, layer.verdict.word())), "{strip}");
    }
    assert!(page.section("models").contains(&opened.investigation.model));
}

#[test]
fn each_state_has_its_sentence() {
    let with = |change: fn(&mut InvestigationSummary)| {
        let mut one = summary(&opened());
        change(&mut one);
        page(vec![one]).texts_of("investigation").remove(0)
    };
    let failed = with(|one| {
        let job = one.job.as_mut().unwrap();
        job.state = domain::job::JobState::Failed;
        job.error = Some("The disk is full.".into());
    });
    assert!(failed.contains("The disk is full."), "{failed}");
    let running = with(|one| one.job.as_mut().unwrap().state = domain::job::JobState::Running);
    assert!(running.contains("The checks are running."), "{running}");
    let clear = with(|one| {
        let diagnosis = one.diagnosis.as_mut().unwrap();
        diagnosis.prime_suspect = None;
        diagnosis.layers.iter_mut().for_each(|(_, verdict)| *verdict = Verdict::Clear);
    });
    assert!(clear.contains("What could be checked agrees."), "{clear}");
    let empty = with(|one| (one.job, one.diagnosis) = (None, None));
    assert!(empty.contains("there are no inputs"), "{empty}");
}

#[test]
fn a_newcomer_is_invited_and_closed_ones_stand_apart() {
    assert!(page(Vec::new()).section("begin").contains("No investigations yet"));
    let mut closed = summary(&opened());
    closed.state = InvestigationState::Closed;
    let page = page(vec![closed]);
    assert!(page.section("closed").contains("Accuracy fell six points"), "{}", page.text());
}

#[test]
fn names_from_strangers_are_text() {
    let page = page(vec![summary(&hostile())]);
    assert!(page.texts_of("investigation")[0].contains(HOSTILE) && page.section("models").contains(HOSTILE));
}
