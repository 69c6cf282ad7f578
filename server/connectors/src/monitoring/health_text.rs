//! Answers about health that are no JSON: one word in plain text, and the error page that a proxy sends in its place.

use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};

use crate::{Brought, Connector};

const TOOL: &str = "health check";
/// A page of an error is short; a longer one is a page of something else.
const LONGEST_PAGE: usize = 16_384;

pub(crate) static PLAIN: Connector = Connector {
    id: "health_plain",
    tool: TOOL,
    words: "answer about the health of a service, one word in plain text",
    proven_on: "the answers of Prometheus, Kubernetes and Flask services",
    takes: "the status",
    leaves: "nothing",
    recognise: |seen| word(&seen.text).is_some(),
    read: |given| {
        let text = given.text()?;
        let outcome = word(&text).unwrap_or(CheckOutcome::NotRun);
        let check = ToolCheck::new(Source::of(TOOL, None, ""), "status", CheckSubject::Health, Vec::new(), outcome);
        Ok(Brought::from(vec![check.with_observed(text.trim())]))
    },
};

pub(crate) static ERROR_PAGE: Connector = Connector {
    id: "http_error_page",
    tool: TOOL,
    words: "error page of a proxy or a server, HTML",
    proven_on: "nginx, Apache, the pages of load balancers",
    takes: "the status code with its words",
    leaves: "the page",
    recognise: |seen| seen.bytes.len() <= LONGEST_PAGE && status(&seen.text).is_some(),
    read: |given| {
        let text = given.text()?;
        let said = status(&text).unwrap_or("an error page");
        let source = Source::of(TOOL, None, "");
        let check = ToolCheck::new(source, "answer", CheckSubject::Health, Vec::new(), CheckOutcome::Failed);
        let words = format!("{said}: an HTML page in place of an answer");
        Ok(Brought::from(vec![check.with_expected("an answer of the service").with_observed(words)]))
    },
};

/// What a text of one word means; `None` for any other text.
fn word(text: &str) -> Option<CheckOutcome> {
    /// Longer texts are not looked at.
    const LONGEST: usize = 64;
    if text.len() > LONGEST {
        return None;
    }
    match text.trim().trim_end_matches(['.', '!']).to_lowercase().as_str() {
        "ok"
        | "healthy"
        | "ready"
        | "alive"
        | "pong"
        | "prometheus server is healthy"
        | "prometheus server is ready" => Some(CheckOutcome::Passed),
        "unhealthy" | "not ready" | "unavailable" | "service unavailable" | "internal server error" | "bad gateway" => {
            Some(CheckOutcome::Failed)
        }
        _ => None,
    }
}

/// The status code with its words in the title or the heading of a page: `502 Bad Gateway`.
fn status(text: &str) -> Option<&str> {
    let start = text.trim_start().get(..9)?.to_lowercase();
    if !start.starts_with("<html") && !start.starts_with("<!doctype") {
        return None;
    }
    let of = |tag: &str| {
        let from = text.to_ascii_lowercase().find(&format!("<{tag}>"))? + tag.len() + 2;
        let rest = text.get(from..)?;
        let said = rest.get(..rest.find('<')?)?.trim();
        let code = said.get(..3)?.parse::<u16>().ok()?;
        ((400..600).contains(&code) && said.len() <= 100).then_some(said)
    };
    of("title").or_else(|| of("h1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_is_an_answer_and_a_table_is_none() {
        assert_eq!(word("OK\n"), Some(CheckOutcome::Passed));
        assert_eq!(word("Service Unavailable"), Some(CheckOutcome::Failed));
        for text in ["ok\n1\n2\n", "status\nok\n", "", "hello"] {
            assert_eq!(word(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_error_page_has_a_status_and_another_page_has_none() {
        assert_eq!(status("<html><body><h1>502 Bad Gateway</h1></body></html>"), Some("502 Bad Gateway"));
        assert_eq!(status("<!DOCTYPE html><html><head><title>404 Not Found</title>"), Some("404 Not Found"));
        assert_eq!(status("<html><title>Sign in</title><h1>Welcome</h1>"), None);
        assert_eq!(status("<html><title>2024 report</title>"), None);
        assert_eq!(status("502 Bad Gateway"), None);
    }
}
