//! Any address: its one answer, with its status. Health checks are such.

use super::{LiveSource, each_by_itself};

pub(super) static WEB: LiveSource = LiveSource {
    id: "web",
    tool: "health check",
    proven_on: "HTTP 1.1",
    takes: "the status and the answer of one address",
    leaves: "headers, times",
    pages: &[],
    knock: "",
    is_it: |_| true,
    version: |_| None,
    questions: |_| Vec::new(),
    joined: each_by_itself,
};
