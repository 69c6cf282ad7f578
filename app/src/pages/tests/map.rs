//! The map.

use std::sync::Arc;

use domain::diagnosis::ChecksMade;
use domain::fall::{FallSlice, FallSlices, Mechanism, Part, Points, Refusal, Share, ShareOf, SideOfFall};
use domain::finding::AffectedRows;
use domain::selection::{Condition, Test};
use domain::{Diagnosis, Fall, Finding, Since, Undo, Verdict};

use super::super::map::{Map, MapProps};
use super::{HOSTILE, Html, diagnosis, hostile, opened, rendered, shared, unknown_fall};
use crate::api::investigations::Opened;
use crate::components::triage::Asked;

fn map(opened: Opened) -> Html {
    asked(opened, Asked::default())
}

fn asked(opened: Opened, asked: Asked) -> Html {
    rendered(|| Map(MapProps { opened, asked }))
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
        let words = format!(
            "{} {}: {}",
            result.layer.number(),
            result.layer.text().title,
            diagnosis.mark_of_layer(result).word()
        );
        assert_eq!(*station, words);
    }
    let marks = page.texts_of("item-mark");
    assert_eq!(marks.len(), 23);
    for finding in &diagnosis.findings {
        let told = page.section("findings").matches(&finding.statement).count()
            + page.section("suspect").matches(&finding.statement).count();
        assert_eq!(told, 1, "{} is told once", finding.statement);
    }
}

#[test]
fn what_the_fall_is_made_of_stands_before_the_prime_suspect_and_its_bars_lead_on() {
    let points = |points: f64| Points { points, low: points - 0.4, high: points + 0.4 };
    let page = map(diagnosed(|diagnosis| {
        let suspect = &mut diagnosis.suspects[0];
        suspect.points = Some(points(5.1));
        let of = ShareOf::Suspect { key: suspect.key() };
        diagnosis.fall = Some(Fall {
            before: Some(0.85),
            after: Some(0.794),
            fall: Some(points(5.6)),
            parts: vec![Part {
                mechanism: Mechanism::Scoring,
                points: points(5.1),
                by: vec![Share { of, points: points(5.1) }],
            }],
            unexplained: Some(points(0.5)),
            ..unknown_fall()
        });
    }));
    let fall = page.section("fall");
    assert!(fall.contains("Accuracy fell 5.6 points (95 % interval 5.2 to 6.0). 5.1 because"), "{fall}");
    assert!(page.0.find("id=\"fall\"") < page.0.find("id=\"suspect\""), "it is the first thing to read");
    assert!(page.section("suspect").contains("5.1 points"), "{}", page.section("suspect"));
    assert!(page.0.contains("of=1") && page.0.contains("<rect"), "a bar leads to its suspect");
    let refused = map(diagnosed(|diagnosis| {
        diagnosis.fall = Some(Fall { refusals: vec![Refusal::NoLabels { side: SideOfFall::After }], ..unknown_fall() });
    }));
    assert!(refused.section("fall").contains("Add their labels."), "{}", refused.section("fall"));
}

#[test]
fn where_it_fell_is_a_table_whose_rows_lead_to_theirs() {
    let points = |points: f64| Points { points, low: points - 4.0, high: points + 4.0 };
    let page = map(diagnosed(|diagnosis| {
        let slice = FallSlice {
            conditions: vec![Condition::on_column(HOSTILE, Test::OneOf(vec![HOSTILE.into()]))],
            rows_before: 1_412,
            rows_after: 433,
            before: 0.91,
            after: 0.62,
            lost: points(29.0),
            surplus: points(27.0),
            adds: points(2.5),
            share: 0.45,
            p: 1e-6,
        };
        let slices =
            FallSlices { rows_before: 5_000, rows_after: 5_000, proposed: 3, confirmed: vec![slice], refusal: None };
        diagnosis.fall = Some(Fall {
            before: Some(0.85),
            after: Some(0.79),
            fall: Some(points(6.0)),
            unexplained: Some(points(6.0)),
            slices: Some(slices),
            ..unknown_fall()
        });
    }));
    let fall = page.section("fall");
    assert!(fall.contains("1 group of rows fell more than the others"), "{fall}");
    assert!(fall.contains("1,412 before, 433 served") && fall.contains("91 % to 62 %"), "{fall}");
    assert!(fall.contains("29.0 (25.0 to 33.0)") && fall.contains("45 %"), "{fall}");
    assert!(page.0.contains("/compare?where=both") && page.0.contains("#selection"), "a row leads to its rows");
}

#[test]
fn a_suspect_that_can_be_undone_leads_to_it_and_a_shared_one_shows_no_rows() {
    let undo = |opened: Opened| {
        let mut diagnosis = (*diagnosis(&opened)).clone();
        let id = diagnosis.suspects[0].findings[0].clone();
        for finding in diagnosis.findings.iter_mut().filter(|finding| finding.id == id) {
            finding.verdict = Verdict::Mismatch;
            finding.undo = vec![Undo::line("income", 1_000.0, 0.0)];
        }
        map(Opened { diagnosis: Some(Arc::new(diagnosis)), ..opened })
    };
    assert!(undo(opened()).0.contains("/undo?suspect=1"), "the prime suspect has the way");
    assert!(!undo(shared()).0.contains("/undo?suspect"), "a link shows findings, not rows");
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
    let lacks = "id=\"not-checked\"";
    assert!(own.0.contains(lacks) && !page.0.contains(lacks), "through a link nothing can be added: {}", page.0);
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

#[test]
fn what_only_a_muted_suspect_explains_stands_apart_from_what_nothing_explains() {
    let page = map(diagnosed(|diagnosis| {
        let prime = diagnosis.suspects.remove(0);
        diagnosis.muted_suspects.push(prime);
    }));
    let findings = page.section("findings");
    let place = |words: &str| findings.find(words).unwrap_or_else(|| panic!("no {words:?} in {findings}"));
    assert!(place("Not explained by a suspect") < place("Explained by a muted suspect"));
    assert!(place("Explained by a muted suspect") < place("explained by a muted suspect"));
}

/// The same with this many more findings that no suspect explains, one for each column.
fn with_many(count: usize) -> Opened {
    diagnosed(|diagnosis| {
        let like = diagnosis.findings[0].clone();
        diagnosis.findings.extend((0..count).map(|index| Finding {
            id: format!("more{index}"),
            columns: vec![format!("column_{index}")],
            statement: format!("column_{index} moved."),
            ..like.clone()
        }));
    })
}

#[test]
fn many_findings_are_a_table_of_pages_and_what_nothing_explains_comes_first() {
    let page = map(with_many(120));
    let rows = page.texts_of("findings");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].matches("moved.").count() + 2, 50, "{}", rows[0]);
    assert!(page.texts_of("group")[0].starts_with("Not explained by a suspect"), "{}", rows[0]);
    assert!(page.0.contains("rel=\"next\"") && page.0.contains("page=2"), "{}", page.0);
    let second = asked(with_many(120), Asked { page: 2, ..Asked::default() });
    assert!(second.texts_of("group")[0].ends_with("(continued)"), "{:?}", second.texts_of("group"));
    let beyond = asked(with_many(120), Asked { page: 99, ..Asked::default() });
    assert!(beyond.text().contains("101 to 122 of 122"), "{}", beyond.text());
}

#[test]
fn a_filter_takes_what_it_names_and_says_when_nothing_matches() {
    let filter = |name: &str, value: &str| {
        asked(with_many(20), Asked::from_query(|key| (key == name).then(|| value.to_owned())))
    };
    let one = filter("column", "COLUMN_7");
    assert!(one.text().contains("1 finding matches.") && one.section("findings").contains("column_7 moved."));
    assert!(filter("column", "nowhere").text().contains("No finding matches this filter."));
    let prime = filter("of", "1");
    assert!(prime.section("findings").contains("car_value") && !prime.section("findings").contains("moved."));
    assert!(filter("verdict", "weakness").text().contains("No finding matches this filter."));
    assert!(filter("item", "M1").section("findings").contains("Accuracy"));
}

#[test]
fn a_shared_table_has_nothing_to_select_and_nothing_to_send_but_the_filter() {
    let mut opened = with_many(30);
    let own = map(opened.clone());
    assert!(own.0.contains("type=\"checkbox\"") && own.text().contains("Mute this suspect"));
    opened.place = shared().place;
    opened.opened_by = shared().opened_by;
    let page = map(opened);
    assert!(!page.0.contains("type=\"checkbox\"") && !page.0.contains("method=\"post\""), "{}", page.0);
    assert!(page.0.contains("method=\"get\""));
}

#[test]
fn what_was_checked_in_part_is_not_clear() {
    let opened = diagnosed(|diagnosis| {
        let item = &mut diagnosis.layers[1].items[0];
        item.verdict = Verdict::Clear;
        item.checks = Some(ChecksMade { made: 2, of: 4 });
    });
    let marks = map(opened).texts_of("item-mark");
    let mark = marks.iter().find(|mark| mark.contains("F1")).unwrap();
    assert!(mark.contains("partly checked, 2 of 4 checks"), "{mark}");
}

#[test]
fn the_headline_has_rows_time_and_effect() {
    let opened = diagnosed(|diagnosis| {
        let suspect = &mut diagnosis.suspects[0];
        suspect.since = Some(Since::onset(1_773_878_400_000, 1_774_915_000_000));
        suspect.rows = Some(AffectedRows { rows: 1_600, of: 4_000 });
    });
    let scope = &map(opened).texts_of("scope")[0];
    assert_eq!(scope, "It concerns 40 % of 4,000 served rows, since 19 Mar 2026.");
}
