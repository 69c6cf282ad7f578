//! The part of the story about models that only their members see.

use domain::SnapshotRole;
use domain::account::Role;
use domain::investigation::NewInvestigation;
use domain::listing::{ListQuery, Shown};
use domain::model_access::Openness;
use domain::visitor::Sight;
use service::store::{ListingParts, Store, new_id};

/// What somebody sees: the investigations of the list, and whether the file is among those that are stored.
async fn sees(store: &Store, sight: &Sight, snapshot: &str) -> (usize, bool) {
    let query = ListQuery { shown: Shown::All, limit: 10, ..ListQuery::default() };
    let listed = store.listed(&query, sight).await.unwrap().len();
    assert_eq!(store.count_listed(&query, sight).await.unwrap() as usize, listed);
    let files = store.snapshots(10, sight).await.unwrap();
    let is_there = files.iter().any(|one| one.snapshot.id == snapshot);
    assert_eq!(store.sees_snapshot(snapshot, sight).await.unwrap(), is_there);
    (listed, is_there)
}

/// Another investigation, of this model, that the list has.
async fn opened(store: &Store, model: &str, snapshot: &str) -> String {
    let id = new_id();
    let inputs = vec![(SnapshotRole::Train, snapshot.to_owned())];
    let new =
        NewInvestigation { title: "Churn".into(), model: model.to_owned(), inputs, ..NewInvestigation::default() };
    store.insert_investigation(&id, &new, &[]).await.unwrap();
    for stale in store.stale_listings(0).await.unwrap() {
        let parts = ListingParts { summary: None, layers: Vec::new(), search: String::new(), until_ms: None };
        store.set_listing(&stale, &parts).await.unwrap();
    }
    id
}

pub async fn closed_and_opened(store: &Store, snapshot: &str) {
    let model = "churn".to_owned();
    let investigation = opened(store, &model, snapshot).await;
    let investigation = investigation.as_str();
    assert_eq!(store.model_of(investigation).await.unwrap().as_deref(), Some("churn"));
    assert!(store.model_of("absent").await.unwrap().is_none());
    let accounts = store.accounts().await.unwrap();
    let [ada, grace] = [&accounts[0].id, &accounts[1].id];
    let [of_ada, of_grace] = [ada, grace].map(|id| Sight::Of(id.clone()));
    let all = sees(store, &Sight::All, snapshot).await;
    assert_eq!(sees(store, &of_ada, snapshot).await, all, "every model is open at first");
    store.set_openness(&model, Openness::Members, &[]).await.unwrap();
    store.set_openness(&model, Openness::Members, &[]).await.unwrap();
    store.set_member(&model, grace, Some(Role::Viewer), &[]).await.unwrap();
    store.set_member(&model, grace, Some(Role::Editor), &[]).await.unwrap();
    assert_eq!(sees(store, &Sight::All, snapshot).await, all);
    assert_eq!(sees(store, &of_grace, snapshot).await.1, all.1);
    let hidden = sees(store, &of_ada, snapshot).await;
    assert!(hidden.0 < all.0 && !hidden.1, "{hidden:?}");
    assert!(store.other(investigation, &of_ada).await.unwrap().is_none());
    assert!(store.other(investigation, &of_grace).await.unwrap().is_some());
    assert!(store.models(&of_ada).await.unwrap().iter().all(|(_, one)| one.investigation.model != model));
    let roles = store.model_roles(grace).await.unwrap();
    assert_eq!(roles.role(&model, Role::Viewer), Some(Role::Editor));
    assert_eq!(store.model_roles(ada).await.unwrap().role(&model, Role::Editor), None);
    let access = store.model_access(&model).await.unwrap();
    assert_eq!((access.openness, access.members), (Openness::Members, vec![(grace.clone(), Role::Editor)]));
    assert!(store.model_standings().await.unwrap().contains(&(model.clone(), Openness::Members, 1)));
    // Whoever brought a file may use it, whatever else does.
    store.insert_brought(snapshot, ada).await.unwrap();
    store.insert_brought(snapshot, ada).await.unwrap();
    assert!(sees(store, &of_ada, snapshot).await.1);
    store.set_member(&model, grace, None, &[]).await.unwrap();
    assert!(!sees(store, &of_grace, snapshot).await.1);
    store.set_openness(&model, Openness::Everybody, &[]).await.unwrap();
    assert_eq!(sees(store, &of_grace, snapshot).await, all);
    store.delete_investigation(investigation, &[]).await.unwrap();
}
