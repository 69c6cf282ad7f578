//! ROC: true against false positive rate, at every threshold.

use super::super::format;
use super::marks::{diagonal, ring};
use super::{Axis, Chart, Key, Mark, Place, Scene, ScoredRun, Shape, Tone, operating, subject};
use crate::operating_point::OperatingPoint;

pub const CHART: Chart = Chart {
    id: "roc",
    draw: |diagnosis, asked| {
        let (run, threshold) = asked.scored(diagnosis)?;
        Ok(scene(&run).with(chosen(&run.scores.at(threshold))))
    },
};

pub fn scene(run: &ScoredRun) -> Scene {
    let scores = &run.scores;
    let area = run.roc_auc.map_or_else(|| "–".to_owned(), format::number);
    let (positives, negatives) = (format::count(scores.positives), format::count(scores.negatives));
    Scene {
        title: "ROC: true positive rate against false positive rate".to_owned(),
        subject: subject(&run.name, &run.split),
        summary: format!("The area under the curve is {area}."),
        marks: vec![diagonal(), operating::curve(scores, place)],
        legend: vec![
            Key::new(Tone::Model, format!("area {area}")),
            Key::dashed("random guessing"),
            Key::plain(format!("{positives} positives, {negatives} negatives")),
        ],
        table: operating::table(scores),
        ..Scene::on(
            CHART.id,
            Shape::Square,
            Axis::shares(1.0, "false positive rate"),
            Axis::shares(1.0, "true positive rate (recall)"),
        )
    }
}

/// The operating point in use.
pub fn chosen(point: &OperatingPoint) -> Vec<Mark> {
    vec![ring(place(point))]
}

/// Where an operating point lies; at the origin while a class is empty.
fn place(point: &OperatingPoint) -> Place {
    (point.false_positive_rate().unwrap_or(0.0), point.recall().unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_begins_and_ends_in_the_corners_and_the_threshold_lies_on_it() {
        let run = ScoredRun::example();
        let scene = scene(&run);
        let Some(Mark::Line { places, .. }) = scene.marks.last() else { panic!("no curve") };
        assert_eq!(*places, [(0.0, 0.0), (0.0, 0.5), (0.5, 1.0), (1.0, 1.0)]);
        assert_eq!(chosen(&run.scores.at(0.7)), [ring((0.5, 1.0))]);
    }
}
