//! What the investigations say, for Prometheus: a team's alerts and dashboards live elsewhere. Values are 0 for what could not
//! be judged, 1 for clear, 2 for possible and 3 for a mismatch, so that a limit reads as "at least".

use std::fmt::Write;

use domain::investigation::{DiagnosisSummary, InvestigationState, InvestigationSummary};
use domain::listing::{ListQuery, Listed, ModelStanding, Shown};
use domain::visitor::Sight;
use domain::{Problem, Verdict};
use service::Service;

/// Investigations that are told, the last changed first: each is one series an item.
const MOST: u64 = 50;

const HELP: &str = "0 not judged, 1 clear, 2 possible, 3 mismatch.";

/// The verdicts that somebody sees in Prometheus' text format.
///
/// # Errors
/// When the database fails.
pub async fn text(service: &Service, sight: &Sight) -> Result<String, Problem> {
    let query = ListQuery { shown: Shown::Current, limit: MOST, ..ListQuery::default() };
    let Listed { investigations, models, .. } = service.listed(&query, sight).await?;
    let mut out = String::new();
    // Writing into a string can't fail.
    let _ = written(&investigations, &models, &mut out);
    Ok(out)
}

fn written(all: &[InvestigationSummary], models: &[ModelStanding], out: &mut String) -> std::fmt::Result {
    head(out, "mismatch_verdict", &format!("Verdict of an item in an investigation. {HELP}"))?;
    for (one, summary) in diagnosed(all) {
        items(out, "mismatch_verdict", &labels(one), summary)?;
    }
    head(out, "mismatch_layer_verdict", &format!("Verdict of a layer in an investigation. {HELP}"))?;
    for (one, summary) in diagnosed(all) {
        layers(out, "mismatch_layer_verdict", &labels(one), summary)?;
    }
    let latest: Vec<&InvestigationSummary> = models.iter().map(|model| &model.latest).collect();
    head(out, "mismatch_model_verdict", &format!("Verdict of an item in a model's last investigation. {HELP}"))?;
    for (one, summary) in diagnosed(latest.iter().copied()) {
        items(out, "mismatch_model_verdict", &label("model", &one.model), summary)?;
    }
    head(out, "mismatch_model_layer_verdict", &format!("Verdict of a layer in a model's last investigation. {HELP}"))?;
    for (one, summary) in diagnosed(latest.iter().copied()) {
        layers(out, "mismatch_model_layer_verdict", &label("model", &one.model), summary)?;
    }
    head(out, "mismatch_investigation_info", "What an investigation is called; always 1.")?;
    for one in all {
        let state = if one.state == InvestigationState::Open { "open" } else { "closed" };
        let named = [labels(one), label("title", &one.title), label("state", state)].join(",");
        writeln!(out, "mismatch_investigation_info{{{named}}} 1")?;
    }
    head(out, "mismatch_investigation_updated_timestamp_seconds", "When an investigation last changed.")?;
    for one in all {
        let seconds = one.updated_at_ms as f64 / 1_000.0;
        writeln!(out, "mismatch_investigation_updated_timestamp_seconds{{{}}} {seconds}", labels(one))?;
    }
    Ok(())
}

fn head(out: &mut String, name: &str, help: &str) -> std::fmt::Result {
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge")
}

fn diagnosed<'a>(
    all: impl IntoIterator<Item = &'a InvestigationSummary>,
) -> impl Iterator<Item = (&'a InvestigationSummary, &'a DiagnosisSummary)> {
    all.into_iter().filter_map(|one| Some((one, one.diagnosis.as_ref()?)))
}

fn items(out: &mut String, metric: &str, labels: &str, summary: &DiagnosisSummary) -> std::fmt::Result {
    for (item, verdict) in &summary.items {
        let (layer, item) = (label("layer", item.layer().id()), label("item", item.code()));
        writeln!(out, "{metric}{{{labels},{layer},{item}}} {}", value(*verdict))?;
    }
    Ok(())
}

fn layers(out: &mut String, metric: &str, labels: &str, summary: &DiagnosisSummary) -> std::fmt::Result {
    for (layer, verdict) in &summary.layers {
        writeln!(out, "{metric}{{{labels},{}}} {}", label("layer", layer.id()), value(*verdict))?;
    }
    Ok(())
}

fn labels(one: &InvestigationSummary) -> String {
    [label("investigation", &one.id), label("model", &one.model)].join(",")
}

/// `name="value"`: strangers chose the value.
fn label(name: &str, value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("{name}=\"{value}\"")
}

fn value(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::NoEvidence => 0,
        Verdict::Clear => 1,
        Verdict::Possible => 2,
        Verdict::Mismatch => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_wrote_stays_in_its_label() {
        assert_eq!(label("title", "a\"} 1\n\\b"), r#"title="a\"} 1\n\\b""#);
    }
}
