//! Where a performance fell more than elsewhere: groups of rows, as facts and in words.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Points, SideOfFall, SplitMetric, tenths};
use crate::number::{count, counted, percent};
use crate::selection::{Condition, Selection, Side};
use crate::snapshot::ColumnKind;

/// Slices that are shown; all of them are in the JSON.
pub const SHOWN_SLICES: usize = 5;

/// Groups of rows in which the performance fell more than in the others: proposed on one half of the rows, confirmed and
/// measured on the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FallSlices {
    /// Rows of the half that confirms.
    pub rows_before: u64,
    pub rows_after: u64,
    /// Slices that the other half proposed.
    pub proposed: u64,
    /// Those that were confirmed, the largest surplus first, held back where it is of few rows. That any of them is chance
    /// comes in 5 % of tables at most. They may overlap.
    pub confirmed: Vec<FallSlice>,
    /// Why none was looked for; absent where they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub refusal: Option<SlicesRefusal>,
}

/// One group of rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FallSlice {
    /// All of them hold.
    pub conditions: Vec<Condition>,
    /// Its rows in the half that confirms.
    pub rows_before: u64,
    pub rows_after: u64,
    /// The metric on these rows.
    pub before: f64,
    pub after: f64,
    /// How much worse it is on these rows.
    pub lost: Points,
    /// How much more that is than on all other rows.
    pub surplus: Points,
    /// What these rows add to the fall of all rows.
    pub adds: Points,
    /// The same as a share of the fall of all rows in the half that confirms.
    pub share: f64,
    /// One-sided for the surplus, corrected for all that were proposed.
    pub p: f64,
}

/// Why no slices were looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum SlicesRefusal {
    /// Halves of so few rows propose chance.
    TooFewRows { side: SideOfFall, rows: u64, needed: u64 },
    /// No column that both sides have is intact.
    NoColumns,
}

impl FallSlices {
    /// What was done and found, before the list.
    pub fn sentence(&self) -> String {
        if let Some(refusal) = &self.refusal {
            return refusal.sentence();
        }
        match self.confirmed.len() as u64 {
            0 => format!(
                "No group of rows fell more than the others: {} {} proposed on one half of the rows, and the other half \
                 confirmed none.",
                counted(self.proposed, "slice"),
                if self.proposed == 1 { "was" } else { "were" }
            ),
            found => format!(
                "{} of rows fell more than the others: proposed on one half of the rows ({} in all), confirmed on the other \
                 half, of which the figures are. Slices may overlap, so their shares of the fall do not add up.",
                counted(found, "group"),
                count(self.proposed)
            ),
        }
    }

    /// What is shown of them.
    pub fn shown(&self) -> &[FallSlice] {
        &self.confirmed[..self.confirmed.len().min(SHOWN_SLICES)]
    }

    /// How many more there are, where not all are shown.
    pub fn more(&self) -> Option<String> {
        let left = self.confirmed.len().saturating_sub(SHOWN_SLICES);
        (left > 0).then(|| format!("{} more in the JSON report.", counted(left as u64, "slice")))
    }
}

impl FallSlice {
    /// `age up to 30 and plan = basic`
    pub fn words(&self) -> String {
        // Only numbers have ranges, so the kind of the other conditions does not matter.
        let words: Vec<String> = self.conditions.iter().map(|condition| condition.words(ColumnKind::Numeric)).collect();
        words.join(" and ")
    }

    /// `412 before, 433 served`
    pub fn rows_words(&self) -> String {
        format!("{} before, {} served", count(self.rows_before), count(self.rows_after))
    }

    /// `91 % to 62 %`
    pub fn rates_words(&self, metric: SplitMetric) -> String {
        format!("{} to {}", metric.value(self.before), metric.value(self.after))
    }

    /// `28.9 (24.1 to 33.7)`
    pub fn lost_words(&self) -> String {
        format!("{} ({})", tenths(self.lost.points), self.lost.interval())
    }

    /// `45 %`, or what it is of the fall where that is not a share of it.
    pub fn share_words(&self) -> String {
        if self.share > 0.0 { percent(self.share) } else { "none".to_owned() }
    }

    /// Its rows, on the side that is asked about.
    pub fn selection(&self, side: Side) -> Selection {
        Selection { side, conditions: self.conditions.clone() }
    }
}

impl SlicesRefusal {
    pub fn sentence(&self) -> String {
        match self {
            SlicesRefusal::TooFewRows { side, rows, needed } => format!(
                "Where it fell is not searched in fewer than {} {} with label and prediction; there are {}. Add more \
                 labelled rows.",
                count(*needed),
                match side {
                    SideOfFall::Before => "rows from before serving",
                    SideOfFall::After => "served rows",
                },
                count(*rows)
            ),
            SlicesRefusal::NoColumns => "Where it fell can't be searched: no column that both sides have is intact. \
                                         Correct the columns that the suspects name first."
                .to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selection::{Test, UpperEnd};

    fn slice() -> FallSlice {
        let points = |points: f64| Points { points, low: points - 4.0, high: points + 4.0 };
        let young = Test::Range { from: f64::MIN, to: 30.0, upper: UpperEnd::Excluded };
        FallSlice {
            conditions: vec![
                Condition::on_column("age", young),
                Condition::on_column("plan", Test::OneOf(vec!["basic".into()])),
            ],
            rows_before: 1_412,
            rows_after: 433,
            before: 0.91,
            after: 0.62,
            lost: points(29.0),
            surplus: points(27.0),
            adds: points(2.5),
            share: 0.45,
            p: 1e-6,
        }
    }

    #[test]
    fn a_slice_reads_as_a_row_and_leads_to_its_rows() {
        let slice = slice();
        assert_eq!(slice.words(), "age up to 30 and plan = basic");
        assert_eq!(slice.rows_words(), "1,412 before, 433 served");
        assert_eq!(slice.rates_words(SplitMetric::Accuracy), "91 % to 62 %");
        assert_eq!(slice.lost_words(), "29.0 (25.0 to 33.0)");
        assert_eq!(slice.share_words(), "45 %");
        assert!(slice.selection(Side::Both).to_text().starts_with("both;c.age~r~"));
    }

    #[test]
    fn the_sentence_says_what_was_searched_found_or_in_the_way() {
        let found = FallSlices {
            rows_before: 5_000,
            rows_after: 5_000,
            proposed: 7,
            confirmed: vec![slice(); 6],
            refusal: None,
        };
        assert!(found.sentence().starts_with("6 groups of rows fell more than the others"), "{}", found.sentence());
        assert_eq!((found.shown().len(), found.more().as_deref()), (5, Some("1 slice more in the JSON report.")));
        let none = FallSlices { confirmed: Vec::new(), proposed: 1, ..found.clone() };
        assert!(none.sentence().contains("1 slice was proposed"), "{}", none.sentence());
        let refused = FallSlices {
            refusal: Some(SlicesRefusal::TooFewRows { side: SideOfFall::After, rows: 900, needed: 1_000 }),
            ..none
        };
        assert!(refused.sentence().contains("1,000 served rows"), "{}", refused.sentence());
        let json = serde_json::to_value(&refused).expect("it is JSON");
        assert_eq!(json["refusal"]["reason"], "too_few_rows");
        assert_eq!(serde_json::from_value::<FallSlices>(json).expect("and opens"), refused);
    }
}
