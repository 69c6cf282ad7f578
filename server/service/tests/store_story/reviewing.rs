//! Hypotheses, evidence, the incident and what remains to be done.

use domain::Actor;
use domain::account::{Account, Login, Role};
use domain::evidence::{Evidence, EvidenceLink, FrozenInput, Pinned, Remark, Stance};
use domain::incident::{FollowUp, Incident, IncidentLink, Severity};
use domain::own_hypothesis::OwnHypothesis;
use domain::snapshot::SnapshotRole;
use domain::visitor::Sight;
use identity::PasswordHash;
use service::store::{MadeBy, Store, new_id, now_ms};

fn piece(title: &str) -> Evidence {
    Evidence {
        id: new_id(),
        title: title.to_owned(),
        pinned: Pinned::Chart { chart: "column".into(), query: vec![("column".into(), "größe".into())] },
        inputs: vec![FrozenInput { role: SnapshotRole::Train, name: "a 🧭.csv".into(), sha256: "00".into() }],
        sha256: "11".into(),
        caption: "it's \"cents\"".into(),
        links: vec![EvidenceLink { hypothesis: "unit_scale(a)".into(), stance: Stance::For }],
        author: Actor::named("Ada").unwrap(),
        at_ms: now_ms(),
    }
}

pub async fn said_pinned_and_ordered(store: &Store, investigation: &str) {
    let ada = Actor::named("Ada").unwrap();
    let own = OwnHypothesis { id: new_id(), statement: "the exporter".into(), author: ada.clone(), at_ms: 1 };
    store.insert_hypothesis(investigation, &own, &[]).await.unwrap();
    assert_eq!(store.hypotheses(investigation).await.unwrap(), std::slice::from_ref(&own));

    let (first, second) = (piece("first"), piece("second"));
    store.insert_evidence(investigation, &first, "{\"first\":1}", &[]).await.unwrap();
    store.insert_evidence(investigation, &second, "{}", &[]).await.unwrap();
    assert_eq!(store.evidence(investigation).await.unwrap(), [first.clone(), second.clone()]);
    store.order_evidence(investigation, &[second.id.clone(), first.id.clone()]).await.unwrap();
    assert_eq!(store.evidence(investigation).await.unwrap(), [second.clone(), first.clone()]);
    let changes = store.changes(investigation).await.unwrap();
    let remark = Remark { caption: "euros".into(), links: Vec::new() };
    assert!(store.set_remark(investigation, &first.id, &remark).await.unwrap());
    assert!(!store.set_remark("other", &first.id, &remark).await.unwrap());
    assert!(store.changes(investigation).await.unwrap() > changes);
    let now = store.evidence(investigation).await.unwrap();
    assert_eq!((now[1].caption.as_str(), &now[1].links), ("euros", &Vec::new()));
    assert!(store.remove_evidence(investigation, &first.id, &[]).await.unwrap());
    assert!(!store.remove_evidence(investigation, &first.id, &[]).await.unwrap());
    assert_eq!(store.evidence(investigation).await.unwrap(), [second]);
    // What is frozen stays, for links that were made before.
    assert_eq!(store.exhibit(investigation, &first.id).await.unwrap().as_deref(), Some("{\"first\":1}"));
    assert_eq!(store.exhibit("other", &first.id).await.unwrap(), None);

    let incident = Incident {
        severity: Some(Severity::High),
        assignee: ada.clone(),
        started_at_ms: Some(1),
        links: vec![IncidentLink::new("ticket", "https://tickets.example/1").unwrap()],
        ..Incident::default()
    };
    assert_eq!(store.investigation(investigation).await.unwrap().unwrap().incident, Incident::default());
    store.set_incident(investigation, &incident, &[]).await.unwrap();
    assert_eq!(store.investigation(investigation).await.unwrap().unwrap().incident, incident);
    let task = FollowUp {
        id: new_id(),
        task: "an alert".into(),
        owner: ada.clone(),
        due: Some("2026-03-31".into()),
        done_at_ms: None,
        author: ada,
        at_ms: 2,
    };
    store.insert_follow_up(investigation, &task, &[]).await.unwrap();
    let waits = store.open_tasks(&task.owner, &Sight::All).await.unwrap();
    assert_eq!(
        (waits.len(), waits[0].task.as_str(), waits[0].investigation.id.as_str()),
        (1, "an alert", investigation)
    );
    assert_eq!(store.cared_for(&task.owner, &Sight::All).await.unwrap().len(), 1);
    assert!(store.cared_for(&Actor::named("A%").unwrap(), &Sight::All).await.unwrap().is_empty());
    store.add_note(investigation, &task.owner, "For @GRACE_h: look", None, &[]).await.unwrap();
    assert_eq!(store.naming("grace_h", &Sight::All).await.unwrap().len(), 1);
    assert!(
        store.naming("grace%", &Sight::All).await.unwrap().is_empty()
            && store.naming("gracexh", &Sight::All).await.unwrap().is_empty()
    );
    store.set_done(investigation, &task.id, Some(3), &[]).await.unwrap();
    assert!(store.open_tasks(&task.owner, &Sight::All).await.unwrap().is_empty());
    assert_eq!(store.follow_ups(investigation).await.unwrap(), [FollowUp { done_at_ms: Some(3), ..task }]);
}

/// Who comes from elsewhere: one account for one issuer and subject, whatever else is alike.
pub async fn known_elsewhere(store: &Store) {
    let account = |login: &str, name: &str| Account {
        id: new_id(),
        login: Login::new(login).unwrap(),
        name: Actor::named(name).unwrap(),
        role: Role::Viewer,
        created_at_ms: now_ms(),
        disabled_at_ms: None,
    };
    let hash = PasswordHash("$argon2id$…".to_owned());
    let zoe = account("zoe@example.org", "Zoë");
    let made_by = MadeBy::Elsewhere { issuer: "https://id.example", subject: "42" };
    assert_eq!(store.account_by_identity("https://id.example", "42").await.unwrap(), None);
    assert!(store.insert_account(&zoe, &hash, made_by, &[]).await.unwrap());
    assert_eq!(store.account_by_identity("https://id.example", "42").await.unwrap(), Some(zoe.clone()));
    assert_eq!(store.account_by_identity("https://other.example", "42").await.unwrap(), None);
    assert!(store.is_known_by("https://id.example", &zoe.id).await.unwrap());
    assert!(!store.is_known_by("https://other.example", &zoe.id).await.unwrap());
    let twin = account("twin@example.org", "Twin");
    assert!(!store.insert_account(&twin, &hash, made_by, &[]).await.unwrap());
    assert_eq!(store.account(&twin.id).await.unwrap(), None);
    assert!(store.is_name_taken(&Actor::named("ZOË").unwrap()).await.unwrap());
    assert!(!store.is_name_taken(&Actor::named("Twin").unwrap()).await.unwrap());
}
