//! GitLab: deployment events of webhooks:
//! <https://docs.gitlab.com/user/project/integrations/webhook_events/#deployment-events>.

use domain::Problem;
use domain::observation::Deployment;
use domain::tool_check::{CheckOutcome, Source, ToolCheck};

use super::deploy_events::{subject, text};
use crate::given::Given;
use crate::{Brought, Connector, json};

pub(super) static GITLAB: Connector = Connector {
    id: "gitlab_deployment",
    tool: "GitLab",
    words: "GitLab deployment event of a webhook, JSON",
    proven_on: "the described payload of GitLab 17",
    takes: "the deployment with its time, version and status",
    leaves: "who did it, the project",
    recognise: |seen| seen.json.says("object_kind", "deployment") && seen.json.has_all(&["status", "environment"]),
    read: read_gitlab,
};

fn read_gitlab(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let Some(object) = document.as_object() else { return Err(given.bad("it is not one event; save it again")) };
    let status = text(object, "status").unwrap_or("unknown");
    let at_ms = text(object, "status_changed_at").and_then(super::docker_images::time);
    let mut source = Source::of("GitLab", None, "");
    source.url = text(object, "deployable_url").filter(|address| address.starts_with("http")).map(str::to_owned);
    let outcome = match status {
        "success" => CheckOutcome::Passed,
        "failed" => CheckOutcome::Failed,
        "canceled" => CheckOutcome::Warned,
        _ => CheckOutcome::NotRun,
    };
    let environment = text(object, "environment").map(str::to_owned);
    let title = text(object, "commit_title").unwrap_or_default();
    let check = ToolCheck::new(source, "deployment", subject(title), environment.into_iter().collect(), outcome);
    let mut brought = Brought::from(vec![check.with_expected("success").with_observed(status).with_time(at_ms)]);
    if status == "success" || status == "running" {
        let shown = ["environment", "environment_tier", "short_sha", "ref", "commit_title"];
        brought.observations.deployments.push(Deployment {
            at_ms,
            model: json::text(&document, &["project", "name"]).map(str::to_owned),
            version: text(object, "ref").or_else(|| text(object, "short_sha")).map(str::to_owned),
            settings: shown.iter().filter_map(|key| Some(((*key).to_owned(), text(object, key)?.to_owned()))).collect(),
            ..Deployment::default()
        });
    }
    Ok(brought)
}
