//! A table as an object of its columns and its rows: W&B's `….table.json`, pandas' `to_json(orient="split")`, which MLflow
//! writes for examples: <https://docs.wandb.ai/guides/models/tables/>.

use domain::Problem;
use serde_json::Value;

use crate::given::Given;
use crate::seen::Seen;
use crate::table::{BroughtTable, Cell};
use crate::{Brought, Connector, json};

pub(super) static TABLE: Connector = Connector {
    id: "split_table",
    tool: "Weights & Biases",
    words: "table of Weights & Biases, or of pandas with orient=\"split\", JSON",
    proven_on: "W&B 0.16 and 0.31, pandas 2",
    takes: "the rows",
    leaves: "images and other media, the index of pandas",
    recognise,
    read,
};

/// These keys and nothing else that means anything.
fn recognise(seen: &Seen<'_>) -> bool {
    const KEYS: [&str; 7] = ["columns", "data", "index", "ncols", "nrows", "column_types", "_type"];
    let mut top = seen.json.paths().filter(|path| !path.contains(['.', '[']));
    !seen.json.is_list()
        && seen.json.word("columns[]").is_some()
        && seen.json.has("data")
        && (seen.json.has("data[][]") || !seen.json.has("data[]"))
        && top.all(|key| KEYS.contains(&key))
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let columns: Vec<String> = json::list(&document, &["columns"]).map(name).collect();
    let mut table = BroughtTable::new("table", None);
    for row in json::list(&document, &["data"]) {
        table
            .push(columns.iter().zip(json::list(row, &[])).map(|(name, value)| Cell::of(name.as_str(), value.clone())));
    }
    if table.rows() == 0 {
        return Err(given.bad("its table has no rows; log it again"));
    }
    table.settle();
    Ok(Brought { tables: vec![table], ..Brought::default() })
}

fn name(column: &Value) -> String {
    column.as_str().map_or_else(|| column.to_string(), str::to_owned)
}
