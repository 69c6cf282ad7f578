//! The charts of a finding: along time, of its column, and of the learning curve or the run of predictions that it is about.

use std::sync::Arc;

use domain::evaluation::Split;
use domain::over_time::TimeSeries;
use domain::plot::scene::score_histogram;
use domain::plot::scene::{ColumnView, Picture, Scene, ScoredRun, calibration, column, learning_curve, residuals};
use domain::since::Extent;
use domain::{Comparison, Diagnosis, EvaluationRun, Finding, Item};
use leptos::prelude::*;

use crate::address::Place;
use crate::charts::{ColumnChart, TimeChart, figure_under, files};

/// Series that a finding shows at most.
const MOST_SERIES: usize = 2;

/// All of them; none where a finding has no chart of its own. Without a place, which an example has not, they have no files.
#[component]
pub fn FindingCharts(place: Option<Place>, diagnosis: Arc<Diagnosis>, finding: Finding) -> impl IntoView {
    let along: Vec<TimeSeries> = diagnosis.over_time.of_finding(&finding.id).take(MOST_SERIES).cloned().collect();
    let deployments = diagnosis.over_time.deployments.clone();
    let timed = place.clone();
    let along = along.into_iter().map(|series| {
        view! { <TimeChart place=timed.clone() series deployments=deployments.clone()/> }
    });
    let of_model = of_model(&diagnosis, &finding).map(|Drawn { scene, query }| {
        let files = place.clone().map(|place| files(place, move || query.clone()));
        figure_under(().into_any(), scene, ().into_any(), files)
    });
    let of_column = compared(&diagnosis, &finding).cloned().map(|comparison| {
        view! { <OfColumn place comparison pictures=pictures(&finding)/> }
    });
    let has_charts = along.len() > 0 || of_model.is_some() || of_column.is_some();
    has_charts.then(|| view! { <div class="pictures stack">{along.collect_view()} {of_model} {of_column}</div> })
}

/// The first of its columns that has a chart.
pub fn compared<'a>(diagnosis: &'a Diagnosis, finding: &Finding) -> Option<&'a Comparison> {
    let mut compared =
        finding.columns.iter().filter_map(|column| diagnosis.comparisons.iter().find(|one| one.column == *column));
    compared.find(|one| one.chart.is_some())
}

/// How a finding about a column is seen: in its distribution, and along time where it began or moves during serving.
pub fn pictures(finding: &Finding) -> Vec<Picture> {
    let began = finding.since.is_some_and(|since| since.extent != Extent::WholePeriod);
    if began || finding.item == Item::M1 {
        vec![Picture::OverTime, Picture::Histogram]
    } else {
        vec![Picture::Histogram]
    }
}

#[component]
fn OfColumn(place: Option<Place>, comparison: Comparison, pictures: Vec<Picture>) -> impl IntoView {
    let has = column::pictures(&comparison);
    pictures
        .into_iter()
        .filter(|picture| has.contains(picture))
        .map(|picture| {
            let view = ColumnView { picture, ..ColumnView::default() };
            view! { <ColumnChart place=place.clone() comparison=comparison.clone() view/> }
        })
        .collect_view()
}

/// A chart, and what an address says to have it as a file.
struct Drawn {
    scene: Scene,
    query: Vec<(&'static str, String)>,
}

/// Detectors that look at a learning curve, at the scores of a run, at its calibration, and at its errors.
const OF_CURVES: &str = "T4.learning_curve";
const OF_SCORES: [&str; 2] = ["E1.score_direction", "E2.threshold"];
const OF_CALIBRATION: &str = "E1.calibration";
const OF_ERRORS: &str = "E1.metrics_disagree";

fn of_model(diagnosis: &Diagnosis, finding: &Finding) -> Option<Drawn> {
    let detector = finding.detector.as_str();
    if detector == OF_CURVES {
        return curve(diagnosis, finding);
    }
    let run = run_of(diagnosis, finding)?;
    let scene = match detector {
        _ if OF_SCORES.contains(&detector) => scores(run)?,
        OF_CALIBRATION if !run.calibration.is_empty() => calibration::scene(run, None),
        OF_ERRORS => residuals::scene(run.regression.as_ref()?),
        _ => return None,
    };
    Some(Drawn { scene, query: vec![("run", run.name.clone()), ("split", run.split.to_string())] })
}

/// The curve that was read as the finding says.
fn curve(diagnosis: &Diagnosis, finding: &Finding) -> Option<Drawn> {
    let says = |read: &&domain::diagnosis::ReadCurve| {
        read.readings.iter().any(|reading| reading.statement == finding.statement)
    };
    let read = diagnosis.learning_curves.iter().find(says)?;
    let (measure, scene) = learning_curve::MEASURES
        .into_iter()
        .find_map(|measure| Some((measure, learning_curve::scene(read, measure)?)))?;
    let query = vec![("run", read.curve.name.clone()), ("measure", learning_curve::words(measure).to_owned())];
    Some(Drawn { scene, query })
}

/// The run whose rows the finding counts; the served one, where it compares two.
fn run_of<'a>(diagnosis: &'a Diagnosis, finding: &Finding) -> Option<&'a EvaluationRun> {
    let is_counted = |run: &&EvaluationRun| finding.n.get(run.split.word()) == Some(&run.n);
    diagnosis.evaluations.iter().filter(is_counted).max_by_key(|run| run.split == Split::Serve)
}

/// The scores of both classes, with the threshold in use.
fn scores(run: &EvaluationRun) -> Option<Scene> {
    let scored = ScoredRun::of(run)?;
    let mut scene = score_histogram::scene(&scored);
    if let Some(threshold) = run.thresholds.get("in_use") {
        scene.marks.extend(score_histogram::chosen(&scored.scores, *threshold));
    }
    Some(scene)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detectors_named_here_exist() {
        for id in OF_SCORES.into_iter().chain([OF_CURVES, OF_CALIBRATION, OF_ERRORS]) {
            assert!(checks::detectors::all().any(|detector| detector.id.as_str() == id), "{id}");
        }
    }
}
