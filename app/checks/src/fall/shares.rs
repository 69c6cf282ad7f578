//! The parts of a fall by suspect and by column.

use domain::fall::{Fall, Mechanism, Part, Points, Share, ShareOf};
use domain::naming::names;
use domain::{Cause, Suspect};
use stats::fall::{Changed, Split, Term, by_feature};

use super::inputs::Inputs;
use super::{Estimated, part};
use crate::thresholds::FALL_COLUMN;

/// Causes that change what the system answers, whatever the rows.
const OF_ANSWERS: [Cause; 9] = [
    Cause::WrongModelVersion,
    Cause::MixedVersions,
    Cause::OfflineOnlineMismatch,
    Cause::EnvironmentDifference,
    Cause::ConstantPredictions,
    Cause::NanPredictions,
    Cause::ThresholdMisset,
    Cause::ScoreReversed,
    Cause::Miscalibration,
];
/// Causes that change what is true for the same inputs.
const OF_CONCEPT: [Cause; 2] = [Cause::LabelDefinitionChange, Cause::ConceptDrift];
/// Causes by which different rows arrive.
const OF_MIX: [Cause; 4] = [Cause::DistributionShift, Cause::GradualDrift, Cause::UnseenCategory, Cause::OutOfRange];

/// Fills in the parts that are certain, by suspect and by column, and gives the suspects their points.
pub fn fill(fall: &mut Fall, estimated: &Estimated, inputs: &Inputs, suspects: &mut [Suspect], unit: f64) {
    let split = &estimated.split;
    let parts = &split.parts;
    let all = [
        part(Mechanism::Mix, parts.mix, unit),
        part(Mechanism::Scoring, parts.scoring, unit),
        part(Mechanism::Concept, parts.concept, unit),
    ];
    let mut certain: Vec<Part> = all.into_iter().filter(|part| part.points.is_certain()).collect();
    for part in &mut certain {
        part.by = match part.mechanism {
            Mechanism::Scoring => of_scoring(part.points, split, inputs, suspects),
            Mechanism::Concept => of_concept(part.points, &estimated.changed, inputs, suspects, unit),
            Mechanism::Mix => of_mix(part.points, split, inputs, unit),
        };
    }
    certain.sort_by(|a, b| b.points.points.total_cmp(&a.points.points));
    fall.unexplained = fall.fall.map(|total| rest(total, &certain, parts.unexplained, unit));
    fall.parts = certain;
    for suspect in suspects.iter_mut().filter(|suspect| !suspect.standing) {
        suspect.points = fall.of_suspect(suspect).map(|(_, points)| points);
    }
    give_mix(fall, suspects);
    name_columns(fall, suspects);
}

/// What the parts that are said leave of the fall, with the error of what was estimated to be unexplained and of the total.
fn rest(total: Points, parts: &[Part], unexplained: Term, unit: f64) -> Points {
    let said: f64 = parts.iter().map(|part| part.points.points).sum();
    let reach = ((total.high - total.low) / 2.0).max(Points::new(0.0, unit * unexplained.error).high);
    let points = total.points - said;
    Points { points, low: points - reach, high: points + reach }
}

/// By the rows that each suspect marks. Rows of several suspects are shared, the more to a suspect the fewer rows it marks: what
/// marks nearly all of them says little about one. What no row shows is that of the suspect of the system itself, if there is one.
fn of_scoring(total: Points, split: &Split, inputs: &Inputs, suspects: &[Suspect]) -> Vec<Share> {
    let [whole, broken] = &split.scoring_of_row;
    let served = whole.len() + broken.len();
    let mut cost = vec![0.0; served];
    inputs.whole.iter().zip(whole).chain(inputs.broken.iter().zip(broken)).for_each(|(row, value)| cost[*row] = *value);
    let marks: Vec<(usize, &Vec<bool>)> = inputs.marks.iter().map(|(place, rows)| (*place, rows)).collect();
    let weight = |rows: &[bool]| 1.0 / rows.iter().filter(|row| **row).count().max(1) as f64;
    let marks: Vec<(usize, &Vec<bool>, f64)> =
        marks.into_iter().map(|(place, rows)| (place, rows, weight(rows))).collect();
    let marking = |row: usize| marks.iter().filter(|(_, rows, _)| rows[row]).map(|(_, _, weight)| weight).sum::<f64>();
    let of_rows = |counts: &dyn Fn(usize) -> f64| {
        let values: Vec<f64> = (0..served).map(|row| cost[row] * counts(row)).collect();
        Term::of_means([values.as_slice()])
    };
    let mut named: Vec<(usize, Term)> = marks
        .iter()
        .map(|(place, rows, weight)| (*place, of_rows(&|row| if rows[row] { weight / marking(row) } else { 0.0 })))
        .collect();
    let is_marked = |row: usize| marks.iter().any(|(_, rows, _)| rows[row]);
    let left = of_rows(&|row| f64::from(u8::from(!is_marked(row))));
    let of_answers = suspects.iter().position(|one| !one.standing && OF_ANSWERS.contains(&one.cause));
    let is_left = Points::new(left.value, left.error).is_certain();
    if let Some(place) = of_answers.filter(|_| is_left || named.is_empty()) {
        named.push((place, left));
    }
    // What is left and may be chance is not taken from the suspects.
    let sum = named.iter().map(|(_, term)| term.value).sum::<f64>()
        + if is_left && of_answers.is_none() { left.value } else { 0.0 };
    if sum * total.points <= 0.0 {
        return Vec::new();
    }
    let mut shares: Vec<Share> = named
        .into_iter()
        .map(|(place, term)| {
            let factor = total.points / sum;
            // The share of it has the error of the rows and that of the part.
            let own = Points::new(term.value * factor, term.error * factor.abs());
            let reach =
                ((own.high - own.points).powi(2) + ((total.high - total.points) * term.value / sum).powi(2)).sqrt();
            let points = Points { points: own.points, low: own.points - reach, high: own.points + reach };
            Share { of: ShareOf::Suspect { key: suspects[place].key() }, points }
        })
        .filter(|share| share.points.is_certain())
        .collect();
    shares.sort_by(|a, b| b.points.points.total_cmp(&a.points.points));
    shares
}

/// All of it by suspect, and by the columns whose relation to the label changed.
fn of_concept(total: Points, changed: &[Changed], inputs: &Inputs, suspects: &[Suspect], unit: f64) -> Vec<Share> {
    let first = suspects.iter().find(|suspect| !suspect.standing && OF_CONCEPT.contains(&suspect.cause));
    let suspect = first.map(|suspect| Share { of: ShareOf::Suspect { key: suspect.key() }, points: total });
    let columns = changed.iter().map(|one| (&inputs.names[one.feature], one.adds));
    suspect.into_iter().chain(by_column(columns, total, unit)).collect()
}

/// Says of a changed concept in which columns it changed.
fn name_columns(fall: &Fall, suspects: &mut [Suspect]) {
    let Some(concept) = fall.parts.iter().find(|part| part.mechanism == Mechanism::Concept) else { return };
    let columns: Vec<&str> = concept.columns().map(|(name, _)| name).collect();
    let drift = suspects.iter_mut().find(|suspect| !suspect.standing && suspect.cause == Cause::ConceptDrift);
    let Some(drift) = drift.filter(|_| !columns.is_empty()) else { return };
    let statement = drift.statement.trim_end_matches('.');
    drift.statement = format!("{statement}, because the label follows {} in another way.", names(&columns));
}

/// By column, as far as the columns add up: what only combinations of columns explain is not put down to one.
fn of_mix(total: Points, split: &Split, inputs: &Inputs, unit: f64) -> Vec<Share> {
    let expected = [split.expected_of_row[0].as_slice(), split.expected_of_row[1].as_slice()];
    let columns = by_feature([&inputs.before, &inputs.after], expected);
    by_column(inputs.names.iter().zip(columns), total, unit)
}

/// Columns with a certain share of the same direction, the largest first.
fn by_column<'a>(columns: impl Iterator<Item = (&'a String, Term)>, total: Points, unit: f64) -> Vec<Share> {
    let mut shares: Vec<Share> = columns
        .map(|(name, term)| Share {
            of: ShareOf::Column { name: name.clone() },
            points: Points::new(unit * term.value, unit * term.error),
        })
        .filter(|share| share.points.is_certain())
        .filter(|share| share.points.points * total.points.signum() >= FALL_COLUMN * total.points.abs())
        .collect();
    shares.sort_by(|a, b| b.points.points.abs().total_cmp(&a.points.points.abs()));
    shares
}

/// Gives each column's share of the mix to the first suspect of such a change that has the column.
fn give_mix(fall: &Fall, suspects: &mut [Suspect]) {
    let Some(mix) = fall.parts.iter().find(|part| part.mechanism == Mechanism::Mix) else { return };
    for (column, points) in mix.columns() {
        let has = |suspect: &&mut Suspect| {
            !suspect.standing && OF_MIX.contains(&suspect.cause) && suspect.columns.iter().any(|name| name == column)
        };
        let Some(suspect) = suspects.iter_mut().find(has) else { continue };
        let sum = suspect.points.map_or(points, |known| Points {
            points: known.points + points.points,
            low: known.low + points.low,
            high: known.high + points.high,
        });
        suspect.points = Some(sum);
    }
}
