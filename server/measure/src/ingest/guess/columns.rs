//! What is known of each column before roles are guessed.

use std::collections::HashMap;

use domain::snapshot::Glance;
use domain::{ColumnKind, ColumnRole, Problem};
use polars::prelude::{AnyValue, Column, DataFrame, DataType};
use rayon::prelude::*;

use super::names::{has_word, snake};
use super::plain_names::is_plain_name;
use super::quantile_names::level_of;
use crate::table::Rows;
use crate::values;

/// Rows looked at; more are taken in even steps through the file.
const ROWS: usize = 20_000;
/// Places in the file the rows are taken from.
const PLACES: usize = 4;
/// Strings with at most this many different values are categories, however few rows there are.
const FEW: usize = 20;
/// Strings with more different values than this are text, however many rows there are.
const MANY: usize = 1_000;
/// Longer strings on average are text rather than categories.
const LONG: usize = 80;
const SCORE_WORDS: [&str; 8] =
    ["proba", "prob", "probability", "probabilities", "score", "scores", "confidence", "likelihood"];
/// Names that can stand for a margin as well as for a probability.
const MARGINS: [&str; 8] =
    ["score", "scores", "y_score", "y_scores", "model_score", "prediction_score", "decision_function", "raw_score"];
const MARGIN_WORDS: [&str; 5] = ["decision", "margin", "margins", "logit", "logits"];
/// Words that stand before the class in the name of its probability, beside those of scores.
const CLASS_WORDS: [&str; 5] = ["p", "pr", "pred", "softmax", "class"];
/// Of each value that is kept.
const CHARACTERS_KEPT: usize = 60;
/// Values kept for comparing a prediction with a label.
const CLASSES: usize = 50;

/// What is known of one column, from the rows looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnFacts {
    pub name: String,
    pub kind: ColumnKind,
    pub rows: usize,
    pub nulls: usize,
    /// Different values that are not missing.
    pub distinct: usize,
    /// Smallest and largest value of a column of finite numbers, or of times in milliseconds.
    pub range: Option<(f64, f64)>,
    /// A column of numbers that are all whole.
    pub integers: bool,
    /// Per row, which of `classes` it is; empty for columns with more than a few values.
    pub codes: Vec<Option<u16>>,
    /// The different values of a column with few, in order.
    pub classes: Vec<String>,
    /// Per row, the number, where values and name say that they are scores; else empty.
    pub scores: Vec<Option<f64>>,
    /// Per row, the number, where the name says that it is a quantile or what quantiles are of; else empty.
    pub quantities: Vec<Option<f64>>,
}

impl ColumnFacts {
    pub fn filled(&self) -> usize {
        self.rows - self.nulls
    }

    /// What is kept of it with the snapshot.
    pub fn glance(&self) -> Glance {
        let few = self.classes.len() <= Glance::FEW;
        let shown = |class: &String| class.chars().take(CHARACTERS_KEPT).collect();
        Glance {
            filled: self.filled() as u64,
            distinct: self.distinct as u64,
            whole: self.integers,
            low: self.range.map(|(low, _)| low),
            high: self.range.map(|(_, high)| high),
            values: if few { self.classes.iter().map(shown).collect() } else { Vec::new() },
        }
    }

    /// Numbers from 0 to 1, or margins on both sides of 0, whose name says what they are.
    pub fn may_be_score(&self) -> bool {
        self.kind == ColumnKind::Numeric && (self.may_be_probability() || self.may_be_margin())
    }

    fn may_be_probability(&self) -> bool {
        has_word(&self.name, &SCORE_WORDS)
            && self.range.is_some_and(|(low, high)| low >= 0.0 && high <= 1.0)
            && !(self.integers && self.distinct > 2)
    }

    /// Fractions from 0 to 1 whose name says that they are those of one class, as far as one column shows.
    pub fn may_be_of_a_class(&self) -> bool {
        let named = has_word(&self.name, &SCORE_WORDS) || has_word(&self.name, &CLASS_WORDS);
        named
            && self.kind == ColumnKind::Numeric
            && self.range.is_some_and(|(low, high)| low >= 0.0 && high <= 1.0 && high > 0.0)
    }

    /// The distance from a decision boundary, such as `decision_function` gives: with fractions, on both sides of 0.
    fn may_be_margin(&self) -> bool {
        let name = snake(&self.name);
        let named = MARGINS.contains(&name.as_str()) || has_word(&name, &MARGIN_WORDS);
        named && !self.integers && self.range.is_some_and(|(low, high)| low < 0.0 && high > 0.0)
    }

    /// Hardly any value comes twice: a few repeated rows do not make a key anything else.
    pub fn is_key(&self) -> bool {
        self.filled() > 1 && self.nulls == 0 && self.distinct * 100 >= self.filled() * 95
    }
}

/// Looks at a sample of rows of every column.
///
/// # Errors
/// As [`Rows::read`].
pub fn look(reader: &dyn Rows) -> Result<Vec<ColumnFacts>, Problem> {
    let rows = reader.rows() as usize;
    let (places, each) = if rows <= ROWS { (1, rows) } else { (PLACES, ROWS / PLACES) };
    let mut facts = Vec::new();
    // Wide files are looked at in blocks of columns, so that memory stays small.
    let all: Vec<usize> = (0..reader.columns().len()).collect();
    for block in all.chunks(200) {
        let mut sample: Option<DataFrame> = None;
        for place in 0..places {
            let start = (rows - each) * place / (places - 1).max(1);
            let part = reader.read(block, start..start + each)?;
            match &mut sample {
                None => sample = Some(part),
                Some(sample) => sample.vstack_mut_owned(part).map(|_| ()).map_err(|error| {
                    tracing::error!(%error, "parts of one file differ in their columns");
                    Problem::internal("parts of one file differ in their columns; the log says where")
                })?,
            }
        }
        facts.par_extend(sample.unwrap_or_default().columns().par_iter().map(facts_of));
    }
    Ok(facts)
}

/// The kind of a column from its canonical type and, for strings, from how its values repeat. Whole numbers with few
/// values stay numeric; identifiers and free text are [`ColumnKind::Text`].
///
/// `filled` and `distinct` count the non-missing and the different values, `characters` all characters of them.
pub fn guess_kind(data_type: &DataType, filled: usize, distinct: usize, characters: usize) -> ColumnKind {
    match data_type {
        _ if filled == 0 && !data_type.is_nested() => ColumnKind::Empty,
        DataType::Null => ColumnKind::Empty,
        DataType::Boolean => ColumnKind::Boolean,
        DataType::Int64 | DataType::Float64 => ColumnKind::Numeric,
        DataType::Datetime(..) => ColumnKind::Datetime,
        DataType::String => {
            let repeats = distinct <= FEW || (distinct <= MANY && distinct * 2 <= filled);
            let all_different = distinct == filled && filled > FEW / 2;
            if repeats && !all_different && characters <= LONG * filled {
                ColumnKind::Categorical
            } else {
                ColumnKind::Text
            }
        }
        _ => ColumnKind::Nested,
    }
}

/// What is known of one column from the rows it holds.
pub fn facts_of(column: &Column) -> ColumnFacts {
    let mut facts = ColumnFacts {
        name: column.name().to_string(),
        kind: ColumnKind::Nested,
        rows: column.len(),
        nulls: column.null_count(),
        distinct: 0,
        range: None,
        integers: false,
        codes: Vec::new(),
        classes: Vec::new(),
        scores: Vec::new(),
        quantities: Vec::new(),
    };
    let data_type = column.dtype();
    let mut characters = 0;
    if !matches!(guess_kind(data_type, 1, 1, 0), ColumnKind::Nested | ColumnKind::Empty) {
        characters = count_values(column, &mut facts);
    }
    facts.kind = guess_kind(data_type, facts.filled(), facts.distinct, characters);
    if facts.may_be_score() || facts.may_be_of_a_class() {
        facts.scores = values::numbers(column.as_materialized_series()).unwrap_or_default();
    }
    let of_quantiles = [ColumnRole::Label, ColumnRole::Prediction].iter().any(|role| is_plain_name(*role, &facts.name));
    if facts.kind == ColumnKind::Numeric && (of_quantiles || level_of(&facts.name).is_some()) {
        facts.quantities = values::numbers(column.as_materialized_series()).unwrap_or_default();
    }
    facts
}

/// Counts different values and finds the range; returns the characters of strings.
fn count_values(column: &Column, facts: &mut ColumnFacts) -> usize {
    let mut places: HashMap<Value<'_>, u16> = HashMap::new();
    let mut codes = Vec::with_capacity(column.len());
    let mut characters = 0;
    let (mut low, mut high, mut whole) = (f64::INFINITY, f64::NEG_INFINITY, true);
    for value in column.as_materialized_series().iter() {
        let value = match value {
            AnyValue::Float64(number) => {
                if number.is_finite() {
                    (low, high) = (low.min(number), high.max(number));
                    whole &= number.fract() == 0.0;
                }
                Value::Bits(number.to_bits())
            }
            AnyValue::Int64(number) => {
                (low, high) = (low.min(number as f64), high.max(number as f64));
                Value::Bits(number as u64)
            }
            AnyValue::Boolean(truth) => Value::Bits(u64::from(truth)),
            AnyValue::Datetime(time, ..) => {
                (low, high) = (low.min(time as f64), high.max(time as f64));
                Value::Bits(time as u64)
            }
            AnyValue::String(text) => {
                characters += text.chars().take(LONG * 10).count();
                Value::Text(text)
            }
            _ => {
                codes.push(None);
                continue;
            }
        };
        let next = u16::try_from(places.len()).unwrap_or(u16::MAX);
        codes.push(Some(*places.entry(value).or_insert(next)));
    }
    facts.distinct = places.len();
    if low <= high {
        facts.range = Some((low, high));
        facts.integers = whole && !matches!(column.dtype(), DataType::Datetime(..));
    }
    if facts.distinct <= CLASSES {
        let text = |value: &Value<'_>| match value {
            Value::Text(text) => (*text).to_owned(),
            Value::Bits(bits) if *column.dtype() == DataType::Float64 => f64::from_bits(*bits).to_string(),
            Value::Bits(bits) => (*bits as i64).to_string(),
        };
        let mut named: Vec<(String, u16)> = places.iter().map(|(value, code)| (text(value), *code)).collect();
        named.sort();
        let mut order = vec![0_u16; named.len()];
        for (place, (_, code)) in named.iter().enumerate() {
            order[usize::from(*code)] = place as u16;
        }
        facts.codes = codes.into_iter().map(|code| code.map(|code| order[usize::from(code)])).collect();
        facts.classes = named.into_iter().map(|(name, _)| name).collect();
    }
    characters
}

#[derive(PartialEq, Eq, Hash)]
enum Value<'a> {
    Bits(u64),
    Text(&'a str),
}
