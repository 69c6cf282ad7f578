//! Every kept file and every fixture again, without a fuzzer.

use std::path::{Path, PathBuf};

type Target = fn(&[u8]);

/// A target and the folders with its files, seen from this package.
const TARGETS: [(&str, Target, &[&str]); 4] = [
    ("text", fuzz::text, &["kept/text", "../../engine/fixtures/nasty"]),
    ("streamed", fuzz::streamed, &["kept/streamed", "../../engine/fixtures/nasty"]),
    ("columnar", fuzz::columnar, &["kept/columnar", "../../engine/fixtures/nasty"]),
    (
        "artifact",
        fuzz::artifact,
        &[
            "kept/artifact",
            "../../engine/fixtures/artifacts",
            "../../engine/fixtures/items",
            "../../connectors/fixtures",
        ],
    ),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn replay(name: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (_, target, folders) = TARGETS.iter().find(|(target, ..)| *target == name).expect("the target is listed");
    for folder in *folders {
        let files = files(&root.join(folder));
        assert!(!files.is_empty(), "{folder} holds nothing");
        for path in files {
            println!("{}", path.display());
            target(&std::fs::read(path).expect("a kept file can be read"));
        }
    }
}

#[test]
fn text_files_are_read_or_refused() {
    replay("text");
}

#[test]
fn converted_files_are_the_tables_they_are_in_memory() {
    replay("streamed");
}

#[test]
fn columnar_files_are_read_or_refused() {
    replay("columnar");
}

#[test]
fn artifacts_are_read_or_refused() {
    replay("artifact");
}
