//! P3.resources: do the service's processes have the memory and the CPU time they need?

use crate::detectors::report::strongest_of_each;
use crate::detectors::words::{count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CPU_THROTTLED, CPU_THROTTLED_POSSIBLE, MEMORY_KILLS, MEMORY_PEAK, MEMORY_PEAK_POSSIBLE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Fact;
use domain::observation::ResourceUse;
use domain::{Cause, Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("P3.resources"),
    item: Item::P3,
    title: "Memory and CPU limits",
    looks_for: "Processes that were killed because they ran out of memory, that come close to their memory limit, or that are throttled.",
    why_it_matters: "When a process is killed, the requests it was working on fail. A throttled process is slow exactly when the load is high. The model's metrics do not show either.",
    how_it_decides: "At least {MEMORY_KILLS} out-of-memory kill is a mismatch. A memory peak of at least {MEMORY_PEAK:%} of the limit is a mismatch; from {MEMORY_PEAK_POSSIBLE:%} it is possible. CPU throttling in at least {CPU_THROTTLED:%} of the scheduling periods is a mismatch; from {CPU_THROTTLED_POSSIBLE:%} it is possible. Restarts are listed but not judged, because they have many causes. A peak that includes the file cache looks higher than the memory the process needs.",
    try_next: "Raise the limit to one and a half times the peak under production load, or run fewer workers in each process. Then watch kills and throttling for a day.",
    causes: &[Cause::UnderProvisioned],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let all = put_together(&measurements.observations.resources);
    let watched: Vec<&ResourceUse> = all.iter().filter(|one| says_something(one)).collect();
    if watched.is_empty() {
        return Judgement::missing(Fact::ResourceUse);
    }
    let summary = format!("Checked the resources of {}.", processes(watched.len() as u64));
    let findings = strongest_of_each(watched.into_iter().filter_map(finding).collect());
    Judgement::Judged { summary, findings }
}

/// One tool knows the limit of a process and another its use: the figures that are absent are taken from the other entries of
/// the same process. A container is named behind its pod, with a slash.
fn put_together(resources: &[ResourceUse]) -> Vec<ResourceUse> {
    let pod = |one: &ResourceUse| one.name.split('/').next().unwrap_or_default().to_owned();
    let completed = |one: &ResourceUse| {
        let same = || resources.iter().filter(|other| !one.name.is_empty() && pod(other) == pod(one));
        let first = |value: fn(&ResourceUse) -> Option<f64>| value(one).or_else(|| same().find_map(value));
        ResourceUse {
            memory_limit_bytes: first(|one| one.memory_limit_bytes),
            memory_peak_bytes: first(|one| one.memory_peak_bytes),
            cpu_limit_cores: first(|one| one.cpu_limit_cores),
            cpu_peak_cores: first(|one| one.cpu_peak_cores),
            ..one.clone()
        }
    };
    // What only told the use of a process whose limit another entry has is that entry now.
    let is_taken_up = |one: &ResourceUse| {
        let other = |other: &ResourceUse| other != one && pod(other) == pod(one) && other.memory_limit_bytes.is_some();
        one.memory_limit_bytes.is_none() && one.out_of_memory_kills.is_none() && resources.iter().any(other)
    };
    resources.iter().filter(|one| !is_taken_up(one)).map(completed).collect()
}

fn processes(how_many: u64) -> String {
    if how_many == 1 { "1 process".into() } else { format!("{} processes", number(how_many as f64)) }
}

fn memory_share(resources: &ResourceUse) -> Option<f64> {
    let share = resources.memory_peak_bytes? / resources.memory_limit_bytes.filter(|limit| *limit > 0.0)?;
    share.is_finite().then_some(share)
}

fn throttled(resources: &ResourceUse) -> Option<f64> {
    resources.cpu_throttled_share.filter(|share| share.is_finite())
}

fn says_something(resources: &ResourceUse) -> bool {
    memory_share(resources).is_some() || throttled(resources).is_some() || resources.out_of_memory_kills.is_some()
}

fn finding(resources: &ResourceUse) -> Option<Finding> {
    let mut symptoms: Vec<(Verdict, String, Effect)> = Vec::new();
    if let Some(kills) = resources.out_of_memory_kills.filter(|kills| *kills as f64 >= MEMORY_KILLS) {
        let fault = format!("was killed {} because it ran out of memory", count(kills, "time"));
        symptoms.push((Verdict::Mismatch, fault, Effect::new("out_of_memory_kills", kills as f64, MEMORY_KILLS)));
    }
    if let Some(share) = memory_share(resources)
        && let Some(verdict) = banded(share, MEMORY_PEAK_POSSIBLE, MEMORY_PEAK)
    {
        let fault = format!("used {} of its memory limit", percent(share));
        symptoms.push((verdict, fault, Effect::new("peak_over_memory_limit", share, MEMORY_PEAK)));
    }
    if let Some(share) = throttled(resources)
        && let Some(verdict) = banded(share, CPU_THROTTLED_POSSIBLE, CPU_THROTTLED)
    {
        let fault = format!("was throttled in {} of its CPU scheduling periods", percent(share));
        symptoms.push((verdict, fault, Effect::new("throttled_share", share, CPU_THROTTLED)));
    }
    symptoms.sort_by(|a, b| b.0.cmp(&a.0).then(b.2.relative().total_cmp(&a.2.relative())));
    let faults: Vec<&str> = symptoms.iter().map(|(_, fault, _)| fault.as_str()).collect();
    let process = if resources.name.is_empty() { "The service".to_owned() } else { name(&resources.name) };
    let statement = match faults.as_slice() {
        [] => return None,
        [one] => format!("{process} {one}."),
        [first @ .., last] => format!("{process} {} and {last}.", first.join(", ")),
    };
    let (verdict, _, effect) = symptoms.into_iter().next()?;
    let mut finding = DETECTOR
        .finding(verdict, &[], statement, effect, Certainty::exact())
        .with_n("processes", 1)
        .for_cause(Cause::UnderProvisioned);
    // Each process is a finding of its own.
    finding.id = Finding::id_of(&DETECTOR.id, &[resources.source.clone(), resources.name.clone()]);
    let megabytes = |bytes: f64| format!("{} MB", number((bytes / 1e6).round()));
    let facts = [
        ("memory, peak", resources.memory_peak_bytes.map(megabytes)),
        ("memory, limit", resources.memory_limit_bytes.map(megabytes)),
        ("CPU, peak in cores", resources.cpu_peak_cores.map(number)),
        ("CPU, limit in cores", resources.cpu_limit_cores.map(number)),
        ("out-of-memory kills", resources.out_of_memory_kills.map(|kills| kills.to_string())),
        ("restarts", resources.restarts.map(|restarts| restarts.to_string())),
    ];
    for (label, value) in facts {
        if let Some(value) = value {
            finding = finding.with_evidence(label, value);
        }
    }
    Some(finding)
}

fn banded(share: f64, possible: f64, mismatch: f64) -> Option<Verdict> {
    match share {
        share if share >= mismatch => Some(Verdict::Mismatch),
        share if share >= possible => Some(Verdict::Possible),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::observation::Observations;

    fn judged(resources: Vec<ResourceUse>) -> Judgement {
        let observations = Observations { resources, ..Observations::default() };
        judge(&Measurements { observations, ..Measurements::default() })
    }

    fn verdict(resources: ResourceUse) -> Option<Verdict> {
        judged(vec![resources]).findings().first().map(|finding| finding.verdict)
    }

    fn memory(peak: f64, limit: f64) -> ResourceUse {
        ResourceUse {
            name: "pod".into(),
            memory_peak_bytes: Some(peak),
            memory_limit_bytes: Some(limit),
            ..ResourceUse::default()
        }
    }

    #[test]
    fn peaks_are_judged_by_their_share_of_the_limit() {
        assert_eq!(verdict(memory(96.0, 100.0)), Some(Verdict::Mismatch));
        assert_eq!(verdict(memory(85.0, 100.0)), Some(Verdict::Possible));
        assert_eq!(verdict(memory(84.0, 100.0)), None);
    }

    #[test]
    fn the_limit_of_one_tool_and_the_peak_of_another_are_put_together_by_the_pod() {
        let limit = ResourceUse { name: "pod/model".into(), memory_limit_bytes: Some(512.0), ..ResourceUse::default() };
        let peak =
            |name: &str| ResourceUse { name: name.into(), memory_peak_bytes: Some(700.0), ..ResourceUse::default() };
        let verdicts = |other: &str| {
            let found = judged(vec![limit.clone(), peak(other)]);
            found.findings().iter().map(|finding| finding.verdict).collect::<Vec<_>>()
        };
        assert_eq!(verdicts("pod"), [Verdict::Mismatch]);
        assert_eq!(verdicts("another"), []);
    }

    #[test]
    fn a_kill_is_a_mismatch_and_restarts_alone_are_not() {
        let killed = ResourceUse { out_of_memory_kills: Some(2), restarts: Some(2), ..memory(50.0, 100.0) };
        let found = judged(vec![killed]).findings();
        assert_eq!((found[0].verdict, found[0].cause), (Verdict::Mismatch, Some(Cause::UnderProvisioned)));
        assert_eq!(found[0].statement, "pod was killed 2 times because it ran out of memory.");
        let restarted = ResourceUse { out_of_memory_kills: Some(0), restarts: Some(9), ..memory(50.0, 100.0) };
        assert_eq!(verdict(restarted), None);
    }

    #[test]
    fn throttling_is_judged_by_the_share_of_periods() {
        let with = |share: f64| ResourceUse { cpu_throttled_share: Some(share), ..ResourceUse::default() };
        assert_eq!(verdict(with(0.3)), Some(Verdict::Mismatch));
        assert_eq!(verdict(with(0.1)), Some(Verdict::Possible));
        assert_eq!(verdict(with(0.02)), None);
        assert_eq!(verdict(with(f64::NAN)), None);
    }

    #[test]
    fn without_limits_or_figures_there_is_no_evidence() {
        let missing = |resources| matches!(judged(resources), Judgement::NoEvidence { .. });
        assert!(missing(vec![]));
        assert!(missing(vec![ResourceUse { restarts: Some(3), ..ResourceUse::default() }]));
        assert!(missing(vec![memory(10.0, 0.0), memory(f64::NAN, 100.0)]));
        assert!(!missing(vec![memory(10.0, 100.0)]));
    }

    #[test]
    fn each_process_is_one_finding_however_often_it_is_listed() {
        let other = ResourceUse { name: "other".into(), ..memory(99.0, 100.0) };
        let found = judged(vec![memory(96.0, 100.0), memory(99.0, 100.0), other]).findings();
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|finding| finding.effect.value == 0.99));
    }
}
