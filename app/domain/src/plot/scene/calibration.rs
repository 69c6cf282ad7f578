//! Calibration: the observed share against the predicted probability, per bin of it, with 95 % intervals.

use super::super::format;
use super::labels::Label;
use super::marks::diagonal;
use super::{Axis, Chart, Head, Key, Mark, Scene, Shape, Table, Together, Tone, Value, subject};
use crate::evaluation::{CalibrationBin, Task};
use crate::number;

pub const CHART: Chart = Chart {
    id: "calibration",
    draw: |diagnosis, asked| {
        let (run, _) = asked.run_with(diagnosis, |run| (!run.calibration.is_empty()).then_some(()))?;
        let chosen = asked.settings.threshold.map(chosen).unwrap_or_default();
        Ok(scene(&asked.together(diagnosis, run)).with(chosen))
    },
};

/// What is observed and what was predicted: of two classes the positive one, of several the one with the highest
/// probability.
struct Words {
    title: &'static str,
    predicted: &'static str,
    observed: &'static str,
    verb: &'static str,
}

fn words_of(task: Task) -> Words {
    match task {
        Task::Binary | Task::Regression => Words {
            title: "Calibration: observed share of positives against the score",
            predicted: "mean score of the bin",
            observed: "share positive",
            verb: "positive",
        },
        Task::Multiclass => Words {
            title: "Calibration: share of correct predictions against the highest probability",
            predicted: "mean of the highest probability in the bin",
            observed: "share correct",
            verb: "correct",
        },
    }
}

/// Bins of probabilities that stand alone.
pub fn of_bins(bins: &[CalibrationBin]) -> Scene {
    drawn(&[(Label::alone(), filled(bins))], Task::Binary)
}

/// The bins of a run and of the runs of the same task next to it.
pub fn scene(runs: &Together<'_>) -> Scene {
    let (run, task) = (runs.run, runs.run.task);
    let curves = runs.curves(|one| (one.task == task && !one.calibration.is_empty()).then(|| filled(&one.calibration)));
    Scene { subject: subject(&run.name, &run.split), ..drawn(&curves, task) }
}

/// The label of a run and its bins that hold rows.
type Curve<'a> = (Label, Vec<&'a CalibrationBin>);

/// The first curve is the one that the summary is about.
fn drawn(curves: &[Curve<'_>], task: Task) -> Scene {
    let words = words_of(task);
    let key = |(label, bins): &Curve<'_>| {
        let rows = format::count(bins.iter().map(|bin| bin.n).sum());
        let said = format!("{rows} rows in {}", number::counted(bins.len() as u64, "bin"));
        label.key(if label.is_another() { said } else { format!("{said}, 95 % intervals") })
    };
    let marks = curves.iter().rev().flat_map(|(label, bins)| curve(label, bins, &words));
    Scene {
        title: words.title.to_owned(),
        summary: curves.first().map(|(_, bins)| summary(bins, &words)).unwrap_or_default(),
        marks: [diagonal()].into_iter().chain(marks).collect(),
        legend: curves.iter().map(key).chain([Key::dashed("perfectly calibrated")]).collect(),
        table: table(curves, &words),
        ..Scene::on(CHART.id, Shape::Square, Axis::shares(1.0, words.predicted), Axis::shares(1.0, words.observed))
    }
}

fn filled(bins: &[CalibrationBin]) -> Vec<&CalibrationBin> {
    bins.iter().filter(|bin| bin.n > 0).collect()
}

/// The intervals of other runs than the chosen ones would cover them; their words have them.
fn curve(label: &Label, bins: &[&CalibrationBin], words: &Words) -> Vec<Mark> {
    let tone = label.tone;
    let places: Vec<_> = bins.iter().map(|bin| (bin.mean_score, bin.rate)).collect();
    let (size, with_interval) = if label.is_another() { (3.0, 0) } else { (4.0, bins.len()) };
    let intervals = bins.iter().take(with_interval).map(|bin| Mark::Rule {
        tone,
        from: (bin.mean_score, bin.rate_low),
        to: (bin.mean_score, bin.rate_high),
    });
    let said = bins.iter().map(|bin| label.said(bin_words(bin, words))).collect();
    let line = Mark::Line { tone, places: places.clone() };
    intervals.chain([line, Mark::Points { tone, places, size, words: said }]).collect()
}

/// The threshold in use, across the plot.
pub fn chosen(threshold: f64) -> Vec<Mark> {
    let at = threshold.clamp(0.0, 1.0);
    vec![Mark::Rule { tone: Tone::Chosen, from: (at, 0.0), to: (at, 1.0) }]
}

fn bin_words(bin: &CalibrationBin, words: &Words) -> String {
    format!(
        "predicted {} to {}: mean {}, {} {} ({} to {}), {} rows",
        format::number(bin.low),
        format::number(bin.high),
        format::share(bin.mean_score),
        words.verb,
        format::share(bin.rate),
        format::share(bin.rate_low),
        format::share(bin.rate_high),
        format::count(bin.n),
    )
}

fn summary(bins: &[&CalibrationBin], words: &Words) -> String {
    let worst = bins.iter().max_by(|a, b| (a.rate - a.mean_score).abs().total_cmp(&(b.rate - b.mean_score).abs()));
    worst.map_or(String::new(), |bin| {
        let (predicted, observed) = (format::share(bin.mean_score), format::share(bin.rate));
        format!("The widest gap: at a predicted {predicted}, {observed} are {}.", words.verb)
    })
}

fn table(curves: &[Curve<'_>], words: &Words) -> Table {
    let heads = [
        ("predicted from", "low"),
        ("to", "high"),
        ("mean", "mean_score"),
        (words.observed, "rate"),
        ("95 % from", "rate_low"),
        ("to", "rate_high"),
        ("rows", "rows"),
    ];
    // Several runs need their names in front of their rows.
    let is_named = curves.len() > 1;
    let rows = curves.iter().flat_map(|(label, bins)| {
        bins.iter().map(move |bin| {
            let name = is_named.then(|| Value::Text(label.words.clone()));
            let values = [
                Value::Number(bin.low),
                Value::Number(bin.high),
                Value::Number(bin.mean_score),
                Value::Share(bin.rate),
                Value::Share(bin.rate_low),
                Value::Share(bin.rate_high),
                Value::Count(bin.n),
            ];
            name.into_iter().chain(values).collect()
        })
    });
    let heads = is_named.then(|| Head::ours("run")).into_iter().chain(heads.map(|(words, id)| Head::named(words, id)));
    Table::new(heads.collect(), rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EvaluationRun;

    fn run(split: &str, bins: Vec<CalibrationBin>) -> EvaluationRun {
        let mut run = EvaluationRun::of_regression("preds.csv", split, &[1.0, 2.0], &[1.0, 2.0]);
        (run.task, run.calibration) = (Task::Binary, bins);
        run
    }

    fn bin(low: f64, n: u64, rate: f64) -> CalibrationBin {
        let (rate_low, rate_high) = (rate - 0.1, rate + 0.1);
        CalibrationBin { low, high: low + 0.5, n, mean_score: low + 0.25, rate, rate_low, rate_high }
    }

    #[test]
    fn empty_bins_are_left_out_and_the_widest_gap_is_said() {
        let run = run("test", vec![bin(0.0, 10, 0.3), bin(0.5, 20, 0.4), bin(1.0, 0, f64::NAN)]);
        let scene = scene(&Together::alone(&run));
        assert_eq!(scene.table.rows.len(), 2);
        assert_eq!(scene.summary, "The widest gap: at a predicted 75 %, 40 % are positive.");
        assert_eq!(scene.legend[0].words, "30 rows in 2 bins, 95 % intervals");
    }

    #[test]
    fn a_baseline_has_its_own_curve_and_its_name_in_the_table() {
        let (served, test) = (run("serve", vec![bin(0.0, 10, 0.3)]), run("test", vec![bin(0.5, 20, 0.4)]));
        let scene = scene(&Together::pair(&served, Some(&test)));
        assert_eq!(scene.marks.iter().filter(|mark| matches!(mark, Mark::Points { .. })).count(), 2);
        assert_eq!(scene.table.rows[1][0], Value::Text("test".into()));
        assert_eq!(scene.legend[1].words, "test: 20 rows in 1 bin, 95 % intervals");
    }

    #[test]
    fn another_run_has_its_curve_without_intervals_and_its_words() {
        let (served, train) = (run("serve", vec![bin(0.0, 10, 0.3)]), run("train", vec![bin(0.5, 20, 0.4)]));
        let scene = scene(&Together { others: vec![(Tone::Another(0), &train)], ..Together::alone(&served) });
        assert_eq!(scene.marks.iter().filter(|mark| matches!(mark, Mark::Rule { .. })).count(), 1);
        assert_eq!(scene.legend[1].words, "train: 20 rows in 1 bin");
        assert_eq!(scene.readable_spots(), 2, "a pointer and the keyboard read both");
    }

    #[test]
    fn several_classes_are_calibrated_by_the_class_that_is_predicted() {
        let run = EvaluationRun { task: Task::Multiclass, ..run("test", vec![bin(0.0, 10, 0.3)]) };
        assert_eq!(scene(&Together::alone(&run)).y.name, "share correct");
    }
}
