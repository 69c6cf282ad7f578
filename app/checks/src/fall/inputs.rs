//! The inputs of both sides as the models of the split see them: faults undone where something undoes them, and rows or
//! columns set apart where nothing does.

use std::collections::{BTreeMap, HashMap};

use domain::measurements::fall_rows::{Cells, FallRows};
use domain::{Cause, Finding, Suspect, Verdict};
use stats::boosted_trees::{BINS, BinnedRows};
use stats::contingency::total_variation;
use stats::fall::Overlap;

use super::bins::Bins;
use super::labels;
use super::undoing::{cells_of, undone};
use crate::thresholds::{FALL_BROKEN_ALIKE, FALL_MARKED, FALL_NOTHING_SHARED, FALL_ROWS, FALL_USUAL};

const SEED: u64 = 0x6272_6f6b;

/// What the split is made from.
pub struct Inputs {
    /// The features, in the order of their bins.
    pub names: Vec<String>,
    pub before: BinnedRows,
    /// Served rows without the broken ones, by their place among those drawn.
    pub after: BinnedRows,
    pub whole: Vec<usize>,
    /// Served rows in which a column was destroyed, and the places of these columns; empty where there are none, or where
    /// they are all.
    pub broken_rows: BinnedRows,
    pub broken: Vec<usize>,
    pub lost: Vec<usize>,
    pub lost_knowledge: bool,
    pub repaired: Vec<String>,
    pub left_out: Vec<String>,
    /// For each suspect that marks rows, by its place: whether it marks each served row drawn.
    pub marks: BTreeMap<usize, Vec<bool>>,
}

/// Causes of which nothing is left to repair.
const DESTROYED: [Cause; 10] = [
    Cause::SentinelValues,
    Cause::NullSurge,
    Cause::ImputationDifference,
    Cause::StaleFeature,
    Cause::ColumnMissing,
    Cause::TypeChange,
    Cause::ImpossibleValues,
    Cause::OutageWindow,
    Cause::NormalisationMismatch,
    Cause::ColumnSwap,
];
/// Causes of which nothing is left where nothing undoes them.
const RECODED: [Cause; 5] =
    [Cause::UnitScale, Cause::OffsetShift, Cause::CategoryRecode, Cause::EncodingOrder, Cause::InconsistentCategories];

/// What the suspects say about the served rows.
#[derive(Default)]
struct Faults {
    /// The columns as they are undone.
    undone: HashMap<String, Cells>,
    /// Destroyed columns, with the rows that show it; all rows where it is not known which.
    destroyed: BTreeMap<String, Option<Vec<bool>>>,
    marks: BTreeMap<usize, Vec<bool>>,
}

impl Inputs {
    pub fn of(rows: &FallRows, findings: &[Finding], suspects: &[Suspect]) -> Self {
        let faults = Faults::of(rows, findings, suspects);
        let served = rows.after.answers.len();
        let torn = faults.torn(served);
        let is_partial = torn.is_some();
        let gone = |name: &String| faults.destroyed.contains_key(name) && !is_partial;
        let kept: Vec<usize> = (0..rows.features.len()).filter(|place| !gone(&rows.features[*place])).collect();
        let names: Vec<String> = kept.iter().map(|place| rows.features[*place].clone()).collect();
        let binned = |of: &mut dyn FnMut(usize) -> Vec<u8>, count: usize| BinnedRows {
            features: kept.iter().map(|place| of(*place)).collect(),
            categorical: kept.iter().map(|p| matches!(rows.before.columns[*p], Cells::Words { .. })).collect(),
            rows: count,
        };
        let learnt: Vec<Bins> = rows.before.columns.iter().map(Bins::learn).collect();
        let before = binned(&mut |p| learnt[p].apply(&rows.before.columns[p]), rows.before.answers.len());
        let all = binned(
            &mut |p| {
                let undone = faults.undone.get(&rows.features[p]);
                learnt[p].apply(undone.unwrap_or(&rows.after.columns[p]))
            },
            served,
        );
        let torn = torn.unwrap_or_else(|| vec![false; served]);
        let (broken, whole): (Vec<usize>, Vec<usize>) = (0..served).partition(|row| torn[*row]);
        let lost = (0..names.len()).filter(|place| faults.destroyed.contains_key(&names[*place])).collect();
        let mut inputs = Self {
            before,
            after: all.taken(&whole),
            broken_rows: all.taken(&broken),
            whole,
            broken,
            lost,
            lost_knowledge: !faults.undone.is_empty() || (!is_partial && !faults.destroyed.is_empty()),
            repaired: faults.undone.keys().cloned().collect(),
            left_out: faults.destroyed.keys().cloned().collect(),
            marks: faults.marks,
            names,
        };
        inputs.repaired.sort();
        if inputs.broken.is_empty() || inputs.broken_like_others() {
            return inputs;
        }
        // The broken rows are others in more than what broke: what is true of them is only known from themselves.
        Self::without_columns(inputs, &all)
    }

    /// Whether the broken rows are like the other served rows in all that was not destroyed.
    fn broken_like_others(&self) -> bool {
        let sides = [&self.after, &self.broken_rows].map(|rows| rows.without(&self.lost));
        Overlap::measure([&sides[0], &sides[1]], SEED).auc < FALL_BROKEN_ALIKE
    }

    /// The same with the destroyed columns left out of all rows.
    fn without_columns(inputs: Self, all: &BinnedRows) -> Self {
        let kept = |place: &usize| !inputs.lost.contains(place);
        let names = (0..inputs.names.len()).filter(kept).map(|place| inputs.names[place].clone()).collect();
        let after = all.without(&inputs.lost);
        Self {
            names,
            before: inputs.before.without(&inputs.lost),
            whole: (0..after.rows).collect(),
            after,
            broken_rows: BinnedRows::default(),
            broken: Vec::new(),
            lost: Vec::new(),
            lost_knowledge: true,
            ..inputs
        }
    }
}

impl Faults {
    fn of(rows: &FallRows, findings: &[Finding], suspects: &[Suspect]) -> Self {
        let mut faults = Self::default();
        for (place, suspect) in suspects.iter().enumerate().filter(|(_, suspect)| !suspect.standing) {
            let own = findings.iter().filter(|finding| suspect.findings.contains(&finding.id));
            for finding in own.filter(|finding| finding.verdict == Verdict::Mismatch) {
                faults.read(rows, place, suspect.cause, finding);
            }
        }
        for column in labels::contradicted(rows, &faults.undone) {
            faults.undone.remove(&column);
            // Rows that only this column marked are marked no more.
            faults.marks.retain(|place, _| !suspects[*place].columns.iter().all(|of| *of == column));
        }
        faults.leave_out_what_shares_nothing(rows);
        faults
    }

    /// Columns that no suspect has, and of which nothing is as before: no model from before knows their values.
    fn leave_out_what_shares_nothing(&mut self, rows: &FallRows) {
        for (column, (before, after)) in rows.features.iter().zip(rows.before.columns.iter().zip(&rows.after.columns)) {
            let is_known = self.undone.contains_key(column) || self.destroyed.contains_key(column);
            if !is_known && share_nothing(before, after) {
                self.destroyed.insert(column.clone(), surplus(before, after));
            }
        }
    }

    fn read(&mut self, rows: &FallRows, place: usize, cause: Cause, finding: &Finding) {
        let mut repaired: Vec<&str> = Vec::new();
        for undo in &finding.undo {
            let is_new = !self.undone.contains_key(&undo.column) && !self.destroyed.contains_key(&undo.column);
            if let Some((cells, marked)) = is_new.then(|| undone(rows, undo)).flatten() {
                self.undone.insert(undo.column.clone(), cells);
                self.mark(place, &marked);
                repaired.push(&undo.column);
            }
        }
        let is_fault = DESTROYED.contains(&cause) || RECODED.contains(&cause);
        let is_gone = |column: &str| {
            let is_one = |(before, after): (&Cells, &Cells)| {
                share_nothing(before, after) || (cause == Cause::OutOfRange && is_placeholder(before, after))
            };
            is_fault || cells_of(rows, column).is_some_and(is_one)
        };
        for column in finding.columns.iter().filter(|column| !repaired.contains(&column.as_str())) {
            if self.undone.contains_key(column) || !is_gone(column) {
                continue;
            }
            if cause == Cause::NullSurge
                && cells_of(rows, column).is_some_and(|(before, after)| is_usual(before, after))
            {
                continue;
            }
            let marked = cells_of(rows, column).and_then(|(before, after)| surplus(before, after));
            let all = vec![true; rows.after.answers.len()];
            self.mark(place, marked.as_ref().unwrap_or(&all));
            self.destroyed.entry(column.clone()).or_insert(marked);
        }
    }

    fn mark(&mut self, place: usize, rows: &[bool]) {
        let marks = self.marks.entry(place).or_insert_with(|| vec![false; rows.len()]);
        marks.iter_mut().zip(rows).for_each(|(mark, row)| *mark |= row);
    }

    /// The rows in which a column was destroyed, where it is known of each which they are, and enough are whole.
    fn torn(&self, served: usize) -> Option<Vec<bool>> {
        let mut torn = vec![false; served];
        for marked in self.destroyed.values() {
            torn.iter_mut().zip(marked.as_ref()?).for_each(|(torn, row)| *torn |= row);
        }
        let whole = torn.iter().filter(|torn| !**torn).count();
        (whole < served && whole as f64 >= FALL_ROWS / 2.0).then_some(torn)
    }
}

/// Whether both sides have so little in common that the column says nothing any more, whatever became of it.
fn share_nothing(before: &Cells, after: &Cells) -> bool {
    let bins = Bins::learn(before);
    let counts = |cells: &Cells| {
        let mut counts = vec![0_u64; BINS];
        bins.apply(cells).into_iter().for_each(|bin| counts[bin as usize] += 1);
        counts
    };
    total_variation(&counts(before), &counts(after)).is_some_and(|distance| distance >= FALL_NOTHING_SHARED)
}

/// Whether the value whose share grew most is one that training does not have at all.
fn is_placeholder(before: &Cells, after: &Cells) -> bool {
    let Some(marked) = surplus(before, after) else { return false };
    let (known, served) = (values_of(before), values_of(after));
    let value = marked.iter().zip(&served).find(|(marked, _)| **marked).map(|(_, value)| value);
    value.is_some_and(|value| value.is_some() && !known.contains(value))
}

/// Whether most rows that lack a value would lack it as before: then the model was trained on such rows, and they
/// are others, not broken ones.
fn is_usual(before: &Cells, after: &Cells) -> bool {
    let missing = |cells: &Cells| {
        let values = values_of(cells);
        values.iter().filter(|value| value.is_none()).count() as f64 / values.len().max(1) as f64
    };
    missing(before) >= FALL_USUAL * missing(after)
}

/// The served rows with the value (a missing one too) whose share grew most: that of a sentinel, a default, a column that
/// stands still. `None` where no single value grew.
fn surplus(before: &Cells, after: &Cells) -> Option<Vec<bool>> {
    let (was, is) = (values_of(before), values_of(after));
    let counted = |values: &[Option<String>]| {
        let mut counts: HashMap<Option<String>, usize> = HashMap::new();
        values.iter().for_each(|value| *counts.entry(value.clone()).or_default() += 1);
        counts
    };
    let (was_counts, is_counts) = (counted(&was), counted(&is));
    let share = |counts: &HashMap<Option<String>, usize>, value: &Option<String>, all: usize| {
        counts.get(value).copied().unwrap_or(0) as f64 / all.max(1) as f64
    };
    let grown = |value: &Option<String>| share(&is_counts, value, is.len()) - share(&was_counts, value, was.len());
    let most = is_counts.keys().max_by(|a, b| grown(a).total_cmp(&grown(b)).then_with(|| b.cmp(a)))?;
    (grown(most) >= FALL_MARKED).then(|| is.iter().map(|value| value == most).collect())
}

fn values_of(cells: &Cells) -> Vec<Option<String>> {
    match cells {
        Cells::Numbers(values) => values.iter().map(|v| (!v.is_nan()).then(|| v.to_string())).collect(),
        Cells::Words { levels, of } => of.iter().map(|code| levels.get(*code as usize).cloned()).collect(),
    }
}
