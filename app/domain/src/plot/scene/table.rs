//! The table behind a chart: typed values, which the page writes as people read them and a CSV file in full.

use serde::{Deserialize, Serialize};

use super::super::format;
use super::kept;
use crate::snapshot::ColumnKind;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Text(String),
    Count(u64),
    Number(#[serde(with = "kept::number")] f64),
    /// From 0 to 1.
    Share(#[serde(with = "kept::number")] f64),
    /// Milliseconds since 1970.
    Time(i64),
    None,
}

impl Value {
    pub fn words(&self) -> String {
        match self {
            Value::Text(words) => words.clone(),
            Value::Count(count) => format::count(*count),
            Value::Number(value) => format::number(*value),
            Value::Share(share) => format::share(*share),
            Value::Time(ms) => format::time(*ms),
            Value::None => "–".to_owned(),
        }
    }

    /// A value of a column of that kind.
    pub fn of_kind(number: f64, kind: ColumnKind) -> Value {
        match kind {
            ColumnKind::Datetime if number.is_finite() => Value::Time(number as i64),
            _ => Value::Number(number),
        }
    }

    pub fn share(value: Option<f64>) -> Value {
        value.map_or(Value::None, Value::Share)
    }

    pub fn number(value: Option<f64>) -> Value {
        value.map_or(Value::None, Value::Number)
    }
}

/// The head of a column: in words for the page, by its id in the CSV file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    pub words: String,
    pub id: String,
}

impl Head {
    /// `true positives`, in the file `true_positives`.
    pub fn ours(words: &str) -> Head {
        Head { id: words.replace(' ', "_"), words: words.to_owned() }
    }

    /// With a name in the file that its words don't give.
    pub fn named(words: &str, id: &str) -> Head {
        Head { words: words.to_owned(), id: id.to_owned() }
    }

    /// A name from a file, which stays as it is.
    pub fn theirs(name: &str) -> Head {
        Head { id: name.to_owned(), words: name.to_owned() }
    }
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Table {
    pub heads: Vec<Head>,
    pub rows: Vec<Vec<Value>>,
    /// At most so many rows on a page; a file has them all.
    pub shown: usize,
}

impl Table {
    /// As a rule, rows on a page.
    const SHOWN: usize = 200;

    pub fn new(heads: Vec<Head>, rows: Vec<Vec<Value>>) -> Table {
        Table { heads, rows, shown: Table::SHOWN }
    }

    pub fn ours<const N: usize>(heads: [&str; N], rows: impl Iterator<Item = [Value; N]>) -> Table {
        Table::new(heads.into_iter().map(Head::ours).collect(), rows.map(Vec::from).collect())
    }

    pub fn showing(self, shown: usize) -> Table {
        Table { shown, ..self }
    }

    /// The rows for a page, evenly spread over all of them, and which they are: 1 means every row.
    pub fn for_page(&self) -> (usize, impl Iterator<Item = &Vec<Value>>) {
        let every = self.rows.len().div_ceil(self.shown.max(1)).max(1);
        (every, self.rows.iter().step_by(every))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_table_is_thinned_evenly_for_the_page() {
        let table = Table::ours(["n"], (0..10).map(|n| [Value::Count(n)])).showing(4);
        let (every, rows) = table.for_page();
        assert_eq!((every, rows.cloned().collect::<Vec<_>>().concat()), (3, [0, 3, 6, 9].map(Value::Count).to_vec()));
    }

    #[test]
    fn heads_of_ours_are_words_here_and_names_there() {
        assert_eq!(Head::ours("mean score").id, "mean_score");
        assert_eq!(Head::theirs("val loss").id, "val loss");
    }
}
