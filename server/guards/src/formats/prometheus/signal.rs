//! The name of a series as an expression of PromQL.

/// `None` for a name that is not one of Prometheus. What is made of a metric stands around it as in the series that are read:
/// `p95(name)`, `rate(name)`, `change(name)`, `age(name)`, each with labels behind it or without.
pub(super) fn expression(signal: &str) -> Option<String> {
    let signal = signal.trim();
    let (name, labels) = match signal.split_once('{') {
        Some((name, labels)) => (name.trim(), labels.strip_suffix('}')?),
        None => (signal, ""),
    };
    let labels = matchers(labels)?;
    let Some((made, inside)) = name.split_once('(') else {
        return is_metric(name).then(|| format!("{name}{labels}"));
    };
    let metric = inside.strip_suffix(')').filter(|metric| is_metric(metric))?;
    match made {
        "rate" => Some(format!("rate({metric}{labels}[5m])")),
        "change" => Some(format!("increase({metric}{labels}[1h])")),
        "age" => Some(format!("time() - {metric}{labels}")),
        _ => {
            let quantile: f64 = made.strip_prefix('p')?.parse().ok()?;
            let is_share = quantile > 0.0 && quantile < 100.0;
            let buckets = if metric.ends_with("_bucket") { metric.to_owned() } else { format!("{metric}_bucket") };
            is_share
                .then(|| format!("histogram_quantile({}, sum by (le) (rate({buckets}{labels}[5m])))", quantile / 100.0))
        }
    }
}

fn is_metric(name: &str) -> bool {
    let is_first = |first: char| first.is_ascii_alphabetic() || matches!(first, '_' | ':');
    name.starts_with(is_first) && name.chars().all(|letter| is_first(letter) || letter.is_ascii_digit())
}

/// `a="b",c="d"` with nothing else in it, in braces; empty where there is none.
fn matchers(labels: &str) -> Option<String> {
    let labels = labels.trim().trim_end_matches(',');
    if labels.is_empty() {
        return Some(String::new());
    }
    let mut out = Vec::new();
    let mut rest = labels;
    loop {
        let (name, after) = rest.split_once('=')?;
        let name = name.trim();
        let is_label = is_metric(name) && !name.contains(':');
        let value = after.trim_start().strip_prefix('"')?;
        let end = value.find(['"', '\\', '\n'])?;
        let (value, after) = value.split_at(end);
        let after = after.strip_prefix('"').filter(|_| is_label)?.trim_start();
        out.push(format!("{name}={}", crate::quote::quoted(value)));
        match after.strip_prefix(',') {
            Some(next) => rest = next.trim_start(),
            None if after.is_empty() => return Some(format!("{{{}}}", out.join(","))),
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_series_are_expressions() {
        let said = |signal: &str| expression(signal).unwrap_or_default();
        assert_eq!(said("up"), "up");
        assert_eq!(said("job:errors:rate5m{job=\"api\"}"), "job:errors:rate5m{job=\"api\"}");
        assert_eq!(
            said("p95(latency_seconds){version=\"v4\", path=\"/a\"}"),
            "histogram_quantile(0.95, sum by (le) (rate(latency_seconds_bucket{version=\"v4\",path=\"/a\"}[5m])))"
        );
        assert_eq!(said("rate(errors_total)"), "rate(errors_total[5m])");
    }

    #[test]
    fn what_is_not_a_name_of_prometheus_is_not_written() {
        let others = [
            "model latency",
            "roc-auc",
            "a{b=\"c\"} or vector(1)",
            "a{b=~\"c\"}",
            "a{b=\"c\\\"d\"}",
            "p95(a b)",
            "px(a)",
            "rate(a) > 0 or (b)",
            "",
            "1a",
            "a{b}",
            "ratio(a)",
        ];
        for other in others {
            assert_eq!(expression(other), None, "{other}");
        }
    }
}
