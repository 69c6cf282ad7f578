//! Precision and recall at every threshold.

use super::super::format;
use super::marks::{ring, thinned};
use super::operating::GRAIN;
use super::{Align, Axis, Chart, Key, Mark, Place, Scene, ScoredRun, Shape, Tone, operating, subject};
use crate::operating_point::OperatingPoint;

pub const CHART: Chart = Chart {
    id: "precision_recall",
    draw: |diagnosis, asked| {
        let (run, threshold) = asked.scored(diagnosis)?;
        Ok(scene(&run).with(chosen(&run.scores.at(threshold))))
    },
};

pub fn scene(run: &ScoredRun) -> Scene {
    let scores = &run.scores;
    let rows = scores.positives + scores.negatives;
    let base_rate = scores.positives as f64 / rows.max(1) as f64;
    let start = (0.0, scores.points().next().and_then(|point| point.precision()).unwrap_or(1.0));
    let points = [start].into_iter().chain(scores.points().map(|point| place(&point))).collect();
    let average = run.average_precision.map_or_else(|| "–".to_owned(), format::number);
    Scene {
        title: "Precision against recall".to_owned(),
        subject: subject(&run.name, &run.split),
        summary: format!("The average precision is {average}."),
        marks: vec![
            Mark::Line { tone: Tone::Guide, places: vec![(0.0, base_rate), (1.0, base_rate)] },
            Mark::Text {
                tone: Tone::Guide,
                at: (0.0, base_rate),
                align: Align::Start,
                shift: (4.0, -5.0),
                words: format!("{} positive at random", format::share(base_rate)),
            },
            Mark::Line { tone: Tone::Model, places: thinned(points, GRAIN) },
        ],
        legend: vec![
            Key::new(Tone::Model, format!("average precision {average}")),
            Key::plain(format!("{} of {} positive", format::count(scores.positives), format::count(rows))),
        ],
        table: operating::table(scores),
        ..Scene::on(CHART.id, Shape::Square, Axis::shares(1.0, "recall"), Axis::shares(1.0, "precision"))
    }
}

/// The operating point in use.
pub fn chosen(point: &OperatingPoint) -> Vec<Mark> {
    vec![ring(place(point))]
}

/// Where an operating point lies. Without anything called positive, precision is drawn as 1, as scikit-learn does at
/// the end of its curve.
fn place(point: &OperatingPoint) -> Place {
    (point.recall().unwrap_or(0.0), point.precision().unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_starts_at_the_precision_of_the_highest_threshold() {
        let scene = scene(&ScoredRun::example());
        let Some(Mark::Line { places, .. }) = scene.marks.last() else { panic!("no curve") };
        assert_eq!(places[..3], [(0.0, 1.0), (0.5, 1.0), (1.0, 2.0 / 3.0)]);
        assert!(scene.marks.iter().any(|mark| matches!(mark, Mark::Text { words, .. } if words.starts_with("50"))));
    }
}
