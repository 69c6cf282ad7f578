//! E1.calibration: are the scores calibrated probabilities?

use super::runs::{counted_rows, evaluated, rows_of};
use crate::detectors::words::{number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{MISCALIBRATED, SIGNIFICANCE};
use domain::DetectorId;
use domain::evaluation::EvaluationRun;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Run, RunPart};
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::calibration::{Bin, expected_by_chance, expected_calibration_error, hosmer_lemeshow, standard_error};
use stats::distributions::{Z_95, chi_square_sf};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("E1.calibration"),
    item: Item::E1,
    title: "Calibration",
    looks_for: "Scores that differ from the rates at which the predicted events happen.",
    why_it_matters: "Anyone who multiplies a score by a cost, ranks by expected value or sets a fixed threshold uses the score as a probability.",
    how_it_decides: "The expected calibration error over bins of equal width, minus the error that a perfectly calibrated model would show by chance on the same number of rows. Reported: {MISCALIBRATED} or more, with a Hosmer-Lemeshow p under {SIGNIFICANCE}. Many models are used for their order only, so this is possible at most, and a standing weakness: it was there before.",
    try_next: "Fit Platt scaling or isotonic regression on validation rows, and check whether the training rows were resampled by class.",
    causes: &[Cause::Miscalibration],
    tasks: Task::TWO_CLASSES,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(run) = evaluated(measurements).filter(|run| !run.calibration.is_empty()) else {
        return Judgement::missing(Run::any().with(RunPart::Probabilities));
    };
    let summary = format!("Compared the scores of {} with the observed rates.", counted_rows(run));
    Judgement::Judged { summary, findings: miscalibrated(run).into_iter().collect() }
}

fn miscalibrated(run: &EvaluationRun) -> Option<Finding> {
    let bins: Vec<Bin> = run
        .calibration
        .iter()
        .map(|bin| Bin { low: bin.low, high: bin.high, n: bin.n, mean_score: bin.mean_score, rate: bin.rate })
        .collect();
    let (error, by_chance) = (expected_calibration_error(&bins), expected_by_chance(&bins));
    let excess = error - by_chance;
    let (statistic, degrees) = hosmer_lemeshow(&bins);
    let p = chi_square_sf(statistic, degrees as f64);
    if excess < MISCALIBRATED || p >= SIGNIFICANCE {
        return None;
    }
    let worst = bins.iter().max_by(|a, b| weight(a).total_cmp(&weight(b)))?;
    let statement = format!(
        "The scores on {} are {}: rows with an average score of {} are positive in {} of cases.",
        rows_of(run),
        direction(&bins),
        number(worst.mean_score),
        percent(worst.rate),
    );
    let filled = bins.iter().filter(|bin| bin.n > 0).count();
    let reach = Z_95 * standard_error(&bins);
    let effect = Effect::new("ece_10_equal_width_beyond_chance", excess, MISCALIBRATED)
        .with_interval((excess - reach).max(0.0), excess + reach);
    Some(
        DETECTOR
            .finding(Verdict::Possible, &[], statement, effect, Certainty::p(p))
            .for_cause(Cause::Miscalibration)
            .as_standing()
            .with_n(run.split.word(), run.n)
            .with_evidence(
                format!("rows with an average score of {}", number(worst.mean_score)),
                domain::number::count(worst.n),
            )
            .with_evidence(format!("expected calibration error ({} bins with rows)", filled), number(error))
            .with_evidence("calibration error expected by chance", number(by_chance)),
    )
}

/// How much a bin contributes to the error.
fn weight(bin: &Bin) -> f64 {
    bin.n as f64 * (bin.mean_score - bin.rate).abs()
}

fn direction(bins: &[Bin]) -> &'static str {
    let signed = |over: f64, bin: &Bin| bin.n as f64 * (bin.mean_score - bin.rate) * over;
    let level: f64 = bins.iter().map(|bin| signed(1.0, bin)).sum();
    // Scores that are too high above the middle and too low below it are overconfident.
    let spread: f64 = bins.iter().map(|bin| signed((bin.mean_score - 0.5).signum(), bin)).sum();
    match (spread.abs() > level.abs(), level > 0.0, spread > 0.0) {
        (true, _, true) => "overconfident",
        (true, _, false) => "underconfident",
        (false, true, _) => "too high",
        (false, false, _) => "too low",
    }
}

#[cfg(test)]
mod tests {
    use super::super::runs::examples::{Binary, measurements};
    use super::*;

    fn found(run: EvaluationRun) -> Option<Finding> {
        match judge(&measurements(vec![run])) {
            Judgement::Judged { findings, .. } => findings.into_iter().next(),
            Judgement::NoEvidence { .. } => None,
        }
    }

    #[test]
    fn calibrated_scores_stay_clear_even_on_few_rows() {
        for (rows, seed) in [(60, 1), (120, 2), (300, 3), (1_000, 4), (20_000, 5)] {
            let run = Binary { rows, seed, separation: 1.5, ..Binary::default() }.run("test");
            assert_eq!(found(run).map(|finding| finding.statement), None, "{rows} rows");
        }
    }

    #[test]
    fn overconfident_scores_are_called_so() {
        let finding = found(Binary { bend: 6.0, separation: 0.8, ..Binary::default() }.run("test"));
        assert!(finding.is_some_and(|one| one.verdict == Verdict::Possible && one.statement.contains("overconfident")));
    }
}
