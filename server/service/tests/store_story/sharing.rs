//! Diagnoses, and links to them.

use domain::investigation::{DiagnosisSummary, LinkShows, ShareLink};
use domain::{Layer, Verdict};
use service::store::{Store, StoredShareLink, new_id, now_ms};

pub async fn made_found_and_ended(store: &Store, investigation: &str) {
    assert!(store.latest_diagnosis(investigation).await.unwrap().is_none());
    let summary = DiagnosisSummary {
        confirmed: Vec::new(),
        layers: vec![(Layer::Data, Verdict::Mismatch)],
        items: vec![(domain::Item::D1, Verdict::Mismatch)],
        standing: Vec::new(),
        partly: Vec::new(),
        prime_suspect: Some("the exporter".into()),
        muted_suspects: 0,
        ruled_out_suspects: 0,
    };
    // The clock was set back between the two: the second one's id sorts before the first one's.
    let (second, first) = (new_id(), new_id());
    store.insert_diagnosis(&first, investigation, &summary).await.unwrap();
    store.insert_diagnosis(&second, investigation, &summary).await.unwrap();
    assert_eq!(store.latest_diagnosis(investigation).await.unwrap().unwrap().id, second);
    assert_eq!(store.latest_diagnosis(investigation).await.unwrap().unwrap().summary, summary);

    let row = store.investigation(investigation).await.unwrap().unwrap();
    let frozen = domain::investigation::Investigation {
        shown_label: None,
        id: row.id,
        title: row.title,
        model: row.model,
        symptoms: row.symptoms,
        state: row.state,
        inputs: Vec::new(),
        roles: row.roles,
        threshold: row.threshold,
        positive: row.positive,
        verdict: row.verdict,
        owner: row.owner,
        archived_at_ms: row.archived_at_ms,
        statuses: store.statuses(investigation).await.unwrap(),
        mutes: store.mutes(investigation).await.unwrap(),
        decisions: Vec::new(),
        hypotheses: store.hypotheses(investigation).await.unwrap(),
        evidence: store.evidence(investigation).await.unwrap(),
        incident: row.incident,
        follow_ups: store.follow_ups(investigation).await.unwrap(),
        notes: Vec::new(),
        events: Vec::new(),
        created_at_ms: row.created_at_ms,
        updated_at_ms: row.updated_at_ms,
    };
    let link = ShareLink {
        id: new_id(),
        investigation: investigation.into(),
        created_at_ms: now_ms(),
        expires_at_ms: Some(now_ms() + 1000),
        revoked_at_ms: None,
        shows: LinkShows::Live,
        preview: domain::investigation::LinkPreview::Map,
        has_password: true,
        opened: 0,
        opened_at_ms: None,
    };
    let password = Some(identity::PasswordHash("$argon2id$…".to_owned()));
    let stored = StoredShareLink { link: link.clone(), diagnosis: first.clone(), frozen, password };
    store.insert_share_link(&stored, "hash", &[]).await.unwrap();
    assert!(store.insert_share_link(&stored, "hash", &[]).await.is_err());
    let found = store.share_link_by_hash("hash").await.unwrap().unwrap();
    assert_eq!((&found.link, &found.diagnosis, &found.frozen), (&link, &first, &stored.frozen));
    assert_eq!(found.password, stored.password);
    store.count_opening(&link.id).await;
    let opened = store.share_link(&link.id).await.unwrap().unwrap();
    assert!((opened.opened, opened.shows) == (1, LinkShows::Live) && opened.opened_at_ms.is_some());
    assert!(store.share_link_by_hash("other").await.unwrap().is_none());
    store.revoke_share_link(&link.id, &[]).await.unwrap();
    let revoked = store.share_link(&link.id).await.unwrap().unwrap().revoked_at_ms;
    store.revoke_share_link(&link.id, &[]).await.unwrap();
    assert!(revoked.is_some());
    assert_eq!(store.share_links(investigation).await.unwrap()[0].revoked_at_ms, revoked);
}
