//! A class that fades among the newest rows: their labels are not known yet.

use super::DETECTOR;
use crate::detectors::words::{count, name, number};
use crate::thresholds::{CERTAINTY, LABEL_FADED, LABEL_FADED_BEFORE};
use domain::finding::{Certainty, Effect};
use domain::measurements::labels::{ArrivalChunk, Arrivals, LabelChange};
use domain::plot::format::time;
use domain::{Cause, Finding, Verdict};
use stats::distributions::normal_cdf;

/// The fading of one class: the chunks from `from` on.
struct Fading<'a> {
    arrivals: &'a Arrivals,
    from: usize,
    left: f64,
    p: f64,
}

pub(super) fn faded(label: &str, change: &LabelChange) -> Option<Finding> {
    let fadings = change.arrivals.iter().filter_map(fading);
    let strongest = fadings.min_by(|a, b| a.p.total_cmp(&b.p))?;
    let chunks = &strongest.arrivals.chunks;
    let since = chunks[strongest.from].from_ms;
    let rows: u64 = chunks[strongest.from..].iter().map(|chunk| chunk.rows).sum();
    let statement = format!(
        "“{}” becomes rare in {} among the newest rows, from {} on: these labels are not yet known.",
        strongest.arrivals.class,
        name(label),
        time(since),
    );
    let effect = Effect::new("share_of_expected", strongest.left, LABEL_FADED);
    let finding = DETECTOR
        .finding(Verdict::Mismatch, &[label], statement, effect, Certainty::p(strongest.p))
        .for_cause(Cause::LabelsNotRipe)
        .with_n(change.against.id(), change.rows)
        .with_evidence("rows to leave out until their labels are known", count(rows, "newest row of the sample"));
    Some(chunks.iter().fold(finding, |finding, chunk| {
        finding.with_evidence(
            format!("rows from {} on", time(chunk.from_ms)),
            format!("{} of “{}”, {} expected", number(chunk.found), strongest.arrivals.class, number(chunk.expected)),
        )
    }))
}

/// Chunks at the end in which the class falls further and further below what is expected, after chunks in which it does not.
/// At most the newer half can fade.
fn fading(arrivals: &Arrivals) -> Option<Fading<'_>> {
    let chunks = &arrivals.chunks;
    let ratio = |chunks: &[ArrivalChunk]| {
        let sum = |of: fn(&ArrivalChunk) -> f64| chunks.iter().map(of).sum::<f64>();
        sum(|chunk| chunk.found) / sum(|chunk| chunk.expected).max(f64::MIN_POSITIVE)
    };
    let from = (chunks.len() / 2..chunks.len()).find(|from| ratio(&chunks[*from..]) <= LABEL_FADED)?;
    let before = ratio(&chunks[..from]);
    let last = ratio(&chunks[chunks.len() - 1..]);
    let first = ratio(&chunks[from..=from]);
    // A step down, as a new definition makes, does not go on falling.
    let falls = last < first && ratio(&chunks[from..]) >= last;
    let (left, expected) = (ratio(&chunks[from..]), chunks[from..].iter().map(|chunk| chunk.expected).sum::<f64>());
    // The number of rows of the class varies as a Poisson number around what the earlier rows lead to expect.
    let due = expected * before;
    let errors = (left * expected - due) / due.max(f64::MIN_POSITIVE).sqrt();
    let p = (normal_cdf(errors) * chunks.len() as f64).min(1.0);
    (before >= LABEL_FADED_BEFORE && falls && p < CERTAINTY).then_some(Fading { arrivals, from, left, p })
}
