//! Two columns at once on one side: a tile for each cell, the darker the more rows.

use super::super::format;
use super::super::scale::Scale;
use super::super::ticks::Tick;
use super::{Axis, Hover, Key, Mark, Place, Scene, Shape, Table, Tone, Value};
use crate::number::{self, counted};
use crate::selection::{Association, PairAnswer, PairAxis, PairCells, PairSide};
use crate::snapshot::{ColumnKind, SnapshotRole};

/// Its name in files. It is asked for by two columns, so no address of a diagnosis has it.
pub const ID: &str = "pair";

/// The longest name of a value at an axis, in characters.
const LONGEST: usize = 12;

/// Ends of cells that are written at an axis.
const WRITTEN: usize = 6;

/// One side of the answer. All sides have one scale of shades, so that they can be compared.
pub fn scene(answer: &PairAnswer, side: &PairSide) -> Scene {
    let (x, y) = (&answer.x, &answer.y);
    let most = answer.sides.iter().flat_map(shares).map(|(_, share)| share).fold(0.0, f64::max);
    let tone = tone(side.role);
    let tile = |(cell, share): ((usize, usize), f64)| {
        let (low, high) = corners(answer, cell);
        // The root, so that cells with few rows are seen next to the fullest one.
        Mark::Tile { tone, low, high, shade: (share / most).sqrt() }
    };
    let tiles = shares(side).into_iter().filter(|(_, share)| *share > 0.0).map(tile);
    let rings = side.marked.iter().flat_map(|marked| marked_dots(answer, side, marked));
    let legend = [Key::new(tone, format!("{} of {}", counted(in_cells(side), "row"), side.role.id()))]
        .into_iter()
        .chain(side.marked.as_ref().map(|marked| {
            let rows: u64 = marked.iter().flatten().sum();
            Key::new(Tone::Selected, format!("{}; the larger a dot, the more of its cell", counted(rows, "marked row")))
        }));
    Scene {
        title: format!("{} and {} in {}", x.column, y.column, side.role.id()),
        summary: summary(side),
        marks: tiles.chain(rings).collect(),
        hovers: hovers(answer, side),
        legend: legend.collect(),
        note: note(side),
        table: table(answer, side),
        ..Scene::on(ID, Shape::Square, axis(x), axis(y))
    }
}

fn tone(role: SnapshotRole) -> Tone {
    if role == SnapshotRole::Train { Tone::Train } else { Tone::Serve }
}

fn in_cells(side: &PairSide) -> u64 {
    side.rows.iter().flatten().sum()
}

/// Each cell, by its place in x and y, with its share of the rows.
fn shares(side: &PairSide) -> Vec<((usize, usize), f64)> {
    let all = in_cells(side).max(1) as f64;
    let of_row = |(y, row): (usize, &Vec<u64>)| -> Vec<((usize, usize), f64)> {
        row.iter().enumerate().map(|(x, rows)| ((x, y), *rows as f64 / all)).collect()
    };
    side.rows.iter().enumerate().flat_map(of_row).collect()
}

fn corners(answer: &PairAnswer, (x, y): (usize, usize)) -> (Place, Place) {
    let (width, height) = (1.0 / answer.x.len().max(1) as f64, 1.0 / answer.y.len().max(1) as f64);
    ((x as f64 * width, y as f64 * height), ((x + 1) as f64 * width, (y + 1) as f64 * height))
}

/// A dot in each cell with marked rows, by their share of it.
fn marked_dots(answer: &PairAnswer, side: &PairSide, marked: &[Vec<u64>]) -> Vec<Mark> {
    const SIZES: [f64; 3] = [1.5, 2.5, 4.0];
    let size = |part: f64| {
        if part > 0.5 {
            SIZES[2]
        } else if part > 0.1 {
            SIZES[1]
        } else {
            SIZES[0]
        }
    };
    let mut by_size: [Vec<Place>; 3] = Default::default();
    for (y, (row, all)) in marked.iter().zip(&side.rows).enumerate() {
        for (x, (rows, all)) in row.iter().zip(all).enumerate().filter(|(_, (rows, _))| **rows > 0) {
            let (low, high) = corners(answer, (x, y));
            let of_size = size(*rows as f64 / (*all).max(1) as f64);
            if let Some(at) = SIZES.iter().position(|one| *one == of_size) {
                by_size[at].push(((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0));
            }
        }
    }
    let dots = |(places, size): (Vec<Place>, f64)| {
        let words = vec![String::new(); places.len()];
        (!places.is_empty()).then_some(Mark::Points { tone: Tone::Selected, places, size, words })
    };
    by_size.into_iter().zip(SIZES).filter_map(dots).collect()
}

/// The association with its interval.
pub fn association_words(found: &Association) -> String {
    let interval = found.low.zip(found.high).map(|(low, high)| {
        format!(" (95 % interval {} to {})", number::significant(low, 2), number::significant(high, 2))
    });
    format!("{} {}{}", found.by.words(), number::significant(found.value, 2), interval.unwrap_or_default())
}

fn summary(side: &PairSide) -> String {
    match &side.association {
        Some(found) => format!("{}.", association_words(found)),
        None => {
            "How strongly the two go together is not defined here: one of them is constant, or there are too few rows."
                .to_owned()
        }
    }
}

fn note(side: &PairSide) -> String {
    let missing = (side.missing > 0)
        .then(|| format!("Left out, as they lack one of the two values: {}.", counted(side.missing, "row")));
    let sampled = (side.examined < side.total)
        .then(|| format!("A sample of {} of {} rows.", number::count(side.examined), number::count(side.total)));
    [missing, sampled].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Ends of cells for numbers, names in the middle for values.
fn axis(axis: &PairAxis) -> Axis {
    let parts = axis.len().max(1) as f64;
    let scale = Scale::linear(0.0, parts);
    let name = match axis.kind {
        ColumnKind::Datetime => format!("{} (UTC)", axis.column),
        ColumnKind::Text => format!("length of {}, in characters", axis.column),
        _ => axis.column.clone(),
    };
    let ticks = match &axis.cells {
        PairCells::Edges(edges) => {
            let every = edges.len().div_ceil(WRITTEN).max(1);
            let around = (edges.first().copied().unwrap_or(0.0), edges.last().copied().unwrap_or(1.0));
            let written = edges.iter().enumerate().step_by(every);
            written
                .map(|(at, edge)| Tick {
                    position: at as f64 / parts,
                    label: format::value_among(*edge, axis.kind, around),
                })
                .collect()
        }
        PairCells::Values { .. } => {
            let tick = |cell: usize| Tick {
                position: (cell as f64 + 0.5) / parts,
                label: format::shortened(&cell_words(axis, cell), LONGEST),
            };
            (0..axis.len()).map(tick).collect()
        }
    };
    Axis { scale, ticks, name }
}

/// What a cell holds: `10 to 20`, or a value.
pub fn cell_words(axis: &PairAxis, cell: usize) -> String {
    match &axis.cells {
        PairCells::Edges(edges) => {
            let around = (edges.first().copied().unwrap_or(0.0), edges.last().copied().unwrap_or(1.0));
            let end =
                |at: usize| edges.get(at).map_or(String::new(), |edge| format::value_among(*edge, axis.kind, around));
            format!("{} to {}", end(cell), end(cell + 1))
        }
        PairCells::Values { values, .. } => values.get(cell).cloned().unwrap_or_else(|| "other values".to_owned()),
    }
}

fn hovers(answer: &PairAnswer, side: &PairSide) -> Vec<Hover> {
    let filled = shares(side).into_iter().filter(|(_, share)| *share > 0.0);
    let hover = |((x, y), share): ((usize, usize), f64)| {
        let (low, high) = corners(answer, (x, y));
        let marked = side.marked.as_ref().map(|marked| format!(", {} marked", number::count(marked[y][x])));
        let words = format!(
            "{} {}, {} {}: {} ({}){}",
            answer.x.column,
            cell_words(&answer.x, x),
            answer.y.column,
            cell_words(&answer.y, y),
            counted(side.rows[y][x], "row"),
            number::percent(share),
            marked.unwrap_or_default()
        );
        Hover { low, high, words }
    };
    filled.map(hover).collect()
}

fn table(answer: &PairAnswer, side: &PairSide) -> Table {
    let filled = shares(side).into_iter().filter(|(_, share)| *share > 0.0);
    let rows = filled.map(|((x, y), share)| {
        [
            Value::Text(cell_words(&answer.x, x)),
            Value::Text(cell_words(&answer.y, y)),
            Value::Count(side.rows[y][x]),
            Value::Share(share),
        ]
    });
    let mut table = Table::ours(["x", "y", "rows", "share"], rows);
    for (head, axis) in table.heads.iter_mut().zip([&answer.x, &answer.y]) {
        *head = super::Head::theirs(&axis.column);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selection::AssociationBy;

    fn answer() -> PairAnswer {
        let side = |role, rows: [[u64; 2]; 2], marked: Option<[[u64; 2]; 2]>| PairSide {
            role,
            examined: 100,
            total: 1_000,
            missing: 1,
            rows: rows.iter().map(|row| row.to_vec()).collect(),
            marked: marked.map(|rows| rows.iter().map(|row| row.to_vec()).collect()),
            association: Some(Association { by: AssociationBy::CramersV, value: 0.5, low: None, high: None }),
        };
        PairAnswer {
            x: PairAxis {
                column: "amount".into(),
                kind: ColumnKind::Numeric,
                cells: PairCells::Edges(vec![0.0, 5.0, 10.0]),
            },
            y: PairAxis {
                column: "plan".into(),
                kind: ColumnKind::Categorical,
                cells: PairCells::Values { values: vec!["free".into()], others: true },
            },
            sides: vec![
                side(SnapshotRole::Train, [[50, 0], [25, 25]], None),
                side(SnapshotRole::Serve, [[100, 0], [0, 0]], Some([[20, 0], [0, 0]])),
            ],
        }
    }

    #[test]
    fn cells_with_rows_are_tiles_on_one_scale_of_shades() {
        let answer = answer();
        let train = scene(&answer, &answer.sides[0]);
        let shades: Vec<f64> = train
            .marks
            .iter()
            .filter_map(|mark| if let Mark::Tile { shade, .. } = mark { Some(*shade) } else { None })
            .collect();
        // The fullest cell of all is the one of serve.
        assert_eq!(shades, [0.5_f64.sqrt(), 0.5, 0.5]);
        assert_eq!((train.hovers.len(), train.table.rows.len()), (3, 3));
        assert_eq!(train.hovers[1].words, "amount 0 to 5, plan other values: 25 rows (25 %)");
        assert_eq!(train.note, "Left out, as they lack one of the two values: 1 row. A sample of 100 of 1,000 rows.");
        assert_eq!(train.summary, "Cramér's V 0.5.");
    }

    #[test]
    fn marked_rows_are_dots_in_their_cells() {
        let answer = answer();
        let serve = scene(&answer, &answer.sides[1]);
        let dots: Vec<(usize, f64)> = serve
            .marks
            .iter()
            .filter_map(
                |mark| if let Mark::Points { places, size, .. } = mark { Some((places.len(), *size)) } else { None },
            )
            .collect();
        assert_eq!(dots, [(1, 2.5)]);
        assert_eq!(serve.hovers[0].words, "amount 0 to 5, plan free: 100 rows (100 %), 20 marked");
        assert_eq!(serve.legend.len(), 2);
    }
}
