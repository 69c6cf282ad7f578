//! Takes an investigation in that was exported, here or elsewhere. Whoever wrote the file is a stranger: it is unpacked in a
//! process of its own, everything in it is read anew, and what people said in it is marked as imported.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use domain::event::EventKind;
use domain::evidence::{Exhibit, MOST_PIECES};
use domain::incident::{IncidentLink, MOST_FOLLOW_UPS};
use domain::investigation::{Investigation, PinnedInput};
use domain::job::JobKind;
use domain::own_hypothesis::MOST_OWN;
use domain::visitor::Visitor;
use domain::{Actor, Problem, ProblemKind, SnapshotRole};
use measure::archive::UnpackedFile;
use serde_json::Value;

use super::{DOCUMENT, Document, FORMAT, new_ids};
use crate::Service;
use crate::archives::stored;
use crate::blobs::sha256_hex;
use crate::blocking::blocking;
use crate::error::Error;
use crate::evidence::EXHIBIT_BYTES;
use crate::investigations::{MAX_INPUTS, checked_name, line, required_line};
use crate::isolation::Unpack;
use crate::said::{has_nul, text};
use crate::snapshots::Unnamed;
use crate::store::{Along, new_id};
use crate::uploads::Upload;

/// Longest document, in bytes: a thousand charts of a usual size.
const DOCUMENT_BYTES: u64 = 100_000_000;
/// Things of one kind that people said.
const MOST_SAID: usize = 20_000;
/// A page shows all of them.
const MOST_NOTES: usize = 2_000;
const MOST_SYMPTOMS: usize = 100;
/// What stands behind the name of who said something elsewhere.
const IMPORTED: &str = " (imported)";
/// Fields of the document that hold the name of a person.
const NAMES: [&str; 3] = ["author", "owner", "assignee"];

impl Service {
    /// A new investigation as an exported one was; it is diagnosed again. Nothing of it is kept where something in it can't be.
    ///
    /// # Errors
    /// `BadInput` for what is no exported investigation or was changed, `TooLarge`, `Forbidden` where it is about a model that the
    /// visitor may not change.
    pub async fn import(&self, upload: Upload, visitor: &Visitor, actor: &Actor) -> Result<Investigation, Problem> {
        let mut unnamed = upload.into_durable().await?;
        let done = self.imported(&unnamed, visitor, actor).await;
        // The zip itself is not kept.
        unnamed.discard().await?;
        self.investigation(&done?).await
    }

    async fn imported(&self, unnamed: &Unnamed, visitor: &Visitor, actor: &Actor) -> Result<String, Problem> {
        let (blobs, sha256) = (self.inner.blobs.clone(), unnamed.blob().sha256.clone());
        let zip = blocking(move || Ok(blobs.file(&sha256)?)).await?;
        let tmp = self.inner.folder.tmp();
        let folder = tempfile::tempdir_in(&tmp).map_err(Error::file("making", &tmp))?;
        let task = Unpack {
            path: zip.path.clone(),
            name: "the file".to_owned(),
            into: folder.path().to_owned(),
            most_bytes: self.inner.blobs.max_bytes(),
        };
        let files = self.inner.isolation.ask(task).await?.ok_or_else(no_export)?;
        let document = files.iter().find(|file| file.name == DOCUMENT).ok_or_else(no_export)?.path.clone();
        let document = blocking(move || read(&document)).await?;
        let known = parsed(document.clone())?;
        visitor.edits_model(known.investigation.model.trim())?;
        checked(&known)?;
        let arrived = self.arrived(&known, &files).await?;
        let document = self.with_files(document, known, arrived).await?;
        let exhibits: BTreeMap<String, String> = document.exhibits.iter().cloned().collect();
        let inputs = document.investigation.inputs.iter().map(|input| (input.role, input.snapshot.id.clone()));
        let inputs: Vec<(SnapshotRole, String)> = inputs.collect();
        let id = document.investigation.id.clone();
        let kind = EventKind::Imported { exported_at_ms: document.exported_at_ms };
        let event = Along::Event { investigation: &id, actor, kind: &kind };
        let job = Along::Job { kind: JobKind::Diagnose, subject: &id };
        let along = if inputs.is_empty() { &[event][..] } else { &[event, job] };
        self.inner.store.insert_imported(&document.investigation, &inputs, &exhibits, along).await?;
        self.wake_workers();
        Ok(id)
    }

    /// The bytes of its files, each of which is the one that was exported.
    async fn arrived(&self, known: &Document, files: &[UnpackedFile]) -> Result<Vec<Unnamed>, Problem> {
        // An input without its bytes would name a file that is here already, whoever may see it.
        let comes = |input: &PinnedInput| known.files.iter().any(|file| file.snapshot == input.snapshot.id);
        if let Some(input) = known.investigation.inputs.iter().find(|input| !comes(input)) {
            return Err(changed(&format!("The file {} is not in it.", input.snapshot.name)));
        }
        let mut arrived = Vec::with_capacity(known.files.len());
        for file in &known.files {
            let unpacked = files.iter().find(|one| one.name == file.file);
            let unpacked = unpacked.ok_or_else(|| changed(&format!("The file {} is not in it.", file.file)))?;
            let input = known.investigation.inputs.iter().find(|input| input.snapshot.id == file.snapshot);
            let input = input.ok_or_else(|| changed(&format!("Nothing says what {} is.", file.file)))?;
            let (blobs, path) = (self.inner.blobs.clone(), unpacked.path.clone());
            // Dropped without a name, its bytes go again.
            let unnamed = Unnamed::of(self, blocking(move || stored(&path, &blobs)).await?);
            if unnamed.blob().sha256 != input.snapshot.sha256 {
                return Err(changed(&format!("The file {} is not the one that was exported.", file.file)));
            }
            arrived.push(unnamed);
        }
        Ok(arrived)
    }

    /// Keeps the files, and gives everything its new id.
    async fn with_files(
        &self,
        mut document: Value,
        known: Document,
        arrived: Vec<Unnamed>,
    ) -> Result<Document, Problem> {
        let mut ids = ids_of(&known.investigation);
        for (file, unnamed) in known.files.iter().zip(arrived) {
            let named = known.investigation.inputs.iter().find(|input| input.snapshot.id == file.snapshot);
            let name = line("the name of a file", named.map_or("file", |input| &input.snapshot.name))?;
            let snapshot = self.keep(unnamed, &name, "import", file.options.clone()).await?;
            ids.insert(file.snapshot.clone(), snapshot.id);
        }
        // What was frozen stays as it was, byte for byte; only the ids in front of it are new.
        document["exhibits"] = Value::Array(Vec::new());
        new_ids::put(&mut document, &ids);
        name_strangers(&mut document["investigation"]);
        let mut document: Document = parsed(document)?;
        document.investigation.title = required_line("a title", &document.investigation.title)?;
        document.investigation.model = checked_name(&document.investigation.model)?;
        let renamed = |(id, json): (String, String)| (ids.get(&id).cloned().unwrap_or(id), json);
        document.exhibits = known.exhibits.into_iter().map(renamed).collect();
        Ok(document)
    }
}

fn read(path: &Path) -> Result<Value, Problem> {
    let file = File::open(path).map_err(Error::file("opening", path))?;
    if file.metadata().map_err(Error::file("reading", path))?.len() > DOCUMENT_BYTES {
        return Err(Problem::new(ProblemKind::TooLarge, "What people said in this investigation is over 100 MB."));
    }
    let document =
        serde_json::from_reader(std::io::BufReader::new(file)).map_err(|error| changed(&error.to_string()))?;
    match has_nul(&document) {
        // PostgreSQL can't store it in text, and nothing shows it.
        true => Err(changed("A text in it has a character that no text has.")),
        false => Ok(document),
    }
}

fn parsed(document: Value) -> Result<Document, Problem> {
    let format = document["mismatch_investigation"].as_u64();
    if format.is_some_and(|format| format > u64::from(FORMAT)) {
        return Err(Problem::bad_input(
            "A newer version of Mismatch wrote this file. Import it there, or update this one.",
        ));
    }
    serde_json::from_value(document).map_err(|error| changed(&error.to_string()))
}

/// A new id for everything of its own that has one.
fn ids_of(investigation: &Investigation) -> BTreeMap<String, String> {
    own_ids(investigation).map(|id| (id.clone(), new_id())).collect()
}

/// Ids stand in addresses and in the database: each is one of ours by its letters, and names one thing.
fn checked_ids(document: &Document) -> Result<(), Problem> {
    let snapshots = document.investigation.inputs.iter().map(|input| &input.snapshot.id);
    let mut known = BTreeSet::new();
    for id in own_ids(&document.investigation).chain(snapshots) {
        if uuid::Uuid::try_parse(id).is_err() || id.len() != new_ids::LENGTH {
            return Err(changed("An id in it is not one that Mismatch gives."));
        }
        if !known.insert(id) {
            return Err(changed("Two things in it have the same id."));
        }
    }
    Ok(())
}

fn own_ids(investigation: &Investigation) -> impl Iterator<Item = &String> {
    let own = [&investigation.id].into_iter();
    let notes = investigation.notes.iter().map(|note| &note.id);
    let hypotheses = investigation.hypotheses.iter().map(|one| &one.id);
    let evidence = investigation.evidence.iter().map(|piece| &piece.id);
    let follow_ups = investigation.follow_ups.iter().map(|one| &one.id);
    own.chain(notes).chain(hypotheses).chain(evidence).chain(follow_ups)
}

/// Marks the names of people: here, nobody of that name said it.
fn name_strangers(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(name_strangers),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if NAMES.contains(&name.as_str()) => mark(text),
                    value => name_strangers(value),
                }
            }
        }
        _ => {}
    }
}

fn mark(name: &mut String) {
    let is_known = *name != Actor::Anonymous.as_str() && !name.is_empty();
    if is_known && !name.ends_with(IMPORTED) {
        let kept: String = name.chars().take(300 - IMPORTED.len()).collect();
        *name = format!("{kept}{IMPORTED}");
    }
}

/// What holds for everything that people say here.
fn checked(document: &Document) -> Result<(), Problem> {
    let one = &document.investigation;
    required_line("a title", &one.title)?;
    checked_name(&one.model)?;
    let most = [
        (one.inputs.len(), MAX_INPUTS),
        (one.evidence.len(), MOST_PIECES),
        (one.hypotheses.len(), MOST_OWN),
        (one.notes.len(), MOST_NOTES),
        (one.events.len(), MOST_SAID),
        (one.follow_ups.len(), MOST_FOLLOW_UPS),
        (one.symptoms.len(), MOST_SYMPTOMS),
        (one.mutes.len(), MOST_SAID),
        (one.decisions.len(), MOST_SAID),
    ];
    if most.iter().any(|(count, most)| count > most) {
        return Err(Problem::new(ProblemKind::TooLarge, "The investigation holds more than one here can."));
    }
    checked_ids(document)?;
    one.incident.clone().checked()?;
    for link in &one.incident.links {
        line("the words of an address", &link.words)?;
        IncidentLink::new(&link.words, &link.url)?;
    }
    let lines = one.hypotheses.iter().map(|one| &one.statement).chain(one.follow_ups.iter().map(|one| &one.task));
    for said in lines {
        line("a line in it", said)?;
    }
    for title in one.evidence.iter().map(|piece| &piece.title) {
        text("A title in it", title)?;
    }
    for symptom in &one.symptoms {
        line("a symptom", symptom.words())?;
    }
    let notes = one.notes.iter().map(|note| &note.text).chain(one.evidence.iter().map(|piece| &piece.caption));
    let decided = one.decisions.iter().map(|one| &one.note).chain(one.statuses.iter().map(|one| &one.note));
    for said in notes.chain(decided).chain(one.mutes.iter().map(|mute| &mute.note)).chain(&one.verdict) {
        text("A text in it", said)?;
    }
    for piece in &one.evidence {
        let exhibit = document.exhibits.iter().find(|(id, _)| *id == piece.id).map(|(_, json)| json);
        let exhibit = exhibit.ok_or_else(|| changed("A piece of evidence is not in it."))?;
        let is_whole = exhibit.len() <= EXHIBIT_BYTES
            && sha256_hex(exhibit.as_bytes()) == piece.sha256
            && serde_json::from_str::<Exhibit>(exhibit).is_ok();
        if !is_whole {
            return Err(changed(&format!("The evidence \u{201c}{}\u{201d} does not fit its hash.", piece.title)));
        }
    }
    Ok(())
}

fn no_export() -> Problem {
    Problem::bad_input(
        "This is not an exported investigation: a zip with the file investigation.json. Nothing was kept.",
    )
}

fn changed(why: &str) -> Problem {
    Problem::bad_input(format!("This exported investigation is damaged or was changed. {why} Nothing was kept."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whoever_said_something_elsewhere_is_marked_once() {
        let mut said = json!({
            "owner": "Ada", "notes": [{"author": "Grace", "text": "author"}], "incident": {"assignee": "someone"},
            "events": [{"author": "Ada (imported)"}]
        });
        name_strangers(&mut said);
        let expected = json!({
            "owner": "Ada (imported)", "notes": [{"author": "Grace (imported)", "text": "author"}],
            "incident": {"assignee": "someone"}, "events": [{"author": "Ada (imported)"}]
        });
        assert_eq!(said, expected);
        let mut long = "a".repeat(300);
        mark(&mut long);
        assert_eq!(long.len(), 300);
    }
}
