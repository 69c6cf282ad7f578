//! The statistics of data sets: shares of missing values and the summary of each feature. TFDV judges nothing in them.

use domain::Problem;
use domain::number::{count, counted, number};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use domain::tool_facts::DataDigest;
use prost::Message;
use serde_json::Value;

use super::{TOOL, document, figure, many, one, path_of, word};
use crate::environments::stage;
use crate::given::Given;
use crate::seen::{Seen, text_of};
use crate::wire::{Fields, Records, bytes_of};
use crate::{Brought, Connector};

pub(in crate::data) static STATISTICS: Connector = Connector {
    id: "tfdv_statistics",
    tool: TOOL,
    words: "TensorFlow Data Validation statistics, protobuf, TFRecord, protobuf text or JSON",
    proven_on: "1.16",
    takes: "rows of each data set, missing share and summary of each feature",
    leaves: "histograms, rank histograms, statistics of crosses and slices",
    recognise,
    read,
};

#[derive(Clone, PartialEq, Message)]
struct StatisticsList {
    #[prost(message, repeated, tag = "1")]
    datasets: Vec<Dataset>,
}

#[derive(Clone, PartialEq, Message)]
struct Dataset {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(uint64, tag = "2")]
    num_examples: u64,
    #[prost(message, repeated, tag = "3")]
    features: Vec<Feature>,
}

#[derive(Clone, PartialEq, Message)]
struct Feature {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, optional, tag = "8")]
    path: Option<FeaturePath>,
    #[prost(message, optional, tag = "3")]
    numeric: Option<Numeric>,
    #[prost(message, optional, tag = "4")]
    string: Option<Other>,
    #[prost(message, optional, tag = "5")]
    bytes: Option<Other>,
    #[prost(message, optional, tag = "7")]
    structure: Option<Other>,
}

#[derive(Clone, PartialEq, Message)]
struct FeaturePath {
    #[prost(string, repeated, tag = "1")]
    step: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
struct Numeric {
    #[prost(message, optional, tag = "1")]
    common: Option<Common>,
    #[prost(double, tag = "2")]
    mean: f64,
    #[prost(double, tag = "3")]
    std_dev: f64,
    #[prost(double, tag = "5")]
    min: f64,
    #[prost(double, tag = "7")]
    max: f64,
}

/// Of strings, bytes and structures; only the first two have a number of different values.
#[derive(Clone, PartialEq, Message)]
struct Other {
    #[prost(message, optional, tag = "1")]
    common: Option<Common>,
    #[prost(uint64, tag = "2")]
    unique: u64,
}

#[derive(Clone, PartialEq, Message)]
struct Common {
    #[prost(uint64, tag = "1")]
    num_non_missing: u64,
    #[prost(uint64, tag = "2")]
    num_missing: u64,
}

fn recognise(seen: &Seen<'_>) -> bool {
    let of_json = seen.json.has("datasets[].features[].numStats") || seen.json.has("datasets[].features[].stringStats");
    let of_text = || {
        seen.has_line("datasets {")
            && seen.has_line("  features {")
            && (seen.text.contains("num_stats {") || seen.text.contains("string_stats {"))
    };
    of_json
        || of_text()
        || seen.text.is_empty() && of_binary(seen.bytes)
        || Records::of(seen.bytes).next().is_some_and(of_binary)
}

/// The first data set: a name, and features that have a name or a path, a type and statistics.
fn of_binary(bytes: &[u8]) -> bool {
    let Some(dataset) = Fields(bytes).next().flatten().filter(|field| field.number == 1).and_then(|field| field.bytes)
    else {
        return false;
    };
    let mut fields = Fields(dataset);
    let known =
        |field: &Option<crate::wire::Field<'_>>| field.as_ref().is_some_and(|field| (1..=5).contains(&field.number));
    let is_known = fields.by_ref().take(3).all(|field| known(&field));
    let is_feature = |feature: &[u8]| {
        let named = bytes_of(feature, 1).or_else(|| bytes_of(feature, 8).and_then(|path| bytes_of(path, 1)));
        let common = [3, 4, 5, 7].iter().find_map(|kind| bytes_of(bytes_of(feature, *kind)?, 1));
        named.is_some_and(|name| std::str::from_utf8(name).is_ok()) && common.is_some()
    };
    is_known && bytes_of(dataset, 3).is_some_and(is_feature)
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let (datasets, warning) = datasets(given)?;
    let mut brought = Brought { warnings: warning.into_iter().collect(), ..Brought::default() };
    for (place, dataset) in datasets.iter().enumerate() {
        let at = format!("datasets[{place}]");
        let of = Some(&dataset.name).filter(|name| !name.is_empty());
        brought.facts.digests.push(DataDigest {
            source: Source::of(TOOL, None, at.clone()),
            name: of.cloned().unwrap_or_else(|| at.clone()),
            stage: stage::of_name(&dataset.name),
            digest: None,
            bytes: None,
            rows: Some(dataset.num_examples),
        });
        for (number, feature) in dataset.features.iter().enumerate() {
            brought.facts.checks.extend(checks(&format!("{at}.features[{number}]"), dataset, feature));
        }
    }
    Ok(brought)
}

/// From any of the four forms.
fn datasets(given: &Given<'_>) -> Result<(Vec<Dataset>, Option<String>), Problem> {
    let broken = |error: prost::DecodeError| {
        given.bad(&format!("its statistics end early or are broken ({error}); write them again"))
    };
    let mut records = Records::of(given.bytes);
    if let Some(first) = records.next() {
        let mut datasets = StatisticsList::decode(first).map_err(broken)?.datasets;
        for record in records.by_ref() {
            datasets.extend(StatisticsList::decode(record).map_err(broken)?.datasets);
        }
        return Ok((datasets, records.is_cut.then(|| "The last record is cut.".to_owned())));
    }
    let is_message =
        Fields(given.bytes).next().flatten().is_some_and(|field| field.number == 1 && field.bytes.is_some());
    if is_message && of_binary(given.bytes) || text_of(given.bytes).is_none() {
        return Ok((StatisticsList::decode(given.bytes).map_err(broken)?.datasets, None));
    }
    let (document, warning) = document(given)?;
    Ok((many(&document, "datasets").map(Dataset::of).collect(), warning))
}

impl Dataset {
    fn of(dataset: &Value) -> Self {
        Self {
            name: word(dataset, "name").unwrap_or_default().to_owned(),
            num_examples: whole(dataset, "num_examples"),
            features: many(dataset, "features").map(Feature::of).collect(),
        }
    }
}

impl Feature {
    fn of(feature: &Value) -> Self {
        let step = path_of(feature).into_iter().collect();
        let common = |stats: &Value| one(stats, "common_stats").map(Common::of);
        let other =
            |key: &str| one(feature, key).map(|stats| Other { common: common(stats), unique: whole(stats, "unique") });
        Self {
            name: word(feature, "name").unwrap_or_default().to_owned(),
            path: Some(FeaturePath { step }),
            numeric: one(feature, "num_stats").map(|stats| {
                let value = |key: &str| figure(stats, key).unwrap_or_default();
                let (mean, std_dev, min, max) = (value("mean"), value("std_dev"), value("min"), value("max"));
                Numeric { common: common(stats), mean, std_dev, min, max }
            }),
            string: other("string_stats"),
            bytes: other("bytes_stats"),
            structure: other("struct_stats"),
        }
    }

    fn name(&self) -> String {
        if self.name.is_empty() {
            self.path.as_ref().map(|path| path.step.join(".")).unwrap_or_default()
        } else {
            self.name.clone()
        }
    }

    fn common(&self) -> Option<&Common> {
        let numeric = self.numeric.as_ref().and_then(|stats| stats.common.as_ref());
        let others = [&self.string, &self.bytes, &self.structure];
        numeric.or_else(|| others.into_iter().flatten().find_map(|stats| stats.common.as_ref()))
    }
}

impl Common {
    fn of(stats: &Value) -> Self {
        Self { num_non_missing: whole(stats, "num_non_missing"), num_missing: whole(stats, "num_missing") }
    }
}

/// A count; an absent one is zero, as the format has it.
fn whole(message: &Value, name: &str) -> u64 {
    figure(message, name).filter(|count| *count >= 0.0).map_or(0, |count| count as u64)
}

/// What is known of the values, with the outcome of a figure that nobody judged.
fn checks(place: &str, dataset: &Dataset, feature: &Feature) -> Vec<ToolCheck> {
    let of = if dataset.name.is_empty() { String::new() } else { format!(" in {}", dataset.name) };
    let name = feature.name();
    let new = |field: &str, about| {
        ToolCheck::new(
            Source::of(TOOL, None, format!("{place}.{field}")),
            field,
            about,
            vec![name.clone()],
            CheckOutcome::Passed,
        )
    };
    let mut checks = Vec::new();
    if let Some(common) = feature.common().filter(|_| dataset.num_examples > 0) {
        let missing = common.num_missing.max(dataset.num_examples.saturating_sub(common.num_non_missing));
        let share = missing as f64 / dataset.num_examples as f64;
        let figure = match missing {
            0 => format!("none of {}", counted(dataset.num_examples, "row")),
            _ => format!("{} of {}", count(missing), counted(dataset.num_examples, "row")),
        };
        let check = new("common_stats", CheckSubject::MissingValues).with_observed(figure + &of);
        checks.push(check.with_measured("share of missing values", share, None));
    }
    if let Some(stats) = feature.numeric.as_ref().filter(|stats| stats.mean.is_finite()) {
        let observed =
            format!("standard deviation {}, {} to {}{of}", number(stats.std_dev), number(stats.min), number(stats.max));
        checks.push(
            new("num_stats", CheckSubject::Summary).with_measured("mean", stats.mean, None).with_observed(observed),
        );
    }
    if let Some(stats) = feature.string.as_ref() {
        let check = new("string_stats", CheckSubject::Summary).with_measured(
            "number of different values",
            stats.unique as f64,
            None,
        );
        checks.push(if of.is_empty() { check } else { check.with_observed(of.trim_start()) });
    }
    checks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_count_of_missing_values_is_the_rest_of_the_rows() {
        let text = br#"{"datasets": [{"name": "a", "numExamples": "10", "features": [{"path": {"step": ["x"]}, "numStats": {"commonStats": {"numNonMissing": "9"}, "mean": 2.5}}]}]}"#;
        let brought = read(&Given::of(text, "a.json")).unwrap_or_default();
        let measured: Vec<_> =
            brought.facts.checks.iter().filter_map(|check| Some(check.measured.as_ref()?.value)).collect();
        assert_eq!(measured, [0.1, 2.5]);
        assert_eq!(brought.facts.digests.first().and_then(|one| one.rows), Some(10));
    }
}
