//! Who signed in, and whether people like them may.

use domain::account::Role;

use crate::claims::Claims;
use crate::provider::RoleRule;
use crate::token::Vouched;
use crate::{Provider, Refusal};

/// Somebody who signed in at the provider. An account belongs to an issuer and a subject: names and addresses change hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub issuer: String,
    /// What the provider calls this person for ever; of no meaning elsewhere.
    pub subject: String,
    /// For people to read.
    pub name: Option<String>,
    /// What the provider lets this person type; neither unique nor verified.
    pub user_name: Option<String>,
    /// In lower case. Only one that the provider has verified.
    pub verified_email: Option<String>,
    /// By the rule for roles; `None` without one.
    pub role: Option<Role>,
}

/// Whether the claims lack something that the endpoint about people may know.
pub(crate) fn lacks_something(provider: &Provider, claims: &Claims) -> bool {
    let has = |name: &str| claims.0.contains_key(name);
    let has_roles = provider.roles.as_ref().is_none_or(|rule| claims.at(&rule.claim).is_some());
    !(has("name") && has("email") && has("email_verified") && has_roles)
}

/// # Errors
/// `NoVerifiedEmail`, `OtherDomain`, `NoRole` for people who may not sign in.
pub(crate) fn person(provider: &Provider, vouched: Vouched) -> Result<Person, Refusal> {
    let Vouched { subject, claims } = vouched;
    let verified_email = claims.verified_email();
    if !provider.email_domains.is_empty() {
        let email = verified_email.as_deref().ok_or(Refusal::NoVerifiedEmail)?;
        let domain = email.rsplit('@').next().unwrap_or_default();
        if !provider.email_domains.iter().any(|allowed| allowed == domain) {
            return Err(Refusal::OtherDomain);
        }
    }
    Ok(Person {
        issuer: provider.issuer.clone(),
        subject,
        name: name(&claims),
        user_name: claims.text("preferred_username"),
        verified_email,
        role: provider.roles.as_ref().map(|rule| role(rule, &claims)).transpose()?,
    })
}

fn name(claims: &Claims) -> Option<String> {
    claims.text("name").or_else(|| {
        let parts = [claims.text("given_name"), claims.text("family_name")];
        let whole = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        (!whole.is_empty()).then_some(whole)
    })
}

fn role(rule: &RoleRule, claims: &Claims) -> Result<Role, Refusal> {
    let has = claims.texts(&rule.claim);
    let given = rule.values.iter().filter(|(value, _)| has.contains(&value.as_str())).map(|(_, role)| *role);
    given.max().or(rule.otherwise).ok_or(Refusal::NoRole)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::ProviderSettings;
    use crate::testing::{claims, settings};

    fn of(settings: ProviderSettings, value: Value) -> Result<Person, Refusal> {
        person(&Provider::new(settings).unwrap(), Vouched { subject: "7".to_owned(), claims: claims(value) })
    }

    fn rule(otherwise: Option<Role>) -> ProviderSettings {
        let values = vec![("staff".to_owned(), Role::Viewer), ("ml-admins".to_owned(), Role::Admin)];
        ProviderSettings { roles: Some(RoleRule { claim: "groups".to_owned(), values, otherwise }), ..settings() }
    }

    #[test]
    fn a_person_is_an_issuer_and_a_subject_and_has_what_was_verified() {
        let ada = json!({ "name": "Ada\u{0}\n Lovelace", "preferred_username": "ada", "email": "ada@example.org" });
        let found = of(settings(), ada).unwrap();
        assert_eq!((found.issuer.as_str(), found.subject.as_str()), ("https://id.example.org", "7"));
        assert_eq!((found.name.as_deref(), found.user_name.as_deref()), (Some("Ada Lovelace"), Some("ada")));
        assert_eq!((found.verified_email, found.role), (None, None));
        let parts = of(settings(), json!({ "given_name": "Ada", "family_name": "Lovelace", "name": " " })).unwrap();
        assert_eq!(parts.name.as_deref(), Some("Ada Lovelace"));
        assert_eq!(of(settings(), json!({ "name": ["Ada"] })).unwrap().name, None);
        assert_eq!(of(settings(), json!({ "name": "x".repeat(9_000) })).unwrap().name.unwrap().len(), 200);
    }

    #[test]
    fn only_verified_addresses_of_the_domains_get_in() {
        let only = || ProviderSettings { email_domains: vec!["Example.org".to_owned()], ..settings() };
        let email = |email: &str, is_verified: bool| json!({ "email": email, "email_verified": is_verified });
        let ada = of(only(), email("ADA@example.ORG", true)).unwrap();
        assert_eq!(ada.verified_email.as_deref(), Some("ada@example.org"));
        assert_eq!(of(only(), email("ada@example.org", false)), Err(Refusal::NoVerifiedEmail));
        assert_eq!(of(only(), json!({})), Err(Refusal::NoVerifiedEmail));
        for other in ["ada@example.com", "ada@sub.example.org", "ada@example.org.evil.example", "ada@evilexample.org"] {
            assert_eq!(of(only(), email(other, true)), Err(Refusal::OtherDomain), "{other}");
        }
    }

    #[test]
    fn of_several_roles_the_one_that_may_do_most_counts() {
        let role =
            |otherwise, groups: Value| of(rule(otherwise), json!({ "groups": groups })).map(|person| person.role);
        assert_eq!(role(None, json!(["staff", "ml-admins", "x"])), Ok(Some(Role::Admin)));
        assert_eq!(role(None, json!("staff")), Ok(Some(Role::Viewer)));
        assert_eq!(role(None, json!(["Staff", "staff2"])), Err(Refusal::NoRole));
        assert_eq!(role(None, json!({ "staff": true })), Err(Refusal::NoRole));
        assert_eq!(role(Some(Role::Editor), json!([])), Ok(Some(Role::Editor)));
        assert_eq!(role(Some(Role::Editor), json!(["staff"])), Ok(Some(Role::Viewer)));
    }

    #[test]
    fn the_endpoint_about_people_is_asked_for_what_is_not_in_the_token() {
        let provider = Provider::new(rule(None)).unwrap();
        let whole = json!({ "name": "Ada", "email": "a@b.c", "email_verified": false, "groups": [] });
        assert!(!lacks_something(&provider, &claims(whole.clone())));
        for name in ["name", "email", "email_verified", "groups"] {
            let mut part = whole.clone();
            part.as_object_mut().unwrap().remove(name);
            assert!(lacks_something(&provider, &claims(part)), "{name}");
        }
    }
}
