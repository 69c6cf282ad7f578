//! A lock that another program holds and does not give back.

use domain::{Problem, ProblemKind};
use service::store::Store;
use sqlx::{AnyConnection, Connection};

/// On PostgreSQL a lock of the whole table stops even those who only read.
pub async fn refused_in_the_end(url: &str) {
    let store = Store::open(url).await.unwrap();
    let mut other = AnyConnection::connect(url).await.unwrap();
    sqlx::query("begin").execute(&mut other).await.unwrap();
    sqlx::query("lock table investigation_inputs, readiness in access exclusive mode")
        .execute(&mut other)
        .await
        .unwrap();
    for refused in [store.inputs("any").await.map(drop), store.ping().await] {
        let problem = Problem::from(refused.unwrap_err());
        assert_eq!(problem.kind, ProblemKind::Unavailable, "{}", problem.message);
    }
    sqlx::query("rollback").execute(&mut other).await.unwrap();
    store.inputs("any").await.unwrap();
    store.ping().await.unwrap();
    other.close().await.unwrap();
    store.close().await;
}
