//! What was kept stays kept: whatever database a start finds, nothing that may be somebody's is lost or hidden.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::investigation::NewInvestigation;
use domain::job::{Job, JobState};
use domain::listing::ListQuery;
use domain::snapshot::{Roles, SnapshotRole};
use domain::visitor::Sight;
use domain::{Actor, Problem, ProblemKind};
use service::store::{Store, sqlite_url};
use service::{Service, ServiceConfig};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

async fn open(data: &Path) -> Service {
    Service::open(ServiceConfig::new(data)).await.unwrap()
}

async fn refused(data: &Path) -> Problem {
    let opening = Service::open(ServiceConfig::new(data));
    tokio::time::timeout(Duration::from_secs(5), opening).await.unwrap().err().unwrap()
}

fn table(factor: f64) -> String {
    let rows = (0..300).map(|row| format!("{row},{:.2}\n", factor * f64::from(row % 97)));
    std::iter::once("id,amount\n".to_owned()).chain(rows).collect()
}

async fn upload(service: &Service, name: &str, factor: f64) -> String {
    let mut upload = service.begin_upload(name).await.unwrap();
    upload.write(table(factor).as_bytes()).await.unwrap();
    upload.finish().await.unwrap().id
}

/// An investigation of one file; its id.
async fn investigated(service: &Service) -> String {
    let train = upload(service, "train.csv", 1.0).await;
    let inputs = vec![(SnapshotRole::Train, train)];
    let new = NewInvestigation { title: "Kept?".into(), inputs, ..NewInvestigation::default() };
    service.create_investigation(new).await.unwrap().id
}

async fn until_over(service: &Service, subject: &str) -> Job {
    let job = service.latest_job(subject).await.unwrap().unwrap();
    let mut watched = service.watch_job(&job.id).await.unwrap();
    while watched.changed().await.is_ok() {}
    service.job(&job.id).await.unwrap()
}

fn stored_files(data: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(data.join("blobs")).unwrap().map(|entry| entry.unwrap().path());
    folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())).collect()
}

async fn database(data: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(data.join("mismatch.db"))).await.unwrap()
}

#[tokio::test]
async fn a_start_without_its_database_is_refused_and_loses_nothing() {
    let data = tempfile::tempdir().unwrap();
    let (database, away) = (data.path().join("mismatch.db"), data.path().join("away.db"));
    let service = open(data.path()).await;
    let id = investigated(&service).await;
    service.shut_down().await;
    drop(service);
    fs::rename(&database, &away).unwrap();

    let problem = refused(data.path()).await;
    assert_eq!(problem.kind, ProblemKind::Conflict);
    assert!(problem.message.contains("holds 1 stored file,"), "{}", problem.message);
    assert!(problem.message.contains("mismatch.db") && problem.message.contains("--data"), "{}", problem.message);
    assert!(!database.exists(), "nothing is made beside the files");
    // An emptied one, and one with tables but without rows, are as wrong as none; so they are when only brought up to date.
    fs::write(&database, "").unwrap();
    assert_eq!(refused(data.path()).await.kind, ProblemKind::Conflict);
    Store::open(&sqlite_url(&database)).await.unwrap().close().await;
    assert_eq!(refused(data.path()).await.kind, ProblemKind::Conflict);
    assert!(Service::migrate(&ServiceConfig::new(data.path())).await.is_err());
    assert_eq!(stored_files(data.path()).len(), 1);

    fs::rename(&away, &database).unwrap();
    let service = open(data.path()).await;
    assert_eq!(until_over(&service, &id).await.state, JobState::Done);
}

fn orphan(data: &Path) -> PathBuf {
    let path = data.join("blobs/ab").join("ab".repeat(32));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "made durable, never acknowledged").unwrap();
    path
}

/// The process ended between the bytes of the very first upload and their row.
#[tokio::test]
async fn a_first_upload_that_was_killed_is_set_aside() {
    let data = tempfile::tempdir().unwrap();
    open(data.path()).await.shut_down().await;
    let orphan = orphan(data.path());
    let service = open(data.path()).await;
    assert!(!orphan.exists() && data.path().join("aside").join("ab".repeat(32)).exists());
    let id = investigated(&service).await;
    assert_eq!(until_over(&service, &id).await.state, JobState::Done);
    service.shut_down().await;
    drop(service);

    // The same database with its rows lost is refused, for it once had some.
    let mut rows = database(data.path()).await;
    for table in ["share_links", "diagnoses", "investigation_inputs", "jobs", "snapshots"] {
        sqlx::query(sqlx::AssertSqlSafe(format!("delete from {table}"))).execute(&mut rows).await.unwrap();
    }
    rows.close().await.unwrap();
    let problem = refused(data.path()).await;
    assert_eq!(problem.kind, ProblemKind::Conflict);
    assert!(problem.message.contains("holds 1 stored file,"), "{}", problem.message);
}

/// What versions before this one left has no id: it gets one, and the files alone say what belongs together.
async fn forget_the_installation(data: &Path) {
    fs::remove_file(data.join("installation.json")).unwrap();
    forget_the_installation_of_database(data).await;
}

async fn forget_the_installation_of_database(data: &Path) {
    let mut rows = database(data).await;
    sqlx::query("delete from installation").execute(&mut rows).await.unwrap();
    rows.close().await.unwrap();
}

#[tokio::test]
async fn the_database_of_another_installation_is_refused() {
    let [one, other] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for (data, name) in [(&one, "one.csv"), (&other, "other.csv")] {
        let service = open(data.path()).await;
        upload(&service, name, name.len() as f64).await;
        service.shut_down().await;
    }
    let mark = |data: &Path| fs::read_to_string(data.join("installation.json")).unwrap();
    let id_of = |data: &Path| mark(data).split('"').nth(3).unwrap().to_owned();
    let (database, own) = (one.path().join("mismatch.db"), one.path().join("own.db"));
    fs::rename(&database, &own).unwrap();
    fs::copy(other.path().join("mismatch.db"), &database).unwrap();
    let before = fs::read(&database).unwrap();
    let problem = refused(one.path()).await;
    assert_eq!(problem.kind, ProblemKind::Conflict);
    for words in [id_of(one.path()), id_of(other.path()), "--data".into(), "installation.json".into()] {
        assert!(problem.message.contains(&words), "{words} is not in: {}", problem.message);
    }
    assert_eq!(fs::read(&database).unwrap(), before, "nothing is written into somebody else's database");
    assert_eq!((stored_files(one.path()).len(), one.path().join("aside").exists()), (1, false));

    // Without ids, it is told by the files that it does not know.
    forget_the_installation(one.path()).await;
    assert!(refused(one.path()).await.message.contains("knows of none"));
    fs::rename(&own, &database).unwrap();
    forget_the_installation_of_database(one.path()).await;
    open(one.path()).await.shut_down().await;
    let given = mark(one.path());
    open(one.path()).await.shut_down().await;
    assert_eq!(mark(one.path()), given);
    // A folder that lost its mark takes the id of its database, and a restored database that of its folder.
    fs::remove_file(one.path().join("installation.json")).unwrap();
    open(one.path()).await.shut_down().await;
    assert_eq!(mark(one.path()), given);
    forget_the_installation_of_database(one.path()).await;
    open(one.path()).await.shut_down().await;
    assert_eq!(mark(one.path()), given);

    fs::write(one.path().join("installation.json"), "{").unwrap();
    assert!(refused(one.path()).await.message.contains("installation.json is damaged"));
}

#[tokio::test]
async fn a_damaged_database_is_called_damaged_and_left_as_it_is() {
    let data = tempfile::tempdir().unwrap();
    let service = open(data.path()).await;
    investigated(&service).await;
    service.shut_down().await;
    drop(service);
    let path = data.path().join("mismatch.db");
    let whole = fs::read(&path).unwrap();
    let mut headless = whole.clone();
    headless[..100].fill(0);
    let mut holed = whole.clone();
    holed[whole.len() / 4..whole.len() * 3 / 4].fill(0xa5);
    for damaged in [headless, holed, whole[..whole.len() / 2].to_vec()] {
        fs::write(&path, &damaged).unwrap();
        let problem = refused(data.path()).await;
        assert!(problem.message.contains("mismatch.db is damaged"), "{}", problem.message);
        assert!(problem.message.contains("backup"), "{}", problem.message);
        assert_eq!(fs::read(&path).unwrap(), damaged);
    }
    fs::write(&path, &whole).unwrap();
    open(data.path()).await;
}

/// As a server of before the log was written back left it when it was killed: everything is in the log.
#[tokio::test]
async fn a_damaged_log_does_not_start_as_an_empty_installation() {
    let (data, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut writer = SqliteConnection::connect_with(
        &SqliteConnectOptions::new().filename(data.path().join("mismatch.db")).create_if_missing(true),
    )
    .await
    .unwrap();
    sqlx::query("pragma journal_mode = wal").execute(&mut writer).await.unwrap();
    sqlx::query("create table investigations (id text)").execute(&mut writer).await.unwrap();
    for name in ["mismatch.db", "mismatch.db-wal"] {
        fs::copy(data.path().join(name), copy.path().join(name)).unwrap();
    }
    let log = copy.path().join("mismatch.db-wal");
    let mut bytes = fs::read(&log).unwrap();
    bytes[100..300].fill(0xa5);
    fs::write(&log, bytes).unwrap();
    let problem = refused(copy.path()).await;
    assert!(problem.message.contains("-wal next to it"), "{}", problem.message);
}

#[tokio::test]
async fn the_database_file_alone_soon_holds_what_was_acknowledged() {
    let (data, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let service = open(data.path()).await;
    let new = NewInvestigation { title: "Kept?".into(), ..NewInvestigation::default() };
    let id = service.create_investigation(new).await.unwrap().id;
    tokio::time::sleep(Duration::from_secs(5)).await;
    fs::copy(data.path().join("mismatch.db"), copy.path().join("mismatch.db")).unwrap();
    assert_eq!(open(copy.path()).await.investigation(&id).await.unwrap().title, "Kept?");
}

#[tokio::test]
async fn ready_means_that_something_can_be_kept() {
    let data = tempfile::tempdir().unwrap();
    let service = open(data.path()).await;
    service.ready().await.unwrap();
    let mut other = database(data.path()).await;
    sqlx::query("begin immediate").execute(&mut other).await.unwrap();
    let problem = service.ready().await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Unavailable);
    assert!(problem.message.contains("locked"), "{}", problem.message);
    sqlx::query("rollback").execute(&mut other).await.unwrap();
    service.ready().await.unwrap();
    fs::remove_dir_all(data.path().join("tmp")).unwrap();
    assert!(service.ready().await.is_err());
}

#[cfg(unix)]
#[tokio::test]
async fn other_users_of_the_machine_can_read_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let base = tempfile::tempdir().unwrap();
    let data = base.path().join("data");
    let service = open(&data).await;
    investigated(&service).await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for name in ["lock", "mismatch.db", "mismatch.db-wal", "mismatch.db-shm"] {
        assert_eq!(mode(&data.join(name)), 0o600, "{name}");
    }
    service.shut_down().await;
    drop(service);
    // What an earlier version made is closed at the next start; a folder of others, such as /tmp, stays as it is.
    for name in ["", "lock", "mismatch.db"] {
        fs::set_permissions(data.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    open(&data).await;
    assert_eq!([mode(&data), mode(&data.join("lock")), mode(&data.join("mismatch.db"))], [0o700, 0o600, 0o600]);
    let others = base.path().join("others");
    fs::create_dir(&others).unwrap();
    fs::set_permissions(&others, fs::Permissions::from_mode(0o755)).unwrap();
    open(&others).await;
    assert_eq!(mode(&others), 0o755);
}

/// As versions before this one were killed: the thing is there, and the work that belongs to it is not.
#[tokio::test]
async fn what_was_left_half_done_is_queued_at_the_next_start() {
    let data = tempfile::tempdir().unwrap();
    let service = open(data.path()).await;
    let id = investigated(&service).await;
    service.shut_down().await;
    drop(service);
    let mut rows = database(data.path()).await;
    for forgotten in ["delete from jobs", "delete from diagnoses"] {
        sqlx::query(forgotten).execute(&mut rows).await.unwrap();
    }
    rows.close().await.unwrap();
    let service = open(data.path()).await;
    assert_eq!(until_over(&service, &id).await.state, JobState::Done);
    let train = service.investigation(&id).await.unwrap().inputs[0].snapshot.id.clone();
    assert_eq!(until_over(&service, &train).await.state, JobState::Done);
    assert!(service.diagnosis(&id).await.unwrap().is_some());
}

#[tokio::test]
async fn after_the_clock_was_set_back_the_last_diagnosis_is_still_the_last() {
    let data = tempfile::tempdir().unwrap();
    let service = open(data.path()).await;
    let id = investigated(&service).await;
    let before = until_over(&service, &id).await;
    assert_eq!(before.state, JobState::Done);
    service.shut_down().await;
    drop(service);
    // As if it had been made when the clock ran ahead: its ids sort after all that follow.
    let mut rows = database(data.path()).await;
    let ahead = ["update jobs set id = 'f' || substr(id, 2)", "update diagnoses set id = 'f' || substr(id, 2)"];
    for statement in ahead {
        sqlx::query(statement).execute(&mut rows).await.unwrap();
    }
    rows.close().await.unwrap();
    for entry in fs::read_dir(data.path().join("diagnoses")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        fs::rename(&path, path.with_file_name(format!("f{}", &name[1..]))).unwrap();
    }

    let service = open(data.path()).await;
    assert_eq!(service.diagnosis(&id).await.unwrap().unwrap().inputs.len(), 1);
    let train = service.investigation(&id).await.unwrap().inputs[0].snapshot.id.clone();
    let inputs = [(SnapshotRole::Train, train), (SnapshotRole::Serve, upload(&service, "serve.csv", 100.0).await)];
    service.replace_inputs(&id, &inputs, &Roles::default(), None, &Actor::Anonymous).await.unwrap();
    let job = until_over(&service, &id).await;
    assert_eq!(job.state, JobState::Done);
    assert!(!job.id.starts_with('f'));
    assert_eq!(service.diagnosis(&id).await.unwrap().unwrap().inputs.len(), 2);
    let listed =
        service.investigations(&ListQuery { limit: 1, ..ListQuery::default() }, &Sight::All).await.unwrap().remove(0);
    assert_eq!(listed.job.unwrap().id, job.id);
}

#[tokio::test]
async fn a_stored_file_that_was_changed_is_not_diagnosed_until_it_is_uploaded_again() {
    let data = tempfile::tempdir().unwrap();
    let service = open(data.path()).await;
    let id = investigated(&service).await;
    assert_eq!(until_over(&service, &id).await.state, JobState::Done);
    let stored = stored_files(data.path()).remove(0);
    let change: fn(&Path) = |path| fs::write(path, table(1.0).replace("96.00", "69.00")).unwrap();
    let remove: fn(&Path) = |path| fs::remove_file(path).unwrap();
    for (harm, words) in [(change, "changed on disk"), (remove, "not in the data folder any more")] {
        harm(&stored);
        service.diagnose_again(&id).await.unwrap();
        let failed = until_over(&service, &id).await;
        let told = failed.error.unwrap();
        assert_eq!(failed.state, JobState::Failed);
        assert!(told.contains("`train.csv`") && told.contains(words) && told.contains("upload it again"), "{told}");
        assert!(!told.contains("os error"), "{told}");

        upload(&service, "train.csv", 1.0).await;
        service.diagnose_again(&id).await.unwrap();
        assert_eq!(until_over(&service, &id).await.state, JobState::Done);
    }
    remove(&stored);
    let train = service.investigation(&id).await.unwrap().inputs[0].snapshot.id.clone();
    assert!(service.preview(&train, 3).await.unwrap_err().message.contains("upload it again"));
}
