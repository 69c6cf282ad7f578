//! How much room a rule leaves, so that it holds for every clean batch: another sample of the training distribution with at
//! least as many rows as a batch breaks one rule with a probability of about `GUARD_FALSE_ALARM`.

use stats::special::{ln_factorial, ln_gamma};

use crate::thresholds::{GUARD_FALSE_ALARM, GUARD_STEADY_ENDS};

/// The share of a batch of n rows that may be of a kind of row.
///
/// The share of such rows in the distribution has the density Beta(`a`, `b`). Of the rows of a batch, T are then of that kind
/// with the beta-binomial probability C(n, t) B(t + a, n - t + b) / B(a, b); the smallest c with
/// P(T > c) < `GUARD_FALSE_ALARM` gives c / n. A larger batch is closer to its distribution.
///
/// - Rows outside of the r-th smallest and the r-th largest of N training values: Beta(2 r, N + 1 - 2 r), whatever the
///   distribution is.
/// - Rows of which k were seen among N (missing values): Beta(k + 1, N - k + 1), from an even prior.
/// - Rows with a value that was not seen: as k, the values seen once. A training row that comes last has a new value just if
///   its value occurs once (Good and Turing).
pub(super) fn allowed_share(n: u64, a: f64, b: f64) -> f64 {
    let ln_beta = |a: f64, b: f64| ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    let whole = ln_beta(a, b);
    let probability = |t: u64| {
        let (t_rows, others) = (t as f64, (n - t) as f64);
        let choose = ln_factorial(n) - ln_factorial(t) - ln_factorial(n - t);
        (choose + ln_beta(t_rows + a, others + b) - whole).exp()
    };
    let mut tail = 0.0;
    let first_too_likely = (0..=n).rev().find(|t| {
        tail += probability(*t);
        tail >= GUARD_FALSE_ALARM
    });
    first_too_likely.unwrap_or(0) as f64 / n as f64
}

/// Values that stand for a sorted sample where sums of exponentials are computed.
const STEPS: usize = 1_000;

/// How far below and above the training mean the mean of a batch may lie.
///
/// By Chernoff, the mean of n rows exceeds the mean of their distribution by d with a probability of at most
/// exp(-n (t d - K(t))) for every t > 0, with K(t) = ln E exp(t (x - mean)). At the probability p = `GUARD_FALSE_ALARM` / 2 this
/// gives d = min over t of (K(t) - ln(p) / n) / t: for normal values 5.4 standard errors, for skewed ones more on the long side.
/// K is that of the training rows with one more, twice as far out as the farthest: what they have not seen yet. The training
/// mean itself is off by as much with n = N, which is added.
pub(super) fn mean_reach(n: u64, sorted: &[f64], mean: f64, std: f64, rows: u64) -> Option<(f64, f64)> {
    if std <= 0.0 || !std.is_finite() || !mean.is_finite() || sorted.is_empty() {
        return None;
    }
    let scaled = |value: &f64| (value - mean) / std;
    let above: Vec<(f64, f64)> =
        steps(sorted).map(|part| (part.last().map_or(0.0, scaled), part.len() as f64)).collect();
    let below: Vec<(f64, f64)> =
        steps(sorted).map(|part| (-part.first().map_or(0.0, scaled), part.len() as f64)).collect();
    let reach = |values: &[(f64, f64)]| {
        let of = |n: f64| least(values, -(GUARD_FALSE_ALARM / 2.0).ln() / n);
        std * (of(n as f64) + of(rows as f64))
    };
    Some((reach(&below), reach(&above)))
}

/// The sample in parts of as many values; each stands at its end that is further out, which is the safe side.
fn steps(sorted: &[f64]) -> impl Iterator<Item = &[f64]> {
    let parts = sorted.len().min(STEPS);
    (0..parts).map(move |part| &sorted[part * sorted.len() / parts..(part + 1) * sorted.len() / parts])
}

/// The least of (K(t) + `nats`) / t over a grid of t that is finer than 5 %.
fn least(values: &[(f64, f64)], nats: f64) -> f64 {
    let all: f64 = values.iter().map(|(_, weight)| weight).sum();
    let farthest = values.iter().map(|(value, _)| *value).fold(0.0, f64::max);
    let largest = 2.0 * farthest;
    let bound = |t: f64| {
        // Sums of exponentials, without those that are too large for a number.
        let sum: f64 = values.iter().map(|(value, weight)| weight * (t * (value - largest)).exp()).sum();
        let k = t * largest + ((sum + 1.0) / (all + 1.0)).ln();
        (k + nats) / t
    };
    const FINEST: i32 = 140;
    (0..=FINEST).map(|step| bound(0.01 * 1.05_f64.powi(step))).fold(largest, f64::min)
}

/// Whether the ends of a column can be foreseen: neither is longer than `GUARD_STEADY_ENDS` times that of an exponential
/// distribution, measured from the median in units of the way to the outer tenth. Beyond that single rows decide a mean.
pub(super) fn has_steady_ends(sorted: &[f64]) -> bool {
    let at = |share: f64| sorted.get((share * sorted.len() as f64) as usize).copied().unwrap_or(f64::NAN);
    let (median, rows) = (at(0.5), sorted.len() as f64);
    let usual = (rows.ln() - 2_f64.ln()) / (10_f64.ln() - 2_f64.ln());
    let is_short = |end: Option<&f64>, inner: Option<&f64>, tenth: f64| match (end, inner) {
        // An end that many rows share is where the values stop.
        (Some(end), Some(inner)) if end == inner => true,
        (Some(end), _) => (end - median).abs() <= GUARD_STEADY_ENDS * usual * (tenth - median).abs(),
        _ => false,
    };
    const MANY: usize = 10;
    is_short(sorted.first(), sorted.get(MANY), at(0.1))
        && is_short(sorted.last(), sorted.len().checked_sub(MANY).and_then(|place| sorted.get(place)), at(0.9))
}
