//! Precision and recall at every threshold.

use super::super::format;
use super::marks::ring;
use super::{Align, Axis, Chart, Mark, Overlay, Place, Scene, ScoredRun, Shape, Tone, subject};
use crate::operating_point::OperatingPoint;

pub const CHART: Chart = Chart {
    id: "precision_recall",
    draw: |diagnosis, asked| {
        let (runs, threshold) = asked.overlay(diagnosis)?;
        Ok(scene(&runs).with(chosen(&runs.run.scores.at(threshold))))
    },
};

pub fn scene(runs: &Overlay) -> Scene {
    let run = &runs.run;
    let base_rate = run.scores.positives as f64 / (run.scores.positives + run.scores.negatives).max(1) as f64;
    let at_random = [
        Mark::Line { tone: Tone::Guide, places: vec![(0.0, base_rate), (1.0, base_rate)] },
        Mark::Text {
            tone: Tone::Guide,
            at: (0.0, base_rate),
            align: Align::Start,
            shift: (4.0, -5.0),
            words: format!("{} positive at random", format::share(base_rate)),
        },
    ];
    Scene {
        title: "Precision against recall".to_owned(),
        subject: subject(&run.name, &run.split),
        summary: format!("The average precision is {}.{}", average(run), runs.next_to_it(average)),
        marks: at_random.into_iter().chain(runs.lines(curve)).collect(),
        hovers: runs.hovers(|point| place(point).0, words),
        legend: runs.legend(key, |run| format!("average precision {}", average(run))),
        table: runs.table(),
        ..Scene::on(CHART.id, Shape::Square, Axis::shares(1.0, "recall"), Axis::shares(1.0, "precision"))
    }
}

fn curve(run: &ScoredRun) -> Vec<Place> {
    let start = (0.0, run.scores.points().next().and_then(|point| point.precision()).unwrap_or(1.0));
    [start].into_iter().chain(run.scores.points().map(|point| place(&point))).collect()
}

fn average(run: &ScoredRun) -> String {
    run.average_precision.map_or_else(|| "–".to_owned(), format::number)
}

fn key(run: &ScoredRun) -> String {
    let (positives, rows) = (run.scores.positives, run.scores.positives + run.scores.negatives);
    format!("average precision {}, {} of {} positive", average(run), format::count(positives), format::count(rows))
}

fn words(point: &OperatingPoint) -> String {
    let (recall, precision) = place(point);
    format!("precision {}, recall {}", format::share(precision), format::share(recall))
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
        let scene = scene(&Overlay::alone(ScoredRun::example()));
        let Some(Mark::Line { places, .. }) = scene.marks.last() else { panic!("no curve") };
        assert_eq!(places[..3], [(0.0, 1.0), (0.5, 1.0), (1.0, 2.0 / 3.0)]);
        assert!(scene.marks.iter().any(|mark| matches!(mark, Mark::Text { words, .. } if words.starts_with("50"))));
    }
}
