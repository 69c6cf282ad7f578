//! Selections and their answers in words.

use super::{ColumnDifference, Condition, Contrast, SelectionAnswer, Subject, Test};
use crate::number::counted;
use crate::plot::format;
use crate::snapshot::{ColumnKind, ColumnRole};

impl SelectionAnswer {
    /// `1,006 of 10,000 rows are selected: 604 of 6,000 train rows and 402 of 4,000 serve rows. …`
    pub fn size_words(&self) -> String {
        let of = |selected: u64, all: u64, what: &str| format!("{} of {}", format::count(selected), counted(all, what));
        let verb = if self.selected == 1 { "is" } else { "are" };
        let mut words = format!("{} {verb} selected", of(self.selected, self.examined, "row"));
        if self.tables.len() > 1 {
            let each = self.tables.iter().map(|one| of(one.selected, one.examined, &format!("{} row", one.role.id())));
            words.push_str(&format!(": {}", each.collect::<Vec<_>>().join(" and ")));
        }
        format!("{words}. They are compared with the other {}.", counted(self.rest, "row"))
    }

    /// That the numbers are from a sample, if they are.
    pub fn sampled_words(&self) -> Option<String> {
        let (examined, total) = (format::count(self.examined), format::count(self.total));
        (self.examined < self.total).then(|| format!("The numbers are from a sample of {examined} of {total} rows."))
    }
}

impl ColumnDifference {
    /// Where the marked rows and the others differ most: `= web: 82 % of these rows, 31 % of the others`.
    pub fn contrast_words(&self) -> Option<String> {
        self.contrast.as_ref().map(|found| contrast(found, self.kind))
    }

    /// The short name of its distance.
    pub fn effect_words(&self) -> &str {
        match self.effect_name.as_str() {
            "ks_statistic" => "KS",
            "js_distance" => "JS",
            other => other,
        }
    }
}

impl Condition {
    /// `income 10 to 20`, `colour = red`, `age missing`. `kind` is that of its column.
    pub fn words(&self, kind: ColumnKind) -> String {
        let subject = match &self.subject {
            Subject::Column(name) => name.clone(),
            Subject::Role(role) => role.id().to_owned(),
        };
        let kind = if self.subject == Subject::Role(ColumnRole::Time) { ColumnKind::Datetime } else { kind };
        let value = |number: &f64| match &self.test {
            Test::Range { from, to, .. } if *from != f64::MIN && *to != f64::MAX => {
                format::value_among(*number, kind, (*from, *to))
            }
            _ => format::value_among(*number, kind, (*number, *number)),
        };
        match &self.test {
            Test::Range { from, to, .. } if from == to => format!("{subject} = {}", value(from)),
            Test::Range { from, to, .. } if *from == f64::MIN => format!("{subject} up to {}", value(to)),
            Test::Range { from, to, .. } if *to == f64::MAX => format!("{subject} from {}", value(from)),
            Test::Range { from, to, .. } => format!("{subject} {} to {}", value(from), value(to)),
            Test::OneOf(values) => format!("{subject} = {}", listed(values, "or")),
            Test::NoneOf(values) if values.is_empty() => format!("any {subject}"),
            Test::NoneOf(values) => format!("{subject} is not {}", listed(values, "or")),
            Test::Missing => format!("{subject} missing"),
        }
    }
}

/// `web: 82 % of these rows, 31 % of the others`.
fn contrast(found: &Contrast, kind: ColumnKind) -> String {
    let (what, lengths) = if kind == ColumnKind::Text { ("length ", " length") } else { ("", "") };
    match found {
        Contrast::Share { value, selected, rest } => {
            let value = format::shortened(value, 40);
            format!("= {value}: {} of these rows, {} of the others", format::share(*selected), format::share(*rest))
        }
        Contrast::Missing { selected, rest } => {
            format!("is missing: {} of these rows, {} of the others", format::share(*selected), format::share(*rest))
        }
        Contrast::Range { from, to, selected, rest } => {
            let [from, to] = [from, to].map(|end| to_the_minute(*end, kind, (*from, *to)));
            let [selected, rest] = [selected, rest].map(|share| format::share(*share));
            format!("{what}{from} to {to}: {selected} of these rows, {rest} of the others")
        }
        Contrast::Median { selected, rest } => {
            let [selected, rest] = [selected, rest].map(|median| to_the_minute(*median, kind, (*selected, *rest)));
            format!("median{lengths}: {selected} in these rows, {rest} in the others")
        }
    }
}

/// The seconds of a median time say nothing.
fn to_the_minute(value: f64, kind: ColumnKind, among: (f64, f64)) -> String {
    const MINUTE: f64 = 60_000.0;
    let is_time = kind == ColumnKind::Datetime;
    format::value_among(if is_time { (value / MINUTE).floor() * MINUTE } else { value }, kind, among)
}

/// At most three values by name: `red, blue or green`.
fn listed(values: &[String], last: &str) -> String {
    let mut named: Vec<String> = values.iter().take(3).map(|value| format::shortened(value, 24)).collect();
    let more = values.len().saturating_sub(named.len());
    if more > 0 {
        named.push(format!("{more} more"));
    }
    match named.pop() {
        Some(end) if !named.is_empty() => format!("{} {last} {end}", named.join(", ")),
        end => end.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selection::{RowsOfTable, UpperEnd};
    use crate::snapshot::SnapshotRole;

    #[test]
    fn a_condition_reads_as_a_phrase() {
        let range = |from, to| Test::Range { from, to, upper: UpperEnd::Excluded };
        let words = |test, kind| Condition::on_column("x", test).words(kind);
        assert_eq!(words(range(10.0, 20.5), ColumnKind::Numeric), "x 10 to 20.5");
        assert_eq!(words(range(2.0, 2.0), ColumnKind::Numeric), "x = 2");
        assert_eq!(words(range(f64::MIN, 30.0), ColumnKind::Numeric), "x up to 30");
        assert_eq!(words(range(0.0, 86_400_000.0), ColumnKind::Datetime), "x 1970-01-01 to 1970-01-02");
        let values = ["red", "blue", "green", "grey"].map(str::to_owned).to_vec();
        assert_eq!(words(Test::OneOf(values), ColumnKind::Categorical), "x = red, blue, green or 1 more");
        assert_eq!(words(Test::NoneOf(vec!["red".into()]), ColumnKind::Categorical), "x is not red");
    }

    #[test]
    fn the_size_of_the_selection_is_a_sentence() {
        let of = |role, selected, examined| RowsOfTable { role, selected, examined };
        let mut answer = SelectionAnswer {
            selected: 1_006,
            rest: 8_994,
            examined: 10_000,
            total: 10_000,
            tables: vec![of(SnapshotRole::Train, 604, 6_000), of(SnapshotRole::Serve, 402, 4_000)],
            condition_kinds: Vec::new(),
            columns: Vec::new(),
        };
        assert_eq!(
            answer.size_words(),
            "1,006 of 10,000 rows are selected: 604 of 6,000 train rows and 402 of 4,000 serve rows. \
             They are compared with the other 8,994 rows."
        );
        answer.tables.truncate(1);
        assert!(answer.size_words().starts_with("1,006 of 10,000 rows are selected. "), "{}", answer.size_words());
    }
}
