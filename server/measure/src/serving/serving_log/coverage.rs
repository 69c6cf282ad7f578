//! How often each field was logged.

use std::collections::BTreeMap;

use domain::Profile;
use domain::measurements::serving_log::{FieldCoverage, FieldPart};
use serde_json::{Map, Value};
use stats::intervals::Share;
use stats::scan::densest_stretch;

use super::requests::Requests;
use crate::monitoring::time_windows::{InOrder, missing};

/// Nearly every request, late or early ones aside.
const MISSING_WHEN_STOPPED: f64 = 0.9;
/// Different keys of the inputs that are followed.
const MOST_KEYS: usize = 1_000;

pub(super) fn fields(requests: &Requests<'_>, train: Option<&Profile>) -> Vec<FieldCoverage> {
    let successful = requests.successful();
    let columns = &requests.columns;
    let parts = [
        (&columns.version, FieldPart::Answer),
        (&columns.output, FieldPart::Answer),
        (&columns.confidence, FieldPart::Answer),
        (&columns.id, FieldPart::Request),
        (&columns.time, FieldPart::Request),
        (&columns.inputs, FieldPart::Request),
    ];
    let mut fields: Vec<FieldCoverage> = parts
        .into_iter()
        .filter_map(|(name, part)| Some((name.as_ref()?, part, requests.column(name.as_ref())?)))
        .map(|(name, part, column)| {
            let absent = missing(column);
            let marks: Vec<bool> = successful.iter().map(|(_, row)| absent[*row]).collect();
            covered(name.clone(), part, &successful, &marks, None)
        })
        .collect();
    fields.extend(input_keys(requests, &successful, train));
    fields
}

/// Each key of the inputs, over the requests whose inputs were logged. A key with a null is as good as none.
fn input_keys(requests: &Requests<'_>, successful: &[(i64, usize)], train: Option<&Profile>) -> Vec<FieldCoverage> {
    let Some(name) = &requests.columns.inputs else { return Vec::new() };
    let Some(text) = requests.column(Some(name)).and_then(|column| column.str().ok()) else { return Vec::new() };
    let mut rows = Vec::new();
    let mut present: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (time, row) in successful {
        // Text that is no object says nothing about keys; the column's own coverage is judged apart.
        let Some(Ok(object)) = text.get(*row).map(serde_json::from_str::<Map<String, Value>>) else { continue };
        for (key, value) in object {
            if !value.is_null() && (present.len() < MOST_KEYS || present.contains_key(&key)) {
                present.entry(key).or_default().push(rows.len());
            }
        }
        rows.push((*time, *row));
    }
    present
        .into_iter()
        .map(|(key, places)| {
            let mut marks = vec![true; rows.len()];
            for place in places {
                marks[place] = false;
            }
            let in_train =
                train.and_then(|train| train.column(&key)).map(|column| Share::new(column.nulls, column.rows));
            covered(format!("{name}.{key}"), FieldPart::InputKey, &rows, &marks, in_train)
        })
        .collect()
}

fn covered(
    field: String,
    part: FieldPart,
    rows: &[(i64, usize)],
    marks: &[bool],
    train_missing: Option<Share>,
) -> FieldCoverage {
    let stretch = densest_stretch(marks, MISSING_WHEN_STOPPED, train_missing.unwrap_or(Share::new(0, 0)));
    FieldCoverage {
        field,
        part,
        missing: Share::new(marks.iter().filter(|absent| **absent).count() as u64, marks.len() as u64),
        stretch: stretch.map(|stretch| InOrder::timed(rows, &stretch)),
        train_missing,
    }
}
