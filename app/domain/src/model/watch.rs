//! Watches: places that are looked at on a schedule, each time for what is new there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::actor::Actor;
use crate::snapshot::SnapshotRole;

/// A place from which files come by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Watch {
    pub id: String,
    pub model: String,
    /// A folder below an allowed one, a prefix in an allowed bucket (it ends with `/`), or the address of a file or of a running
    /// tool.
    pub target: String,
    /// What its files are; null where each shows it.
    #[schema(required)]
    pub role: Option<SnapshotRole>,
    /// The model's version that its files name; empty for none.
    pub version: String,
    /// The words of cron and a time zone: `0 6 * * * Europe/Berlin`.
    pub schedule: String,
    #[schema(value_type = String)]
    pub created_by: Actor,
    /// Milliseconds since 1970-01-01 UTC.
    pub created_at_ms: i64,
    /// When it is looked at next.
    pub next_at_ms: i64,
    /// How the last look went; null before the first.
    #[schema(required)]
    pub last: Option<WatchRun>,
}

/// One look at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WatchRun {
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// Files that arrived.
    pub arrived: u32,
    /// Files that could not be read; they are not tried again until they change.
    pub unread: u32,
    /// Why the last of them could not, or why nothing could be looked at; empty where all went well.
    pub error: String,
}

/// A watch as somebody asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EditWatch {
    #[schema(max_length = 2000)]
    pub target: String,
    /// What its files are; left out or null where each shows it.
    #[serde(default)]
    pub role: Option<SnapshotRole>,
    /// The model's version that its files name; empty for none.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub version: String,
    /// The words of cron, and a time zone; without one, UTC.
    #[schema(max_length = 200, example = "0 6 * * * Europe/Berlin")]
    pub schedule: String,
}

impl Watch {
    /// For who may only look: an address without what may be a secret in it.
    pub fn without_secrets(mut self) -> Watch {
        if let Some((scheme, rest)) = self.target.split_once("://") {
            let plain = rest.split(['?', '#']).next().unwrap_or_default();
            let (host, path) = plain.split_once('/').map_or((plain, None), |(host, path)| (host, Some(path)));
            let host = host.rsplit('@').next().unwrap_or_default();
            let more = if plain.len() < rest.len() { "?…" } else { "" };
            self.target = match path {
                Some(path) => format!("{scheme}://{host}/{path}{more}"),
                None => format!("{scheme}://{host}{more}"),
            };
        }
        if let Some(last) = self.last.as_mut().filter(|last| !last.error.is_empty()) {
            // It may name the address.
            last.error = "Who may change the model sees why.".to_owned();
        }
        self
    }
}

impl WatchRun {
    pub fn words(&self) -> String {
        let arrived = match self.arrived {
            0 => "nothing new".to_owned(),
            many => format!("{} arrived", crate::number::counted(u64::from(many), "file")),
        };
        let unread = match self.unread {
            0 => String::new(),
            many => format!(", {} could not be read", crate::number::counted(u64::from(many), "file")),
        };
        format!("{arrived}{unread}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_only_looks_sees_no_secret_of_an_address() {
        let shown = |target: &str| {
            let last = WatchRun { at_ms: 0, arrived: 0, unread: 1, error: format!("{target} is gone") };
            let watch = Watch {
                id: "w".to_owned(),
                model: "loans".to_owned(),
                target: target.to_owned(),
                role: None,
                version: String::new(),
                schedule: String::new(),
                created_by: Actor::Anonymous,
                created_at_ms: 0,
                next_at_ms: 0,
                last: Some(last),
            };
            let shown = watch.without_secrets();
            assert!(shown.last.is_some_and(|last| !last.error.contains(target)));
            shown.target
        };
        assert_eq!(shown("https://ada:s3cret@a.example/x.csv?X-Amz-Signature=1&token=2"), "https://a.example/x.csv?…");
        assert_eq!(shown("https://a.example?token=2"), "https://a.example?…");
        assert_eq!(shown("https://a.example/x.csv#token"), "https://a.example/x.csv?…");
        assert_eq!(shown("s3://models/churn/"), "s3://models/churn/");
        assert_eq!(shown("served/2026"), "served/2026");
    }
}
