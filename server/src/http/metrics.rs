//! Counts of requests, for Prometheus.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

/// Upper bounds of the duration histogram, in milliseconds.
const BOUNDS_MS: [u64; 8] = [5, 10, 30, 100, 300, 1_000, 3_000, 10_000];

#[derive(Debug, Clone, Default)]
pub struct Metrics(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    /// By first digit of the status, 1 to 5.
    by_class: [AtomicU64; 5],
    /// Not cumulative; the last one is everything over the last bound.
    durations: [AtomicU64; BOUNDS_MS.len() + 1],
    total_us: AtomicU64,
}

impl Metrics {
    /// Middleware: counts the response and how long it took to begin.
    pub async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
        let began = Instant::now();
        let response = next.run(request).await;
        metrics.record(response.status(), began.elapsed());
        response
    }

    fn record(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        let bound = BOUNDS_MS.partition_point(|bound| u128::from(*bound) < took.as_millis());
        self.0.by_class[class].fetch_add(1, Ordering::Relaxed);
        self.0.durations[bound].fetch_add(1, Ordering::Relaxed);
        self.0.total_us.fetch_add(took.as_micros() as u64, Ordering::Relaxed);
    }

    /// Prometheus' text format.
    pub fn text(&self) -> String {
        let mut lines = vec![
            "# HELP mismatch_http_requests_total Requests answered, by class of status.".to_owned(),
            "# TYPE mismatch_http_requests_total counter".to_owned(),
        ];
        for (class, count) in (1..).zip(&self.0.by_class) {
            lines.push(format!(
                "mismatch_http_requests_total{{status=\"{class}xx\"}} {}",
                count.load(Ordering::Relaxed)
            ));
        }
        lines.push("# HELP mismatch_http_request_duration_seconds Time until the response begins.".to_owned());
        lines.push("# TYPE mismatch_http_request_duration_seconds histogram".to_owned());
        let mut so_far = 0;
        let bounds = BOUNDS_MS.iter().map(|bound| (*bound as f64 / 1000.0).to_string()).chain(["+Inf".to_owned()]);
        for (bound, count) in bounds.zip(&self.0.durations) {
            so_far += count.load(Ordering::Relaxed);
            lines.push(format!("mismatch_http_request_duration_seconds_bucket{{le=\"{bound}\"}} {so_far}"));
        }
        let seconds = self.0.total_us.load(Ordering::Relaxed) as f64 / 1e6;
        lines.push(format!("mismatch_http_request_duration_seconds_sum {seconds}"));
        lines.push(format!("mismatch_http_request_duration_seconds_count {so_far}\n"));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative_and_hold_their_bound() {
        let metrics = Metrics::default();
        metrics.record(StatusCode::OK, Duration::from_millis(5));
        metrics.record(StatusCode::NOT_FOUND, Duration::from_secs(60));
        let text = metrics.text();
        for line in [
            "mismatch_http_requests_total{status=\"2xx\"} 1",
            "mismatch_http_requests_total{status=\"4xx\"} 1",
            "mismatch_http_request_duration_seconds_bucket{le=\"0.005\"} 1",
            "mismatch_http_request_duration_seconds_bucket{le=\"10\"} 1",
            "mismatch_http_request_duration_seconds_bucket{le=\"+Inf\"} 2",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
    }
}
