//! Cost curve: what the decisions cost at every threshold.

use super::super::format;
use super::super::scale::Scale;
use super::marks::{ring, thinned};
use super::operating::GRAIN;
use super::{
    Align, Axis, Chart, Key, Mark, Place, Scene, ScoredRun, Shape, Table, Tone, Value, score_histogram, subject,
};
use crate::evaluation::ScoreTable;
use crate::operating_point::{Costs, OperatingPoint};

pub const CHART: Chart = Chart {
    id: "cost_curve",
    draw: |diagnosis, asked| {
        let (run, threshold) = asked.scored(diagnosis)?;
        let costs = asked.settings.costs;
        Ok(scene(&run, &costs).with(chosen(&run.scores, &costs, &run.scores.at(threshold))))
    },
};

/// Costs are shown for this many rows, as single rows cost tiny amounts.
const PER_ROWS: f64 = 1000.0;

pub fn scene(run: &ScoredRun, costs: &Costs) -> Scene {
    let scores = &run.scores;
    let (x, y) = scales(scores, costs);
    let places = scores.points().map(|point| place(&point, costs, (&x, &y))).collect();
    let cheapest = scores.cheapest(costs);
    let line = Mark::Line { tone: Tone::Model, places: thinned(places, GRAIN) };
    let best = cheapest.iter().flat_map(|best| best_marks(best, place(best, costs, (&x, &y))));
    Scene {
        title: "Cost per 1,000 rows at every threshold".to_owned(),
        subject: subject(&run.name, &run.split),
        summary: cheapest.map_or(String::new(), |best| {
            format!("Cheapest at {}: {}.", format::number(best.threshold), format::number(cost(&best, costs)))
        }),
        marks: [line].into_iter().chain(best).collect(),
        legend: vec![Key::new(Tone::Model, format!("{} rows", format::count(scores.positives + scores.negatives)))],
        table: table(scores, costs),
        ..Scene::on(CHART.id, Shape::Wide, Axis::numbers(x, "threshold"), Axis::numbers(y, "cost per 1,000 rows"))
    }
}

/// The operating point in use.
pub fn chosen(scores: &ScoreTable, costs: &Costs, point: &OperatingPoint) -> Vec<Mark> {
    let (x, y) = scales(scores, costs);
    vec![ring(place(point, costs, (&x, &y)))]
}

fn scales(scores: &ScoreTable, costs: &Costs) -> (Scale, Scale) {
    let y = Scale::around(scores.points().map(|point| cost(&point, costs)).chain([0.0]));
    (score_histogram::scale(scores), y)
}

fn cost(point: &OperatingPoint, costs: &Costs) -> f64 {
    point.mean_cost(costs) * PER_ROWS
}

fn place(point: &OperatingPoint, costs: &Costs, (x, y): (&Scale, &Scale)) -> Place {
    (x.position(point.threshold), y.position(cost(point, costs)))
}

fn best_marks(best: &OperatingPoint, at: Place) -> [Mark; 2] {
    let align = Align::inwards(at.0);
    [
        Mark::Points { tone: Tone::Quiet, places: vec![at], size: 5.0, words: Vec::new() },
        Mark::Text {
            tone: Tone::Quiet,
            at,
            align,
            shift: (0.0, -10.0),
            words: format!("cheapest at {}", format::number(best.threshold)),
        },
    ]
}

fn table(scores: &ScoreTable, costs: &Costs) -> Table {
    let rows = scores.points().map(|point| {
        [Value::Number(point.threshold), Value::Number(cost(&point, costs)), Value::Number(point.total_cost(costs))]
    });
    Table::ours(["threshold", "cost per 1000 rows", "cost of all rows"], rows).showing(20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_threshold_is_marked() {
        let costs = Costs { false_positive: 1.0, false_negative: 5.0, ..Costs::default() };
        let run = ScoredRun::example();
        let scene = scene(&run, &costs);
        assert_eq!(scene.summary, "Cheapest at 0.7: 250.");
        let ringed = chosen(&run.scores, &costs, &run.scores.at(0.9));
        assert_eq!(ringed, [ring((1.0, 1.0))], "the dearest of all lies in the corner");
    }
}
