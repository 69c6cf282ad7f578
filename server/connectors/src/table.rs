//! Tables that a file of another tool holds: rows that are read like those of any table.

use std::collections::{BTreeSet, HashMap};

use domain::number::{count, counted};
use domain::snapshot::{ColumnRole, Roles, SnapshotRole};
use serde_json::{Map, Value};

/// Of one table; the rest is said to be left.
const MOST_ROWS: usize = 500_000;
const MOST_COLUMNS: usize = 2_000;
const MOST_BYTES: usize = 256 << 20;
/// What a value takes in memory on top of its text.
const BYTES_OF_CELL: usize = 32;

/// A table out of a file of another tool.
#[derive(Debug, Clone, PartialEq)]
pub struct BroughtTable {
    /// What it holds, such as `captured requests`; no file's name.
    pub name: String,
    /// The part that it plays; `None` where that is to be guessed as of any table.
    pub role: Option<SnapshotRole>,
    /// Columns whose part the file tells; the first that is there counts where one column can have it.
    parts: Vec<(ColumnRole, String)>,
    columns: Vec<Column>,
    places: HashMap<String, usize>,
    /// Each as long as the columns were when it came.
    rows: Vec<Vec<Value>>,
    bytes: usize,
    left: Left,
}

#[derive(Debug, Clone, PartialEq)]
struct Column {
    name: String,
    /// Some of its texts come out of a format that has texts only, and may be numbers.
    is_spelled: bool,
}

/// What was not taken.
#[derive(Debug, Clone, PartialEq, Default)]
struct Left {
    rows: u64,
    columns: BTreeSet<String>,
    nested: BTreeSet<String>,
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    pub name: String,
    pub value: Value,
    /// Whether its format, such as CSV, writes every value as a text.
    pub is_spelled: bool,
}

impl Cell {
    pub fn of(name: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { name: name.into(), value: value.into(), is_spelled: false }
    }
}

impl BroughtTable {
    pub(crate) fn new(name: &str, role: Option<SnapshotRole>) -> Self {
        Self {
            name: name.to_owned(),
            role,
            parts: Vec::new(),
            columns: Vec::new(),
            places: HashMap::new(),
            rows: Vec::new(),
            bytes: 0,
            left: Left::default(),
        }
    }

    /// Says what a column is for, whether or not it comes. Of several for a part that one column has, the first that comes
    /// counts, and the others are ignored: they are not features.
    pub(crate) fn with_part(mut self, part: ColumnRole, column: &str) -> Self {
        self.parts.push((part, column.to_owned()));
        self
    }

    /// What the file tells of its columns; the rest is to be guessed.
    pub fn roles(&self) -> Roles {
        let mut told: Vec<(ColumnRole, &str)> = Vec::new();
        for (part, column) in self.parts.iter().filter(|(_, column)| self.has_column(column)) {
            let is_taken = !part.may_repeat() && told.iter().any(|(known, _)| known == part);
            told.push((if is_taken { ColumnRole::Ignore } else { *part }, column));
        }
        told.into_iter().collect()
    }

    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// How many inputs have no name in the file and are called by their place.
    pub fn inputs_by_place(&self) -> usize {
        (0..MOST_COLUMNS).take_while(|place| self.has_column(&input_at(*place))).count()
    }

    /// Gives such inputs their names, where there are as many; whether it did.
    pub fn name_inputs(&mut self, names: &[String]) -> bool {
        let fits = !names.is_empty() && self.inputs_by_place() == names.len();
        for (place, name) in names.iter().enumerate().filter(|_| fits) {
            self.rename(&input_at(place), name);
        }
        fits
    }

    /// The names of the columns, in the order in which they came.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The rows as JSON Lines: each has every column, in the same order.
    pub fn json_lines(&self) -> String {
        let names: Vec<String> = self.columns().map(|name| Value::from(name).to_string()).collect();
        let mut lines = String::with_capacity(self.bytes);
        for row in &self.rows {
            for (place, name) in names.iter().enumerate() {
                lines.push_str(if place == 0 { "{" } else { "," });
                lines.push_str(name);
                lines.push(':');
                match row.get(place).unwrap_or(&Value::Null) {
                    Value::Null => lines.push_str("null"),
                    value => lines.push_str(&value.to_string()),
                }
            }
            lines.push_str("}\n");
        }
        lines
    }

    /// One row as an object; `None` behind the last.
    pub fn row(&self, place: usize) -> Option<Map<String, Value>> {
        let row = self.rows.get(place)?;
        let cells = self.columns().zip(row).filter(|(_, value)| !value.is_null());
        Some(cells.map(|(name, value)| (name.to_owned(), value.clone())).collect())
    }

    /// Adds a row. Of two cells of one name the first counts; a list or an object is not a value of a table.
    pub(crate) fn push(&mut self, cells: impl IntoIterator<Item = Cell>) {
        if self.rows.len() >= MOST_ROWS || self.bytes >= MOST_BYTES {
            self.left.rows += 1;
            return;
        }
        let mut row = vec![Value::Null; self.columns.len()];
        for Cell { name, value, is_spelled } in cells {
            if value.is_array() || value.is_object() {
                keep_few(&mut self.left.nested, name);
                continue;
            }
            let Some(place) = self.place(&name) else {
                keep_few(&mut self.left.columns, name);
                continue;
            };
            row.resize(self.columns.len(), Value::Null);
            if row[place].is_null() {
                self.bytes += BYTES_OF_CELL + name.len() + value.as_str().map_or(0, str::len);
                self.columns[place].is_spelled |= is_spelled;
                row[place] = value;
            }
        }
        self.rows.push(row);
    }

    fn place(&mut self, name: &str) -> Option<usize> {
        if let Some(place) = self.places.get(name) {
            return Some(*place);
        }
        let place = self.columns.len();
        (place < MOST_COLUMNS).then(|| {
            self.columns.push(Column { name: name.to_owned(), is_spelled: false });
            self.places.insert(name.to_owned(), place);
            place
        })
    }

    pub(crate) fn has_column(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// The values of a column where there are any.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = &Value> {
        let place = self.places.get(name).copied();
        let value =
            move |row: &'_ Vec<Value>| place.is_some_and(|place| row.get(place).is_some_and(|one| !one.is_null()));
        self.rows.iter().filter(move |row| value(row)).filter_map(move |row| row.get(place?))
    }

    /// Gives a column another name. Where there is a column of that name already, the two become one, unless a row has
    /// values in both.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        let Some(old) = self.places.get(from).copied().filter(|_| from != to) else { return };
        let Some(new) = self.places.get(to).copied() else {
            self.places.remove(from);
            self.places.insert(to.to_owned(), old);
            to.clone_into(&mut self.columns[old].name);
            return;
        };
        let filled = |row: &[Value], place: usize| row.get(place).is_some_and(|value| !value.is_null());
        if self.rows.iter().any(|row| filled(row, old) && filled(row, new)) {
            return;
        }
        for row in &mut self.rows {
            if filled(row, old) {
                row.resize(row.len().max(new + 1), Value::Null);
                row.swap(old, new);
            }
            if old < row.len() {
                row.remove(old);
            }
        }
        self.columns[new].is_spelled |= self.columns[old].is_spelled;
        self.columns.remove(old);
        self.places = self.columns.iter().enumerate().map(|(place, column)| (column.name.clone(), place)).collect();
    }

    /// Gives each column values of one kind: what was spelled becomes numbers or yes and no where all of it can be read so,
    /// and a column of texts and of other values has texts.
    pub(crate) fn settle(&mut self) {
        for (place, column) in self.columns.iter().enumerate() {
            let cells = || self.rows.iter().filter_map(|row| row.get(place)).filter(|value| !value.is_null());
            let read = if column.is_spelled { Reading::of(cells()) } else { None };
            let has_texts = cells().any(Value::is_string);
            let is_mixed = has_texts && cells().any(|value| !value.is_string());
            if read.is_none() && !is_mixed {
                continue;
            }
            for value in self.rows.iter_mut().filter_map(|row| row.get_mut(place)) {
                match (&read, &*value) {
                    (_, Value::Null) => {}
                    (Some(reading), Value::String(text)) => *value = reading.value(text),
                    (None, Value::String(_)) => {}
                    (None, other) => *value = Value::String(other.to_string()),
                    (Some(_), _) => {}
                }
            }
        }
    }

    /// What was not taken, in words.
    pub(crate) fn left(&self) -> impl Iterator<Item = String> {
        let Left { rows, columns, nested } = &self.left;
        let rows = (*rows > 0).then(|| format!("{} of {} over its bound", counted(*rows, "row"), self.name));
        let listed = |names: &BTreeSet<String>, what: &str| {
            let names: Vec<&String> = names.iter().collect();
            (!names.is_empty()).then(|| format!("{what} of {}: {}", self.name, domain::naming::names(&names)))
        };
        let most = count(MOST_COLUMNS as u64);
        let columns = listed(columns, &format!("columns over the first {most}"));
        rows.into_iter().chain(columns).chain(listed(nested, "lists and objects"))
    }
}

/// What an input without a name is called.
pub(crate) fn input_at(place: usize) -> String {
    format!("input_{place}")
}

/// Names for a sentence; more than these are not counted.
fn keep_few(names: &mut BTreeSet<String>, name: String) {
    const MOST: usize = 100;
    if names.len() < MOST {
        names.insert(name);
    }
}

/// How the texts of a spelled column are read.
enum Reading {
    Numbers,
    YesAndNo,
    Texts,
}

impl Reading {
    /// `None` where they stay as they are: among other values too few could be read.
    fn of<'v>(cells: impl Iterator<Item = &'v Value>) -> Option<Self> {
        let (mut numbers, mut truths, mut seen, mut only_texts) = (true, true, false, true);
        for cell in cells {
            match cell {
                Value::String(text) if is_blank(text) => {}
                Value::String(text) => {
                    seen = true;
                    numbers &= number(text).is_some();
                    truths &= truth(text).is_some();
                }
                Value::Number(_) => (truths, only_texts) = (false, false),
                _ => (numbers, only_texts) = (false, false),
            }
        }
        match () {
            () if numbers && seen => Some(Self::Numbers),
            () if truths && seen => Some(Self::YesAndNo),
            () if only_texts => Some(Self::Texts),
            () => None,
        }
    }

    fn value(&self, text: &str) -> Value {
        match self {
            _ if text.trim().is_empty() => Value::Null,
            Self::Numbers => number(text).unwrap_or(Value::Null),
            Self::YesAndNo => truth(text).map_or(Value::Null, Value::Bool),
            Self::Texts => Value::String(text.to_owned()),
        }
    }
}

/// Nothing, or what programs print for a number that is none.
fn is_blank(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "" | "nan" | "null")
}

fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A finite number; `00501` is a code.
fn number(text: &str) -> Option<Value> {
    let plain = text.trim();
    let digits = plain.trim_start_matches('-');
    let is_code = digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit();
    if is_code || !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    match plain.parse::<i64>() {
        Ok(whole) => Some(whole.into()),
        Err(_) => plain.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn spelled(name: &str, text: &str) -> Cell {
        Cell { is_spelled: true, ..Cell::of(name, text) }
    }

    #[test]
    fn a_spelled_column_is_read_as_one_kind() {
        let mut table = BroughtTable::new("rows", None);
        table.push([spelled("a", "1"), spelled("code", "00501"), spelled("b", "True"), Cell::of("id", "7")]);
        table.push([Cell::of("a", 2.5), spelled("code", "10501"), spelled("b", ""), Cell::of("id", 8)]);
        table.push([spelled("a", "NaN"), spelled("late", "x")]);
        table.settle();
        let lines: Vec<Value> = table.json_lines().lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        assert_eq!(lines[0], json!({"a": 1, "code": "00501", "b": true, "id": "7", "late": null}));
        assert_eq!(lines[1], json!({"a": 2.5, "code": "10501", "b": null, "id": "8", "late": null}));
        assert_eq!(lines[2], json!({"a": null, "code": null, "b": null, "id": null, "late": "x"}));
    }

    #[test]
    fn columns_become_one_where_no_row_has_both() {
        let mut table = BroughtTable::new("rows", None);
        table.push([Cell::of("output", 1), Cell::of("x", 5)]);
        table.push([Cell::of("score", 2), Cell::of("late", 6)]);
        table.rename("output", "score");
        assert_eq!(table.columns().collect::<Vec<_>>(), ["x", "score", "late"]);
        assert_eq!(table.json_lines(), "{\"x\":5,\"score\":1,\"late\":null}\n{\"x\":null,\"score\":2,\"late\":6}\n");
        table.push([Cell::of("x", 1), Cell::of("score", 2)]);
        table.rename("x", "score");
        assert_eq!(table.columns().count(), 3);
        table.rename("x", "y");
        assert!(table.has_column("y") && !table.has_column("x"));
        assert_eq!(table.values("y").count(), 2);
    }

    #[test]
    fn what_is_too_much_or_no_value_is_said_to_be_left() {
        let mut table = BroughtTable::new("rows", None);
        table.push((0..MOST_COLUMNS + 1).map(|place| Cell::of(format!("c{place}"), 1)));
        table.push([Cell::of("c0", json!([1, 2]))]);
        let left: Vec<String> = table.left().collect();
        assert_eq!(left, ["columns over the first 2,000 of rows: c2000", "lists and objects of rows: c0"]);
    }
}
