//! Mismatch's own artifact: `{"mismatch_observations": 1, "environments": […], …}`, the shape of
//! [`Observations`]. It is strict where a slip would be lost (an unknown key, a share over one) and lenient where programs
//! differ (times as milliseconds or RFC 3339, NaN as Python writes it).

mod schema;

pub use schema::ObservationsFile;

use domain::Problem;
use domain::observation::{
    AlertRule, CostMatrix, Deployment, Environment, MetricSeries, ModelArtifact, Observations, ResourceUse,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::environments::packages::Packages;
use crate::refusal::bad;
use crate::{Connector, numbers};

static CONNECTOR: Connector = Connector {
    id: "native",
    tool: "Mismatch",
    words: "Mismatch observations, JSON",
    proven_on: "version 1",
    takes: "everything in it",
    leaves: "nothing: an unknown key is refused",
    recognise: |seen| seen.text.trim_start().starts_with('{') && seen.text.contains("\"mismatch_observations\""),
    read: |given| Ok(Reader { file: given.name }.read(&given.text()?)?.into()),
};

pub(super) const CONNECTORS: &[&Connector] = &[&CONNECTOR];

/// Facts of one kind at most.
const MOST_FACTS: usize = 10_000;
/// Points of one series at most.
const MOST_POINTS: usize = 500_000;

/// Each list with the keys of its facts.
const SECTIONS: [(&str, &[&str]); 7] = [
    ("environments", &["source", "stage", "python", "packages"]),
    ("artifacts", &["source", "place", "model", "version", "digest"]),
    (
        "deployments",
        &["source", "at", "at_ms", "model", "version", "digest", "previous_version", "traffic_share", "settings"],
    ),
    (
        "resources",
        &[
            "source",
            "name",
            "memory_limit_bytes",
            "memory_peak_bytes",
            "cpu_limit_cores",
            "cpu_peak_cores",
            "cpu_throttled_share",
            "out_of_memory_kills",
            "restarts",
        ],
    ),
    ("series", &["source", "signal", "kind", "unit", "higher_is_better", "points"]),
    ("alert_rules", &["source", "name", "signal", "kind", "breach", "threshold", "for_ms", "muted"]),
    ("cost_matrices", &["source", "labels", "costs", "unit"]),
];

/// A fact on its way in: its keys and values, and where it stands.
struct Fact {
    place: String,
    fields: Map<String, Value>,
}

struct Reader<'a> {
    file: &'a str,
}

impl Reader<'_> {
    fn read(&self, text: &str) -> Result<Observations, Problem> {
        let plain = numbers::quoted(text);
        let value: Value = serde_json::from_str(&plain)
            .map_err(|error| self.bad(&format!("it is not valid JSON ({error}); write it again")))?;
        let Value::Object(mut root) = value else {
            return Err(self.bad("it has to be one JSON object; see the API's description for its shape"));
        };
        match root.remove("mismatch_observations") {
            Some(Value::Number(version)) if version.as_u64() == Some(1) => {}
            other => {
                let given = other.map(|value| value.to_string()).unwrap_or_default();
                return Err(
                    self.bad(&format!("`mismatch_observations` is `{given}`, but only version 1 is known; write 1"))
                );
            }
        }
        let mut found = Observations::default();
        for (section, keys) in SECTIONS {
            let facts = self.facts(section, keys, root.remove(section))?;
            let facts = facts.into_iter();
            match section {
                "environments" => {
                    found.environments = facts.map(|fact| self.environment(fact)).collect::<Result<_, _>>()?
                }
                "artifacts" => {
                    found.artifacts = facts.map(|fact| self.typed::<ModelArtifact>(fact)).collect::<Result<_, _>>()?
                }
                "deployments" => {
                    found.deployments = facts.map(|fact| self.deployment(fact)).collect::<Result<_, _>>()?
                }
                "resources" => found.resources = facts.map(|fact| self.resources(fact)).collect::<Result<_, _>>()?,
                "series" => found.series = facts.map(|fact| self.series(fact)).collect::<Result<_, _>>()?,
                "alert_rules" => {
                    found.alert_rules = facts.map(|fact| self.typed::<AlertRule>(fact)).collect::<Result<_, _>>()?
                }
                _ => found.cost_matrices = facts.map(|fact| self.costs(fact)).collect::<Result<_, _>>()?,
            }
        }
        match root.keys().next() {
            None => Ok(found),
            Some(key) => {
                let lists = SECTIONS.map(|(section, _)| section).join(", ");
                Err(self.bad(&format!("the key `{key}` is not known; the lists are {lists}")))
            }
        }
    }

    fn bad(&self, what: &str) -> Problem {
        bad(self.file, what)
    }

    fn facts(&self, section: &str, keys: &[&str], list: Option<Value>) -> Result<Vec<Fact>, Problem> {
        let items = match list {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(self.bad(&format!("`{section}` has to be a list"))),
        };
        if items.len() > MOST_FACTS {
            return Err(self.bad(&format!(
                "`{section}` holds more than {MOST_FACTS} facts; leave out what is not about this model"
            )));
        }
        let fact = |(number, item): (usize, Value)| {
            let place = format!("{section}[{number}]");
            let Value::Object(fields) = item else {
                return Err(self.bad(&format!("{place} has to be an object")));
            };
            match fields.keys().find(|key| !keys.contains(&key.as_str())) {
                Some(key) => Err(self
                    .bad(&format!("{place} has the key `{key}`, which is not known; known are {}", keys.join(", ")))),
                None => Ok(Fact { place, fields }),
            }
        };
        items.into_iter().enumerate().map(fact).collect()
    }

    fn typed<T: DeserializeOwned>(&self, fact: Fact) -> Result<T, Problem> {
        serde_json::from_value(Value::Object(fact.fields))
            .map_err(|error| self.bad(&format!("{} can't be understood ({error})", fact.place)))
    }

    /// Names as PEP 503 spells them, and `null` for a version nobody pinned.
    fn environment(&self, mut fact: Fact) -> Result<Environment, Problem> {
        let listed = fact.fields.remove("packages").unwrap_or(Value::Null);
        let mut packages = Packages::of(self.file);
        match listed {
            Value::Null => {}
            Value::Object(listed) => {
                for (package, version) in &listed {
                    let version = match version {
                        Value::Null => "",
                        Value::String(version) => version,
                        _ => {
                            return Err(
                                self.bad(&format!("the version of `{package}` in {} has to be text", fact.place))
                            );
                        }
                    };
                    packages.add(package, version)?;
                }
            }
            _ => {
                return Err(
                    self.bad(&format!("`packages` in {} has to be an object of names and versions", fact.place))
                );
            }
        }
        let environment: Environment = self.typed(fact)?;
        let listed = packages.into_observations(None).environments.pop().unwrap_or_default();
        Ok(Environment { packages: listed.packages, ..environment })
    }

    fn deployment(&self, mut fact: Fact) -> Result<Deployment, Problem> {
        if let Some(at) = fact.fields.remove("at").filter(|at| !at.is_null()) {
            let at_ms = self.time(&at, &fact.place)?;
            fact.fields.insert("at_ms".into(), at_ms.into());
        }
        self.share(&fact, "traffic_share")?;
        self.typed(fact)
    }

    fn resources(&self, fact: Fact) -> Result<ResourceUse, Problem> {
        self.share(&fact, "cpu_throttled_share")?;
        self.typed(fact)
    }

    /// In the order of time, whatever the file's.
    fn series(&self, mut fact: Fact) -> Result<MetricSeries, Problem> {
        let place = fact.place.clone();
        let Some(Value::Array(listed)) = fact.fields.insert("points".into(), Value::Array(Vec::new())) else {
            return Err(self.bad(&format!("`points` in {place} has to be a list of [time, value]")));
        };
        if listed.len() > MOST_POINTS {
            return Err(
                self.bad(&format!("{place} has more than {MOST_POINTS} points; give fewer, or means over time"))
            );
        }
        let mut points = Vec::with_capacity(listed.len());
        for (number, point) in listed.iter().enumerate() {
            let (time, value) = match point.as_array().map(Vec::as_slice) {
                Some([time, value]) => (time, numbers::value(value)),
                _ => return Err(self.bad(&format!("points[{number}] of {place} has to be [time, value]"))),
            };
            let value = value.ok_or_else(|| {
                self.bad(&format!("the value of points[{number}] of {place} has to be a number, \"NaN\" or null"))
            })?;
            points.push((self.time(time, &format!("points[{number}] of {place}"))?, value));
        }
        points.sort_by_key(|(time, _)| *time);
        let series: MetricSeries = self.typed(fact)?;
        Ok(MetricSeries { points, ..series })
    }

    /// A square of costs, one row and one column for each label.
    fn costs(&self, fact: Fact) -> Result<CostMatrix, Problem> {
        let place = fact.place.clone();
        let matrix: CostMatrix = self.typed(fact)?;
        let classes = matrix.labels.len();
        let is_square = matrix.costs.len() == classes && matrix.costs.iter().all(|row| row.len() == classes);
        if classes < 2 || !is_square {
            return Err(self.bad(&format!(
                "{place} needs at least two labels and one cost for each pair of them, rows true, columns predicted"
            )));
        }
        Ok(matrix)
    }

    fn time(&self, value: &Value, place: &str) -> Result<i64, Problem> {
        numbers::time(value).ok_or_else(|| {
            self.bad(&format!(
                "the time of {place} has to be milliseconds since 1970 or RFC 3339, such as 2026-05-01T12:00:00Z"
            ))
        })
    }

    fn share(&self, fact: &Fact, key: &str) -> Result<(), Problem> {
        match fact.fields.get(key).and_then(Value::as_f64) {
            Some(share) if !(0.0..=1.0).contains(&share) => {
                Err(self.bad(&format!("`{key}` in {} is {share}, but a share is from 0 to 1", fact.place)))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key that the domain gains has to be let in here as well.
    #[test]
    #[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    fn every_key_of_an_observation_is_known() {
        let text = include_str!("../../engine/fixtures/artifacts/faulty/observations.json");
        let found = Reader { file: "observations.json" }.read(text).unwrap();
        let written = serde_json::to_value(&found).unwrap();
        for (section, list) in written.as_object().unwrap() {
            let keys = SECTIONS.iter().find(|(name, _)| name == section).unwrap().1;
            let fact = list[0].as_object().unwrap_or_else(|| panic!("the fixture has no {section}"));
            assert_eq!(fact.keys().find(|key| !keys.contains(&key.as_str())), None, "{section}");
        }
        assert_eq!(written.as_object().unwrap().len(), SECTIONS.len());
    }

    fn refused(text: &str) -> String {
        let text = format!("{{\"mismatch_observations\": 1, {text}}}");
        Reader { file: "o.json" }.read(&text).err().map(|problem| problem.message).unwrap_or_default()
    }

    #[test]
    fn what_is_not_understood_is_named() {
        assert!(refused(r#""serie": []"#).contains("`serie`"));
        assert!(refused(r#""series": {}"#).contains("`series` has to be a list"));
        assert!(refused(r#""resources": [{"memory": 1}]"#).contains("resources[0] has the key `memory`"));
        assert!(refused(r#""resources": [{"cpu_throttled_share": 40}]"#).contains("from 0 to 1"));
        assert!(refused(r#""deployments": [{"at": "yesterday"}]"#).contains("RFC 3339"));
        assert!(refused(r#""artifacts": [{"place": "moon"}]"#).contains("moon"));
        assert!(refused(r#""environments": [{"packages": {"numpy": 1}}]"#).contains("`numpy`"));
        assert!(
            refused(r#""series": [{"signal": "a", "kind": "kpi", "points": [[0]]}]"#)
                .contains("points[0] of series[0]")
        );
        assert!(refused(r#""series": [{"signal": "a", "kind": "kpi", "points": [[0, "high"]]}]"#).contains("number"));
        assert!(refused(r#""cost_matrices": [{"labels": ["a", "b"], "costs": [[0, 1]]}]"#).contains("rows true"));
        let version = Reader { file: "o.json" }.read(r#"{"mismatch_observations": 2}"#);
        assert!(version.is_err_and(|problem| problem.message.contains("only version 1")));
        let deep = format!("{{\"mismatch_observations\": 1, \"series\": {}", "[".repeat(100_000));
        assert!(Reader { file: "o.json" }.read(&deep).is_err());
    }

    #[test]
    #[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    fn times_and_numbers_that_are_none_are_read_in_every_spelling() {
        let points = r#"[["1970-01-01T00:00:02+00:00", NaN], [1000, "NaN"], [3000, null], [0, 1.5], ["1970-01-01T01:00:04+01:00", -Infinity]]"#;
        let text = format!(
            r#"{{"mismatch_observations": 1, "series": [{{"signal": "NaN of \"x\": NaN", "kind": "latency", "points": {points}}}]}}"#
        );
        let found = Reader { file: "o.json" }.read(&text).unwrap();
        assert_eq!(found.series[0].signal, "NaN of \"x\": NaN");
        let times: Vec<i64> = found.series[0].points.iter().map(|(time, _)| *time).collect();
        assert_eq!(times, [0, 1000, 2000, 3000, 4000]);
        let numbers: Vec<bool> = found.series[0].points.iter().map(|(_, value)| value.is_nan()).collect();
        assert_eq!(numbers, [false, true, true, true, true]);
    }
}
