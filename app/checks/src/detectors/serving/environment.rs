//! S3.environment: do training and serving run with the same packages?

mod computing;
mod release;

use std::collections::BTreeMap;

use crate::detectors::words::{count, name};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{ENVIRONMENT_LENGTH_RATIO, ENVIRONMENT_RELEASES};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Fact;
use domain::observation::{Environment, Stage};
use domain::{Cause, Finding, Item, Task, Verdict};
use release::{Difference, difference, major};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("S3.environment"),
    item: Item::S3,
    title: "Environments of training and serving",
    looks_for: "Packages that compute features or predictions or load models, and Python itself, in different releases for training and for serving. Versions are read as PEP 440 defines them.",
    why_it_matters: "The same model file can give different predictions with different libraries. Defaults change, missing values are handled differently, and a model saved by one version may load wrongly in the next without an error.",
    how_it_decides: "Versions are compared part by part: major, minor, patch. A different major or minor version of at least {ENVIRONMENT_RELEASES} package that computes or loads models (numpy, pandas, scikit-learn, torch, joblib and similar), or of Python, is a mismatch. A different patch version of such a package, and a different major version of any other package, is possible. A package that affects predictions and is listed on one side only is possible when neither list is more than {ENVIRONMENT_LENGTH_RATIO} times as long as the other. Other differences are listed only. Builds of the same release for different machines count as equal.",
    try_next: "Install the training versions in serving, or train again with the serving versions. Then score the same hundred rows in both environments.",
    causes: &[Cause::EnvironmentDifference],
    tasks: Task::ALL,
    judge,
};

/// Evidence lines at most; the rest is counted.
const LINES: usize = 20;
/// Pairs of environments compared at most.
const PAIRS: usize = 16;

fn judge(measurements: &Measurements) -> Judgement {
    let environments: Vec<&Environment> = measurements
        .observations
        .environments
        .iter()
        .filter(|environment| environment.python.is_some() || !environment.packages.is_empty())
        .collect();
    let compared: Vec<Compared> =
        pairs(&environments).into_iter().map(|(a, b)| compare(a, b)).filter(|pair| pair.comparable > 0).collect();
    if compared.is_empty() {
        return Judgement::missing(Fact::Environments);
    }
    let most = compared.iter().map(|pair| pair.comparable).max().unwrap_or(0);
    let summary = format!("Compared the versions of {} of training and serving.", count(most, "package"));
    Judgement::Judged { summary, findings: distinct(compared).iter().filter_map(finding).collect() }
}

/// Training with serving. If there are only two environments and a stage is missing, these two are compared.
fn pairs<'a>(environments: &[&'a Environment]) -> Vec<(&'a Environment, &'a Environment)> {
    let of = |stage| environments.iter().copied().filter(move |environment| environment.stage == Some(stage));
    let known: Vec<_> =
        of(Stage::Training).flat_map(|train| of(Stage::Serving).map(move |serve| (train, serve))).take(PAIRS).collect();
    match environments {
        _ if !known.is_empty() => known,
        [a, b] if a.stage != b.stage || a.stage.is_none() => {
            let swapped = a.stage == Some(Stage::Serving) || b.stage == Some(Stage::Training);
            vec![if swapped { (*b, *a) } else { (*a, *b) }]
        }
        _ => Vec::new(),
    }
}

/// Several lists of one stage repeat each other: a pair that adds nothing new is left out.
fn distinct(mut compared: Vec<Compared>) -> Vec<Compared> {
    compared.sort_by_key(|pair| std::cmp::Reverse((pair.releases.len(), pair.doubtful.len())));
    let mut kept: Vec<Compared> = Vec::new();
    for pair in compared {
        let is_known = |line| kept.iter().any(|other| other.releases.contains(line) || other.doubtful.contains(line));
        if !pair.releases.iter().chain(&pair.doubtful).all(is_known) {
            kept.push(pair);
        }
    }
    kept
}

/// What two environments have in common and where they differ, in words for the evidence.
struct Compared<'a> {
    sides: [&'a Environment; 2],
    /// Packages with a version on both sides.
    comparable: u64,
    /// Packages that compute, and Python, in different releases.
    releases: Vec<String>,
    /// Worth a look: patch releases of packages that compute, such packages on one side, major versions of others.
    doubtful: Vec<String>,
    /// Everything else that differs.
    others: Vec<String>,
    one_sided: u64,
}

fn compare<'a>(train: &'a Environment, serve: &'a Environment) -> Compared<'a> {
    let packages = |of: &'a Environment| -> BTreeMap<&'a str, &'a str> {
        of.packages.iter().map(|(name, version)| (computing::canonical(name), version.as_str())).collect()
    };
    let (left, right) = (packages(train), packages(serve));
    let (shorter, longer) = (left.len().min(right.len()) as f64, left.len().max(right.len()) as f64);
    let alike_in_length = ENVIRONMENT_LENGTH_RATIO * shorter >= longer;
    let mut found = Compared {
        sides: [train, serve],
        comparable: 0,
        releases: Vec::new(),
        doubtful: Vec::new(),
        others: Vec::new(),
        one_sided: 0,
    };
    if let (Some(a), Some(b)) = (&train.python, &serve.python)
        && let Some(how) = difference(a, b)
    {
        found.comparable += 1;
        let line = format!("Python ({a} in training, {b} in serving)");
        match how {
            Difference::Major | Difference::Minor => found.releases.push(line),
            Difference::Patch => found.others.push(line),
            Difference::Build | Difference::None => {}
        }
    }
    for (package, version) in &left {
        let computes = computing::role(package);
        let Some(other) = right.get(package) else {
            found.one_sided += 1;
            if computes.is_some() && alike_in_length {
                found.doubtful.push(format!("{package} ({version}, in training only)"));
            }
            continue;
        };
        let Some(how) = difference(version, other) else { continue };
        found.comparable += 1;
        let line = format!("{package} ({version} in training, {other} in serving)");
        match how {
            Difference::None => {}
            Difference::Major | Difference::Minor if computes.is_some() => found.releases.push(line),
            Difference::Patch if computes.is_some() => found.doubtful.push(line),
            Difference::Major if major(version).is_some() && major(other).is_some() => found.doubtful.push(line),
            _ => found.others.push(line),
        }
    }
    for (package, version) in right.iter().filter(|(package, _)| !left.contains_key(*package)) {
        found.one_sided += 1;
        if computing::role(package).is_some() && alike_in_length {
            found.doubtful.push(format!("{package} ({version}, in serving only)"));
        }
    }
    found
}

fn finding(pair: &Compared) -> Option<Finding> {
    let (verdict, statement) = match (pair.releases.as_slice(), pair.doubtful.as_slice()) {
        ([], []) => return None,
        ([], doubtful) => (
            Verdict::Possible,
            format!("Training and serving have small differences in their packages: {}.", some(doubtful)),
        ),
        (releases, _) => (
            Verdict::Mismatch,
            format!("Training and serving use different releases of packages that matter: {}.", some(releases)),
        ),
    };
    let effect = Effect::new("packages_of_another_release", pair.releases.len() as f64, ENVIRONMENT_RELEASES);
    let [train, serve] = pair.sides.map(|side| name(&side.source));
    let mut finding = DETECTOR
        .finding(verdict, &[], statement, effect, Certainty::exact())
        .with_n("packages", pair.comparable)
        .with_evidence("environment of training, of serving", format!("{train}, {serve}"))
        .for_cause(Cause::EnvironmentDifference);
    // Each pair of lists is a finding of its own.
    finding.id = Finding::id_of(&DETECTOR.id, &pair.sides.map(|side| side.source.clone()));
    let kinds =
        [("different release", &pair.releases), ("worth a look", &pair.doubtful), ("other packages", &pair.others)];
    for (label, lines) in kinds {
        for line in lines.iter().take(LINES) {
            let package = line.split(' ').next().unwrap_or_default();
            let role = computing::role(package).map(|role| format!(": {role}")).unwrap_or_default();
            finding = finding.with_evidence(label, format!("{line}{role}"));
        }
        if lines.len() > LINES {
            finding = finding.with_evidence(label, format!("and {} more", lines.len() - LINES));
        }
    }
    if pair.one_sided > 0 {
        finding = finding.with_evidence("packages listed on one side only", pair.one_sided.to_string());
    }
    Some(finding)
}

fn some(lines: &[String]) -> String {
    const NAMED: usize = 3;
    let named = lines.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if lines.len() > NAMED { format!("{named} and {} more", lines.len() - NAMED) } else { named }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::observation::Observations;

    fn environment(source: &str, stage: Option<Stage>, python: &str, packages: &[(&str, &str)]) -> Environment {
        Environment {
            source: source.into(),
            stage,
            python: (!python.is_empty()).then(|| python.into()),
            packages: packages.iter().map(|(name, version)| ((*name).into(), (*version).into())).collect(),
        }
    }

    fn judged(environments: Vec<Environment>) -> Judgement {
        let observations = Observations { environments, ..Observations::default() };
        judge(&Measurements { observations, ..Measurements::default() })
    }

    fn between(train: &[(&str, &str)], serve: &[(&str, &str)]) -> Option<Verdict> {
        let sides = vec![
            environment("a", Some(Stage::Training), "3.11.4", train),
            environment("b", Some(Stage::Serving), "3.11.9", serve),
        ];
        judged(sides).findings().first().map(|finding| finding.verdict)
    }

    #[test]
    fn another_release_of_what_computes_is_a_mismatch() {
        let found = judged(vec![
            environment("serve", Some(Stage::Serving), "", &[("scikit-learn", "1.5.1"), ("numpy", "1.26.4")]),
            environment("train", Some(Stage::Training), "", &[("scikit-learn", "1.4.2"), ("numpy", "1.26.4")]),
        ])
        .findings();
        assert_eq!((found.len(), found[0].verdict, found[0].effect.value), (1, Verdict::Mismatch, 1.0));
        assert_eq!(found[0].cause, Some(Cause::EnvironmentDifference));
        assert!(
            found[0].statement.contains("scikit-learn (1.4.2 in training, 1.5.1 in serving)"),
            "{}",
            found[0].statement
        );
    }

    #[test]
    fn what_does_not_compute_and_builds_for_other_machines_are_no_finding() {
        assert_eq!(
            between(&[("numpy", "1.26.4"), ("fastapi", "0.110.0")], &[("numpy", "1.26.4"), ("fastapi", "0.111.0")]),
            None
        );
        assert_eq!(between(&[("torch", "2.1.0+cu121")], &[("torch", "2.1.0+cpu")]), None);
        assert_eq!(between(&[("tensorflow-gpu", "2.15.0")], &[("tensorflow-cpu", "2.15.0")]), None);
        assert_eq!(
            between(&[("numpy", "1.26.4"), ("jupyter", "1.0")], &[("numpy", "1.26.4"), ("uvicorn", "0.30")]),
            None
        );
        assert_eq!(between(&[("certifi", "2024.2.2")], &[("certifi", "2025.1.1")]), None, "a year");
    }

    #[test]
    fn smaller_differences_are_possible() {
        assert_eq!(between(&[("numpy", "1.26.3")], &[("numpy", "1.26.4")]), Some(Verdict::Possible));
        assert_eq!(between(&[("pydantic", "1.10.2")], &[("pydantic", "2.7.0")]), Some(Verdict::Possible));
        let train = [("numpy", "1.26.4"), ("xgboost", "2.0.3")];
        assert_eq!(between(&train, &[("numpy", "1.26.4"), ("uvicorn", "0.30")]), Some(Verdict::Possible));
        // A short list holds only the packages that were requested, not all that are installed.
        let whole = [("numpy", "1.26.4"), ("scipy", "1.13"), ("a", "1"), ("b", "1"), ("c", "1")];
        assert_eq!(between(&[("numpy", "1.26.4")], &whole), None);
    }

    #[test]
    fn another_python_is_a_mismatch_and_its_patches_are_not() {
        let with = |python: &str| environment(python, None, python, &[]);
        let verdict = |a: &str, b: &str| judged(vec![with(a), with(b)]).findings().first().map(|one| one.verdict);
        assert_eq!(verdict("3.11.4", "3.10.2"), Some(Verdict::Mismatch));
        assert_eq!(verdict("3.11.4", "3.11.9"), None);
    }

    #[test]
    fn several_lists_of_one_stage_say_it_once() {
        let side = |source: &str, stage, numpy: &str, python: &str| {
            environment(source, Some(stage), python, &[("numpy", numpy)])
        };
        let found = judged(vec![
            side("train.txt", Stage::Training, "1.26.4", ""),
            side("serve.txt", Stage::Serving, "2.0.2", ""),
            side("training image", Stage::Training, "1.26.4", "3.11"),
            side("serving image", Stage::Serving, "2.0.2", "3.10"),
        ])
        .findings();
        assert_eq!((found.len(), found[0].effect.value), (1, 2.0));
    }

    #[test]
    fn without_two_sides_there_is_no_evidence() {
        let one = environment("a", Some(Stage::Training), "3.11", &[("numpy", "1.0")]);
        let missing = |environments| matches!(judged(environments), Judgement::NoEvidence { .. });
        assert!(missing(vec![]));
        assert!(missing(vec![one.clone()]));
        assert!(missing(vec![one.clone(), one.clone()]), "twice the same side");
        let unknown = Environment { stage: None, ..one.clone() };
        assert!(!missing(vec![one.clone(), unknown.clone()]));
        assert!(missing(vec![unknown.clone(), unknown.clone(), unknown]), "which two?");
        assert!(missing(vec![one, environment("b", Some(Stage::Serving), "", &[("numpy", "")])]), "nothing pinned");
    }
}
