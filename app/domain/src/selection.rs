//! Selections: rows marked on a chart, and the question asked about them, "what is different about these rows?".
//!
//! A selection travels in an address (`where=`), so that a link shows the same rows again: see [`Selection::to_text`].

mod answer;
mod flips;
mod pair;
mod rows;
mod words;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::evaluation::Split;
use crate::snapshot::ColumnRole;

pub use answer::{ColumnDifference, Contrast, RowsOfTable, SelectionAnswer};
pub use flips::{AnswerChange, FlippedRow, Flips, FlipsAsked, JoinedBy, Outcome, Outcomes, RunName};
pub use pair::{Association, AssociationBy, PairAnswer, PairAxis, PairCells, PairSide};
pub use rows::{MOST_ROWS, RowOrder, RowsAsked, SelectedColumn, SelectedRow, SelectedRows};

/// More conditions than this are no question about marked rows.
pub const MOST_CONDITIONS: usize = 20;

/// Rows of one or both sides for which every condition holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Selection {
    pub side: Side,
    #[schema(min_items = 1, max_items = 20)]
    pub conditions: Vec<Condition>,
}

/// Which table the rows are taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Train,
    Serve,
    /// Train and serve together.
    Both,
    /// One split of an evaluation run; `name` and `split` as in the diagnosis.
    Run {
        name: String,
        #[schema(value_type = String)]
        split: Split,
    },
}

/// What is asked of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Condition {
    pub subject: Subject,
    pub test: Test,
}

/// The column a condition is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    Column(String),
    /// The column with this role in the table; used for a cell of a confusion matrix.
    Role(ColumnRole),
}

/// The test a value must pass.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Test {
    /// `from ≤ value < to`, or `from ≤ value ≤ to` when the upper end belongs to it (the last bin of a histogram).
    /// Either end may be infinite in meaning: the lowest and the highest finite double stand for "no bound". Times in milliseconds.
    Range {
        from: f64,
        to: f64,
        upper: UpperEnd,
    },
    /// The value, as it is shown (`true`/`false` for booleans), is one of these.
    OneOf(Vec<String>),
    /// The value is none of these, and not missing: the bar `(other)` of a categories chart.
    NoneOf(Vec<String>),
    Missing,
}

/// Whether the upper end of a range belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum UpperEnd {
    Excluded,
    Included,
}

impl Selection {
    /// The text used in addresses: the side, then one part per condition, separated by `;`.
    /// Names and values are escaped, so any column name survives: `serve;c.income~r~0~10~x`.
    pub fn to_text(&self) -> String {
        let side = match &self.side {
            Side::Train => "train".to_owned(),
            Side::Serve => "serve".to_owned(),
            Side::Both => "both".to_owned(),
            Side::Run { name, split } => format!("run~{}~{}", escape(name), escape(split.word())),
        };
        std::iter::once(side).chain(self.conditions.iter().map(Condition::to_text)).collect::<Vec<_>>().join(";")
    }

    /// Reads what [`Selection::to_text`] wrote; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Selection> {
        let mut parts = text.split(';');
        let side = match parts.next()?.split('~').collect::<Vec<_>>().as_slice() {
            ["train"] => Side::Train,
            ["serve"] => Side::Serve,
            ["both"] => Side::Both,
            ["run", name, split] => Side::Run { name: unescape(name)?, split: unescape(split)?.into() },
            _ => return None,
        };
        let conditions = parts.map(Condition::from_text).collect::<Option<Vec<_>>>()?;
        Some(Selection { side, conditions })
    }

    /// All rows of a side.
    pub fn of(side: Side) -> Selection {
        Selection { side, conditions: Vec::new() }
    }

    /// Narrowed by one more condition. It takes the place of an earlier one on the same column: marking a chart again
    /// moves what is marked there.
    #[must_use]
    pub fn narrowed(mut self, condition: Condition) -> Selection {
        match self.conditions.iter_mut().find(|one| one.subject == condition.subject) {
            Some(earlier) => *earlier = condition,
            None => self.conditions.push(condition),
        }
        self
    }

    /// Without one of its conditions; `None` when that was the last.
    pub fn without(mut self, subject: &Subject) -> Option<Selection> {
        self.conditions.retain(|condition| condition.subject != *subject);
        (!self.conditions.is_empty()).then_some(self)
    }

    /// The text of [`Selection::to_text`] before and after the condition on a column. A condition's own text between them
    /// narrows the selection by it.
    pub fn text_around(&self, subject: &Subject) -> [String; 2] {
        let place = self.conditions.iter().position(|condition| condition.subject == *subject);
        let (before, after) = match place {
            Some(place) => (&self.conditions[..place], &self.conditions[place + 1..]),
            None => (&self.conditions[..], &[][..]),
        };
        let before = Selection { side: self.side.clone(), conditions: before.to_vec() }.to_text();
        let after: String = after.iter().map(|condition| format!(";{}", condition.to_text())).collect();
        [format!("{before};"), after]
    }

    /// What it asks of one column.
    pub fn test_of(&self, subject: &Subject) -> Option<&Test> {
        self.conditions.iter().find(|condition| condition.subject == *subject).map(|condition| &condition.test)
    }
}

impl Condition {
    pub fn on_column(column: &str, test: Test) -> Condition {
        Condition { subject: Subject::Column(column.to_owned()), test }
    }

    /// As in an address.
    pub fn to_text(&self) -> String {
        let subject = self.subject.to_text();
        let list = |values: &[String]| values.iter().map(|value| format!("~{}", escape(value))).collect::<String>();
        match &self.test {
            Test::Range { from, to, upper } => {
                let upper = if *upper == UpperEnd::Included { "i" } else { "x" };
                format!("{subject}~r~{from:e}~{to:e}~{upper}")
            }
            Test::OneOf(values) => format!("{subject}~o{}", list(values)),
            Test::NoneOf(values) => format!("{subject}~n{}", list(values)),
            Test::Missing => format!("{subject}~m"),
        }
    }

    fn from_text(text: &str) -> Option<Condition> {
        let parts: Vec<&str> = text.split('~').collect();
        let (subject, test) = parts.split_first()?;
        let subject = Subject::from_text(subject)?;
        let list = |values: &[&str]| values.iter().map(|value| unescape(value)).collect::<Option<Vec<_>>>();
        let test = match test {
            ["r", from, to, upper] => Test::Range {
                from: end(from)?,
                to: end(to)?,
                upper: if *upper == "i" { UpperEnd::Included } else { UpperEnd::Excluded },
            },
            ["o", values @ ..] => Test::OneOf(list(values)?),
            ["n", values @ ..] => Test::NoneOf(list(values)?),
            ["m"] => Test::Missing,
            _ => return None,
        };
        Some(Condition { subject, test })
    }
}

impl Subject {
    /// As in an address: `c.income`, or `r.label` for a role.
    pub fn to_text(&self) -> String {
        match self {
            Subject::Column(name) => format!("c.{}", escape(name)),
            Subject::Role(role) => format!("r.{}", role.id()),
        }
    }

    /// Reads what [`Subject::to_text`] wrote; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Subject> {
        match text.split_once('.')? {
            ("c", name) => unescape(name).map(Subject::Column),
            ("r", role) => ColumnRole::from_id(role).map(Subject::Role),
            _ => None,
        }
    }
}

impl Test {
    /// Whether a number passes. NaN passes no range.
    pub fn accepts_number(&self, value: f64) -> bool {
        match self {
            Test::Range { from, to, upper: UpperEnd::Included } => *from <= value && value <= *to,
            Test::Range { from, to, upper: UpperEnd::Excluded } => *from <= value && value < *to,
            Test::OneOf(_) | Test::NoneOf(_) | Test::Missing => false,
        }
    }

    /// Whether a shown value passes.
    pub fn accepts_text(&self, value: &str) -> bool {
        match self {
            Test::OneOf(values) => values.iter().any(|one| one == value),
            Test::NoneOf(values) => values.iter().all(|one| one != value),
            Test::Range { .. } | Test::Missing => false,
        }
    }
}

/// The end of a range; what is not finite can't be written as JSON, and means no bound to nobody.
fn end(text: &str) -> Option<f64> {
    text.parse().ok().filter(|end: &f64| end.is_finite())
}

/// The characters that separate parts are written as `!` and two hexadecimal digits, and so is `!` itself. Percent
/// signs are left to the address's own escaping.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '~' | ';' | '!' => out.push_str(&format!("!{:02x}", character as u32)),
            other => out.push(other),
        }
    }
    out
}

pub(crate) fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('!') {
        out.push_str(before);
        let code = u8::from_str_radix(after.get(..2)?, 16).ok()?;
        out.push(char::from(code));
        rest = after.get(2..)?;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_brings_back_the_same_selection() {
        let selection = Selection {
            side: Side::Run { name: "preds;v2.csv".into(), split: "test".into() },
            conditions: vec![
                Condition::on_column("a~b!c", Test::Range { from: -0.1, to: f64::MAX, upper: UpperEnd::Included }),
                Condition {
                    subject: Subject::Role(ColumnRole::Label),
                    test: Test::OneOf(vec!["Yes".into(), String::new()]),
                },
                Condition::on_column("unit.price", Test::Missing),
                Condition::on_column("kind", Test::NoneOf(vec![])),
            ],
        };
        assert_eq!(Selection::from_text(&selection.to_text()), Some(selection));
    }

    #[test]
    fn conditions_stack_by_column_and_leave_one_by_one() {
        let range = |to| Test::Range { from: 0.0, to, upper: UpperEnd::Excluded };
        let one = Selection::of(Side::Both).narrowed(Condition::on_column("age", range(30.0)));
        let two = one.clone().narrowed(Condition::on_column("plan", Test::Missing));
        assert_eq!(two.conditions.len(), 2);
        let moved = two.narrowed(Condition::on_column("age", range(40.0)));
        let (age, plan) = (Subject::Column("age".into()), Subject::Column("plan".into()));
        assert_eq!((moved.conditions.len(), moved.test_of(&age)), (2, Some(&range(40.0))));
        assert_eq!(moved.clone().without(&plan), Some(one.narrowed(Condition::on_column("age", range(40.0)))));
        assert_eq!(moved.without(&plan).and_then(|left| left.without(&age)), None);
    }

    #[test]
    fn a_condition_between_the_texts_around_it_narrows() {
        let range = |to| Test::Range { from: 0.0, to, upper: UpperEnd::Excluded };
        let on = |column: &str, to| Condition::on_column(column, range(to));
        let three = Selection::of(Side::Both).narrowed(on("a", 1.0)).narrowed(on("b", 1.0)).narrowed(on("c", 1.0));
        for column in ["a", "b", "c", "d"] {
            let condition = on(column, 2.0);
            let [before, after] = three.text_around(&condition.subject);
            let text = format!("{before}{}{after}", condition.to_text());
            assert_eq!(text, three.clone().narrowed(condition).to_text());
        }
        let condition = on("a", 1.0);
        let [before, after] = Selection::of(Side::Serve).text_around(&condition.subject);
        assert_eq!(format!("{before}{}{after}", condition.to_text()), "serve;c.a~r~0e0~1e0~x");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "nobody",
            "train;",
            "train;c.a",
            "train;c.a~r~1~x~i",
            "train;c.a~r~nan~1~i",
            "train;c.a~r~-inf~inf~x",
            "train;q.a~m",
            "train;r.king~m",
            "both;c.a!zz~m",
        ] {
            assert_eq!(Selection::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn the_upper_end_belongs_to_the_last_bin_only() {
        let bin = |upper| Test::Range { from: 0.0, to: 1.0, upper };
        assert!(bin(UpperEnd::Included).accepts_number(1.0));
        assert!(!bin(UpperEnd::Excluded).accepts_number(1.0));
        assert!(!bin(UpperEnd::Included).accepts_number(f64::NAN));
    }

    proptest! {
        #[test]
        fn any_name_and_any_bounds_survive(name in ".*", value in ".*", from in any::<f64>(), to in any::<f64>()) {
            prop_assume!(from.is_finite() && to.is_finite());
            let selection = Selection {
                side: Side::Both,
                conditions: vec![
                    Condition::on_column(&name, Test::Range { from, to, upper: UpperEnd::Excluded }),
                    Condition::on_column(&name, Test::OneOf(vec![value])),
                ],
            };
            prop_assert_eq!(Selection::from_text(&selection.to_text()).unwrap(), selection);
        }
    }
}
