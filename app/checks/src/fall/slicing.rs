//! Where it fell: the slices of `stats::fall::slices` over the columns that no suspect shows to be broken. A condition holds
//! of the same rows on both sides only where the column means the same.

use domain::fall::{FallSlice, FallSlices, Points, SideOfFall, SlicesRefusal};
use domain::measurements::fall_rows::{Cells, FallRows};
use domain::selection::{Condition, Test, UpperEnd};
use stats::boosted_trees::{BinnedRows, Binning};
use stats::fall::slices::{BinRange, FEWEST_IN_HALF, Slice, SlicedSide, Slices};
use stats::fall::{Answers, Term};

use super::Total;
use super::bins::Bins;
use super::inputs::Inputs;
use crate::thresholds::FALL_ERRORS;

const SEED: u64 = 0x736c_6963;

/// Searches the rows; `total` says what a unit of loss is in the metric.
pub fn slices(rows: &FallRows, answers: [&Answers; 2], inputs: &Inputs, total: &Total) -> FallSlices {
    let columns = Columns::of(rows, inputs);
    if let Some(refusal) = refusal(rows, &columns) {
        return FallSlices {
            rows_before: 0,
            rows_after: 0,
            proposed: 0,
            confirmed: Vec::new(),
            refusal: Some(refusal),
        };
    }
    let losses = answers.map(Answers::losses);
    let side = |of: usize| SlicedSide { features: &columns.binned[of], losses: &losses[of] };
    let found = Slices::find([side(0), side(1)], SEED);
    let [rows_before, rows_after] = found.rows.map(|rows| rows as u64);
    let rise = found.rise.value;
    let confirmed = without_shadows(&found.confirmed, [side(0), side(1)]);
    let confirmed = confirmed.into_iter().map(|slice| said(slice, &columns, rise, total)).collect();
    FallSlices { rows_before, rows_after, proposed: found.proposed as u64, confirmed, refusal: None }
}

fn refusal(rows: &FallRows, columns: &Columns<'_>) -> Option<SlicesRefusal> {
    let needed = 2 * FEWEST_IN_HALF;
    let sides = [(SideOfFall::Before, rows.before.answers.len()), (SideOfFall::After, rows.after.answers.len())];
    let few = sides.into_iter().find(|(_, rows)| *rows < needed);
    if let Some((side, rows)) = few {
        return Some(SlicesRefusal::TooFewRows { side, rows: rows as u64, needed: needed as u64 });
    }
    columns.names.is_empty().then_some(SlicesRefusal::NoColumns)
}

/// The intact columns, as bins.
struct Columns<'a> {
    names: Vec<&'a str>,
    bins: Vec<Bins>,
    cells: Vec<[&'a Cells; 2]>,
    binned: [BinnedRows; 2],
}

impl<'a> Columns<'a> {
    fn of(rows: &'a FallRows, inputs: &Inputs) -> Self {
        let is_intact = |name: &String| !inputs.repaired.contains(name) && !inputs.left_out.contains(name);
        let places: Vec<usize> = (0..rows.features.len()).filter(|place| is_intact(&rows.features[*place])).collect();
        let cells: Vec<[&Cells; 2]> =
            places.iter().map(|place| [&rows.before.columns[*place], &rows.after.columns[*place]]).collect();
        let bins: Vec<Bins> = cells.iter().map(|[before, _]| Bins::learn(before)).collect();
        let binned = |of: usize, count: usize| BinnedRows {
            features: bins.iter().zip(&cells).map(|(bins, cells)| bins.apply(cells[of])).collect(),
            categorical: cells.iter().map(|[before, _]| matches!(before, Cells::Words { .. })).collect(),
            rows: count,
        };
        let binned = [binned(0, rows.before.answers.len()), binned(1, rows.after.answers.len())];
        Self { names: places.iter().map(|place| rows.features[*place].as_str()).collect(), bins, cells, binned }
    }

    /// The rows of a range of bins, as a reader and a selection know them.
    fn condition(&self, range: BinRange) -> Condition {
        let test = match &self.bins[range.feature] {
            _ if range.to == 0 => Test::Missing,
            Bins::Words(ranks) => {
                let level = ranks.iter().find(|(_, rank)| **rank + 1 == range.from as usize);
                Test::OneOf(level.map(|(level, _)| level.clone()).into_iter().collect())
            }
            Bins::Numbers(Binning::Numbers(edges)) => self.numbers(range, edges),
            Bins::Numbers(Binning::Categories) => Test::OneOf(vec![(range.from - 1).to_string()]),
        };
        Condition::on_column(self.names[range.feature], test)
    }

    /// Bin `b` holds values from edge `b - 2` to below edge `b - 1`. An end that no value lies beyond is left open.
    fn numbers(&self, range: BinRange, edges: &[f64]) -> Test {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut below, mut above) = (false, false);
        for (side, cells) in self.cells[range.feature].iter().enumerate() {
            let Cells::Numbers(values) = cells else { continue };
            for (value, bin) in values.iter().zip(&self.binned[side].features[range.feature]) {
                match bin {
                    0 => {}
                    bin if *bin < range.from => below = true,
                    bin if *bin > range.to => above = true,
                    _ => (low, high) = (low.min(*value), high.max(*value)),
                }
            }
        }
        if low == high {
            return Test::Range { from: low, to: high, upper: UpperEnd::Included };
        }
        let edge = |place: usize, otherwise: f64| edges.get(place).copied().unwrap_or(otherwise);
        let from = if below && range.from >= 2 { edge(range.from as usize - 2, f64::MIN) } else { f64::MIN };
        let to = if above { edge(range.to as usize - 1, f64::MAX) } else { f64::MAX };
        Test::Range { from, to, upper: if to == f64::MAX { UpperEnd::Included } else { UpperEnd::Excluded } }
    }
}

/// The slices that are worse than the rest by more than the rows of better ones. A wider slice around a confirmed one is
/// confirmed too, and says nothing new.
fn without_shadows<'a>(slices: &'a [Slice], sides: [SlicedSide<'_>; 2]) -> Vec<&'a Slice> {
    let mut told = sides.map(|side| vec![false; side.losses.len()]);
    let mut kept = Vec::new();
    for slice in slices {
        let is_in = |side: usize, row: usize| {
            slice
                .conditions
                .iter()
                .all(|range| (range.from..=range.to).contains(&sides[side].features.features[range.feature][row]))
        };
        let chosen = [0, 1].map(|side| {
            (0..sides[side].losses.len()).map(|row| is_in(side, row) && !told[side][row]).collect::<Vec<bool>>()
        });
        let losses = |side: usize, of: &dyn Fn(usize) -> bool, sign: f64| -> Vec<f64> {
            let rows = (0..sides[side].losses.len()).filter(|row| of(*row));
            rows.map(|row| sign * sides[side].losses[row]).collect()
        };
        let own = |side: usize, sign: f64| losses(side, &|row| chosen[side][row], sign);
        let rest = |side: usize, sign: f64| losses(side, &|row| !chosen[side][row] && !told[side][row], sign);
        let sets = [own(0, -1.0), own(1, 1.0), rest(0, 1.0), rest(1, -1.0)];
        let surplus = Term::of_means(sets.iter().map(Vec::as_slice));
        if sets.iter().all(|set| !set.is_empty()) && surplus.value > FALL_ERRORS * surplus.error {
            for (told, chosen) in told.iter_mut().zip(&chosen) {
                told.iter_mut().zip(chosen).for_each(|(told, chosen)| *told |= chosen);
            }
            kept.push(slice);
        }
    }
    kept
}

fn said(slice: &Slice, columns: &Columns<'_>, rise: f64, total: &Total) -> FallSlice {
    let points = |term: Term| Points::new(total.unit * term.value, total.unit * term.error);
    FallSlice {
        conditions: slice.conditions.iter().map(|range| columns.condition(*range)).collect(),
        rows_before: slice.rows[0] as u64,
        rows_after: slice.rows[1] as u64,
        before: total.value(slice.losses[0].value),
        after: total.value(slice.losses[1].value),
        lost: points(slice.rise),
        surplus: points(slice.surplus),
        adds: points(slice.adds),
        share: if rise > 0.0 { slice.adds.value / rise } else { 0.0 },
        p: slice.p,
    }
}

#[cfg(test)]
mod tests {
    use domain::evaluation::Split;
    use domain::fall::Fall;
    use domain::measurements::Measurements;
    use domain::measurements::fall_rows::{FallAnswers, FallSide};
    use stats::rng::Rng;

    use super::*;

    /// One side of a table: columns of numbers and words, and how often a row of it is answered wrongly.
    struct Drawn {
        columns: Vec<Cells>,
        wrong: Vec<f64>,
    }

    fn side(Drawn { columns, wrong }: Drawn, rng: &mut Rng) -> FallSide {
        let labels: Vec<u32> = wrong.iter().map(|_| rng.below(2) as u32).collect();
        let predictions =
            labels.iter().zip(&wrong).map(|(label, wrong)| if rng.next_f64() < *wrong { 1 - label } else { *label });
        let predictions = predictions.collect();
        let answers = FallAnswers::Classes { names: vec!["no".into(), "yes".into()], labels, predictions };
        FallSide { rows: wrong.len() as u64, columns, answers, times: Vec::new() }
    }

    fn fall(features: &[&str], before: Drawn, after: Drawn, rng: &mut Rng) -> Fall {
        let rows = FallRows {
            compared_with: Split::Test,
            features: features.iter().map(|name| (*name).to_owned()).collect(),
            before: side(before, rng),
            after: side(after, rng),
            labelled: None,
            offline: None,
            repaired: None,
        };
        let measurements = Measurements { fall_rows: Some(rows), ..Measurements::default() };
        super::super::split(&measurements, &[], &mut []).expect("a fall")
    }

    fn words(fall: &Fall) -> Vec<String> {
        fall.slices.as_ref().map_or_else(Vec::new, |slices| slices.confirmed.iter().map(FallSlice::words).collect())
    }

    #[test]
    fn a_city_in_which_the_young_are_answered_worse_is_found_with_its_sizes() {
        let mut rng = Rng::new(1);
        let mut draw = |serving: bool| {
            let ages: Vec<f64> = (0..8_000).map(|_| (18 + rng.below(60)) as f64).collect();
            let of: Vec<u32> = ages.iter().map(|_| rng.below(4) as u32).collect();
            let noise = Cells::Numbers(ages.iter().map(|_| rng.next_f64()).collect());
            let is_in = |(age, city): (&f64, &u32)| serving && *age < 33.0 && *city == 2;
            let wrong = ages.iter().zip(&of).map(|row| if is_in(row) { 0.6 } else { 0.1 }).collect();
            let levels = ["Bern", "Chur", "Genf", "Zug"].map(String::from).to_vec();
            Drawn { columns: vec![Cells::Numbers(ages), Cells::Words { levels, of }, noise], wrong }
        };
        let (before, after) = (draw(false), draw(true));
        let found = fall(&["age", "city", "noise"], before, after, &mut rng);
        // A range ends where a group of bins does.
        assert_eq!(words(&found), ["age up to 32 and city = Genf"], "{:?}", found.slices);
        let slice = &found.slices.as_ref().expect("they were searched").confirmed[0];
        assert!((slice.before - 0.9).abs() < 0.06 && (slice.after - 0.4).abs() < 0.09, "{slice:?}");
        assert!(slice.lost.low > 35.0 && slice.lost.high < 65.0, "{slice:?}");
        assert!(slice.share > 0.7 && slice.share < 1.4, "it is nearly all of the fall: {slice:?}");
    }

    #[test]
    fn rows_without_an_income_and_one_class_of_machine_are_told_as_two() {
        let mut rng = Rng::new(2);
        let mut draw = |serving: bool| {
            let income: Vec<f64> = (0..9_000)
                .map(|_| if rng.next_f64() < 0.15 { f64::NAN } else { 20_000.0 + 50_000.0 * rng.next_f64() })
                .collect();
            let class: Vec<f64> = income.iter().map(|_| rng.below(6) as f64).collect();
            let wrong = income.iter().zip(&class);
            let wrong = wrong.map(|(income, class)| match (serving, income.is_nan(), *class == 4.0) {
                (true, true, _) => 0.45,
                (true, _, true) => 0.35,
                _ => 0.15,
            });
            let wrong = wrong.collect();
            Drawn { columns: vec![Cells::Numbers(income), Cells::Numbers(class)], wrong }
        };
        let (before, after) = (draw(false), draw(true));
        let found = fall(&["income", "class"], before, after, &mut rng);
        let said = words(&found);
        assert!(said.contains(&"income missing".to_owned()) && said.contains(&"class = 4".to_owned()), "{said:?}");
        assert!(said.len() <= 3, "what they have in common may be a third: {said:?}");
    }

    #[test]
    fn a_fall_that_is_the_same_everywhere_has_no_slice_and_few_rows_are_refused() {
        let mut rng = Rng::new(33);
        let mut draw = |rows: usize, wrong: f64| Drawn {
            columns: vec![Cells::Numbers((0..rows).map(|_| rng.next_f64()).collect())],
            wrong: vec![wrong; rows],
        };
        let (before, after) = (draw(6_000, 0.1), draw(6_000, 0.2));
        let found = fall(&["value"], before, after, &mut Rng::new(14));
        let slices = found.slices.expect("they were searched");
        assert!(slices.confirmed.is_empty() && slices.rows_before == 3_000, "{slices:?}");
        let (before, after) = (draw(6_000, 0.1), draw(2_000, 0.3));
        let mut few = fall(&["value"], before, after, &mut Rng::new(5));
        assert!(few.slices.take().is_some_and(|slices| slices.refusal.is_none()));
        let inputs = draw(400, 0.3);
        let rows = FallRows {
            compared_with: Split::Test,
            features: vec!["value".into()],
            before: side(draw(6_000, 0.1), &mut Rng::new(6)),
            after: side(inputs, &mut Rng::new(7)),
            labelled: None,
            offline: None,
            repaired: None,
        };
        let nothing = Inputs::of(&rows, &[], &[]);
        let refused = refusal(&rows, &Columns::of(&rows, &nothing));
        assert_eq!(refused, Some(SlicesRefusal::TooFewRows { side: SideOfFall::After, rows: 400, needed: 1_000 }));
        let gone = Inputs { left_out: vec!["value".into()], ..nothing };
        let enough = FallRows { after: rows.before.clone(), ..rows };
        assert_eq!(refusal(&enough, &Columns::of(&enough, &gone)), Some(SlicesRefusal::NoColumns));
    }
}
