//! Categories: one pair of level bars each, largest in train first.

use super::super::format;
use super::column_view::Height;
use super::marks::shares;
use super::{Axis, Hover, Key, Mark, Scene, Shape, Table, Tone, Value};
use crate::comparison::CategoryChart;

/// Bars drawn; the table behind the chart holds them all.
pub const SHOWN: usize = 20;

/// The longest bar leaves a fifth of the width to its number.
const LONGEST: f64 = 0.8;

pub fn scene(column: &str, data: &CategoryChart, height: Height) -> Scene {
    let counts = [&data.reference, &data.current];
    let shares = counts.map(|counts| shares(counts));
    let sizes = match height {
        Height::Share => shares.clone(),
        Height::Count => counts.map(|counts| counts.iter().map(|count| *count as f64).collect()),
    };
    let top = sizes.iter().flatten().copied().fold(f64::MIN_POSITIVE, f64::max);
    let shown = data.labels.len().min(SHOWN);
    let hidden = data.labels.len() - shown;
    let bar = |row: usize, side: usize| {
        let (tone, offset) = [(Tone::Train, 4.0), (Tone::Serve, 17.0)][side];
        let value = match height {
            Height::Share => format::share(shares[side][row]),
            Height::Count => format::count(counts[side][row]),
        };
        let (high, low) = (level(row, offset, shown), level(row, offset + 12.0, shown));
        Mark::Bar { tone, low: (0.0, low), high: (sizes[side][row] / top * LONGEST, high), value }
    };
    let labels: Vec<String> = data.labels.iter().take(shown).map(|label| shown_label(label)).collect();
    Scene {
        title: format!("How often each value of {column} occurs in train and in serve"),
        summary: summary(data, &shares),
        marks: (0..shown).flat_map(|row| [bar(row, 0), bar(row, 1)]).collect(),
        hovers: (0..shown).map(|row| hover(data, &shares, row, shown)).collect(),
        legend: Key::sides(counts.map(|counts| counts.iter().sum())),
        note: if hidden > 0 { format!("{hidden} rarer values are in the table.") } else { String::new() },
        table: table(data, &shares),
        ..Scene::on("column", Shape::Rows(shown), Axis::none(), Axis::names_down(&labels, ""))
    }
}

/// The height at `offset` pixels below the top of a row of [`Shape::ROW`] pixels.
fn level(row: usize, offset: f64, rows: usize) -> f64 {
    1.0 - (row as f64 + offset / Shape::ROW as f64) / rows.max(1) as f64
}

fn shown_label(label: &str) -> String {
    if label.trim().is_empty() { "(blank)".to_owned() } else { format::shortened(label, 20) }
}

fn hover(data: &CategoryChart, shares: &[Vec<f64>; 2], row: usize, rows: usize) -> Hover {
    let part = |share: f64, count: u64| format!("{} ({} rows)", format::share(share), format::count(count));
    let train = part(shares[0][row], data.reference[row]);
    let serve = part(shares[1][row], data.current[row]);
    Hover {
        low: (0.0, level(row + 1, 0.0, rows)),
        high: (1.0, level(row, 0.0, rows)),
        words: format!("{}: train {train}, serve {serve}", data.labels[row]),
    }
}

fn summary(data: &CategoryChart, shares: &[Vec<f64>; 2]) -> String {
    let apart = |row: &usize| (shares[0][*row] - shares[1][*row]).abs();
    let widest = (0..data.labels.len()).max_by(|a, b| apart(a).total_cmp(&apart(b)));
    widest.map_or(String::new(), |row| {
        let [train, serve] = [shares[0][row], shares[1][row]].map(format::share);
        format!("The largest difference: {} is {train} of train and {serve} of serve.", shown_label(&data.labels[row]))
    })
}

fn table(data: &CategoryChart, shares: &[Vec<f64>; 2]) -> Table {
    let rows = data.labels.iter().enumerate().map(|(row, label)| {
        [
            Value::Text(label.clone()),
            Value::Count(data.reference[row]),
            Value::Count(data.current[row]),
            Value::Share(shares[0][row]),
            Value::Share(shares[1][row]),
        ]
    });
    Table::ours(["value", "train", "serve", "train share", "serve share"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_shares_of_their_own_side_and_the_rare_ones_stay_in_the_table() {
        let labels = (0..25).map(|n| format!("v{n}")).collect();
        let mut current = vec![1; 25];
        current[0] = 76;
        let scene = scene("plan", &CategoryChart { labels, reference: vec![4; 25], current }, Height::Share);
        let Mark::Bar { high, value, .. } = &scene.marks[1] else { panic!("no bar") };
        assert_eq!((high.0, value.as_str()), (LONGEST, "76 %"));
        assert_eq!((scene.marks.len(), scene.table.rows.len()), (2 * SHOWN, 25));
        assert_eq!(scene.note, "5 rarer values are in the table.");
        assert_eq!(scene.summary, "The largest difference: v0 is 4 % of train and 76 % of serve.");
    }
}
