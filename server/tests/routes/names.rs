//! Names that could be taken for somebody else's.

use axum::http::StatusCode;
use domain::account::Role;
use domain::markup::percent_encoded;
use service::{Elsewhere, ServiceConfig};

use crate::harness::Server;
use crate::team::{Team, With, account, client, with_accounts};

#[tokio::test]
async fn nobody_joins_under_a_name_that_looks_like_somebody_elses() {
    let team = Team::start().await;
    let admin = team.visitor(&team.admin).await;
    let (_, secret) = team.server.service.invite(&admin, Role::Editor, &client()).await.unwrap();
    let path = format!("/join/{}", secret.as_str());
    let join = async |name: &str| {
        let fields = format!("name={}&login=eve&password=seven+violins+of+copper", percent_encoded(name));
        team.form(&With::Nothing, &path, &fields).await
    };
    // In Cyrillic letters only, full-width, in another case, and with a capital I in place of an l.
    for alike in ["\u{410}\u{501}\u{430}", "\u{ff21}\u{ff44}\u{ff41}", "ADA", "AIan"] {
        let refused = join(alike).await.expect(StatusCode::CONFLICT);
        assert!(refused.body.contains("looks like this one"), "{alike:?}: {}", refused.body);
    }
    for (odd, why) in [
        ("\u{410}da", "scripts"),
        ("A\u{200b}da", "U+200B"),
        ("Eve\u{202e}", "U+202E"),
        ("Someone", "Mismatch uses this name"),
        ("mismatch", "Mismatch uses this name"),
    ] {
        let refused = join(odd).await.expect(StatusCode::BAD_REQUEST);
        assert!(refused.body.contains(why), "{odd:?}: {}", refused.body);
    }
    // The invitation is not used up by them.
    join("Renée O\u{2019}Connor-田中").await.expect(StatusCode::SEE_OTHER);
    team.server.settled().await;
}

#[tokio::test]
async fn who_comes_from_elsewhere_gets_in_under_a_name_that_is_visibly_different() {
    let elsewhere = Elsewhere { first_role: Some(Role::Viewer), ..Elsewhere::default() };
    let server = Server::start_with(|config| ServiceConfig { elsewhere, ..with_accounts(config) }).await;
    let code = server.service.set_up_code().await.unwrap().unwrap();
    server.service.set_up(code.as_str(), &account("Ada"), &client()).await.unwrap();
    let mut names = Vec::new();
    for user in ["grace", "ada", "\u{430}da", "\u{430}\u{501}\u{430}", "some\u{200b}one", "gr\u{200b}ace"] {
        let visitor = server.service.by_proxy(user, &client()).await.unwrap();
        let (account, _) = visitor.person().unwrap();
        names.push(account.name.to_string());
        // The next time, it is the same account.
        let again = server.service.by_proxy(user, &client()).await.unwrap();
        assert_eq!(again.person().unwrap().0.id, account.id);
    }
    assert_eq!(names[..2], ["grace", "ada (ada)"]);
    assert!(names[2].starts_with("\u{430}da (\u{430}da, "), "{names:?}");
    assert!(names[3].starts_with("\u{430}\u{501}\u{430} ("), "{names:?}");
    assert_eq!(names[4..], ["someone (someone)", "grace (grace)"]);
    server.settled().await;
}
