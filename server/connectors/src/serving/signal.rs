//! What a signal is about, by the words of its name, and durations as monitoring tools write them.

use domain::naming::words;
use domain::observation::SignalKind;

/// Kinds with the words that tell them, the most telling first.
const BY_WORD: [(SignalKind, &[&str]); 10] = [
    (SignalKind::InputDrift, &["drift", "psi", "wasserstein", "divergence", "ks", "jensenshannon"]),
    (SignalKind::Latency, &["latency", "duration", "latencies", "durations", "ttft", "elapsed"]),
    (
        SignalKind::ErrorRate,
        &["error", "errors", "failure", "failures", "failed", "fails", "exceptions", "5xx", "4xx", "5xxerrors"],
    ),
    (SignalKind::Confidence, &["confidence", "entropy", "uncertainty", "certainty"]),
    (SignalKind::MissingValues, &["missing", "null", "nulls", "nan", "nans", "completeness"]),
    (SignalKind::Memory, &["memory", "mem", "rss", "heap", "ram"]),
    (SignalKind::Cpu, &["cpu"]),
    (
        SignalKind::Performance,
        &["accuracy", "auc", "f1", "precision", "recall", "rmse", "mae", "mse", "logloss", "brier", "r2"],
    ),
    (
        SignalKind::Kpi,
        &["revenue", "conversion", "conversions", "complaints", "churn", "sales", "clicks", "ctr", "orders"],
    ),
    (SignalKind::Throughput, &["requests", "throughput", "rps", "qps", "invocations", "predictions", "calls", "hits"]),
];

/// What a signal is about, by its name and whatever else is said of it.
pub(crate) fn kind(name: &str) -> SignalKind {
    let words = words(name);
    let any = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    match BY_WORD.iter().find(|(_, known)| any(known)).map(|(kind, _)| *kind) {
        Some(SignalKind::InputDrift) if any(&["prediction", "predictions", "output", "outputs", "score", "scores"]) => {
            SignalKind::PredictionDrift
        }
        Some(SignalKind::InputDrift) if any(&["label", "labels", "target"]) => SignalKind::LabelDrift,
        Some(kind) => kind,
        None if any(&["response"]) && any(&["time", "seconds", "ms"]) => SignalKind::Latency,
        None => SignalKind::Other,
    }
}

/// The unit in which a name ends, as conventions of metric names have it.
pub(crate) fn unit(name: &str) -> Option<&'static str> {
    words(name).iter().rev().find_map(|word| match word.as_str() {
        "seconds" | "sec" => Some("s"),
        "milliseconds" | "millis" | "ms" => Some("ms"),
        "microseconds" | "us" => Some("µs"),
        "bytes" => Some("bytes"),
        "percent" | "percentage" => Some("%"),
        "ratio" | "share" => Some("share"),
        "cores" => Some("cores"),
        _ => None,
    })
}

/// Milliseconds of `1h30m`, `5m`, `90s`, `250ms`; `None` for anything else.
pub(crate) fn duration_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    if text == "0" {
        return Some(0);
    }
    let mut total: i64 = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        let after = &rest[digits..];
        let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let unit: i64 = match &after[..letters] {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 604_800_000,
            "y" => 31_536_000_000,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(unit)?)?;
        rest = &after[letters..];
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_the_kind_and_the_unit() {
        let cases = [
            ("model_request_duration_seconds", SignalKind::Latency),
            ("model:error_ratio:5m", SignalKind::ErrorRate),
            ("prediction_drift_psi", SignalKind::PredictionDrift),
            ("feature_drift_psi", SignalKind::InputDrift),
            ("label_drift", SignalKind::LabelDrift),
            ("container_memory_working_set_bytes", SignalKind::Memory),
            ("feature_freshness_seconds", SignalKind::Other),
            ("Response time", SignalKind::Latency),
        ];
        for (name, expected) in cases {
            assert_eq!(kind(name), expected, "{name}");
        }
        assert_eq!(unit("model_latency_seconds_bucket"), Some("s"));
        assert_eq!(unit("up"), None);
    }

    #[test]
    fn durations_are_read_as_prometheus_writes_them() {
        assert_eq!(duration_ms("1h30m"), Some(5_400_000));
        assert_eq!(duration_ms("250ms"), Some(250));
        assert_eq!(duration_ms("0"), Some(0));
        for odd in ["", "5", "m", "5 m", "99999999999999999999y", "9223372036854775807w"] {
            assert_eq!(duration_ms(odd), None, "{odd}");
        }
    }
}
