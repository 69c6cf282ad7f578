//! P1.artifact_digest: is the deployed model file the evaluated and registered one?

use super::models::{Digest, by_model, named};
use crate::detectors::words::{count, name};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::DIGESTS_APART;
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need;
use domain::observation::{ArtifactPlace, Deployment, ModelArtifact, Observations};
use domain::{Cause, Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("P1.artifact_digest"),
    item: Item::P1,
    title: "Digests of the model file",
    looks_for: "A deployed model file that differs from the evaluated file or is not in the registry, and a version that stands for different files.",
    why_it_matters: "A version is a name, and any file can have it. The digest identifies the file. If another file is deployed, the offline metrics do not describe the live model.",
    how_it_decides: "Digests of the same model and algorithm are compared; {DIGESTS_APART} that disagrees is enough for a finding. It is a mismatch when a deployed digest was never registered, when it was not evaluated although the versions are the same or unknown, or when one version has different digests. A deployed version that differs from all evaluated versions is possible: the evaluation is then about another model. A digest known only from a deployment record may be the digest of a container image, so the result is possible at most.",
    try_next: "Compute the digest of the model file inside the running container and compare it with the registry entry.",
    causes: &[Cause::WrongModelVersion],
    tasks: Task::ALL,
    judge,
};

/// One digest as it was seen.
struct Seen<'a> {
    place: ArtifactPlace,
    version: Option<&'a str>,
    digest: Digest,
    source: &'a str,
}

/// One thing that was observed of a model.
enum Fact<'a> {
    File(&'a ModelArtifact),
    Record(&'a Deployment),
}

impl<'a> Fact<'a> {
    fn file(&self) -> Option<Seen<'a>> {
        match self {
            Fact::File(artifact) => of_artifact(artifact),
            Fact::Record(_) => None,
        }
    }

    fn record(&self) -> Option<&'a Deployment> {
        match self {
            Fact::File(_) => None,
            Fact::Record(record) => Some(record),
        }
    }
}

/// The comparisons of one model's digests.
#[derive(Default)]
struct Compared {
    compared: u64,
    faults: Vec<(Verdict, String)>,
}

fn judge(measurements: &Measurements) -> Judgement {
    let Observations { artifacts, deployments, .. } = &measurements.observations;
    let files = artifacts.iter().map(|artifact| (artifact.model.as_deref(), Fact::File(artifact)));
    let records = deployments.iter().map(|deployment| (deployment.model.as_deref(), Fact::Record(deployment)));
    let (mut findings, mut compared) = (Vec::new(), 0);
    for (model, facts) in by_model(files.chain(records)) {
        let mut seen: Vec<Seen> = facts.iter().filter_map(Fact::file).collect();
        let known = seen.iter().any(|one| one.place == ArtifactPlace::Deployed);
        if !known {
            seen.extend(last_of(&facts));
        }
        let found = compare(&seen);
        compared += found.compared;
        let surest = if known { Verdict::Mismatch } else { Verdict::Possible };
        findings.extend(finding(model, &seen, &found, surest));
    }
    if compared == 0 {
        return Judgement::missing(need::Fact::ModelDigests);
    }
    let summary = format!("Compared {} of model file digests.", count(compared, "pair"));
    Judgement::Judged { summary, findings }
}

fn of_artifact(artifact: &ModelArtifact) -> Option<Seen<'_>> {
    Some(Seen {
        place: artifact.place,
        version: named(artifact.version.as_deref()),
        digest: Digest::of(artifact.digest.as_deref()?)?,
        source: &artifact.source,
    })
}

/// What the newest record says is deployed.
fn last_of<'a>(facts: &[Fact<'a>]) -> Option<Seen<'a>> {
    let last = facts.iter().filter_map(Fact::record).max_by_key(|record| record.at_ms)?;
    Some(Seen {
        place: ArtifactPlace::Deployed,
        version: named(last.version.as_deref()),
        digest: Digest::of(last.digest.as_deref()?)?,
        source: &last.source,
    })
}

fn compare(seen: &[Seen]) -> Compared {
    let mut found = Compared::default();
    for (place, one) in seen.iter().enumerate() {
        let same_version = |other: &&Seen| one.version.is_some() && one.version == other.version;
        for other in seen[place + 1..].iter().filter(same_version) {
            let Some(same) = one.digest.same_as(&other.digest) else { continue };
            found.compared += 1;
            if !same {
                let version = name(one.version.unwrap_or_default());
                let fault = format!(
                    "version {version} has different digests: {} ({}) and {} ({})",
                    one.digest.short(),
                    words(one.place),
                    other.digest.short(),
                    words(other.place)
                );
                found.faults.push((Verdict::Mismatch, fault));
            }
        }
    }
    for deployed in seen.iter().filter(|one| one.place == ArtifactPlace::Deployed) {
        for place in [ArtifactPlace::Registered, ArtifactPlace::Evaluated] {
            let others: Vec<(&Seen, bool)> = seen
                .iter()
                .filter(|other| other.place == place)
                .filter_map(|other| Some((other, deployed.digest.same_as(&other.digest)?)))
                .collect();
            found.compared += others.len() as u64;
            if others.is_empty() || others.iter().any(|(_, same)| *same) {
                continue;
            }
            // The evaluation of another version may be that of a candidate.
            let other_version = |other: &Seen| {
                deployed.version.is_some() && other.version.is_some() && deployed.version != other.version
            };
            let is_candidate =
                place == ArtifactPlace::Evaluated && others.iter().all(|(other, _)| other_version(other));
            let verdict = if is_candidate { Verdict::Possible } else { Verdict::Mismatch };
            found
                .faults
                .push((verdict, format!("the deployed file ({}) was never {}", deployed.digest.short(), words(place))));
        }
    }
    found.faults.sort_by_key(|(verdict, _)| std::cmp::Reverse(*verdict));
    found.faults.dedup();
    found
}

fn words(place: ArtifactPlace) -> &'static str {
    match place {
        ArtifactPlace::Registered => "registered",
        ArtifactPlace::Evaluated => "evaluated",
        ArtifactPlace::Deployed => "deployed",
    }
}

fn finding(model: &str, seen: &[Seen], compared: &Compared, surest: Verdict) -> Option<Finding> {
    let (verdict, worst) = compared.faults.first()?;
    let of = if model.is_empty() { String::new() } else { format!("{}: ", name(model)) };
    let more = match compared.faults.len() - 1 {
        0 => String::new(),
        more => format!(" (and {})", count(more as u64, "other contradiction")),
    };
    let mut statement = format!("{of}{worst}{more}.");
    let is_sentence = model.is_empty();
    if let Some(first) = statement.get(..1).filter(|_| is_sentence).map(str::to_uppercase) {
        statement.replace_range(..1, &first);
    }
    let effect = Effect::new("digests_that_disagree", compared.faults.len() as f64, DIGESTS_APART);
    let mut finding = DETECTOR
        .finding((*verdict).min(surest), &[], statement, effect, Certainty::exact())
        .with_n("comparisons", compared.compared)
        .for_cause(Cause::WrongModelVersion);
    // Each model is a finding of its own.
    finding.id = Finding::id_of(&DETECTOR.id, &[model.to_owned()]);
    for (_, fault) in compared.faults.iter().skip(1) {
        finding = finding.with_evidence("also", fault.clone());
    }
    for one in seen {
        let version = one.version.map(|version| format!(", version {}", name(version))).unwrap_or_default();
        finding =
            finding.with_evidence(words(one.place), format!("{}{version} ({})", one.digest.short(), name(one.source)));
    }
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ArtifactPlace::{Deployed, Evaluated, Registered};

    fn artifact(place: ArtifactPlace, version: &str, digest: &str) -> ModelArtifact {
        ModelArtifact {
            source: "registry".into(),
            place,
            model: Some("credit".into()),
            version: (!version.is_empty()).then(|| version.into()),
            digest: (!digest.is_empty()).then(|| format!("sha256:{digest}")),
        }
    }

    fn judged(artifacts: Vec<ModelArtifact>, deployments: Vec<Deployment>) -> Judgement {
        let observations = Observations { artifacts, deployments, ..Observations::default() };
        judge(&Measurements { observations, ..Measurements::default() })
    }

    fn verdict(artifacts: Vec<ModelArtifact>) -> Option<Verdict> {
        judged(artifacts, Vec::new()).findings().first().map(|finding| finding.verdict)
    }

    #[test]
    fn the_evaluated_registered_and_deployed_file_are_one() {
        let sound =
            vec![artifact(Registered, "3", "aa"), artifact(Evaluated, "v3", "aa"), artifact(Deployed, "3", "aa")];
        assert_eq!(verdict(sound.clone()), None);
        let mut wrong = sound;
        wrong[2].digest = Some("sha256:bb".into());
        let found = judged(wrong, Vec::new()).findings();
        assert_eq!((found.len(), found[0].verdict), (1, Verdict::Mismatch));
        assert_eq!(found[0].cause, Some(Cause::WrongModelVersion));
        // Two contradictions of the version, and the file was neither registered nor evaluated.
        assert_eq!(found[0].effect.value, 4.0);
    }

    #[test]
    fn a_file_that_nobody_registered_is_a_mismatch_and_an_older_release_is_clear() {
        assert_eq!(
            verdict(vec![artifact(Registered, "3", "aa"), artifact(Deployed, "", "bb")]),
            Some(Verdict::Mismatch)
        );
        let registry = vec![artifact(Registered, "2", "bb"), artifact(Registered, "3", "aa")];
        let older = |evaluated: &[ModelArtifact]| [&registry, evaluated, &[artifact(Deployed, "2", "bb")]].concat();
        assert_eq!(verdict(older(&[])), None);
        assert_eq!(
            verdict(older(&[artifact(Evaluated, "3", "aa")])),
            Some(Verdict::Possible),
            "a candidate was evaluated"
        );
        assert_eq!(verdict(older(&[artifact(Evaluated, "", "aa")])), Some(Verdict::Mismatch));
        assert_eq!(verdict(older(&[artifact(Evaluated, "3", "aa"), artifact(Evaluated, "2", "bb")])), None);
    }

    #[test]
    fn what_cannot_be_compared_is_no_evidence() {
        let missing = |artifacts| matches!(judged(artifacts, Vec::new()), Judgement::NoEvidence { .. });
        assert!(missing(vec![]));
        assert!(missing(vec![artifact(Deployed, "3", "aa")]));
        assert!(missing(vec![artifact(Deployed, "3", ""), artifact(Registered, "3", "aa")]));
        let md5 = ModelArtifact { digest: Some("md5:aa".into()), ..artifact(Registered, "3", "") };
        assert!(missing(vec![artifact(Deployed, "3", "aa"), md5]));
        let other = ModelArtifact { model: Some("fraud".into()), ..artifact(Registered, "3", "bb") };
        assert!(missing(vec![artifact(Deployed, "3", "aa"), other]));
    }

    #[test]
    fn a_record_of_a_deployment_is_possible_at_most() {
        let record = |at_ms, digest: &str| Deployment {
            at_ms: Some(at_ms),
            version: Some("3".into()),
            digest: Some(format!("sha256:{digest}")),
            ..Deployment::default()
        };
        let found = judged(vec![artifact(Registered, "3", "aa")], vec![record(2, "bb"), record(1, "aa")]).findings();
        assert_eq!(found[0].verdict, Verdict::Possible);
        assert!(
            judged(vec![artifact(Registered, "3", "aa")], vec![record(1, "bb"), record(2, "aa")]).findings().is_empty()
        );
    }
}
