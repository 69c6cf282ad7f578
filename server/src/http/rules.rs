//! Who may do what: one rule for every route. A route without one is refused to everybody, so that the first test of it fails.

use axum::http::Method;
use domain::account::Role;
use service::Subject;

use Needs::{Nothing, Person, Role as OfRole, Somewhere};

/// Where the API is.
pub const BASE: &str = "/api/v1";

/// What somebody needs to use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Anybody may: it shows nothing, or the secret in its address is the right.
    Nothing,
    /// An account's role, or a token that stands for it.
    Role(Role),
    /// This role in any model; which model it is about stands in the request, and is asked where it is read.
    Somewhere(Role),
    /// Somebody who is signed in in a browser, about themselves; what needs more is asked where it is done.
    Person,
}

const VIEW: Needs = OfRole(Role::Viewer);
const EDIT: Needs = OfRole(Role::Editor);
const EDIT_ONE: Needs = Somewhere(Role::Editor);
const ADMINISTER: Needs = OfRole(Role::Admin);

/// Methods that only read: `HEAD` is asked like `GET`.
const READ: &[&str] = &["GET", "HEAD"];
const POST: &[&str] = &["POST"];
const PUT: &[&str] = &["PUT"];
const DELETE: &[&str] = &["DELETE"];

type Rule = (&'static [&'static str], &'static str, Needs);

pub const RULES: &[Rule] = &[
    // Shown to anybody.
    (READ, "/healthz", Nothing),
    (READ, "/readyz", Nothing),
    (READ, "/api/v1/health", VIEW),
    (READ, "/api/v1/openapi.json", Nothing),
    (READ, "/reference", Nothing),
    (READ, "/reference/{code}", Nothing),
    (READ, "/sign-in", Nothing),
    (POST, "/sign-in", Nothing),
    (READ, "/sign-in/with", Nothing),
    (READ, "/sign-in/back", Nothing),
    (READ, "/sign-out/back", Nothing),
    (READ, "/set-up", Nothing),
    (POST, "/set-up", Nothing),
    (READ, "/join/{secret}", Nothing),
    (POST, "/join/{secret}", Nothing),
    // By the secret of a share link.
    (READ, "/s/{secret}", Nothing),
    (READ, "/s/{secret}/unlock", Nothing),
    (POST, "/s/{secret}/unlock", Nothing),
    (READ, "/s/{secret}/layers/{layer}", Nothing),
    (READ, "/s/{secret}/compare", Nothing),
    (READ, "/s/{secret}/evaluation", Nothing),
    (READ, "/s/{secret}/review", Nothing),
    (READ, "/s/{secret}/report", Nothing),
    (READ, "/s/{secret}/search", Nothing),
    (READ, "/s/{secret}/palette", Nothing),
    (READ, "/s/{secret}/question", Nothing),
    (READ, "/s/{secret}/figures/{file}", Nothing),
    (READ, "/s/{secret}/reports/{file}", Nothing),
    (READ, "/s/{secret}/evidence/{evidence}/{file}", Nothing),
    (READ, "/api/v1/shared/{secret}", Nothing),
    (READ, "/api/v1/shared/{secret}/diagnosis", Nothing),
    (POST, "/api/v1/shared/{secret}/selection", Nothing),
    (READ, "/api/v1/shared/{secret}/figures/{file}", Nothing),
    (READ, "/api/v1/shared/{secret}/reports/{file}", Nothing),
    (READ, "/api/v1/shared/{secret}/evidence/{evidence}/{file}", Nothing),
    // Seen by everybody who has an account.
    (READ, "/", VIEW),
    (READ, "/search", VIEW),
    (READ, "/yours", VIEW),
    (READ, "/palette", VIEW),
    (READ, "/metrics", VIEW),
    (READ, "/investigations/{id}", VIEW),
    (READ, "/investigations/{id}/inputs", VIEW),
    (READ, "/investigations/{id}/layers/{layer}", VIEW),
    (READ, "/investigations/{id}/compare", VIEW),
    (READ, "/investigations/{id}/rows", VIEW),
    (READ, "/investigations/{id}/rows.csv", VIEW),
    (READ, "/investigations/{id}/pair", VIEW),
    (READ, "/investigations/{id}/flips", VIEW),
    (READ, "/investigations/{id}/flips.csv", VIEW),
    (READ, "/investigations/{id}/undo", VIEW),
    (READ, "/investigations/{id}/evaluation", VIEW),
    (READ, "/investigations/{id}/review", VIEW),
    (READ, "/investigations/{id}/report", VIEW),
    (READ, "/investigations/{id}/question", VIEW),
    (READ, "/investigations/{id}/now", VIEW),
    (READ, "/investigations/{id}/figures/{file}", VIEW),
    (READ, "/investigations/{id}/reports/{file}", VIEW),
    (READ, "/investigations/{id}/evidence/{evidence}/{file}", VIEW),
    (POST, "/tour/close", VIEW),
    (READ, "/api/v1/snapshots", VIEW),
    (READ, "/api/v1/snapshots/{id}", VIEW),
    (READ, "/api/v1/snapshots/{id}/preview", VIEW),
    (POST, "/api/v1/arrangements", VIEW),
    (READ, "/api/v1/investigations", VIEW),
    (READ, "/api/v1/investigations/{id}", VIEW),
    (READ, "/api/v1/investigations/{id}/diagnosis", VIEW),
    (READ, "/api/v1/investigations/{id}/figures/{file}", VIEW),
    (READ, "/api/v1/investigations/{id}/reports/{file}", VIEW),
    (READ, "/api/v1/investigations/{id}/evidence/{evidence}/{file}", VIEW),
    (READ, "/api/v1/investigations/{id}/guards/{format}", VIEW),
    (READ, "/api/v1/investigations/{id}/job", VIEW),
    (POST, "/api/v1/investigations/{id}/selection", VIEW),
    (READ, "/api/v1/investigations/{id}/rows", VIEW),
    (READ, "/api/v1/investigations/{id}/rows.csv", VIEW),
    (READ, "/api/v1/investigations/{id}/pair", VIEW),
    (READ, "/api/v1/investigations/{id}/flips", VIEW),
    (READ, "/api/v1/investigations/{id}/flips.csv", VIEW),
    (READ, "/api/v1/investigations/{id}/suspects/{rank}/repaired", VIEW),
    (READ, "/api/v1/investigations/{id}/suspects/{rank}/repaired.csv", VIEW),
    (READ, "/models", VIEW),
    (READ, "/models/{name}", VIEW),
    (READ, "/models/{name}/alerts", VIEW),
    (READ, "/weekly", VIEW),
    (READ, "/api/v1/models", VIEW),
    (READ, "/api/v1/models/{name}", VIEW),
    (READ, "/api/v1/models/{name}/arrivals", VIEW),
    (READ, "/api/v1/models/{name}/trend", VIEW),
    (READ, "/api/v1/models/{name}/alerts", VIEW),
    (READ, "/api/v1/models/{name}/alert-rules", VIEW),
    (READ, "/api/v1/models/{name}/watches", VIEW),
    (READ, "/api/v1/alerts", VIEW),
    (READ, "/api/v1/weekly", VIEW),
    (READ, "/api/v1/weekly/digest", VIEW),
    (READ, "/api/v1/jobs/{id}", VIEW),
    (READ, "/api/v1/jobs/{id}/events", VIEW),
    // Whoever works on investigations.
    (READ, "/investigations/new", EDIT_ONE),
    (READ, "/investigations/new/files", EDIT_ONE),
    (READ, "/investigations/{id}/added/{part}", EDIT),
    (POST, "/investigations", EDIT_ONE),
    (POST, "/investigations/import", EDIT_ONE),
    (READ, "/investigations/{id}/export", EDIT),
    (POST, "/investigations/{id}/files", EDIT),
    (POST, "/investigations/{id}/inputs", EDIT),
    (POST, "/investigations/{id}/inputs/{snapshot}/reading", EDIT),
    (POST, "/investigations/{id}/notes", EDIT),
    (POST, "/investigations/{id}/statuses", EDIT),
    (POST, "/investigations/{id}/readings", EDIT),
    (POST, "/investigations/{id}/decisions", EDIT),
    (READ, "/investigations/{id}/pin", EDIT),
    (POST, "/investigations/{id}/hypotheses", EDIT),
    (POST, "/investigations/{id}/evidence", EDIT),
    (POST, "/investigations/{id}/evidence/{evidence}/remark", EDIT),
    (POST, "/investigations/{id}/evidence/{evidence}/place", EDIT),
    (POST, "/investigations/{id}/evidence/{evidence}/remove", EDIT),
    (POST, "/investigations/{id}/incident", EDIT),
    (POST, "/investigations/{id}/follow-ups", EDIT),
    (POST, "/investigations/{id}/follow-ups/{follow_up}", EDIT),
    (POST, "/investigations/{id}/entries", EDIT),
    (POST, "/investigations/{id}/mutes", EDIT),
    (POST, "/investigations/{id}/unmute", EDIT),
    (POST, "/investigations/{id}/close", EDIT),
    (POST, "/investigations/{id}/reopen", EDIT),
    (POST, "/investigations/{id}/edit", EDIT),
    (POST, "/investigations/{id}/archive", EDIT),
    (POST, "/investigations/{id}/unarchive", EDIT),
    (POST, "/investigations/{id}/diagnosis", EDIT),
    (POST, "/investigations/{id}/share-links", EDIT),
    (POST, "/share-links/{id}/revoke", EDIT),
    (POST, "/jobs/{id}/cancel", EDIT),
    (POST, "/examples/{id}", EDIT),
    (POST, "/api/v1/snapshots", EDIT_ONE),
    (POST, "/api/v1/snapshots/link", EDIT_ONE),
    (POST, "/api/v1/snapshots/{id}/reread", EDIT_ONE),
    (POST, "/api/v1/observations", EDIT_ONE),
    (POST, "/api/v1/investigations", EDIT_ONE),
    (POST, "/api/v1/investigations/import", EDIT_ONE),
    (READ, "/api/v1/investigations/{id}/export", EDIT),
    (PUT, "/api/v1/investigations/{id}", EDIT),
    (POST, "/api/v1/investigations/{id}/archive", EDIT),
    (POST, "/api/v1/investigations/{id}/unarchive", EDIT),
    (PUT, "/api/v1/investigations/{id}/inputs", EDIT),
    (POST, "/api/v1/investigations/{id}/diagnosis", EDIT),
    (POST, "/api/v1/investigations/{id}/notes", EDIT),
    (PUT, "/api/v1/investigations/{id}/statuses/{item}", EDIT),
    (PUT, "/api/v1/investigations/{id}/mutes/{finding}", EDIT),
    (DELETE, "/api/v1/investigations/{id}/mutes/{finding}", EDIT),
    (PUT, "/api/v1/investigations/{id}/decisions", EDIT),
    (POST, "/api/v1/investigations/{id}/hypotheses", EDIT),
    (POST, "/api/v1/investigations/{id}/evidence", EDIT),
    (PUT, "/api/v1/investigations/{id}/evidence/{evidence}", EDIT),
    (DELETE, "/api/v1/investigations/{id}/evidence/{evidence}", EDIT),
    (PUT, "/api/v1/investigations/{id}/evidence/{evidence}/place", EDIT),
    (PUT, "/api/v1/investigations/{id}/incident", EDIT),
    (POST, "/api/v1/investigations/{id}/follow-ups", EDIT),
    (PUT, "/api/v1/investigations/{id}/follow-ups/{follow_up}", EDIT),
    (POST, "/api/v1/investigations/{id}/entries", EDIT),
    (POST, "/api/v1/investigations/{id}/close", EDIT),
    (POST, "/api/v1/investigations/{id}/reopen", EDIT),
    // In the role that they have in the model; a model that is not there yet is made by who edits everywhere.
    (POST, "/models/{name}/edit", EDIT),
    (POST, "/models/{name}/watches", EDIT),
    (POST, "/models/{name}/watches/{watch}/remove", EDIT),
    (POST, "/models/{name}/watches/{watch}/look", EDIT),
    (POST, "/api/v1/models/{name}/watches", EDIT),
    (DELETE, "/api/v1/models/{name}/watches/{watch}", EDIT),
    (POST, "/api/v1/models/{name}/watches/{watch}/look", EDIT),
    (POST, "/models/{name}/alert-rules", EDIT),
    (POST, "/models/{name}/alert-rules/{rule}/remove", EDIT),
    (POST, "/models/{name}/alert-rules/{rule}/silence", EDIT),
    (POST, "/models/{name}/alert-rules/{rule}/end-silence", EDIT),
    (POST, "/api/v1/models/{name}/alert-rules", EDIT),
    (POST, "/api/v1/models/{name}/alert-rules/preview", EDIT),
    (DELETE, "/api/v1/models/{name}/alert-rules/{rule}", EDIT),
    (PUT, "/api/v1/models/{name}/alert-rules/{rule}/silence", EDIT),
    (DELETE, "/api/v1/models/{name}/alert-rules/{rule}/silence", EDIT),
    (POST, "/models/{name}/reference", EDIT),
    (POST, "/models/{name}/arrivals", EDIT),
    (POST, "/models/{name}/arrivals/{arrival}/investigation", EDIT),
    (POST, "/models/{name}/arrivals/{arrival}/judging", EDIT),
    (POST, "/models/{name}/arrivals/{arrival}/remove", EDIT),
    (PUT, "/api/v1/models/{name}", EDIT),
    (PUT, "/api/v1/models/{name}/reference", EDIT),
    (POST, "/api/v1/models/{name}/arrivals", EDIT),
    (DELETE, "/api/v1/models/{name}/arrivals/{arrival}", EDIT),
    (POST, "/api/v1/models/{name}/arrivals/{arrival}/investigation", EDIT),
    (POST, "/api/v1/models/{name}/arrivals/{arrival}/judging", EDIT),
    // A share link hands results to people without an account, and its list names all of them.
    (READ, "/api/v1/investigations/{id}/share-links", EDIT),
    (POST, "/api/v1/investigations/{id}/share-links", EDIT),
    (DELETE, "/api/v1/share-links/{id}", EDIT),
    (POST, "/api/v1/jobs/{id}/cancel", EDIT),
    // One's own account.
    (READ, "/account", Person),
    (POST, "/sign-out", Person),
    (POST, "/account/password", Person),
    (POST, "/account/sessions/{id}/end", Person),
    (POST, "/account/tokens", Person),
    (POST, "/account/tokens/{id}/revoke", Person),
    // Other people's.
    (READ, "/people", ADMINISTER),
    (POST, "/people/invitations", ADMINISTER),
    (POST, "/people/invitations/{id}/revoke", ADMINISTER),
    (POST, "/people/{id}/role", ADMINISTER),
    (POST, "/people/{id}/disable", ADMINISTER),
    (POST, "/people/{id}/enable", ADMINISTER),
    (POST, "/people/{id}/erase", ADMINISTER),
    (READ, "/audit", ADMINISTER),
    (READ, "/people/model", ADMINISTER),
    (POST, "/people/model", ADMINISTER),
    (POST, "/people/model/member", ADMINISTER),
    // What can't be brought back.
    (POST, "/investigations/{id}/delete", ADMINISTER),
    (READ, "/channels", ADMINISTER),
    (POST, "/channels", ADMINISTER),
    (POST, "/channels/{id}/remove", ADMINISTER),
    (POST, "/channels/{id}/test", ADMINISTER),
    (POST, "/channels/{id}/deliveries/{delivery}", ADMINISTER),
    (READ, "/api/v1/channels", ADMINISTER),
    (POST, "/api/v1/channels", ADMINISTER),
    (DELETE, "/api/v1/channels/{id}", ADMINISTER),
    (POST, "/api/v1/channels/{id}/test", ADMINISTER),
    (READ, "/api/v1/deliveries", ADMINISTER),
    (POST, "/api/v1/channels/{id}/deliveries/{delivery}", ADMINISTER),
    (READ, "/files", ADMINISTER),
    (POST, "/snapshots/{id}/delete", ADMINISTER),
    (DELETE, "/api/v1/investigations/{id}", ADMINISTER),
    (DELETE, "/api/v1/snapshots/{id}", ADMINISTER),
];

/// What a request is about, by its route and its path; `None` for what is about nothing in particular.
pub fn about<'a>(route: &str, path: &'a str) -> Option<Subject<'a>> {
    let mut parts = route.split('/').zip(path.split('/')).skip_while(|(part, _)| subject(part, "").is_none());
    let (kind, _) = parts.next()?;
    parts.next().filter(|(part, _)| *part == "{id}" || *part == "{name}").and_then(|(_, id)| subject(kind, id))
}

/// Whether an id or a secret in a path has `%xx` in it. They are letters, digits and dashes: what is written otherwise may be one
/// thing for who decides and another for who answers.
pub fn is_misspelled(route: &str, path: &str) -> bool {
    let parts = route.split('/').zip(path.split('/'));
    parts.into_iter().any(|(part, given)| IDS.contains(&part) && given.contains('%'))
}

/// The parts of routes that are ids and secrets.
const IDS: [&str; 6] = ["{id}", "{secret}", "{evidence}", "{snapshot}", "{follow_up}", "{arrival}"];

/// By the part of a route before an id.
fn subject<'a>(kind: &str, id: &'a str) -> Option<Subject<'a>> {
    match kind {
        "investigations" => Some(Subject::Investigation(id)),
        "snapshots" => Some(Subject::Snapshot(id)),
        "jobs" => Some(Subject::Job(id)),
        "share-links" => Some(Subject::ShareLink(id)),
        "models" => Some(Subject::Model(id)),
        _ => None,
    }
}

/// What the route needs; `None` where nobody said so.
pub fn needs(method: &Method, route: &str) -> Option<Needs> {
    let is_meant = |(methods, path, _): &&Rule| *path == route && methods.contains(&method.as_str());
    RULES.iter().find(is_meant).map(|(_, _, needs)| *needs)
}

/// Whether the route has a rule for another method.
pub fn has_another_method(route: &str) -> bool {
    RULES.iter().any(|(_, path, _)| *path == route)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_route_has_one_rule_and_what_changes_something_needs_more_than_to_look() {
        let routes: BTreeSet<_> = RULES.iter().map(|(methods, path, _)| (methods[0], *path)).collect();
        assert_eq!(routes.len(), RULES.len(), "one is there twice");
        let changes = RULES.iter().filter(|(methods, _, needs)| methods[0] != "GET" && *needs == VIEW);
        let only_look: Vec<&str> = changes.map(|(_, path, _)| *path).collect();
        // Questions with a body, and a cookie of one's own.
        assert_eq!(only_look, ["/tour/close", "/api/v1/arrangements", "/api/v1/investigations/{id}/selection"]);
        let open = RULES.iter().filter(|(methods, _, needs)| methods[0] != "GET" && *needs == Nothing);
        let open: Vec<&str> = open.map(|(_, path, _)| *path).collect();
        assert_eq!(
            open,
            ["/sign-in", "/set-up", "/join/{secret}", "/s/{secret}/unlock", "/api/v1/shared/{secret}/selection"]
        );
        assert_eq!(about("/api/v1/jobs/{id}/events", "/api/v1/jobs/7/events"), Some(Subject::Job("7")));
        assert_eq!(about("/investigations/{id}", "/investigations/7"), Some(Subject::Investigation("7")));
        assert_eq!(about("/investigations/new", "/investigations/new"), None);
        assert_eq!(about("/models/{name}/edit", "/models/a%2Fb/edit"), Some(Subject::Model("a%2Fb")));
        assert_eq!((about("/models", "/models"), about("/people/model", "/people/model")), (None, None));
        // People, what is one's own, and channels belong to no model.
        let of_none = ["/people/", "/account/", "/channels/"];
        let names_one = |path: &&str| path.contains("/{id}") && !of_none.iter().any(|part| path.contains(part));
        let without =
            RULES.iter().map(|(_, path, _)| *path).filter(names_one).filter(|path| about(path, path).is_none());
        // The example is made, and has no id yet.
        assert_eq!(without.collect::<Vec<_>>(), ["/examples/{id}"]);
        assert!(is_misspelled("/s/{secret}/compare", "/s/%61b/compare") && !is_misspelled("/s/{secret}", "/s/ab"));
        assert!(
            !is_misspelled("/reference/{code}", "/reference/%44") && !is_misspelled("/models/{name}", "/models/%44")
        );
        assert_eq!(needs(&Method::GET, "/nowhere"), None);
        assert_eq!(needs(&Method::HEAD, "/people"), Some(ADMINISTER));
    }
}
