//! A rule as a form writes it: one page asks for it, shows what it would have done, and sends it.

use serde::{Deserialize, Serialize};

use super::{Bound, EditRule, Level, Watched};
use crate::incident::Severity;
use crate::{Item, Problem};

/// The fields, as they were written; empty where nothing was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleFields {
    pub kind: String,
    pub item: String,
    pub detector: String,
    pub column: String,
    pub level: String,
    /// In percent.
    pub probability: String,
    pub points: String,
    pub metric: String,
    pub bound: String,
    pub limit: String,
    pub hours: String,
    pub windows: String,
    pub severity: String,
    pub raise_after: String,
}

/// The kinds, by the names that they have in JSON.
pub const ANY_MISMATCH: &str = "any_mismatch";
pub const CHECK: &str = "check";
pub const SUSPECT: &str = "suspect";
pub const FALL: &str = "fall";
pub const METRIC: &str = "metric";
pub const NO_ARRIVALS: &str = "no_arrivals";

impl RuleFields {
    /// By what stands in the field of each name.
    pub fn of(get: impl Fn(&str) -> String) -> RuleFields {
        RuleFields {
            kind: get("kind"),
            item: get("item"),
            detector: get("detector"),
            column: get("column"),
            level: get("level"),
            probability: get("probability"),
            points: get("points"),
            metric: get("metric"),
            bound: get("bound"),
            limit: get("limit"),
            hours: get("hours"),
            windows: get("windows"),
            severity: get("severity"),
            raise_after: get("raise_after"),
        }
    }

    /// # Errors
    /// `BadInput` for what is no number or not in a list, and for a rule that could never fire.
    pub fn asked(&self) -> Result<EditRule, Problem> {
        let severity = Severity::from_id(&self.severity)
            .ok_or_else(|| Problem::bad_input("Choose how severe the alert is from the list."))?;
        let raise_after = match self.raise_after.trim() {
            "" => None,
            windows => Some(number::<u32>("further windows", windows)?),
        };
        // Nothing else can be said of a time in which nothing comes.
        let windows = if self.kind == NO_ARRIVALS { 1 } else { number("windows", &self.windows)? };
        let raise_after = raise_after.filter(|_| self.kind != NO_ARRIVALS);
        EditRule { watched: self.watched()?, windows, severity, raise_after }.checked()
    }

    fn watched(&self) -> Result<Watched, Problem> {
        Ok(match self.kind.as_str() {
            ANY_MISMATCH => Watched::AnyMismatch,
            CHECK => Watched::Check {
                item: Item::from_code(self.item.trim())
                    .ok_or_else(|| Problem::bad_input("Choose an item from the list, such as D1."))?,
                detector: self.detector.trim().to_owned(),
                column: self.column.trim().to_owned(),
                at_least: if self.level == "possible" { Level::Possible } else { Level::Mismatch },
            },
            SUSPECT => Watched::Suspect { at_least: number::<f64>("probability", &self.probability)? / 100.0 },
            FALL => Watched::Fall { points: number("points", &self.points)? },
            METRIC => Watched::Metric {
                metric: self.metric.trim().to_owned(),
                bound: if self.bound == "above" { Bound::Above } else { Bound::Below },
                limit: number("limit", &self.limit)?,
            },
            NO_ARRIVALS => Watched::NoArrivals { hours: number("hours", &self.hours)? },
            _ => return Err(Problem::bad_input("Choose what the rule watches.")),
        })
    }
}

fn number<T: std::str::FromStr>(what: &str, text: &str) -> Result<T, Problem> {
    // Why it can't be parsed says nothing more to a person.
    text.trim().parse().ok().ok_or_else(|| {
        Problem::bad_input(format!("{text:?} is not a number of {what}. Use digits, and a point for decimals."))
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn fields(kind: &str) -> RuleFields {
        RuleFields {
            kind: kind.to_owned(),
            item: "D1".to_owned(),
            probability: "50".to_owned(),
            points: "2".to_owned(),
            metric: "accuracy".to_owned(),
            limit: "0.8".to_owned(),
            hours: "26".to_owned(),
            windows: "2".to_owned(),
            severity: "high".to_owned(),
            ..RuleFields::default()
        }
    }

    #[test]
    fn each_kind_is_read_from_its_own_fields() {
        let watched = |kind| fields(kind).asked().unwrap().watched;
        assert_eq!(watched(ANY_MISMATCH), Watched::AnyMismatch);
        assert_eq!(watched(SUSPECT), Watched::Suspect { at_least: 0.5 });
        assert_eq!(watched(FALL), Watched::Fall { points: 2.0 });
        assert!(matches!(watched(METRIC), Watched::Metric { bound: Bound::Below, .. }));
        assert!(matches!(watched(CHECK), Watched::Check { item: Item::D1, at_least: Level::Mismatch, .. }));
        assert_eq!(fields(NO_ARRIVALS).asked().unwrap().windows, 1, "there are none to wait for");
    }

    #[test]
    fn the_names_of_the_kinds_are_those_of_json() {
        for kind in [ANY_MISMATCH, CHECK, SUSPECT, FALL, METRIC, NO_ARRIVALS] {
            let json = serde_json::to_value(fields(kind).asked().unwrap().watched).unwrap();
            assert_eq!(json["kind"], kind);
        }
    }

    #[test]
    fn what_is_no_number_is_told() {
        let told = RuleFields { points: "two".to_owned(), ..fields(FALL) }.asked().unwrap_err();
        assert_eq!(told.message, "\"two\" is not a number of points. Use digits, and a point for decimals.");
        assert!(fields("").asked().is_err());
        assert!(RuleFields { raise_after: "-1".to_owned(), ..fields(FALL) }.asked().is_err());
    }
}
