//! The pages about models: the list, one model, and a week.

use std::collections::BTreeMap;

use domain::account::Role;
use domain::evaluation::Task;
use domain::investigation::InvestigationState;
use domain::job::{Job, JobKind, JobState};
use domain::model::weekly::{KnownModel, WeekWindow, weekly};
use domain::model::{
    AgainstPrevious, Arrival, ArrivalState, Figure, Model, ModelLine, NamedSnapshot, Reference, TrendPoint, Unwatched,
    Week, Window, Worst,
};
use domain::related::{Related, RelatedBy};
use domain::snapshot::{Roles, SnapshotRole};
use domain::{Actor, Item, Layer, Mark, Verdict};

use super::super::models::{All, AllProps, InWeek, InWeekProps, One, OneProps};
use super::{HOSTILE, Html, rendered};
use crate::api::models::{ItemTrend, ModelHealth, Models, WeekView};

const DAY: i64 = 86_400_000;
/// Friday of week 48.
const NOW: i64 = 1_795_780_800_000;

fn snapshot(name: &str) -> NamedSnapshot {
    NamedSnapshot { id: format!("s-{}", name.len()), name: name.into(), sha256: "0".repeat(64), rows: 1_200 }
}

fn window(data: Verdict, over_limit: f64) -> Window {
    let mark = |layer: Layer| match layer {
        Layer::Data => Mark::Verdict(data),
        Layer::Monitoring => Mark::Partly,
        _ => Mark::Verdict(Verdict::NoEvidence),
    };
    Window {
        layers: Layer::ALL.into_iter().map(|layer| (layer, mark(layer))).collect::<BTreeMap<_, _>>(),
        suspect: (data == Verdict::Mismatch).then(|| format!("{HOSTILE} is 100 times larger.")),
        worst: Some(Worst { item: Item::D1, column: HOSTILE.into(), over_limit }),
        figure: Some(Figure {
            task: Task::Binary,
            metric: "accuracy".into(),
            value: 0.9 - 0.01 * over_limit,
            low: Some(0.8),
            high: Some(0.95),
            rows: 1_000,
        }),
        previous: Some(AgainstPrevious {
            arrival: "a".into(),
            mark: Mark::Verdict(data),
            findings: 2,
            statement: Some(format!("{HOSTILE} moved.")),
        }),
        probability: None,
        fall: None,
        judged_at_ms: NOW,
    }
}

fn arrival(id: &str, at_ms: i64, window: Option<Window>) -> Arrival {
    Arrival {
        id: id.into(),
        model: HOSTILE.into(),
        role: SnapshotRole::Serve,
        snapshot: snapshot(HOSTILE),
        version: "14".into(),
        at_ms,
        received_at_ms: at_ms,
        author: Actor::Anonymous,
        state: if window.is_some() { ArrivalState::Judged } else { ArrivalState::NoReference },
        window,
        investigation: None,
        job: None,
    }
}

fn model() -> Model {
    Model {
        name: HOSTILE.into(),
        task: Some(Task::Binary),
        owner: "Ada".into(),
        roles: Roles::default(),
        reference: vec![Reference {
            version: "14".into(),
            role: SnapshotRole::Train,
            snapshot: snapshot("train.csv"),
            author: Actor::Anonymous,
            at_ms: NOW - 9 * DAY,
        }],
        versions: vec!["14".into()],
        created_by: Actor::Anonymous,
        created_at_ms: 0,
        changed_by: Actor::Anonymous,
        changed_at_ms: 0,
    }
}

/// Three windows, the last of them a mismatch.
fn health() -> ModelHealth {
    let windows = vec![
        arrival("three", NOW, Some(window(Verdict::Mismatch, 4.2))),
        arrival("two", NOW - DAY, Some(window(Verdict::Clear, 0.3))),
        arrival("one", NOW - 2 * DAY, Some(window(Verdict::Clear, 0.2))),
    ];
    let points = windows.iter().rev().map(|one| TrendPoint {
        arrival: one.id.clone(),
        at_ms: one.at_ms,
        verdict: Verdict::Clear,
        standing: false,
        detector: "D1.column_drift".into(),
        effect: "ks_statistic".into(),
        value: Some(0.1),
        limit: Some(0.1),
        over_limit: Some(1.0),
    });
    ModelHealth {
        model: model(),
        unwatched: vec![Unwatched::NoLogs, Unwatched::Late { last_at_ms: NOW - 5 * DAY, usual_ms: DAY }],
        arrivals: windows.clone(),
        older: Some("one".into()),
        is_older: false,
        investigations: vec![Related {
            id: "i".into(),
            title: HOSTILE.into(),
            model: HOSTILE.into(),
            state: InvestigationState::Closed,
            verdict: Some("It was cents.".into()),
            by: RelatedBy::Model,
        }],
        trend: ItemTrend {
            item: Item::D1,
            column: "amount".into(),
            columns: vec![HOSTILE.into()],
            points: points.collect(),
        },
        alerts: Vec::new(),
        watches: Vec::new(),
        now_ms: NOW,
        reader: Role::Editor,
        windows,
    }
}

fn page(health: ModelHealth) -> Html {
    rendered(|| One(OneProps { health }))
}

#[test]
fn a_model_shows_its_last_health_its_windows_and_what_nobody_watches() {
    let page = page(health());
    assert_eq!(page.elements("h1"), [HOSTILE]);
    let last = page.section("health");
    for words in [&format!("{HOSTILE} is 100 times larger."), "mismatch", "partly checked", "accuracy 85.8 %"] {
        assert!(last.contains(words), "{words}: {last}");
    }
    let trend = page.section("trend");
    assert_eq!(page.texts_of("tile").len(), 21, "seven layers in three windows");
    for words in
        ["Data: mismatch", "Data: clear", "Accuracy over time", "Worst effect", "Effect of D1 of amount", "limit 1"]
    {
        assert!(trend.contains(words), "{words}: {trend}");
    }
    let gaps = page.section("unwatched");
    assert!(
        gaps.contains("No serving log has arrived") && gaps.contains("They usually come every 24 hours."),
        "{gaps}"
    );
    assert!(
        page.0.contains("mismatch push &#x27;&lt;img") || page.0.contains("mismatch push &#39;&lt;img"),
        "{}",
        page.0
    );
    let arrived = page.section("arrivals");
    for words in ["Open an investigation", "version 14", "4.2 times its limit", "2 changes", "Earlier"] {
        assert!(arrived.contains(words), "{words}: {arrived}");
    }
    assert!(page.section("investigations").contains("It was cents."));
    assert!(page.section("about").contains("Owner") && page.text().contains("cared for by Ada"));
    assert!(page.0.contains("action=\"/models/%3Cimg%20src%3Dx"), "{}", page.0);
}

#[test]
fn who_only_looks_finds_no_form_and_no_command() {
    let page = page(ModelHealth { reader: Role::Viewer, ..health() });
    assert!(!page.0.contains("method=\"post\""), "{}", page.0);
    assert!(page.section("unwatched").contains("No serving log has arrived") && !page.0.contains("mismatch push"));
}

#[test]
fn a_model_without_a_reference_offers_the_training_data_of_an_investigation() {
    let none = ModelHealth {
        model: Model { reference: Vec::new(), owner: String::new(), task: None, ..model() },
        unwatched: vec![Unwatched::NoReference],
        windows: Vec::new(),
        arrivals: vec![arrival("one", NOW, None)],
        older: None,
        trend: ItemTrend { item: Item::D1, column: String::new(), columns: Vec::new(), points: Vec::new() },
        ..health()
    };
    let page = page(none);
    let gaps = page.section("unwatched");
    assert!(gaps.contains(&format!("Take the training data of “{HOSTILE}” as the reference")), "{gaps}");
    assert!(page.section("health").contains("No served rows were checked so far."));
    assert!(
        page.section("arrivals").contains("No reference yet: push one with --role train."),
        "{}",
        page.section("arrivals")
    );
    assert!(!page.0.contains("aria-labelledby=\"trend\""));
}

#[test]
fn each_state_of_an_arrival_has_its_words_and_its_step() {
    let with = |change: fn(&mut Arrival)| {
        let mut one = arrival("one", NOW, Some(window(Verdict::Clear, 0.1)));
        change(&mut one);
        page(ModelHealth { arrivals: vec![one], ..health() }).section("arrivals")
    };
    let failed = with(|one| {
        one.state = ArrivalState::Failed;
        one.window = None;
        one.job = Some(Job {
            id: "j".into(),
            kind: JobKind::Judge,
            subject: "one".into(),
            state: JobState::Failed,
            stage: "failed".into(),
            progress: 0.0,
            error: Some("The disk is full.".into()),
            attempts: 1,
            created_at_ms: 0,
            updated_at_ms: 0,
        });
    });
    assert!(failed.contains("The disk is full.") && failed.contains("Run the checks again"), "{failed}");
    let opened = with(|one| one.investigation = Some("i".into()));
    assert!(opened.contains("Go to its investigation") && !opened.contains("Open an investigation"), "{opened}");
    let kept = with(|one| {
        (one.role, one.state, one.window) = (SnapshotRole::Train, ArrivalState::Kept, None);
    });
    assert!(kept.contains("Make it the reference"), "{kept}");
    let nothing = page(ModelHealth { arrivals: Vec::new(), ..health() }).section("arrivals");
    assert!(nothing.contains("Nothing has arrived."), "{nothing}");
}

#[test]
fn the_list_says_why_a_model_has_no_signs() {
    let line = |name: &str, windows, has_reference, window| ModelLine {
        name: name.into(),
        task: None,
        owner: "Ada".into(),
        has_reference,
        windows,
        investigations: 2,
        last_at_ms: (windows > 0).then_some(NOW - DAY),
        window,
    };
    let lines = vec![
        line(HOSTILE, 3, true, Some(window(Verdict::Mismatch, 2.0))),
        line("empty", 0, false, None),
        line("alone", 1, false, None),
    ];
    let page = rendered(|| All(AllProps { models: Models { lines, now_ms: NOW } }));
    for words in [HOSTILE, "Data: mismatch", "accuracy 88 %", "1 day ago", "no served rows arrived", "no reference yet"]
    {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let empty = rendered(|| All(AllProps { models: Models { lines: Vec::new(), now_ms: NOW } }));
    assert!(
        empty.text().contains("No models yet")
            && empty.text().contains("mismatch push churn train.parquet --role train")
    );
}

#[test]
fn a_week_stands_next_to_the_week_before() {
    let week = Week::of(NOW);
    let known = |name: &str| KnownModel {
        name: name.into(),
        owner: "Ada".into(),
        has_reference: true,
        created_at_ms: 0,
        last_at_ms: Some(NOW),
    };
    let seen = |at_ms, verdict| WeekWindow { model: HOSTILE.into(), at_ms, window: window(verdict, 1.5) };
    let windows = vec![seen(NOW - 7 * DAY, Verdict::Clear), seen(NOW, Verdict::Mismatch)];
    let weekly = weekly(week, vec![known(HOSTILE), known("silent")], windows);
    let page = rendered(|| InWeek(InWeekProps { week: WeekView { weekly, alerts: Vec::new(), now_ms: NOW } }));
    for words in [
        "Week 2026-W48",
        "23 Nov 2026 to 29 Nov 2026",
        "1 regressed, 1 stale",
        HOSTILE,
        "Data in the week before: clear",
        "Data in this week: mismatch",
        "accuracy 88.5 % (before: 88.5 %)",
    ] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    assert!(page.0.contains("/weekly?week=2026-W47") && !page.0.contains("2026-W49"), "the next week is not there yet");
}
