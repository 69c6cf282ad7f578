//! Two runs of the same rows: which answers changed, whether for the better, and what is special about the rows that lost.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ColumnDifference;
use crate::evaluation::{Split, Task};
use crate::number;

/// One split of a run, as in the diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunName {
    pub name: String,
    #[schema(value_type = String)]
    pub split: Split,
}

/// Which two runs, and how many of the rows that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlipsAsked {
    pub first: RunName,
    pub second: RunName,
    /// At most this many rows.
    pub rows: usize,
}

/// What changed from the first run to the second, row by row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Flips {
    pub first: RunName,
    pub second: RunName,
    pub task: Task,
    pub joined_by: JoinedBy,
    /// Rows that both runs have with a label and both answers; everything below is about these.
    pub rows: u64,
    /// Rows of one run that the other lacks, or that lack a label or an answer.
    pub left_out: u64,
    /// A file is larger than its sample: only rows that are in both samples are compared.
    pub sampled: bool,
    pub outcomes: Outcomes,
    /// Rows with another answer, whatever that did.
    pub changed: u64,
    /// The accuracy (or the mean absolute error) of the second run less that of the first, on the same rows.
    pub difference: f64,
    /// Its 95 % interval: Newcombe's method 10 for paired shares (1998), for amounts from the spread of the differences.
    pub low: f64,
    pub high: f64,
    /// Of there being no difference: McNemar's exact test; for amounts the normal one of the mean difference.
    #[schema(minimum = 0, maximum = 1)]
    pub p: f64,
    /// The most frequent changes of the answer; empty for amounts.
    pub changes: Vec<AnswerChange>,
    /// How the rows that lost differ from all others, column by column, the most different first; empty where too few lost, or no
    /// file has features of these rows.
    pub special: Vec<ColumnDifference>,
    /// The file that the features are from.
    #[schema(required)]
    pub features_from: Option<String>,
    /// The rows that changed, those that lost first.
    pub listed: Vec<FlippedRow>,
}

/// How rows of two runs were matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JoinedBy {
    /// By the values of this column.
    Id(String),
    /// By their places: equally many rows with the same labels in the same order.
    Order,
}

/// How many rows won and lost.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcomes {
    Classes {
        both_right: u64,
        won: u64,
        lost: u64,
        both_wrong: u64,
    },
    /// A row won or lost where its absolute error changed by more than `tolerance`, the median absolute error of the first run.
    Amounts {
        won: u64,
        lost: u64,
        alike: u64,
        tolerance: f64,
    },
}

impl Flips {
    /// States what is compared.
    pub fn title(&self) -> String {
        format!("What changed from {} to {}", self.first.words(), self.second.words())
    }

    /// In sentences: how many rows changed, and what that did to the figure.
    pub fn summary(&self) -> String {
        let (won, lost) = (self.outcomes.won(), self.outcomes.lost());
        let (what, unit) = match self.task {
            Task::Regression => ("mean absolute error", ""),
            Task::Binary | Task::Multiclass => ("accuracy", " points"),
        };
        let shown = |value: f64| match self.task {
            Task::Regression => number::number(value),
            Task::Binary | Task::Multiclass => number::significant(value * 100.0, 2),
        };
        let direction = if self.difference < 0.0 { "lower" } else { "higher" };
        let (near, far) = if self.difference < 0.0 { (-self.high, -self.low) } else { (self.low, self.high) };
        let figure = match self.difference {
            0.0 => format!("The {what} is the same."),
            by => format!(
                "The {what} is {}{unit} {direction} (95 % interval {} to {}, {}).",
                shown(by.abs()),
                shown(near),
                shown(far),
                number::named_probability("p", self.p)
            ),
        };
        format!(
            "Of {}, {} changed their answer: {} won and {} lost. {figure}",
            number::counted(self.rows, "row"),
            number::count(self.changed),
            number::count(won),
            number::count(lost)
        )
    }

    /// The counts with their names.
    pub fn figures(&self) -> Vec<(String, String)> {
        let count = |name: &str, rows: u64| (name.to_owned(), number::count(rows));
        let of_outcomes = match self.outcomes {
            Outcomes::Classes { both_right, won, lost, both_wrong } => vec![
                count("right in both", both_right),
                count("won: wrong before, right now", won),
                count("lost: right before, wrong now", lost),
                count("wrong in both", both_wrong),
            ],
            Outcomes::Amounts { won, lost, alike, tolerance } => {
                let by = number::number(tolerance);
                vec![
                    count(&format!("won: nearer by more than {by}"), won),
                    count(&format!("lost: further off by more than {by}"), lost),
                    count("about as far off as before", alike),
                ]
            }
        };
        let matched = match &self.joined_by {
            JoinedBy::Id(column) => format!("by {column}"),
            JoinedBy::Order => "by their order, as both have the same labels".to_owned(),
        };
        let more = [
            ("rows matched".to_owned(), matched),
            count("rows of either run without a partner, label or answer", self.left_out),
        ];
        of_outcomes.into_iter().chain(more).collect()
    }
}

impl RunName {
    /// `test of v2.csv`; the file alone where it has no splits.
    pub fn words(&self) -> String {
        match self.split {
            Split::All => self.name.clone(),
            _ => format!("{} of {}", self.split, self.name),
        }
    }
}

impl Outcomes {
    pub fn won(self) -> u64 {
        match self {
            Outcomes::Classes { won, .. } | Outcomes::Amounts { won, .. } => won,
        }
    }

    pub fn lost(self) -> u64 {
        match self {
            Outcomes::Classes { lost, .. } | Outcomes::Amounts { lost, .. } => lost,
        }
    }
}

/// Rows whose answer changed in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AnswerChange {
    pub label: String,
    pub first: String,
    pub second: String,
    pub rows: u64,
}

/// One row that changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FlippedRow {
    /// The id, or the place of the row from 1.
    pub id: String,
    pub label: String,
    pub first: String,
    pub second: String,
    pub outcome: Outcome,
}

/// What a change did to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Right before and wrong now, or further off.
    Lost,
    /// Wrong before and right now, or nearer.
    Won,
    /// Another answer, as wrong or as far off as before.
    Neither,
}

impl Outcome {
    pub fn id(self) -> &'static str {
        match self {
            Outcome::Lost => "lost",
            Outcome::Won => "won",
            Outcome::Neither => "neither",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_told_with_its_interval_and_an_equal_figure_as_such() {
        let run = |name: &str| RunName { name: name.to_owned(), split: Split::Test };
        let flips = Flips {
            first: run("v1.csv"),
            second: run("v2.csv"),
            task: Task::Binary,
            joined_by: JoinedBy::Id("id".into()),
            rows: 1_000,
            left_out: 3,
            sampled: false,
            outcomes: Outcomes::Classes { both_right: 800, won: 20, lost: 70, both_wrong: 110 },
            changed: 90,
            difference: -0.05,
            low: -0.07,
            high: -0.032,
            p: 1e-6,
            changes: Vec::new(),
            special: Vec::new(),
            features_from: None,
            listed: Vec::new(),
        };
        assert_eq!(flips.title(), "What changed from test of v1.csv to test of v2.csv");
        assert_eq!(
            flips.summary(),
            "Of 1,000 rows, 90 changed their answer: 20 won and 70 lost. The accuracy is 5 points lower (95 % interval 3.2 to 7, \
             p = 1e-6)."
        );
        assert!(Flips { difference: 0.0, ..flips.clone() }.summary().ends_with("The accuracy is the same."));
        assert_eq!(flips.figures()[2], ("lost: right before, wrong now".to_owned(), "70".to_owned()));
    }
}
