//! D2.type_change: does each column have the same type as in training?

use crate::detectors::affine::rounded_distance;
use crate::detectors::sides::{self, Pair};
use crate::detectors::spelling::number_inside;
use crate::detectors::words::{count, name, percent, values};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{TYPE_INSIDE_AGREES, TYPE_NUMBER_INSIDE, TYPE_READABLE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Need;
use domain::profile::{ColumnProfile, DAY_FIRST, DECIMAL_COMMA, MONTH_FIRST};
use domain::snapshot::ColumnKind;
use domain::{Cause, Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D2.type_change"),
    item: Item::D2,
    title: "Types",
    looks_for: "Columns whose type differs between training and serving: numbers that became text, dates that became numbers, dates with the day and the month in another order.",
    why_it_matters: "The model learned a number and now gets unknown text. The value is dropped or encoded as something else, or the request fails.",
    how_it_decides: "The type of every value is detected on both sides. A change between numbers, text, dates and yes/no is a mismatch. A change between categories and free text, or between whole and decimal numbers, is not a type change. Dates that begin with the day on one side and with the month on the other are a mismatch. A decimal comma on one side only is possible: it is read correctly here, but not by every program. A change between yes/no and zero or one is only possible. So is a change between numbers and codes with leading zeros (text of which at least {TYPE_READABLE:%} can be read as numbers).",
    try_next: "Look at the first values on both sides and find the code that changes the type. Enforce the training type in the request schema.",
    causes: &[Cause::TypeChange],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let written = sides::pairs(measurements).into_iter().flatten().filter_map(|pair| written_otherwise(&pair));
    let findings = features.iter().filter_map(type_change).chain(written).collect();
    Judgement::Judged {
        summary: format!("Compared the types of {}.", count(features.len() as u64, "feature")),
        findings,
    }
}

/// Types as a model sees them; free text and categories are one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Number,
    Words,
    YesNo,
    Date,
    Nested,
}

impl Family {
    fn of(column: &ColumnProfile) -> Option<Family> {
        match column.kind {
            ColumnKind::Numeric => Some(Family::Number),
            ColumnKind::Categorical | ColumnKind::Text => Some(Family::Words),
            ColumnKind::Boolean => Some(Family::YesNo),
            ColumnKind::Datetime => Some(Family::Date),
            ColumnKind::Nested => Some(Family::Nested),
            ColumnKind::Empty => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Family::Number => "a number",
            Family::Words => "text",
            Family::YesNo => "yes/no",
            Family::Date => "a date",
            Family::Nested => "a nested value",
        }
    }
}

fn type_change(pair: &Pair) -> Option<Finding> {
    let (before, after) = (Family::of(pair.train)?, Family::of(pair.serve)?);
    if before == after || pair.train.non_null() == 0 || pair.serve.non_null() == 0 {
        return None;
    }
    let harmless = matches!((before, after), (Family::YesNo, Family::Number) | (Family::Number, Family::YesNo))
        && zero_or_one(pair)
        || [pair.train, pair.serve].into_iter().any(|side| readable(side) >= TYPE_READABLE && leading_zeros(side));
    let verdict = if harmless { Verdict::Possible } else { Verdict::Mismatch };
    let statement = format!(
        "{} is {} in training but {} in serving{}.",
        name(pair.name),
        before.word(),
        after.word(),
        if (before, after) == (Family::Number, Family::Words) { how_it_reads(pair) } else { String::new() },
    );
    let finding = DETECTOR
        .finding(verdict, &[pair.name], statement, Effect::new("changed_types", 1.0, 1.0), Certainty::exact())
        .with_evidence("stored type (train, serve)", format!("{}, {}", pair.train.stored_type, pair.serve.stored_type));
    let finding =
        examples(pair.train).into_iter().fold(finding, |finding, value| finding.with_evidence("value in train", value));
    let finding =
        examples(pair.serve).into_iter().fold(finding, |finding, value| finding.with_evidence("value in serve", value));
    Some(pair.sized(finding).for_cause(Cause::TypeChange))
}

/// Dates with the day and the month in another order, or decimals after another mark: read right here, because every file
/// shows its own way, but not by a program that expects the old one.
fn written_otherwise(pair: &Pair) -> Option<Finding> {
    let (before, after) = (written(pair.train)?, written(pair.serve)?);
    if before == after {
        return None;
    }
    let verdict = if pair.train.kind == ColumnKind::Datetime { Verdict::Mismatch } else { Verdict::Possible };
    let statement = format!("{} is written with {before} in training but with {after} in serving.", name(pair.name));
    let finding = DETECTOR
        .finding(verdict, &[pair.name], statement, Effect::new("changed_types", 1.0, 1.0), Certainty::exact())
        .with_evidence("stored type (train, serve)", format!("{}, {}", pair.train.stored_type, pair.serve.stored_type));
    Some(pair.sized(finding).for_cause(Cause::TypeChange))
}

/// How text writes the values of a column that can be written in two ways.
fn written(column: &ColumnProfile) -> Option<&'static str> {
    match column.stored_type.as_str() {
        DAY_FIRST => Some("the day first"),
        MONTH_FIRST => Some("the month first"),
        DECIMAL_COMMA => Some("a decimal comma"),
        "Float64" => Some("a decimal point"),
        _ => None,
    }
}

/// What the text contains that replaced the numbers.
fn how_it_reads(pair: &Pair) -> String {
    let share = readable(pair.serve);
    let shown = examples(pair.serve);
    if share >= TYPE_READABLE {
        return ": the same numbers, stored as text".to_owned();
    }
    if share > 0.0 {
        let strange: Vec<String> = unreadable(pair.serve);
        return format!(
            ": {} of the values cannot be read as numbers, such as {}",
            percent(1.0 - share),
            values(&strange)
        );
    }
    match numbers_inside(pair.serve).zip(pair.train.numeric.as_ref()) {
        Some((inside, train)) if rounded_distance(&train.sorted, &inside) < TYPE_INSIDE_AGREES => {
            format!(", such as {}; the numbers inside the text match training", values(&shown))
        }
        _ => format!(", such as {}", values(&shown)),
    }
}

/// The numbers inside a column of text, ascending, if almost every value has one.
pub fn numbers_inside(column: &ColumnProfile) -> Option<Vec<f64>> {
    let categories = column.categories.as_ref()?;
    let total: u64 = categories.counts.iter().map(|(_, count)| count).sum();
    let (mut inside, mut read) = (Vec::new(), 0);
    for (value, count) in &categories.counts {
        if let Some(number) = number_inside(value) {
            read += count;
            inside.extend(std::iter::repeat_n(number, (*count).min(10_000) as usize));
        }
    }
    inside.sort_by(f64::total_cmp);
    (read > 0 && read as f64 >= TYPE_NUMBER_INSIDE * total as f64).then_some(inside)
}

/// Share of the values that can be read as numbers.
fn readable(column: &ColumnProfile) -> f64 {
    column.text.as_ref().map_or(0.0, |text| text.numeric_like as f64 / column.non_null().max(1) as f64)
}

fn leading_zeros(column: &ColumnProfile) -> bool {
    let coded = |value: &str| value.len() > 1 && value.starts_with('0') && value.chars().all(|c| c.is_ascii_digit());
    column.categories.as_ref().is_some_and(|categories| categories.counts.iter().any(|(value, _)| coded(value)))
}

fn zero_or_one(pair: &Pair) -> bool {
    [pair.train, pair.serve]
        .into_iter()
        .filter_map(|side| side.numeric.as_ref())
        .all(|numbers| numbers.min >= 0.0 && numbers.max <= 1.0 && numbers.integers)
}

fn unreadable(column: &ColumnProfile) -> Vec<String> {
    let Some(categories) = &column.categories else { return Vec::new() };
    categories
        .counts
        .iter()
        .map(|(value, _)| value)
        .filter(|value| value.trim().parse::<f64>().is_err())
        .take(3)
        .cloned()
        .collect()
}

fn examples(column: &ColumnProfile) -> Vec<String> {
    if let Some(categories) = &column.categories {
        return categories.counts.iter().take(3).map(|(value, _)| value.clone()).collect();
    }
    let modes = column.numeric.iter().flat_map(|numbers| &numbers.modes);
    modes.take(3).map(|(value, _)| format!("{value}")).collect()
}
