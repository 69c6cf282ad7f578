//! Alertmanager: <https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml>.

use serde_json::Value;

use super::{Answer, LiveSource, Question, each_by_itself};
use crate::json;

pub(super) static ALERTMANAGER: LiveSource = LiveSource {
    id: "alertmanager",
    tool: "Alertmanager",
    proven_on: "API v2 as described",
    takes: "alerts that fire, are silenced or inhibited",
    leaves: "receivers, the text of silences",
    pages: &["/#/"],
    knock: "/api/v2/status",
    is_it: |answer| {
        answer.json().is_some_and(|status| status.get("cluster").is_some() && version_of(&status).is_some())
    },
    version: |answer: &Answer| version_of(&answer.json()?),
    questions: |_| vec![Question::evidence("alerts", "/api/v2/alerts?active=true&silenced=true&inhibited=true")],
    joined: each_by_itself,
};

fn version_of(status: &Value) -> Option<String> {
    json::text(status, &["versionInfo", "version"]).map(str::to_owned)
}
