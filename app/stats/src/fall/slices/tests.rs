use super::*;

/// A table of four features: a number, a category, a number, noise.
struct Table {
    rows: usize,
    /// The chance of a loss before, and after inside and outside of what was planted.
    loss: [f64; 3],
    /// Whether a row with these bins is in it.
    planted: fn(&[u8]) -> bool,
}

const NOWHERE: fn(&[u8]) -> bool = |_| false;

impl Table {
    fn draw(&self, seed: u64) -> [(BinnedRows, Vec<f64>); SIDES] {
        let mut rng = Rng::new(seed);
        [0, 1].map(|side| {
            let rows: Vec<[u8; 4]> =
                (0..self.rows).map(|_| [32, 4, 16, 32].map(|most| 1 + rng.below(most) as u8)).collect();
            let chance = |row: &[u8; 4]| match (side, (self.planted)(row)) {
                (0, _) => self.loss[0],
                (_, true) => self.loss[1],
                (_, false) => self.loss[2],
            };
            let losses = rows.iter().map(|row| f64::from(u8::from(rng.next_f64() < chance(row)))).collect();
            let features = (0..4).map(|place| rows.iter().map(|row| row[place]).collect()).collect();
            (BinnedRows { features, categorical: vec![false, true, false, false], rows: self.rows }, losses)
        })
    }

    fn slices(&self, seed: u64) -> Slices {
        let sides = self.draw(seed);
        Slices::find([0, 1].map(|side| SlicedSide { features: &sides[side].0, losses: &sides[side].1 }), seed)
    }
}

fn conditions(slice: &Slice) -> Vec<(usize, u8, u8)> {
    slice.conditions.iter().map(|one| (one.feature, one.from, one.to)).collect()
}

#[test]
fn two_planted_conditions_are_found_with_the_sizes_that_they_have() {
    let table = Table { rows: 12_000, loss: [0.1, 0.5, 0.1], planted: |row| row[0] <= 8 && row[1] == 2 };
    let found = table.slices(1);
    let first = &found.confirmed[0];
    assert_eq!(conditions(first), [(0, 1, 8), (1, 2, 2)], "{found:?}");
    // A sixteenth of the rows; the halves have 6,000.
    assert!(first.rows.iter().all(|rows| (330..430).contains(rows)), "{first:?}");
    assert!((first.losses[0].value - 0.1).abs() < 0.05 && (first.losses[1].value - 0.5).abs() < 0.08, "{first:?}");
    assert!((first.surplus.value - 0.4).abs() < 3.5 * first.surplus.error, "{first:?}");
    assert!((first.adds.value - 0.025).abs() < 3.5 * first.adds.error && first.p < 1e-6, "{first:?}");
    assert!((found.rise.value - 0.025).abs() < 3.5 * found.rise.error, "{found:?}");
}

#[test]
fn three_planted_conditions_of_which_none_shows_alone_are_found() {
    let table =
        Table { rows: 12_000, loss: [0.1, 0.8, 0.12], planted: |row| row[0] > 16 && row[1] == 3 && row[2] > 12 };
    let found = table.slices(2);
    assert_eq!(conditions(&found.confirmed[0]), [(0, 17, 32), (1, 3, 3), (2, 13, 16)], "{found:?}");
}

#[test]
fn two_slices_are_told_as_two() {
    let table = Table { rows: 12_000, loss: [0.1, 0.4, 0.1], planted: |row| row[1] == 1 || row[2] <= 2 };
    let found = table.slices(3);
    let told: Vec<_> = found.confirmed.iter().map(conditions).collect();
    assert!(told.contains(&vec![(1, 1, 1)]) && told.contains(&vec![(2, 1, 2)]), "{told:?}");
}

#[test]
fn without_a_slice_one_table_of_twenty_has_one_at_most() {
    // The fall is everywhere the same.
    let tables = 200;
    let table = Table { rows: 4_000, loss: [0.1, 0.2, 0.2], planted: NOWHERE };
    let wrong = (0..tables).filter(|seed| !table.slices(100 + seed).confirmed.is_empty()).count();
    // 10 are expected at most; more than 18 come in one series of two hundred if it is exactly 5 %.
    assert!(wrong <= 18, "{wrong} of {tables}");
    // Losses that are rare and of a few rows are judged no bolder.
    let table = Table { rows: 4_000, loss: [0.01, 0.01, 0.01], planted: NOWHERE };
    let wrong = (0..tables).filter(|seed| !table.slices(900 + seed).confirmed.is_empty()).count();
    assert!(wrong <= 18, "{wrong} of {tables} with rare losses");
}

#[test]
fn losses_of_any_size_are_searched_alike() {
    let sides = Table { rows: 8_000, loss: [0.2, 0.6, 0.2], planted: |row| row[1] == 4 }.draw(5);
    let scaled = sides.clone().map(|(rows, losses)| (rows, losses.iter().map(|loss| 250.0 * loss).collect::<Vec<_>>()));
    let find = |sides: &[(BinnedRows, Vec<f64>); SIDES]| {
        Slices::find([0, 1].map(|side| SlicedSide { features: &sides[side].0, losses: &sides[side].1 }), 5)
    };
    let (small, large) = (find(&sides), find(&scaled));
    let of = |slices: &Slices| slices.confirmed.iter().map(conditions).collect::<Vec<_>>();
    assert_eq!(of(&small), of(&large));
    assert!((small.rise.value * 250.0 - large.rise.value).abs() < 1e-9);
}

#[test]
fn halves_of_too_few_rows_propose_nothing() {
    let table = Table { rows: 900, loss: [0.1, 0.9, 0.1], planted: |row| row[1] == 2 };
    let found = table.slices(6);
    assert_eq!((found.proposed, found.rows, found.confirmed.len()), (0, [450, 450], 0));
}
