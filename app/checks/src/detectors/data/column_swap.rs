//! D2.column_swap: do the values of one column arrive under the name of another?

use crate::detectors::likeness;
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{count, name, names};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, COLUMN_SWAP_GAIN, COLUMN_SWAP_LEFT, COLUMN_SWAP_LEFT_SHARE, COLUMN_SWAP_STRAIGHT, SMALLEST_SAMPLE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, SharedColumns};
use domain::{Cause, Finding, Item, Task, Undo, UndoBy, Verdict};

mod part;
mod rows;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D2.column_swap"),
    item: Item::D2,
    title: "Swapped columns",
    looks_for: "Two or more columns that exchanged their values: each column in serving looks like another of these columns in training, in all rows or in a part of them.",
    why_it_matters: "A feature list in a different order, or two exchanged arguments, put plausible numbers in the wrong columns of every request. Nothing fails, but the predictions are wrong.",
    how_it_decides: "The distance is Kolmogorov-Smirnov for numbers and total variation for categories. Each column must be at least {COLUMN_SWAP_STRAIGHT} away from its own training values, with q under {CERTAINTY}. The distance to the training values of the other column must be at most {COLUMN_SWAP_GAIN:%} of that. It must also be at most the largest of three values: what chance gives, {COLUMN_SWAP_LEFT}, and {COLUMN_SWAP_LEFT_SHARE:%} of the distance to its own training values. This must hold for every column of the exchange. Two number columns that are swapped in a part of the rows are each a mixture of both: if their training values are at least {COLUMN_SWAP_APART} apart, the share is fitted by least squares to the distribution functions. A mismatch: both shares are at least {COLUMN_SWAP_PART:%} and equal within {COLUMN_SWAP_SHARES:%} or chance, the mixture leaves at most half of the difference and no more than chance gives or {COLUMN_SWAP_LEFT_SHARE:%} of it, and p, multiplied by the number of pairs, is under {CERTAINTY}. Or the rows tell: in at least {COLUMN_SWAP_PART:%} of the serve rows, both values are outside the range in which all but one in a hundred of their own training values lie, and inside that of the other column, or this is so for one of them and the values of the other in these rows have certainly the distribution of the first (mean logarithm of the likelihood ratio, p under {CERTAINTY}), more often than in train with p (Fisher's exact test, multiplied by the number of pairs) under {CERTAINTY}.",
    try_next: "Compare the column order in which the service builds a row with the column order of the training data.",
    causes: &[Cause::ColumnSwap],
    tasks: Task::ALL,
    judge,
};

/// Columns that differ most are tried first; more than this many are not tried, since every two have to be compared.
const MOST_CANDIDATES: usize = 120;

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let candidates = changed(&features);
    let came_from = best_sources(&candidates);
    let mut findings: Vec<Finding> = rings(&came_from).into_iter().map(|ring| exchanged(&candidates, &ring)).collect();
    findings.extend(part::exchanges(&features, &findings));
    findings.extend(rows::exchanges(&features, &findings, measurements));
    let summary = format!(
        "Compared {} that changed with the training values of the other changed columns.",
        count(candidates.len() as u64, "column")
    );
    sides::judged(measurements, features.len(), SharedColumns::Features, summary, findings)
}

/// A column and its distance from its own training values.
struct Changed<'a> {
    pair: Pair<'a>,
    straight: f64,
}

/// The columns that differ enough from their own training values to hold another column, most different first.
fn changed<'a>(features: &[Pair<'a>]) -> Vec<Changed<'a>> {
    let enough = |pair: &&Pair| pair.train.non_null().min(pair.serve.non_null()) as f64 >= SMALLEST_SAMPLE;
    let certain = |pair: &&Pair| pair.train.kind != pair.serve.kind || pair.q() < CERTAINTY;
    let mut changed: Vec<Changed> = features
        .iter()
        .filter(enough)
        .filter(certain)
        .filter_map(|pair| Some(Changed { pair: *pair, straight: likeness::distance(pair.train, pair.serve)? }))
        .filter(|changed| changed.straight >= COLUMN_SWAP_STRAIGHT)
        .collect();
    changed.sort_by(|a, b| b.straight.total_cmp(&a.straight).then(a.pair.train.position.cmp(&b.pair.train.position)));
    changed.truncate(MOST_CANDIDATES);
    changed
}

/// For each column, the one whose training values fit its serving values best, if they fit as by chance and far better than
/// its own.
fn best_sources(candidates: &[Changed]) -> Vec<Option<usize>> {
    let fit = |here: &Changed, other: &Changed| {
        let cross = likeness::distance(other.pair.train, here.pair.serve)?;
        let by_chance = likeness::chance_distance(other.pair.train, here.pair.serve).max(COLUMN_SWAP_LEFT);
        (cross <= COLUMN_SWAP_GAIN * here.straight && cross <= by_chance.max(COLUMN_SWAP_LEFT_SHARE * here.straight))
            .then_some(cross)
    };
    let best = |(place, here): (usize, &Changed)| {
        let others = candidates.iter().enumerate().filter(|(other, _)| *other != place);
        let fitting = others.filter_map(|(other, candidate)| Some((other, fit(here, candidate)?)));
        fitting.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(other, _)| other)
    };
    candidates.iter().enumerate().map(best).collect()
}

/// The closed rings of a map: each member's values came from the next, and the last's from the first.
fn rings(came_from: &[Option<usize>]) -> Vec<Vec<usize>> {
    let mut taken = vec![false; came_from.len()];
    let mut rings = Vec::new();
    for start in 0..came_from.len() {
        let mut ring = vec![start];
        let mut place = start;
        while let Some(next) = came_from[place].filter(|next| !taken[*next]) {
            if next == start {
                break;
            }
            if ring.contains(&next) {
                ring.clear();
                break;
            }
            ring.push(next);
            place = next;
        }
        let closed = ring.len() >= 2 && came_from[place] == Some(start) && !taken[start];
        if closed {
            ring.iter().for_each(|member| taken[*member] = true);
            rings.push(ring);
        }
    }
    rings
}

fn exchanged(candidates: &[Changed], ring: &[usize]) -> Finding {
    let mut members: Vec<&Changed> = ring.iter().map(|place| &candidates[*place]).collect();
    let sources: Vec<&Changed> = (0..ring.len()).map(|i| &candidates[ring[(i + 1) % ring.len()]]).collect();
    let crosses: Vec<f64> = members
        .iter()
        .zip(&sources)
        .map(|(here, source)| likeness::distance(source.pair.train, here.pair.serve).unwrap_or(1.0))
        .collect();
    let undo: Vec<Undo> = members
        .iter()
        .zip(&sources)
        .map(|(here, source)| Undo::new(source.pair.name, UndoBy::Column { from: here.pair.name.to_owned() }))
        .collect();
    let lines: Vec<(String, String)> = members
        .iter()
        .zip(&sources)
        .zip(&crosses)
        .map(|((here, source), cross)| {
            let label = format!("{} in serving", name(here.pair.name));
            (
                label,
                format!(
                    "distance {:.2} from its own training values, {cross:.2} from the training values of {}",
                    here.straight,
                    name(source.pair.name)
                ),
            )
        })
        .collect();
    let weakest = members.iter().map(|member| member.straight).fold(1.0, f64::min);
    members.sort_by_key(|member| member.pair.train.position);
    let columns: Vec<&str> = members.iter().map(|member| member.pair.name).collect();
    let statement = if columns.len() == 2 {
        format!(
            "{} and {} are swapped in serving: each column holds the values of the other.",
            name(columns[0]),
            name(columns[1]),
        )
    } else {
        format!("The values of {} are exchanged in serving: each column holds the values of another.", names(&columns))
    };
    let certainty = Certainty::q(
        members
            .iter()
            .map(|member| if member.pair.train.kind == member.pair.serve.kind { member.pair.q() } else { 0.0 })
            .fold(0.0, f64::max),
    );
    let importance = members.iter().filter_map(|member| member.pair.importance).reduce(f64::max);
    let effect = Effect::new("smallest_straight_distance", weakest, COLUMN_SWAP_STRAIGHT);
    let finding = DETECTOR
        .finding(Verdict::Mismatch, &columns, statement, effect, certainty)
        .with_n("train", members[0].pair.train.non_null())
        .with_n("serve", members[0].pair.serve.non_null())
        .with_importance(importance)
        .for_cause(Cause::ColumnSwap);
    let finding = undo.into_iter().fold(finding, Finding::undone_by);
    lines.into_iter().fold(finding, |finding, (label, value)| finding.with_evidence(label, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_found_whole_and_chains_are_not_rings() {
        assert_eq!(rings(&[Some(1), Some(0), None]), vec![vec![0, 1]]);
        assert_eq!(rings(&[Some(1), Some(2), Some(0)]), vec![vec![0, 1, 2]]);
        assert_eq!(rings(&[Some(1), Some(2), None]), Vec::<Vec<usize>>::new());
        // Two columns pointing at one ring: only the ring itself counts.
        assert_eq!(rings(&[Some(1), Some(2), Some(1)]), vec![vec![1, 2]]);
    }
}
