//! Calibration of predicted quantiles: the share of labels at or below each against its level, with 95 % intervals.

use super::super::format;
use super::labels::Label;
use super::marks::diagonal;
use super::{Axis, Chart, Head, Key, Mark, Scene, Shape, Table, Together, Value, subject};
use crate::evaluation::{EvaluationRun, QuantileCalibration, QuantileShare};

pub const CHART: Chart = Chart {
    id: "quantile_calibration",
    draw: |diagnosis, asked| {
        let (run, _) = asked.run_with(diagnosis, calibration_of)?;
        scene(&asked.together(diagnosis, run)).ok_or_else(super::asked::absent)
    },
};

fn calibration_of(run: &EvaluationRun) -> Option<&QuantileCalibration> {
    run.regression.as_ref()?.quantiles.as_ref()
}

/// `None` where the run has no predicted quantiles.
pub fn scene(runs: &Together<'_>) -> Option<Scene> {
    let run = runs.run;
    let of_run = calibration_of(run)?;
    let curves = runs.curves(calibration_of);
    let key = |(label, calibration): &(Label, &QuantileCalibration)| {
        let said = format!("{} rows", format::count(calibration.n));
        label.key(if label.is_another() { said } else { format!("{said}, 95 % intervals") })
    };
    let marks = curves.iter().rev().flat_map(|(label, calibration)| curve(label, &calibration.quantiles));
    Some(Scene {
        title: "Calibration of the predicted quantiles".to_owned(),
        subject: subject(&run.name, &run.split),
        summary: summary(&of_run.quantiles),
        marks: [diagonal()].into_iter().chain(marks).collect(),
        legend: curves.iter().map(key).chain([Key::dashed("perfectly calibrated")]).collect(),
        table: table(&curves),
        ..Scene::on(
            CHART.id,
            Shape::Square,
            Axis::shares(1.0, "level of the quantile"),
            Axis::shares(1.0, "share of labels at or below it"),
        )
    })
}

/// The intervals of other runs than the chosen ones would cover them; their words have them.
fn curve(label: &Label, quantiles: &[QuantileShare]) -> Vec<Mark> {
    let tone = label.tone;
    let places: Vec<_> = quantiles.iter().map(|one| (one.level, one.at_or_below.value)).collect();
    let (size, with_interval) = if label.is_another() { (3.0, 0) } else { (4.0, quantiles.len()) };
    let intervals = quantiles.iter().take(with_interval).filter_map(|one| {
        let (low, high) = one.at_or_below.low.zip(one.at_or_below.high)?;
        Some(Mark::Rule { tone, from: (one.level, low), to: (one.level, high) })
    });
    let said = quantiles.iter().map(|one| label.said(words(one))).collect();
    let line = Mark::Line { tone, places: places.clone() };
    intervals.chain([line, Mark::Points { tone, places, size, words: said }]).collect()
}

fn words(one: &QuantileShare) -> String {
    let observed = one.at_or_below;
    let interval = observed
        .low
        .zip(observed.high)
        .map_or_else(String::new, |(low, high)| format!(" ({} to {})", format::share(low), format::share(high)));
    format!(
        "{} ({}): {}{interval} of the labels at or below it",
        format::share(one.level),
        one.column,
        format::share(observed.value)
    )
}

fn summary(quantiles: &[QuantileShare]) -> String {
    let gap = |one: &QuantileShare| (one.at_or_below.value - one.level).abs();
    let worst = quantiles.iter().max_by(|a, b| gap(a).total_cmp(&gap(b)));
    worst.map_or_else(String::new, |one| {
        let (level, observed) = (format::share(one.level), format::share(one.at_or_below.value));
        format!("The widest gap: {observed} of the labels are at or below the {level} quantile.")
    })
}

fn table(curves: &[(Label, &QuantileCalibration)]) -> Table {
    let heads = [
        ("column", "column"),
        ("level", "level"),
        ("share at or below", "at_or_below"),
        ("95 % from", "low"),
        ("to", "high"),
        ("share below", "below"),
        ("mean pinball loss", "mean_pinball_loss"),
        ("rows", "rows"),
    ];
    // Several runs need their names in front of their rows.
    let is_named = curves.len() > 1;
    let rows = curves.iter().flat_map(|(label, calibration)| {
        calibration.quantiles.iter().map(move |one| {
            let name = is_named.then(|| Value::Text(label.words.clone()));
            let values = [
                Value::Text(one.column.clone()),
                Value::Share(one.level),
                Value::Share(one.at_or_below.value),
                Value::share(one.at_or_below.low),
                Value::share(one.at_or_below.high),
                Value::Share(one.below.value),
                Value::Number(one.pinball.value),
                Value::Count(calibration.n),
            ];
            name.into_iter().chain(values).collect()
        })
    });
    let heads = is_named.then(|| Head::ours("run")).into_iter().chain(heads.map(|(words, id)| Head::named(words, id)));
    Table::new(heads.collect(), rows.collect())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use crate::evaluation::QuantileColumn;

    /// Labels from 1 to 100, of which 60 % lie between two quantiles that should hold 80 %.
    fn run(split: &str) -> EvaluationRun {
        let truth: Vec<f64> = (1..=100).map(f64::from).collect();
        let (low, high) = (vec![20.5; 100], vec![80.5; 100]);
        let mut run = EvaluationRun::of_regression("preds.csv", split, &truth, &truth);
        let columns = [
            QuantileColumn { name: "q10", level: 0.1, values: &low },
            QuantileColumn { name: "q90", level: 0.9, values: &high },
        ];
        run.regression.as_mut().unwrap().quantiles = QuantileCalibration::of(&truth, &columns);
        run
    }

    #[test]
    fn each_quantile_lies_at_its_level_and_the_widest_gap_is_said() {
        let scene = scene(&Together::alone(&run("test"))).unwrap();
        let points = scene.marks.iter().find_map(|mark| match mark {
            Mark::Points { places, words, .. } => Some((places.clone(), words[1].clone())),
            _ => None,
        });
        let (places, words) = points.unwrap();
        assert_eq!(places, [(0.1, 0.2), (0.9, 0.8)]);
        assert_eq!(words, "90 % (q90): 80 % (71.1 % to 86.7 %) of the labels at or below it");
        assert!(scene.summary.starts_with("The widest gap: "), "{}", scene.summary);
        assert_eq!(scene.table.rows[0][..3], [Value::Text("q10".into()), Value::Share(0.1), Value::Share(0.2)]);
    }

    #[test]
    fn a_baseline_has_its_own_points_and_a_run_without_quantiles_no_chart() {
        let scene = scene(&Together::pair(&run("serve"), Some(&run("test")))).unwrap();
        assert_eq!(scene.marks.iter().filter(|mark| matches!(mark, Mark::Points { .. })).count(), 2);
        assert_eq!(scene.table.rows[2][0], Value::Text("test".into()));
        let plain = EvaluationRun::of_regression("preds.csv", "test", &[1.0, 2.0], &[1.0, 2.0]);
        assert_eq!(super::scene(&Together::alone(&plain)), None);
    }
}
