//! What a request says about whoever reads the page. Provided as context by the web server; absent in a test.

use domain::Actor;
use leptos::prelude::use_context;

/// The name that the reader gave in an earlier form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signature(pub Actor);

/// How the reader came to this server, such as `http://127.0.0.1:3000`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin(pub String);

impl Origin {
    /// Of the page that is rendered.
    pub fn here() -> Origin {
        use_context().unwrap_or_default()
    }

    /// The whole address of a path.
    pub fn of(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

/// The secret of the share link that the reader made a moment ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink(pub String);

impl NewLink {
    pub const COOKIE: &str = "new_link";
}

/// Whether the reader wants to be shown around the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tour {
    Wanted,
    Closed,
}

impl Tour {
    pub const COOKIE: &str = "tour";
    pub const CLOSED: &str = "closed";

    pub fn from_cookie(value: Option<&str>) -> Tour {
        if value == Some(Tour::CLOSED) { Tour::Closed } else { Tour::Wanted }
    }

    /// Of the reader of the page that is rendered; nobody is shown around where nothing is known of the reader.
    pub fn here() -> Tour {
        use_context().unwrap_or(Tour::Closed)
    }
}

/// The key that is held for the commands of a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CommandKey {
    #[default]
    Control,
    Command,
}

impl CommandKey {
    /// Of the machine that a `User-Agent` header names.
    pub fn of_agent(agent: &str) -> CommandKey {
        if ["Macintosh", "iPhone", "iPad"].iter().any(|one| agent.contains(one)) {
            CommandKey::Command
        } else {
            CommandKey::Control
        }
    }

    /// Of who reads the page.
    pub fn here() -> CommandKey {
        use_context().unwrap_or_default()
    }

    /// Together with the K of the search.
    pub fn words(self) -> &'static str {
        match self {
            CommandKey::Control => "Ctrl K",
            CommandKey::Command => "⌘ K",
        }
    }
}
