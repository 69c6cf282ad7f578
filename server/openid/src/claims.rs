//! What the provider claims about somebody. Values are a stranger's: their types are checked where they are read.

use serde_json::{Map, Value};

/// Longest text that is taken over, in characters.
const LONGEST_TEXT: usize = 200;
/// Longest e-mail address (RFC 5321, section 4.5.3.1.3), in bytes.
const LONGEST_EMAIL: usize = 254;

/// From a checked token, filled up by the endpoint about people.
#[derive(Debug, Clone, Default)]
pub(crate) struct Claims(pub(crate) Map<String, Value>);

impl Claims {
    /// A claim that is a text of one line; longer than a name can be, it is cut.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let text = domain::markup::printable(self.0.get(name)?.as_str()?);
        let text: String = text.trim().chars().take(LONGEST_TEXT).collect();
        (!text.is_empty()).then_some(text)
    }

    /// The e-mail address in lower case, where the provider vouches that it belongs to this person.
    pub(crate) fn verified_email(&self) -> Option<String> {
        let is_verified = match self.0.get("email_verified") {
            Some(Value::Bool(is_verified)) => *is_verified,
            // Amazon Cognito writes it as a text.
            Some(Value::String(text)) => text == "true",
            _ => false,
        };
        let email = self.0.get("email")?.as_str()?.to_lowercase();
        let (local, domain) = email.rsplit_once('@')?;
        let is_whole = !local.is_empty()
            && !domain.is_empty()
            && email.len() <= LONGEST_EMAIL
            && !email.chars().any(|character| character.is_control() || character.is_whitespace());
        (is_verified && is_whole).then_some(email)
    }

    /// The texts of a claim: of one text, or of a list.
    pub(crate) fn texts(&self, path: &str) -> Vec<&str> {
        match self.at(path) {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// A claim by its whole name, which may have dots in it, or by the path through objects.
    pub(crate) fn at(&self, path: &str) -> Option<&Value> {
        self.0.get(path).or_else(|| {
            let (first, rest) = path.split_once('.')?;
            rest.split('.').try_fold(self.0.get(first)?, |value, part| value.get(part))
        })
    }

    /// With what another source adds. An address and whether it is verified stay together: one source's yes is not about
    /// the other's address.
    pub(crate) fn filled_from(mut self, more: Claims) -> Claims {
        if self.0.contains_key("email_verified") && self.0.contains_key("email") {
            return self.added(more, |name| name != "email" && name != "email_verified");
        }
        self.0.remove("email");
        self.0.remove("email_verified");
        self.added(more, |_| true)
    }

    fn added(mut self, more: Claims, is_wanted: impl Fn(&str) -> bool) -> Claims {
        for (name, value) in more.0.into_iter().filter(|(name, _)| is_wanted(name)) {
            self.0.entry(name).or_insert(value);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::claims;

    #[test]
    fn an_address_counts_only_where_the_provider_verified_it() {
        let email = |value: Value| claims(value).verified_email();
        assert_eq!(
            email(json!({ "email": "Ada@Example.org", "email_verified": true })).as_deref(),
            Some("ada@example.org")
        );
        assert_eq!(
            email(json!({ "email": "ada@example.org", "email_verified": "true" })).as_deref(),
            Some("ada@example.org")
        );
        for unverified in [json!(false), json!("false"), json!(1), json!(null)] {
            assert_eq!(
                email(json!({ "email": "ada@example.org", "email_verified": unverified })),
                None,
                "{unverified}"
            );
        }
        assert_eq!(email(json!({ "email": "ada@example.org" })), None);
        for bad in
            [json!("ada"), json!("@example.org"), json!("ada@"), json!("ada @example.org"), json!(["ada@example.org"])]
        {
            assert_eq!(email(json!({ "email": bad, "email_verified": true })), None, "{bad}");
        }
    }

    #[test]
    fn one_sources_yes_is_not_about_the_other_sources_address() {
        let token = claims(json!({ "sub": "1", "email": "boss@example.org" }));
        let more = claims(json!({ "sub": "1", "email": "ada@example.org", "email_verified": true, "name": "Ada" }));
        let filled = token.filled_from(more.clone());
        assert_eq!(filled.verified_email().as_deref(), Some("ada@example.org"));
        assert_eq!(filled.text("name").as_deref(), Some("Ada"));
        let unverified = claims(json!({ "email": "boss@example.org", "email_verified": false, "name": "A. L." }));
        let filled = unverified.filled_from(more);
        assert_eq!((filled.verified_email(), filled.text("name").as_deref()), (None, Some("A. L.")));
        let only_a_yes = claims(json!({ "email_verified": true }));
        assert_eq!(only_a_yes.filled_from(claims(json!({ "email": "boss@example.org" }))).verified_email(), None);
    }

    #[test]
    fn roles_are_found_by_name_or_by_path() {
        let found = claims(json!({
            "groups": ["a", 1, "b"], "role": "c", "https://example.org/roles": ["d"], "realm_access": { "roles": ["e"] },
        }));
        for (path, texts) in [
            ("groups", vec!["a", "b"]),
            ("role", vec!["c"]),
            ("https://example.org/roles", vec!["d"]),
            ("realm_access.roles", vec!["e"]),
            ("realm_access.none", vec![]),
            ("none", vec![]),
        ] {
            assert_eq!(found.texts(path), texts, "{path}");
        }
    }
}
