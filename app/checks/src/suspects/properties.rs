//! Whatever is found, a suspect is named: for chosen and for random sets of findings.

use std::sync::OnceLock;

use crate::detectors::testing::{Table, draws, measured, normal, numbers, with_id};
use crate::detectors::{self, Detector};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::{Cause, Finding, Suspect, Verdict};
use proptest::prelude::*;

const COLUMNS: [&str; 3] = ["same", "moved", "other"];

/// A label whose share moves from 20 % to 55 %, and columns that move not at all, by less than it, and by more.
fn shifted_label() -> &'static Measurements {
    static MEASURED: OnceLock<Measurements> = OnceLock::new();
    MEASURED.get_or_init(|| {
        let table = |seed: u64, share: f64, moved: f64, other: f64| -> Table<'static> {
            let column = |place: u64, by: f64| numbers(draws(seed + place, 600, |rng| normal(rng) + by));
            let label = draws(seed, 600, |rng| if rng.next_f64() < share { 1.0 } else { 0.0 });
            vec![
                ("same", column(1, 0.0)),
                ("moved", column(2, moved)),
                ("other", column(3, other)),
                ("label", numbers(label)),
            ]
        };
        measured(&table(10, 0.2, 0.0, 0.0), &table(20, 0.55, 0.5, 9.0))
    })
}

fn found(detector: &Detector, cause: Cause, verdict: Verdict, columns: &[&str]) -> Finding {
    let effect = Effect::new("share", 0.3, 0.1);
    let told = format!("{} says {}.", detector.id, cause.id());
    detector.finding(verdict, columns, told, effect, Certainty::exact()).for_cause(cause)
}

/// A mismatch of the detector with this id.
fn mismatch(detector: &str, cause: Cause, columns: &[&str]) -> Finding {
    let detector = with_id(detector);
    assert!(detector.causes.contains(&cause), "{} can't explain {}", detector.id, cause.id());
    found(detector, cause, Verdict::Mismatch, columns)
}

fn named(suspects: &[Suspect]) -> Vec<(Cause, usize, usize)> {
    suspects.iter().map(|suspect| (suspect.cause, suspect.findings.len(), suspect.explains.len())).collect()
}

#[test]
fn a_type_a_unit_and_an_order_on_one_column_name_a_suspect() {
    let findings = [
        mismatch("F2.recode", Cause::EncodingOrder, &["same"]),
        mismatch("D2.type_change", Cause::TypeChange, &["same"]),
        mismatch("F2.unit_scale", Cause::UnitScale, &["same"]),
    ];
    let suspects = super::explain(&findings, &Measurements::default(), &[]);
    assert_eq!(named(&suspects), [(Cause::TypeChange, 1, 2)], "{suspects:#?}");
}

#[test]
fn a_circle_that_measured_limits_make_is_led_by_its_strongest_finding() {
    // The label moved more than the codes; exchanged codes explain the performance, and that the label.
    let with_strongest = |strongest: usize| {
        let mut findings = [
            mismatch("D1.prior_shift", Cause::PriorShift, &["label"]),
            mismatch("F2.recode", Cause::EncodingOrder, &["same"]),
            mismatch("M1.performance_over_time", Cause::ConceptDrift, &[]),
        ];
        findings[strongest].consequence += 1.0;
        named(&super::explain(&findings, shifted_label(), &[]))
    };
    assert_eq!(with_strongest(0), [(Cause::PriorShift, 1, 2)]);
    assert_eq!(with_strongest(1), [(Cause::EncodingOrder, 1, 2)]);
    assert_eq!(with_strongest(2), [(Cause::ConceptDrift, 1, 2)]);
}

/// A finding of any detector for one of its causes, on some of the columns.
fn any_finding() -> impl Strategy<Value = Finding> {
    let said: Vec<(&'static Detector, Cause)> =
        detectors::all().flat_map(|detector| detector.causes.iter().map(move |cause| (detector, *cause))).collect();
    let verdict = prop::sample::select(vec![Verdict::Possible, Verdict::Mismatch]);
    let columns = prop::sample::subsequence(COLUMNS.to_vec(), 0..=2);
    let effect = prop::sample::select(vec![0.01, 0.2, 0.4, 0.9]);
    let drawn = (0..said.len(), verdict, columns, effect, 0..3_u8);
    drawn.prop_map(move |(place, verdict, columns, effect, consequence)| {
        let (detector, cause) = said[place];
        let mut finding = found(detector, cause, verdict, &columns);
        finding.effect.value = effect;
        finding.consequence = f64::from(consequence);
        finding
    })
}

/// Findings with ids of their own, and the same in another order.
fn findings_and_shuffled() -> impl Strategy<Value = (Vec<Finding>, Vec<Finding>)> {
    prop::collection::vec(any_finding(), 1..25).prop_flat_map(|mut findings| {
        let mut seen = std::collections::BTreeSet::new();
        findings.retain(|finding| seen.insert(finding.id.clone()));
        (Just(findings.clone()), Just(findings).prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_alarm_leads_to_a_suspect_in_any_order(
        (findings, shuffled) in findings_and_shuffled(),
        is_measured: bool,
    ) {
        let nothing = Measurements::default();
        let measurements = if is_measured { shifted_label() } else { &nothing };
        let suspects = super::explain(&findings, measurements, &[]);
        for finding in &findings {
            let leads = |suspect: &Suspect| {
                suspect.findings.contains(&finding.id) || suspect.explains.contains(&finding.id)
            };
            prop_assert!(suspects.iter().any(leads), "{finding:#?} leads nowhere");
        }
        // What changed comes first; where nothing did, what stood before.
        let changed = findings.iter().filter(|finding| !finding.standing).map(|finding| finding.verdict).max();
        let worst = changed.or_else(|| findings.iter().map(|finding| finding.verdict).max());
        let accused = |suspect: &Suspect| {
            findings.iter().filter(|one| suspect.findings.contains(&one.id)).map(|one| one.verdict).max()
        };
        prop_assert_eq!(suspects.first().and_then(accused), worst);
        prop_assert!(suspects.is_sorted_by_key(|suspect| suspect.standing));
        prop_assert_eq!(super::explain(&shuffled, measurements, &[]), suspects);
    }
}
