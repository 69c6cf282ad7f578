//! Names of predicted quantiles: `q10`, `pred_0.9`, `quantile_0.25`, or both ends of an interval with its level, such as
//! `lower_90` and `upper_90`.

use super::names;

/// Words that say that the number behind them is the level of a quantile.
const QUANTILE: [&str; 10] =
    ["q", "p", "quantile", "quantiles", "quant", "percentile", "percentiles", "pctl", "perc", "tau"];
/// Words of a prediction: a fraction behind them is a level, a whole number is not.
const PREDICTION: [&str; 12] = [
    "y",
    "yhat",
    "hat",
    "pred",
    "preds",
    "prediction",
    "predictions",
    "predicted",
    "forecast",
    "forecasts",
    "model",
    "output",
];
const LOWER: [&str; 5] = ["lower", "low", "lo", "lwr", "lb"];
const UPPER: [&str; 5] = ["upper", "high", "hi", "upr", "ub"];
/// Words that stand next to the ends of an interval.
const INTERVAL: [&str; 6] = ["pi", "ci", "interval", "bound", "limit", "band"];
const MEDIAN: [&str; 6] =
    ["median", "pred_median", "y_median", "yhat_median", "median_prediction", "prediction_median"];

/// Levels that intervals are made for: `high_52` is not the end of one.
const NOMINAL: [f64; 14] = [0.5, 0.6, 0.68, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.995, 0.997, 0.999];

/// What a name says of a quantile.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Named {
    pub level: f64,
    /// The words that are left: the same for all quantiles of one model.
    pub stem: Vec<String>,
    /// Whether the name says nothing else than which quantile it is.
    pub is_plain: bool,
    /// Whether it says that something was predicted, or is the end of an interval.
    pub is_of_prediction: bool,
}

/// The level of the quantile that a column is named for: over 0 and under 1.
pub(crate) fn level_of(name: &str) -> Option<f64> {
    named(name).map(|named| named.level)
}

pub(super) fn named(name: &str) -> Option<Named> {
    if MEDIAN.contains(&names::snake(name).as_str()) {
        return Some(Named { level: 0.5, stem: Vec::new(), is_plain: true, is_of_prediction: true });
    }
    let Parts { words, number, last_before } = parts(name)?;
    let says = |of: &[&str]| words.iter().any(|word| of.contains(&word.as_str()));
    let (lower, upper) = (says(&LOWER), says(&UPPER));
    let level = match (lower, upper) {
        (true, true) => return None,
        (false, false) if QUANTILE.contains(&last_before.as_str()) => number.level()?,
        (false, false) if PREDICTION.contains(&last_before.as_str()) => number.fraction()?,
        (false, false) => return None,
        (is_lower, _) => {
            let outside = (1.0 - number.level().filter(|nominal| NOMINAL.contains(nominal))?) / 2.0;
            if is_lower { outside } else { 1.0 - outside }
        }
    };
    let is_of_prediction = lower || upper || says(&PREDICTION);
    let known = [&QUANTILE[..], &LOWER, &UPPER, &INTERVAL];
    let left = words.into_iter().filter(|word| !known.iter().any(|of| of.contains(&word.as_str())));
    let stem: Vec<String> = left.filter(|word| !PREDICTION.contains(&word.as_str())).collect();
    Some(Named { level, is_plain: stem.is_empty(), is_of_prediction, stem })
}

/// A name as its words, and the one number in it.
struct Parts {
    words: Vec<String>,
    number: Number,
    /// The word in front of the number.
    last_before: String,
}

/// A number as it is written.
struct Number(String);

impl Number {
    /// Over 0 and under 1, written with a point.
    fn fraction(&self) -> Option<f64> {
        self.0
            .contains('.')
            .then(|| self.0.parse().ok())
            .flatten()
            .filter(|level| (0.0..1.0).contains(level) && *level > 0.0)
    }

    /// A fraction, per cent (`05`, `97.5`), or per mille where the digits can't be per cent (`025`, `975`). A single digit
    /// is a number of something.
    fn level(&self) -> Option<f64> {
        if let Some(level) = self.fraction() {
            return Some(level);
        }
        let value: f64 = self.0.parse().ok()?;
        let level = match self.0.split('.').next().map_or(0, str::len) {
            2 => value / 100.0,
            3 if self.0.starts_with('0') || self.0.ends_with('5') => value / 1000.0,
            _ if self.0.contains('.') => value / 100.0,
            _ => return None,
        };
        (level > 0.0 && level < 1.0).then_some(level)
    }
}

/// `None` without a number, and with more than one.
fn parts(name: &str) -> Option<Parts> {
    let mut tokens: Vec<String> = Vec::new();
    let letters: Vec<char> = name.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let previous = tokens.last().and_then(|token| token.chars().last());
        let next = letters.get(at + 1);
        let in_number = *letter == '.'
            && previous.is_some_and(|letter| letter.is_ascii_digit())
            && next.is_some_and(|letter| letter.is_ascii_digit())
            && tokens.last().is_some_and(|token| !token.contains('.'));
        let joins = previous.is_some_and(|previous| {
            let was_digit = previous.is_ascii_digit() || previous == '.';
            (was_digit && (letter.is_ascii_digit() || in_number))
                || (previous.is_alphabetic() && letter.is_alphabetic())
        });
        match (letter.is_alphanumeric() || in_number, joins) {
            (true, true) => tokens.iter_mut().last()?.extend(letter.to_lowercase()),
            (true, false) => tokens.push(letter.to_lowercase().collect()),
            // What stands between two tokens keeps them apart.
            (false, _) => tokens.push(String::new()),
        }
    }
    tokens.retain(|token| !token.is_empty());
    let is_number = |token: &String| token.starts_with(|first: char| first.is_ascii_digit());
    // `0_9` is 0.9.
    if let [.., zero, fraction] = tokens.as_slice()
        && zero == "0"
        && is_number(fraction)
        && !fraction.contains('.')
    {
        let joined = format!("0.{fraction}");
        tokens.truncate(tokens.len() - 2);
        tokens.push(joined);
    }
    let place = tokens.iter().position(is_number)?;
    let number = Number(tokens.remove(place));
    let last_before = place.checked_sub(1).and_then(|before| tokens.get(before)).cloned().unwrap_or_default();
    (!tokens.iter().any(is_number)).then_some(Parts { words: tokens, number, last_before })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_read_off_the_usual_names_and_off_no_others() {
        let levels = [
            ("q10", 0.1),
            ("p05", 0.05),
            ("q_0.9", 0.9),
            ("pred_0.9", 0.9),
            ("quantile_0.25", 0.25),
            ("Quantile 97.5", 0.975),
            ("q0_1", 0.1),
            ("y_pred_q975", 0.975),
            ("predicted_p50", 0.5),
            ("median", 0.5),
            ("lower_90", 0.05),
            ("upper_90", 0.95),
            ("AutoARIMA-lo-80", 0.1),
            ("pi95_high", 0.975),
        ];
        for (name, level) in levels {
            assert!(level_of(name).is_some_and(|found| (found - level).abs() < 1e-12), "{name}: {:?}", level_of(name));
        }
        for name in [
            "q1",
            "pred_1",
            "pred_10",
            "price",
            "p",
            "lower",
            "lower_10",
            "high_52",
            "q10_20",
            "age_90",
            "median_income",
            "lo_hi_90",
            "top10",
            "q100",
        ] {
            assert_eq!(level_of(name), None, "{name}");
        }
    }
}
