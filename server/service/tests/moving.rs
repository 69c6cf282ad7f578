//! An investigation that goes out as one file and comes back: whole, under new ids, and marked as imported.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod data_folder;

use std::io::{Cursor, Read, Write};

use data_folder::DataFolder;
use domain::decision::{Decision, Ruling};
use domain::evidence::{EvidenceLink, Pinned, Remark, Stance};
use domain::investigation::{Investigation, InvestigationState, NewInvestigation};
use domain::listing::{ListQuery, Shown};
use domain::snapshot::SnapshotRole;
use domain::visitor::{Sight, Visitor};
use domain::{Actor, Problem, ProblemKind};
use serde_json::{Value, json};
use service::{Service, ServiceConfig};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

async fn open(data: &DataFolder) -> Service {
    Service::open(ServiceConfig::new(data.path())).await.unwrap()
}

fn ada() -> Actor {
    Actor::named("Ada").unwrap()
}

fn table(factor: u32) -> String {
    let rows = (0..400).map(|row| format!("{row},{}\n", (50 + (row * 37) % 97) * factor));
    std::iter::once("id,amount\n".to_owned()).chain(rows).collect()
}

async fn diagnosed(service: &Service, data: &DataFolder, id: &str) {
    let job = service.latest_job(id).await.unwrap().unwrap();
    let mut watched = service.watch_job(&job.id).await.unwrap();
    while watched.changed().await.is_ok() {}
    data.settled(service).await;
}

/// Diagnosed, talked about, with a pinned chart, and closed; its id.
async fn worked_on(service: &Service, data: &DataFolder) -> String {
    let mut inputs = Vec::new();
    for (role, factor) in [(SnapshotRole::Train, 1), (SnapshotRole::Serve, 100)] {
        let mut upload = service.begin_upload("rows.csv").await.unwrap();
        upload.write(table(factor).as_bytes()).await.unwrap();
        inputs.push((role, upload.finish().await.unwrap().id));
    }
    let title = "Amounts / rose".to_owned();
    let new = NewInvestigation { title, model: "loans".into(), inputs, author: ada(), ..NewInvestigation::default() };
    let id = service.create_investigation(new).await.unwrap().id;
    diagnosed(service, data, &id).await;
    let own = service.add_hypothesis(&id, "The exporter sends cents.", &ada()).await.unwrap();
    let key =
        service.hypotheses(&id).await.unwrap().into_iter().find(|one| one.statement == own.statement).unwrap().key;
    let pinned = Pinned::Chart { chart: "column".into(), query: vec![("column".into(), "amount".into())] };
    let links = vec![EvidenceLink { hypothesis: key, stance: Stance::For }];
    service.pin(&id, pinned, &Remark { caption: "a hundred times".into(), links }, &ada()).await.unwrap();
    service.add_note(&id, "Since **Tuesday**.", None, &ada()).await.unwrap();
    let note = service.investigation(&id).await.unwrap().notes.remove(0);
    service.add_note(&id, "Seen.", Some(&note.id), &Actor::Anonymous).await.unwrap();
    id
}

async fn exported(service: &Service, id: &str) -> Vec<u8> {
    let export = service.export(id).await.unwrap();
    assert_eq!(export.name, "amounts-rose.mismatch.zip");
    std::fs::read(&export.path).unwrap()
}

async fn imported(service: &Service, bytes: &[u8]) -> Result<Investigation, Problem> {
    let mut upload = service.begin_upload("file.zip").await.unwrap();
    upload.write(bytes).await.unwrap();
    service.import(upload, &Visitor::Anybody(Actor::Anonymous), &Actor::named("Grace").unwrap()).await
}

/// The same zip with files changed by `change`; `None` leaves one out.
fn rewritten(bytes: &[u8], change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut into = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut file = from.by_index(index).unwrap();
        let (name, mut content) = (file.name().unwrap().into_owned(), Vec::new());
        file.read_to_end(&mut content).unwrap();
        if let Some(content) = change(&name, content) {
            into.start_file(name, SimpleFileOptions::default()).unwrap();
            into.write_all(&content).unwrap();
        }
    }
    into.finish().unwrap().into_inner()
}

/// The same with the document changed.
fn said_otherwise(bytes: &[u8], change: impl Fn(&mut Value)) -> Vec<u8> {
    rewritten(bytes, |name, content| {
        if name != "investigation.json" {
            return Some(content);
        }
        let mut document: Value = serde_json::from_slice(&content).unwrap();
        change(&mut document);
        Some(serde_json::to_vec(&document).unwrap())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_exported_comes_back_whole_under_new_ids() {
    let (here, there) = (DataFolder::new(), DataFolder::new());
    let (first, second) = (open(&here).await, open(&there).await);
    let id = worked_on(&first, &here).await;
    let statement = first.diagnosis(&id).await.unwrap().unwrap().suspects[0].statement.clone();
    let suspect = first.diagnosis(&id).await.unwrap().unwrap().suspects[0].key();
    first.decide(&id, &suspect, Ruling::Confirmed, "", &ada()).await.unwrap();
    let bytes = exported(&first, &id).await;
    let before = first.investigation(&id).await.unwrap();
    for (service, data) in [(&second, &there), (&first, &here)] {
        let now = imported(service, &bytes).await.unwrap();
        diagnosed(service, data, &now.id).await;
        assert_ne!(now.id, before.id);
        assert_eq!((&now.title, &now.model, now.owner.as_str()), (&before.title, &before.model, "Ada (imported)"));
        assert_eq!(now.inputs.len(), 2);
        assert!(now.inputs.iter().zip(&before.inputs).all(|(a, b)| a.snapshot.sha256 == b.snapshot.sha256));
        assert_eq!(now.notes[1].reply_to.as_ref(), Some(&now.notes[0].id));
        assert_ne!(now.notes[0].id, before.notes[0].id);
        assert_eq!(now.notes[0].at_ms, before.notes[0].at_ms);
        assert_eq!(now.events.len(), before.events.len() + 1);
        assert!(now.events.last().unwrap().text().starts_with("imported it, as it was exported on"));
        let (piece, frozen) = (&now.evidence[0], &before.evidence[0]);
        assert_eq!((&piece.sha256, &piece.caption), (&frozen.sha256, &frozen.caption));
        let own = service.hypotheses(&now.id).await.unwrap();
        let own = own.iter().find(|one| one.statement == "The exporter sends cents.").unwrap();
        assert_eq!(piece.links[0].hypothesis, own.key, "it supports the hypothesis that came with it");
        assert_eq!(service.pieces(&now).await.unwrap().len(), 1);
        let decided: Vec<&Decision> = now.decisions.iter().collect();
        assert_eq!(decided[0].ruling, Ruling::Confirmed);
        let diagnosis = service.shown_diagnosis(&now.id).await.unwrap().unwrap();
        assert_eq!(diagnosis.confirmed().next().unwrap().0.statement, statement);
    }
    assert_eq!(first.investigation(&id).await.unwrap().state, InvestigationState::Open);
    here.settled(&first).await;
    there.settled(&second).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_since_is_refused_and_nothing_of_it_is_kept() {
    let data = DataFolder::new();
    let service = open(&data).await;
    let id = worked_on(&service, &data).await;
    let bytes = exported(&service, &id).await;
    let other = said_otherwise(&bytes, |document| document["exhibits"][0][1] = json!("{}"));
    let newer = said_otherwise(&bytes, |document| document["mismatch_investigation"] = json!(99));
    let shout =
        said_otherwise(&bytes, |document| document["investigation"]["notes"][0]["text"] = json!("a".repeat(20_001)));
    let no_title = said_otherwise(&bytes, |document| document["investigation"]["title"] = json!(" "));
    let no_evidence = said_otherwise(&bytes, |document| document["exhibits"] = json!([]));
    let many = said_otherwise(&bytes, |document| {
        let note = document["investigation"]["notes"][0].clone();
        document["investigation"]["notes"] = Value::Array(vec![note; 20_001]);
    });
    let twice = said_otherwise(&bytes, |document| {
        let note = document["investigation"]["notes"][0].clone();
        document["investigation"]["notes"].as_array_mut().unwrap().push(note);
    });
    let odd = said_otherwise(&bytes, |document| {
        document["investigation"]["follow_ups"] = json!([{
            "id": "../../../people/ACCOUNT/disable", "task": "Done?", "owner": "Ada", "due": null, "done_at_ms": null,
            "author": "Ada", "at_ms": 0
        }]);
    });
    let script = said_otherwise(&bytes, |document| {
        document["investigation"]["incident"]["links"] = json!([{"words": "ticket", "url": "javascript:alert(1)"}]);
    });
    let nul = said_otherwise(&bytes, |document| document["investigation"]["notes"][0]["text"] = json!("a\0b"));
    let endless = said_otherwise(&bytes, |document| document["investigation"]["symptoms"] = json!(["a".repeat(301)]));
    let rows = rewritten(&bytes, |name, content| {
        Some(if name.starts_with("01-") { [content, b"1,2\n".to_vec()].concat() } else { content })
    });
    let lost = rewritten(&bytes, |name, content| (!name.starts_with("02-")).then_some(content));
    // It would name a file by its id alone.
    let named = said_otherwise(&bytes, |document| document["files"] = json!([]));
    let silent = rewritten(&bytes, |name, content| (name != "investigation.json").then_some(content));
    let garbled =
        rewritten(&bytes, |name, content| Some(if name == "investigation.json" { b"{".to_vec() } else { content }));
    let cut = bytes[..bytes.len() / 2].to_vec();
    let tried: [(&str, &[u8], &str); 18] = [
        ("another exhibit", &other, "does not fit its hash"),
        ("a newer format", &newer, "newer version"),
        ("a long note", &shout, "longer than"),
        ("no title", &no_title, "a title"),
        ("no exhibit", &no_evidence, "not in it"),
        ("too many notes", &many, "more than one here can"),
        ("one id twice", &twice, "same id"),
        ("an id that is an address", &odd, "not one that Mismatch gives"),
        ("a ticket that is script", &script, "not an address of the web"),
        ("a text with a zero byte", &nul, "no text has"),
        ("a symptom without end", &endless, "Shorten"),
        ("other rows", &rows, "not the one that was exported"),
        ("a file less", &lost, "is not in it"),
        ("inputs without their files", &named, "is not in it"),
        ("no document", &silent, "not an exported investigation"),
        ("a broken document", &garbled, "damaged"),
        ("half of the bytes", &cut, ""),
        ("a table", b"a,b\n1,2\n", "not an exported investigation"),
    ];
    for (what, bytes, why) in tried {
        let problem = imported(&service, bytes).await.err().unwrap_or_else(|| panic!("{what} was taken in"));
        assert!(matches!(problem.kind, ProblemKind::BadInput | ProblemKind::TooLarge), "{what}: {problem:?}");
        assert!(problem.message.contains(why), "{what}: {}", problem.message);
        data.settled(&service).await;
    }
    let query = ListQuery { shown: Shown::All, limit: 10, ..ListQuery::default() };
    assert_eq!(service.investigations(&query, &Sight::All).await.unwrap().len(), 1);
}
