//! Which of two classes is the positive one. One rule, here and nowhere else.

use domain::evaluation::PositiveBy;

use super::classes::Classes;
use crate::ingest::guess::{truth_of, words};

/// Words that turn the other class's name into its opposite: `not churned`, `no default`, `non-fraud`.
const NOT: [&str; 6] = ["not", "no", "non", "nicht", "kein", "without"];
/// Words of a score's name that say that it is one; what is left can be the class that it is for.
const OF_SCORES: [&str; 18] = [
    "p",
    "prob",
    "proba",
    "probability",
    "probabilities",
    "score",
    "scores",
    "confidence",
    "likelihood",
    "pred",
    "predicted",
    "prediction",
    "predict",
    "y",
    "class",
    "of",
    "for",
    "is",
];

/// What is known besides the rows: the class that somebody named or that another table of the same model has, and the
/// name of the score's column.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known<'a> {
    pub positive: Option<&'a str>,
    pub score: Option<&'a str>,
}

/// The positive one of two classes, and what decided. First the class that is known. Then the class after which the score
/// is named. Then the values: the greater number (as scikit-learn takes it), the word that says yes, the one that is not
/// the other's opposite. Only then the data: the class for which the score is higher where it was predicted, or where it
/// is true. At last the second by name.
pub(super) fn positive_class(classes: &Classes, known: Known<'_>) -> (usize, PositiveBy) {
    let names = &classes.names;
    if let Some(at) = known.positive.and_then(|class| names.iter().position(|name| name == class)) {
        return (at, PositiveBy::Known);
    }
    let scores = classes.score.as_deref();
    let by_values = by_values(names);
    let by_name = known.score.filter(|_| scores.is_some()).and_then(|column| named_for(column, names));
    if let Some(at) = by_name.filter(|at| by_values.is_none_or(|(other, _)| other != *at)) {
        return (at, PositiveBy::ScoreName);
    }
    if let Some(found) = by_values {
        return found;
    }
    let higher = |codes: &[Option<u32>]| scores.and_then(|scores| higher_scored(codes, scores));
    if let Some(at) = classes.predicted.as_deref().and_then(higher) {
        return (at, PositiveBy::Predictions);
    }
    match higher(&classes.truth) {
        Some(at) => (at, PositiveBy::Scores),
        None => (1, PositiveBy::Order),
    }
}

/// What the two names alone say; the numbers come in ascending order.
fn by_values(names: &[String]) -> Option<(usize, PositiveBy)> {
    let [first, second] = names else { return None };
    match (truth_of(first), truth_of(second)) {
        (Some(false), Some(true)) => return Some((1, PositiveBy::YesAndNo)),
        (Some(true), Some(false)) => return Some((0, PositiveBy::YesAndNo)),
        _ => {}
    }
    if let (Ok(first), Ok(second)) = (first.parse::<f64>(), second.parse::<f64>()) {
        return Some((usize::from(second > first), PositiveBy::GreaterNumber));
    }
    // One letter alone (`f` beside `m`) says neither.
    let alone = |name: &String| truth_of(name).filter(|_| name.chars().count() > 1);
    match (alone(first), alone(second)) {
        (Some(true), None) | (None, Some(false)) => return Some((0, PositiveBy::YesAndNo)),
        (None, Some(true)) | (Some(false), None) => return Some((1, PositiveBy::YesAndNo)),
        _ => {}
    }
    if is_opposite_of(first, second) {
        Some((1, PositiveBy::YesAndNo))
    } else if is_opposite_of(second, first) {
        Some((0, PositiveBy::YesAndNo))
    } else {
        None
    }
}

/// `not churned` of `churned`.
fn is_opposite_of(name: &str, of: &str) -> bool {
    let (name, of) = (words(name), words(of));
    name.split_first().is_some_and(|(first, rest)| NOT.contains(&first.as_str()) && rest == of.as_slice())
}

/// The class that the score's column is named for: `proba_0`, `prob_bad`, `p_default`.
fn named_for(column: &str, names: &[String]) -> Option<usize> {
    let rest: Vec<String> = words(column).into_iter().filter(|word| !OF_SCORES.contains(&word.as_str())).collect();
    let is_it = |name: &String| !rest.is_empty() && words(name) == rest;
    let mut found = (0..names.len()).filter(|at| is_it(&names[*at]));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The class whose rows have the higher mean score; `None` when the two are alike or one has no rows.
fn higher_scored(codes: &[Option<u32>], scores: &[Option<f64>]) -> Option<usize> {
    let mut sums = [(0.0, 0_u64); 2];
    for (code, score) in codes.iter().zip(scores) {
        if let (Some(code), Some(score)) = (code, score.filter(|score| score.is_finite())) {
            let sum = &mut sums[*code as usize];
            *sum = (sum.0 + score, sum.1 + 1);
        }
    }
    let means = sums.map(|(sum, count)| (count > 0).then(|| sum / count as f64));
    match means {
        [Some(first), Some(second)] if first != second => Some(usize::from(second > first)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_names(first: &str, second: &str) -> Option<(usize, PositiveBy)> {
        by_values(&[first.to_owned(), second.to_owned()])
    }

    #[test]
    fn numbers_take_the_greater_and_words_the_one_that_says_yes() {
        use PositiveBy::{GreaterNumber, YesAndNo};
        for (first, second, expected) in [
            ("0", "1", Some((1, YesAndNo))),
            ("-1", "1", Some((1, YesAndNo))),
            ("1", "2", Some((1, GreaterNumber))),
            ("10", "20", Some((1, GreaterNumber))),
            ("false", "true", Some((1, YesAndNo))),
            ("Ja", "Nein", Some((0, YesAndNo))),
            ("non", "oui", Some((1, YesAndNo))),
            ("churned", "not churned", Some((0, YesAndNo))),
            ("no default", "default", Some((1, YesAndNo))),
            ("normal", "positive", Some((1, YesAndNo))),
            ("bad", "good", None),
            ("cat", "dog", None),
            ("f", "m", None),
        ] {
            assert_eq!(of_names(first, second), expected, "{first} and {second}");
        }
    }

    #[test]
    fn a_score_can_be_named_for_a_class() {
        let of = |column: &str, first: &str, second: &str| named_for(column, &[first.to_owned(), second.to_owned()]);
        assert_eq!(of("prob_bad", "bad", "good"), Some(0));
        assert_eq!(of("proba_0", "0", "1"), Some(0));
        assert_eq!(of("PredictedProbability_Paid Off", "Default", "Paid Off"), Some(1));
        assert_eq!(of("score", "0", "1"), None);
        assert_eq!(of("model_1_score", "0", "1"), None, "the number of a model is not a class");
    }
}
