//! What SQLite does where the disk is full: it ends the transaction by itself, and the next write may fail in the usual way. Here
//! triggers do both.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use domain::Actor;
use domain::investigation::NewInvestigation;
use service::store::{Store, new_id, sqlite_url};
use sqlx::{AnyConnection, Connection};

const TRIGGERS: [&str; 2] = [
    "create trigger ends_all before insert on notes when new.text like 'full%' \
     begin select raise(rollback, 'database or disk is full'); end",
    "create trigger ends_one before insert on notes when new.text like 'refused%' \
     begin select raise(abort, 'constraint failed'); end",
];

#[tokio::test]
async fn what_is_acknowledged_after_a_transaction_that_ended_by_itself_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(&folder.path().join("mismatch.db"));
    let store = Store::open(&url).await.unwrap();
    let mut other = AnyConnection::connect(&url).await.unwrap();
    for trigger in TRIGGERS {
        sqlx::query(trigger).execute(&mut other).await.unwrap();
    }
    let ada = Actor::named("Ada").unwrap();
    let id = new_id();
    let new = NewInvestigation { title: "Full".into(), author: ada.clone(), ..NewInvestigation::default() };
    store.insert_investigation(&id, &new, &[]).await.unwrap();
    for round in 0..4 {
        // The connection is given back in the background; what comes next may get it.
        for (text, succeeds) in [("full", false), ("refused", false), ("kept", true), ("kept too", true)] {
            let added = store.add_note(&id, &ada, &format!("{text} {round}"), None, &[]).await;
            assert_eq!(added.is_ok(), succeeds, "{text} {round}: {added:?}");
            tokio::task::yield_now().await;
        }
    }
    // As another program sees it: what a transaction holds that is never committed is not there.
    let committed: i64 = sqlx::query_scalar("select count(*) from notes").fetch_one(&mut other).await.unwrap();
    assert_eq!(committed, 8);
    store.ping().await.unwrap();
    store.close().await;
    other.close().await.unwrap();
}
