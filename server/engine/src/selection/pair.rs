//! Two columns at once: how many rows of each side lie in which cell of both.

use std::collections::HashMap;

use domain::Problem;
use domain::selection::{Association, AssociationBy, PairAnswer, PairAxis, PairCells, PairSide, Selection, Side};
use domain::snapshot::{ColumnKind, SnapshotRole};
use stats::contingency::cramers_v_corrected;
use stats::histogram::chart_edges;
use stats::quantiles::median;
use stats::regression::{correlation_interval, ranks, spearman};

use super::Table;
use super::difference::has_few_values;
use super::values::Values;

/// Cells along an axis of numbers, and values along an axis of words.
const BINS: usize = 20;
const VALUES: usize = 10;

/// Fewer pairs of values than this have no correlation worth telling.
const FEWEST_PAIRS: usize = 10;

/// The variance of Fisher's z for Spearman's correlation, times n - 3 (Fieller, Hartley and Pearson 1957).
const SPEARMAN_VARIANCE: f64 = 1.06;

/// The rows of each table that has both columns, by the cells of both; of these the marked ones, if any are.
///
/// # Errors
/// `NotFound` where no table has both, or without a column that the selection names; `BadInput` for a column that can't be
/// compared, and for one twice.
pub fn pair(tables: &[Table], x: &str, y: &str, marked: Option<&Selection>) -> Result<PairAnswer, Problem> {
    if x == y {
        return Err(Problem::bad_input("Choose two different columns."));
    }
    let both: Vec<&Table> =
        tables.iter().filter(|table| [x, y].iter().all(|name| table.rows.column(name).is_some())).collect();
    let Some(first) = both.first() else {
        return Err(Problem::not_found(format!(
            "Neither train nor serve has both {x:?} and {y:?}. They may have been renamed or left out."
        )));
    };
    let [kind_x, kind_y] = [x, y].map(|name| first.kind(name));
    let along = |name: &str, kind| -> Result<Vec<Values>, Problem> {
        both.iter().map(|table| Ok(Values::of(table.series(name)?, kind))).collect()
    };
    let (axis_x, cells_x) = axis(x, kind_x, along(x, kind_x)?)?;
    let (axis_y, cells_y) = axis(y, kind_y, along(y, kind_y)?)?;
    let mut sides = Vec::with_capacity(both.len());
    for ((table, x), y) in both.iter().zip(&cells_x).zip(&cells_y) {
        let mask = marked
            .filter(|selection| is_about(selection, table.role))
            .map(|selection| table.mask(&vec![true; table.rows.count()], &selection.conditions));
        sides.push(side(table, (&axis_x, x), (&axis_y, y), mask.transpose()?.as_deref()));
    }
    Ok(PairAnswer { x: axis_x, y: axis_y, sides })
}

/// Whether the rows of the selection are rows of the table with this role.
fn is_about(selection: &Selection, role: SnapshotRole) -> bool {
    match selection.side {
        Side::Both => true,
        Side::Train => role == SnapshotRole::Train,
        Side::Serve => role == SnapshotRole::Serve,
        Side::Run { .. } => false,
    }
}

/// The cell and the value of each row of one table; `None` where the value is missing.
struct Placed {
    cells: Vec<Option<usize>>,
    /// Empty for words.
    numbers: Vec<Option<f64>>,
}

/// Cells for the values of all tables together, and where each row lies.
fn axis(column: &str, kind: ColumnKind, tables: Vec<Values>) -> Result<(PairAxis, Vec<Placed>), Problem> {
    if matches!(kind, ColumnKind::Nested | ColumnKind::Empty) {
        return Err(Problem::bad_input(format!("{column:?} holds lists or nothing, which can't be put into cells.")));
    }
    let numbers: Option<Vec<&Vec<Option<f64>>>> =
        tables.iter().map(|values| if let Values::Numbers(numbers) = values { Some(numbers) } else { None }).collect();
    let found = match numbers.filter(|numbers| kind == ColumnKind::Datetime || !has_few_values(numbers)) {
        Some(numbers) => of_numbers(&numbers),
        None => of_words(&tables),
    };
    let (cells, placed) =
        found.ok_or_else(|| Problem::bad_input(format!("{column:?} has no values to put into cells.")))?;
    Ok((PairAxis { column: column.to_owned(), kind, cells }, placed))
}

fn of_numbers(tables: &[&Vec<Option<f64>>]) -> Option<(PairCells, Vec<Placed>)> {
    let sorted: Vec<Vec<f64>> = tables
        .iter()
        .map(|values| {
            let mut present: Vec<f64> = values.iter().flatten().copied().filter(|value| value.is_finite()).collect();
            present.sort_unstable_by(f64::total_cmp);
            present
        })
        .collect();
    let edges = match spans_decades(&sorted) {
        true => {
            let logs: Vec<Vec<f64>> =
                sorted.iter().map(|sample| sample.iter().map(|value| value.log10()).collect()).collect();
            let edges = chart_edges(&logs.iter().map(Vec::as_slice).collect::<Vec<_>>(), BINS)?;
            edges.into_iter().map(|edge| 10.0_f64.powf(edge)).collect()
        }
        false => chart_edges(&sorted.iter().map(Vec::as_slice).collect::<Vec<_>>(), BINS)?,
    };
    let last = edges.len().checked_sub(2)?;
    let cell = |value: f64| edges.partition_point(|edge| *edge <= value).saturating_sub(1).min(last);
    let placed = |values: &&Vec<Option<f64>>| {
        let numbers: Vec<Option<f64>> = values.iter().map(|value| value.filter(|value| value.is_finite())).collect();
        Placed { cells: numbers.iter().map(|value| value.map(cell)).collect(), numbers }
    };
    let placed = tables.iter().map(placed).collect();
    Some((PairCells::Edges(edges), placed))
}

/// Whether equal steps of the logarithm fit: all values are positive, and the largest is over a hundred times the median of a
/// side, which would lie in one cell otherwise.
fn spans_decades(sorted: &[Vec<f64>]) -> bool {
    let filled = || sorted.iter().filter(|sample| !sample.is_empty());
    let largest = filled().filter_map(|sample| sample.last()).copied().fold(f64::MIN, f64::max);
    let smallest_median = filled().map(|sample| median(sample)).fold(f64::INFINITY, f64::min);
    filled().all(|sample| sample.first().is_some_and(|least| *least > 0.0)) && largest > 100.0 * smallest_median
}

/// The most frequent values by their share of a table, so that a value of the smaller table is not lost.
fn of_words(tables: &[Values]) -> Option<(PairCells, Vec<Placed>)> {
    let words: Vec<Vec<Option<String>>> = tables.iter().map(super::difference::to_words).collect();
    let mut shares: HashMap<&str, f64> = HashMap::new();
    for table in &words {
        let share = 1.0 / table.len().max(1) as f64;
        let mut of_table: HashMap<&str, f64> = HashMap::new();
        for word in table.iter().flatten() {
            *of_table.entry(word).or_default() += share;
        }
        for (word, share) in of_table {
            let most = shares.entry(word).or_default();
            *most = most.max(share);
        }
    }
    let mut ranked: Vec<(&str, f64)> = shares.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let others = ranked.len() > VALUES;
    ranked.truncate(if others { VALUES - 1 } else { VALUES });
    let values: Vec<String> = ranked.iter().map(|(word, _)| (*word).to_owned()).collect();
    if values.is_empty() {
        return None;
    }
    let places: HashMap<&str, usize> = values.iter().enumerate().map(|(at, word)| (word.as_str(), at)).collect();
    let cell = |word: &String| places.get(word.as_str()).copied().unwrap_or(values.len());
    let placed = words
        .iter()
        .map(|table| Placed { cells: table.iter().map(|word| word.as_ref().map(cell)).collect(), numbers: Vec::new() })
        .collect();
    Some((PairCells::Values { values: values.clone(), others }, placed))
}

fn side(
    table: &Table,
    (axis_x, x): (&PairAxis, &Placed),
    (axis_y, y): (&PairAxis, &Placed),
    mask: Option<&[bool]>,
) -> PairSide {
    let empty = || vec![vec![0_u64; axis_x.len()]; axis_y.len()];
    let (mut rows, mut marked, mut missing) = (empty(), empty(), 0);
    for (row, cells) in x.cells.iter().zip(&y.cells).enumerate() {
        match cells {
            (Some(x), Some(y)) => {
                rows[*y][*x] += 1;
                marked[*y][*x] += u64::from(mask.is_some_and(|mask| mask.get(row) == Some(&true)));
            }
            _ => missing += 1,
        }
    }
    PairSide {
        role: table.role,
        examined: table.rows.count() as u64,
        total: table.rows.total,
        missing,
        association: association(x, y),
        rows,
        marked: mask.map(|_| marked),
    }
}

/// Spearman's correlation of two columns of numbers; of others Cramér's V, with numbers in tenths of the side's rows.
fn association(x: &Placed, y: &Placed) -> Option<Association> {
    if x.numbers.is_empty() || y.numbers.is_empty() {
        let (groups_x, groups_y) = (groups(x), groups(y));
        let largest = |groups: &[Option<usize>]| groups.iter().flatten().max().map_or(0, |most| most + 1);
        let mut rows = vec![vec![0_u64; largest(&groups_x)]; largest(&groups_y)];
        for (x, y) in groups_x.iter().zip(&groups_y).filter_map(|(x, y)| Some(((*x)?, (*y)?))) {
            rows[y][x] += 1;
        }
        let value = cramers_v_corrected(&rows)?;
        return Some(Association { by: AssociationBy::CramersV, value, low: None, high: None });
    }
    let pairs = x.numbers.iter().zip(&y.numbers).filter_map(|(x, y)| Some(((*x)?, (*y)?)));
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.unzip();
    if a.len() < FEWEST_PAIRS {
        return None;
    }
    let value = spearman(&a, &b)?;
    let (low, high) = correlation_interval(value, a.len(), SPEARMAN_VARIANCE).unzip();
    Some(Association { by: AssociationBy::Spearman, value, low, high })
}

/// Words as they are placed, numbers by the tenth of the rows that they are in; ties stay together.
fn groups(placed: &Placed) -> Vec<Option<usize>> {
    const TENTHS: f64 = 10.0;
    if placed.numbers.is_empty() {
        return placed.cells.clone();
    }
    let present: Vec<f64> = placed.numbers.iter().flatten().copied().collect();
    let mut by_row = ranks(&present).into_iter();
    let tenth = |rank: f64| (((rank - 0.5) / present.len() as f64) * TENTHS) as usize;
    placed.numbers.iter().map(|value| value.and_then(|_| by_row.next()).map(tenth)).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use domain::selection::{Condition, Test, UpperEnd};
    use domain::snapshot::Roles;
    use polars::prelude::{NamedFrom, Series};

    use super::super::Rows;
    use super::*;

    fn table(role: SnapshotRole, amounts: Vec<Option<f64>>, plans: Vec<Option<&str>>) -> Table {
        let count = amounts.len();
        let columns = vec![Series::new("amount".into(), amounts.clone()), Series::new("plan".into(), plans), {
            let twice: Vec<Option<f64>> = amounts.iter().map(|value| value.map(|value| -2.0 * value)).collect();
            Series::new("twice".into(), twice)
        }];
        let kinds =
            [("amount", ColumnKind::Numeric), ("plan", ColumnKind::Categorical), ("twice", ColumnKind::Numeric)];
        Table {
            role,
            rows: Rows::of_columns(columns, count),
            roles: Roles::default(),
            kinds: kinds.map(|(name, kind)| (name.to_owned(), kind)).to_vec(),
        }
    }

    fn tables() -> Vec<Table> {
        let amounts = |rows: usize| (0..rows).map(|row| Some(row as f64)).collect::<Vec<_>>();
        let plans =
            |rows: usize| (0..rows).map(|row| Some(if row % 2 == 0 { "free" } else { "paid" })).collect::<Vec<_>>();
        let mut serve = amounts(50);
        serve[7] = None;
        vec![table(SnapshotRole::Train, amounts(100), plans(100)), table(SnapshotRole::Serve, serve, plans(50))]
    }

    #[test]
    fn every_row_with_both_values_is_in_one_cell_and_the_cells_are_those_of_all_sides() {
        let found = pair(&tables(), "amount", "plan", None).unwrap();
        assert_eq!((found.x.len(), found.y.len()), (20, 2));
        let counted: Vec<(u64, u64)> =
            found.sides.iter().map(|side| (side.rows.iter().flatten().sum(), side.missing)).collect();
        assert_eq!(counted, [(100, 0), (49, 1)]);
        assert!(found.sides.iter().all(|side| side.rows.iter().all(|row| row.len() == 20) && side.marked.is_none()));
        let serve = &found.sides[1];
        assert!(serve.rows.iter().all(|row| row[10..].iter().all(|rows| *rows == 0)), "serve ends in the middle");
        assert_eq!(serve.association.map(|found| found.by), Some(AssociationBy::CramersV));
    }

    #[test]
    fn two_columns_of_numbers_have_spearmans_correlation() {
        let found = pair(&tables(), "amount", "twice", None).unwrap();
        let association = found.sides[0].association.unwrap();
        assert_eq!((association.by, association.value), (AssociationBy::Spearman, -1.0));
    }

    #[test]
    fn marked_rows_are_counted_on_the_sides_that_they_are_of() {
        let range = Test::Range { from: 0.0, to: 10.0, upper: UpperEnd::Excluded };
        let marked = Selection::of(Side::Serve).narrowed(Condition::on_column("amount", range));
        let found = pair(&tables(), "amount", "plan", Some(&marked)).unwrap();
        let of = |side: &PairSide| side.marked.as_ref().map(|marked| marked.iter().flatten().sum::<u64>());
        assert_eq!(found.sides.iter().map(of).collect::<Vec<_>>(), [None, Some(9)]);
    }

    #[test]
    fn the_rows_of_a_cell_are_those_that_its_condition_picks() {
        let tables = tables();
        let found = pair(&tables, "amount", "plan", None).unwrap();
        for cell in [0, 7, 19] {
            let condition = found.x.condition(cell).unwrap();
            let mask = tables[0].mask(&[true; 100], &[condition]).unwrap();
            let picked = mask.iter().filter(|picked| **picked).count() as u64;
            assert_eq!(picked, found.sides[0].rows.iter().map(|row| row[cell]).sum::<u64>(), "cell {cell}");
        }
    }

    #[test]
    fn a_thousandth_of_the_values_has_cells_of_its_own() {
        let amounts = |factor: f64| (1..=100).map(|row| Some(factor * f64::from(row))).collect::<Vec<_>>();
        let plans = || [Some("free"), Some("paid")].repeat(50);
        let sides =
            [table(SnapshotRole::Train, amounts(1_000.0), plans()), table(SnapshotRole::Serve, amounts(1.0), plans())];
        let found = pair(&sides, "amount", "plan", None).unwrap();
        for side in &found.sides {
            let filled = side.rows.iter().flatten().filter(|rows| **rows > 0).count();
            assert!(filled > 6, "{side:?}");
            assert_eq!(side.association.map(|found| found.value < 0.2), Some(true));
        }
    }

    #[test]
    fn what_cannot_be_shown_is_said() {
        for (x, y) in [("amount", "amount"), ("amount", "nowhere")] {
            assert!(pair(&tables(), x, y, None).is_err());
        }
        let empty = table(SnapshotRole::Train, vec![None; 20], vec![Some("free"); 20]);
        assert!(pair(&[empty], "amount", "plan", None).unwrap_err().message.contains("no values"));
    }
}
