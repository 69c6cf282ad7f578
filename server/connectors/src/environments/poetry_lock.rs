//! `poetry.lock`: <https://python-poetry.org/docs/basic-usage/#installing-with-poetrylock>.

use super::uv_lock::packages_of;
use crate::Connector;

pub(super) static CONNECTOR: Connector = Connector {
    id: "poetry_lock",
    tool: "Poetry",
    words: "poetry lock",
    proven_on: "lock version 2",
    takes: "packages",
    leaves: "hashes, markers",
    recognise: |seen| {
        let begins = |start: &str| seen.text.lines().any(|line| line.starts_with(start));
        begins("[[package]]") && begins("lock-version = ") && begins("content-hash = ")
    },
    read: |given| Ok(packages_of(&given.text()?, given.name, |_| true)?.into()),
};
