//! Guards: rules and alert limits that hold on the training data and would have caught what was found later. What writes them
//! for another tool is the server's; here is what they are.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::constraint::Rule;
use crate::observation::Breach;
use crate::snapshot::ColumnKind;
use crate::{Finding, Item};

/// All guards of one diagnosis.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Guard {
    /// The investigation's title.
    pub title: String,
    /// The investigation as the metric `mismatch_verdict` of this server labels it.
    pub investigation: String,
    /// All columns of the training table, in its order; some tools ask for all of them.
    pub columns: Vec<GuardedColumn>,
    pub rules: Vec<GuardRule>,
    pub alerts: Vec<AlertLimit>,
    /// The items of the map whose verdict is watched: those that have a finding.
    pub items: Vec<Item>,
}

impl Guard {
    /// Whether there is nothing to guard.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.alerts.is_empty() && self.items.is_empty()
    }

    /// What would have caught one finding: its rules, its limits, its item.
    pub fn about(&self, finding: &Finding) -> Guard {
        let is_of = |findings: &[String]| findings.contains(&finding.id);
        Guard {
            rules: self.rules.iter().filter(|rule| is_of(&rule.findings)).cloned().collect(),
            alerts: self.alerts.iter().filter(|alert| is_of(&alert.findings)).cloned().collect(),
            items: vec![finding.item],
            ..self.clone()
        }
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&GuardedColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The rules about one column; `None` for those about the table.
    pub fn rules_of<'a>(&'a self, column: Option<&'a str>) -> impl Iterator<Item = &'a GuardRule> {
        self.rules.iter().filter(move |rule| rule.column.as_deref() == column)
    }

    /// The rules that serving breaks.
    pub fn catching(&self) -> impl Iterator<Item = &GuardRule> {
        self.rules.iter().filter(|rule| rule.proof.catches)
    }
}

/// A column of the training table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GuardedColumn {
    pub name: String,
    /// Of the training rows, as other tools read them.
    pub kind: ColumnKind,
    /// All numbers of the training rows are whole.
    pub whole: bool,
}

/// One rule with how it did on the tables that are here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GuardRule {
    /// Null for a rule about the whole table.
    #[schema(required)]
    pub column: Option<String>,
    pub rule: Rule,
    pub proof: GuardProof,
    /// Ids of the findings that it would have caught.
    pub findings: Vec<String>,
}

impl GuardRule {
    /// What must hold: `distance: 0 to 30 in 97 % of rows`.
    pub fn words(&self) -> String {
        match &self.column {
            Some(column) => format!("{}: {}", crate::naming::name(column), self.rule.words()),
            None => self.rule.words(),
        }
    }
}

/// What a rule sees here. On the training data it holds, or it would not be a guard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GuardProof {
    /// What it sees in the training data.
    pub on_train: String,
    /// What it sees in serving; null where it can't be evaluated there.
    #[schema(required)]
    pub on_serve: Option<String>,
    /// Serving breaks it.
    pub catches: bool,
}

/// A limit on a signal of a monitoring system, between where it was and where it went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlertLimit {
    /// The signal as its series is called, such as `p95(model_latency_seconds)`.
    pub signal: String,
    /// On which side of the limit it fires.
    pub breach: Breach,
    /// In the unit of the signal.
    pub limit: f64,
    #[schema(required)]
    pub unit: Option<String>,
    /// How long the breach lasts before it fires.
    pub for_ms: i64,
    /// The level before and after the signal moved.
    pub before: f64,
    pub after: f64,
    /// Ids of the findings that it would have caught.
    pub findings: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_names_its_column() {
        let proof = GuardProof { on_train: String::new(), on_serve: None, catches: false };
        let rule = |column: Option<&str>, rule| GuardRule {
            column: column.map(str::to_owned),
            rule,
            proof: proof.clone(),
            findings: Vec::new(),
        };
        let between = Rule::Between { low: Some(0.0), high: Some(30.0), share: 0.97 };
        assert_eq!(rule(Some("trip km"), between).words(), "“trip km”: 0 to 30 in 97 % of rows");
        assert_eq!(rule(None, Rule::Rows { low: Some(100), high: None }).words(), "at least 100 rows");
    }

    #[test]
    fn it_keeps_its_shape_in_json() {
        let guard = Guard { title: "Fares".into(), items: vec![Item::D1], ..Guard::default() };
        let json = r#"{"title":"Fares","investigation":"","columns":[],"rules":[],"alerts":[],"items":["D1"]}"#;
        assert_eq!(serde_json::to_string(&guard).expect("a guard is JSON"), json);
        assert_eq!(serde_json::from_str::<Guard>(json).expect("and opens"), guard);
    }
}
