//! Lists of packages and the observations of Mismatch itself, on small files of their kinds and on anything else.

use std::path::{Path, PathBuf};

use domain::observation::{Environment, Stage};
use proptest::prelude::*;

use super::super::*;
use super::every_connector;
use crate::seen::text_of;

/// Connectors whose fixtures the engine's tests share.
pub(super) const IDS: [&str; 8] =
    ["native", "uv_lock", "poetry_lock", "pipfile_lock", "conda_environment", "conda_list", "pip_list", "requirements"];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/fixtures/artifacts").join(name)
}

fn read_fixture(name: &str) -> Artifact {
    let path = fixture(name);
    let file = path.file_name().unwrap().to_str().unwrap();
    read(&std::fs::read(&path).unwrap(), file).unwrap().unwrap_or_else(|| panic!("{name} is not recognised"))
}

fn read_text(text: &str, name: &str) -> Option<Artifact> {
    read(text.as_bytes(), name).unwrap()
}

fn versions(text: &str) -> Vec<(String, String)> {
    let artifact = read_text(text, "file").unwrap();
    artifact.brought.observations.environments[0].packages.clone().into_iter().collect()
}

#[test]
fn every_kind_is_recognised_by_its_content_and_read_whole() {
    let kinds = [
        ("faulty/training-requirements.txt", "requirements"),
        ("faulty/serving-requirements.txt", "requirements"),
        ("formats/pip_list.json", "pip_list"),
        ("formats/conda_list.json", "conda_list"),
        ("formats/environment.yml", "conda_environment"),
        ("formats/uv.lock", "uv_lock"),
        ("formats/poetry.lock", "poetry_lock"),
        ("formats/Pipfile.lock", "pipfile_lock"),
        ("faulty/observations.json", "native"),
        ("clean/observations.json", "native"),
    ];
    for (name, id) in kinds {
        let path = fixture(name);
        // Whatever it is called.
        let found = recognise(&std::fs::read(&path).unwrap());
        assert_eq!(found.map(|connector| connector.id), Some(id), "{name}");
    }
    let read: Vec<(&str, Vec<Environment>)> = kinds
        .iter()
        .filter(|(name, _)| name.starts_with("formats/"))
        .map(|(name, _)| (*name, read_fixture(name).brought.observations.environments))
        .collect();
    insta::assert_json_snapshot!("environments_of_every_format", read);
}

#[test]
fn what_was_read_can_be_looked_at() {
    let preview = read_fixture("faulty/observations.json").preview(200);
    let lines: Vec<String> = preview
        .rows
        .iter()
        .map(|row| row.iter().map(|cell| cell.as_deref().unwrap_or("–")).collect::<Vec<_>>().join(" | "))
        .collect();
    insta::assert_snapshot!("facts_of_the_faulty_observations", lines.join("\n"));
    assert_eq!(read_fixture("faulty/observations.json").preview(2).rows.len(), 2);
}

#[test]
fn requirements_are_read_as_pip_reads_them() {
    let text = "# a comment\n\
        --index-url https://example.org/simple\n\
        -r base.txt\n\
        Scikit_Learn[alldeps,extra]==1.4.2 ; python_version >= \"3.9\"  # pinned\n\
        numpy == 1.26.4 \\\n    --hash=sha256:0123 \\\n    --hash=sha256:4567\n\
        pandas>=2,<3\n\
        joblib\n\
        zope.interface===6.0\n\
        torch==2.1.*\n\
        colorama==0.4.6; sys_platform == 'win32'\n\
        colorama==0.4.5; sys_platform != 'win32'\n\
        -e git+https://example.org/ml/features.git@0123#egg=Features\n\
        -e .\n\
        localpkg @ file:///wheels/localpkg-1.0%2Bcpu-py3-none-any.whl\n\
        https://example.org/wheels/other_pkg-2.0-py3-none-any.whl\n";
    let expected = [
        ("colorama", ""),
        ("features", ""),
        ("joblib", ""),
        ("localpkg", "1.0+cpu"),
        ("numpy", "1.26.4"),
        ("other-pkg", "2.0"),
        ("pandas", ""),
        ("scikit-learn", "1.4.2"),
        ("torch", "2.1.*"),
        ("zope-interface", "6.0"),
    ];
    assert_eq!(versions(text), expected.map(|(name, version)| (name.to_owned(), version.to_owned())));
}

#[test]
fn tables_and_other_texts_are_no_artifacts() {
    let others = [
        "",
        "a,b\n1,2\n",
        "name;version\nnumpy;1.26.4\n",
        "name\nnumpy\npandas\n",
        "x\n1==2\n",
        "{\"a\": 1}\n{\"a\": 2}\n",
        "[{\"name\": \"credit\", \"version\": \"3\"}, {\"name\": \"fraud\", \"version\": \"4\"}]",
        "[{\"name\": \"a\", \"version\": \"1.0\", \"amount\": 3}]",
        "- a\n- b\n",
        "dependencies:\n- numpy\nversion: 2\n",
        "version = 4\n\n[[package]]\nname = \"serde\"\nversion = \"1.0.0\"\nsource = \"registry+https://example.org\"\n",
        "FROM python:3.11\nRUN pip install numpy==1.26.4\n",
        "epoch,loss\n1,0.5\n",
    ];
    for text in others {
        assert!(read_text(text, "train-requirements.txt").is_none(), "{text:?}");
    }
}

#[test]
fn utf_16_with_its_mark_is_text() {
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend("numpy==1.26.4\r\n".encode_utf16().flat_map(u16::to_le_bytes));
    let text = text_of(&bytes).unwrap();
    assert!(recognise(&bytes).is_some_and(|connector| connector.id == "requirements"));
    assert_eq!(text, "numpy==1.26.4\r\n");
    assert_eq!(text_of(&[0xff, 0x00, 0x12]), None);
    assert_eq!(text_of("é".as_bytes().split_last().unwrap().1).as_deref(), Some(""));
}

#[test]
fn the_name_says_the_stage_where_the_content_does_not() {
    let stage = |name: &str| read_text("numpy==1.26.4\n", name).unwrap().brought.observations.environments[0].clone();
    assert_eq!(stage("train.txt").stage, Some(Stage::Training));
    assert_eq!(stage("requirements-prod.txt").stage, Some(Stage::Serving));
    assert_eq!(stage("pip_freeze_serve.txt").stage, Some(Stage::Serving));
    assert_eq!(stage("inferenceRequirements.txt").stage, Some(Stage::Serving));
    assert_eq!(stage("requirements.txt").stage, None);
    assert_eq!(stage("train_and_serve.txt").stage, None);
    assert_eq!(stage("train.txt").source, "train.txt");
    let unknown = read_text("numpy==1.26.4\n", "requirements.txt").unwrap();
    assert_eq!(unknown.notes().len(), 1);
    assert!(read_text("numpy==1.26.4\n", "train.txt").unwrap().notes().is_empty());
}

#[test]
fn what_is_broken_or_too_large_is_told_in_a_sentence() {
    let told = |text: &str| read(text.as_bytes(), "given").err().map(|problem| problem.message).unwrap_or_default();
    assert!(told("{\"mismatch_observations\": 1}").contains("no observation"));
    assert!(told("{\"mismatch_observations\": 1,").contains("not valid JSON"));
    assert!(told("version = 1\nrequires-python = \">=3\"\n[[package]]\nname = ").contains("lock file"));
    assert!(told("dependencies: [numpy, pandas]\n").contains("line 1"));
}

/// Pieces that the formats are made of, so that arbitrary texts come near them.
fn nearly() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\",
        "\n",
        " ",
        "  - ",
        "- ",
        "=",
        "==",
        "@",
        "#egg=",
        "://",
        ";",
        "numpy",
        "1.2",
        "[[package]]\n",
        "name = ",
        "version = ",
        "requires-python = ",
        "lock-version = ",
        "content-hash = ",
        "\"a\"",
        "dependencies:\n",
        "pip:\n",
        "\"mismatch_observations\": 1",
        "\"series\": ",
        "\"points\": ",
        "NaN",
        "-Infinity",
        "\"name\": ",
        "\"version\": ",
        "é",
        "\u{0}",
        ".whl",
        "-a-b-c",
        "é.whl",
        "'",
        "::",
        "null",
        "1e999",
        "-",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_bytes_make_a_connector_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        every_connector(&bytes);
        every_connector(String::from_utf8_lossy(&bytes).as_bytes());
        let _ = text_of(&bytes);
    }

    #[test]
    fn no_text_that_is_nearly_an_artifact_makes_a_connector_panic(text in nearly()) {
        every_connector(text.as_bytes());
    }
}
