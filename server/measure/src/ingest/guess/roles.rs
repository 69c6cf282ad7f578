//! Which column plays which part. Names speak first, and content has to agree with them.

use domain::ColumnRole::{
    Feature, Group, Id, Ignore, Label, Prediction, Probability, Quantile, Score, Split, Time, Version,
};
use domain::{ColumnKind, Roles};

use super::class_probabilities::class_probabilities;
use super::columns::ColumnFacts;
use super::names::{has_word, snake, words};
use super::plain_names::{LABELS, PREDICTIONS, is_plain_name};
use super::quantile_names::level_of;
use super::quantiles::quantiles;
use super::yes_no::truth_of;

const IDS: [&str; 14] = [
    "row_id",
    "rowid",
    "id",
    "record_id",
    "sample_id",
    "request_id",
    "event_id",
    "example_id",
    "uuid",
    "guid",
    "key",
    "row_key",
    "index",
    "idx",
];
const TIMES: [&str; 14] = [
    "timestamp",
    "event_time",
    "event_timestamp",
    "time",
    "datetime",
    "ts",
    "date",
    "event_date",
    "request_time",
    "prediction_time",
    "created_at",
    "created",
    "logged_at",
    "observed_at",
];
const TIME_WORDS: [&str; 6] = ["timestamp", "time", "datetime", "date", "at", "utc"];
const ENTITIES: [&str; 22] = [
    "customer",
    "user",
    "client",
    "patient",
    "account",
    "member",
    "subscriber",
    "person",
    "subject",
    "household",
    "device",
    "machine",
    "vehicle",
    "store",
    "merchant",
    "session",
    "driver",
    "employee",
    "student",
    "company",
    "entity",
    "group",
];
const SPLITS: [&str; 8] = ["split", "fold", "subset", "partition", "set", "dataset", "data_split", "split_name"];
const SPLIT_VALUES: [&str; 12] = [
    "train",
    "training",
    "test",
    "testing",
    "val",
    "valid",
    "validation",
    "dev",
    "holdout",
    "eval",
    "oot",
    "calibration",
];
const VERSIONS: [&str; 8] = [
    "model_version",
    "version",
    "model_name",
    "model_id",
    "model_tag",
    "model_digest",
    "model_sha",
    "deployment_version",
];

/// A column with at most this many values, each in more than that many rows, is a category (the shop of a chain) and not
/// the entity of a row.
const FEW_GROUPS: usize = 20;
const ROWS_OF_GROUP: usize = 20;
/// Rows of either class before a threshold is believed to be behind it.
const FEWEST_DECISIONS: usize = 10;

/// Guesses every role; a role without a plausible column stays unnamed, as does one that several columns could play.
pub fn guess_roles(columns: &[ColumnFacts]) -> Roles {
    let mut roles = Roles::default();
    roles.set(Split, by_name(columns, &SPLITS, is_split));
    roles.set(Version, by_name(columns, &VERSIONS, is_version));
    roles.set(Time, time(columns));
    let by_prediction = by_name(columns, &PREDICTIONS, |column| is_answer(column) && is_free(&roles, column));
    roles.set(Prediction, by_prediction);
    let of_classes = class_probabilities(columns);
    // One of two is the score of the positive class; of more, none is.
    let many = of_classes.len() > 2;
    roles.set(Probability, of_classes.iter().filter(|_| many).cloned());
    roles.set(Score, score(columns, &roles));
    let left: Vec<String> = of_classes.into_iter().filter(|column| roles.score() != Some(column)).collect();
    roles.set(Probability, left);
    if roles.prediction().is_none() {
        roles.set(Prediction, decision(columns, &roles));
    }
    let by_label = by_name(columns, &LABELS, |column| is_answer(column) && is_free(&roles, column));
    roles.set(Label, by_label.or_else(|| label_by_agreement(columns, &roles)));
    set_quantiles(columns, &mut roles);
    roles.set(Id, id(columns, &roles));
    roles.set(Group, group(columns, &roles));
    roles.set(Ignore, leftover_index(columns, &roles));
    roles
}

/// Where nothing else is the prediction, the median is.
fn set_quantiles(columns: &[ColumnFacts], roles: &mut Roles) {
    let mut found = quantiles(columns, roles);
    if roles.prediction().is_none()
        && let Some(median) = found.iter().position(|column| level_of(column) == Some(0.5))
    {
        roles.set(Prediction, [found.remove(median)]);
    }
    found.retain(|column| roles.of(column) == Feature);
    roles.set(Quantile, found);
}

/// Nothing is guessed of the column yet.
fn is_free(roles: &Roles, column: &ColumnFacts) -> bool {
    roles.of(&column.name) == Feature
}

fn is_version(column: &ColumnFacts) -> bool {
    matches!(column.kind, ColumnKind::Categorical | ColumnKind::Numeric | ColumnKind::Text) && !column.is_key()
}

/// The first name of the list that a fitting column has.
fn by_name(columns: &[ColumnFacts], names: &[&str], fits: impl Fn(&ColumnFacts) -> bool) -> Option<String> {
    names
        .iter()
        .find_map(|name| columns.iter().find(|column| snake(&column.name) == *name && fits(column)))
        .map(|column| column.name.clone())
}

/// Labels and predictions are classes or numbers, and not one class per row.
fn is_answer(column: &ColumnFacts) -> bool {
    matches!(column.kind, ColumnKind::Boolean | ColumnKind::Categorical | ColumnKind::Numeric)
}

fn is_split(column: &ColumnFacts) -> bool {
    let of_splits = |class: &String| words(class).iter().any(|word| SPLIT_VALUES.contains(&word.as_str()));
    match column.kind {
        ColumnKind::Categorical => !column.classes.is_empty() && column.classes.iter().all(of_splits),
        // Folds are numbered.
        ColumnKind::Numeric => {
            has_word(&column.name, &["fold", "split"]) && column.integers && (2..=20).contains(&column.distinct)
        }
        _ => false,
    }
}

fn time(columns: &[ColumnFacts]) -> Option<String> {
    let is_time = |column: &ColumnFacts| column.kind == ColumnKind::Datetime;
    by_name(columns, &TIMES, is_time).or_else(|| {
        let times: Vec<&ColumnFacts> = columns.iter().filter(|column| is_time(column)).collect();
        // An instant in UTC orders rows better than a wall-clock time.
        let named = |wanted: &[&str]| times.iter().find(|column| has_word(&column.name, wanted)).copied();
        named(&["utc"]).or_else(|| named(&TIME_WORDS)).or(times.first().copied()).map(|column| column.name.clone())
    })
}

/// The one column of probabilities; a model with a probability per class has several and therefore none.
fn score(columns: &[ColumnFacts], roles: &Roles) -> Option<String> {
    let is_score = |column: &ColumnFacts| column.may_be_score() && is_free(roles, column);
    let scores: Vec<&ColumnFacts> = columns.iter().filter(|column| is_score(column)).collect();
    // Names that say "of the prediction" go before a feature that happens to be a probability.
    let of_model = |column: &ColumnFacts| has_word(&column.name, &["y", "pred", "predicted", "prediction", "model"]);
    let plain = |column: &ColumnFacts| {
        words(&column.name).len() == 1 || has_word(&column.name, &["positive", "1", "pos", "true"])
    };
    let only = |list: Vec<&ColumnFacts>| if let [one] = list.as_slice() { Some(one.name.clone()) } else { None };
    only(scores.iter().copied().filter(|column| of_model(column)).collect())
        .or_else(|| only(scores.iter().copied().filter(|column| plain(column)).collect()))
        .or_else(|| only(scores))
}

/// The one column of two classes that the score tells apart without an error: what a threshold made of it.
fn decision(columns: &[ColumnFacts], roles: &Roles) -> Option<String> {
    let score = columns.iter().find(|column| roles.score() == Some(&column.name))?;
    let named_label = columns.iter().find(|column| is_plain_name(Label, &column.name) && is_answer(column));
    let mut decided = columns.iter().filter(|column| {
        column.classes.len() == 2
            && column.name != score.name
            && is_free(roles, column)
            && splits(&score.scores, &column.codes)
            && named_label.is_none_or(|label| share_a_value(label, column))
    });
    let first = decided.next()?;
    decided.next().is_none().then(|| first.name.clone())
}

/// Whether all scores of one class lie over all of the other, with enough rows of each that it is not by chance. Rows with
/// the one score at which the two meet (it was rounded) show nothing, so a constant score decides nothing.
fn splits(scores: &[Option<f64>], codes: &[Option<u16>]) -> bool {
    let of_class = |class: u16| -> Vec<f64> {
        scores.iter().zip(codes).filter_map(|(score, code)| score.filter(|_| *code == Some(class))).collect()
    };
    let (first, second) = (of_class(0), of_class(1));
    let is_under = |lower: &[f64], upper: &[f64]| {
        let highest = lower.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let lowest = upper.iter().copied().fold(f64::INFINITY, f64::min);
        let apart = |all: &[f64], at: f64| all.iter().filter(|score| **score != at).count() >= FEWEST_DECISIONS;
        highest <= lowest && apart(lower, lowest) && apart(upper, highest)
    };
    is_under(&first, &second) || is_under(&second, &first)
}

/// Whether a column that was guessed to be the prediction in one table can't be it in this one: it shares no value with the
/// label, or the score after which it was guessed does not decide it here.
pub fn contradicts(prediction: &ColumnFacts, label: Option<&ColumnFacts>, score: Option<&ColumnFacts>) -> bool {
    let few = |column: &ColumnFacts| !column.classes.is_empty();
    let apart = label.is_some_and(|label| few(label) && few(prediction) && !share_a_value(label, prediction));
    let undecided = score.is_some_and(|score| {
        let varies = score.range.is_some_and(|(low, high)| low < high);
        varies && prediction.classes.len() == 2 && !splits(&score.scores, &prediction.codes)
    });
    apart || (undecided && !is_plain_name(Prediction, &prediction.name))
}

/// Whether two columns have a value in common, or both say yes and no.
fn share_a_value(one: &ColumnFacts, other: &ColumnFacts) -> bool {
    let says = |column: &ColumnFacts| column.classes.iter().any(|class| truth_of(class).is_some());
    one.classes.iter().any(|class| other.classes.contains(class)) || (says(one) && says(other))
}

/// The column that has the same few values as the prediction and agrees with it far more often than any other does.
fn label_by_agreement(columns: &[ColumnFacts], roles: &Roles) -> Option<String> {
    let prediction = columns.iter().find(|column| roles.prediction() == Some(&column.name))?;
    if prediction.classes.len() < 2 {
        return None;
    }
    let agreement = |column: &ColumnFacts| {
        let both: Vec<bool> =
            prediction.codes.iter().zip(&column.codes).filter_map(|(a, b)| Some((*a)? == (*b)?)).collect();
        both.iter().filter(|same| **same).count() as f64 / both.len().max(1) as f64
    };
    let mut candidates: Vec<(f64, &ColumnFacts)> = columns
        .iter()
        .filter(|column| column.name != prediction.name && is_free(roles, column))
        .filter(|column| column.kind == prediction.kind && column.classes == prediction.classes)
        .map(|column| (agreement(column), column))
        .collect();
    candidates.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    match candidates.as_slice() {
        [(best, column)] if *best > 0.6 => Some(column.name.clone()),
        [(best, column), (second, _), ..] if *best > 0.6 && best - second > 0.1 => Some(column.name.clone()),
        _ => None,
    }
}

fn can_be_id(column: &ColumnFacts) -> bool {
    let whole = column.kind == ColumnKind::Numeric && column.integers;
    column.is_key() && (whole || matches!(column.kind, ColumnKind::Text | ColumnKind::Categorical))
}

fn id(columns: &[ColumnFacts], roles: &Roles) -> Option<String> {
    let free = |column: &ColumnFacts| is_free(roles, column) && can_be_id(column);
    by_name(columns, &IDS, free).or_else(|| {
        let ends_in_id = |column: &&ColumnFacts| {
            free(column)
                && words(&column.name)
                    .last()
                    .is_some_and(|word| matches!(word.as_str(), "id" | "uuid" | "guid" | "key"))
        };
        let mut keyed: Vec<&ColumnFacts> = columns.iter().filter(ends_in_id).collect();
        // A key named after an entity says who the row is about; another key says which row it is.
        keyed.sort_by_key(|column| has_word(&column.name, &ENTITIES));
        keyed
            .first()
            .or(columns.iter().find(|column| is_unnamed(column) && free(column)).as_ref())
            .map(|column| column.name.clone())
    })
}

fn group(columns: &[ColumnFacts], roles: &Roles) -> Option<String> {
    let repeats = |column: &&ColumnFacts| {
        is_free(roles, column)
            // Where another column is the id, a customer may have a single row.
            && (!column.is_key() || (roles.id().is_some() && has_word(&column.name, &ENTITIES)))
            && column.distinct > 1
            && (column.distinct > FEW_GROUPS || column.filled() <= ROWS_OF_GROUP * column.distinct)
            && matches!(column.kind, ColumnKind::Text | ColumnKind::Categorical | ColumnKind::Numeric)
            && names_a_key(&column.name)
    };
    let mut keyed: Vec<&ColumnFacts> = columns.iter().filter(repeats).collect();
    let rank = |column: &&ColumnFacts| {
        ENTITIES.iter().position(|entity| has_word(&column.name, &[entity])).unwrap_or(ENTITIES.len())
    };
    keyed.sort_by_key(rank);
    keyed.first().map(|column| column.name.clone())
}

/// An id, or the number of something: a column that is only called number counts.
pub(super) fn names_a_key(name: &str) -> bool {
    let words = words(name);
    let last = words.last().map(String::as_str);
    matches!(last, Some("id" | "key" | "uuid")) || (words.len() > 1 && matches!(last, Some("number" | "no")))
}

/// What pandas calls a column without a name, and what it writes for one.
fn is_unnamed(column: &ColumnFacts) -> bool {
    column.name.is_empty() || column.name.starts_with("Unnamed:") || column.name.starts_with("__index_level_")
}

/// A nameless running number is neither a feature nor, where there is another key, the id.
fn leftover_index(columns: &[ColumnFacts], roles: &Roles) -> Vec<String> {
    let left = |column: &&ColumnFacts| is_unnamed(column) && can_be_id(column) && is_free(roles, column);
    columns.iter().filter(left).map(|column| column.name.clone()).collect()
}
