//! The part of the story about the list of investigations.

use domain::Layer;
use domain::event::EventKind;
use domain::listing::{ListQuery, Shown, Sort};
use domain::visitor::Sight;
use service::store::{Along, ListingParts, Store};

use crate::actor;

/// Made once, out of date after every change and when a mute ends, found by what they hold.
pub async fn made_and_found(store: &Store, investigation: &str) {
    let stale = store.stale_listings(0).await.unwrap();
    assert!(stale.iter().any(|one| one.id == investigation));
    let parts = |layers: &[Layer], search: &str, until_ms| ListingParts {
        summary: None,
        layers: layers.to_vec(),
        search: search.to_owned(),
        until_ms,
    };
    for one in &stale {
        let made = match one.id == investigation {
            true => parts(&[Layer::Features], "o'brien's größe 100% sure", Some(5_000)),
            false => parts(&[], "", None),
        };
        store.set_listing(one, &made).await.unwrap();
    }
    assert!(store.stale_listings(5_000).await.unwrap().is_empty());
    assert_eq!(store.stale_listings(5_001).await.unwrap().len(), 1, "its mute has ended");

    let found = async |change: fn(&mut ListQuery)| {
        let mut query = ListQuery { limit: 10, ..ListQuery::default() };
        change(&mut query);
        let ids: Vec<String> =
            store.listed(&query, &Sight::All).await.unwrap().into_iter().map(|one| one.investigation.id).collect();
        assert_eq!(store.count_listed(&query, &Sight::All).await.unwrap(), ids.len() as u64);
        ids.iter().any(|id| id == investigation)
    };
    assert!(found(|_| {}).await && found(|query| query.sort = Sort::Title).await);
    assert!(found(|query| query.search = "GRÖSSE o'brien".replace("SS", "ß")).await);
    assert!(found(|query| query.search = "100%".into()).await && !found(|query| query.search = "1_0".into()).await);
    assert!(!found(|query| query.search = "größe cents".into()).await);
    assert!(found(|query| query.layer = Some(Layer::Features)).await);
    assert!(!found(|query| query.layer = Some(Layer::Data)).await);
    assert!(found(|query| query.shown = Shown::Open).await && !found(|query| query.shown = Shown::Closed).await);
    assert!(found(|query| query.owner = "Ada".into()).await && !found(|query| query.owner = "Grace".into()).await);
    assert!(store.owners(&Sight::All).await.unwrap().contains(&"Ada".to_owned()));
    let last = ListQuery { limit: 1, offset: 1, ..ListQuery::default() };
    assert_eq!(store.listed(&last, &Sight::All).await.unwrap().len(), 1);

    store.set_about(investigation, "Cents", "loans", &["latency_spikes".into()], &[]).await.unwrap();
    let models = store.models(&Sight::All).await.unwrap();
    assert_eq!((models.len(), models[0].0, models[0].1.investigation.title.as_str()), (1, 1, "Cents"));
    let ada = actor("Ada");
    let along = [Along::Event { investigation, actor: &ada, kind: &EventKind::Archived }];
    store.set_archived(investigation, Some(7), &along).await.unwrap();
    assert_eq!(store.stale_listings(0).await.unwrap().len(), 1, "something was said");
    assert!(!found(|_| {}).await && found(|query| query.shown = Shown::Archived).await);
    assert!(found(|query| query.shown = Shown::All).await && store.models(&Sight::All).await.unwrap().is_empty());
    store.set_archived(investigation, None, &[]).await.unwrap();
    assert_eq!(store.investigation(investigation).await.unwrap().unwrap().archived_at_ms, None);
}
