//! Who else says who somebody is: a provider of OpenID Connect, or a proxy.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use axum::http::HeaderName;
use clap::{Args, ValueEnum};
use domain::Problem;
use domain::account::Role;
use openid::{Provider, ProviderSettings, RoleRule};
use service::Elsewhere;

use crate::http::ProxiedUser;

/// The ways back from the provider.
const BACK: &str = "/sign-in/back";
const SIGNED_OUT: &str = "/sign-out/back";

/// Where somebody who came from the provider signs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum SignOut {
    /// Here, and then at the provider if they want to.
    #[default]
    Provider,
    /// Here only.
    Here,
}

#[derive(Debug, Args)]
pub struct ElsewhereArguments {
    /// The issuer of a provider of OpenID Connect, exactly as the provider writes it. People can sign in with it.
    #[arg(long, value_name = "ADDRESS", requires_all = ["openid_client_id", "accounts"], env = "MISMATCH_OPENID_ISSUER")]
    openid_issuer: Option<String>,
    /// What this server is called at the provider.
    #[arg(long, value_name = "ID", requires = "openid_issuer", env = "MISMATCH_OPENID_CLIENT_ID")]
    openid_client_id: Option<String>,
    /// The file that holds this server's secret at the provider, or env:VARIABLE. Not needed for a public client.
    #[arg(long, value_name = "FILE", requires = "openid_issuer")]
    openid_client_secret: Option<SecretPlace>,
    /// The provider's name on the button.
    #[arg(long, value_name = "NAME", requires = "openid_issuer", default_value = "your company's account")]
    openid_name: String,
    /// What is asked for at the provider, next to openid; email and profile where nothing else is said. Can be given several times.
    #[arg(long, value_name = "SCOPE", requires = "openid_issuer")]
    openid_scope: Vec<String>,
    /// Only people with a verified e-mail address of this domain. Can be given several times.
    #[arg(long, value_name = "DOMAIN", requires = "openid_issuer")]
    openid_domain: Vec<String>,
    /// The claim that holds roles or groups, such as realm_access.roles.
    #[arg(long, value_name = "CLAIM", requires = "openid_role")]
    openid_role_claim: Option<String>,
    /// Which value of the claim gives which role, such as ml-team=editor. Can be given several times.
    #[arg(long, value_name = "VALUE=ROLE", requires = "openid_role_claim")]
    openid_role: Vec<ValueAndRole>,
    /// Where people sign out who came from the provider: here and then at the provider, if it has a place for that (register
    /// https://HOST/sign-out/back there), or here only.
    #[arg(long, value_name = "WHERE", requires = "openid_issuer", value_enum, default_value_t)]
    openid_sign_out: SignOut,
    /// The certificates to trust at the provider, as PEM, instead of those that browsers trust.
    #[arg(long, value_name = "FILE", requires = "openid_issuer")]
    openid_certificates: Option<PathBuf>,
    /// The header in which a proxy in front says who asks, such as X-Forwarded-User.
    #[arg(long, value_name = "HEADER", requires_all = ["proxy_address", "accounts"])]
    proxy_user_header: Option<HeaderName>,
    /// The address from which the proxy connects: from nowhere else is the header believed. Can be given several times.
    #[arg(long, value_name = "IP", requires = "proxy_user_header")]
    proxy_address: Vec<IpAddr>,
    /// The role of whoever comes from the provider or the proxy for the first time without one: viewer, editor or admin. Without
    /// it they are kept out.
    #[arg(long, value_name = "ROLE", value_parser = role)]
    first_role: Option<Role>,
}

impl ElsewhereArguments {
    /// `outside` is the address by which browsers open this server.
    ///
    /// # Errors
    /// `BadInput` with a sentence that names the setting and says what to write.
    pub fn get(&self, outside: &str) -> Result<Elsewhere, Problem> {
        Ok(Elsewhere { provider: self.provider(outside)?, first_role: self.first_role })
    }

    pub fn proxied(&self) -> Option<ProxiedUser> {
        let from = self.proxy_address.iter().map(IpAddr::to_canonical).collect();
        self.proxy_user_header.clone().map(|header| ProxiedUser { header, from })
    }

    fn provider(&self, outside: &str) -> Result<Option<Provider>, Problem> {
        let Some(issuer) = &self.openid_issuer else { return Ok(None) };
        if self.openid_role_claim.is_none() && self.first_role.is_none() {
            return Err(Problem::bad_input(
                "Nobody could sign in with the provider: say with --openid-role-claim and --openid-role who has which role, or \
                 with --first-role which one whoever comes first has.",
            ));
        }
        let roles = self.openid_role_claim.clone().map(|claim| RoleRule {
            claim,
            values: self.openid_role.iter().map(|one| (one.value.clone(), one.role)).collect(),
            otherwise: self.first_role,
        });
        let certificates = self.openid_certificates.as_ref().map(|file| {
            std::fs::read(file)
                .map_err(|error| Problem::bad_input(format!("{} can't be read: {error}.", file.display())))
        });
        Provider::new(ProviderSettings {
            name: self.openid_name.clone(),
            issuer: issuer.clone(),
            client_id: self.openid_client_id.clone().unwrap_or_default(),
            client_secret: self.openid_client_secret.as_ref().map(SecretPlace::read).transpose()?,
            redirect: format!("{outside}{BACK}"),
            signed_out: match self.openid_sign_out {
                SignOut::Provider => Some(format!("{outside}{SIGNED_OUT}")),
                SignOut::Here => None,
            },
            scopes: self.openid_scope.clone(),
            roles,
            email_domains: self.openid_domain.clone(),
            certificates: certificates.transpose()?,
        })
        .map(Some)
    }
}

fn role(text: &str) -> Result<Role, String> {
    Role::ALL
        .into_iter()
        .find(|role| role.to_string() == text)
        .ok_or_else(|| format!("{text:?} is not a role: there are viewer, editor and admin"))
}

/// Where a secret is: never in an argument, which everybody on the machine can see.
#[derive(Debug, Clone, PartialEq, Eq)]
enum SecretPlace {
    File(PathBuf),
    Variable(String),
}

impl FromStr for SecretPlace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text.strip_prefix("env:") {
            Some(variable) => SecretPlace::Variable(variable.to_owned()),
            None => SecretPlace::File(PathBuf::from(text)),
        })
    }
}

impl SecretPlace {
    fn read(&self) -> Result<String, Problem> {
        let read = match self {
            SecretPlace::File(file) => std::fs::read_to_string(file)
                .map_err(|error| format!("The file {} with the client secret can't be read: {error}.", file.display())),
            SecretPlace::Variable(name) => std::env::var(name)
                .map_err(|error| format!("The variable {name} with the client secret can't be read: {error}.")),
        };
        read.map(|secret| secret.trim().to_owned()).map_err(Problem::bad_input)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct ValueAndRole {
    value: String,
    role: Role,
}

impl FromStr for ValueAndRole {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (value, of) = text.rsplit_once('=').ok_or_else(|| format!("{text:?} names no role; write VALUE=ROLE"))?;
        Ok(ValueAndRole { value: value.to_owned(), role: role(of)? })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[arg(long)]
        accounts: bool,
        #[command(flatten)]
        elsewhere: ElsewhereArguments,
    }

    fn arguments(arguments: &[&str]) -> Result<ElsewhereArguments, clap::Error> {
        Line::try_parse_from([&["x", "--accounts"], arguments].concat()).map(|line| {
            assert!(line.accounts);
            line.elsewhere
        })
    }

    const PROVIDER: [&str; 4] = ["--openid-issuer", "https://id.example", "--openid-client-id", "mismatch"];

    #[test]
    fn a_provider_needs_a_way_to_a_role() {
        let without = arguments(&PROVIDER).unwrap().get("https://mismatch.example").unwrap_err();
        assert!(without.message.contains("--first-role"), "{}", without.message);
        let first = arguments(&[&PROVIDER[..], &["--first-role", "viewer"]].concat()).unwrap();
        assert!(first.get("https://mismatch.example").unwrap().provider.is_some());
        let ruled = [&PROVIDER[..], &["--openid-role-claim", "groups", "--openid-role", "a=b=editor"]].concat();
        assert!(arguments(&ruled).unwrap().get("https://mismatch.example").unwrap().provider.is_some());
        // What browsers open has to be encrypted, unless it is this machine.
        assert!(arguments(&ruled).unwrap().get("http://mismatch.example").is_err());
        let here = [&PROVIDER[..], &["--first-role", "viewer", "--openid-sign-out", "here"]].concat();
        assert_eq!(arguments(&here).unwrap().openid_sign_out, SignOut::Here);
        assert_eq!(first.openid_sign_out, SignOut::Provider);
        for bad in [
            &["--openid-issuer", "https://id.example"][..],
            &["--openid-sign-out", "here"],
            &["--first-role", "king"],
            &["--proxy-user-header", "X-User"],
            &["--proxy-address", "10.0.0.1"],
        ] {
            assert!(arguments(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_secret_is_read_from_where_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, "s3cret\n").unwrap();
        assert_eq!(file.to_str().unwrap().parse::<SecretPlace>().unwrap().read().unwrap(), "s3cret");
        assert!("env:MISMATCH_NO_SUCH_VARIABLE".parse::<SecretPlace>().unwrap().read().is_err());
    }
}
