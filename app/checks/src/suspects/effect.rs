//! How the model does on the rows that a suspect concerns.

use domain::Since;
use domain::measurements::Measurements;
use domain::measurements::performance::{Chunk, Figure};
use domain::since::Extent;
use domain::suspect::{ComparedWith, MetricEffect};

use crate::detectors::evaluation::performance_drop::drop_in_serving;
use crate::detectors::monitoring::performance_over_time::loss_of_performance;

/// Nothing where the model does not certainly do worse, or where nothing says which rows are concerned.
pub fn on_metric(since: Option<Since>, measurements: &Measurements) -> Option<MetricEffect> {
    let since = since?;
    match since.extent {
        Extent::WholePeriod => drop_in_serving(measurements),
        Extent::Onset | Extent::Window => along_time(since, measurements),
    }
}

/// The served chunks of that time against the other served chunks.
fn along_time(since: Since, measurements: &Measurements) -> Option<MetricEffect> {
    let figure = loss_of_performance(measurements)?;
    let is_inside = |chunk: &&Chunk| {
        let middle = chunk.from_ms / 2 + chunk.to_ms / 2;
        (since.from_ms..=since.to_ms).contains(&middle)
    };
    let (inside, outside): (Vec<&Chunk>, Vec<&Chunk>) = figure.served.iter().partition(is_inside);
    let (value, other) = (level(&inside)?, level(&outside)?);
    let is_worse = match figure.figure {
        Figure::Accuracy | Figure::RocAuc => value < other,
        Figure::MeanAbsoluteError => value > other,
    };
    is_worse.then(|| MetricEffect {
        metric: figure.figure.title().to_owned(),
        is_share: figure.figure == Figure::Accuracy,
        value,
        other,
        compared_with: ComparedWith::OtherServedRows,
    })
}

/// The mean over rows.
fn level(chunks: &[&Chunk]) -> Option<f64> {
    let rows: u64 = chunks.iter().map(|chunk| chunk.rows).sum();
    let sum: f64 = chunks.iter().map(|chunk| chunk.point.value * chunk.rows as f64).sum();
    (rows > 0).then(|| sum / rows as f64)
}
