//! Calibration: do scores mean what they say?

/// One bin: rows, their mean score and the share of hits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    pub low: f64,
    pub high: f64,
    pub n: u64,
    pub mean_score: f64,
    pub rate: f64,
}

/// Equal-width bins over 0..1: bin i is `[i/bins, (i+1)/bins)`, the last one closed. Empty bins are left out.
/// `scores` lie in 0..=1, `hits` says whether the row was positive (or the top label right).
pub fn equal_width_bins(scores: &[f64], hits: &[bool], bins: usize) -> Vec<Bin> {
    let mut sums = vec![(0_u64, 0.0, 0_u64); bins];
    for (&score, &hit) in scores.iter().zip(hits) {
        let bin = &mut sums[((score * bins as f64) as usize).min(bins - 1)];
        bin.0 += 1;
        bin.1 += score;
        bin.2 += u64::from(hit);
    }
    let edge = |at: usize| at as f64 / bins as f64;
    sums.into_iter()
        .enumerate()
        .filter(|(_, (n, _, _))| *n > 0)
        .map(|(at, (n, sum, hits))| Bin {
            low: edge(at),
            high: edge(at + 1),
            n,
            mean_score: sum / n as f64,
            rate: hits as f64 / n as f64,
        })
        .collect()
}

/// Bins of equally many rows, in the order of the scores: `numpy.array_split` of the sorted rows, so the first
/// `n mod bins` bins hold one row more. Rows of one score keep their order.
pub fn equal_mass_bins(scores: &[f64], hits: &[bool], bins: usize) -> Vec<Bin> {
    let mut rows: Vec<(f64, bool)> = scores.iter().copied().zip(hits.iter().copied()).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (base, extra) = (rows.len() / bins, rows.len() % bins);
    let mut from = 0;
    let mut result = Vec::with_capacity(bins);
    for at in 0..bins {
        let to = from + base + usize::from(at < extra);
        let part = &rows[from..to];
        from = to;
        let (Some(first), Some(last)) = (part.first(), part.last()) else { continue };
        let n = part.len() as f64;
        result.push(Bin {
            low: first.0,
            high: last.0,
            n: part.len() as u64,
            mean_score: part.iter().map(|row| row.0).sum::<f64>() / n,
            rate: part.iter().filter(|row| row.1).count() as f64 / n,
        });
    }
    result
}

/// Expected calibration error (Naeini, Cooper and Hauskrecht 2015): `sum n_b/n |mean score - rate|`.
pub fn expected_calibration_error(bins: &[Bin]) -> f64 {
    let total: u64 = bins.iter().map(|bin| bin.n).sum();
    if total == 0 {
        return 0.0;
    }
    bins.iter().map(|bin| bin.n as f64 * (bin.mean_score - bin.rate).abs()).sum::<f64>() / total as f64
}

/// Maximum calibration error: the largest `|mean score - rate|` of any bin.
pub fn maximum_calibration_error(bins: &[Bin]) -> f64 {
    bins.iter().map(|bin| (bin.mean_score - bin.rate).abs()).fold(0.0, f64::max)
}

/// The standard error of the expected calibration error, with the bins' gaps taken as independent and binomial.
/// A rate of 0 or 1 gets the error of the Agresti-Coull estimate, so that a bin of few rows is never taken as certain.
pub fn standard_error(bins: &[Bin]) -> f64 {
    let total: f64 = bins.iter().map(|bin| bin.n as f64).sum();
    let variance: f64 = bins
        .iter()
        .map(|bin| {
            let n = bin.n as f64;
            let rate = (bin.rate * n + 2.0) / (n + 4.0);
            (n / total).powi(2) * rate * (1.0 - rate) / (n + 4.0)
        })
        .sum();
    variance.sqrt()
}

/// What the expected calibration error of a perfectly calibrated model would be on these bins, by chance alone:
/// the mean absolute deviation of a binomial share, `sqrt(2/pi) sqrt(s (1 - s) / n_b)` a bin.
pub fn expected_by_chance(bins: &[Bin]) -> f64 {
    let total: f64 = bins.iter().map(|bin| bin.n as f64).sum();
    let spread = |bin: &Bin| (bin.mean_score * (1.0 - bin.mean_score)).max(0.0) / bin.n as f64;
    bins.iter().map(|bin| bin.n as f64 / total * (std::f64::consts::FRAC_2_PI * spread(bin)).sqrt()).sum()
}

/// The statistic of Hosmer and Lemeshow (1980) for a model judged on rows it did not learn from: chi-square with as
/// many degrees of freedom as bins. Returns (statistic, degrees of freedom).
pub fn hosmer_lemeshow(bins: &[Bin]) -> (f64, usize) {
    let statistic = bins
        .iter()
        .map(|bin| {
            let n = bin.n as f64;
            // A whole bin at score 0 or 1 has no variance under the model; half a row keeps one miss from being infinite.
            let expected = (bin.mean_score * n).clamp(0.5, (n - 0.5).max(0.5));
            (bin.rate * n - bin.mean_score * n).powi(2) / (expected * (1.0 - expected / n).max(0.5 / n))
        })
        .sum();
    (statistic, bins.len())
}
