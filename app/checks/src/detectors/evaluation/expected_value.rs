//! E3.expected_value: do the predictions cost less than a constant prediction, and would another threshold cost less?

use super::runs::{evaluated, rows_of};
use crate::detectors::report::Bands;
use crate::detectors::words::{name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{COST_OVER_CONSTANT, COST_SAVING, COST_SAVING_POSSIBLE};
use domain::DetectorId;
use domain::evaluation::{ConfusionMatrix, EvaluationRun, ScoreTable, Split};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Fact, Need, Run, RunPart};
use domain::observation::CostMatrix;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::threshold::{Regret, regret};
use stats::weighted_counts::{WeightedSum, weighted_sum};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("E3.expected_value"),
    item: Item::E3,
    title: "Expected cost of the predictions",
    looks_for: "A model whose predictions cost more than one constant prediction, and a threshold that costs more than necessary.",
    why_it_matters: "A model with an excellent metric can still lose money when rare errors cost the most. The business sees the cost of the predictions, but models are rarely optimised for it.",
    how_it_decides: "Multiplies the cost matrix by the confusion matrix to get the cost per prediction. Compares it, on the same rows, with always predicting each of the classes. A mismatch: a constant prediction saves at least {COST_OVER_CONSTANT:%} of the cost of wrong predictions, with p under {CERTAINTY} (score intervals of the counts combined by Zou and Donner, p multiplied by the number of classes). With p under {SIGNIFICANCE} it is possible. If there are scores, also searches for the cheapest threshold. Its saving is corrected for choosing it on the same rows (bootstrap optimism), its confidence interval must be above zero, and it must not cost more on another split. A saving of {COST_SAVING:%} of the cost of wrong predictions, and certainly {COST_SAVING_POSSIBLE:%}, is a mismatch; {COST_SAVING_POSSIBLE:%} is possible. The cause is the threshold if the cheapest threshold certainly saves more than every constant prediction; otherwise the cause is the model.",
    try_next: "Ask the people who pay for the errors to confirm the costs. Move the threshold to the cheapest one on the evaluation page. If no threshold saves money, train with the costs as weights.",
    causes: &[Cause::KpiMismatch, Cause::ThresholdMisset],
    tasks: Task::CLASSES,
    judge,
};

/// Bootstrap repeats: enough for the ends of a 95 % interval.
const REPEATS: usize = 400;

fn judge(measurements: &Measurements) -> Judgement {
    let matrices = &measurements.observations.cost_matrices;
    if matrices.is_empty() {
        return Judgement::missing(Need::cost_matrix());
    }
    let with_classes = evaluated(measurements).and_then(|run| Some((run, run.confusion_matrix.as_ref()?)));
    let Some((run, confusion)) = with_classes else { return Judgement::missing(Run::any().with(RunPart::Classes)) };
    let Some((matrix, costs)) = matrices.iter().find_map(|matrix| Some((matrix, costs_of(matrix, confusion)?))) else {
        return Judgement::missing(Fact::CostMatrix { classes: confusion.labels.clone() });
    };
    let bill = Bill { measurements, run, confusion, matrix, costs };
    let summary = format!(
        "A prediction costs {} on average on {} {}; a constant prediction would cost {}.",
        bill.money(bill.mean(|truth, predicted| bill.costs[truth][predicted])),
        run.n,
        rows_of(run),
        bill.constants(),
    );
    Judgement::Judged { summary, findings: bill.findings() }
}

/// The costs in the order of the run's classes; `None` if one is missing or not a number.
fn costs_of(matrix: &CostMatrix, confusion: &ConfusionMatrix) -> Option<Vec<Vec<f64>>> {
    let place = |class: &String| matrix.labels.iter().position(|label| same_class(label, class));
    let places: Vec<usize> = confusion.labels.iter().map(place).collect::<Option<_>>()?;
    let cost =
        |truth: usize, predicted: usize| matrix.costs.get(truth)?.get(predicted).copied().filter(|c| c.is_finite());
    places.iter().map(|truth| places.iter().map(|predicted| cost(*truth, *predicted)).collect()).collect()
}

/// The same word, or the same number in a different notation.
fn same_class(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim(), b.trim());
    let as_numbers = a.parse::<f64>().ok().zip(b.parse::<f64>().ok());
    a.eq_ignore_ascii_case(b) || as_numbers.is_some_and(|(a, b)| a == b)
}

/// What the predictions of one run cost.
struct Bill<'a> {
    measurements: &'a Measurements,
    run: &'a EvaluationRun,
    confusion: &'a ConfusionMatrix,
    matrix: &'a CostMatrix,
    /// Rows are true classes, columns are predicted classes, as in the confusion matrix.
    costs: Vec<Vec<f64>>,
}

/// Always predicting one class, compared with the model.
struct Constant<'a> {
    class: &'a str,
    /// What it saves over all rows.
    saved: WeightedSum,
}

/// Another threshold, compared with the one in use.
struct Cheaper {
    used: f64,
    best: f64,
    /// Saved per row.
    saved: Regret,
}

impl Bill<'_> {
    fn rows(&self) -> f64 {
        self.confusion.counts.iter().flatten().sum::<u64>() as f64
    }

    /// Mean over the rows of a value that depends on the true and the predicted class.
    fn mean(&self, of: impl Fn(usize, usize) -> f64) -> f64 {
        let cells = self.confusion.counts.iter().enumerate().flat_map(|(truth, counts)| {
            counts.iter().enumerate().map(move |(predicted, count)| (truth, predicted, *count as f64))
        });
        cells.map(|(truth, predicted, count)| count * of(truth, predicted)).sum::<f64>() / self.rows()
    }

    fn cheapest(&self, truth: usize) -> f64 {
        self.costs[truth].iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The cost of wrong predictions per row: the cost minus that of the cheapest prediction for every row.
    fn avoidable(&self) -> f64 {
        self.mean(|truth, predicted| self.costs[truth][predicted] - self.cheapest(truth))
    }

    fn money(&self, amount: f64) -> String {
        match &self.matrix.unit {
            Some(unit) => format!("{} {unit}", number(amount)),
            None => number(amount),
        }
    }

    fn constants(&self) -> String {
        let labels = self.confusion.labels.iter().take(4).enumerate();
        let costs: Vec<String> = labels
            .map(|(class, label)| format!("{} (“{label}”)", self.money(self.mean(|truth, _| self.costs[truth][class]))))
            .collect();
        costs.join(", ")
    }

    fn findings(&self) -> Vec<Finding> {
        if self.avoidable() <= 0.0 {
            return Vec::new();
        }
        let constant = self.best_constant();
        let cheaper = self.cheaper_threshold();
        let too_expensive = constant.as_ref().and_then(|constant| self.too_expensive(constant, cheaper.as_ref()));
        // One column has one finding: a threshold that beats every constant prediction is part of the first.
        let misset = cheaper.as_ref().and_then(|cheaper| self.misset(cheaper));
        match (too_expensive, misset) {
            (Some(cost), Some(misset)) if misset.verdict > cost.verdict => vec![misset],
            (Some(cost), _) => vec![cost],
            (None, misset) => misset.into_iter().collect(),
        }
    }

    fn best_constant(&self) -> Option<Constant<'_>> {
        let of_class = |class: usize| {
            let cells: Vec<(u64, f64)> = self
                .confusion
                .counts
                .iter()
                .zip(&self.costs)
                .flat_map(|(counts, costs)| counts.iter().zip(costs).map(|(count, cost)| (*count, cost - costs[class])))
                .filter(|(_, saved)| *saved != 0.0)
                .collect();
            (class, weighted_sum(&cells))
        };
        let all = (0..self.confusion.labels.len()).map(of_class);
        let (class, saved) = all.max_by(|a, b| a.1.value.total_cmp(&b.1.value))?;
        let tried = self.confusion.labels.len() as f64;
        let saved = WeightedSum { p: (saved.p * tried).min(1.0), ..saved };
        Some(Constant { class: &self.confusion.labels[class], saved })
    }

    /// A constant prediction is cheaper than the model.
    fn too_expensive(&self, constant: &Constant<'_>, cheaper: Option<&Cheaper>) -> Option<Finding> {
        let (rows, avoidable) = (self.rows(), self.avoidable());
        let saved = constant.saved;
        let share = saved.value / rows / avoidable;
        let verdict = Bands { possible: COST_OVER_CONSTANT, mismatch: COST_OVER_CONSTANT }.verdict(share, saved.p);
        if verdict == Verdict::Clear {
            return None;
        }
        let by_threshold = cheaper.filter(|cheaper| cheaper.saved.low > saved.value / rows);
        let remedy = match by_threshold {
            Some(cheaper) => format!(
                "{} instead of {} would cost less than every constant prediction",
                number(cheaper.best),
                number(cheaper.used)
            ),
            None if self.run.scores.is_some() => "none certainly costs less than every constant prediction".to_owned(),
            None => "unknown, because there are no scores".to_owned(),
        };
        let statement = format!(
            "Always predicting “{}” costs {} per row on {}, but the model costs {}.",
            constant.class,
            self.money(self.mean(|truth, predicted| self.costs[truth][predicted]) - saved.value / rows),
            rows_of(self.run),
            self.money(self.mean(|truth, predicted| self.costs[truth][predicted])),
        );
        let effect = Effect::new("saved_share_of_avoidable_cost", share, COST_OVER_CONSTANT)
            .with_interval(saved.low / rows / avoidable, saved.high / rows / avoidable);
        let cause = if by_threshold.is_some() { Cause::ThresholdMisset } else { Cause::KpiMismatch };
        let finding = self.completed(verdict, statement, effect, Certainty::p(saved.p), cheaper).for_cause(cause);
        let saving = format!("{} of the cost of wrong predictions", percent(share));
        Some(finding.with_evidence("the constant prediction saves", saving).with_evidence("a better threshold", remedy))
    }

    fn cheaper_threshold(&self) -> Option<Cheaper> {
        let scores = self.run.scores.as_ref()?;
        let positive = self.confusion.labels.iter().position(|label| Some(label) == self.run.positive.as_ref())?;
        let interval = self.run.threshold_in_use.map(|interval| interval.up_to);
        let used = interval.or(self.measurements.stated_threshold)?;
        let curve = |cells: &[(f64, f64)]| self.saved_by_threshold(cells, positive);
        let used_at = scores.thresholds.partition_point(|threshold| *threshold >= used);
        let saved = regret(&scores.thresholds, &scores.cells(), used_at, REPEATS, curve)?;
        let cells = as_numbers(scores);
        let along = curve(&cells);
        let best = (0..along.len()).max_by(|a, b| along[*a].total_cmp(&along[*b]).then(b.cmp(a)))?;
        let best = if best == 0 { f64::INFINITY } else { scores.thresholds[best - 1] };
        let shown = self.run.thresholds.get("in_use").copied().unwrap_or(used);
        // A threshold that is cheaper here but more expensive on another split is not better.
        let steady = self
            .measurements
            .evaluations
            .iter()
            .filter(|other| other.split != self.run.split && other.split != Split::Serve)
            .filter_map(|other| other.scores.as_ref())
            .all(|scores| self.at(scores, positive, best) >= self.at(scores, positive, used));
        steady.then_some(Cheaper { used: shown, best, saved })
    }

    /// Minus the mean cost with none, the first, the first two … of the cells predicted positive.
    fn saved_by_threshold(&self, cells: &[(f64, f64)], positive: usize) -> Vec<f64> {
        let negative = 1 - positive.min(1);
        let rows: f64 = cells.iter().map(|cell| cell.0 + cell.1).sum();
        let turned = |truth: usize| self.costs[truth][negative] - self.costs[truth][positive];
        let none: f64 = cells
            .iter()
            .map(|cell| cell.0 * self.costs[positive][negative] + cell.1 * self.costs[negative][negative])
            .sum();
        let mut total = -none;
        let mut curve = vec![total / rows.max(1.0)];
        for cell in cells {
            total += cell.0 * turned(positive) + cell.1 * turned(negative);
            curve.push(total / rows.max(1.0));
        }
        curve
    }

    fn at(&self, scores: &ScoreTable, positive: usize, threshold: f64) -> f64 {
        let curve = self.saved_by_threshold(&as_numbers(scores), positive);
        curve[scores.thresholds.partition_point(|kept| *kept >= threshold)]
    }

    /// Another threshold is cheaper than the one in use.
    fn misset(&self, cheaper: &Cheaper) -> Option<Finding> {
        let avoidable = self.avoidable();
        let (share, at_least) = (cheaper.saved.value / avoidable, cheaper.saved.low / avoidable);
        let verdict = match share {
            _ if cheaper.saved.low <= 0.0 => return None,
            share if share >= COST_SAVING && at_least >= COST_SAVING_POSSIBLE => Verdict::Mismatch,
            share if share >= COST_SAVING_POSSIBLE => Verdict::Possible,
            _ => return None,
        };
        let remedy = if cheaper.best.is_finite() {
            format!("A threshold of {} instead of {}", number(cheaper.best), number(cheaper.used))
        } else {
            format!("Never predicting the positive class, instead of a threshold of {},", number(cheaper.used))
        };
        let statement =
            format!("{remedy} would save {} per row on {}.", self.money(cheaper.saved.value), rows_of(self.run));
        let effect = Effect::new("saved_share_of_avoidable_cost", share, COST_SAVING)
            .with_interval(cheaper.saved.low / avoidable, cheaper.saved.high / avoidable);
        let certainty = Certainty::p(cheaper.saved.p);
        let finding = self.completed(verdict, statement, effect, certainty, Some(cheaper));
        let saving = format!("{} of the cost of wrong predictions", percent(share));
        Some(
            finding
                .for_cause(Cause::ThresholdMisset)
                .with_evidence("saving, corrected for choosing the threshold on the same rows", saving),
        )
    }

    /// A finding with its columns, rows and the costs it was judged by.
    fn completed(
        &self,
        verdict: Verdict,
        statement: String,
        effect: Effect,
        certainty: Certainty,
        cheaper: Option<&Cheaper>,
    ) -> Finding {
        let roles = &self.measurements.roles;
        let columns: Vec<&str> = roles.prediction().or(roles.score()).into_iter().collect();
        let mut finding = DETECTOR
            .finding(verdict, &columns, statement, effect, certainty)
            .with_n(self.run.split.word(), self.run.n)
            .with_evidence(
                "cost of a prediction",
                self.money(self.mean(|truth, predicted| self.costs[truth][predicted])),
            )
            .with_evidence(
                "cost of the cheapest prediction for every row",
                self.money(self.mean(|truth, _| self.cheapest(truth))),
            )
            .with_evidence("cost of a constant prediction", self.constants());
        if let Some(cheaper) = cheaper {
            let between = format!("{} and {}", number(cheaper.saved.best_low), number(cheaper.saved.best_high));
            finding = finding.with_evidence("cheapest thresholds of resampled rows are between", between);
        }
        for (truth, label) in self.confusion.labels.iter().enumerate() {
            if self.costs[truth][truth] > self.cheapest(truth) {
                let doubt = "the cost matrix makes a wrong prediction cheaper than the right one; check that its rows are the true classes";
                finding = finding.with_evidence(format!("class {}", name(label)), doubt);
            }
        }
        if !self.matrix.source.is_empty() {
            finding = finding.with_evidence("costs from", self.matrix.source.clone());
        }
        finding
    }
}

fn as_numbers(scores: &ScoreTable) -> Vec<(f64, f64)> {
    scores.cells().into_iter().map(|(positives, negatives)| (positives as f64, negatives as f64)).collect()
}

#[cfg(test)]
mod tests;
