//! Samples of one moment: what an exposition or an instant query holds.

use std::collections::{BTreeMap, BTreeSet};

use domain::number::{counted, number};
use domain::observation::{Deployment, MetricSeries, SignalKind};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use domain::tool_facts::ReportedMetric;

use super::prometheus_labels::{Labels, digest, distinguishing, failed, is_status, model, named, version};
use super::{prometheus_resources, signal};
use crate::Brought;

const TOOL: &str = "Prometheus";
/// Figures of one file at most.
const MOST: usize = 5_000;

/// A value of one series.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub name: String,
    pub labels: Labels,
    pub value: f64,
    pub at_ms: Option<i64>,
    /// Where it stands in the file.
    pub place: String,
}

/// What a sample is, by its name.
#[derive(PartialEq, Clone, Copy)]
enum Form {
    /// Of the process that answers, or when something was created.
    Runtime,
    Up,
    Info,
    Bucket,
    Sum,
    Count,
    Counter,
    Gauge,
}

fn form(sample: &Sample) -> Form {
    let name = sample.name.as_str();
    let runtime = [
        "python_",
        "go_",
        "promhttp_",
        "process_open",
        "process_max",
        "process_start",
        "process_virtual",
        "node_",
        "scrape_",
        "net_conntrack_",
        "jvm_",
        "nodejs_",
        "prometheus_",
        "process_cpu",
    ];
    match () {
        () if runtime.iter().any(|start| name.starts_with(start)) || name.ends_with("_created") => Form::Runtime,
        () if name == "up" => Form::Up,
        () if name.ends_with("_info") => Form::Info,
        () if name.ends_with("_bucket") && sample.labels.contains_key("le") => Form::Bucket,
        () if name.ends_with("_sum") => Form::Sum,
        () if name.ends_with("_count") => Form::Count,
        () if name.ends_with("_total") => Form::Counter,
        () => Form::Gauge,
    }
}

/// Adds what the samples say.
pub(super) fn bring(samples: Vec<Sample>, brought: &mut Brought) {
    let gauges: Vec<&Sample> = samples.iter().filter(|sample| form(sample) == Form::Gauge).collect();
    brought.observations.series.extend(points(&gauges));
    let (finite, other): (Vec<&Sample>, Vec<&Sample>) =
        samples.iter().partition(|sample| sample.value.is_finite() || form(sample) == Form::Bucket);
    if let Some(first) = other.first() {
        let such_as = named(&first.name, &first.labels, &shown_keys(&[first]));
        brought.left.push(format!("{}, NaN or infinite, such as {such_as}", counted(other.len() as u64, "value")));
    }
    let uses = finite.iter().map(|sample| (sample.name.as_str(), &sample.labels, sample.value));
    prometheus_resources::bring(uses, &mut brought.observations.resources);
    let of = |wanted: Form| finite.iter().copied().filter(move |sample| form(sample) == wanted);
    let runtime = of(Form::Runtime).count();
    if runtime > 0 {
        brought.left.push(format!("{} about the runtime itself", counted(runtime as u64, "value")));
    }
    brought.facts.checks.extend(of(Form::Up).map(up));
    brought.observations.deployments.extend(of(Form::Info).filter_map(release));
    let mut metrics = quantiles(&of(Form::Bucket).collect::<Vec<_>>());
    metrics.extend(means(&of(Form::Sum).collect::<Vec<_>>(), &of(Form::Count).collect::<Vec<_>>()));
    let counters: Vec<&Sample> = of(Form::Counter).collect();
    metrics.extend(ratios(&counters));
    let timeless: Vec<&Sample> = of(Form::Gauge).filter(|sample| sample.at_ms.is_none()).collect();
    let all: Vec<&Sample> = timeless.into_iter().chain(counters).collect();
    let (told, others): (Vec<&Sample>, Vec<&Sample>) = all.into_iter().partition(|sample| is_about_a_model(sample));
    metrics.extend(figures(&told));
    if !others.is_empty() {
        brought.left.push(format!("{} that no label ties to a model", counted(others.len() as u64, "value")));
    }
    if metrics.len() > MOST {
        brought.warnings.push(format!("It has {} figures; the first {MOST} were read.", metrics.len()));
        metrics.truncate(MOST);
    }
    brought.facts.metrics.extend(metrics);
}

/// Whether labels or words say that a figure is one of a served model.
fn is_about_a_model(sample: &Sample) -> bool {
    let labelled = model(&sample.labels).is_some() || version(&sample.labels).is_some();
    labelled || signal::kind(&sample.name) != SignalKind::Other
}

/// Whether a target answers.
pub(super) fn up(sample: &Sample) -> ToolCheck {
    let target = sample.labels.get("instance").or_else(|| sample.labels.get("job")).cloned();
    let job = sample.labels.get("job").map(|job| format!("job {job}"));
    let answers = sample.value > 0.0;
    let outcome = if answers { CheckOutcome::Passed } else { CheckOutcome::Failed };
    let said = if answers { "the target answers" } else { "the target does not answer, so nothing of it is recorded" };
    let source = Source::of(TOOL, None, sample.place.clone());
    ToolCheck::new(source, "up", CheckSubject::Health, target.into_iter().chain(job).collect(), outcome)
        .with_expected("1")
        .with_observed(said)
        .with_time(sample.at_ms)
}

/// A series that only says which version runs.
fn release(sample: &Sample) -> Option<Deployment> {
    let version = version(&sample.labels)?;
    (model(&sample.labels).is_some() || domain::naming::words(&sample.name).contains(&"model".to_owned())).then(|| {
        Deployment {
            model: model(&sample.labels),
            version: Some(version),
            digest: digest(&sample.labels),
            ..Deployment::default()
        }
    })
}

fn metric(sample: &Sample, name: String, value: f64) -> ReportedMetric {
    ReportedMetric {
        source: Source::of(TOOL, None, sample.place.clone()),
        model: model(&sample.labels),
        version: version(&sample.labels),
        is_deployed: Some(true),
        metric: name,
        value,
        at_ms: sample.at_ms,
    }
}

/// The labels without those that say the model and its version, which a figure has in fields of its own.
fn shown_keys<'s>(samples: &[&'s Sample]) -> BTreeSet<&'s str> {
    let own = ["model", "model_name", "version", "model_version", "le", "instance", "job"];
    let keys = samples.iter().flat_map(|sample| sample.labels.keys()).map(String::as_str);
    keys.filter(|key| !own.contains(key)).collect()
}

fn by_name<'s>(samples: &[&'s Sample]) -> BTreeMap<&'s str, Vec<&'s Sample>> {
    let mut groups: BTreeMap<&str, Vec<&Sample>> = BTreeMap::new();
    for sample in samples {
        groups.entry(&sample.name).or_default().push(sample);
    }
    groups
}

fn figures(samples: &[&Sample]) -> Vec<ReportedMetric> {
    let of_name = |(name, samples): (&str, Vec<&Sample>)| {
        let keys = shown_keys(&samples);
        samples.iter().map(|sample| metric(sample, figure_name(name, sample, &keys), sample.value)).collect::<Vec<_>>()
    };
    by_name(samples).into_iter().flat_map(of_name).collect()
}

/// A quantile of a summary is called as one of a histogram.
fn figure_name(name: &str, sample: &Sample, keys: &BTreeSet<&str>) -> String {
    let quantile = sample.labels.get("quantile").and_then(|quantile| quantile.parse::<f64>().ok());
    match quantile.filter(|quantile| (0.0..=1.0).contains(quantile)) {
        Some(quantile) => {
            let keys = keys.iter().copied().filter(|key| *key != "quantile").collect();
            named(&format!("p{}({name})", number(quantile * 100.0)), &sample.labels, &keys)
        }
        None => named(name, &sample.labels, keys),
    }
}

/// A value with a time is a series of one point, also one that is NaN.
fn points(samples: &[&Sample]) -> Vec<MetricSeries> {
    let of_name = |(name, samples): (&str, Vec<&Sample>)| {
        let all: Vec<&Labels> = samples.iter().map(|sample| &sample.labels).collect();
        let keys = distinguishing(&all);
        let one = |sample: &&Sample| {
            Some(MetricSeries {
                source: String::new(),
                signal: named(name, &sample.labels, &keys),
                kind: signal::kind(name),
                unit: signal::unit(name).map(str::to_owned),
                higher_is_better: None,
                points: vec![(sample.at_ms?, if sample.value.is_finite() { sample.value } else { f64::NAN })],
            })
        };
        samples.iter().filter_map(one).collect::<Vec<_>>()
    };
    by_name(samples).into_iter().flat_map(of_name).collect()
}

/// The samples by all of their labels but some.
fn grouped<'s>(samples: &[&'s Sample], without: fn(&str) -> bool) -> Vec<Vec<&'s Sample>> {
    let mut groups: BTreeMap<(&str, Labels), Vec<&Sample>> = BTreeMap::new();
    for sample in samples {
        let kept = sample.labels.iter().filter(|(key, _)| !without(key));
        let kept = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
        groups.entry((&sample.name, kept)).or_default().push(sample);
    }
    groups.into_values().collect()
}

/// The share of requests that failed, for each counter that has a label of the status.
fn ratios(counters: &[&Sample]) -> Vec<ReportedMetric> {
    let with_status: Vec<&Sample> =
        counters.iter().copied().filter(|sample| failed(&sample.labels).is_some()).collect();
    let keys = shown_keys(&with_status);
    let of_group = |group: Vec<&Sample>| {
        let all: f64 = group.iter().map(|sample| sample.value).sum();
        let bad: f64 =
            group.iter().filter(|sample| failed(&sample.labels) == Some(true)).map(|sample| sample.value).sum();
        let first = group.first()?;
        let keys: BTreeSet<&str> = keys.iter().copied().filter(|key| !is_status(key)).collect();
        (all > 0.0 && all.is_finite() && group.len() > 1)
            .then(|| metric(first, named(&format!("ratio({})", first.name), &first.labels, &keys), bad / all))
    };
    grouped(&with_status, is_status).into_iter().filter_map(of_group).collect()
}

/// Quantiles of histograms, as `histogram_quantile` has them.
fn quantiles(buckets: &[&Sample]) -> Vec<ReportedMetric> {
    let keys = shown_keys(buckets);
    let mut found = Vec::new();
    for group in grouped(buckets, |key| key == "le") {
        let Some(first) = group.first() else { continue };
        let base = first.name.strip_suffix("_bucket").unwrap_or(&first.name);
        let bounds = group.iter().filter_map(|bucket| {
            let bound: f64 = bucket.labels.get("le")?.parse().ok()?;
            (!bound.is_nan() && bucket.value.is_finite()).then_some((bound, bucket.value))
        });
        let mut bounds: Vec<(f64, f64)> = bounds.collect();
        bounds.sort_by(|a, b| a.0.total_cmp(&b.0));
        for share in [0.5, 0.95, 0.99] {
            let Some(value) = quantile(&bounds, share) else { continue };
            let name = format!("p{:.0}({base})", share * 100.0);
            found.push(metric(first, named(&name, &first.labels, &keys), value));
        }
    }
    found
}

/// Between two bounds by a straight line; the highest finite bound where it lies over that.
fn quantile(bounds: &[(f64, f64)], share: f64) -> Option<f64> {
    let all = bounds.last().filter(|(bound, all)| bound.is_infinite() && *all > 0.0)?.1;
    let rank = share * all;
    let place = bounds.iter().position(|(_, below)| *below >= rank)?;
    let (upper, below) = *bounds.get(place)?;
    let before = place.checked_sub(1).and_then(|place| bounds.get(place)).copied();
    if upper.is_infinite() {
        return before.map(|(bound, _)| bound);
    }
    let (lower, below_lower) = before.unwrap_or((0.0_f64.min(upper), 0.0));
    let within = below - below_lower;
    Some(if within > 0.0 { lower + (upper - lower) * (rank - below_lower) / within } else { upper })
}

/// Means of histograms and summaries.
fn means(sums: &[&Sample], counts: &[&Sample]) -> Vec<ReportedMetric> {
    let keys = shown_keys(sums);
    let of = |sum: &&Sample| {
        let base = sum.name.strip_suffix("_sum")?;
        let counted = |count: &&&Sample| count.name.strip_suffix("_count") == Some(base) && count.labels == sum.labels;
        let count = counts.iter().find(counted).map(|count| count.value).filter(|count| *count > 0.0)?;
        Some(metric(sum, named(&format!("mean({base})"), &sum.labels, &keys), sum.value / count))
    };
    // Each sum is looked up among all counts.
    sums.iter().take(1_000).filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_prometheus() {
        let bounds = [(0.1, 10.0), (0.2, 20.0), (f64::INFINITY, 20.0)];
        assert_eq!(quantile(&bounds, 0.5), Some(0.1));
        assert!(quantile(&bounds, 0.75).is_some_and(|value| (value - 0.15).abs() < 1e-12));
        assert_eq!(quantile(&[(0.1, 0.0), (f64::INFINITY, 5.0)], 0.5), Some(0.1), "over the highest bound");
        assert_eq!(quantile(&[(0.1, 5.0)], 0.5), None, "without the last bucket nothing is known");
        assert_eq!(quantile(&[], 0.5), None);
    }
}
