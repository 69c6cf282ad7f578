//! The map.

use std::sync::Arc;

use domain::{Diagnosis, Verdict};

use super::super::map::{Map, MapProps};
use super::{HOSTILE, Html, diagnosis, hostile, opened, rendered, shared};
use crate::api::investigations::Opened;

fn map(opened: Opened) -> Html {
    rendered(|| Map(MapProps { opened }))
}

/// The same investigation with a changed diagnosis.
fn diagnosed(change: impl FnOnce(&mut Diagnosis)) -> Opened {
    let mut opened = opened();
    let mut changed = (*diagnosis(&opened)).clone();
    change(&mut changed);
    opened.diagnosis = Some(Arc::new(changed));
    opened
}

#[test]
fn it_names_the_prime_suspect_and_the_verdict_of_each_layer() {
    let opened = opened();
    let diagnosis = diagnosis(&opened);
    let page = map(opened.clone());
    assert_eq!(page.elements("h1"), [opened.investigation.title]);
    assert!(page.section("suspect").contains(&diagnosis.suspects[0].statement), "{}", page.text());
    let stations = page.texts_of("station-name");
    assert_eq!((stations.len(), diagnosis.layers.len()), (7, 7));
    for (station, result) in stations.iter().zip(&diagnosis.layers) {
        let words = format!("{} {}: {}", result.layer.number(), result.layer.text().title, result.verdict.word());
        assert_eq!(*station, words);
    }
    let marks = page.texts_of("item-mark");
    assert_eq!(marks.len(), 23);
    for finding in &diagnosis.findings {
        assert!(page.section("findings").contains(&finding.statement), "{}", finding.statement);
    }
}

#[test]
fn what_could_not_be_checked_is_listed_with_the_reason() {
    let opened = opened();
    let page = map(opened.clone());
    let (missing, marks) = (page.section("not-checked"), page.texts_of("item-mark"));
    let diagnosis = diagnosis(&opened);
    let items: Vec<_> = diagnosis.layers.iter().flat_map(|layer| &layer.items).collect();
    let unchecked: Vec<_> = items.iter().filter(|item| item.verdict == Verdict::NoEvidence).collect();
    assert!(!unchecked.is_empty());
    for result in unchecked {
        assert!(!result.missing.is_empty(), "{} says nothing", result.item.code());
        assert!(missing.contains(result.item.code()), "{}: {missing}", result.item.code());
        for reason in &result.missing {
            assert!(missing.contains(reason.as_str()), "{reason}: {missing}");
            assert!(marks.iter().any(|mark| mark.starts_with(result.item.code()) || mark.contains(reason.as_str())));
        }
    }
}

#[test]
fn a_shared_map_says_the_same_and_offers_no_change() {
    let (own, page) = (map(opened()), map(shared()));
    assert_eq!(page.texts_of("station-name"), own.texts_of("station-name"));
    assert_eq!(page.section("findings").matches("Mute").count(), 0);
    assert!(page.text().contains("Read-only link."), "{}", page.text());
    assert!(own.0.contains("<form") && !page.0.contains("<form"), "{}", page.0);
    assert!(!page.0.contains("/investigations/"), "a shared page leads nowhere else: {}", page.0);
}

#[test]
fn names_from_strangers_are_text() {
    let page = map(hostile());
    assert_eq!(page.elements("h1"), [HOSTILE]);
    assert!(page.section("suspect").contains(HOSTILE) && page.section("notes").contains(HOSTILE));
    assert!(page.texts_of("chip").iter().any(|chip| chip.contains(HOSTILE)));
}

#[test]
fn without_a_diagnosis_it_says_why() {
    let mut waiting = opened();
    waiting.diagnosis = None;
    let mut failed = waiting.clone();
    waiting.job = None;
    assert!(map(waiting).section("nothing-yet").contains("Nothing was checked yet"));
    let job = failed.job.as_mut().unwrap();
    job.state = domain::job::JobState::Failed;
    job.error = Some("`train.csv` was changed on disk.".into());
    let page = map(failed);
    assert!(page.texts_of("notice")[0].contains("`train.csv` was changed on disk."), "{}", page.text());
    assert!(page.elements("button").contains(&"Run the checks again".to_owned()));
}

#[test]
fn without_a_suspect_the_verdicts_give_the_headline() {
    let nothing = diagnosed(|diagnosis| {
        diagnosis.suspects.clear();
        diagnosis.findings.clear();
        diagnosis.layers.iter_mut().for_each(|layer| layer.verdict = Verdict::Clear);
    });
    let page = map(nothing);
    assert!(page.text().contains("Everything that could be checked agrees."), "{}", page.text());
    let unexplained = diagnosed(|diagnosis| diagnosis.suspects.clear());
    assert!(map(unexplained).text().contains("There are mismatches, but no single cause explains them all."));
}
