//! P2.releases: does every deployment have a version, and can it be rolled back?

use std::collections::BTreeMap;

use super::models::{Digest, by_model, named, tag};
use crate::detectors::words::{count, name, values};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::RELEASE_FAULTS;
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Fact;
use domain::observation::Deployment;
use domain::{Cause, Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("P2.releases"),
    item: Item::P2,
    title: "Named releases and rollback",
    looks_for: "Deployments without a version or with a moving tag (latest, stable, prod), a tag that was used for different files, and a release without a version to roll back to.",
    why_it_matters: "In an incident the first question is what changed, and the first remedy is to roll back. The question needs version names. The remedy needs an earlier version.",
    how_it_decides: "The check reads the deployment records of each model; {RELEASE_FAULTS} of the following reasons is enough. It is a mismatch when the last record names neither a version nor a digest, when the same tag was deployed with different digests, or when there are several deployments and none names a version to roll back to. It is possible when the last record has a moving tag and also a digest, when only an earlier record has no fixed version, or when the only record names no previous version.",
    try_next: "Deploy by version or digest, keep the previous version, and test the rollback in staging.",
    causes: &[Cause::NoRollback],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let deployments = &measurements.observations.deployments;
    if deployments.is_empty() {
        return Judgement::missing(Fact::Deployments);
    }
    let summary = format!("Read {}.", count(deployments.len() as u64, "deployment"));
    let models = by_model(deployments.iter().map(|deployment| (deployment.model.as_deref(), deployment)));
    let findings = models.into_iter().filter_map(|(model, mut records)| {
        // Records without a time come first: records with a time are newer.
        records.sort_by_key(|record| record.at_ms);
        finding(model, &records)
    });
    Judgement::Judged { summary, findings: findings.collect() }
}

fn finding(model: &str, records: &[&Deployment]) -> Option<Finding> {
    let faults: Vec<(Verdict, String)> =
        [unnamed(records), moved(records), no_way_back(records)].into_iter().flatten().collect();
    let verdict = faults.iter().map(|(verdict, _)| *verdict).max()?;
    let reasons: Vec<&str> = faults.iter().map(|(_, fault)| fault.as_str()).collect();
    let of = if model.is_empty() { "Deployments".to_owned() } else { format!("Deployments of {}", name(model)) };
    let statement = format!("{of}: {}.", reasons.join("; "));
    let effect = Effect::new("faults_of_releases", faults.len() as f64, RELEASE_FAULTS);
    let mut finding = DETECTOR
        .finding(verdict, &[], statement, effect, Certainty::exact())
        .with_n("deployments", records.len() as u64)
        .for_cause(Cause::NoRollback);
    // Each model is a finding of its own.
    finding.id = Finding::id_of(&DETECTOR.id, &[model.to_owned()]);
    let last = records.last()?;
    let shown = |version: &Option<String>| version.as_deref().map_or("none".to_owned(), name);
    Some(
        finding
            .with_evidence("last deployment, version", shown(&last.version))
            .with_evidence("last deployment, previous version", shown(&last.previous_version)),
    )
}

/// Deployments whose name does not say what was deployed.
fn unnamed(records: &[&Deployment]) -> Option<(Verdict, String)> {
    let nameless: Vec<&&Deployment> =
        records.iter().filter(|record| named(record.version.as_deref()).is_none()).collect();
    if nameless.is_empty() {
        return None;
    }
    let last = records.last()?;
    let unknown = named(last.version.as_deref()).is_none() && digest(last).is_none();
    let mut tags: Vec<&str> = nameless.iter().filter_map(|record| record.version.as_deref()).map(tag).collect();
    tags.retain(|tag| !tag.is_empty());
    tags.sort_unstable();
    tags.dedup();
    let by = if tags.is_empty() { String::new() } else { format!(" ({})", values(&tags)) };
    let verb = if nameless.len() == 1 { "has" } else { "have" };
    let verdict = if unknown { Verdict::Mismatch } else { Verdict::Possible };
    Some((verdict, format!("{} of {} {verb} no fixed version{by}", nameless.len(), records.len())))
}

/// A tag that was used for two files.
fn moved(records: &[&Deployment]) -> Option<(Verdict, String)> {
    let mut by_tag: BTreeMap<&str, Vec<Digest>> = BTreeMap::new();
    for record in records {
        let tag = record.version.as_deref().map(tag).filter(|tag| !tag.is_empty());
        if let (Some(tag), Some(digest)) = (tag, digest(record)) {
            by_tag.entry(tag).or_default().push(digest);
        }
    }
    let (tag, first, other) = by_tag.iter().find_map(|(tag, digests)| {
        let (first, rest) = digests.split_first()?;
        Some((tag, first, rest.iter().find(|other| first.same_as(other) == Some(false))?))
    })?;
    let fault =
        format!("tag {} was deployed with different digests ({} and {})", name(tag), first.short(), other.short());
    Some((Verdict::Mismatch, fault))
}

fn no_way_back(records: &[&Deployment]) -> Option<(Verdict, String)> {
    let (last, earlier) = records.split_last()?;
    let now = named(last.version.as_deref());
    let recorded = named(last.previous_version.as_deref()).is_some_and(|previous| Some(previous) != now);
    let other_name = |record: &&Deployment| {
        [&record.version, &record.previous_version]
            .into_iter()
            .any(|version| named(version.as_deref()).is_some_and(|version| Some(version) != now))
    };
    let other_file = |record: &&Deployment| {
        digest(record).zip(digest(last)).is_some_and(|(one, other)| one.same_as(&other) == Some(false))
    };
    if recorded || earlier.iter().any(|record| other_name(record) || other_file(record)) {
        return None;
    }
    let verdict = if earlier.is_empty() && now.is_some() { Verdict::Possible } else { Verdict::Mismatch };
    Some((verdict, "no earlier version is recorded for a rollback of the last one".to_owned()))
}

fn digest(record: &Deployment) -> Option<Digest> {
    Digest::of(record.digest.as_deref()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::observation::Observations;

    fn record(at_ms: i64, version: &str, previous: &str, digest: &str) -> Deployment {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Deployment {
            at_ms: Some(at_ms),
            model: some("credit"),
            version: some(version),
            previous_version: some(previous),
            digest: some(digest),
            ..Deployment::default()
        }
    }

    fn verdict(deployments: Vec<Deployment>) -> Option<Verdict> {
        let observations = Observations { deployments, ..Observations::default() };
        let found = judge(&Measurements { observations, ..Measurements::default() }).findings();
        assert!(found.iter().all(|finding| finding.cause == Some(Cause::NoRollback)));
        found.first().map(|finding| finding.verdict)
    }

    #[test]
    fn named_releases_with_a_way_back_are_sound() {
        assert_eq!(verdict(vec![record(2, "v4", "v3", "")]), None);
        assert_eq!(verdict(vec![record(2, "v4", "", ""), record(1, "v3", "", "")]), None, "the one before");
        assert_eq!(
            verdict(vec![record(1, "v3", "", "md5:a"), record(2, "v3", "", "md5:a"), record(3, "v4", "", "")]),
            None
        );
    }

    #[test]
    fn moving_tags_and_missing_names_are_found() {
        assert_eq!(verdict(vec![record(1, "latest", "", "")]), Some(Verdict::Mismatch));
        assert_eq!(verdict(vec![record(1, "", "v3", "")]), Some(Verdict::Mismatch));
        assert_eq!(verdict(vec![record(1, "prod", "v3", "sha256:aa")]), Some(Verdict::Possible), "the digest names it");
        assert_eq!(verdict(vec![record(1, "latest", "", ""), record(2, "v4", "v3", "")]), Some(Verdict::Possible));
        assert_eq!(
            verdict(vec![record(1, "v4", "latest", "")]),
            Some(Verdict::Possible),
            "a previous version that names nothing"
        );
    }

    #[test]
    fn one_tag_for_two_files_is_a_mismatch() {
        let twice = vec![record(1, "v3", "v2", "sha256:aa"), record(2, "v3", "v2", "sha256:bb")];
        assert_eq!(verdict(twice), Some(Verdict::Mismatch));
        let two_algorithms = vec![record(1, "v3", "v2", "sha256:aa"), record(2, "v3", "v2", "md5:bb")];
        assert_eq!(verdict(two_algorithms), None);
    }

    #[test]
    fn with_nothing_to_go_back_to_several_records_are_surer_than_one() {
        assert_eq!(verdict(vec![record(1, "v4", "", "")]), Some(Verdict::Possible));
        assert_eq!(verdict(vec![record(1, "v4", "v4", "")]), Some(Verdict::Possible));
        assert_eq!(verdict(vec![record(1, "v4", "", ""), record(2, "v4", "", "")]), Some(Verdict::Mismatch));
    }

    #[test]
    fn without_records_there_is_no_evidence() {
        assert!(matches!(judge(&Measurements::default()), Judgement::NoEvidence { .. }));
    }
}
