//! scikit-learn's `classification_report(…, output_dict=True)` as JSON:
//! <https://scikit-learn.org/stable/modules/generated/sklearn.metrics.classification_report.html>.

use domain::Problem;
use domain::tool_check::Source;
use domain::tool_facts::ReportedMetric;
use serde_json::Value;

use crate::given::Given;
use crate::{Brought, Connector, json};

const TOOL: &str = "scikit-learn";

pub(crate) static REPORT: Connector = Connector {
    id: "classification_report",
    tool: TOOL,
    words: "scikit-learn classification report, JSON",
    proven_on: "1.5, by the documented shape",
    takes: "accuracy, averages, and precision, recall and F1 of each class",
    leaves: "the number of rows of each class",
    recognise: |seen| seen.json.has_all(&["macro avg.precision", "macro avg.f1-score", "weighted avg.recall"]),
    read,
};

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut brought = Brought::default();
    for (name, figures) in json::entries(&document, &[]) {
        let one = |metric: String, value: &Value| {
            let (source, value) = (Source::of(TOOL, None, name.as_str()), json::finite(value)?);
            Some(ReportedMetric { source, model: None, version: None, is_deployed: None, metric, value, at_ms: None })
        };
        let of_class = json::entries(figures, &[]).filter(|(figure, _)| *figure != "support");
        let is_average = name.ends_with(" avg");
        let named = |figure: &str| if is_average { format!("{name} {figure}") } else { format!("{figure} of {name}") };
        brought.facts.metrics.extend(of_class.filter_map(|(figure, value)| one(named(figure), value)));
        brought.facts.metrics.extend(one(name.clone(), figures));
    }
    Ok(brought)
}
