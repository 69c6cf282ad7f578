//! What came of undoing a suspect, or everything at once: points that were promised, and points that were recovered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Points, Recovered, tenths};
use crate::Suspect;
use crate::number::count;

/// Of the points that were promised, the share that has to be recovered.
const MOST: f64 = 0.5;

/// What predictions for the repaired rows say about a suspect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Undone {
    /// The suspect that was undone, by its key; absent where nothing undoes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub suspect: Option<String>,
    /// What it was said to cost; absent where that was not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub promised: Option<Points>,
    /// What is recovered: measured.
    pub recovered: Recovered,
    pub verdict: UndoVerdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UndoVerdict {
    /// Points are certainly recovered, and most of those that were promised.
    Confirmed,
    /// Nothing is certainly recovered, and most of what was promised is out of reach.
    Refuted,
    Undecided,
}

impl Undone {
    pub fn of(promised: Option<Points>, recovered: Recovered) -> Self {
        let (least, found) = (MOST * promised.map_or(0.0, |points| points.points), recovered.points);
        let verdict = match () {
            () if found.low > 0.0 && found.points >= least => UndoVerdict::Confirmed,
            // An interval that holds both nothing and most of what was promised says neither.
            () if found.low <= 0.0 && (found.high < least || found.high <= 0.0) => UndoVerdict::Refuted,
            () => UndoVerdict::Undecided,
        };
        Self { suspect: None, promised, recovered, verdict }
    }

    /// The same, of this suspect.
    pub fn of_suspect(suspect: &Suspect, recovered: Recovered) -> Self {
        Self { suspect: Some(suspect.key()), ..Self::of(suspect.points, recovered) }
    }

    pub fn sentence(&self) -> String {
        let points = self.recovered.points;
        let promised = self.promised.map_or_else(String::new, |points| {
            format!(", of {} that the split put down to it ({})", tenths(points.points), points.interval())
        });
        let recovered = format!(
            "{} points are recovered on {} rows (95 % interval {}){promised}.",
            tenths(points.points),
            count(self.recovered.rows),
            points.interval()
        );
        let verdict = match self.verdict {
            UndoVerdict::Confirmed => "Confirmed",
            UndoVerdict::Refuted => "Refuted",
            UndoVerdict::Undecided => "Undecided",
        };
        let next = match self.verdict {
            UndoVerdict::Undecided => " More rows with label and prediction would decide it.",
            UndoVerdict::Confirmed | UndoVerdict::Refuted => "",
        };
        format!("{verdict}: {recovered}{next}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(points: f64, reach: f64) -> Points {
        Points { points, low: points - reach, high: points + reach }
    }

    fn verdict(promised: Option<f64>, found: Points) -> UndoVerdict {
        Undone::of(promised.map(|value| points(value, 0.5)), Recovered { rows: 900, points: found }).verdict
    }

    #[test]
    fn a_suspect_is_confirmed_by_most_of_what_it_promised_and_refuted_by_nothing() {
        assert_eq!(verdict(Some(5.0), points(4.8, 1.0)), UndoVerdict::Confirmed);
        assert_eq!(verdict(None, points(1.0, 0.5)), UndoVerdict::Confirmed);
        assert_eq!(verdict(Some(5.0), points(1.5, 0.5)), UndoVerdict::Undecided, "certainly something, but little");
        assert_eq!(verdict(Some(5.0), points(0.2, 0.5)), UndoVerdict::Refuted);
        assert_eq!(verdict(Some(5.0), points(2.0, 4.0)), UndoVerdict::Undecided, "it may be all or nothing");
        assert_eq!(verdict(None, points(-1.0, 0.5)), UndoVerdict::Refuted);
        let said = Undone::of(Some(points(5.0, 0.5)), Recovered { rows: 4_000, points: points(4.8, 1.0) }).sentence();
        assert_eq!(
            said,
            "Confirmed: 4.8 points are recovered on 4,000 rows (95 % interval 3.8 to 5.8), of 5.0 that the split put down \
             to it (4.5 to 5.5)."
        );
    }
}
