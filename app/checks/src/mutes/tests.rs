//! Mutes on a diagnosis of two columns in another unit, made by the detectors themselves.

use std::sync::Arc;

use super::*;
use crate::detectors::testing::{Table, draws, exponential, measured, normal, numbers};
use crate::judge;
use domain::diagnosis::VERSION;
use domain::{Actor, Cause, Item, Layer, Roles};

const NOW: i64 = 1_000_000;

fn table<'a>(seed: u64, factor: f64) -> Table<'a> {
    vec![
        ("amount", numbers(draws(seed, 1_000, |rng| (exponential(rng) * 20_000.0 + 1_000.0) * factor))),
        ("income", numbers(draws(seed + 1, 1_000, |rng| (exponential(rng) * 3_000.0 + 500.0) * factor))),
        ("balance", numbers(draws(seed + 2, 1_000, |rng| normal(rng) * 12.0 + 3.0))),
    ]
}

/// Amount and income a thousand times as large in serve.
pub(crate) fn diagnosis() -> Diagnosis {
    let measurements = measured(&table(1, 1.0), &table(9, 1_000.0));
    let (layers, findings) = judge::judge(&measurements);
    Diagnosis {
        version: VERSION,
        tool: "mismatch test".into(),
        inputs: Vec::new(),
        roles: Roles::default(),
        coverage: judge::coverage(&layers),
        layers,
        comparisons: Arc::new(measurements.comparisons.clone()),
        evaluations: Arc::default(),
        learning_curves: Arc::default(),
        over_time: Arc::default(),
        suspects: suspects::explain(&findings, &measurements, &[]),
        findings,
        mutes: Vec::new(),
        muted_suspects: Vec::new(),
        decisions: Vec::new(),
        ruled_out_suspects: Vec::new(),
        against: None,
        running: Arc::default(),
        told: Vec::new(),
        guard: Arc::default(),
        fall: None,
        readings: Vec::new(),
    }
}

fn mute(finding: &Finding) -> Mute {
    Mute {
        finding: finding.id.clone(),
        item: finding.item,
        verdict: finding.verdict,
        over_threshold: finding.effect.over_threshold(),
        note: "in cents until the migration is done".into(),
        author: Actor::named("Ada").expect("a name"),
        at_ms: 1,
        until_ms: None,
    }
}

/// The findings that speak for the change of unit.
fn of_unit(diagnosis: &Diagnosis) -> Vec<Finding> {
    let unit = diagnosis.suspects.iter().find(|suspect| suspect.cause == Cause::UnitScale).expect("a unit changed");
    diagnosis.findings.iter().filter(|finding| unit.findings.contains(&finding.id)).cloned().collect()
}

fn item_of(diagnosis: &Diagnosis, item: Item) -> ItemResult {
    diagnosis.layers.iter().flat_map(|layer| &layer.items).find(|one| one.item == item).expect("on the map").clone()
}

#[test]
fn without_mutes_the_view_is_the_diagnosis_and_a_mute_of_nothing_says_nothing() {
    let diagnosis = diagnosis();
    assert_eq!(apply_mutes(&diagnosis, &[], NOW), diagnosis);
    let elsewhere = Mute { finding: "gone".into(), ..mute(&diagnosis.findings[0]) };
    assert_eq!(apply_mutes(&diagnosis, &[elsewhere], NOW), diagnosis);
}

#[test]
fn a_muted_finding_counts_in_no_verdict_and_accuses_nobody() {
    let computed = diagnosis();
    let muted = of_unit(&computed);
    assert_eq!(muted.len(), 2, "{:#?}", computed.suspects);
    assert_eq!(item_of(&computed, Item::F2).verdict, Verdict::Mismatch);
    let mutes: Vec<Mute> = muted.iter().map(mute).collect();
    let view = apply_mutes(&computed, &mutes, NOW);

    let item = item_of(&view, Item::F2);
    assert_eq!((item.verdict, item.unmuted), (Verdict::Clear, Some(Verdict::Mismatch)));
    let features = view.layers.iter().find(|layer| layer.layer == Layer::Features).expect("on the map");
    assert_eq!(features.verdict, Verdict::of_group(features.items.iter().map(|item| item.verdict)));
    assert!(view.suspects.iter().all(|suspect| suspect.cause != Cause::UnitScale));
    assert_eq!(view.muted_suspects.iter().map(|suspect| suspect.cause).collect::<Vec<_>>(), [Cause::UnitScale]);
    assert_eq!(view.muted_of(Item::F2), 2);

    // What it explained away is still there to be looked at, and what was computed is untouched.
    assert_eq!(item_of(&view, Item::D1), item_of(&computed, Item::D1));
    assert_eq!((view.findings.len(), view.coverage), (computed.findings.len(), computed.coverage));
    assert!(view.findings[view.findings.len() - 2..].iter().all(|finding| view.is_muted(finding)), "they stand last");
    assert_eq!(item.detectors, item_of(&computed, Item::F2).detectors);
    // What charts draw is most of a diagnosis: the view has it without a copy.
    assert!(!view.comparisons.is_empty() && Arc::ptr_eq(&view.comparisons, &computed.comparisons));
    assert!(Arc::ptr_eq(&view.evaluations, &computed.evaluations));
    assert!(Arc::ptr_eq(&view.learning_curves, &computed.learning_curves));
}

#[test]
fn a_suspect_with_findings_left_accuses_their_columns_only() {
    let computed = diagnosis();
    let unit = of_unit(&computed);
    let (silent, heard) = (&unit[0], &unit[1]);
    let view = apply_mutes(&computed, &[mute(silent)], NOW);
    let suspect = &view.suspects[0];
    assert_eq!((suspect.rank, suspect.cause, &suspect.columns), (1, Cause::UnitScale, &heard.columns));
    assert_eq!((suspect.statement.as_str(), &suspect.findings), (heard.statement.as_str(), &vec![heard.id.clone()]));
    assert!(view.muted_suspects.is_empty());
    assert_eq!((item_of(&view, Item::F2).verdict, item_of(&view, Item::F2).unmuted), (Verdict::Mismatch, None));
}

#[test]
fn it_comes_back_when_its_time_is_over_and_not_a_moment_sooner() {
    let computed = diagnosis();
    let finding = of_unit(&computed).remove(0);
    let mute = Mute { until_ms: Some(NOW), ..mute(&finding) };
    assert_eq!(ended(&mute, &finding, NOW), None);
    assert_eq!(ended(&mute, &finding, NOW + 1), Some(Back::Expired));
    let view = apply_mutes(&computed, std::slice::from_ref(&mute), NOW + 1);
    assert_eq!((&view.layers, &view.suspects), (&computed.layers, &computed.suspects));
    assert_eq!(view.mute_of(&finding).map(|one| one.back), Some(Some(Back::Expired)), "who muted it is still told");
    assert!(!view.is_muted(&finding));
}

#[test]
fn it_comes_back_when_it_gets_worse() {
    let finding = Finding { verdict: Verdict::Possible, ..of_unit(&diagnosis()).remove(0) };
    let ratio = finding.effect.over_threshold();
    let mute = mute(&finding);
    let mismatch = Finding { verdict: Verdict::Mismatch, ..finding.clone() };
    let worse = Some(Back::WorseVerdict { was: Verdict::Possible, now: Verdict::Mismatch });
    assert_eq!(ended(&mute, &mismatch, NOW), worse);
    assert_eq!(ended(&mute, &Finding { verdict: Verdict::Clear, ..finding.clone() }, NOW), None);

    let grown = |factor: f64| {
        let mut grown = finding.clone();
        grown.effect.value *= factor;
        ended(&mute, &grown, NOW)
    };
    assert_eq!([grown(0.1), grown(1.0), grown(1.24)], [None, None, None]);
    assert!(
        matches!(grown(1.26), Some(Back::EffectGrew { was, now }) if was == ratio && (now / was - 1.26).abs() < 1e-9)
    );
    // The same difference under a threshold twice as wide is no worse.
    let mut other_limit = finding.clone();
    (other_limit.effect.value, other_limit.effect.threshold) =
        (finding.effect.value * 2.0, finding.effect.threshold * 2.0);
    assert_eq!(ended(&mute, &other_limit, NOW), None);
    let nothing = Mute { over_threshold: 0.0, ..mute.clone() };
    let mut none = finding.clone();
    none.effect.value = 0.0;
    assert_eq!(ended(&nothing, &none, NOW), None, "no effect has not grown");
    assert!(ended(&nothing, &finding, NOW).is_some());
}

#[test]
fn the_reason_for_coming_back_is_a_part_of_a_sentence_and_of_the_json() {
    let back = Back::WorseVerdict { was: Verdict::Possible, now: Verdict::Mismatch };
    assert_eq!(back.words(), "it got worse: possible before, mismatch now");
    assert_eq!(Back::EffectGrew { was: 2.0, now: 3.5 }.words(), "its effect grew from 2.00 to 3.50 times the limit");
    let finding = of_unit(&diagnosis()).remove(0);
    let now = MuteNow { mute: mute(&finding), back: Some(back) };
    let json = serde_json::to_value(&now).expect("plain values");
    assert_eq!((json["author"].as_str(), json["back"]["reason"].as_str()), (Some("Ada"), Some("worse_verdict")));
    assert_eq!(serde_json::from_value::<MuteNow>(json).expect("the same shape"), now);
}
