//! What a signal of a monitoring tool is about, by the words of its name and its unit.

use domain::observation::SignalKind;

/// The kind of a signal. The first that fits counts: `prediction_latency_seconds` is latency, `feature_drift_missing` drift.
pub(crate) fn kind_of(signal: &str, unit: Option<&str>) -> SignalKind {
    let signal = signal.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| signal.contains(word));
    let unit = unit.unwrap_or_default().to_lowercase();
    match () {
        () if has(&["latency", "duration", "response_time", "response.time", "responsetime", "elapsed"]) => {
            SignalKind::Latency
        }
        () if has(&["drift", "psi", "divergence", "wasserstein"]) => drift_kind(&signal),
        () if has(&["missing", "null", "nan_"]) => SignalKind::MissingValues,
        () if has(&["error", "5xx", "4xx", "failure", "failed", "exception", "timeout"]) => SignalKind::ErrorRate,
        () if has(&["confidence"]) => SignalKind::Confidence,
        () if has(&["memory", "mem.", "mem_", "rss"]) => SignalKind::Memory,
        () if has(&["cpu"]) => SignalKind::Cpu,
        () if has(&["prediction", "score_mean", "proba"])
            && has(&["mean", "avg", "average", "rate", "share", "positive"]) =>
        {
            SignalKind::PredictionDrift
        }
        () if has(&["accuracy", "auc", "f1", "precision", "recall", "rmse", "logloss", "log_loss"]) => {
            SignalKind::Performance
        }
        () if has(&["revenue", "conversion", "complaint", "churn", "profit", "sales"]) => SignalKind::Kpi,
        () if has(&["request", "invocation", "hits", "throughput", "qps", "rps"]) => SignalKind::Throughput,
        () if unit.contains("second") => SignalKind::Latency,
        () => SignalKind::Other,
    }
}

fn drift_kind(signal: &str) -> SignalKind {
    match () {
        () if signal.contains("prediction") || signal.contains("score_drift") => SignalKind::PredictionDrift,
        () if signal.contains("label") || signal.contains("target") => SignalKind::LabelDrift,
        () => SignalKind::InputDrift,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_signal_tell_its_kind() {
        for (signal, kind) in [
            ("ModelLatency", SignalKind::Latency),
            ("model.prediction.mean", SignalKind::PredictionDrift),
            ("Invocation5XXErrors", SignalKind::ErrorRate),
            ("Invocations", SignalKind::Throughput),
            ("feature_drift_psi", SignalKind::InputDrift),
            ("MemoryUtilization", SignalKind::Memory),
            ("queue depth", SignalKind::Other),
        ] {
            assert_eq!(kind_of(signal, None), kind, "{signal}");
        }
    }
}
