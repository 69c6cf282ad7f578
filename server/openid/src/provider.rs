//! What whoever runs Mismatch says about the service that people sign in with.

use std::fmt;

use domain::Problem;
use domain::account::Role;
use ureq::tls::{Certificate, PemItem, parse_pem};
use url::Url;

use crate::address::trusted;

/// Longest of any single value.
const LONGEST: usize = 2_000;
/// Scopes, domains of addresses, values of a role: each at most this many.
const MOST: usize = 100;

/// A provider as somebody types it; [`Provider::new`] checks it.
#[derive(Clone)]
pub struct ProviderSettings {
    /// What stands on the button, such as `Okta`.
    pub name: String,
    /// The address that identifies the provider, exactly as the provider writes it.
    pub issuer: String,
    pub client_id: String,
    /// `None` for a client that has no secret: PKCE stands in for it.
    pub client_secret: Option<String>,
    /// Where the provider sends the browser back to, as it is registered there.
    pub redirect: String,
    /// Where the provider sends the browser back to after a sign-out, as it is registered there; `None` leaves people signed in
    /// at the provider.
    pub signed_out: Option<String>,
    /// What is asked for, next to `openid`; none means `email` and `profile`.
    pub scopes: Vec<String>,
    pub roles: Option<RoleRule>,
    /// Only people with a verified e-mail address in one of these domains; none means everybody whom the provider knows.
    pub email_domains: Vec<String>,
    /// The certificates to trust at the provider, as PEM; `None` means those that browsers trust.
    pub certificates: Option<Vec<u8>>,
}

/// How the provider decides who has which role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRule {
    /// The claim that holds roles or groups: its name, or a path with dots such as `realm_access.roles`.
    pub claim: String,
    /// Which value gives which role; of several, the one that may do most.
    pub values: Vec<(String, Role)>,
    /// The role without any of the values; `None` refuses the sign-in.
    pub otherwise: Option<Role>,
}

/// A provider that can be asked.
#[derive(Clone)]
pub struct Provider {
    pub(crate) name: String,
    pub(crate) issuer: String,
    pub(crate) issuer_url: Url,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<String>,
    pub(crate) redirect: String,
    pub(crate) signed_out: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) roles: Option<RoleRule>,
    pub(crate) email_domains: Vec<String>,
    pub(crate) certificates: Option<Vec<Certificate<'static>>>,
}

impl Provider {
    /// # Errors
    /// `BadInput` with a sentence that names the setting and says what to write.
    pub fn new(settings: ProviderSettings) -> Result<Self, Problem> {
        let name = one_line("name of the sign-in provider", &settings.name)?;
        let issuer = one_line("issuer", &settings.issuer)?;
        let issuer_url = trusted(&issuer).filter(is_bare).ok_or_else(|| {
            Problem::bad_input(format!(
                "The issuer {issuer:?} is not an address that can be trusted. Write it as the provider does: https://, a host \
                 and a path, without a query. Only an issuer on this machine may have http://."
            ))
        })?;
        let redirect = way_back(&settings.redirect)?;
        Ok(Self {
            name,
            issuer,
            issuer_url,
            client_id: one_line("client ID", &settings.client_id)?,
            client_secret: settings.client_secret.map(|secret| one_line("client secret", &secret)).transpose()?,
            redirect,
            signed_out: settings.signed_out.as_deref().map(way_back).transpose()?,
            scopes: scopes(&settings.scopes)?,
            roles: settings.roles.map(role_rule).transpose()?,
            email_domains: email_domains(&settings.email_domains)?,
            certificates: settings.certificates.map(|pem| certificates(&pem)).transpose()?,
        })
    }

    /// What stands on the button.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn issuer(&self) -> &str {
        &self.issuer
    }
}

/// A log or a panic that prints it shows no secret.
impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("ProviderSettings");
        shown.field("issuer", &self.issuer).field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// An address of this server that the provider sends browsers to.
fn way_back(address: &str) -> Result<String, Problem> {
    let address = one_line("redirect address", address)?;
    if trusted(&address).is_none_or(|url| url.fragment().is_some()) {
        return Err(Problem::bad_input(format!(
            "The redirect address {address:?} can't be used. Write the address of this server with https://, as it is \
             registered at the provider. Only an address of this machine may have http://."
        )));
    }
    Ok(address)
}

fn is_bare(url: &Url) -> bool {
    url.query().is_none() && url.fragment().is_none()
}

fn one_line(what: &str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let fits = !text.is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned()).ok_or_else(|| {
        Problem::bad_input(format!("The {what} is empty, longer than {LONGEST} bytes, or has more than one line."))
    })
}

/// `openid` first, each once (RFC 6749, section 3.3: what a scope may be made of).
fn scopes(asked: &[String]) -> Result<Vec<String>, Problem> {
    let is_scope = |scope: &String| {
        !scope.is_empty() && scope.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
    };
    if asked.len() > MOST || !asked.iter().all(is_scope) {
        return Err(Problem::bad_input(format!(
            "The scopes can't be used. Write at most {MOST}, each one word without quotation marks, such as email or groups."
        )));
    }
    let usual = ["email".to_owned(), "profile".to_owned()];
    let asked = if asked.is_empty() { &usual[..] } else { asked };
    let mut scopes = vec!["openid".to_owned()];
    for scope in asked {
        if !scopes.contains(scope) {
            scopes.push(scope.clone());
        }
    }
    Ok(scopes)
}

fn role_rule(rule: RoleRule) -> Result<RoleRule, Problem> {
    let claim = one_line("claim with the roles", &rule.claim)?;
    if rule.values.is_empty() || rule.values.len() > MOST {
        return Err(Problem::bad_input(format!(
            "The claim {claim} gives no role. Write 1 to {MOST} of its values, each with viewer, editor or admin."
        )));
    }
    for (value, _) in &rule.values {
        one_line("value of a role", value)?;
    }
    Ok(RoleRule { claim, ..rule })
}

fn email_domains(asked: &[String]) -> Result<Vec<String>, Problem> {
    if asked.len() > MOST {
        return Err(Problem::bad_input(format!("Write at most {MOST} domains of e-mail addresses.")));
    }
    asked.iter().map(|domain| email_domain(domain)).collect()
}

fn email_domain(asked: &str) -> Result<String, Problem> {
    let domain = one_line("domain of e-mail addresses", asked)?.to_lowercase();
    let is_host = !domain.contains(['@', '/', ':', '*', ' ']) && !domain.starts_with('.') && !domain.ends_with('.');
    is_host.then_some(domain).ok_or_else(|| {
        Problem::bad_input(format!(
            "{asked:?} is not a domain of e-mail addresses. Write what stands after the @, such as example.org."
        ))
    })
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, Problem> {
    let unusable = |why: String| {
        Problem::bad_input(format!(
            "The certificates for the sign-in provider can't be used: {why}. Give a PEM file with one or several certificates."
        ))
    };
    let mut found = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| unusable(error.to_string()))? {
            found.push(certificate);
        }
    }
    if found.is_empty() { Err(unusable("there are none".to_owned())) } else { Ok(found) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use crate::testing::settings;

    fn refused(change: impl FnOnce(&mut ProviderSettings)) -> String {
        let mut changed = settings();
        change(&mut changed);
        Provider::new(changed).unwrap_err().message
    }

    #[test]
    fn each_setting_that_cannot_work_is_named() {
        for issuer in ["http://id.example.org", "https://id.example.org?a=b", "https://a:b@id.example.org", "id", ""] {
            assert!(refused(|settings| settings.issuer = issuer.to_owned()).contains("issuer"), "{issuer}");
        }
        for redirect in ["http://mismatch.example.org/back", "https://mismatch.example.org/back#part", "/back"] {
            assert!(refused(|settings| settings.redirect = redirect.to_owned()).contains("redirect"), "{redirect}");
        }
        let elsewhere = Some("http://mismatch.example.org/sign-out/back".to_owned());
        assert!(refused(|settings| settings.signed_out = elsewhere).contains("sign-out/back"));
        assert!(refused(|settings| settings.client_id = " ".to_owned()).contains("client ID"));
        assert!(refused(|settings| settings.client_secret = Some("a\nb".to_owned())).contains("client secret"));
        assert!(refused(|settings| settings.scopes = vec!["two words".to_owned()]).contains("scopes"));
        for domain in ["@example.org", "*.example.org", "", "https://example.org"] {
            assert!(
                refused(|settings| settings.email_domains = vec![domain.to_owned()]).contains("domain"),
                "{domain}"
            );
        }
        let none = RoleRule { claim: "groups".to_owned(), values: Vec::new(), otherwise: None };
        assert!(refused(|settings| settings.roles = Some(none)).contains("groups"));
        assert!(refused(|settings| settings.certificates = Some(b"no certificate".to_vec())).contains("PEM"));
    }

    #[test]
    fn openid_is_always_asked_for_and_no_secret_is_printed() {
        let provider = Provider::new(settings()).unwrap();
        assert_eq!(provider.scopes, ["openid", "email", "profile"]);
        let asked = ["groups", "openid", "groups"].map(str::to_owned).to_vec();
        let provider = Provider::new(ProviderSettings { scopes: asked, ..settings() }).unwrap();
        assert_eq!(provider.scopes, ["openid", "groups"]);
        let printed = format!("{provider:?} {:?}", settings());
        assert!(printed.contains("https://id.example.org") && !printed.contains("correct horse"), "{printed}");
    }
}
