//! What a diagnosis said about a fall, next to what is true.

use domain::Diagnosis;
use domain::fall::{Mechanism, Points, Refusal};

use super::disde::Disde;
use super::mixture::{Fault, Truth};

/// Points beyond which a part on an untouched pair is a false one.
const FALSE: f64 = 0.5;
/// The fault is clear where it truly costs this much.
const CLEAR: f64 = 1.0;

#[derive(Debug)]
pub struct Judged {
    truth: Truth,
    fault: Option<(String, Fault)>,
    untouched: bool,
    /// Mix, scoring and concept as they are said; none where the part is not certain.
    said: [Option<Points>; 3],
    refused: Vec<&'static str>,
    /// The columns of the suspect that most points of scoring are put down to.
    costliest: Option<Vec<String>>,
    disde: Disde,
    seconds: f64,
}

impl Judged {
    pub fn of(
        diagnosis: &Diagnosis,
        truth: Truth,
        fault: Option<(String, Fault)>,
        untouched: bool,
        disde: Disde,
        seconds: f64,
    ) -> Self {
        let fall = diagnosis.fall.as_ref();
        let part = |mechanism| {
            let mut parts = fall?.parts.iter().filter(|part| part.mechanism == mechanism);
            parts.next().map(|part| part.points)
        };
        let scoring = diagnosis.suspects.iter().filter_map(|suspect| {
            let (mechanism, points) = fall?.of_suspect(suspect)?;
            (mechanism == Mechanism::Scoring).then_some((points.points, suspect.columns.clone()))
        });
        Self {
            truth,
            fault,
            untouched,
            said: [Mechanism::Mix, Mechanism::Scoring, Mechanism::Concept].map(part),
            refused: fall.map_or(vec!["nothing said"], |fall| fall.refusals.iter().map(reason).collect()),
            costliest: scoring.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, columns)| columns),
            disde,
            seconds,
        }
    }

    fn truths(&self) -> [f64; 3] {
        [self.truth.mix, self.truth.scoring, self.truth.concept]
    }

    fn values(&self) -> [f64; 3] {
        self.said.map(|points| points.map_or(0.0, |points| points.points))
    }

    fn is_split(&self) -> bool {
        self.refused.is_empty()
    }
}

fn reason(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::WithinChance { .. } => "within chance",
        Refusal::NotFallen => "not fallen",
        Refusal::NoOverlap { .. } => "no overlap",
        _ => "other",
    }
}

pub fn print_head() {
    println!(
        "| table | pairs split | mean fall | mix | scoring | concept | largest right | interval covers | fault carries \
         most | false parts, untouched | DISDE inputs | DISDE given inputs |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|"
    );
}

/// Mean absolute errors in points, and shares.
pub fn print_row(name: &str, all: &[Judged]) {
    let split: Vec<&Judged> = all.iter().filter(|one| one.is_split() && !one.untouched).collect();
    let untouched: Vec<&Judged> = all.iter().filter(|one| one.untouched).collect();
    let mean = |of: &dyn Fn(&Judged) -> f64| split.iter().map(|one| of(one)).sum::<f64>() / split.len().max(1) as f64;
    let error = |part: usize| mean(&|one: &Judged| (one.values()[part] - one.truths()[part]).abs());
    let false_parts =
        untouched.iter().flat_map(|one| one.said.iter().flatten()).filter(|points| points.points.abs() > FALSE).count();
    println!(
        "| {name} | {} of {} | {:.1} | {:.2} | {:.2} | {:.2} | {} | {} | {} | {false_parts} of {} | {:.2} | {:.2} |",
        split.len(),
        all.len() - untouched.len(),
        mean(&|one| one.truth.fall),
        error(0),
        error(1),
        error(2),
        share(split.iter().map(|one| largest(&one.values()) == largest(&one.truths()))),
        share(split.iter().flat_map(|one| covered(one))),
        share(split.iter().filter_map(|one| carries(one))),
        untouched.len(),
        mean(&|one| (one.disde.inputs - one.truth.mix).abs()),
        mean(&|one| (one.disde.given_inputs - one.truth.concept).abs()),
    );
}

/// What became of the column, in words, and which mixtures are of that kind.
type Kind = (&'static str, fn(&Judged) -> bool);

/// The same by what became of the column, with the reasons of refusals.
pub fn print_kinds(all: &[Judged]) {
    println!();
    print_head();
    let kinds: [Kind; 4] = [
        ("no fault", |one| one.fault.is_none()),
        ("a factor", |one| matches!(one.fault, Some((_, Fault::Factor(_))))),
        (
            "destroyed in some rows",
            |one| matches!(one.fault, Some((_, Fault::Sentinel(s) | Fault::Missing(s))) if s < 1.0),
        ),
        ("destroyed in all rows", |one| matches!(one.fault, Some((_, Fault::Sentinel(s))) if s >= 1.0)),
    ];
    for (name, is_one) in kinds {
        let some: Vec<Judged> = all.iter().filter(|one| is_one(one) && !one.untouched).map(Judged::copy).collect();
        print_row(name, &some);
    }
    let mut reasons: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for one in all {
        one.refused.iter().for_each(|reason| *reasons.entry(reason).or_default() += 1);
    }
    println!(
        "\nnot split: {reasons:?}; seconds of a diagnosis: {:.1}",
        all.iter().map(|one| one.seconds).sum::<f64>() / all.len().max(1) as f64
    );
}

impl Judged {
    fn copy(&self) -> Self {
        Self { fault: self.fault.clone(), refused: self.refused.clone(), costliest: self.costliest.clone(), ..*self }
    }
}

/// The mechanism that costs most.
fn largest(parts: &[f64; 3]) -> Option<usize> {
    (0..3).max_by(|a, b| parts[*a].total_cmp(&parts[*b]))
}

/// Whether the interval of each part that is said holds the truth.
fn covered(one: &Judged) -> Vec<bool> {
    let pairs = one.said.iter().zip(one.truths());
    pairs.filter_map(|(said, truth)| said.map(|said| (said.low..=said.high).contains(&truth))).collect()
}

/// Whether a fault that clearly costs something has its suspect carrying most of scoring; `None` where it does not.
fn carries(one: &Judged) -> Option<bool> {
    let (column, _) = one.fault.as_ref().filter(|_| one.truth.scoring >= CLEAR)?;
    Some(one.costliest.as_ref().is_some_and(|columns| columns.contains(column)))
}

fn share(of: impl Iterator<Item = bool>) -> String {
    let (mut yes, mut all) = (0, 0);
    for one in of {
        (yes, all) = (yes + usize::from(one), all + 1);
    }
    if all == 0 { "–".to_owned() } else { format!("{:.0} % of {all}", 100.0 * yes as f64 / all as f64) }
}
