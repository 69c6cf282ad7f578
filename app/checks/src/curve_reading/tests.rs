//! Real curves with a known reading, and synthetic ones of other scales, lengths and measures.

use std::path::PathBuf;

use super::*;
use domain::learning_curve::{CurveMeasure, CurveSeries, CurveSplit};

type Checked = Result<(), Box<dyn std::error::Error>>;

fn series(name: &str, values: Vec<f64>) -> CurveSeries {
    let split = if name.starts_with("val") { CurveSplit::Validation } else { CurveSplit::Train };
    let measure = if name.contains("loss") { CurveMeasure::Loss } else { CurveMeasure::Score };
    let first_non_finite = values.iter().position(|value| !value.is_finite());
    let values = values.into_iter().map(|value| value.is_finite().then_some(value)).collect();
    CurveSeries { name: name.into(), split, measure, values, first_non_finite }
}

fn curve(series: Vec<CurveSeries>) -> LearningCurve {
    let epochs = (1..=series.first().map_or(0, |one| one.values.len())).map(|epoch| epoch as f64).collect();
    LearningCurve { name: "a curve".into(), epochs, series, learning_rate: None }
}

fn fixture(name: &str) -> Result<LearningCurve, Box<dyn std::error::Error>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/curves").join(name);
    let text = std::fs::read_to_string(path)?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().ok_or("no header")?.split(',').collect();
    let mut columns = vec![Vec::new(); header.len()];
    for line in lines {
        for (column, cell) in columns.iter_mut().zip(line.split(',')) {
            column.push(cell.parse::<f64>()?);
        }
    }
    let wanted = header.iter().zip(columns).filter(|(name, _)| name.contains("loss") || name.contains("acc"));
    Ok(curve(wanted.map(|(name, values)| series(name, values)).collect()))
}

fn states(curve: &LearningCurve) -> Vec<CurveState> {
    read(curve).into_iter().map(|reading| reading.state).collect()
}

/// Noise without a generator: fractional parts of multiples of the golden ratio, -1 to 1.
fn wobble(step: usize) -> f64 {
    ((step as f64 * 0.618_033_988_749_895 + (step * step) as f64 * 0.137).fract() - 0.5) * 2.0
}

/// A loss that falls from `from` to `to` with the given speed, with noise of the given share of its height.
fn falling(epochs: usize, from: f64, to: f64, speed: f64, noise: f64) -> Vec<f64> {
    (0..epochs)
        .map(|epoch| {
            let level = to + (from - to) * (-speed * epoch as f64 / epochs as f64).exp();
            level * (1.0 + noise * wobble(epoch))
        })
        .collect()
}

#[test]
fn real_training_runs_are_read_as_what_they_are() -> Checked {
    let cases = [
        ("healthy.csv", vec![CurveState::Healthy]),
        ("overfitting.csv", vec![CurveState::Overfitting]),
        ("gbm_staged_overfit.csv", vec![CurveState::Overfitting]),
        ("diverging.csv", vec![CurveState::Diverging, CurveState::NonFinite]),
        ("plateau.csv", vec![CurveState::Plateau]),
        ("plateau_unscaled.csv", vec![CurveState::Plateau]),
        ("oscillating.csv", vec![CurveState::Unstable]),
        ("underfitting.csv", vec![CurveState::Underfitting]),
    ];
    for (name, expected) in cases {
        assert_eq!(states(&fixture(name)?), expected, "{name}: {:?}", read(&fixture(name)?));
    }
    Ok(())
}

#[test]
fn onset_best_epoch_and_first_bad_epoch_are_those_of_the_run() -> Checked {
    assert_eq!(read(&fixture("overfitting.csv")?)[0].best_epoch, Some(15.0));
    assert_eq!(read(&fixture("gbm_staged_overfit.csv")?)[0].best_epoch, Some(17.0));
    assert_eq!(read(&fixture("healthy.csv")?)[0].best_epoch, Some(40.0));
    assert_eq!(read(&fixture("diverging.csv")?)[1].from_epoch, Some(8.0));
    Ok(())
}

#[test]
fn the_unit_of_the_loss_does_not_matter() -> Checked {
    for name in ["healthy.csv", "overfitting.csv", "plateau.csv", "oscillating.csv", "underfitting.csv"] {
        let plain = fixture(name)?;
        for scale in [1e-4, 250.0] {
            let mut scaled = plain.clone();
            scaled.series.retain(|one| one.measure == CurveMeasure::Loss);
            for value in scaled.series.iter_mut().flat_map(|one| one.values.iter_mut()).flatten() {
                *value *= scale;
            }
            assert_eq!(states(&scaled), states(&plain), "{name} times {scale}");
        }
    }
    Ok(())
}

#[test]
fn scores_alone_are_enough_where_they_show_it() -> Checked {
    let only_scores = |name: &str| -> Result<LearningCurve, Box<dyn std::error::Error>> {
        let mut curve = fixture(name)?;
        curve.series.retain(|one| one.measure == CurveMeasure::Score);
        Ok(curve)
    };
    assert_eq!(states(&only_scores("healthy.csv")?), [CurveState::Healthy]);
    assert_eq!(states(&only_scores("overfitting.csv")?), [CurveState::Overfitting]);
    assert_eq!(states(&only_scores("plateau.csv")?), [CurveState::Plateau]);
    Ok(())
}

#[test]
fn healthy_runs_of_any_length_and_with_noise_stay_healthy() {
    for epochs in [8, 20, 60, 300, 2_000] {
        for noise in [0.0, 0.01, 0.03] {
            let run = curve(vec![
                series("loss", falling(epochs, 2.3, 0.2, 4.0, noise)),
                series("val_loss", falling(epochs, 2.3, 0.26, 4.0, noise)),
            ]);
            assert_eq!(states(&run), [CurveState::Healthy], "{epochs} epochs, noise {noise}: {:?}", read(&run));
        }
    }
}

#[test]
fn a_best_epoch_a_little_before_the_end_is_not_overfitting() {
    let mut validation = falling(40, 1.0, 0.3, 5.0, 0.002);
    for (step, value) in validation.iter_mut().skip(35).enumerate() {
        *value += 0.001 * step as f64;
    }
    let run = curve(vec![series("loss", falling(40, 1.0, 0.28, 5.0, 0.002)), series("val_loss", validation)]);
    assert_eq!(states(&run), [CurveState::Healthy]);
}

#[test]
fn a_loss_that_becomes_nan_after_learning_well_is_not_a_divergence() {
    let mut loss = falling(30, 1.0, 0.2, 4.0, 0.0);
    loss[20..].fill(f64::NAN);
    let run = curve(vec![series("loss", loss)]);
    assert_eq!(states(&run), [CurveState::NonFinite]);
    assert_eq!(read(&run)[0].from_epoch, Some(21.0));
}

#[test]
fn a_loss_that_blows_up_late_without_a_nan_diverges() {
    let mut loss = falling(50, 1.0, 0.2, 6.0, 0.01);
    for (step, value) in loss.iter_mut().skip(40).enumerate() {
        *value = 0.3 * 1.6_f64.powi(step as i32 + 1);
    }
    let run = curve(vec![series("loss", loss)]);
    assert_eq!(states(&run), [CurveState::Diverging]);
}

#[test]
fn spikes_back_to_the_beginning_are_unstable() {
    let mut loss = falling(60, 1.0, 0.3, 5.0, 0.005);
    for at in [22, 37, 51] {
        loss[at] = 0.95;
    }
    let run = curve(vec![series("loss", loss.clone()), series("val_loss", loss)]);
    assert_eq!(states(&run), [CurveState::Unstable]);
}

#[test]
fn a_few_points_say_nothing() {
    assert!(read(&curve(vec![series("loss", vec![1.0, 0.5, 0.4])])).is_empty());
    assert!(read(&curve(vec![])).is_empty());
}
