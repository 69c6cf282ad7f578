//! `poetry.lock`: <https://python-poetry.org/docs/basic-usage/#installing-with-poetrylock>.

use super::Connector;
use super::uv_lock::packages_of;

pub(super) static CONNECTOR: Connector = Connector {
    id: "poetry_lock",
    words: "poetry lock",
    recognise: |text, _name| {
        let begins = |start: &str| text.lines().any(|line| line.starts_with(start));
        begins("[[package]]") && begins("lock-version = ") && begins("content-hash = ")
    },
    read: |text, name| packages_of(text, name, |_| true),
};
