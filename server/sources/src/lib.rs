//! Bytes from elsewhere: a file on the web, a running tool that is asked, an object in a bucket; and messages to somebody else.
//!
//! Names are resolved here and every address is checked, so that a stranger's link doesn't reach what only this machine can
//! reach. A bucket is read with the credentials of the process, so which buckets is decided by who starts it. Calls block.

mod agent;
mod bucket;
mod live;
mod mail;
mod post;
mod public;
mod tokens;
mod web;

use std::time::Duration;

use connectors::live::Window;
use domain::Problem;
use ureq::Agent;

pub use bucket::Buckets;
pub use mail::{Mail, Mailer, recipients};
pub use post::host_of;
pub use tokens::{Token, Tokens};

/// A file that has not come after this long is given up.
pub const TIMEOUT: Duration = Duration::from_secs(600);

/// What may be asked, and with which secrets.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    pub private_addresses: PrivateAddresses,
    pub tokens: Tokens,
    pub buckets: Buckets,
}

/// Whether addresses of private networks and of this machine may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PrivateAddresses {
    #[default]
    Refused,
    Allowed,
}

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// As if it were a file.
    pub name: String,
    /// Where it was, without anything that may be a secret.
    pub origin: String,
}

/// One object below a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Below the prefix.
    pub name: String,
    /// Its own address.
    pub target: String,
    /// What changes with its content.
    pub mark: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub modified_ms: i64,
}

/// Where bytes go, piece by piece. An error ends the transfer.
pub type Sink<'s> = &'s mut dyn FnMut(&[u8]) -> Result<(), Problem>;

/// The way out of this process.
#[derive(Debug, Clone)]
pub struct Sources {
    agent: Agent,
    reach: Reach,
}

impl Sources {
    pub fn new(reach: Reach) -> Self {
        Self { agent: agent::agent(reach.private_addresses), reach }
    }

    /// Whether the text is an address, and not a path.
    pub fn is_address(target: &str) -> bool {
        target.trim().split_once("://").is_some_and(|(scheme, _)| {
            !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        })
    }

    /// Whether an address is a prefix of a bucket, below which objects are.
    pub fn is_prefix(target: &str) -> bool {
        let scheme = target.trim().split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        scheme.is_some_and(|scheme| bucket::SCHEMES.contains(&scheme.as_str())) && target.trim().ends_with('/')
    }

    /// What is below a prefix of a bucket.
    ///
    /// # Errors
    /// `Forbidden` outside of the allowed buckets; `BadInput` when it can't be listed, or has more than `most`.
    pub fn list(&self, prefix: &str, most: usize) -> Result<Vec<Listed>, Problem> {
        bucket::list(&self.reach.buckets, prefix.trim(), most)
    }

    /// Brings what is at an address. `window` is what a running tool is asked about; the last 14 days without.
    ///
    /// # Errors
    /// `Forbidden` outside of what may be reached, `BadInput` when it can't be fetched, and what the sink says.
    pub fn bring(&self, target: &str, window: Option<Window>, sink: Sink<'_>) -> Result<Arrived, Problem> {
        // Schemes may be written in any case (RFC 3986, section 3.1).
        let (scheme, rest) = target.trim().split_once("://").unwrap_or_default();
        let scheme = scheme.to_ascii_lowercase();
        let target = format!("{scheme}://{rest}");
        match scheme.as_str() {
            "http" | "https" => web::bring(self, &target, window, sink),
            scheme if bucket::SCHEMES.contains(&scheme) => bucket::bring(&self.reach.buckets, &target, sink),
            scheme => Err(Problem::bad_input(format!(
                "{scheme}:// addresses can't be linked. Give an http, https, s3, gs or az address, or a path."
            ))),
        }
    }

    /// Ends what is under way.
    pub fn shut_down(&self) {
        self.agent.clone().shutdown();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_from_a_path() {
        for address in ["http://a", " S3://bucket/x", "abfs+x://y"] {
            assert!(Sources::is_address(address), "{address}");
        }
        for path in ["a.csv", "/a://b", "c:\\x", "://x", "a/b://c"] {
            assert!(!Sources::is_address(path), "{path}");
        }
    }
}
