//! Metrics of predicted numbers, with their standard errors from the rows' influence on them.

/// A figure with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub standard_error: f64,
}

/// The mean and its standard error `s / sqrt(n)`. Zero rows give NaN.
pub fn mean(values: &[f64]) -> Estimate {
    let n = values.len() as f64;
    let value = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|x| (x - value).powi(2)).sum();
    Estimate { value, standard_error: if n > 1.0 { (squares / (n - 1.0) / n).sqrt() } else { f64::INFINITY } }
}

/// The loss of one row in `sklearn.metrics.mean_pinball_loss`: `level` times what the label is over the quantile, or
/// `1 - level` times what it is under it.
pub fn pinball(label: f64, quantile: f64, level: f64) -> f64 {
    let over = label - quantile;
    if over >= 0.0 { level * over } else { (level - 1.0) * over }
}

/// The errors of a regression: predicted minus true.
#[derive(Debug, Clone)]
pub struct Residuals<'a> {
    pub truth: &'a [f64],
    pub predicted: &'a [f64],
    pub errors: Vec<f64>,
}

impl<'a> Residuals<'a> {
    /// The slices are equally long, finite and hold at least one row.
    pub fn new(truth: &'a [f64], predicted: &'a [f64]) -> Self {
        let errors = truth.iter().zip(predicted).map(|(truth, predicted)| predicted - truth).collect();
        Self { truth, predicted, errors }
    }

    /// `sklearn.metrics.mean_absolute_error`.
    pub fn mae(&self) -> Estimate {
        mean(&self.absolute())
    }

    /// `sklearn.metrics.mean_squared_error`.
    pub fn mse(&self) -> Estimate {
        mean(&self.errors.iter().map(|error| error * error).collect::<Vec<_>>())
    }

    /// `sklearn.metrics.root_mean_squared_error`; the error follows from that of the mean square.
    pub fn rmse(&self) -> Estimate {
        let mse = self.mse();
        let value = mse.value.sqrt();
        let standard_error = if value > 0.0 { mse.standard_error / (2.0 * value) } else { 0.0 };
        Estimate { value, standard_error }
    }

    /// `sklearn.metrics.r2_score`: `1 - sum e^2 / sum (y - mean y)^2`. `None` where all true values are equal.
    pub fn r2(&self) -> Option<Estimate> {
        self.one_minus_ratio(0.0)
    }

    /// `sklearn.metrics.explained_variance_score`: as R2, with the mean error taken out.
    pub fn explained_variance(&self) -> Option<Estimate> {
        self.one_minus_ratio(mean(&self.errors).value)
    }

    /// One minus the ratio of two means, with the influence of each row on it.
    fn one_minus_ratio(&self, centre: f64) -> Option<Estimate> {
        let n = self.truth.len() as f64;
        let average = mean(self.truth).value;
        let spread = self.truth.iter().map(|y| (y - average).powi(2)).sum::<f64>() / n;
        if spread == 0.0 || is_constant(self.truth) {
            return None;
        }
        let noise = self.errors.iter().map(|error| (error - centre).powi(2)).sum::<f64>() / n;
        let influence: Vec<f64> = self
            .truth
            .iter()
            .zip(&self.errors)
            .map(|(y, error)| (error - centre).powi(2) / spread - noise / spread.powi(2) * (y - average).powi(2))
            .collect();
        Some(Estimate { value: 1.0 - noise / spread, standard_error: mean(&influence).standard_error })
    }

    /// `sklearn.metrics.median_absolute_error` with the 95 % interval of a median: the order statistics at
    /// `n/2 -+ 1.96 sqrt(n)/2`. Returns (value, low, high).
    pub fn median_abs_error(&self) -> (f64, f64, f64) {
        let mut sorted = self.absolute();
        sorted.sort_unstable_by(f64::total_cmp);
        let n = sorted.len();
        let middle = f64::midpoint(sorted[(n - 1) / 2], sorted[n / 2]);
        let reach = 0.98 * (n as f64).sqrt();
        let low = (n as f64 / 2.0 - reach).floor().max(0.0) as usize;
        let high = ((n as f64 / 2.0 + reach).ceil() as usize).min(n - 1);
        (middle, sorted[low.min(n - 1)].min(middle), sorted[high].max(middle))
    }

    /// `sklearn.metrics.max_error`.
    pub fn max_error(&self) -> f64 {
        self.absolute().into_iter().fold(0.0, f64::max)
    }

    /// The mean of predicted minus true: positive when the model is too high.
    pub fn bias_mean_error(&self) -> Estimate {
        mean(&self.errors)
    }

    /// Mean absolute percentage error over the rows whose true value is not zero, as a share (0.1 is 10 %).
    pub fn mape_nonzero(&self) -> Option<Estimate> {
        let shares: Vec<f64> = self
            .truth
            .iter()
            .zip(&self.errors)
            .filter(|(y, _)| **y != 0.0)
            .map(|(y, error)| (error / y).abs())
            .collect();
        (!shares.is_empty()).then(|| mean(&shares))
    }

    /// The mean absolute error of always answering the mean of the true values.
    pub fn baseline_mean_mae(&self) -> Estimate {
        let average = mean(self.truth).value;
        mean(&self.truth.iter().map(|y| (y - average).abs()).collect::<Vec<_>>())
    }

    pub fn absolute(&self) -> Vec<f64> {
        self.errors.iter().map(|error| error.abs()).collect()
    }
}

/// All values are one. Their squares about the mean don't show it: the mean of equal values may miss them by a rounding.
fn is_constant(values: &[f64]) -> bool {
    values.windows(2).all(|pair| pair[0] == pair[1])
}

/// `scipy.stats.pearsonr`. `None` where a side is constant.
pub fn pearson(a: &[f64], b: &[f64]) -> Option<f64> {
    let (mean_a, mean_b) = (mean(a).value, mean(b).value);
    let (mut product, mut square_a, mut square_b) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        product += (x - mean_a) * (y - mean_b);
        square_a += (x - mean_a).powi(2);
        square_b += (y - mean_b).powi(2);
    }
    let scale = (square_a * square_b).sqrt();
    (scale > 0.0 && !is_constant(a) && !is_constant(b)).then(|| (product / scale).clamp(-1.0, 1.0))
}

/// `scipy.stats.spearmanr`: Pearson of the ranks, ties sharing their mean rank. `None` where a side is constant.
pub fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    pearson(&ranks(a), &ranks(b))
}

/// `scipy.stats.rankdata`: ranks from 1, ties sharing their mean rank.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut result = vec![0.0; values.len()];
    let mut before = 0;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = before as f64 + (tied.len() as f64 + 1.0) / 2.0;
        for &row in tied {
            result[row] = rank;
        }
        before += tied.len();
    }
    result
}

/// The 95 % interval of a correlation by Fisher's z; `variance` is 1 for Pearson's and 1.06 for Spearman's (Fieller,
/// Hartley and Pearson 1957). `None` under four rows.
pub fn correlation_interval(correlation: f64, n: usize, variance: f64) -> Option<(f64, f64)> {
    if n < 4 || correlation.abs() >= 1.0 {
        return None;
    }
    let z = correlation.atanh();
    let reach = 1.959_963_984_540_054 * (variance / (n as f64 - 3.0)).sqrt();
    Some(((z - reach).tanh(), (z + reach).tanh()))
}
