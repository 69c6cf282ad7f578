//! What is known of the incident around an investigation: how bad it is, who cares for it, when it began, was noticed and was
//! over, where else it is written about, and what remains to be done.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::number::counted;
use crate::{Actor, Problem};

/// Addresses of one incident.
pub const MOST_LINKS: usize = 20;

/// Follow-ups of one investigation.
pub const MOST_FOLLOW_UPS: usize = 100;

/// How bad it is, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Critical,
    High,
    Medium,
    Low,
}

impl Severity {
    pub const ALL: [Severity; 4] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];

    /// The name in JSON and forms.
    pub fn id(self) -> &'static str {
        match self {
            Severity::Critical => "critical",
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
        }
    }

    /// The number that incident tools give it, and what it means.
    pub fn words(self) -> &'static str {
        match self {
            Severity::Critical => "SEV 1, critical",
            Severity::High => "SEV 2, high",
            Severity::Medium => "SEV 3, medium",
            Severity::Low => "SEV 4, low",
        }
    }

    pub fn from_id(id: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.id() == id)
    }
}

/// What people say about the incident. Everything may be left open.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Incident {
    pub severity: Option<Severity>,
    /// Who cares for it; `someone` for nobody in particular.
    #[schema(value_type = String, max_length = 300)]
    pub assignee: Actor,
    /// When it began, in milliseconds since 1970-01-01 UTC, as the next two.
    pub started_at_ms: Option<i64>,
    /// When it was noticed.
    pub detected_at_ms: Option<i64>,
    /// When it was over.
    pub resolved_at_ms: Option<i64>,
    /// Tickets, deploys, chats.
    #[schema(max_items = 20)]
    pub links: Vec<IncidentLink>,
}

/// An address with what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IncidentLink {
    /// One line; may be empty.
    #[serde(default)]
    #[schema(max_length = 300)]
    pub words: String,
    /// `https://` or `http://`.
    #[schema(max_length = 2_000)]
    pub url: String,
}

impl IncidentLink {
    /// # Errors
    /// `BadInput` for anything but an address of the web: nothing else may stand in a link.
    pub fn new(words: &str, url: &str) -> Result<IncidentLink, Problem> {
        let url = url.trim();
        let is_web = ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme) && url.len() > scheme.len());
        if !is_web || url.chars().count() > 2_000 || url.chars().any(|one| one.is_control() || one.is_whitespace()) {
            return Err(Problem::bad_input(format!(
                "`{}` is not an address of the web. Begin it with https:// or http://.",
                crate::plot::format::shortened(url, 60)
            )));
        }
        Ok(IncidentLink { words: words.trim().to_owned(), url: url.to_owned() })
    }

    /// What to read of it.
    pub fn label(&self) -> &str {
        if self.words.is_empty() { &self.url } else { &self.words }
    }
}

impl Incident {
    /// # Errors
    /// `BadInput` when it was over or noticed before it began.
    pub fn checked(self) -> Result<Incident, Problem> {
        let before = |later: Option<i64>| self.started_at_ms.zip(later).is_some_and(|(start, later)| later < start);
        if before(self.resolved_at_ms) {
            return Err(Problem::bad_input(
                "The incident can't be over before it began. Correct one of the two times.",
            ));
        }
        if before(self.detected_at_ms) {
            return Err(Problem::bad_input(
                "The incident can't be noticed before it began. Correct one of the two times.",
            ));
        }
        if self.links.len() > MOST_LINKS {
            return Err(Problem::bad_input(format!("At most {MOST_LINKS} addresses can be given. Leave some out.")));
        }
        Ok(self)
    }

    /// From its begin until it was noticed, in milliseconds.
    pub fn time_to_detect_ms(&self) -> Option<i64> {
        Some(self.detected_at_ms? - self.started_at_ms?)
    }

    /// From its begin until it was over, in milliseconds.
    pub fn time_to_resolve_ms(&self) -> Option<i64> {
        Some(self.resolved_at_ms? - self.started_at_ms?)
    }

    pub fn has_assignee(&self) -> bool {
        self.assignee != Actor::Anonymous
    }
}

/// `3 hours 20 minutes`: the two largest units.
pub fn duration_words(ms: i64) -> String {
    const UNITS: [(&str, i64); 3] = [("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000)];
    let mut rest = ms.max(0);
    let mut words = Vec::new();
    for (unit, size) in UNITS {
        let count = rest / size;
        rest %= size;
        if count > 0 {
            words.push(counted(count.unsigned_abs(), unit));
        }
    }
    words.truncate(2);
    if words.is_empty() { "under a minute".to_owned() } else { words.join(" ") }
}

/// Something that remains to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FollowUp {
    pub id: String,
    pub task: String,
    /// Who does it; `someone` for nobody in particular.
    #[schema(value_type = String)]
    pub owner: Actor,
    /// The day on which it is due, such as `2026-03-31`; null for none.
    pub due: Option<String>,
    /// When it was done, in milliseconds since 1970-01-01 UTC; null while it is not.
    pub done_at_ms: Option<i64>,
    #[schema(value_type = String)]
    pub author: Actor,
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_the_web_is_a_link() {
        assert!(IncidentLink::new("ticket", " https://tickets.example/1 ").is_ok());
        for url in
            ["javascript:alert(1)", "data:text/html,x", "https://", "ftp://x", "//x", "https://a b", "HTTPS:/x", ""]
        {
            assert!(IncidentLink::new("", url).is_err(), "{url}");
        }
    }

    #[test]
    fn nothing_is_over_before_it_began() {
        let at = |started: i64, detected: i64, resolved: i64| Incident {
            started_at_ms: Some(started),
            detected_at_ms: Some(detected),
            resolved_at_ms: Some(resolved),
            ..Incident::default()
        };
        assert!(at(2, 1, 3).checked().is_err() && at(2, 3, 1).checked().is_err());
        let sound = at(0, 60_000, 3 * 3_600_000 + 20 * 60_000);
        assert_eq!(sound.time_to_detect_ms().map(duration_words).as_deref(), Some("1 minute"));
        assert_eq!(sound.time_to_resolve_ms().map(duration_words).as_deref(), Some("3 hours 20 minutes"));
        assert_eq!(duration_words(59_999), "under a minute");
        assert_eq!(Incident::default().time_to_resolve_ms(), None);
    }
}
