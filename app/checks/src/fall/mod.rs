//! What a fall of the performance is made of: the split of `stats::fall` on the rows that were measured, after the suspects
//! have said which columns are broken and what undoes it.

mod bins;
mod course;
mod folding;
mod inputs;
mod labels;
mod ordering;
mod refusing;
mod shares;
mod slicing;
mod undoing;

use domain::evaluation::Split as RowsOf;
use domain::fall::{Fall, Mechanism, Part, Points, Recovered, Refusal, SplitMetric, Undone};
use domain::measurements::Measurements;
use domain::measurements::fall_rows::{FallAnswers, FallRows, OtherLoss};
use domain::{Finding, Suspect};
use stats::fall::{Answers, Broken, Changed, Compared, Models, Overlap, Side, Split, Term, changed_by_feature};
use stats::quantiles::standard_deviation;

use crate::detectors::evaluation::runs::{before_serving, serving};
use inputs::Inputs;

pub use folding::{attribute, first_undoable, fold};
pub use ordering::put_costly_first;
pub use undoing::WayBack;

const SEED: u64 = 0x6661_6c6c;

/// Splits the fall and gives each suspect its points. `None` where nothing says how the model does before serving and in
/// serving.
pub fn split(measurements: &Measurements, findings: &[Finding], suspects: &mut [Suspect]) -> Option<Fall> {
    let Some(rows) = &measurements.fall_rows else {
        let reason = refusing::without_rows(measurements)?;
        let compared_with = before_serving(measurements).map_or(RowsOf::All, |run| run.split.clone());
        return Some(nothing(SplitMetric::Accuracy, compared_with, vec![reason]));
    };
    let metric = match &rows.before.answers {
        FallAnswers::Classes { .. } => SplitMetric::Accuracy,
        FallAnswers::Numbers { .. } => SplitMetric::MeanSquaredError,
    };
    let mut fall = nothing(metric, rows.compared_with.clone(), Vec::new());
    let Some([before, after]) = answers(rows) else {
        fall.refusals.extend(refusing::of_rows(rows, suspects));
        return Some(fall);
    };
    let total = Total::of(measurements, rows, &before, &after, metric);
    (fall.before, fall.after, fall.fall) = (Some(total.before), Some(total.after), Some(total.fall()));
    let recovered = |other: OtherLoss| Recovered {
        rows: other.rows,
        points: Points::new(total.unit * other.less / total.scale, total.unit * other.error / total.scale),
    };
    fall.recovered = rows.offline.filter(|offline| offline.rows > 0).map(recovered);
    fall.undone =
        rows.repaired.filter(|repaired| repaired.rows > 0).map(|repaired| Undone::of(None, recovered(repaired)));
    fall.refusals.extend(refusing::of_rows(rows, suspects));
    fall.refusals.extend(refusing::of_total(total.fall()));
    if !fall.refusals.is_empty() {
        return Some(fall);
    }
    let inputs = Inputs::of(rows, findings, suspects);
    (fall.repaired, fall.left_out) = (inputs.repaired.clone(), inputs.left_out.clone());
    fall.slices = Some(slicing::slices(rows, [&before, &after], &inputs, &total));
    match estimated(&inputs, &before, &after) {
        Err(reason) => fall.refusals.push(reason),
        Ok(estimated) => {
            shares::fill(&mut fall, &estimated, &inputs, suspects, total.unit);
            let answers = [&before, &after];
            fall.over_time = course::course(rows, answers, &fall, &estimated.split, &inputs, total.unit);
            fall.changed = course::changed(&fall);
        }
    }
    Some(fall)
}

fn nothing(metric: SplitMetric, compared_with: RowsOf, refusals: Vec<Refusal>) -> Fall {
    Fall {
        metric,
        compared_with,
        before: None,
        after: None,
        fall: None,
        parts: Vec::new(),
        unexplained: None,
        recovered: None,
        undone: None,
        repaired: Vec::new(),
        left_out: Vec::new(),
        over_time: Vec::new(),
        changed: None,
        slices: None,
        refusals,
    }
}

/// The answers of both sides; quantities in standard deviations of the label before. `None` for too many classes, or labels
/// that do not vary.
fn answers(rows: &FallRows) -> Option<[Answers; 2]> {
    match (&rows.before.answers, &rows.after.answers) {
        (
            FallAnswers::Classes { names, labels, predictions },
            FallAnswers::Classes { labels: later_labels, predictions: later_predictions, .. },
        ) => refusing::too_many_classes(names.len()).is_none().then(|| {
            let of = |labels: &[u32], predictions: &[u32]| Answers::of_classes(labels, predictions, names.len());
            [of(labels, predictions), of(later_labels, later_predictions)]
        }),
        (
            FallAnswers::Numbers { labels, predictions },
            FallAnswers::Numbers { labels: later_labels, predictions: later_predictions },
        ) => {
            let deviation = standard_deviation(labels);
            let scaled = |values: &[f64]| values.iter().map(|value| value / deviation).collect();
            let of = |labels: &[f64], predictions: &[f64]| Answers::of_numbers(scaled(labels), scaled(predictions));
            (deviation > 0.0).then(|| [of(labels, predictions), of(later_labels, later_predictions)])
        }
        _ => None,
    }
}

/// The metric on both sides, by all rows where they were measured.
struct Total {
    metric: SplitMetric,
    before: f64,
    after: f64,
    /// How much the mean loss rose, with its error.
    rise: Term,
    /// Points of one unit of loss.
    unit: f64,
    /// One unit of loss in the metric's own unit.
    scale: f64,
}

impl Total {
    fn of(
        measurements: &Measurements,
        rows: &FallRows,
        before: &Answers,
        after: &Answers,
        metric: SplitMetric,
    ) -> Self {
        let (first, second) = (before.losses(), after.losses());
        let minus: Vec<f64> = first.iter().map(|loss| -loss).collect();
        let rise = Term::of_means([minus.as_slice(), second.as_slice()]);
        let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len().max(1) as f64;
        let (was, is) = (mean(&first), mean(&second));
        if metric == SplitMetric::MeanSquaredError {
            let scale = variance_of_label(rows);
            return Self {
                metric,
                before: was * scale,
                after: is * scale,
                rise,
                unit: 100.0 / was.max(f64::MIN_POSITIVE),
                scale,
            };
        }
        let drawn = Self { metric, before: 1.0 - was, after: 1.0 - is, rise, unit: 100.0, scale: 1.0 };
        let runs = before_serving(measurements).zip(serving(measurements));
        let Some((run, served)) = runs.filter(|(run, _)| run.split == rows.compared_with) else { return drawn };
        let (Some(before), Some(after)) = (run.value("accuracy"), served.value("accuracy")) else { return drawn };
        let variance = |accuracy: f64, n: u64| accuracy * (1.0 - accuracy) / n.max(1) as f64;
        let error = (variance(before, run.n) + variance(after, served.n)).sqrt();
        Self { before, after, rise: Term { value: before - after, error }, ..drawn }
    }

    /// The metric of rows with this mean loss.
    fn value(&self, loss: f64) -> f64 {
        match self.metric {
            SplitMetric::Accuracy => 1.0 - loss,
            SplitMetric::MeanSquaredError => loss * self.scale,
        }
    }

    fn fall(&self) -> Points {
        Points::new(self.unit * self.rise.value, self.unit * self.rise.error)
    }
}

fn variance_of_label(rows: &FallRows) -> f64 {
    match &rows.before.answers {
        FallAnswers::Numbers { labels, .. } => standard_deviation(labels).powi(2),
        FallAnswers::Classes { .. } => 1.0,
    }
}

/// The split, and the inputs whose relation to the label changed.
struct Estimated {
    split: Split,
    changed: Vec<Changed>,
}

fn estimated(inputs: &Inputs, before: &Answers, after: &Answers) -> Result<Estimated, Refusal> {
    if inputs.before.features.is_empty() {
        return Err(Refusal::NoInputs);
    }
    let (whole, broken) = (after.taken(&inputs.whole), after.taken(&inputs.broken));
    let sides = [Side { features: &inputs.before, answers: before }, Side { features: &inputs.after, answers: &whole }];
    let overlap = Overlap::measure([&inputs.before, &inputs.after], SEED);
    if let Some(reason) = refusing::no_overlap(&overlap, inputs) {
        return Err(reason);
    }
    let broken = (!inputs.broken.is_empty())
        .then_some(Broken { rows: Side { features: &inputs.broken_rows, answers: &broken }, lost: &inputs.lost });
    let compared = Compared { sides, broken, lost_knowledge: inputs.lost_knowledge };
    let models = Models::fit(&compared, SEED);
    Ok(Estimated {
        split: Split::of(&compared, &models, &overlap),
        changed: changed_by_feature(&compared, &models, &overlap),
    })
}

/// How much wider the interval of a part is than that of its rows alone: the models that split the fall are estimated too. Chosen
/// on tables with a known truth (`cargo xtask bench fall`), where the rows alone covered 85 % instead of 95 %.
const OF_MODELS: f64 = 1.25;

/// A mechanism with its points.
fn part(mechanism: Mechanism, term: Term, unit: f64) -> Part {
    Part { mechanism, points: Points::new(unit * term.value, OF_MODELS * unit * term.error), by: Vec::new() }
}

#[cfg(test)]
mod tests;
