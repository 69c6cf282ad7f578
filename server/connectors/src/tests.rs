//! What the connectors recognise and read: each file of `fixtures/ID` by the connector of that id, and none of them when it is
//! broken in a way that harms.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod environments;

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;

/// Every fixture with the id of its connector, in the order of names.
fn fixtures() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut found = Vec::new();
    let entries =
        |folder: &Path| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    for kind in entries(&folder).into_iter().filter(|path| path.is_dir()) {
        let id = kind.file_name().unwrap().to_str().unwrap().to_owned();
        found.extend(entries(&kind).into_iter().map(|file| (id.clone(), file)));
    }
    found.sort();
    found
}

/// What a person sees of an artifact before anything is judged, and what is said of what was left.
fn shown(artifact: &Artifact) -> String {
    let lines =
        artifact.preview(60).rows.into_iter().map(|row| {
            row.into_iter().map(|cell| cell.unwrap_or_else(|| "–".to_owned())).collect::<Vec<_>>().join(" | ")
        });
    let kinds = artifact.brought.kinds().into_iter().map(|(kind, count)| format!("{count} {kind}"));
    let version = artifact.brought.tool_version.clone().unwrap_or_default();
    let head = format!("{} {version}: {}", artifact.tool(), kinds.collect::<Vec<_>>().join(", "));
    let left = artifact.brought.left.iter().map(|left| format!("left: {left}"));
    let warned = artifact.notes().into_iter().map(|note| format!("note: {}", note.message));
    std::iter::once(head).chain(lines).chain(left).chain(warned).collect::<Vec<_>>().join("\n")
}

/// Has each connector read the bytes, whether or not it takes them for its own.
fn every_connector(bytes: &[u8]) {
    let seen = Seen::of(bytes);
    for connector in all() {
        let _ = (connector.recognise)(&seen);
        if let Ok(mut brought) = (connector.read)(&Given::of(bytes, "file")) {
            brought.complete("file");
            facts::preview(&brought, 50);
        }
    }
}

#[test]
fn each_fixture_is_recognised_whatever_it_is_called_and_read() {
    for (id, path) in fixtures() {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let found = recognise(&bytes).map(|connector| connector.id);
        assert_eq!(found, Some(id.as_str()), "{}", path.display());
        let artifact = read(&bytes, name).unwrap_or_else(|problem| panic!("{id}: {}", problem.message)).unwrap();
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(format!("{id}__{name}"), shown(&artifact));
        });
    }
}

#[test]
fn each_connector_has_a_fixture_and_says_what_it_is() {
    let mut ids = std::collections::BTreeSet::new();
    let with_fixture: std::collections::BTreeSet<String> = fixtures().into_iter().map(|(id, _)| id).collect();
    for connector in all() {
        assert!(ids.insert(connector.id), "{} is registered twice", connector.id);
        for said in [connector.tool, connector.words, connector.proven_on, connector.takes, connector.leaves] {
            assert!(!said.trim().is_empty(), "{} lacks a word", connector.id);
        }
        let elsewhere = environments::IDS.contains(&connector.id);
        assert!(elsewhere || with_fixture.contains(connector.id), "{} has no fixture", connector.id);
    }
    assert_eq!(with_fixture.iter().find(|id| !ids.contains(id.as_str())), None);
}

#[test]
fn a_fixture_that_is_cut_or_whose_values_have_other_types_harms_nobody() {
    for (_, path) in fixtures() {
        let bytes = std::fs::read(&path).unwrap();
        for seventh in 0..7 {
            every_connector(&bytes[..bytes.len() * seventh / 7]);
        }
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let swapped = [
            text.replace('"', "").into_bytes(),
            text.replace(['0', '1', '2', '3'], "9e999").into_bytes(),
            text.replace(": {", ": [{").into_bytes(),
            text.replace("true", "null").replace("false", "[]").into_bytes(),
            text.replace(": \"", ": -1, \"x\": \"").into_bytes(),
        ];
        for bytes in swapped {
            every_connector(&bytes);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Bytes of a fixture changed at some places.
    #[test]
    fn changed_bytes_harm_nobody(which in any::<prop::sample::Index>(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let all = fixtures();
        let (_, path) = which.get(&all);
        let mut bytes = std::fs::read(path).unwrap();
        if !bytes.is_empty() {
            for (place, byte) in changes {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
        }
        every_connector(&bytes);
    }
}
