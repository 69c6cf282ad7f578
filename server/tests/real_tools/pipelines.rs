//! The recipes of `docs/pipelines`, run as a pipeline runs them: a repository with data, the gate, and a code host that takes
//! comments.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use axum::extract::{Path as Param, State};
use axum::routing::{get, patch, put};
use axum::{Json, Router};
use serde_json::{Value, json};

fn recipes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/pipelines")
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/fixtures/faults/01").join(name)
}

/// The search path with the program in front.
fn path() -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_mismatch")).parent().unwrap().to_owned();
    format!("{}:{}", program.display(), std::env::var("PATH").unwrap())
}

/// A repository with train and served rows.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let done = Command::new("git").args(arguments).current_dir(folder.path()).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    git(&["init", "--quiet"]);
    std::fs::copy(fixture("a.csv"), folder.path().join("train.csv")).unwrap();
    std::fs::copy(fixture("a.csv"), folder.path().join("serve.csv")).unwrap();
    git(&["add", "."]);
    git(&["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "--message", "Data"]);
    folder
}

fn gate(repository: &Path, against: &str) -> Output {
    let roles = ["--label", "repaid", "--prediction", "y_pred", "--score", "y_proba", "--id", "row_id"];
    Command::new(recipes().join("gate.sh"))
        .args(["--train", "train.csv", "--serve", "serve.csv"])
        .args(roles)
        .args(["--time", "event_time", "--group", "customer_id"])
        .env("PATH", path())
        .env("MISMATCH_AGAINST", against)
        .current_dir(repository)
        .output()
        .unwrap()
}

fn read(repository: &Path, name: &str) -> String {
    std::fs::read_to_string(repository.join("mismatch-report").join(name)).unwrap()
}

#[test]
#[ignore = "needs sh and git; `cargo xtask test` runs it"]
fn real_gate_closes_for_what_is_new_and_opens_for_what_was_known() {
    let repository = repository();
    let at = repository.path();
    assert_eq!(gate(at, "").status.code(), Some(0));
    assert!(read(at, "comment.md").starts_with("<!-- mismatch-gate -->\n**Mismatch.** The gate is open."));

    std::fs::copy(fixture("b.csv"), at.join("serve.csv")).unwrap();
    let closed = gate(at, "baseline.json");
    assert_eq!(closed.status.code(), Some(1), "{closed:?}");
    let comment = read(at, "comment.md");
    assert!(comment.contains("The gate is closed") && comment.contains("car\\_value"), "{comment}");
    assert!(read(at, "mismatch.xml").contains("<failure"));
    assert!(read(at, "mismatch.html").starts_with("<!doctype html>"));

    std::fs::copy(at.join("mismatch-report/mismatch.json"), at.join("baseline.json")).unwrap();
    let known = gate(at, "baseline.json");
    assert_eq!(known.status.code(), Some(0), "{known:?}");
    let comment = read(at, "comment.md");
    assert!(comment.contains("no finding is new") && !comment.contains("## Findings"), "{comment}");
    assert!(!read(at, "mismatch.xml").contains("<failure"));
    let sarif: Value = serde_json::from_str(&read(at, "mismatch.sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().filter(|one| one["kind"] == "fail").all(|one| one["baselineState"] == "unchanged"));

    std::fs::copy(fixture("a.csv"), at.join("serve.csv")).unwrap();
    assert_eq!(gate(at, "baseline.json").status.code(), Some(0));
    assert!(read(at, "comment.md").contains("gone"), "{}", read(at, "comment.md"));

    std::fs::write(at.join("serve.csv"), "").unwrap();
    let refused = gate(at, "baseline.json");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().lines().all(|line| line.starts_with("mismatch: ")));
    assert!(read(at, "comment.md").contains("Nothing was judged"), "{}", read(at, "comment.md"));
}

/// A comment of somebody who knows the marker.
const THEIRS: &str = "<!-- mismatch-gate -->\nLooks good to me.";

/// The comments of one pull request, as a code host keeps them.
type Comments = Arc<Mutex<Vec<String>>>;

async fn code_host(comments: Comments) -> std::net::SocketAddr {
    let listed = |State(comments): State<Comments>| async move {
        let all = comments.lock().unwrap();
        // The first is somebody else's.
        let of = |(id, body): (usize, &String)| {
            let login = if id == 0 { "mallory" } else { "github-actions[bot]" };
            json!({"id": id, "body": body, "user": {"login": login}, "author": {"id": id.min(1)}})
        };
        Json(all.iter().enumerate().map(of).collect::<Vec<Value>>())
    };
    let added = |State(comments): State<Comments>, Json(body): Json<Value>| async move {
        comments.lock().unwrap().push(body["body"].as_str().unwrap().to_owned());
        Json(json!({}))
    };
    let changed = |State(comments): State<Comments>, Param(id): Param<usize>, Json(body): Json<Value>| async move {
        comments.lock().unwrap()[id] = body["body"].as_str().unwrap().to_owned();
        Json(json!({}))
    };
    let router = Router::new()
        .route("/repos/ada/loans/issues/7/comments", get(listed).post(added))
        .route("/repos/ada/loans/issues/comments/{id}", patch(changed))
        .route("/user", get(async || Json(json!({"id": 1}))))
        .route("/projects/12/merge_requests/7/notes", get(listed).post(added))
        .route("/projects/12/merge_requests/7/notes/{id}", put(changed))
        .with_state(comments);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

async fn comment(host: &'static str, file: PathBuf, at: std::net::SocketAddr) -> Output {
    let command = move || {
        Command::new("python3")
            .arg(recipes().join("comment.py"))
            .arg(host)
            .arg(file)
            .envs([
                ("GITHUB_API_URL", format!("http://{at}")),
                ("GITHUB_REPOSITORY", "ada/loans".to_owned()),
                ("GITHUB_TOKEN", "secret".to_owned()),
                ("PULL_REQUEST", "7".to_owned()),
                ("CI_API_V4_URL", format!("http://{at}")),
                ("CI_PROJECT_ID", "12".to_owned()),
                ("CI_MERGE_REQUEST_IID", "7".to_owned()),
                ("GITLAB_TOKEN", "secret".to_owned()),
            ])
            .output()
            .unwrap()
    };
    tokio::task::spawn_blocking(command).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs python3; `cargo xtask test` runs it"]
async fn real_comment_is_one_that_is_kept_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("comment.md");
    for host in ["github", "gitlab"] {
        let comments: Comments = Arc::new(Mutex::new(vec![THEIRS.to_owned()]));
        let at = code_host(Arc::clone(&comments)).await;
        for text in ["<!-- mismatch-gate -->\nclosed", "<!-- mismatch-gate -->\nopen"] {
            std::fs::write(&file, text).unwrap();
            let done = comment(host, file.clone(), at).await;
            assert!(done.status.success(), "{host}: {done:?}");
            assert_eq!(*comments.lock().unwrap(), [THEIRS, text], "{host}");
        }
        let nowhere = comment(host, folder.path().join("absent.md"), at).await;
        assert_eq!(nowhere.status.code(), Some(1), "{nowhere:?}");
    }
}
