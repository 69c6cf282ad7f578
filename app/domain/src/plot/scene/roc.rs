//! ROC: true against false positive rate, at every threshold.

use super::super::format;
use super::marks::{diagonal, ring};
use super::{Axis, Chart, Key, Mark, Overlay, Place, Scene, ScoredRun, Shape, operating, subject};
use crate::operating_point::OperatingPoint;

pub const CHART: Chart = Chart {
    id: "roc",
    draw: |diagnosis, asked| {
        let (runs, threshold) = asked.overlay(diagnosis)?;
        Ok(scene(&runs).with(chosen(&runs.run.scores.at(threshold))))
    },
};

pub fn scene(runs: &Overlay) -> Scene {
    let run = &runs.run;
    Scene {
        title: "ROC: true positive rate against false positive rate".to_owned(),
        subject: subject(&run.name, &run.split),
        summary: format!("The area under the curve is {}.{}", area(run), runs.next_to_it(area)),
        marks: [diagonal()].into_iter().chain(runs.lines(|run| operating::curve(run, place))).collect(),
        hovers: runs.hovers(|point| place(point).0, words),
        legend: runs
            .legend(key, |run| format!("area {}", area(run)))
            .into_iter()
            .chain([Key::dashed("random guessing")])
            .collect(),
        table: runs.table(),
        ..Scene::on(
            CHART.id,
            Shape::Square,
            Axis::shares(1.0, "false positive rate"),
            Axis::shares(1.0, "true positive rate (recall)"),
        )
    }
}

fn area(run: &ScoredRun) -> String {
    run.roc_auc.map_or_else(|| "–".to_owned(), format::number)
}

fn key(run: &ScoredRun) -> String {
    let (positives, negatives) = (format::count(run.scores.positives), format::count(run.scores.negatives));
    format!("area {}, {positives} positives, {negatives} negatives", area(run))
}

fn words(point: &OperatingPoint) -> String {
    let (alarms, hits) = place(point);
    format!("recall {}, false positive rate {}", format::share(hits), format::share(alarms))
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
        let scene = scene(&Overlay::alone(run.clone()));
        let Some(Mark::Line { places, .. }) = scene.marks.last() else { panic!("no curve") };
        assert_eq!(*places, [(0.0, 0.0), (0.0, 0.5), (0.5, 1.0), (1.0, 1.0)]);
        assert_eq!(chosen(&run.scores.at(0.7)), [ring((0.5, 1.0))]);
    }
}
