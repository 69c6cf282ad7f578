//! A class that fades among the newest rows: their labels are not known yet.

use super::DETECTOR;
use crate::detectors::words::{count, name, number};
use crate::thresholds::{CERTAINTY, LABEL_FADED, LABEL_FADED_BEFORE, LABEL_FADING};
use domain::finding::{Certainty, Effect};
use domain::measurements::labels::{ArrivalChunk, Arrivals, LabelChange};
use domain::plot::format::time;
use domain::{Cause, Finding, Verdict};
use stats::distributions::{normal_cdf, normal_sf};

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
        .with_evidence("newest rows to leave out until their labels are known", count(rows, "row"));
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
    // A step down, as a new definition makes, does not go on falling; labels that are never known early are all missing.
    let falls = last <= LABEL_FADING * first;
    let rate = |chunks: &[ArrivalChunk]| {
        let rows = chunks.iter().map(|chunk| chunk.rows).sum::<u64>() as f64;
        chunks.iter().map(|chunk| chunk.expected).sum::<f64>() / rows.max(1.0)
    };
    // If the features expect fewer, too, then other rows arrived.
    let same_rows = rate(&chunks[from..]) >= LABEL_FADED_BEFORE * rate(&chunks[..from]);
    let steady = before >= LABEL_FADED_BEFORE && same_rows && !is_more_than_expected(&chunks[..from]);
    let (left, expected) = (ratio(&chunks[from..]), chunks[from..].iter().map(|chunk| chunk.expected).sum::<f64>());
    // The number of rows of the class varies as a Poisson number around what the earlier rows lead to expect.
    let due = expected * before;
    let errors = (left * expected - due) / due.max(f64::MIN_POSITIVE).sqrt();
    let p = (normal_cdf(errors) * chunks.len() as f64).min(1.0);
    (steady && falls && p < CERTAINTY).then_some(Fading { arrivals, from, left, p })
}

/// Whether the class is certainly more frequent than expected: then the rows are in the order of their labels.
fn is_more_than_expected(chunks: &[ArrivalChunk]) -> bool {
    let sum = |of: fn(&ArrivalChunk) -> f64| chunks.iter().map(of).sum::<f64>();
    let (found, expected, rows) =
        (sum(|chunk| chunk.found), sum(|chunk| chunk.expected), sum(|chunk| chunk.rows as f64));
    let error = (expected * (1.0 - expected / rows.max(1.0))).max(0.0).sqrt();
    normal_sf((found - expected) / error.max(f64::MIN_POSITIVE)) < CERTAINTY
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::snapshot::SnapshotRole;

    /// Chunks of a hundred rows a day, of which the class has this many; twenty are expected.
    fn judged(found: &[f64]) -> Option<Finding> {
        judged_with(found, &vec![20.0; found.len()])
    }

    fn judged_with(found: &[f64], expected: &[f64]) -> Option<Finding> {
        let chunk = |(day, found): (usize, &f64)| ArrivalChunk {
            from_ms: day as i64 * 86_400_000,
            rows: 100,
            found: *found,
            expected: expected[day],
        };
        let chunks = found.iter().enumerate().map(chunk).collect();
        let change = LabelChange {
            against: SnapshotRole::Serve,
            train_rows: 1_000,
            rows: 1_000,
            targets: Vec::new(),
            scale: None,
            arrivals: vec![Arrivals { class: "repaid".into(), chunks }],
        };
        faded("state", &change)
    }

    #[test]
    fn a_class_that_fades_at_the_end_is_not_known_yet() {
        let found = judged(&[21.0, 19.0, 22.0, 18.0, 20.0, 19.0, 21.0, 14.0, 7.0, 1.0]);
        let found = found.map(|finding| (finding.cause, finding.statement));
        let statement =
            "“repaid” becomes rare in state among the newest rows, from 1970-01-08 on: these labels are not yet known.";
        assert_eq!(found, Some((Some(Cause::LabelsNotRipe), statement.to_owned())));
        assert!(judged(&[21.0, 19.0, 22.0, 18.0, 20.0, 19.0, 21.0, 0.0, 0.0, 0.0]).is_some());
    }

    #[test]
    fn a_step_a_steady_rate_and_rows_in_the_order_of_their_labels_are_something_else() {
        assert!(judged(&[21.0, 19.0, 22.0, 18.0, 20.0, 19.0, 7.0, 6.0, 7.0, 6.0]).is_none());
        assert!(judged(&[21.0, 19.0, 22.0, 18.0, 20.0, 19.0, 17.0, 20.0, 22.0, 15.0]).is_none());
        let found = [20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 0.0, 0.0, 0.0];
        let expected = [20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 12.0, 12.0, 12.0];
        assert!(judged_with(&found, &expected).is_none());
        assert!(judged(&[60.0, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0, 20.0, 0.0, 0.0]).is_none());
    }
}
