//! Grafana: <https://grafana.com/docs/grafana/latest/developers/http_api/>. Of a link to one dashboard only that one is asked.

use domain::markup::percent_encoded;
use serde_json::Value;

use super::{Answer, Asked, LiveSource, Question, each_by_itself};
use crate::json;

pub(super) static GRAFANA: LiveSource = LiveSource {
    id: "grafana",
    tool: "Grafana",
    proven_on: "HTTP API of 9 to 12 as described",
    takes: "dashboards with their panels and limits, annotations of the window, alert rules",
    leaves: "queries of panels to the data sources behind them",
    pages: &["/d/", "/dashboards", "/alerting", "/explore"],
    knock: "/api/health",
    is_it: |answer| {
        answer.json().is_some_and(|health| health.get("database").is_some() && health.get("version").is_some())
    },
    version: |answer: &Answer| json::text(&answer.json()?, &["version"]).map(str::to_owned),
    questions,
    joined: each_by_itself,
};

/// Dashboards of one server at most.
const MOST_DASHBOARDS: usize = 20;

fn questions(asked: &Asked<'_>) -> Vec<Question> {
    let (from, until) = (asked.window.from_ms, asked.window.until_ms);
    let mut all = vec![
        Question::evidence("annotations", format!("/api/annotations?from={from}&to={until}&limit=500")),
        Question::evidence("alert_rules", "/api/v1/provisioning/alert-rules"),
    ];
    let dashboard = |uid: &str| Question::evidence(uid, format!("/api/dashboards/uid/{}", percent_encoded(uid)));
    if let Some(uid) = asked.address.after("d") {
        all.push(dashboard(&uid));
        return all;
    }
    all.push(Question::planning("search", format!("/api/search?type=dash-db&limit={MOST_DASHBOARDS}")));
    let found = asked.json("search");
    let list = found.as_ref().and_then(Value::as_array).into_iter().flatten();
    all.extend(list.filter_map(|one| json::text(one, &["uid"])).take(MOST_DASHBOARDS).map(dashboard));
    all
}
