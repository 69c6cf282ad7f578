//! Cumulative gains: the share of all positives among the highest scores, however many of them are taken.
//!
//! Source: Ling and Li, "Data Mining for Direct Marketing: Problems and Solutions", KDD 1998, where it is drawn as lift.

use super::super::format;
use super::marks::{diagonal, ring};
use super::{Axis, Chart, Key, Mark, Overlay, Place, Scene, ScoredRun, Shape, operating, subject};
use crate::operating_point::OperatingPoint;

pub const CHART: Chart = Chart {
    id: "gains",
    draw: |diagnosis, asked| {
        let (runs, threshold) = asked.overlay(diagnosis)?;
        Ok(scene(&runs).with(chosen(&runs.run.scores.at(threshold))))
    },
};

pub fn scene(runs: &Overlay) -> Scene {
    let run = &runs.run;
    Scene {
        title: "Cumulative gains: share of the positives found against share of the rows taken".to_owned(),
        subject: subject(&run.name, &run.split),
        summary: summary(run),
        marks: [diagonal()].into_iter().chain(runs.lines(|run| operating::curve(run, place))).collect(),
        hovers: runs.hovers(|point| place(point).0, words),
        legend: runs.legend(key, positives).into_iter().chain([Key::dashed("random order")]).collect(),
        table: runs.table(),
        ..Scene::on(
            CHART.id,
            Shape::Square,
            Axis::shares(1.0, "share of the rows"),
            Axis::shares(1.0, "share of the positives (recall)"),
        )
    }
}

fn key(run: &ScoredRun) -> String {
    format!("highest scores first, {}", positives(run))
}

fn positives(run: &ScoredRun) -> String {
    let (positives, rows) = (run.scores.positives, run.scores.positives + run.scores.negatives);
    format!("{} of {} positive", format::count(positives), format::count(rows))
}

fn words(point: &OperatingPoint) -> String {
    let (rows, hits) = place(point);
    format!("{} of the rows hold {} of the positives", format::share(rows), format::share(hits))
}

/// The operating point in use.
pub fn chosen(point: &OperatingPoint) -> Vec<Mark> {
    vec![ring(place(point))]
}

/// At the origin while there are no rows.
fn place(point: &OperatingPoint) -> Place {
    (point.positive_share().unwrap_or(0.0), point.recall().unwrap_or(0.0))
}

/// What the first tenth of the rows holds, as the kept threshold nearest below it says.
fn summary(run: &ScoredRun) -> String {
    let within = |point: &OperatingPoint| point.positive_share().is_some_and(|share| share <= 0.1);
    let last = run.scores.points().take_while(within).last();
    last.and_then(|point| point.positive_share().zip(point.recall())).map_or(String::new(), |(rows, found)| {
        format!("The highest {} of the scores hold {} of the positives.", format::share(rows), format::share(found))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_rows_hold_what_the_middle_threshold_finds() {
        let run = ScoredRun::example();
        let scene = scene(&Overlay::alone(run.clone()));
        let Some(Mark::Line { places, .. }) = scene.marks.last() else { panic!("no curve") };
        assert_eq!(*places, [(0.0, 0.0), (0.25, 0.5), (0.75, 1.0), (1.0, 1.0)]);
        assert_eq!(chosen(&run.scores.at(0.9)), [ring((0.25, 0.5))]);
    }
}
