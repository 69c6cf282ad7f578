//! P1.artifact_digest: is the file that runs the one that was evaluated and registered?

use super::models::{Digest, by_model, named};
use crate::detectors::words::{count, name};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::DIGESTS_APART;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::observation::{ArtifactPlace, Deployment, ModelArtifact, Observations};
use domain::{Cause, Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: "P1.artifact_digest",
    item: Item::P1,
    title: "Digests of the model file",
    looks_for: "A deployed model file that is not the evaluated or not a registered one, and one version that stands for two files.",
    why_it_matters: "A version is a name and can be put on any file; the digest is the file. With another file deployed, nothing that was measured says anything about what users get.",
    how_it_decides: "Digests of one model and one algorithm are compared. A deployed digest that was never registered, a deployed digest that was not evaluated although the versions do not differ, or one version with two digests is a mismatch. A deployed version other than the evaluated ones is possible: then the evaluation is about another model. Digests that only a deployment record names may be of an image, so they are possible at most.",
    try_next: "Compute the digest of the model file inside the running container and compare it with the registry's entry.",
    causes: &[Cause::WrongModelVersion],
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

/// What is known of one model.
#[derive(Default)]
struct Told {
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
        let told = compare(&seen);
        compared += told.compared;
        let surest = if known { Verdict::Mismatch } else { Verdict::Possible };
        findings.extend(finding(model, &seen, &told, surest));
    }
    if compared == 0 {
        return Judgement::missing("digests of the deployed model file and of the registered or evaluated one");
    }
    let summary = format!("Compared {} of model files.", count(compared, "pair"));
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

fn compare(seen: &[Seen]) -> Told {
    let mut told = Told::default();
    for (place, one) in seen.iter().enumerate() {
        let same_version = |other: &&Seen| one.version.is_some() && one.version == other.version;
        for other in seen[place + 1..].iter().filter(same_version) {
            let Some(same) = one.digest.same_as(&other.digest) else { continue };
            told.compared += 1;
            if !same {
                let version = name(one.version.unwrap_or_default());
                let fault = format!(
                    "version {version} is {} where it was {} and {} where it was {}",
                    one.digest.short(),
                    words(one.place),
                    other.digest.short(),
                    words(other.place)
                );
                told.faults.push((Verdict::Mismatch, fault));
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
            told.compared += others.len() as u64;
            if others.is_empty() || others.iter().any(|(_, same)| *same) {
                continue;
            }
            // Of another version, the evaluation may be that of a candidate.
            let other_version = |other: &Seen| {
                deployed.version.is_some() && other.version.is_some() && deployed.version != other.version
            };
            let is_candidate =
                place == ArtifactPlace::Evaluated && others.iter().all(|(other, _)| other_version(other));
            let verdict = if is_candidate { Verdict::Possible } else { Verdict::Mismatch };
            told.faults
                .push((verdict, format!("the deployed file ({}) was never {}", deployed.digest.short(), words(place))));
        }
    }
    told.faults.sort_by_key(|(verdict, _)| std::cmp::Reverse(*verdict));
    told.faults.dedup();
    told
}

fn words(place: ArtifactPlace) -> &'static str {
    match place {
        ArtifactPlace::Registered => "registered",
        ArtifactPlace::Evaluated => "evaluated",
        ArtifactPlace::Deployed => "deployed",
    }
}

fn finding(model: &str, seen: &[Seen], told: &Told, surest: Verdict) -> Option<Finding> {
    let (verdict, worst) = told.faults.first()?;
    let of = if model.is_empty() { String::new() } else { format!("Of {}, ", name(model)) };
    let more = match told.faults.len() - 1 {
        0 => String::new(),
        more => format!(", and {} like it", count(more as u64, "contradiction")),
    };
    let mut statement = format!("{of}{worst}{more}.");
    if let Some(first) = statement.get(..1).map(str::to_uppercase) {
        statement.replace_range(..1, &first);
    }
    let effect = Effect::new("digests_that_disagree", told.faults.len() as f64, DIGESTS_APART);
    let mut finding = DETECTOR
        .finding((*verdict).min(surest), &[], statement, effect, Certainty::exact())
        .with_n("comparisons", told.compared)
        .for_cause(Cause::WrongModelVersion);
    // Each model is a finding of its own.
    finding.id = Finding::id_of(DETECTOR.id, &[model.to_owned()]);
    for (_, fault) in told.faults.iter().skip(1) {
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
    fn a_file_that_nobody_registered_is_a_mismatch_and_an_older_release_is_none() {
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
