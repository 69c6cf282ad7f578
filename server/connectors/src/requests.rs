//! Requests with their answers as the rows of one table.

use std::collections::BTreeSet;

use domain::number::counted;
use domain::snapshot::{ColumnRole, SnapshotRole};
use jiff::Timestamp;

use crate::json;
use crate::payload::{Part, Row};
use crate::table::{BroughtTable, Cell, input_at};

/// A single value of an answer until all of them are known.
const OUTPUT: &str = "output";
/// The place of a row in a request of several.
const PLACE: &str = "row_of_request";
/// What answers call a score.
const SCORES: [&str; 7] = ["score", "scores", "probability", "probabilities", "proba", "prob", "confidence"];
/// And what a prediction.
const PREDICTIONS: [&str; 6] = ["prediction", "predicted", "predicted_label", "predicted_class", "label", "class"];

/// Requests as they come.
pub(crate) struct Requests {
    table: BroughtTable,
    /// Names of inputs in their order, as a request told them; empty once two differ.
    names: Option<Vec<String>>,
    /// What the answers name themselves; a column of inputs may have the same name.
    answered: BTreeSet<String>,
    /// Requests whose answer has another number of rows.
    uneven: u64,
}

impl Requests {
    /// With what is said of each request, and what it is for.
    pub fn new(name: &str, about: &[(ColumnRole, &str)]) -> Self {
        let table = BroughtTable::new(name, Some(SnapshotRole::Serve)).with_part(ColumnRole::Ignore, PLACE);
        let table = about.iter().fold(table, |table, (part, column)| table.with_part(*part, column));
        Self { table, names: None, answered: BTreeSet::new(), uneven: 0 }
    }

    /// One request: what is said of it, the rows that were sent, and the rows of the answer. Each row sent becomes a row, with
    /// its place where they are several.
    pub fn add(&mut self, about: &[Cell], sent: Vec<Row>, answer: Vec<Row>) {
        let answer = spread(answer, sent.len());
        if !sent.is_empty() && !answer.is_empty() && sent.len() != answer.len() {
            self.uneven += 1;
        }
        let several = sent.len().max(answer.len()) > 1;
        let mut answers = answer.into_iter();
        let mut sent = sent.into_iter();
        let mut place = 0_u64;
        loop {
            let (inputs, outputs) = (sent.next(), answers.next());
            if place > 0 && inputs.is_none() && outputs.is_none() {
                break;
            }
            let mut cells = about.to_vec();
            cells.extend(several.then(|| Cell::of(PLACE, place)));
            self.note_names(inputs.as_deref().unwrap_or_default());
            let own = |name: &str| about.iter().any(|cell| cell.name == name);
            let inputs = inputs.into_iter().flat_map(|row| named(row, input_at));
            cells.extend(inputs.map(|cell| match own(&cell.name) {
                true => Cell { name: format!("input_{}", cell.name), ..cell },
                false => cell,
            }));
            let taken: Vec<String> = cells.iter().map(|cell| cell.name.clone()).collect();
            for cell in outputs.map(output).into_iter().flatten() {
                if taken.contains(&cell.name) {
                    cells.push(Cell { name: format!("{OUTPUT}_{}", cell.name), ..cell });
                } else {
                    self.answered.insert(cell.name.clone());
                    cells.push(cell);
                }
            }
            self.table.push(cells);
            place += 1;
        }
    }

    /// What the single values of the answers are: as some answers call them, else by their values.
    fn target(&self) -> (ColumnRole, &'static str) {
        const SCORE: (ColumnRole, &str) = (ColumnRole::Score, "score");
        const PREDICTION: (ColumnRole, &str) = (ColumnRole::Prediction, "prediction");
        let numbers: Option<Vec<f64>> = self.table.values(OUTPUT).map(json::finite).collect();
        let numbers = numbers.unwrap_or_default();
        let are_shares = numbers.iter().all(|number| (0.0..=1.0).contains(number));
        match () {
            () if self.answered.contains(SCORE.1) => SCORE,
            () if self.answered.contains(PREDICTION.1) => PREDICTION,
            () if are_shares && numbers.iter().any(|number| number.fract() != 0.0) => SCORE,
            () => PREDICTION,
        }
    }

    fn note_names(&mut self, inputs: &[Part]) {
        let names: Option<Vec<String>> = inputs.iter().map(|part| part.name.clone()).collect();
        let Some(names) = names.filter(|names| !names.is_empty()) else { return };
        match &mut self.names {
            Some(known) if *known == names => {}
            Some(known) => known.clear(),
            unknown => *unknown = Some(names),
        }
    }

    /// The table, with its outputs named by what they are, and what was left of it.
    pub fn table(mut self) -> (BroughtTable, Option<String>) {
        // What one request names holds for those that have as many values without names.
        self.table.name_inputs(&self.names.take().unwrap_or_default());
        let (part, target) = self.target();
        self.table.rename(OUTPUT, target);
        let column = if self.table.has_column(OUTPUT) { OUTPUT } else { target };
        self.table = self.table.with_part(part, column);
        self.table.settle();
        let uneven = (self.uneven > 0)
            .then(|| format!("{} whose answer has another number of rows", counted(self.uneven, "request")));
        (self.table, uneven)
    }
}

/// Of several rows sent in one request, some servers answer all on one line.
fn spread(answer: Vec<Row>, rows: usize) -> Vec<Row> {
    match <[Row; 1]>::try_from(answer) {
        Ok([one]) if rows > 1 && one.len() == rows && one.iter().all(|part| part.name.is_none()) => {
            one.into_iter().map(|part| vec![part]).collect()
        }
        Ok([one]) => vec![one],
        Err(answer) => answer,
    }
}

/// The cells of a row, those without a name by their place.
fn named(row: Row, by_place: fn(usize) -> String) -> impl Iterator<Item = Cell> {
    row.into_iter().enumerate().map(move |(place, part)| Cell {
        name: part.name.unwrap_or_else(|| by_place(place)),
        value: part.value,
        is_spelled: part.is_spelled,
    })
}

/// A single value is the prediction or its score; where its name does not say which, all of them together do.
fn output(row: Row) -> Vec<Cell> {
    match <[Part; 1]>::try_from(row) {
        Ok([one]) => {
            let called = one.name.as_deref().unwrap_or_default().to_lowercase();
            let name = match called.as_str() {
                name if SCORES.contains(&name) => "score",
                name if PREDICTIONS.contains(&name) => "prediction",
                _ => OUTPUT,
            };
            vec![Cell { name: name.to_owned(), value: one.value, is_spelled: one.is_spelled }]
        }
        Err(row) => named(row, |place| format!("{OUTPUT}_{place}")).collect(),
    }
}

/// That inputs have no names, where it is so.
pub(crate) fn note_of_places(table: &BroughtTable) -> Option<String> {
    let inputs = table.inputs_by_place();
    (inputs > 0).then(|| {
        format!(
            "The file has no names for the {} of a request: they are called {}, by their place.",
            counted(inputs as u64, "input"),
            (0..inputs.min(2)).map(input_at).chain((inputs > 2).then(|| "…".to_owned())).collect::<Vec<_>>().join(", ")
        )
    })
}

/// A time as texts of tables have it.
pub(crate) fn iso(ms: i64) -> Option<String> {
    Timestamp::from_millisecond(ms).ok().map(|time| time.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::payload;

    fn rows(requests: Vec<(Value, Value)>) -> Vec<Value> {
        let mut all = Requests::new("requests", &[(ColumnRole::Id, "id")]);
        for (place, (sent, answer)) in requests.into_iter().enumerate() {
            all.add(&[Cell::of("id", place)], payload::of_json(&sent), payload::of_json(&answer));
        }
        all.table().0.json_lines().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    #[test]
    fn a_single_output_is_a_score_or_a_prediction_by_its_values() {
        let one = rows(vec![(json!([1, 2]), json!([0.5])), (json!([3, 4]), json!({"score": 0.25}))]);
        assert_eq!(one[0], json!({"id": 0, "input_0": 1, "input_1": 2, "score": 0.5}));
        assert_eq!(one[1], json!({"id": 1, "input_0": 3, "input_1": 4, "score": 0.25}));
        let labels = rows(vec![(json!({"a": 1}), json!(["no"])), (json!({"a": 2}), Value::Null)]);
        assert_eq!(
            labels,
            [json!({"id": 0, "a": 1, "prediction": "no"}), json!({"id": 1, "a": 2, "prediction": null})]
        );
    }

    #[test]
    fn rows_of_one_request_keep_their_answers_and_names_told_once_hold_for_all() {
        let split = json!({"columns": ["x", "y"], "data": [[1, 2], [3, 4]]});
        let read = rows(vec![(split, json!({"predictions": [7, 8]})), (json!([[5, 6]]), json!([9]))]);
        assert_eq!(read[1], json!({"id": 0, "row_of_request": 1, "x": 3, "y": 4, "prediction": 8}));
        assert_eq!(read[2], json!({"id": 1, "row_of_request": null, "x": 5, "y": 6, "prediction": 9}));
    }

    #[test]
    fn answers_on_one_line_and_an_output_with_the_name_of_an_input() {
        let read = rows(vec![(json!([[1], [2]]), json!([0.1, 0.2]))]);
        assert_eq!(read[1]["score"], json!(0.2));
        let same = rows(vec![(json!({"a": 1, "b": 2}), json!({"a": 3, "c": 4}))]);
        assert_eq!(same, [json!({"id": 0, "a": 1, "b": 2, "output_a": 3, "c": 4})]);
        let taken = rows(vec![(json!({"score": 5}), json!([0.5])), (json!({"score": 6}), json!([0.25]))]);
        assert_eq!(taken[0], json!({"id": 0, "score": 5, "output": 0.5}));
        let own = rows(vec![(json!({"id": 7}), json!({"predicted_label": 0.5}))]);
        assert_eq!(own, [json!({"id": 0, "input_id": 7, "prediction": 0.5})]);
    }
}
