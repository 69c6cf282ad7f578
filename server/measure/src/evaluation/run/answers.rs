//! What the model was asked and what it answered: classes or numbers.

use domain::snapshot::{ColumnRole, Roles};
use polars::prelude::{DataFrame, DataType, Series};

use super::classes::Classes;
use super::columns::{Coded, numbers};
use super::positive::{Known, positive_class};
use crate::ingest::guess::{holds_fractions, truth_of, words};

/// More different labels than this are no classes.
const MOST_CLASSES: usize = 1_000;
/// Whole numbers with more different values than this are counted or measured, not named.
const MOST_NUMBERED_CLASSES: usize = 20;
/// A score column that lacks more than this share of its values is not used.
const MOST_MISSING_SCORES: f64 = 0.5;

/// The label and the answers of every row of a table.
pub(crate) enum Answers {
    Numbers { truth: Vec<Option<f64>>, predicted: Vec<Option<f64>> },
    Classes(Classes),
}

impl Answers {
    /// `None` without a label, or without a prediction, score or class probabilities. `positive` is the positive class
    /// where somebody named it, or where another table of the same model has it.
    pub fn find(frame: &DataFrame, roles: &Roles, positive: Option<&str>) -> Option<Self> {
        let label = column(frame, roles.label())?;
        let prediction = column(frame, roles.prediction());
        let score = column(frame, roles.score());
        if let Some(prediction) = prediction
            && is_regression(label, prediction)
        {
            return Some(Answers::Numbers { truth: numbers(label)?, predicted: numbers(prediction)? });
        }
        classes(frame, roles, Given { label, prediction, score }, positive).map(Answers::Classes)
    }

    /// The name of the positive class.
    pub fn positive(&self) -> Option<&str> {
        match self {
            Answers::Classes(classes) => classes.positive.map(|at| classes.names[at].as_str()),
            Answers::Numbers { .. } => None,
        }
    }
}

fn column<'a>(frame: &'a DataFrame, name: Option<&str>) -> Option<&'a Series> {
    let column = frame.column(name?).ok()?.as_materialized_series();
    (column.null_count() < column.len()).then_some(column)
}

/// Numbers that were predicted as numbers, not as names of classes.
fn is_regression(label: &Series, prediction: &Series) -> bool {
    let numeric = |column: &Series| matches!(column.dtype(), DataType::Float64 | DataType::Int64);
    if !numeric(label) || !numeric(prediction) {
        return false;
    }
    match Coded::of(label, MOST_NUMBERED_CLASSES) {
        // Too many values for numbered classes.
        None => true,
        // Two labels are classes even when a probability stands in the prediction's place.
        Some(coded) if coded.names.len() <= 2 => false,
        Some(_) => has_fractions(label) || has_fractions(prediction),
    }
}

fn has_fractions(column: &Series) -> bool {
    numbers(column).is_some_and(|values| values.iter().flatten().any(|value| value.fract() != 0.0))
}

/// The columns of a classification.
struct Given<'a> {
    label: &'a Series,
    prediction: Option<&'a Series>,
    score: Option<&'a Series>,
}

fn classes(frame: &DataFrame, roles: &Roles, given: Given<'_>, positive: Option<&str>) -> Option<Classes> {
    let Given { label, prediction, score } = given;
    let truth = Coded::of(label, MOST_CLASSES)?;
    // Fractions in the prediction's place are scores.
    let (prediction, stand_in) = match prediction {
        Some(column) if truth.names.len() <= 2 && has_fractions(column) => (None, Some(column)),
        other => (other, None),
    };
    let score_column = score.or(stand_in);
    let known = Known { positive, score: score_column.map(|column| column.name().as_str()) };
    let score = score_column.and_then(numbers).filter(|values| mostly_there(values));
    let predicted =
        prediction.and_then(|column| Coded::of(column, MOST_CLASSES)).map(|coded| spelled_as(coded, &truth.names));
    let mut names = truth.names.clone();
    for name in predicted.iter().flat_map(|coded| &coded.names) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    complete_pair(&mut names, positive);
    sort_names(&mut names);
    if names.len() < 2 {
        return None;
    }
    let place = |coded: &Coded| -> Vec<Option<u32>> {
        let places: Vec<Option<u32>> =
            coded.names.iter().map(|name| names.iter().position(|known| known == name).map(|at| at as u32)).collect();
        coded.codes.iter().map(|code| code.and_then(|code| places[code as usize])).collect()
    };
    let truth = place(&truth);
    let predicted = predicted.as_ref().map(place);
    let (probability_columns, probabilities) = probability_columns(frame, roles, &names);
    let (positive, positive_by) = (None, None);
    let mut found =
        Classes { names, truth, predicted, positive, positive_by, score, probabilities, probability_columns };
    if found.names.len() == 2 {
        let (positive, by) = positive_class(&found, known);
        if found.score.is_none() && found.probabilities.len() == 2 {
            found.score = Some(std::mem::take(&mut found.probabilities[positive]));
        }
        found.probabilities.clear();
        (found.positive, found.positive_by) = (Some(positive), Some(by));
    } else {
        found.score = None;
    }
    (found.predicted.is_some() || found.score.is_some() || !found.probabilities.is_empty()).then_some(found)
}

fn mostly_there(values: &[Option<f64>]) -> bool {
    let missing = values.iter().filter(|value| value.is_none()).count();
    missing as f64 <= MOST_MISSING_SCORES * values.len() as f64
}

/// Predictions that say yes and no in other words than the labels (`true` beside `1`) get the labels' words.
fn spelled_as(mut predicted: Coded, labels: &[String]) -> Coded {
    if predicted.names.iter().any(|name| labels.contains(name)) {
        return predicted;
    }
    let word_for = |name: &String| -> Option<String> {
        let answer = truth_of(name)?;
        labels.iter().find(|label| truth_of(label) == Some(answer)).cloned()
    };
    if let Some(names) = predicted.names.iter().map(word_for).collect::<Option<Vec<String>>>() {
        predicted.names = names;
    }
    predicted
}

/// A split of which every label and answer is the same still has two classes, when the name or another table tells the
/// other one.
fn complete_pair(names: &mut Vec<String>, positive: Option<&str>) {
    let [only] = names.as_slice() else { return };
    let is_number = |name: &str| name.parse::<f64>().is_ok();
    if let Some(positive) = positive.filter(|other| other != only && is_number(other) == is_number(only)) {
        names.push(positive.to_owned());
        return;
    }
    let pairs =
        [("0", "1"), ("false", "true"), ("no", "yes"), ("No", "Yes"), ("False", "True"), ("n", "y"), ("N", "Y")];
    let other = pairs.iter().find_map(|(no, yes)| match only.as_str() {
        name if name == *no => Some(*yes),
        name if name == *yes => Some(*no),
        _ => None,
    });
    names.extend(other.map(str::to_owned));
}

fn sort_names(names: &mut [String]) {
    let as_numbers: Option<Vec<f64>> = names.iter().map(|name| name.parse().ok()).collect();
    if as_numbers.is_some() {
        names.sort_by(|a, b| a.parse::<f64>().unwrap_or(0.0).total_cmp(&b.parse().unwrap_or(0.0)));
    } else {
        names.sort();
    }
}

/// One column per class, named by something that is the same for all and the class (`proba_setosa`, `p_0`), whose
/// values lie in 0..1 and sum to 1.
fn probability_columns(frame: &DataFrame, roles: &Roles, names: &[String]) -> (Vec<String>, Vec<Vec<Option<f64>>>) {
    let none = (Vec::new(), Vec::new());
    let Some(first) = names.first() else { return none };
    let by_role: Option<Vec<String>> = names.iter().map(|name| of_class(roles, name)).collect();
    let values_of = |columns: &[String]| -> Option<Vec<Vec<Option<f64>>>> {
        let values = columns.iter().map(|name| numbers(frame.column(name).ok()?.as_materialized_series()));
        values.collect::<Option<Vec<_>>>().filter(|values| are_probabilities(values, frame.height()))
    };
    if let Some((columns, values)) = by_role.and_then(|columns| values_of(&columns).map(|values| (columns, values))) {
        return (columns, values);
    }
    let prefixes = frame.columns().iter().filter_map(|column| column.name().strip_suffix(first.as_str()));
    for prefix in prefixes.filter(|prefix| !prefix.is_empty()) {
        let columns: Vec<String> = names.iter().map(|name| format!("{prefix}{name}")).collect();
        if let Some(values) = values_of(&columns).filter(|values| values.iter().any(|column| holds_fractions(column))) {
            return (columns, values);
        }
    }
    none
}

/// The one column of class probabilities whose name begins or ends with the class.
fn of_class(roles: &Roles, class: &str) -> Option<String> {
    let class = words(class);
    let is_it = |column: &&String| {
        let name = words(column);
        name.len() > class.len() && (name.starts_with(&class) || name.ends_with(&class))
    };
    let mut found = roles.columns(ColumnRole::Probability).iter().filter(is_it);
    let first = found.next()?;
    found.next().is_none().then(|| first.clone())
}

fn are_probabilities(columns: &[Vec<Option<f64>>], rows: usize) -> bool {
    // Probabilities written with few decimals sum to one only within their rounding.
    let tolerance = 0.005 * columns.len() as f64;
    let sums = (0..rows).filter_map(|row| {
        columns.iter().map(|column| column[row].filter(|value| (0.0..=1.0).contains(value))).sum::<Option<f64>>()
    });
    let (mut complete, mut right) = (0_usize, 0_usize);
    for sum in sums {
        complete += 1;
        right += usize::from((sum - 1.0).abs() <= tolerance);
    }
    complete > 0 && right as f64 >= 0.99 * complete as f64 && complete as f64 >= MOST_MISSING_SCORES * rows as f64
}
