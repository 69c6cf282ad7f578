//! Suspects: findings that share a cause, with the specific explaining the general away.

mod absorption;
mod against;
mod quiet;
mod settle;

use crate::detectors::likeness;
use crate::detectors::words::names;
use crate::thresholds::SYMPTOM_WEIGHT;
use absorption::{Limit, RULES, Rule, Scope, Target};
use domain::measurements::Measurements;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Layer, Suspect, Verdict};

pub use quiet::without;

/// Ranks what could have caused the findings.
///
/// A finding that another cause explains (see the table of rules) accuses nobody itself; it counts for its explainer. The
/// others are grouped by cause and verdict, one suspect each with all its columns (swapped columns stay apart, ring by
/// ring). Suspects of mismatches come before those of possible findings, then by score, which the symptoms that were
/// reported raise a little: never over a suspect of a worse verdict.
pub fn explain(findings: &[Finding], measurements: &Measurements, symptoms: &[String]) -> Vec<Suspect> {
    let alarms: Vec<&Finding> =
        findings.iter().filter(|finding| finding.verdict >= Verdict::Possible && finding.cause.is_some()).collect();
    let explained_by: Vec<Vec<usize>> =
        (0..alarms.len()).map(|place| explainers(place, &alarms, measurements)).collect();
    let mut groups: Vec<Group> = Vec::new();
    for (place, finding) in alarms.iter().enumerate().filter(|(place, _)| explained_by[*place].is_empty()) {
        let Some(cause) = finding.cause else { continue };
        match groups.iter_mut().find(|group| group.takes(cause, finding, &alarms)) {
            Some(group) => group.own.push(place),
            None => groups.push(Group { cause, verdict: finding.verdict, own: vec![place], explained: Vec::new() }),
        }
    }
    for group in &mut groups {
        group.explained = (0..alarms.len())
            .filter(|place| roots(*place, &explained_by).iter().any(|root| *root != *place && group.own.contains(root)))
            .collect();
    }
    let all: f64 = alarms.iter().map(|finding| weight(finding)).sum();
    let mut suspects: Vec<(Verdict, f64, Suspect)> = groups
        .iter()
        .map(|group| {
            let suspect = believed(group.accuse(&alarms, all, measurements), symptoms);
            (group.verdict, group.consequence(&alarms), suspect)
        })
        .collect();
    // A weakness that was there before says less about an incident than anything that changed.
    let was_there = |suspect: &Suspect| suspect.cause.facts().stood_before;
    suspects.sort_by(|a, b| {
        let changed_first = was_there(&a.2).cmp(&was_there(&b.2));
        b.0.cmp(&a.0).then(changed_first).then(b.2.score.total_cmp(&a.2.score)).then(b.1.total_cmp(&a.1))
    });
    let ranked = suspects.into_iter().zip(1..);
    ranked.map(|((_, _, suspect), rank)| Suspect { rank, ..suspect }).collect()
}

/// Raises the score of a suspect at whose layer a reported symptom points; several symptoms count as one.
fn believed(suspect: Suspect, symptoms: &[String]) -> Suspect {
    let pointing: Vec<String> =
        symptoms.iter().filter(|symptom| Layer::of_symptom(symptom) == Some(suspect.layer)).cloned().collect();
    if pointing.is_empty() {
        return suspect;
    }
    Suspect { score: (suspect.score * SYMPTOM_WEIGHT).min(1.0), symptoms: pointing, ..suspect }
}

/// What one alarm weighs among all.
fn weight(finding: &Finding) -> f64 {
    match finding.verdict {
        Verdict::Mismatch => 1.0,
        Verdict::Possible => 0.25,
        Verdict::Clear | Verdict::NoEvidence => 0.0,
    }
}

/// The alarms that explain the one at `place` away.
fn explainers(place: usize, alarms: &[&Finding], measurements: &Measurements) -> Vec<usize> {
    let absorbed = alarms[place];
    let explains = |other: &usize| {
        let absorbing = alarms[*other];
        *other != place
            && absorbing.verdict >= absorbed.verdict
            && absorbing.detector != absorbed.detector
            && RULES.iter().any(|rule| applies(rule, absorbing, absorbed, measurements))
    };
    (0..alarms.len()).filter(explains).collect()
}

fn applies(rule: &Rule, absorbing: &Finding, absorbed: &Finding, measurements: &Measurements) -> bool {
    let targeted = rule.absorbs.iter().any(|target| match target {
        Target::Cause(cause) => absorbed.cause == Some(*cause),
        Target::Detector(detector) => absorbed.detector == *detector,
    });
    let in_scope = match rule.scope {
        Scope::Anywhere => true,
        Scope::SameColumns => {
            !absorbed.columns.is_empty() && absorbed.columns.iter().all(|column| absorbing.columns.contains(column))
        }
    };
    // A shift of what the model answers explains nothing upstream of it.
    let upstream = !OUTPUT_DETECTORS.contains(&absorbing.detector.as_str())
        || OUTPUT_DETECTORS.contains(&absorbed.detector.as_str());
    // An alarm on columns that look alike one by one explains nothing that is said of a single one.
    let is_together = |detector: &str| TOGETHER_DETECTORS.contains(&detector);
    let by_name = !is_together(&absorbing.detector)
        || is_together(&absorbed.detector)
        || OUTPUT_DETECTORS.contains(&absorbed.detector.as_str());
    absorbing.cause == Some(rule.cause)
        && targeted
        && by_name
        && in_scope
        && upstream
        && within(rule.limit, absorbing, absorbed, measurements)
}

/// Those that look at what the model answers.
const OUTPUT_DETECTORS: &[&str] =
    &["D1.prediction_shift", "S1.predictions", "S3.paired_predictions", "P1.paired_predictions"];

/// Those that look at several columns together.
const TOGETHER_DETECTORS: &[&str] = &["D1.joint_shift", "T1.coverage"];

fn within(limit: Limit, absorbing: &Finding, absorbed: &Finding, measurements: &Measurements) -> bool {
    match limit {
        Limit::None => true,
        Limit::ShareOfRows => moves_at_most(absorbing.effect.value.abs(), absorbed, measurements),
        Limit::MoreThanItsShare => !moves_at_most(absorbed.effect.value.abs(), absorbing, measurements),
        Limit::LabelShift => {
            label_shift(measurements).is_some_and(|shift| moves_at_most(shift, absorbed, measurements))
        }
        Limit::MoreThanLabelShift => {
            label_shift(measurements).is_none_or(|shift| !moves_at_most(shift, absorbing, measurements))
        }
    }
}

/// Whether the finding's column differs by no more than `share`, and what chance adds.
fn moves_at_most(share: f64, finding: &Finding, measurements: &Measurements) -> bool {
    let sides = finding.columns.first().zip(measurements.train_and_serve());
    let columns = sides.and_then(|(name, (train, serve))| Some((train.column(name)?, serve.column(name)?)));
    let Some((train, serve)) = columns else { return true };
    let distance = likeness::distance(train, serve).unwrap_or(finding.effect.value);
    distance <= share + likeness::chance_distance(train, serve)
}

/// How far the label moved between train and serve: the total variation of its shares, or Kolmogorov's distance of an
/// amount, which is at most that. `None` when it is not on both sides.
fn label_shift(measurements: &Measurements) -> Option<f64> {
    let label = measurements.roles.label.as_deref()?;
    let side = |role| measurements.profile(role)?.column(label);
    let classes = |role| side(role).and_then(crate::detectors::classes::class_counts);
    let (Some(train), Some(serve)) = (classes(SnapshotRole::Train), classes(SnapshotRole::Serve)) else {
        return likeness::distance(side(SnapshotRole::Train)?, side(SnapshotRole::Serve)?);
    };
    let category = |counts| domain::profile::CategoryProfile { counts, other: 0 };
    likeness::category_distance(&category(train), &category(serve))
}

/// The alarms at the end of the chain of explanations: the ones nothing explains.
fn roots(place: usize, explained_by: &[Vec<usize>]) -> Vec<usize> {
    let (mut open, mut seen, mut ends) = (vec![place], vec![false; explained_by.len()], Vec::new());
    while let Some(here) = open.pop() {
        if std::mem::replace(&mut seen[here], true) {
            continue;
        }
        if explained_by[here].is_empty() {
            ends.push(here);
        }
        open.extend(&explained_by[here]);
    }
    ends
}

/// Findings that accuse one cause.
struct Group {
    cause: Cause,
    verdict: Verdict,
    own: Vec<usize>,
    explained: Vec<usize>,
}

impl Group {
    fn takes(&self, cause: Cause, finding: &Finding, alarms: &[&Finding]) -> bool {
        let apart = cause == Cause::ColumnSwap
            || self.about_output(alarms) != OUTPUT_DETECTORS.contains(&finding.detector.as_str());
        self.cause == cause && self.verdict == finding.verdict && !apart
    }

    fn about_output(&self, alarms: &[&Finding]) -> bool {
        self.own.iter().any(|place| OUTPUT_DETECTORS.contains(&alarms[*place].detector.as_str()))
    }

    fn consequence(&self, alarms: &[&Finding]) -> f64 {
        self.own.iter().map(|place| alarms[*place].consequence).sum()
    }

    fn accuse(&self, alarms: &[&Finding], all: f64, measurements: &Measurements) -> Suspect {
        let mut own: Vec<&Finding> = self.own.iter().map(|place| alarms[*place]).collect();
        strongest_first(&mut own);
        let columns = columns_of(&own);
        let explained: Vec<&Finding> = self.explained.iter().map(|place| alarms[*place]).collect();
        let ids = |findings: &[&Finding]| findings.iter().map(|finding| finding.id.clone()).collect::<Vec<String>>();
        Suspect {
            rank: 0,
            cause: self.cause,
            layer: self.cause.item().layer(),
            item: self.cause.item(),
            statement: statement(self.cause, &columns, &own),
            score: self.score(&own, &explained, all),
            findings: ids(&own),
            explains: ids(&explained),
            against: against::sentences(self.cause, &columns, &own, &explained, alarms, measurements),
            settle: settle::check(self.cause, &columns),
            symptoms: Vec::new(),
            columns,
        }
    }

    fn score(&self, own: &[&Finding], explained: &[&Finding], all: f64) -> f64 {
        let least_chance = own.iter().map(|finding| finding.certainty.value).fold(1.0, f64::min);
        let certainty = (1.0 - least_chance) * if self.verdict == Verdict::Mismatch { 1.0 } else { 0.5 };
        let carried: f64 = own.iter().chain(explained).map(|finding| weight(finding)).sum();
        (certainty * self.cause.facts().specificity.weight * carried / all.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0)
    }
}

fn strongest_first(own: &mut [&Finding]) {
    own.sort_by(|a, b| b.consequence.total_cmp(&a.consequence).then(a.columns.cmp(&b.columns)));
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
mod tests;
