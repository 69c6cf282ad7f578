//! Segments of a regression: rows by one value of one column, of which the mean error is unlike that of the other rows.

use domain::evaluation::{SegmentError, bias_and_mae};
use polars::prelude::Series;
use stats::distributions::normal_two_sided;
use stats::multiple::benjamini_hochberg;
use stats::regression::{Estimate, mean};

use super::groups::{Group, Grouped};
use super::slices::{FEWEST_ROWS, MOST_COLUMNS, MOST_ROWS, SMALLEST_SHARE};

/// Segments whose difference could be chance (after correction for all of them) are not reported.
const MOST_Q: f64 = 0.05;
const MOST_SEGMENTS: usize = 12;

struct Tested {
    segment: SegmentError,
    /// How far its mean error lies from that of the other rows.
    distance: f64,
    p: f64,
}

/// The segments furthest off, the furthest first; `rows[i]` is the row of the columns that `errors[i]` is of.
pub(super) fn furthest_off(columns: &[&Series], rows: &[usize], errors: &[f64]) -> Vec<SegmentError> {
    let step = errors.len().div_ceil(MOST_ROWS).max(1);
    let rows: Vec<usize> = rows.iter().copied().step_by(step).collect();
    let errors: Vec<f64> = errors.iter().copied().step_by(step).collect();
    let grouped: Vec<Grouped> =
        columns.iter().take(MOST_COLUMNS).filter_map(|column| Grouped::of(column, &rows)).collect();
    let fewest = FEWEST_ROWS.max(SMALLEST_SHARE * errors.len() as f64) as usize;
    let groups =
        grouped.iter().flat_map(|column| column.groups.iter().enumerate().map(move |(at, one)| (column, at, one)));
    let tested: Vec<Tested> =
        groups.filter_map(|(column, at, group)| tested(column, at, group, &errors, fewest)).collect();
    let q_values = benjamini_hochberg(&tested.iter().map(|one| one.p).collect::<Vec<_>>());
    let mut found: Vec<(f64, SegmentError)> = tested
        .into_iter()
        .zip(q_values)
        .filter(|(_, q)| *q <= MOST_Q)
        .map(|(one, q)| (one.distance, SegmentError { q, ..one.segment }))
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(MOST_SEGMENTS);
    found.into_iter().map(|(_, segment)| segment).collect()
}

/// Welch's test of the mean error of a group against that of the other rows, with the normal distribution: both have
/// many rows.
fn tested(column: &Grouped, at: usize, group: &Group, errors: &[f64], fewest: usize) -> Option<Tested> {
    let is_in = |row: &usize| column.of_rows[*row] == Some(at as u16);
    let (inside, outside): (Vec<usize>, Vec<usize>) = (0..errors.len()).partition(is_in);
    if inside.len() < fewest || outside.len() < fewest {
        return None;
    }
    let of = |rows: &[usize]| -> Vec<f64> { rows.iter().map(|row| errors[*row]).collect() };
    let (inside, outside) = (of(&inside), of(&outside));
    let (Estimate { value: a, standard_error: error_a }, Estimate { value: b, standard_error: error_b }) =
        (mean(&inside), mean(&outside));
    let error = error_a.hypot(error_b);
    let p = if error > 0.0 { normal_two_sided((a - b) / error) } else { 1.0 };
    let (bias, mae) = bias_and_mae(&inside);
    let segment = SegmentError {
        description: group.description.clone(),
        condition: column.condition(group),
        n: inside.len() as u64,
        bias,
        mae,
        q: p,
    };
    Some(Tested { segment, distance: (a - b).abs(), p })
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::NamedFrom;

    #[test]
    fn the_segment_that_is_predicted_too_high_is_found_and_nothing_else() {
        let rows: Vec<usize> = (0..1_000).collect();
        let region: Vec<&str> = rows.iter().map(|row| ["north", "south", "east", "west"][row % 4]).collect();
        let noise = |row: usize| ((row * 7_919 % 1_009) as f64) / 504.5 - 1.0;
        let errors: Vec<f64> = rows.iter().map(|row| noise(*row) + if row % 4 == 3 { 2.0 } else { 0.0 }).collect();
        let other: Vec<i64> = rows.iter().map(|row| (row / 4 % 3) as i64).collect();
        let columns = [Series::new("region".into(), region), Series::new("other".into(), other)];
        let found = furthest_off(&columns.iter().collect::<Vec<_>>(), &rows, &errors);
        assert_eq!(found[0].description, "region = west");
        assert!(found[0].bias.value > 1.8 && found[0].q < 1e-12, "{found:?}");
        assert!(found.iter().all(|segment| segment.description.starts_with("region")), "{found:?}");
    }
}
