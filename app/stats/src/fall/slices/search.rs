//! The search on the proposing half: all single conditions and pairs of them, and triples of the best pairs, without those
//! that a bound rules out.

use super::super::SIDES;
use super::sums::{Sum, Sums};
use super::{BinRange, BinnedRows};
use crate::boosted_trees::BINS;

/// Conditions of a slice at most.
pub const MOST_CONDITIONS: usize = 3;
/// Slices that are proposed at most.
pub const MOST_PROPOSED: usize = 20;
/// Groups of neighbouring bins that a number's conditions begin and end at.
const GROUPS: usize = 8;
/// The bin of categories in which the rare ones share: it says nothing to who reads it.
const SHARED: u8 = (BINS - 1) as u8;
/// Rows of a slice on either side at least, and their share.
const FEWEST: f64 = 40.0;
const SMALLEST: f64 = 0.01;
/// Rows by which a slice's surplus is believed by half (harmonic mean of both sides): without it the smallest ones win.
const SHRINKAGE: f64 = 100.0;
/// Errors by which a slice, without the rows of better ones, is worse than the rest; and by which it is worse than what each
/// of its conditions leaves out.
const ERRORS: f64 = 2.0;
const ERRORS_OF_CONDITION: f64 = 3.5;
/// Slices of each number of conditions that are kept while searching.
const KEPT: usize = 500;
/// Values that are looked at for the triples at most; the best pairs are taken first.
const MOST_VISITS: usize = 60_000_000;

/// Conditions by their place among those of the half, ascending.
pub(super) type Conjunction = Vec<usize>;

/// Rows of both sides.
pub(super) struct Half {
    /// Feature by feature, the bins of the rows before and then of those after.
    bins: Vec<Vec<u8>>,
    losses: Vec<f64>,
    /// Rows before.
    before: usize,
    usual: f64,
    largest: f64,
    conditions: Vec<BinRange>,
}

/// A slice with what it adds up to.
#[derive(Debug, Clone)]
struct Node {
    slice: Conjunction,
    sums: Sums,
    score: f64,
}

impl Half {
    pub(super) fn of([before, after]: [(BinnedRows, Vec<f64>); SIDES]) -> Self {
        let pairs = before.0.features.iter().zip(&after.0.features);
        let bins: Vec<Vec<u8>> = pairs.map(|(a, b)| [a.as_slice(), b].concat()).collect();
        let losses = [before.1.as_slice(), &after.1].concat();
        let conditions = bins.iter().zip(&before.0.categorical).enumerate();
        let conditions =
            conditions.flat_map(|(feature, (bins, is_categorical))| of_feature(feature, bins, *is_categorical));
        let mut half = Self {
            conditions: conditions.collect(),
            bins,
            before: before.0.rows,
            largest: losses.iter().copied().fold(f64::MIN_POSITIVE, f64::max),
            losses,
            usual: 0.0,
        };
        half.usual = half.all().sides.iter().map(|side| side.variance()).fold(0.0, f64::max);
        half
    }

    pub(super) fn conditions(&self, slice: &[usize]) -> Vec<BinRange> {
        slice.iter().map(|place| self.conditions[*place]).collect()
    }

    pub(super) fn all(&self) -> Sums {
        self.sums_of(0..self.losses.len())
    }

    pub(super) fn sums(&self, slice: &[usize]) -> Sums {
        self.sums_of(self.rows(slice).into_iter())
    }

    fn sums_of(&self, rows: impl Iterator<Item = usize>) -> Sums {
        let mut sums = Sums { usual: self.usual, ..Sums::default() };
        rows.for_each(|row| sums.sides[self.side(row)].add(self.losses[row]));
        sums
    }

    fn side(&self, row: usize) -> usize {
        usize::from(row >= self.before)
    }

    fn rows(&self, slice: &[usize]) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.losses.len()).collect();
        for condition in slice.iter().map(|place| self.conditions[*place]) {
            let bins = &self.bins[condition.feature];
            rows.retain(|row| condition.holds(bins[*row]));
        }
        rows
    }

    /// The sums of these rows by the bins of one feature.
    fn by_bin(&self, feature: usize, rows: &[usize]) -> [Sums; BINS] {
        let mut cells = [Sums { usual: self.usual, ..Sums::default() }; BINS];
        for row in rows {
            cells[self.bins[feature][*row] as usize].sides[self.side(*row)].add(self.losses[*row]);
        }
        cells
    }
}

/// The conditions on one feature: a category, a missing value, or numbers from one group of bins to another.
fn of_feature(feature: usize, bins: &[u8], is_categorical: bool) -> Vec<BinRange> {
    let mut counts = [0_usize; BINS];
    bins.iter().for_each(|bin| counts[*bin as usize] += 1);
    let used: Vec<u8> = (0..BINS as u8).filter(|bin| counts[*bin as usize] > 0).collect();
    let single = |bin: &u8| BinRange { feature, from: *bin, to: *bin };
    if is_categorical {
        return used.iter().filter(|bin| **bin != SHARED).map(single).collect();
    }
    let (missing, known): (Vec<u8>, Vec<u8>) = used.into_iter().partition(|bin| *bin == 0);
    let groups = grouped(&known, &counts);
    let ends = (0..groups.len()).flat_map(|from| (from..groups.len()).map(move |to| (from, to)));
    let whole = (0, groups.len().saturating_sub(1));
    let ranges = ends.filter(|ends| *ends != whole || !missing.is_empty()).map(|(from, to)| BinRange {
        feature,
        from: groups[from].0,
        to: groups[to].1,
    });
    missing.iter().map(single).chain(ranges).collect()
}

/// Neighbouring bins in groups of about as many rows; few bins stay apart.
fn grouped(known: &[u8], counts: &[usize; BINS]) -> Vec<(u8, u8)> {
    if known.len() <= GROUPS {
        return known.iter().map(|bin| (*bin, *bin)).collect();
    }
    let all: usize = known.iter().map(|bin| counts[*bin as usize]).sum();
    let mut groups: Vec<(u8, u8)> = Vec::new();
    let (mut seen, mut group) = (0, usize::MAX);
    for bin in known {
        let rows = counts[*bin as usize];
        // By the middle of the bin, so that bins of equal size are grouped alike whatever chance adds to one.
        let of = ((2 * seen + rows) * GROUPS / (2 * all).max(1)).min(GROUPS - 1);
        seen += rows;
        match groups.last_mut() {
            Some(last) if of == group => last.1 = *bin,
            _ => groups.push((*bin, *bin)),
        }
        group = of;
    }
    groups
}

/// What the search knows of the whole half.
struct Search<'a> {
    half: &'a Half,
    all: Sums,
    /// Rows of a slice on either side at least.
    fewest: f64,
}

/// Slices in which the loss rose more than elsewhere, the best first, none of them the shadow of better ones.
pub(super) fn proposed(half: &Half) -> Vec<Conjunction> {
    let all = half.all();
    let fewest = all.sides.map(|side| FEWEST.max(SMALLEST * side.rows)).into_iter().fold(FEWEST, f64::max);
    let search = Search { half, all, fewest };
    let every: Vec<usize> = (0..half.losses.len()).collect();
    let single = search.narrowed(&[], &every);
    let pairs = search.expanded(&single, usize::MAX);
    let triples = search.expanded(&best(pairs.clone()), MOST_VISITS);
    let mut candidates: Vec<Node> = [single, pairs, triples].into_iter().flat_map(best).collect();
    candidates.sort_by(in_order);
    search.distinct(candidates)
}

fn in_order(a: &Node, b: &Node) -> std::cmp::Ordering {
    b.score.total_cmp(&a.score).then_with(|| a.slice.len().cmp(&b.slice.len())).then_with(|| a.slice.cmp(&b.slice))
}

fn best(mut nodes: Vec<Node>) -> Vec<Node> {
    nodes.sort_by(in_order);
    nodes.truncate(KEPT);
    nodes
}

impl Search<'_> {
    /// Each of the slices with one condition more, on a later feature. What can't be better than those kept is passed over.
    fn expanded(&self, nodes: &[Node], most_visits: usize) -> Vec<Node> {
        let (mut found, mut visits, mut least) = (Vec::new(), 0, 0.0);
        for node in nodes {
            if visits > most_visits || self.bound(&node.sums) <= least {
                continue;
            }
            let rows = self.half.rows(&node.slice);
            visits += rows.len() * self.half.bins.len();
            found.extend(self.narrowed(&node.slice, &rows).into_iter().filter(|one| one.score > least));
            if found.len() > 4 * KEPT {
                found = best(found);
                least = found.last().map_or(0.0, |node: &Node| node.score);
            }
        }
        found
    }

    /// The slice of these rows with one condition more, in all ways.
    fn narrowed(&self, slice: &[usize], rows: &[usize]) -> Vec<Node> {
        let conditions = &self.half.conditions;
        let last = slice.last().map(|place| conditions[*place].feature);
        let mut found = Vec::new();
        let mut known: Option<(usize, [Sums; BINS])> = None;
        for (place, condition) in conditions.iter().enumerate() {
            if last.is_some_and(|last| condition.feature <= last) {
                continue;
            }
            let cells = match known {
                Some((feature, cells)) if feature == condition.feature => cells,
                _ => self.half.by_bin(condition.feature, rows),
            };
            known = Some((condition.feature, cells));
            let range = condition.from as usize..=condition.to as usize;
            let sums = cells[range].iter().fold(Sums { usual: self.half.usual, ..Sums::default() }, |a, b| a.plus(b));
            if sums.sides.iter().all(|side| side.rows >= self.fewest) {
                let score = self.score(&sums);
                let slice = slice.iter().copied().chain([place]).collect();
                found.push(Node { slice, sums, score });
            }
        }
        found
    }

    /// The surplus of the rise, held back where it is of few rows.
    fn score(&self, inside: &Sums) -> f64 {
        let outside = self.all.less(inside);
        let rise = |sums: &Sums| sums.sides[1].mean() - sums.sides[0].mean();
        (rise(inside) - rise(&outside)) * believed(inside.sides.map(|side| side.rows))
    }

    /// What no slice of these rows can have more than as its score: all the loss in as few rows as it fits into, nothing
    /// lost before, and as little as can be outside.
    fn bound(&self, sums: &Sums) -> f64 {
        let [before, after] = sums.sides;
        let largest = self.half.largest;
        let rows = (after.loss / largest).clamp(self.fewest.min(after.rows), after.rows);
        let elsewhere = (self.all.sides[1].loss - after.loss) / self.all.sides[1].rows.max(1.0)
            - (self.all.sides[0].loss / (self.all.sides[0].rows - before.rows).max(1.0)).min(largest);
        let (few, all) = (believed([before.rows, rows]), believed([before.rows, after.rows]));
        (after.loss / rows.max(1.0)).min(largest) * few - elsewhere * if elsewhere > 0.0 { few } else { all }
    }

    /// The best that need each of their conditions, and are worse than the rest by more than the rows of better ones.
    fn distinct(&self, candidates: Vec<Node>) -> Vec<Conjunction> {
        let mut chosen: Vec<Conjunction> = Vec::new();
        let mut is_told = vec![false; self.half.losses.len()];
        let mut told = Sums { usual: self.half.usual, ..Sums::default() };
        for node in candidates.into_iter().take_while(|node| node.score > 0.0) {
            if chosen.len() == MOST_PROPOSED {
                break;
            }
            let rows = self.half.rows(&node.slice);
            let own = self.half.sums_of(rows.iter().copied().filter(|row| !is_told[*row]));
            let rest = self.all.less(&told).less(&own);
            let is_new = own.sides.iter().all(|side| side.rows >= self.fewest) && own.errors_over(&rest) >= ERRORS;
            if is_new && self.needs_all_conditions(&node) {
                rows.into_iter().for_each(|row| is_told[row] = true);
                told = told.plus(&own);
                chosen.push(node.slice);
            }
        }
        chosen
    }

    fn needs_all_conditions(&self, node: &Node) -> bool {
        if node.slice.len() == 1 {
            return true;
        }
        node.slice.iter().all(|condition| {
            let without: Conjunction = node.slice.iter().copied().filter(|one| one != condition).collect();
            let left_out = self.half.sums(&without).less(&node.sums);
            let is_known = left_out.sides.iter().all(|side: &Sum| side.rows > 0.0);
            is_known && node.sums.errors_over(&left_out) >= ERRORS_OF_CONDITION
        })
    }
}

/// How far a surplus of so many rows is believed.
pub(super) fn believed([before, after]: [f64; SIDES]) -> f64 {
    let rows = before * after / (before + after).max(1.0);
    rows / (rows + SHRINKAGE)
}

#[cfg(test)]
mod tests;
