#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use serde_json::json;

use super::*;
use crate::closing::Closing;
use crate::incident::Severity;
use crate::snapshot::Snapshot;
use crate::status::Status;
use crate::{DetectorId, Item, SnapshotRole};

fn detector(columns: &[&str]) -> NamedFinding {
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    NamedFinding::Detector { id: None, detector: DetectorId::of_text("F2.range"), columns, statement: None }
}

fn reason(note: &str, until: Option<&str>) -> Reason {
    Reason { note: note.to_owned(), until: until.map(str::to_owned) }
}

/// Sentences as versions before this one stored them, and what they report.
#[test]
fn every_sentence_that_was_ever_stored_is_recognised() {
    let marked = |status, reason| EventKind::ItemMarked { item: Item::F2, status, reason };
    let muted = |finding, reason| EventKind::FindingMuted { finding, reason };
    let stored = [
        ("opened the investigation", EventKind::Opened),
        ("changed the inputs", EventKind::InputsChanged { changes: Vec::new() }),
        ("added a note", EventKind::NoteAdded),
        (
            "closed the investigation: cents: all of it\nand more",
            EventKind::Closed {
                closing: Closing { verdict: "cents: all of it\nand more".into(), ..Closing::default() },
            },
        ),
        ("opened the investigation again", EventKind::Reopened),
        ("made a share link", EventKind::ShareLinkMade),
        ("revoked a share link", EventKind::ShareLinkRevoked),
        ("marked F2 as confirmed", marked(Status::Confirmed, reason("", None))),
        (
            "marked F2 as ruled out: seen until 31 May 2026",
            marked(Status::RuledOut, reason("seen until 31 May 2026", None)),
        ),
        ("marked F2 as accepted until 1 May 2026", marked(Status::Accepted, reason("", Some("2026-05-01")))),
        (
            "marked F2 as to check until 31 Dec 2026: as before: cents",
            marked(Status::ToCheck, reason("as before: cents", Some("2026-12-31"))),
        ),
        ("muted F2.range", muted(detector(&[]), reason("", None))),
        ("muted F2.range: known", muted(detector(&[]), reason("known", None))),
        (
            "muted F2.range (größe m) until 29 Feb 2028: (known)",
            muted(detector(&["größe m"]), reason("(known)", Some("2028-02-29"))),
        ),
        ("unmuted F2.range (amount)", EventKind::FindingUnmuted { finding: detector(&["amount"]) }),
        ("unmuted the finding 00ff", EventKind::FindingUnmuted { finding: NamedFinding::Id { id: "00ff".into() } }),
    ];
    for (words, kind) in stored {
        assert_eq!(EventKind::of_words(words), kind, "{words}");
        assert_eq!(kind.words(), words);
    }
}

#[test]
fn what_is_not_exactly_recognised_keeps_its_words() {
    for words in [
        "",
        "did this",
        "Opened the investigation",
        "opened the investigation ",
        "closed the investigation",
        "marked Z9 as confirmed",
        "marked f2 as confirmed",
        "marked F2 as confirmed until soon",
        "marked F2 as confirmed until 30 Feb 2026",
        "marked F2 as confirmed until 01 May 2026",
        "marked F2 as confirmed: ",
        // One column with a comma in its name, or two: the words do not say.
        "muted F2.range (a, b)",
        "muted F2.range (a (b))",
        "unmuted F2.range (amount) twice",
        "unmuted the finding ",
    ] {
        let kind = EventKind::of_words(words);
        assert_eq!(kind, EventKind::Legacy { words: words.to_owned() });
        assert_eq!(kind.words(), words);
    }
}

#[test]
fn json_has_the_sentence_and_the_fields() {
    let event = Event {
        at_ms: 7,
        author: Actor::named("Ada").unwrap(),
        kind: EventKind::ItemMarked {
            item: Item::D1,
            status: Status::RuledOut,
            reason: reason("seen", Some("2026-05-31")),
        },
    };
    let json = serde_json::to_value(&event).unwrap();
    let expected = json!({
        "at_ms": 7, "author": "Ada", "text": "marked D1 as ruled out until 31 May 2026: seen",
        "kind": "item_marked", "item": "D1", "status": "ruled_out", "reason": {"note": "seen", "until": "2026-05-31"},
    });
    assert_eq!(json, expected);
    assert_eq!(serde_json::from_value::<Event>(json).unwrap(), event);

    let kinds = [
        EventKind::Opened,
        EventKind::InputsChanged { changes: vec![InputChange::Threshold { to: Some(0.5) }, InputChange::ColumnRoles] },
        EventKind::FindingMuted { finding: detector(&["a, b", "(c)"]), reason: Reason::default() },
        EventKind::FindingUnmuted { finding: NamedFinding::Id { id: "00ff".into() } },
        EventKind::Closed {
            closing: Closing { verdict: "cents".into(), cause: "the exporter".into(), ..Closing::default() },
        },
        EventKind::Edited { title: Some("Cents".into()), model: None, symptoms: Some(vec!["latency_spikes".into()]) },
        EventKind::Archived,
        EventKind::HypothesisAdded { statement: "the exporter".into() },
        EventKind::EvidencePinned { title: "amount".into(), caption: "cents".into() },
        EventKind::EvidenceRemoved { title: "amount".into() },
        EventKind::IncidentChanged { severity: Some(Severity::High), assignee: Actor::named("Ben").unwrap() },
        EventKind::FollowUpAdded { task: "divide".into(), owner: Actor::Anonymous },
        EventKind::FollowUpDone { task: "divide".into() },
        EventKind::FollowUpOpened { task: "divide".into() },
        EventKind::Happened { what: "release 41".into(), happened_at_ms: 5 },
        EventKind::Regressed { investigation: "2".into(), title: "May".into(), statement: "cents".into() },
        EventKind::Imported { exported_at_ms: 5 },
        EventKind::Legacy { words: "did this".into() },
    ];
    for kind in kinds {
        let event = Event { kind, ..event.clone() };
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event, "{json}");
    }
}

#[test]
fn the_end_of_a_reason_is_a_day_however_far_away() {
    let end = |until_ms| Reason::new("", Some(until_ms)).words();
    assert_eq!(end(1_780_271_999_999), " until 31 May 2026");
    assert_eq!(end(1_780_272_000_000), " until 1 Jun 2026");
    assert_eq!(end(300_000_000_000_000), " until 11476-08-15");
}

/// As an earlier version froze it for a share link.
#[test]
fn json_without_a_kind_is_recognised_by_its_sentence() {
    let read = |text: &str| {
        let json = json!({"at_ms": 7, "author": "someone", "text": text});
        serde_json::from_value::<Event>(json).unwrap().kind
    };
    assert_eq!(read("added a note"), EventKind::NoteAdded);
    assert_eq!(read("did this"), EventKind::Legacy { words: "did this".into() });
}

fn file(id: &str, sha256: &str) -> Snapshot {
    Snapshot {
        id: id.into(),
        name: format!("{id}.csv"),
        sha256: sha256.into(),
        size_bytes: 0,
        rows: 0,
        columns: Vec::new(),
        origin: String::new(),
        format: String::new(),
        notes: Vec::new(),
        guessed_role: SnapshotRole::Train,
        created_at_ms: 0,
    }
}

#[test]
fn a_change_of_the_inputs_says_what_changed() {
    use SnapshotRole::{Serve, Test, Train};
    let [a, b, c, d] = [file("a", "1"), file("b", "2"), file("c", "3"), file("d", "4")];
    let (read_again, e) = (file("cc", "3"), file("e", "5"));
    let before = [(Train, &a), (Serve, &b), (Test, &c), (Test, &d)];
    let after = [(Train, &a), (Train, &b), (Test, &read_again), (Serve, &e)];
    let changes = changes_between(&before, &after);
    let words = EventKind::InputsChanged { changes }.words();
    assert_eq!(
        words,
        "changed the inputs: removed d.csv (test), added e.csv as serve, gave b.csv the role train instead of serve, \
         read cc.csv in another way"
    );
    assert!(changes_between(&before, &before).is_empty());
    let twice = [(Train, &a), (Test, &a)];
    assert_eq!(changes_between(&twice[..1], &twice), [InputChange::Added { name: "a.csv".into(), role: Test }]);
}

#[test]
fn findings_muted_together_are_one_line_that_names_the_first_of_them() {
    let findings: Vec<NamedFinding> = ["a", "b", "c", "d", "e"].map(|column| detector(&[column])).to_vec();
    let kind = EventKind::FindingsMuted { findings, reason: reason("known", Some("2026-05-31")) };
    let words = "muted 5 findings (F2.range (a), F2.range (b), F2.range (c) and 2 more) until 31 May 2026: known";
    assert_eq!(kind.words(), words);
}

#[test]
fn what_was_edited_and_concluded_is_named_with_its_new_words() {
    let edited = EventKind::Edited {
        title: Some("Cents".into()),
        model: Some(String::new()),
        symptoms: Some(vec!["latency_spikes".into(), "own words".into()]),
    };
    let words = "renamed the investigation to \u{201c}Cents\u{201d}, removed the model, changed the symptoms to latency spikes, own words";
    assert_eq!(edited.words(), words);
    let closing = Closing { verdict: "It was cents.".into(), done: "Divided.".into(), ..Closing::default() };
    let words = EventKind::Closed { closing }.words();
    assert_eq!(words, "closed the investigation: It was cents. What was done: Divided.");
}
