//! The map in seven rows: each layer with its verdict. It names no column and no figure, so that it can stand where anybody
//! sees it.

use super::{Align, Axis, Chart, Mark, Scene, Shape, Table, Tone, Value};
use crate::Diagnosis;
use crate::Verdict;
use crate::mark::Mark as Sign;

pub const CHART: Chart = Chart { id: "layers", draw: |diagnosis, _| Ok(scene(diagnosis)) };

pub fn scene(diagnosis: &Diagnosis) -> Scene {
    let signs: Vec<(String, Sign)> = diagnosis
        .layers
        .iter()
        .map(|layer| (layer.layer.text().title.to_owned(), diagnosis.mark_of_layer(layer)))
        .collect();
    let names: Vec<String> = signs.iter().map(|(name, _)| name.clone()).collect();
    let rows = signs.len();
    Scene {
        title: "The debugging map".to_owned(),
        summary: signs.iter().map(|(name, sign)| format!("{name}: {}", sign.word())).collect::<Vec<_>>().join("; "),
        marks: signs.iter().enumerate().flat_map(|(row, (_, sign))| row_of(*sign, row, rows)).collect(),
        table: Table::ours(
            ["layer", "verdict"],
            signs.iter().map(|(name, sign)| [Value::Text(name.clone()), Value::Text(sign.word().to_owned())]),
        ),
        ..Scene::on(CHART.id, Shape::Rows(rows), Axis::none(), Axis::names_down(&names, ""))
    }
}

/// A tile as long as it is urgent, with its word: colour is not the only sign.
fn row_of(sign: Sign, row: usize, rows: usize) -> [Mark; 2] {
    let height = 1.0 / rows.max(1) as f64;
    let middle = 1.0 - (row as f64 + 0.5) * height;
    let (tone, width) = match sign {
        Sign::Verdict(Verdict::Mismatch) => (Tone::Bad, 0.7),
        Sign::Verdict(Verdict::Possible) => (Tone::Serve, 0.45),
        Sign::Standing => (Tone::Quiet, 0.3),
        Sign::Verdict(Verdict::Clear) | Sign::Partly => (Tone::Negative, 0.15),
        Sign::Verdict(Verdict::NoEvidence) => (Tone::Guide, 0.05),
    };
    let tile = Mark::Tile { tone, low: (0.0, middle - 0.3 * height), high: (width, middle + 0.3 * height), shade: 0.8 };
    let words = Mark::Text {
        tone: Tone::Model,
        at: (width, middle),
        align: Align::Start,
        shift: (8.0, 4.0),
        words: sign.word().to_owned(),
    };
    [tile, words]
}
