//! The sentences about a fall.

use super::{
    Fall, Mechanism, Part, Recovered, Refusal, Rest, SideOfFall, SplitMetric, Step, StepOf, UndoVerdict, Undone,
};
use crate::Suspect;
use crate::evaluation::Split;
use crate::naming::names;
use crate::number::{count, number, percent};
use crate::points::tenths;

/// Columns of a mix that a sentence names.
const NAMED: usize = 2;

impl SplitMetric {
    /// At the beginning of a sentence.
    pub fn words(self) -> &'static str {
        match self {
            SplitMetric::Accuracy => "Accuracy",
            SplitMetric::MeanSquaredError => "The mean squared error",
        }
    }

    /// A value of the metric.
    pub fn value(self, value: f64) -> String {
        match self {
            SplitMetric::Accuracy => percent(value),
            SplitMetric::MeanSquaredError => number(value),
        }
    }

    /// The value so many points worse.
    pub fn after(self, before: f64, points: f64) -> f64 {
        match self {
            SplitMetric::Accuracy => before - points / 100.0,
            SplitMetric::MeanSquaredError => before * (1.0 + points / 100.0),
        }
    }

    fn fell(self) -> &'static str {
        match self {
            SplitMetric::Accuracy => "fell",
            SplitMetric::MeanSquaredError => "rose by",
        }
    }

    pub(super) fn unit(self) -> &'static str {
        match self {
            SplitMetric::Accuracy => "points",
            SplitMetric::MeanSquaredError => "%",
        }
    }
}

impl Mechanism {
    /// The name in JSON and in tables.
    pub fn id(self) -> &'static str {
        match self {
            Mechanism::Mix => "mix",
            Mechanism::Scoring => "scoring",
            Mechanism::Concept => "concept",
        }
    }

    /// Beside a bar.
    pub fn short(self) -> &'static str {
        match self {
            Mechanism::Mix => "other rows arrive",
            Mechanism::Scoring => "other predictions",
            Mechanism::Concept => "other labels",
        }
    }

    /// A few words for a bar.
    pub fn words(self) -> &'static str {
        match self {
            Mechanism::Mix => "different rows arrive",
            Mechanism::Scoring => "different predictions for the same inputs",
            Mechanism::Concept => "different labels for the same inputs",
        }
    }
}

impl Fall {
    /// What fell, by how much, and why: the first thing to read. With refusals, what is known and what is in the way.
    pub fn sentence(&self, suspects: &[Suspect]) -> String {
        let Some(total) = self.fall else { return self.refused() };
        if !self.refusals.is_empty() {
            return format!("{} {}", self.compared(), self.refused()).trim().to_owned();
        }
        let fell = format!(
            "{} {} {} {} (95 % interval {}).",
            self.metric.words(),
            self.metric.fell(),
            tenths(total.points),
            self.metric.unit(),
            total.interval()
        );
        let reasons: Vec<String> = self.steps(suspects).iter().map(|step| step.clause()).collect();
        if self.parts.is_empty() {
            return format!("{fell} No single reason is certain.");
        }
        let said = reasons.join(", ");
        format!("{fell} {said}.")
    }

    /// Both values, where they are known.
    fn compared(&self) -> String {
        let (Some(before), Some(after)) = (self.before, self.after) else { return String::new() };
        let value = |value| self.metric.value(value);
        format!(
            "{} is {} on {}, and {} on served rows.",
            self.metric.words(),
            value(before),
            rows_of(&self.compared_with),
            value(after)
        )
    }

    fn refused(&self) -> String {
        self.refusals.iter().map(Refusal::sentence).collect::<Vec<String>>().join(" ")
    }

    /// What was done to the columns before the parts were estimated; empty where nothing was.
    pub fn basis(&self) -> String {
        let named = |columns: &[String]| names(&columns.iter().map(String::as_str).collect::<Vec<&str>>());
        let mut said = Vec::new();
        if !self.repaired.is_empty() {
            said.push(format!("The fault in {} was corrected before the estimate.", named(&self.repaired)));
        }
        if !self.left_out.is_empty() {
            said.push(format!("What {} held can't be restored; it was left out.", named(&self.left_out)));
        }
        said.extend(Some(self.course_sentence()).filter(|sentence| !sentence.is_empty()));
        said.extend(self.recovered.map(|recovered| self.measured(recovered)));
        let undone = self.undone.as_ref().map(Undone::sentence);
        said.extend(undone.map(|undone| format!("With the model's answers to the repaired rows: {undone}")));
        said.join(" ")
    }

    /// What undoing it all gives, where somebody gave the training pipeline's predictions.
    fn measured(&self, recovered: Recovered) -> String {
        let rows = format!("{} of the same served rows", count(recovered.rows));
        let (points, unit) = (recovered.points, self.metric.unit());
        let said = match points.is_certain() && points.points > 0.0 {
            true => format!(
                "Measured: with the predictions of the training pipeline for {rows}, {} {unit} are recovered ({}).",
                tenths(points.points),
                points.interval()
            ),
            false => format!(
                "Measured: the predictions of the training pipeline for {rows} recover nothing ({} {unit}, {}).",
                tenths(points.points),
                points.interval()
            ),
        };
        let scoring = self.parts.iter().find(|part| part.mechanism == Mechanism::Scoring);
        let verdict = scoring.map(|part| Undone::of(Some(part.points), recovered).verdict);
        match verdict {
            Some(UndoVerdict::Confirmed) => format!("{said} This confirms the points of the different predictions."),
            Some(UndoVerdict::Refuted) => format!("{said} This refutes the points of the different predictions."),
            Some(UndoVerdict::Undecided) | None => said,
        }
    }
}

/// The rows of a split in a sentence.
fn rows_of(split: &Split) -> &str {
    match split {
        Split::Train => "training rows",
        Split::Validation => "validation rows",
        Split::Test => "test rows",
        Split::Serve => "served rows",
        Split::All => "evaluated rows",
        Split::Other(name) => name,
    }
}

impl Step<'_> {
    /// `5.1 because car_value is 1,000 times smaller in serving (4.4 to 5.9)`
    fn clause(&self) -> String {
        let points = tenths(self.points.points);
        match self.of {
            StepOf::Unexplained => format!("{points} not explained"),
            _ if self.points.points < 0.0 => {
                let less = self.points.times(-1.0);
                format!("{} less because {} ({})", tenths(less.points), self.reason(), less.interval())
            }
            _ => format!("{points} because {} ({})", self.reason(), self.points.interval()),
        }
    }

    /// Why, as a clause.
    pub fn reason(&self) -> String {
        match self.of {
            StepOf::Suspect(suspect) => reason_of(suspect),
            StepOf::Part(part, rest) => {
                let other = if rest == Rest::AfterSuspects { "also " } else { "" };
                format!("{other}{}{}", part.mechanism.clause(), part.in_columns())
            }
            StepOf::Unexplained => "not explained".to_owned(),
        }
    }

    /// A few words for a bar.
    pub fn label(&self) -> String {
        match self.of {
            StepOf::Suspect(suspect) if suspect.columns.is_empty() => suspect.cause.words().to_owned(),
            StepOf::Suspect(suspect) => {
                let columns: Vec<&str> = suspect.columns.iter().map(String::as_str).collect();
                format!("{}: {}", names(&columns), suspect.cause.words())
            }
            StepOf::Part(part, Rest::Whole) => format!("{}{}", part.mechanism.words(), part.in_columns()),
            StepOf::Part(part, Rest::AfterSuspects) => format!("{}, not named", part.mechanism.words()),
            StepOf::Unexplained => "not explained, and chance".to_owned(),
        }
    }
}

/// The statement of a suspect without its end; the cause and the columns where it is more than one sentence.
fn reason_of(suspect: &Suspect) -> String {
    let statement = suspect.statement.trim_end_matches('.');
    if !statement.is_empty() && !statement.contains(". ") {
        return statement.to_owned();
    }
    let columns: Vec<&str> = suspect.columns.iter().map(String::as_str).collect();
    format!("{} columns have one fault ({}): {}", columns.len(), suspect.cause.words(), names(&columns))
}

impl Mechanism {
    fn clause(self) -> &'static str {
        match self {
            Mechanism::Mix => "different rows arrive",
            Mechanism::Scoring => "the system gives different predictions for the same inputs",
            Mechanism::Concept => "the same inputs have different labels",
        }
    }
}

impl Part {
    /// ` (mostly AGEP)`
    fn in_columns(&self) -> String {
        let columns: Vec<&str> = self.columns().take(NAMED).map(|(name, _)| name).collect();
        if columns.is_empty() { String::new() } else { format!(", mostly in {}", names(&columns)) }
    }
}

impl Refusal {
    /// The reason, and what would help.
    pub fn sentence(&self) -> String {
        let on = |side: &SideOfFall| match side {
            SideOfFall::Before => "rows from before serving",
            SideOfFall::After => "served rows",
        };
        match self {
            Refusal::NoLabels { side } => {
                format!("What a fall is made of is not known without labels of {}. Add their labels.", on(side))
            }
            Refusal::NoPredictions { side } => {
                format!(
                    "What a fall is made of is not known without predictions of {}. Add their predictions.",
                    on(side)
                )
            }
            Refusal::TooFewRows { side, rows, needed } => format!(
                "To split a fall, {} {} with label and prediction are needed; there are {}. Add more labelled rows.",
                count(*needed),
                on(side),
                count(*rows)
            ),
            Refusal::WithinChance { needed, .. } => format!(
                "The difference is within chance (less than {} standard errors), so there is nothing to split.",
                number(*needed)
            ),
            Refusal::NotFallen => "It did not get worse, so there is nothing to split.".to_owned(),
            Refusal::LabelsFollowPredictions { labelled_if_positive, labelled_if_negative } => format!(
                "Labels are known for {} of the served rows with one prediction and {} with another, so the labelled rows \
                 are not like the served rows. Label a random sample of the served rows.",
                percent(*labelled_if_positive),
                percent(*labelled_if_negative)
            ),
            Refusal::LabelsNotRipe => {
                "The newest labels are not final yet. Split the fall again when they are, or leave \
                                       the newest rows out."
                    .to_owned()
            }
            Refusal::NoOverlap { auc, columns } => {
                let named: Vec<&str> = columns.iter().map(String::as_str).collect();
                let because = match named.as_slice() {
                    [] => String::new(),
                    named => format!(", mostly by {}", names(named)),
                };
                format!(
                    "The inputs of both sides have too little in common to split the fall (they can be distinguished \
                     with an AUC of {}{because}). Find out first why these columns differ.",
                    number((auc * 1_000.0).round() / 1_000.0)
                )
            }
            Refusal::TooManyClasses { classes, most } => format!(
                "A fall is split for up to {} classes; there are {}. Group the rare classes.",
                count(*most),
                count(*classes)
            ),
            Refusal::NoInputs => {
                "No input column is on both sides, so the fall can't be split. Give tables that hold the \
                                  features next to label and prediction."
                    .to_owned()
            }
            Refusal::OtherTask => {
                "Labels or predictions are of different kinds before and after, so the fall can't be split.".to_owned()
            }
        }
    }
}
