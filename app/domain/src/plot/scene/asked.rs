//! Which chart of a diagnosis is asked for, and where its data is.

use super::column_view::ColumnView;
use super::company::Company;
use super::learning_curve::{MEASURES, words};
use super::overlay::Overlay;
use super::scored_run::ScoredRun;
use super::threshold_settings::ThresholdSettings;
use super::ticked::{CURVES, DRAWN, Ticked};
use super::together::Together;
use crate::diagnosis::ReadCurve;
use crate::evaluation::{ClassOrder, Split};
use crate::learning_curve::CurveMeasure;
use crate::{Comparison, Diagnosis, EvaluationRun, Problem};

/// What an address says besides the id of the chart. Without a run or a split, the first one that has the chart is meant.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asked {
    pub column: Option<String>,
    pub view: ColumnView,
    /// The name of an evaluation run or of a learning curve.
    pub run: Option<String>,
    pub split: Option<Split>,
    /// Name and split of the run that is drawn with it.
    pub against: Option<(String, Split)>,
    /// The other runs that are drawn with these two; none without it.
    pub drawn: Option<Ticked>,
    /// The learning curves that are drawn in one chart; all without it.
    pub curves: Option<Ticked>,
    pub settings: ThresholdSettings,
    /// The id of a measure along time.
    pub series: Option<String>,
    /// Of the classes of a confusion matrix.
    pub order: Option<ClassOrder>,
    /// Of a learning curve.
    pub measure: Option<CurveMeasure>,
}

impl Asked {
    pub fn from_query(parameter: impl Fn(&str) -> Option<String>) -> Asked {
        Asked {
            column: parameter("column"),
            view: ColumnView::from_query(&parameter),
            run: parameter("run"),
            split: parameter("split").map(Split::from),
            against: against(&parameter),
            drawn: parameter(DRAWN).and_then(|text| Ticked::from_text(&text)),
            curves: parameter(CURVES).and_then(|text| Ticked::from_text(&text)),
            settings: ThresholdSettings::from_query(&parameter),
            series: parameter("series"),
            order: parameter("order").and_then(|id| ClassOrder::from_id(&id)),
            measure: parameter("measure").and_then(|word| MEASURES.into_iter().find(|one| words(*one) == word)),
        }
    }

    pub fn comparison<'a>(&self, diagnosis: &'a Diagnosis) -> Result<&'a Comparison, Problem> {
        let column = self.column.as_deref().ok_or_else(|| {
            Problem::bad_input("This figure shows one column. Name it in the address, as in column.svg?column=income.")
        })?;
        diagnosis.comparisons.iter().find(|comparison| comparison.column == column).ok_or_else(|| {
            Problem::not_found(format!(
                "Train and serve do not both have a column named {column} that can be compared."
            ))
        })
    }

    /// The run asked for, or the first one of which `part` has something.
    pub fn run_with<'a, T>(
        &self,
        diagnosis: &'a Diagnosis,
        part: impl Fn(&'a EvaluationRun) -> Option<T>,
    ) -> Result<(&'a EvaluationRun, T), Problem> {
        let mut runs = diagnosis.evaluations.iter().filter(|run| {
            self.run.as_ref().is_none_or(|name| *name == run.name)
                && self.split.as_ref().is_none_or(|split| *split == run.split)
        });
        runs.find_map(|run| Some((run, part(run)?))).ok_or_else(absent)
    }

    /// The run with scores, and the threshold asked for or else the run's own first one.
    pub fn scored(&self, diagnosis: &Diagnosis) -> Result<(ScoredRun, f64), Problem> {
        let (_, scored) = self.run_with(diagnosis, ScoredRun::of)?;
        let threshold = self.settings.threshold.unwrap_or_else(|| scored.first_threshold());
        Ok((scored, threshold))
    }

    /// The run that `against` names.
    pub fn baseline<'a>(&self, diagnosis: &'a Diagnosis) -> Option<&'a EvaluationRun> {
        let (name, split) = self.against.as_ref()?;
        diagnosis.evaluations.iter().find(|run| run.name == *name && run.split == *split)
    }

    /// A run of the diagnosis with its baseline and the others that are asked for.
    pub fn together<'a>(&self, diagnosis: &'a Diagnosis, run: &'a EvaluationRun) -> Together<'a> {
        let baseline = self.baseline(diagnosis);
        let company = self.drawn.as_ref().map(|drawn| Company::of(&diagnosis.evaluations, run, baseline, drawn));
        Together { run, baseline, others: company.map(|company| company.drawn()).unwrap_or_default() }
    }

    /// The run with scores together with the others that have scores too, and the threshold as for [`Asked::scored`].
    pub fn overlay(&self, diagnosis: &Diagnosis) -> Result<(Overlay, f64), Problem> {
        let (_, runs) = self.run_with(diagnosis, |run| Overlay::of(&self.together(diagnosis, run)))?;
        let threshold = self.settings.threshold.unwrap_or_else(|| runs.run.first_threshold());
        Ok((runs, threshold))
    }

    pub fn curve<'a>(&self, diagnosis: &'a Diagnosis) -> Result<&'a ReadCurve, Problem> {
        let mut curves = diagnosis.learning_curves.iter();
        curves.find(|read| self.run.as_deref().is_none_or(|wanted| wanted == read.curve.name)).ok_or_else(absent)
    }
}

/// Reads `against=` and `against_split=`: a baseline is named by both.
pub fn against(parameter: impl Fn(&str) -> Option<String>) -> Option<(String, Split)> {
    parameter("against").zip(parameter("against_split").map(Split::from))
}

pub(super) fn absent() -> Problem {
    Problem::not_found(
        "This investigation has no data for this figure. Add an evaluation run or a learning curve that has it.",
    )
}
