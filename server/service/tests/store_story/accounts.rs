//! Accounts, what they show themselves by, and the log of what happened to them.

use domain::Actor;
use domain::account::{Account, Invitation, Login, Role, Scope, Session, Token};
use domain::audit::AuditKind;
use identity::PasswordHash;
use service::store::{Along, MadeBy, Store, new_id, now_ms};
use sqlx::{AnyConnection, Connection};

const DAY_MS: i64 = 86_400_000;

fn account(name: &str, role: Role) -> Account {
    Account {
        id: new_id(),
        login: Login::new(&format!("{}@example.org", name.to_lowercase())).unwrap(),
        name: Actor::named(name).unwrap(),
        role,
        created_at_ms: now_ms(),
        disabled_at_ms: None,
    }
}

fn audit<'a>(actor: &'a Actor, what: &'a AuditKind) -> [Along<'a>; 1] {
    [Along::Audit { actor, from: "10.0.0.7", what }]
}

pub async fn made_used_and_ended(store: &Store) {
    let hash = PasswordHash("$argon2id$…".to_owned());
    let ada = account("Ada", Role::Admin);
    let set_up = audit(&ada.name, &AuditKind::SetUp);
    assert!(store.insert_account(&ada, &hash, MadeBy::SetUp, &set_up).await.unwrap());
    let late = account("Eve", Role::Admin);
    assert!(!store.insert_account(&late, &hash, MadeBy::SetUp, &[]).await.unwrap());
    assert_eq!(store.accounts().await.unwrap(), std::slice::from_ref(&ada));
    assert_eq!(store.account_of(&ada.login).await.unwrap(), Some((ada.clone(), hash.clone())));
    assert!(store.is_taken(&Login::new("other").unwrap(), &Actor::named("ADA").unwrap()).await.unwrap());
    for alike in ["ADA", "\u{410}da", "\u{ff21}\u{ff44}\u{ff41}", "A\u{200b}da"] {
        assert!(store.is_name_taken(&Actor::named(alike).unwrap()).await.unwrap(), "{alike:?}");
    }

    let invitation = Invitation {
        id: new_id(),
        role: Role::Editor,
        author: ada.name.clone(),
        created_at_ms: now_ms(),
        expires_at_ms: now_ms() + DAY_MS,
        used_at_ms: None,
        revoked_at_ms: None,
    };
    store.insert_invitation(&invitation, "invitation", &[]).await.unwrap();
    assert_eq!(store.invitation_by_hash("invitation").await.unwrap(), Some(invitation.clone()));
    assert_eq!(store.open_invitations().await.unwrap(), std::slice::from_ref(&invitation));
    let grace = account("Grace", Role::Editor);
    let made_by = MadeBy::Invitation(&invitation.id);
    assert!(store.insert_account(&grace, &hash, made_by, &[]).await.unwrap());
    assert!(!store.insert_account(&account("Eve", Role::Editor), &hash, made_by, &[]).await.unwrap());
    assert!(store.open_invitations().await.unwrap().is_empty());

    // There is always somebody who administers.
    assert!(!store.set_role(&ada.id, Role::Viewer, &[]).await.unwrap());
    assert!(!store.set_disabled(&ada.id, Some(now_ms()), &[]).await.unwrap());
    assert!(store.set_role(&grace.id, Role::Admin, &[]).await.unwrap());
    assert!(store.set_role(&ada.id, Role::Viewer, &[]).await.unwrap());
    assert!(!store.set_role(&grace.id, Role::Editor, &[]).await.unwrap());

    let session = |place: i64| Session {
        id: new_id(),
        agent: "a browser".to_owned(),
        created_at_ms: now_ms(),
        used_at_ms: now_ms() - place,
    };
    let (first, second) = (session(0), session(2 * 60_000));
    for (secret, one) in [("first", &first), ("second", &second)] {
        store.insert_session(&ada, one, secret, &[]).await.unwrap();
    }
    let (found, of) = store.session_by_hash("second").await.unwrap().unwrap();
    assert_eq!((found.id.as_str(), of.role), (second.id.as_str(), Role::Viewer));
    store.use_session(&found).await;
    assert!(store.session_by_hash("second").await.unwrap().unwrap().0.used_at_ms > second.used_at_ms);
    assert_eq!(store.sessions(&ada.id, 0).await.unwrap().len(), 2);
    // Not by somebody else.
    assert!(!store.end_session(&grace.id, &first.id, &[]).await.unwrap());
    store.set_password(&ada.id, &PasswordHash("another".to_owned()), &second.id, &[]).await.unwrap();
    assert!(store.session_by_hash("first").await.unwrap().is_none());
    assert!(store.end_session(&ada.id, &second.id, &[]).await.unwrap());
    assert!(store.session_by_hash("second").await.unwrap().is_none());

    let token = Token {
        id: new_id(),
        name: "gate".to_owned(),
        scope: Scope::Write,
        created_at_ms: now_ms(),
        expires_at_ms: now_ms() + DAY_MS,
        used_at_ms: None,
        revoked_at_ms: None,
    };
    store.insert_token(&ada, &token, "token", 50, &[]).await.unwrap();
    store.use_token(&token).await;
    let (found, of) = store.token_by_hash("token").await.unwrap().unwrap();
    assert!(of.id == ada.id && found.used_at_ms.is_some() && found.scope == Scope::Write);
    assert!(!store.revoke_token(&grace.id, &token.id, &[]).await.unwrap());
    let revoked = AuditKind::TokenRevoked { name: "gate".to_owned() };
    assert!(store.revoke_token(&ada.id, &token.id, &audit(&ada.name, &revoked)).await.unwrap());
    assert!(!store.revoke_token(&ada.id, &token.id, &audit(&ada.name, &revoked)).await.unwrap());
    assert!(store.token_by_hash("token").await.unwrap().is_none() && store.tokens(&ada.id).await.unwrap().is_empty());
    let (ended, _) = store.token_at_any_time("token").await.unwrap().unwrap();
    assert!(ended.name == "gate" && ended.revoked_at_ms.is_some());

    let lines = store.audit_lines(None, 10).await.unwrap();
    assert_eq!(
        lines.iter().map(|line| (line.seq, line.what.clone())).collect::<Vec<_>>(),
        [(2, revoked), (1, AuditKind::SetUp)]
    );
    assert_eq!(store.audit_lines(Some(2), 10).await.unwrap().len(), 1);
    assert_eq!(store.first_broken_audit_line().await.unwrap(), None);
    at_the_same_moment(store, &ada, &grace).await;
    names_that_look_alike_at_the_same_moment(store).await;
}

/// Of people who take names at once that look alike, one gets it.
async fn names_that_look_alike_at_the_same_moment(store: &Store) {
    let hash = PasswordHash("$argon2id$…".to_owned());
    let take = |place: usize, name: &'static str| {
        let (store, hash) = (store.clone(), hash.clone());
        let account = Account { login: Login::new(&format!("alike-{place}")).unwrap(), ..account(name, Role::Viewer) };
        tokio::spawn(async move {
            let subject = account.id.clone();
            let made_by = MadeBy::Elsewhere { issuer: "https://alike.example", subject: &subject };
            store.insert_account(&account, &hash, made_by, &[]).await
        })
    };
    let names = ["Arnold", "Amold", "ARNOLD", "\u{410}rnold", "Arno1d", "Arnold"];
    let mut made = 0;
    for taken in names.into_iter().enumerate().map(|(place, name)| take(place, name)).collect::<Vec<_>>() {
        made += usize::from(taken.await.unwrap().unwrap());
    }
    assert_eq!(made, 1);
}

/// Lines of the log that are written at once are all there, in one chain; and two admins who disable each other leave one.
async fn at_the_same_moment(store: &Store, ada: &Account, grace: &Account) {
    let write = || {
        let (store, actor) = (store.clone(), ada.name.clone());
        tokio::spawn(async move { store.write(&audit(&actor, &AuditKind::SignedIn)).await })
    };
    for written in (0..20).map(|_| write()).collect::<Vec<_>>() {
        written.await.unwrap().unwrap();
    }
    assert_eq!(store.audit_lines(None, 100).await.unwrap().len(), 22);
    assert_eq!(store.first_broken_audit_line().await.unwrap(), None);
    for _ in 0..10 {
        assert!(store.set_role(&ada.id, Role::Admin, &[]).await.unwrap());
        let disable = |id: &str| {
            let (store, id) = (store.clone(), id.to_owned());
            tokio::spawn(async move { store.set_disabled(&id, Some(now_ms()), &[]).await })
        };
        let (one, other) = (disable(&ada.id), disable(&grace.id));
        let (one, other) = (one.await.unwrap().unwrap(), other.await.unwrap().unwrap());
        assert!(one != other, "one of them stays: {one} {other}");
        for account in [ada, grace] {
            store.set_disabled(&account.id, None, &[]).await.unwrap();
        }
    }
}

/// Accounts as they were before names had looks.
pub async fn before_looks(url: &str) {
    let mut connection = AnyConnection::connect(url).await.unwrap();
    sqlx::query("delete from name_looks").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// The next start gave them theirs.
pub async fn looks_again(store: &Store) {
    for alike in ["\u{410}da", "ZO\u{cb}", "Amold"] {
        assert!(store.is_name_taken(&Actor::named(alike).unwrap()).await.unwrap(), "{alike:?}");
    }
    assert!(!store.is_name_taken(&Actor::named("Ida").unwrap()).await.unwrap());
}

/// An investigation goes with all that belongs to it; a file only where nothing uses it.
pub async fn deleted(store: &Store, investigation: &str, train: &str) {
    let users = store.users_of(train).await.unwrap();
    if !users.is_empty() {
        assert_eq!(users[0].id, investigation);
        assert!(!store.delete_snapshot(train, &[]).await.unwrap());
    }
    store.delete_investigation(investigation, &[]).await.unwrap();
    assert!(store.investigation(investigation).await.unwrap().is_none());
    assert!(store.diagnoses_of(investigation).await.unwrap().is_empty());
    assert!(store.users_of(train).await.unwrap().is_empty());
    assert!(store.delete_snapshot(train, &[]).await.unwrap());
    assert!(store.snapshot(train).await.unwrap().is_none());
}
