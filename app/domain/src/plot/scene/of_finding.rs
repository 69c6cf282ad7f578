//! The charts that show what a finding says: along time, of its column, of its learning curve or of its run of predictions.

use super::{
    ColumnView, Picture, Scene, ScoredRun, Together, calibration, column, learning_curve, residuals, score_histogram,
    time_series,
};
use crate::diagnosis::ReadCurve;
use crate::evaluation::Split;
use crate::since::Extent;
use crate::{Comparison, Diagnosis, EvaluationRun, Finding, Item};

/// A chart, and what an address says to have it as a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    pub scene: Scene,
    pub query: Vec<(&'static str, String)>,
}

/// Detectors that look at a learning curve, at the scores of a run, at its calibration, and at its errors.
pub const OF_CURVES: &str = "T4.learning_curve";
pub const OF_SCORES: [&str; 2] = ["E1.score_direction", "E2.threshold"];
pub const OF_CALIBRATION: &str = "E1.calibration";
pub const OF_ERRORS: &str = "E1.metrics_disagree";

/// The one that shows it best; none where a finding has no chart.
pub fn first(diagnosis: &Diagnosis, finding: &Finding) -> Option<Scene> {
    let along = diagnosis.over_time.of_finding(&finding.id).next();
    along
        .map(|series| time_series::scene(series, &diagnosis.over_time.deployments))
        .or_else(|| of_model(diagnosis, finding).map(|drawn| drawn.scene))
        .or_else(|| {
            let compared = compared(diagnosis, finding)?;
            pictures(finding)
                .into_iter()
                .find_map(|picture| column::scene(compared, ColumnView { picture, ..ColumnView::default() }))
        })
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

/// Of the learning curve or the run of predictions that it is about.
pub fn of_model(diagnosis: &Diagnosis, finding: &Finding) -> Option<Drawn> {
    let detector = finding.detector.as_str();
    if detector == OF_CURVES {
        return curve(diagnosis, finding);
    }
    let run = run_of(diagnosis, finding)?;
    let scene = match detector {
        _ if OF_SCORES.contains(&detector) => scores(run)?,
        OF_CALIBRATION if !run.calibration.is_empty() => calibration::scene(&Together::alone(run)),
        OF_ERRORS => residuals::scene(run.regression.as_ref()?),
        _ => return None,
    };
    Some(Drawn { scene, query: vec![("run", run.name.clone()), ("split", run.split.to_string())] })
}

/// The curve that was read as the finding says.
fn curve(diagnosis: &Diagnosis, finding: &Finding) -> Option<Drawn> {
    let says = |read: &&ReadCurve| read.readings.iter().any(|reading| reading.statement == finding.statement);
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
