//! Since when the served rows show a finding, where its detector did not look at time itself.

use domain::comparison::{Side, TimeChunk};
use domain::measurements::Measurements;
use domain::measurements::gained_levels::GainedChunk;
use domain::{Finding, Since, SnapshotRole, Verdict};
use stats::quantiles::mean;
use stats::shift::{LastingShift, Point, lasting_shift};

use crate::thresholds::{CERTAINTY, SINCE_CHUNKS};

/// Dates the findings about a column that changed from train to serve, and says of how many rows whole conversions are.
pub fn fill(findings: &mut [Finding], measurements: &Measurements) {
    for finding in findings.iter_mut().filter(|finding| finding.verdict >= Verdict::Possible && !finding.standing) {
        finding.since = match finding.since {
            Some(since) if finding.detector.as_str() == OF_WINDOWS => {
                Some(within(since.from_ms, since.to_ms, measurements))
            }
            Some(since) => Some(since),
            None => of_column(finding, measurements),
        };
        let everywhere = finding.since.is_none_or(|since| since.extent == domain::since::Extent::WholePeriod);
        if finding.rows.is_none() && everywhere && CONVERSIONS.contains(&finding.detector.as_str()) {
            let serve = finding.n.get(SnapshotRole::Serve.id()).copied();
            finding.rows = serve.map(|rows| domain::finding::AffectedRows { rows, of: rows });
        }
    }
}

/// The detector of windows in the served rows. It does not know where the served period ends; what is found in a log has
/// the time of the log.
const OF_WINDOWS: &str = "M1.outage_window";

/// Detectors that find one conversion of all rows.
const CONVERSIONS: &[&str] = &["F2.unit_scale", "F2.offset_shift"];

/// Detectors that compare how many values are missing.
const OF_MISSING: &[&str] = &["D3.null_surge"];

/// Detectors that compare the values of a column between train and serve.
const OF_VALUES: &[&str] = &[
    "D1.column_drift",
    "D1.prediction_shift",
    "F2.unit_scale",
    "F2.offset_shift",
    "F2.normalisation",
    "F3.out_of_range",
];

/// Detectors that compare how often each value of a column comes.
const OF_LEVELS: &[&str] = &[
    "D1.column_drift",
    "D1.prediction_shift",
    "D1.prior_shift",
    "D3.category_spelling",
    "F2.recode",
    "F3.unseen_category",
];

/// A window of the served period; without an end where it lasts to the last served row.
pub fn within(from_ms: i64, to_ms: i64, measurements: &Measurements) -> Since {
    let Some((first, last)) = served_period(measurements) else { return Since::window(from_ms, to_ms) };
    match (from_ms <= first, to_ms >= last) {
        (true, true) => Since::whole(first, last),
        (false, true) => Since::onset(from_ms, last),
        (_, false) => Since::window(from_ms, to_ms),
    }
}

/// The times of the first and the last served row.
pub fn served_period(measurements: &Measurements) -> Option<(i64, i64)> {
    let served = || measurements.over_time.values().flatten().filter(|chunk| chunk.side == Side::Serve);
    Some((served().map(|chunk| chunk.from_ms).min()?, served().map(|chunk| chunk.to_ms).max()?))
}

fn of_column(finding: &Finding, measurements: &Measurements) -> Option<Since> {
    let [column] = finding.columns.as_slice() else { return None };
    let detector = finding.detector.as_str();
    if OF_MISSING.contains(&detector) {
        return dated(measurements.over_time.get(column)?.iter().filter_map(|chunk| dated_point(chunk, missing)));
    }
    if let Some(levels) = measurements.gained_levels.get(column).filter(|_| OF_LEVELS.contains(&detector)) {
        return dated(levels.iter().filter_map(gained));
    }
    if OF_VALUES.contains(&detector) {
        return dated(measurements.over_time.get(column)?.iter().filter_map(|chunk| dated_point(chunk, typical)));
    }
    None
}

/// A figure of a column in one window of time.
struct Dated {
    side: Side,
    from_ms: i64,
    to_ms: i64,
    point: Point,
}

/// Since when the figure has another level than in training, if it has one for certain.
fn dated(figures: impl Iterator<Item = Dated>) -> Option<Since> {
    let (reference, served): (Vec<Dated>, Vec<Dated>) = figures.partition(|figure| figure.side == Side::Train);
    let points = |figures: &[Dated]| figures.iter().map(|figure| figure.point).collect::<Vec<Point>>();
    let (before, after) = (points(&reference), points(&served));
    if before.is_empty() {
        return None;
    }
    let shift = lasting_shift(&before, &after, SINCE_CHUNKS as usize).filter(|shift| shift.p < CERTAINTY)?;
    let (first, last) = (served.first()?, served.last()?);
    Some(match settled(&before, &after, &shift) {
        0 => Since::whole(first.from_ms, last.to_ms),
        from => Since::onset(served.get(from)?.from_ms, last.to_ms),
    })
}

fn dated_point(chunk: &TimeChunk, point: impl Fn(&TimeChunk) -> Option<Point>) -> Option<Dated> {
    Some(Dated { side: chunk.side, from_ms: chunk.from_ms, to_ms: chunk.to_ms, point: point(chunk)? })
}

/// The share of the rows whose value serving has more often than training.
fn gained(chunk: &GainedChunk) -> Option<Dated> {
    let share = chunk.gained as f64 / chunk.n as f64;
    let point = Point { value: share, error: (share * (1.0 - share) / chunk.n as f64).sqrt() };
    (chunk.n > 0).then_some(Dated { side: chunk.side, from_ms: chunk.from_ms, to_ms: chunk.to_ms, point })
}

/// The first served point of the new level: the first of all, where those before the best place are nearer to the new level
/// than to the reference. Without a reference, nothing says what the level was before.
pub fn settled(reference: &[Point], served: &[Point], shift: &LastingShift) -> usize {
    let level = |points: &[Point]| mean(&points.iter().map(|point| point.value).collect::<Vec<_>>());
    let early = served.get(..shift.from).unwrap_or_default();
    if reference.is_empty() || early.is_empty() {
        return shift.from;
    }
    let (before, after, early) = (level(reference), level(served.get(shift.from..).unwrap_or_default()), level(early));
    if (early - after).abs() < (early - before).abs() { 0 } else { shift.from }
}

/// The median, with its standard error for values as in a bell curve: 1.2533 standard deviations over the root of the rows,
/// the standard deviation from the quartiles.
fn typical(chunk: &TimeChunk) -> Option<Point> {
    let rows = chunk.n.saturating_sub(chunk.nulls) as f64;
    let error = 1.2533 * (chunk.q75 - chunk.q25) / 1.349 / rows.sqrt();
    (rows > 0.0 && chunk.median.is_finite()).then_some(Point { value: chunk.median, error })
}

fn missing(chunk: &TimeChunk) -> Option<Point> {
    let share = chunk.nulls as f64 / chunk.n as f64;
    (chunk.n > 0).then(|| Point { value: share, error: (share * (1.0 - share) / chunk.n as f64).sqrt() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{draws, normal};
    use domain::finding::{Certainty, Effect};
    use domain::since::Extent;

    const DAY: i64 = 86_400_000;

    fn chunks(side: Side, first: i64, medians: &[f64]) -> Vec<TimeChunk> {
        let noise = draws(first as u64 + 1, medians.len(), normal);
        let chunk = |(day, (median, noise)): (usize, (&f64, f64))| TimeChunk {
            side,
            from_ms: (first + day as i64) * DAY,
            to_ms: (first + day as i64 + 1) * DAY - 1,
            n: 200,
            nulls: 0,
            q25: median - 1.0,
            median: median + 0.1 * noise,
            q75: median + 1.0,
        };
        medians.iter().zip(noise).enumerate().map(chunk).collect()
    }

    fn dated_by(served: &[f64]) -> Option<Since> {
        let mut over_time = chunks(Side::Train, 0, &[5.0; 12]);
        over_time.extend(chunks(Side::Serve, 20, served));
        let measurements =
            Measurements { over_time: [("x".to_owned(), over_time)].into_iter().collect(), ..Measurements::default() };
        let detector = crate::detectors::all().find(|one| one.id.as_str() == "D1.column_drift")?;
        let effect = Effect::new("ks_statistic", 0.5, 0.1);
        let mut findings = [detector.finding(Verdict::Mismatch, &["x"], "x moved.".into(), effect, Certainty::q(1e-9))];
        fill(&mut findings, &measurements);
        findings[0].since
    }

    #[test]
    fn a_column_has_the_date_from_which_its_level_is_new() {
        let mut served = [5.0; 12];
        served[7..].fill(9.0);
        assert_eq!(dated_by(&served), Some(Since::onset(27 * DAY, 32 * DAY - 1)));
    }

    #[test]
    fn an_onset_in_the_first_chunks_is_the_whole_period_and_noise_has_no_date() {
        let mut served = [9.0; 12];
        served[0] = 7.8;
        assert_eq!(dated_by(&served).map(|since| since.extent), Some(Extent::WholePeriod));
        assert_eq!(dated_by(&[9.0; 12]), Some(Since::whole(20 * DAY, 32 * DAY - 1)));
        assert_eq!(dated_by(&[5.0; 12]), None);
    }

    #[test]
    fn categories_have_the_date_from_which_their_shares_are_new() {
        let chunk = |side, day: i64, gained: u64| GainedChunk {
            side,
            from_ms: day * DAY,
            to_ms: (day + 1) * DAY - 1,
            n: 200,
            gained: gained + day as u64 % 3,
        };
        let mut levels: Vec<GainedChunk> = (0..12).map(|day| chunk(Side::Train, day, 20)).collect();
        levels.extend((20..32).map(|day| chunk(Side::Serve, day, if day < 27 { 20 } else { 90 })));
        let gained_levels = [("city".to_owned(), levels)].into_iter().collect();
        let measurements = Measurements { gained_levels, ..Measurements::default() };
        let found = |id: &str| {
            let detector = crate::detectors::all().find(|one| one.id.as_str() == id)?;
            let effect = Effect::new("js_distance", 0.5, 0.1);
            let statement = "city moved.".to_owned();
            let mut findings = [detector.finding(Verdict::Mismatch, &["city"], statement, effect, Certainty::q(1e-9))];
            fill(&mut findings, &measurements);
            findings[0].since
        };
        assert_eq!(found("F3.unseen_category"), Some(Since::onset(27 * DAY, 32 * DAY - 1)));
        assert_eq!(found("D3.null_surge"), None);
    }

    #[test]
    fn a_window_that_lasts_to_the_end_is_an_onset() {
        let over_time = chunks(Side::Serve, 10, &[5.0; 4]);
        let measurements =
            Measurements { over_time: [("x".to_owned(), over_time)].into_iter().collect(), ..Measurements::default() };
        let extent = |from, to| within(from * DAY, to * DAY, &measurements).extent;
        assert_eq!(
            [extent(11, 12), extent(11, 99), extent(10, 99)],
            [Extent::Window, Extent::Onset, Extent::WholePeriod]
        );
        assert_eq!(within(1, 2, &Measurements::default()), Since::window(1, 2));
    }

    #[test]
    fn the_detectors_named_here_exist() {
        for id in CONVERSIONS.iter().chain(OF_MISSING).chain(OF_VALUES).chain(OF_LEVELS).chain([&OF_WINDOWS]) {
            assert!(crate::detectors::all().any(|detector| detector.id.as_str() == *id), "{id}");
        }
    }
}
