//! The start page.

use domain::investigation::{DiagnosisSummary, InvestigationState, InvestigationSummary};
use domain::listing::{Listed, ModelStanding, Shown};
use domain::{Actor, Layer, Verdict};

use super::super::home::{Asked, Home, HomeProps};
use super::{HOSTILE, Html, diagnosis, hostile, opened, rendered};
use crate::api::investigations::Opened;

/// An hour after the investigation was opened.
fn listed(all: Vec<InvestigationSummary>) -> Listed {
    let now_ms = all.first().map_or(0, |one| one.updated_at_ms + 3_600_000);
    let models = all.iter().map(|one| ModelStanding { investigations: 3, latest: one.clone() }).collect();
    let count = all.len() as u64;
    Listed { investigations: all, total: count, of: count, owners: vec!["Ada".into()], models, now_ms }
}

fn page(all: Vec<InvestigationSummary>) -> Html {
    asked(Asked::default(), listed(all))
}

fn asked(asked: Asked, listed: Listed) -> Html {
    rendered(|| Home(HomeProps { asked, listed }))
}

fn summary(opened: &Opened) -> InvestigationSummary {
    let (of, diagnosis) = (opened.investigation.clone(), diagnosis(opened));
    InvestigationSummary {
        verdict: None,
        owner: Actor::named("Ada").unwrap(),
        archived_at_ms: None,
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
fn an_investigation_stands_on_one_line_with_everything_that_names_it() {
    let opened = opened();
    let page = page(vec![summary(&opened)]);
    let line = &page.texts_of("investigation")[0];
    let suspect = &diagnosis(&opened).suspects[0].statement;
    for words in
        [opened.investigation.title.as_str(), suspect, "Open", "Model car-loan", "Owner Ada", "Changed 1 h ago"]
    {
        assert!(line.contains(words), "{words}: {line}");
    }
    let strip = &page.texts_of("strip")[0];
    let diagnosis = diagnosis(&opened);
    for layer in &diagnosis.layers {
        let mark = diagnosis.mark_of_layer(layer).word();
        assert!(strip.contains(&format!("{}: {mark}", layer.layer.text().title)), "{strip}");
    }
    assert!(page.section("models").contains(&opened.investigation.model));
    assert!(page.text().contains("1 investigation"), "{}", page.text());
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
    let ruled_out = with(|one| {
        let diagnosis = one.diagnosis.as_mut().unwrap();
        (diagnosis.prime_suspect, diagnosis.ruled_out_suspects) = (None, 1);
    });
    assert!(ruled_out.contains("Every suspect is ruled out."), "{ruled_out}");
    let empty = with(|one| (one.job, one.diagnosis) = (None, None));
    assert!(empty.contains("there are no inputs"), "{empty}");
    let closed = with(|one| {
        one.state = InvestigationState::Closed;
        one.verdict = Some("It was cents.".into());
    });
    assert!(closed.contains("Closed") && closed.contains("Verdict: It was cents."), "{closed}");
    let archived = with(|one| one.archived_at_ms = Some(1));
    assert!(archived.contains("Archived"), "{archived}");
}

#[test]
fn a_newcomer_is_invited_and_has_nothing_to_search() {
    let page = page(Vec::new());
    assert!(page.section("begin").contains("No investigations yet"));
    assert!(!page.0.contains("method=\"get\""), "{}", page.0);
    assert!(page.0.contains("action=\"/examples/house-prices\""), "{}", page.0);
}

#[test]
fn what_was_asked_for_stands_in_the_form_and_in_the_addresses_of_the_pages() {
    let query = Asked {
        search: HOSTILE.into(),
        shown: Shown::Closed,
        layer: Some(Layer::Data),
        owner: "Grace".into(),
        page: 1,
        ..Asked::default()
    };
    let found = Listed { total: 170, ..listed(vec![summary(&opened())]) };
    let page = asked(query.clone(), found);
    for chosen in ["value=\"closed\" selected", "value=\"data\" selected", "value=\"Grace\" selected"] {
        assert!(page.0.contains(chosen), "{chosen}: {}", page.0);
    }
    assert!(page.text().contains("51 to 100 of 170 investigations"), "{}", page.text());
    assert!(page.text().contains("Page 2 of 4"), "{}", page.text());
    let next = query.address(2).replace('&', "&amp;");
    assert!(page.0.contains(&format!("rel=\"next\" href=\"{next}\"")), "{}", page.0);
    let nothing = asked(query, Listed { total: 0, investigations: Vec::new(), ..listed(vec![summary(&opened())]) });
    assert!(nothing.text().contains("No investigation matches."), "{}", nothing.text());
    assert!(nothing.elements("a").contains(&"Reset".to_owned()));
}

#[test]
fn names_from_strangers_are_text() {
    let page = page(vec![summary(&hostile())]);
    assert!(page.texts_of("investigation")[0].contains(HOSTILE) && page.section("models").contains(HOSTILE));
}
