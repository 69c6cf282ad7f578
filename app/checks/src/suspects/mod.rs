//! Suspects: findings that share a cause, with the specific explaining the general away.

mod absorption;
mod against;
mod consequences;
mod effect;
mod explanations;
mod likelihood;
mod quiet;
mod settle;

use crate::detectors::words::names;
use crate::thresholds::SYMPTOM_WEIGHT;
use consequences::Stage;
use domain::measurements::Measurements;
use domain::symptom::Symptom;
use domain::{Cause, Finding, Suspect, Verdict};

use likelihood::likelihoods;

pub use likelihood::{EVIDENCE, RELIABILITY, Reliability, evidence, likelihood_of};
pub use quiet::without;

/// Ranks what could have caused the findings.
///
/// A finding that another cause explains (see the table of rules) accuses nobody itself; it counts for its explainer. The
/// others are grouped by cause and verdict, one suspect each with all its columns (swapped columns stay apart, ring by
/// ring). What changed comes before what stood before; then suspects of mismatches before those of possible findings, then
/// by score, which the symptoms that were reported raise a little: never over a suspect of a worse verdict.
///
/// Where there are alarms there is a suspect: each alarm is a suspect's own, or one explains it. The order of the findings
/// changes nothing; ties are broken by their ids.
pub fn explain(findings: &[Finding], measurements: &Measurements, symptoms: &[Symptom]) -> Vec<Suspect> {
    let alarms = alarms(findings);
    let roots = explanations::roots(&alarms, measurements);
    let all: f64 = alarms.iter().map(|finding| weight(finding)).sum();
    let mut suspects: Vec<Ranked> = grouped(&alarms, &roots)
        .iter()
        .map(|group| {
            let mut suspect = group.accuse(&alarms, measurements);
            let raised = believe(&mut suspect, symptoms);
            let weight = raised * group.weight(&alarms, all);
            Ranked { verdict: group.verdict, weight, consequence: group.consequence(&alarms), suspect }
        })
        .collect();
    suspects.sort_by(Ranked::before);
    with_likelihood(suspects.into_iter().map(|ranked| ranked.suspect).collect(), findings)
}

/// A suspect with what decides its place.
struct Ranked {
    verdict: Verdict,
    weight: f64,
    consequence: f64,
    suspect: Suspect,
}

impl Ranked {
    fn before(&self, other: &Self) -> std::cmp::Ordering {
        // A weakness that was there before says less about an incident than anything that changed.
        let changed_first = self.suspect.standing.cmp(&other.suspect.standing);
        let by_weight = other.weight.total_cmp(&self.weight).then(other.consequence.total_cmp(&self.consequence));
        changed_first
            .then(other.verdict.cmp(&self.verdict))
            .then(by_weight)
            .then(self.suspect.findings.cmp(&other.suspect.findings))
    }
}

/// Says of each suspect, in their order, how likely it is a cause: never likelier than the one before it.
fn with_likelihood(mut suspects: Vec<Suspect>, findings: &[Finding]) -> Vec<Suspect> {
    let likely = likelihoods(&suspects, findings);
    let mut least: f64 = 1.0;
    for ((suspect, likely), rank) in suspects.iter_mut().zip(likely).zip(1..) {
        suspect.rank = rank;
        let raised = if suspect.symptoms.is_empty() { 1.0 } else { SYMPTOM_WEIGHT };
        least = least.min(likely * raised);
        suspect.score = if suspect.standing { 0.0 } else { least };
    }
    suspects
}

/// The findings that accuse a cause, strongest first: by verdict, then consequence, then id.
fn alarms(findings: &[Finding]) -> Vec<&Finding> {
    let mut alarms: Vec<&Finding> =
        findings.iter().filter(|finding| finding.verdict >= Verdict::Possible && finding.cause.is_some()).collect();
    alarms
        .sort_by(|a, b| b.verdict.cmp(&a.verdict).then(b.consequence.total_cmp(&a.consequence)).then(a.id.cmp(&b.id)));
    alarms
}

/// The unexplained alarms by cause and verdict, each group with what it explains.
fn grouped(alarms: &[&Finding], roots: &[Vec<usize>]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (place, finding) in alarms.iter().enumerate().filter(|(place, _)| roots[*place] == [*place]) {
        let Some(cause) = finding.cause else { continue };
        match groups.iter_mut().find(|group| group.takes(cause, finding, alarms)) {
            Some(group) => group.own.push(place),
            None => groups.push(Group {
                cause,
                verdict: finding.verdict,
                standing: finding.standing,
                own: vec![place],
                explained: Vec::new(),
            }),
        }
    }
    for group in &mut groups {
        group.explained = (0..alarms.len())
            .filter(|place| roots[*place].iter().any(|root| root != place && group.own.contains(root)))
            .collect();
    }
    groups
}

/// The reported symptoms that point at the suspect's layer, and by how much they raise its weight; several count as one.
fn believe(suspect: &mut Suspect, symptoms: &[Symptom]) -> f64 {
    suspect.symptoms = symptoms.iter().filter(|symptom| symptom.layer() == Some(suspect.layer)).cloned().collect();
    if suspect.symptoms.is_empty() { 1.0 } else { SYMPTOM_WEIGHT }
}

/// What one alarm weighs among all.
fn weight(finding: &Finding) -> f64 {
    match finding.verdict {
        Verdict::Mismatch => 1.0,
        Verdict::Possible => 0.25,
        Verdict::Clear | Verdict::NoEvidence => 0.0,
    }
}

/// Findings that accuse one cause.
struct Group {
    cause: Cause,
    verdict: Verdict,
    standing: bool,
    own: Vec<usize>,
    explained: Vec<usize>,
}

impl Group {
    fn takes(&self, cause: Cause, finding: &Finding, alarms: &[&Finding]) -> bool {
        let apart = cause == Cause::ColumnSwap || self.about_predictions(alarms) != is_about_predictions(finding);
        self.cause == cause && self.verdict == finding.verdict && self.standing == finding.standing && !apart
    }

    fn about_predictions(&self, alarms: &[&Finding]) -> bool {
        self.own.iter().any(|place| is_about_predictions(alarms[*place]))
    }

    fn consequence(&self, alarms: &[&Finding]) -> f64 {
        self.own.iter().map(|place| alarms[*place].consequence).sum()
    }

    fn accuse(&self, alarms: &[&Finding], measurements: &Measurements) -> Suspect {
        let mut own: Vec<&Finding> = self.own.iter().map(|place| alarms[*place]).collect();
        strongest_first(&mut own);
        let columns = columns_of(&own);
        let since = own.first().and_then(|finding| finding.since);
        let explained: Vec<&Finding> = self.explained.iter().map(|place| alarms[*place]).collect();
        let ids = |findings: &[&Finding]| findings.iter().map(|finding| finding.id.clone()).collect::<Vec<String>>();
        Suspect {
            rank: 0,
            cause: self.cause,
            layer: self.cause.item().layer(),
            item: self.cause.item(),
            standing: self.standing,
            statement: statement(self.cause, &columns, &own),
            score: 0.0,
            findings: ids(&own),
            explains: ids(&explained),
            against: against::sentences(self.cause, &columns, &own, &explained, alarms, measurements),
            settle: settle::check(self.cause, &columns),
            since,
            rows: own.first().and_then(|finding| finding.rows),
            effect: effect::on_metric(since.filter(|_| !self.standing), measurements),
            points: None,
            symptoms: Vec::new(),
            columns,
        }
    }

    /// How certain its findings are, times how specific the cause is, times the share of all alarms that it carries.
    fn weight(&self, alarms: &[&Finding], all: f64) -> f64 {
        let least_chance = self.own.iter().map(|place| alarms[*place].certainty.value).fold(1.0, f64::min);
        let certainty = (1.0 - least_chance) * if self.verdict == Verdict::Mismatch { 1.0 } else { 0.5 };
        let carried: f64 = self.own.iter().chain(&self.explained).map(|place| weight(alarms[*place])).sum();
        (certainty * self.cause.facts().specificity.weight * carried / all.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0)
    }
}

fn is_about_predictions(finding: &Finding) -> bool {
    Stage::of(&finding.detector) == Stage::Predictions
}

fn strongest_first(own: &mut [&Finding]) {
    own.sort_by(|a, b| b.consequence.total_cmp(&a.consequence).then(a.columns.cmp(&b.columns)).then(a.id.cmp(&b.id)));
}

/// Each column once, in the order of the findings.
fn columns_of(own: &[&Finding]) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for column in own.iter().flat_map(|finding| &finding.columns) {
        if !columns.contains(column) {
            columns.push(column.clone());
        }
    }
    columns
}

/// One finding speaks for itself; several of one cause are told together.
fn statement(cause: Cause, columns: &[String], own: &[&Finding]) -> String {
    match own {
        [] => String::new(),
        [one] => one.statement.clone(),
        [strongest, ..] if columns.len() > 1 => {
            format!(
                "{} columns, one cause ({}): {}. {}",
                columns.len(),
                cause.words(),
                names(columns),
                strongest.statement
            )
        }
        [strongest, ..] => strongest.statement.clone(),
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
