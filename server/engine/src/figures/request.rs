//! Which figure of a diagnosis is wanted, and where its data is.

use domain::comparison::{ChartData, Side};
use domain::{Comparison, Diagnosis, EvaluationRun, Problem};

use super::csv::{Cell, table};
use super::{Canvas, Figure, calibration, categories_pair, confusion, histogram_pair, learning_curve, roc};

/// The figures that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureName {
    /// A column in train and in serve; needs `column`.
    Column,
    Roc,
    Calibration,
    Confusion,
    LearningCurve,
}

impl FigureName {
    pub const ALL: [FigureName; 5] = [
        FigureName::Column,
        FigureName::Roc,
        FigureName::Calibration,
        FigureName::Confusion,
        FigureName::LearningCurve,
    ];

    /// The name in addresses and of files.
    pub fn id(self) -> &'static str {
        match self {
            FigureName::Column => "column",
            FigureName::Roc => "roc",
            FigureName::Calibration => "calibration",
            FigureName::Confusion => "confusion",
            FigureName::LearningCurve => "learning_curve",
        }
    }

    pub fn from_id(id: &str) -> Option<FigureName> {
        FigureName::ALL.into_iter().find(|name| name.id() == id)
    }
}

/// A figure with what it is of. Without a run or a split the first one that has the figure is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureRequest {
    pub name: FigureName,
    pub column: Option<String>,
    /// The name of an evaluation run or of a learning curve.
    pub run: Option<String>,
    pub split: Option<String>,
}

impl FigureRequest {
    /// Draws it.
    ///
    /// # Errors
    /// When the diagnosis does not hold what it shows; the sentence says what is missing.
    pub fn figure(&self, diagnosis: &Diagnosis, canvas: &Canvas) -> Result<Figure, Problem> {
        match self.name {
            FigureName::Column => column_figure(self.comparison(diagnosis)?, canvas),
            FigureName::LearningCurve => learning_curve(self.curve(diagnosis)?, canvas),
            FigureName::Roc => {
                let run = self.run_with(diagnosis, |run| run.scores.is_some())?;
                let scores = run.scores.as_ref().ok_or_else(|| self.absent())?;
                roc(&title(run), scores, run.metrics.get("roc_auc").copied(), canvas)
            }
            FigureName::Calibration => {
                let run = self.run_with(diagnosis, |run| !run.calibration.is_empty())?;
                calibration(&title(run), &run.calibration, canvas)
            }
            FigureName::Confusion => {
                let run = self.run_with(diagnosis, |run| run.confusion_matrix.is_some())?;
                let matrix = run.confusion_matrix.as_ref().ok_or_else(|| self.absent())?;
                confusion(&title(run), matrix, canvas)
            }
        }
    }

    /// The data behind it, as CSV.
    ///
    /// # Errors
    /// As [`FigureRequest::figure`].
    pub fn csv(&self, diagnosis: &Diagnosis) -> Result<String, Problem> {
        match self.name {
            FigureName::Column => column_csv(self.comparison(diagnosis)?),
            FigureName::LearningCurve => Ok(curve_csv(&self.curve(diagnosis)?.curve)),
            FigureName::Roc => {
                let run = self.run_with(diagnosis, |run| run.scores.is_some())?;
                let scores = run.scores.as_ref().ok_or_else(|| self.absent())?;
                let rows = scores.points().map(|point| {
                    let counts =
                        [point.true_positives, point.false_positives, point.false_negatives, point.true_negatives];
                    [Cell::Number(point.threshold)].into_iter().chain(counts.map(Cell::Count)).collect()
                });
                Ok(table(
                    &["threshold", "true_positives", "false_positives", "false_negatives", "true_negatives"],
                    rows,
                ))
            }
            FigureName::Calibration => {
                let run = self.run_with(diagnosis, |run| !run.calibration.is_empty())?;
                let rows = run.calibration.iter().map(|bin| {
                    let numbers = [bin.low, bin.high, bin.mean_score, bin.rate, bin.rate_low, bin.rate_high];
                    numbers.map(Cell::Number).into_iter().chain([Cell::Count(bin.n)]).collect()
                });
                Ok(table(&["low", "high", "mean_score", "rate", "rate_low", "rate_high", "rows"], rows))
            }
            FigureName::Confusion => {
                let run = self.run_with(diagnosis, |run| run.confusion_matrix.is_some())?;
                let matrix = run.confusion_matrix.as_ref().ok_or_else(|| self.absent())?;
                let head: Vec<&str> = ["true"].into_iter().chain(matrix.labels.iter().map(String::as_str)).collect();
                let rows = matrix.labels.iter().zip(&matrix.counts).map(|(label, counts)| {
                    [Cell::Text(label.clone())].into_iter().chain(counts.iter().copied().map(Cell::Count)).collect()
                });
                Ok(table(&head, rows))
            }
        }
    }

    fn comparison<'a>(&self, diagnosis: &'a Diagnosis) -> Result<&'a Comparison, Problem> {
        let column = self.column.as_deref().ok_or_else(|| {
            Problem::bad_input("This figure shows one column. Name it in the address, as in column.svg?column=income.")
        })?;
        diagnosis.comparisons.iter().find(|comparison| comparison.column == column).ok_or_else(|| {
            Problem::not_found(format!(
                "Train and serve do not both have a column named {column} that can be compared."
            ))
        })
    }

    fn run_with<'a>(
        &self,
        diagnosis: &'a Diagnosis,
        has: impl Fn(&EvaluationRun) -> bool,
    ) -> Result<&'a EvaluationRun, Problem> {
        let meant = |wanted: &Option<String>, name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
        let mut runs = diagnosis.evaluations.iter();
        runs.find(|run| meant(&self.run, &run.name) && meant(&self.split, run.split.word()) && has(run))
            .ok_or_else(|| self.absent())
    }

    fn curve<'a>(&self, diagnosis: &'a Diagnosis) -> Result<&'a domain::diagnosis::ReadCurve, Problem> {
        let mut curves = diagnosis.learning_curves.iter();
        curves
            .find(|read| self.run.as_deref().is_none_or(|wanted| wanted == read.curve.name))
            .ok_or_else(|| self.absent())
    }

    fn absent(&self) -> Problem {
        Problem::not_found(format!(
            "This investigation has no data for the figure {}: add an evaluation run or a learning curve that has it.",
            self.name.id()
        ))
    }
}

fn title(run: &EvaluationRun) -> String {
    format!("{}, {}", run.name, run.split)
}

fn column_figure(comparison: &Comparison, canvas: &Canvas) -> Result<Figure, Problem> {
    let rows = Side::BOTH.map(|side| comparison.n.get(&side).copied().unwrap_or(0));
    match &comparison.chart {
        Some(ChartData::Numeric(chart)) => histogram_pair(&comparison.column, comparison.kind, chart, rows, canvas),
        Some(ChartData::Categories(chart)) => categories_pair(&comparison.column, chart, canvas),
        None => Err(nothing_to_draw(comparison)),
    }
}

fn column_csv(comparison: &Comparison) -> Result<String, Problem> {
    match &comparison.chart {
        Some(ChartData::Numeric(chart)) => {
            let counts = chart.reference.iter().zip(&chart.current);
            let rows = chart.edges.windows(2).zip(counts).map(|(edges, (train, serve))| {
                vec![Cell::Number(edges[0]), Cell::Number(edges[1]), Cell::Count(*train), Cell::Count(*serve)]
            });
            Ok(table(&["from", "to", "train", "serve"], rows))
        }
        Some(ChartData::Categories(chart)) => {
            let counts = chart.reference.iter().zip(&chart.current);
            let rows = chart.labels.iter().zip(counts).map(|(label, (train, serve))| {
                vec![Cell::Text(label.clone()), Cell::Count(*train), Cell::Count(*serve)]
            });
            Ok(table(&["value", "train", "serve"], rows))
        }
        None => Err(nothing_to_draw(comparison)),
    }
}

fn nothing_to_draw(comparison: &Comparison) -> Problem {
    Problem::not_found(format!("There is no figure for {}: one side has no values.", comparison.column))
}

fn curve_csv(curve: &domain::learning_curve::LearningCurve) -> String {
    let head: Vec<&str> = ["epoch"].into_iter().chain(curve.series.iter().map(|series| series.name.as_str())).collect();
    let rows = curve.epochs.iter().enumerate().map(|(index, epoch)| {
        let values = curve.series.iter().map(|series| match series.values.get(index).copied().flatten() {
            Some(value) => Cell::Number(value),
            None => Cell::Text(String::new()),
        });
        [Cell::Number(*epoch)].into_iter().chain(values).collect()
    });
    table(&head, rows)
}
