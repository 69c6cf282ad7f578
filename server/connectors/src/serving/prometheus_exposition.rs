//! Prometheus text exposition and OpenMetrics, as `/metrics` answers: one moment of one process:
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>. Read by hand: the format is lines, and no library is here
//! that reads it.

use domain::Problem;
use domain::number::counted;

use super::prometheus_labels::Labels;
use super::prometheus_snapshot::{self, Sample};
use crate::given::Given;
use crate::{Brought, Connector};

pub(super) static EXPOSITION: Connector = Connector {
    id: "prometheus_exposition",
    tool: "Prometheus",
    words: "Prometheus text exposition or OpenMetrics, text",
    proven_on: "prometheus_client of Python, text format 0.0.4, OpenMetrics 1.0",
    takes: "gauges, counters, error ratios by version, quantiles and means of histograms",
    leaves: "figures of the runtime, values that are NaN or infinite, exemplars",
    recognise: |seen| {
        let is_type = |line: &str| {
            let kind = line.strip_prefix("# TYPE ").and_then(|line| line.split_whitespace().nth(1));
            kind.is_some_and(|kind| KINDS.contains(&kind))
        };
        seen.text.lines().take(2_000).any(is_type)
    },
    read,
};

const KINDS: [&str; 9] =
    ["counter", "gauge", "histogram", "summary", "untyped", "unknown", "info", "stateset", "gaugehistogram"];
/// Samples of one file at most.
const MOST: usize = 200_000;

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let text = given.text()?;
    let mut brought = Brought::default();
    let mut broken = 0;
    let mut samples = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match sample(line, place + 1) {
            Some(sample) if samples.len() < MOST => samples.push(sample),
            Some(_) => {}
            None => broken += 1,
        }
    }
    if samples.is_empty() {
        return Err(
            given.bad("it holds no sample, only the descriptions of metrics; save the whole answer of /metrics")
        );
    }
    if broken > 0 {
        brought.warnings.push(format!("{} could not be read.", counted(broken, "line")));
    }
    prometheus_snapshot::bring(samples, &mut brought);
    if brought.count() == 0 {
        brought.warnings.push("It holds only figures of the runtime, and nothing of a model.".to_owned());
    }
    Ok(brought)
}

/// `name{label="value"} value [time]`, and in OpenMetrics an exemplar after `#`.
fn sample(line: &str, number: usize) -> Option<Sample> {
    let name_ends = line.find(|c: char| c == '{' || c.is_whitespace())?;
    let name = &line[..name_ends];
    let (labels, rest) = match line[name_ends..].strip_prefix('{') {
        Some(rest) => labels(rest)?,
        None => (Labels::new(), &line[name_ends..]),
    };
    let mut words = rest.split('#').next().unwrap_or_default().split_whitespace();
    let value: f64 = words.next()?.parse().ok()?;
    let time: Option<f64> = words.next().and_then(|word| word.parse().ok());
    (!name.is_empty()).then(|| Sample {
        name: name.to_owned(),
        labels,
        value,
        at_ms: time.and_then(milliseconds),
        place: format!("line {number}"),
    })
}

/// The text format has milliseconds, OpenMetrics seconds: which it is shows from the size.
fn milliseconds(time: f64) -> Option<i64> {
    /// As milliseconds that is in 1973, as seconds in the year 5138.
    const SECONDS: f64 = 1e11;
    let milliseconds = if time < SECONDS { time * 1_000.0 } else { time };
    (0.0..2.5e14).contains(&milliseconds).then_some(milliseconds as i64)
}

/// The labels up to the closing brace, and what follows it.
fn labels(mut rest: &str) -> Option<(Labels, &str)> {
    let mut found = Labels::new();
    loop {
        rest = rest.trim_start_matches([' ', ',']);
        if let Some(after) = rest.strip_prefix('}') {
            return Some((found, after));
        }
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start().strip_prefix('"')?;
        let mut value = String::new();
        let mut letters = after.char_indices();
        let end = loop {
            match letters.next()? {
                (end, '"') => break end,
                (_, '\\') => match letters.next()?.1 {
                    'n' => value.push('\n'),
                    other => value.push(other),
                },
                (_, letter) => value.push(letter),
            }
        };
        found.insert(key.trim().to_owned(), value);
        rest = &after[end + 1..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_times_are_read() {
        let read = sample("a_b{x=\"odd \\\"name\\\" \\\\ }\",y=\"1\"} +Inf 1395066363000 # {id=\"1\"} 2", 1);
        let read = read.map(|read| (read.name, read.labels.get("x").cloned(), read.value, read.at_ms));
        assert_eq!(
            read,
            Some(("a_b".into(), Some("odd \"name\" \\ }".into()), f64::INFINITY, Some(1_395_066_363_000)))
        );
        assert_eq!(sample("a 1 1395066363.5", 1).and_then(|read| read.at_ms), Some(1_395_066_363_500));
        for odd in ["a", "a{", "a{b", "a{b=", "a{b=\"", "a{b=\"\\", "a{} x", "{} 1", "a{b=\"c\"", "é{} "] {
            assert!(sample(odd, 1).is_none(), "{odd}");
        }
    }
}
