//! What people want to be told of.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::actor::Actor;
use crate::incident::Severity;
use crate::points::tenths;
use crate::{Item, Problem, Verdict};

/// Windows that a rule can wait for.
pub const MOST_WINDOWS: u32 = 30;
/// Hours without arrivals that a rule can wait for: 90 days.
pub const MOST_HOURS: u32 = 2_160;
/// Points of a fall that a rule can ask for.
const MOST_POINTS: f64 = 1_000_000.0;
/// Longest name of a check, a column or a metric, in characters.
const NAME_CHARACTERS: usize = 300;

/// A rule of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ModelRule {
    pub id: String,
    pub model: String,
    pub watched: Watched,
    /// Fires once it was seen in this many windows one after the other.
    pub windows: u32,
    #[schema(value_type = String)]
    pub severity: Severity,
    /// Rises to the next higher severity when it lasts for this many further windows; null for never.
    #[schema(required)]
    pub raise_after: Option<u32>,
    /// While it lasts, nobody is told; null where there is none.
    #[schema(required)]
    pub silence: Option<Silence>,
    #[schema(value_type = String)]
    pub created_by: Actor,
    /// Milliseconds since 1970-01-01 UTC.
    pub created_at_ms: i64,
}

/// A rule as somebody asks for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EditRule {
    pub watched: Watched,
    /// Fires once it was seen in this many windows one after the other, 1 to 30.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 30)]
    pub windows: u32,
    #[serde(default = "high")]
    #[schema(value_type = String)]
    pub severity: Severity,
    /// Rises to the next higher severity when it lasts for this many further windows; left out or null for never.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 30)]
    pub raise_after: Option<u32>,
}

/// Nobody is told until then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Silence {
    /// Milliseconds since 1970-01-01 UTC.
    pub until_ms: i64,
    /// Why.
    pub reason: String,
    #[schema(value_type = String)]
    pub author: Actor,
}

fn one() -> u32 {
    1
}

fn high() -> Severity {
    Severity::High
}

/// What a rule watches for in each window of served rows, next to the reference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Watched {
    /// A mismatch in any layer that depends on the served rows.
    AnyMismatch,
    /// What an item says, or one check of it, or of one column.
    Check {
        item: Item,
        /// Such as `D1.column_drift`; empty for all of the item's.
        #[serde(default)]
        #[schema(max_length = 300)]
        detector: String,
        /// Empty for all of them.
        #[serde(default)]
        #[schema(max_length = 300)]
        column: String,
        #[serde(default)]
        at_least: Level,
    },
    /// A suspect whose probability is at least this.
    Suspect {
        #[schema(minimum = 0, maximum = 1)]
        at_least: f64,
    },
    /// The performance certainly fell, and by at least this many points.
    Fall { points: f64 },
    /// A metric by scikit-learn's name is certainly beyond a limit: the end of its interval that is nearer to the limit is.
    Metric {
        #[schema(max_length = 300)]
        metric: String,
        bound: Bound,
        limit: f64,
    },
    /// No served rows have come for so long.
    NoArrivals {
        #[schema(minimum = 1, maximum = 2160)]
        hours: u32,
    },
}

/// How strong a sign has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Possible,
    #[default]
    Mismatch,
}

impl Level {
    pub fn verdict(self) -> Verdict {
        match self {
            Level::Possible => Verdict::Possible,
            Level::Mismatch => Verdict::Mismatch,
        }
    }
}

/// On which side of a limit a metric is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    Below,
    Above,
}

impl Watched {
    /// What is watched, to go on after `when`.
    pub fn words(&self) -> String {
        match self {
            Watched::AnyMismatch => "any layer has a mismatch".to_owned(),
            Watched::Check { item, detector, column, at_least } => {
                let what =
                    if detector.is_empty() { format!("item {}", item.code()) } else { format!("the check {detector}") };
                let of = if column.is_empty() { String::new() } else { format!(" of {column:?}") };
                let level = match at_least {
                    Level::Possible => "a mismatch or a possible one",
                    Level::Mismatch => "a mismatch",
                };
                format!("{what}{of} is {level}")
            }
            Watched::Suspect { at_least } => format!("a suspect is at least {:.0} % probable", at_least * 100.0),
            Watched::Fall { points } => {
                format!("the performance certainly fell, by at least {} points", tenths(*points))
            }
            Watched::Metric { metric, bound, limit } => {
                let side = match bound {
                    Bound::Below => "below",
                    Bound::Above => "above",
                };
                format!("{metric} is certainly {side} {limit}")
            }
            Watched::NoArrivals { hours } => {
                format!("no served rows have arrived for {}", crate::number::counted(u64::from(*hours), "hour"))
            }
        }
    }

    /// Names of columns and so on on one line, numbers within what they can be.
    fn check(&self) -> Result<(), Problem> {
        let name = |what: &str, name: &str| match name {
            name if name.chars().any(char::is_control) => {
                Err(Problem::bad_input(format!("Put the name of the {what} on one line, without control characters.")))
            }
            name if name.chars().count() > NAME_CHARACTERS => {
                Err(Problem::bad_input(format!("Shorten the name of the {what} to {NAME_CHARACTERS} characters.")))
            }
            _ => Ok(()),
        };
        match self {
            Watched::AnyMismatch => Ok(()),
            Watched::Check { detector, column, item, .. } => {
                name("column", column)?;
                name("check", detector)?;
                if detector.is_empty() || detector.starts_with(&format!("{}.", item.code())) {
                    return Ok(());
                }
                Err(Problem::bad_input(format!(
                    "{detector:?} is not a check of {}. The reference lists them.",
                    item.code()
                )))
            }
            Watched::Suspect { at_least } if *at_least > 0.0 && *at_least <= 1.0 => Ok(()),
            Watched::Suspect { .. } => {
                Err(Problem::bad_input("Give a probability above 0 and at most 1, such as 0.5."))
            }
            Watched::Fall { points } if *points > 0.0 && *points <= MOST_POINTS => Ok(()),
            Watched::Fall { .. } => {
                Err(Problem::bad_input("Give the points of the fall as a number above 0, such as 2."))
            }
            Watched::Metric { metric, limit, .. } => {
                name("metric", metric)?;
                match !metric.trim().is_empty() && limit.is_finite() {
                    true => Ok(()),
                    false => {
                        Err(Problem::bad_input("Name a metric, such as accuracy, and give its limit as a number."))
                    }
                }
            }
            Watched::NoArrivals { hours } if (1..=MOST_HOURS).contains(hours) => Ok(()),
            Watched::NoArrivals { .. } => {
                Err(Problem::bad_input(format!("Give 1 to {MOST_HOURS} hours without arrivals.")))
            }
        }
    }
}

impl EditRule {
    pub fn new(watched: Watched) -> EditRule {
        EditRule { watched, windows: one(), severity: high(), raise_after: None }
    }

    /// # Errors
    /// `BadInput` where a number or a name is out of its bounds.
    pub fn checked(self) -> Result<EditRule, Problem> {
        self.watched.check()?;
        let within = |windows: u32| (1..=MOST_WINDOWS).contains(&windows);
        if !within(self.windows) || !self.raise_after.is_none_or(within) {
            return Err(Problem::bad_input(format!("Give 1 to {MOST_WINDOWS} windows.")));
        }
        match (&self.watched, self.windows, self.raise_after) {
            (Watched::NoArrivals { .. }, 2.., _) | (Watched::NoArrivals { .. }, _, Some(_)) => {
                Err(Problem::bad_input("While nothing arrives there are no windows to wait for: give hours only."))
            }
            _ => Ok(self),
        }
    }
}

impl ModelRule {
    /// Whether nobody is to be told now.
    pub fn is_silenced(&self, now_ms: i64) -> bool {
        self.silence.as_ref().is_some_and(|silence| silence.until_ms > now_ms)
    }

    /// The rule without what it is called and who made it.
    pub fn as_asked(&self) -> EditRule {
        EditRule {
            watched: self.watched.clone(),
            windows: self.windows,
            severity: self.severity,
            raise_after: self.raise_after,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_says_what_it_watches() {
        let check = |detector: &str, column: &str| Watched::Check {
            item: Item::D1,
            detector: detector.to_owned(),
            column: column.to_owned(),
            at_least: Level::Possible,
        };
        assert_eq!(
            check("D1.column_drift", "amount").words(),
            "the check D1.column_drift of \"amount\" is a mismatch or a possible one"
        );
        assert_eq!(check("", "").words(), "item D1 is a mismatch or a possible one");
        assert_eq!(Watched::NoArrivals { hours: 1 }.words(), "no served rows have arrived for 1 hour");
        let metric = Watched::Metric { metric: "accuracy".to_owned(), bound: Bound::Below, limit: 0.8 };
        assert_eq!(metric.words(), "accuracy is certainly below 0.8");
    }

    #[test]
    fn rules_that_could_never_fire_are_refused() {
        let refused = |watched: Watched| EditRule::new(watched).checked().is_err();
        assert!(refused(Watched::Suspect { at_least: 1.2 }));
        assert!(refused(Watched::Suspect { at_least: f64::NAN }));
        assert!(refused(Watched::Fall { points: 0.0 }));
        assert!(refused(Watched::NoArrivals { hours: 0 }));
        assert!(refused(Watched::Metric { metric: " ".to_owned(), bound: Bound::Above, limit: 1.0 }));
        let of_another = Watched::Check {
            item: Item::D1,
            detector: "D2.range".to_owned(),
            column: String::new(),
            at_least: Level::Mismatch,
        };
        assert!(refused(of_another));
        assert!(!refused(Watched::AnyMismatch));
        let waits = EditRule { windows: 2, ..EditRule::new(Watched::NoArrivals { hours: 24 }) };
        assert!(waits.checked().is_err());
        assert!(EditRule { windows: 31, ..EditRule::new(Watched::AnyMismatch) }.checked().is_err());
    }
}
