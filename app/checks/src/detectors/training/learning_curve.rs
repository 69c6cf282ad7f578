//! T4.learning_curve: do the curves of the training run show a problem?

use crate::curve_reading;
use crate::detectors::words::{count, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CURVE_DIVERGED, CURVE_NOISE, CURVE_PLATEAU, CURVE_REMAINS, CURVE_TURNED_UP};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::learning_curve::{CurveReading, CurveState, LearningCurve};
use domain::measurements::Measurements;
use domain::need::Need;
use domain::{Cause, Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("T4.learning_curve"),
    item: Item::T4,
    title: "Learning curves",
    looks_for: "Losses that become NaN, rise, do not improve, jump, level off at a high value, or rise on validation rows while they fall on training rows.",
    why_it_matters: "The shape of a curve shows, before any test, what went wrong in training and from which epoch on.",
    how_it_decides: "Each rule is relative to the curve itself (its first value, its improvement, its own noise), so units do not matter. Mismatches: a loss that is not finite; a training loss that ends over {CURVE_DIVERGED} times its first value; jumps of {CURVE_NOISE:%} of the loss that are at least {CURVE_NOISE_GAIN} times the whole improvement, or {CURVE_SPIKES} large spikes; an improvement under {CURVE_PLATEAU:%}; a validation loss {CURVE_TURNED_UP:%} over its best value, or a large gap to a training loss that continues to fall. Possible: an improvement under {CURVE_PLATEAU_POSSIBLE:%}, a validation loss {CURVE_TURNED_UP_POSSIBLE:%} over its best value, and a loss that levels off early at {CURVE_REMAINS:%} or more of its first value, because a curve does not show how low its loss could be. A curve needs {CURVE_POINTS} finite points.",
    try_next: "If the loss diverges, becomes NaN or jumps: lower the learning rate or clip gradients. If it does not improve: check the scale of the inputs and raise the learning rate. If the validation loss rises: use the weights of the best epoch. If it levels off at a high value: use a larger model or better features.",
    causes: &[Cause::Overfitting, Cause::Underfitting, Cause::TrainingDivergence],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.learning_curves.is_empty() {
        return Judgement::missing(Need::LearningCurve);
    }
    let findings = measurements
        .learning_curves
        .iter()
        .flat_map(|curve| curve_reading::read(curve).into_iter().filter_map(|one| judged(curve, &one)));
    let findings: Vec<Finding> = findings.collect();
    let summary = format!("Read {}.", count(measurements.learning_curves.len() as u64, "learning curve"));
    Judgement::Judged { summary, findings }
}

fn judged(curve: &LearningCurve, reading: &CurveReading) -> Option<Finding> {
    let certain = |at_least: bool| if at_least { Verdict::Mismatch } else { Verdict::Possible };
    let (verdict, cause, effect) = match reading.state {
        CurveState::Healthy => return None,
        CurveState::NonFinite => (
            Verdict::Mismatch,
            Cause::TrainingDivergence,
            Effect::new("share_of_epochs_not_finite", reading.amount, 0.0),
        ),
        CurveState::Diverging => (
            Verdict::Mismatch,
            Cause::TrainingDivergence,
            Effect::new("last_loss_over_first", reading.amount, CURVE_DIVERGED),
        ),
        CurveState::Unstable => {
            (Verdict::Mismatch, Cause::TrainingDivergence, Effect::new("noise_over_loss", reading.amount, CURVE_NOISE))
        }
        CurveState::Plateau => (
            certain(reading.amount < CURVE_PLATEAU),
            Cause::Underfitting,
            Effect::new("improvement_over_first_loss", reading.amount, CURVE_PLATEAU),
        ),
        CurveState::Overfitting => (
            certain(reading.amount >= CURVE_TURNED_UP),
            Cause::Overfitting,
            Effect::new("rise_over_best_validation_loss", reading.amount, CURVE_TURNED_UP),
        ),
        CurveState::Underfitting => (
            Verdict::Possible,
            Cause::Underfitting,
            Effect::new("share_of_first_loss_left", reading.amount, CURVE_REMAINS),
        ),
    };
    let epochs = curve.epochs.len() as u64;
    let mut finding = DETECTOR
        .finding(verdict, &[], reading.statement.clone(), effect, Certainty::exact())
        .for_cause(cause)
        .with_n("epochs", epochs)
        .with_evidence("curve", curve.name.clone())
        .with_evidence("reading", reading.state.words());
    for (label, epoch) in [("from epoch", reading.from_epoch), ("best epoch", reading.best_epoch)] {
        if let Some(epoch) = epoch {
            finding = finding.with_evidence(label, number(epoch));
        }
    }
    // Each curve and each reading of it is a separate finding.
    finding.id = Finding::id_of(&DETECTOR.id, &[curve.name.clone(), reading.state.words().into()]);
    // A small improvement is the problem itself, so the effect does not measure the consequence; a crash ranks first.
    finding.consequence = match reading.state {
        CurveState::NonFinite | CurveState::Diverging => 3.0,
        _ if verdict == Verdict::Mismatch => 2.0,
        _ => 1.0,
    };
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::learning_curve::{CurveMeasure, CurveSeries, CurveSplit};

    fn curve(train: &[f64], validation: &[f64]) -> LearningCurve {
        let series = |name: &str, split, values: &[f64]| CurveSeries {
            name: name.into(),
            split,
            measure: CurveMeasure::Loss,
            values: values.iter().map(|value| value.is_finite().then_some(*value)).collect(),
            first_non_finite: values.iter().position(|value| !value.is_finite()),
        };
        LearningCurve {
            name: "run".into(),
            epochs: (1..=train.len()).map(|epoch| epoch as f64).collect(),
            series: vec![
                series("loss", CurveSplit::Train, train),
                series("val_loss", CurveSplit::Validation, validation),
            ],
            learning_rate: None,
        }
    }

    fn found(learning_curves: Vec<LearningCurve>) -> Vec<(Verdict, Option<Cause>)> {
        match judge(&Measurements { learning_curves, ..Measurements::default() }) {
            Judgement::Judged { findings, .. } => findings.iter().map(|one| (one.verdict, one.cause)).collect(),
            Judgement::NoEvidence { .. } => vec![(Verdict::NoEvidence, None)],
        }
    }

    #[test]
    fn readings_become_findings_with_their_cause_and_a_healthy_curve_is_clear() {
        let falling: Vec<f64> = (0..30).map(|epoch| 0.1 + (-0.1 * f64::from(epoch)).exp()).collect();
        let turning: Vec<f64> = (0..30).map(|epoch| 0.4 + 0.002 * f64::from((epoch - 10) * (epoch - 10))).collect();
        let growing: Vec<f64> = (0..30).map(|epoch| 1.5_f64.powi(epoch)).collect();
        assert_eq!(found(vec![curve(&falling, &falling)]), []);
        assert_eq!(found(vec![curve(&falling, &turning)]), [(Verdict::Mismatch, Some(Cause::Overfitting))]);
        assert_eq!(found(vec![curve(&growing, &growing)]), [(Verdict::Mismatch, Some(Cause::TrainingDivergence))]);
        assert_eq!(found(vec![]), [(Verdict::NoEvidence, None)]);
    }
}
