//! Score histogram: how the scores of the two classes are spread, and what the threshold cuts off.

use super::super::format;
use super::super::scale::Scale;
use super::marks::{shares, top_over, upright};
use super::{Axis, Chart, Head, Hover, Key, Mark, Scene, ScoredRun, Shape, Table, Tone, Value, subject};
use crate::evaluation::ScoreTable;

pub const CHART: Chart = Chart {
    id: "score_histogram",
    draw: |diagnosis, asked| {
        let (run, threshold) = asked.scored(diagnosis)?;
        Ok(scene(&run).with(chosen(&run.scores, threshold)))
    },
};

/// The horizontal scale, shared with the slider under the chart.
pub fn scale(scores: &ScoreTable) -> Scale {
    Scale::linear(scores.score_min, scores.score_max)
}

pub fn scene(run: &ScoredRun) -> Scene {
    let ScoredRun { scores, classes, .. } = run;
    let scale = scale(scores);
    let heights = [&scores.histogram_negative, &scores.histogram_positive].map(|counts| shares(counts));
    let top = top_over(heights.iter().flatten());
    let bins = scores.histogram_negative.len().min(scores.histogram_positive.len());
    let edges: Vec<f64> = (0..=bins).map(|edge| edge as f64 / bins.max(1) as f64).collect();
    let step = |tone, heights: &[f64]| Mark::Step {
        tone,
        edges: edges.clone(),
        heights: heights.iter().map(|height| height / top).collect(),
    };
    let key = |tone, class: usize, n: u64| Key::new(tone, format!("{} {}", classes[class], format::count(n)));
    let values: Vec<f64> = edges.iter().map(|edge| scale.value_at(*edge)).collect();
    Scene {
        title: "Scores of the two classes".to_owned(),
        subject: subject(&run.name, &run.split),
        summary: format!(
            "Scores run from {} to {}.",
            format::number(scores.score_min),
            format::number(scores.score_max)
        ),
        marks: vec![step(Tone::Negative, &heights[0]), step(Tone::Positive, &heights[1])],
        hovers: (0..bins).map(|bin| Hover::strip(edges[bin], edges[bin + 1], words(run, &values, bin))).collect(),
        legend: vec![key(Tone::Negative, 0, scores.negatives), key(Tone::Positive, 1, scores.positives)],
        table: table(run, &values),
        ..Scene::on(
            CHART.id,
            Shape::Wide,
            Axis::numbers(scale, "score"),
            Axis::shares(top, "share of the class per bin"),
        )
    }
}

/// The threshold in use, with what it means.
pub fn chosen(scores: &ScoreTable, threshold: f64) -> Vec<Mark> {
    let at = scale(scores).position(threshold).clamp(0.0, 1.0);
    upright(Tone::Chosen, at, 0, format!("positive from {}", format::number(threshold)))
}

fn words(run: &ScoredRun, values: &[f64], bin: usize) -> String {
    format!(
        "scores {} to {}: {} {}, {} {}",
        format::number(values[bin]),
        format::number(values[bin + 1]),
        format::count(run.scores.histogram_negative[bin]),
        run.classes[0],
        format::count(run.scores.histogram_positive[bin]),
        run.classes[1],
    )
}

fn table(run: &ScoredRun, values: &[f64]) -> Table {
    let counts = run.scores.histogram_negative.iter().zip(&run.scores.histogram_positive);
    let rows = counts.zip(values.windows(2)).map(|((negative, positive), edges)| {
        vec![Value::Number(edges[0]), Value::Number(edges[1]), Value::Count(*negative), Value::Count(*positive)]
    });
    let heads = ["from", "to"].map(Head::ours).into_iter().chain(run.classes.iter().map(|class| Head::theirs(class)));
    Table::new(heads.collect(), rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_shares_of_their_own_class() {
        let scene = scene(&ScoredRun::example());
        let heights = |mark: &Mark| match mark {
            Mark::Step { heights, .. } => heights.iter().map(|height| (height * 1.05 * 100.0).round()).collect(),
            _ => Vec::new(),
        };
        assert_eq!(scene.marks.iter().map(heights).collect::<Vec<_>>(), [[50.0, 50.0], [0.0, 100.0]]);
        assert_eq!(scene.hovers[1].words, "scores 0.55 to 0.9: 1 no, 2 yes");
    }
}
