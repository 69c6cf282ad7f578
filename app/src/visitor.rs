//! What a request says about whoever reads the page. Provided as context by the web server; absent in a test.

use domain::Actor;
use domain::account::Role;
use domain::visitor::Visitor;
use leptos::prelude::use_context;

/// Whose name stands on what the reader does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// The name that the reader gave in an earlier form, if any: the next one can change it.
    Given(Actor),
    /// The account's.
    Account(Actor),
}

impl Signature {
    pub fn of(visitor: &Visitor) -> Signature {
        match visitor {
            Visitor::Anybody(name) => Signature::Given(name.clone()),
            Visitor::Nobody => Signature::Given(Actor::Anonymous),
            Visitor::SignedIn(signed_in) => Signature::Account(signed_in.account.name.clone()),
        }
    }
}

/// Whoever reads the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader(pub Visitor);

impl Reader {
    /// Of the page that is rendered; whoever reads a page that no request asked for may do everything, as without accounts.
    pub fn here() -> Visitor {
        use_context().map_or(Visitor::Anybody(Actor::Anonymous), |Reader(visitor)| visitor)
    }

    pub fn may(role: Role) -> bool {
        Reader::here().may(role)
    }

    /// The highest role that the reader may act in; nobody has less than to look, which was asked before the page.
    pub fn role() -> Role {
        Role::ALL.into_iter().rev().find(|role| Reader::may(*role)).unwrap_or(Role::Viewer)
    }
}

/// The secret of a token or an invitation that the reader made a moment ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSecret(pub String);

impl NewSecret {
    pub const COOKIE: &str = "new_secret";
}

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

/// What a chat shows of the share link that the page is opened by, where who made the link chose so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatPreview {
    pub title: String,
    /// The whole address of a picture.
    pub picture: String,
}

/// The secret of the share link that the reader made a moment ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink(pub String);

impl NewLink {
    pub const COOKIE: &str = "new_link";
}

/// How far the reader is shown around the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tour {
    /// At this step, from 1.
    At(usize),
    Closed,
}

impl Tour {
    pub const COOKIE: &str = "tour";
    pub const CLOSED: &str = "closed";

    /// The parameter of the map's address that holds the step.
    pub const STEP: &str = "tour";
    pub const STEPS: usize = 3;

    /// By the cookie, and by the query of the page's address.
    pub fn of(cookie: Option<&str>, query: &str) -> Tour {
        if cookie == Some(Tour::CLOSED) {
            return Tour::Closed;
        }
        let asked = query.split('&').find_map(|pair| pair.strip_prefix(Tour::STEP)?.strip_prefix('='));
        Tour::At(asked.and_then(|step| step.parse().ok()).unwrap_or(1).clamp(1, Tour::STEPS))
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
