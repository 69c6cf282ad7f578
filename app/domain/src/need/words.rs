//! A need as a noun phrase: what follows "Needs".

use super::{Fact, Joined, LogField, MoreRows, Need, Run, RunPart, SharedColumns, Tables};
use crate::evaluation::Task;
use crate::naming::{name, values};
use crate::number::count;
use crate::observation::SignalKind;
use crate::snapshot::{ColumnRole, SnapshotRole};

impl Need {
    /// A noun phrase: `a train and a serve snapshot`.
    pub fn words(&self) -> String {
        match self {
            Need::AnyTable => "any snapshot of rows".to_owned(),
            Need::Tables(tables) => tables.words(),
            Need::MoreRows(rows) => rows.words(),
            Need::ColumnName { role, tables } => column_name(*role, tables),
            Need::Joined(joined) => joined.words(),
            Need::Run(run) => run.words(),
            Need::Threshold => {
                "the threshold in use: predictions together with the scores, or the threshold itself".to_owned()
            }
            Need::LearningCurve => "a learning curve (one row per epoch)".to_owned(),
            Need::ServingLog { columns } => serving_log(columns),
            Need::Fact(fact) => match fact.file() {
                Some(file) => format!("{} ({file})", fact.noun()),
                None => fact.noun(),
            },
            Need::EarlierTestSet => "an earlier diagnosis with a test set of the same columns".to_owned(),
            Need::ClearerLabel { rows } => {
                format!("features that say more about the label, or many more labelled train rows than {rows}")
            }
            Need::RowsLikeServed => {
                "labelled test or validation rows that are like the served ones (too few of them are)".to_owned()
            }
            Need::OtherTask { found, covered } => {
                let covered: Vec<&str> = covered.iter().map(|task| task.label()).collect();
                format!("a label that is {} (this one is {})", list(&covered, "or"), found.label())
            }
            Need::AllOf { needs } => in_words(needs),
            Need::AnyOf { needs } => alternatives(&phrases(needs)),
        }
    }
}

/// Several needs that are all to be met: `a learning curve (one row per epoch) and a serving log`.
pub fn in_words(needs: &[Need]) -> String {
    phrases(needs).join(" and ")
}

/// Each need; of several from the same file, only the last names it.
fn phrases(needs: &[Need]) -> Vec<String> {
    let file = |need: Option<&Need>| match need {
        Some(Need::Fact(fact)) => fact.file(),
        _ => None,
    };
    let phrase = |(place, need): (usize, &Need)| match need {
        Need::Fact(fact) if file(needs.get(place + 1)) == fact.file() => fact.noun(),
        _ => need.words(),
    };
    needs.iter().enumerate().map(phrase).collect()
}

/// `a, or b`
fn alternatives(phrases: &[String]) -> String {
    match phrases {
        [rest @ .., last] if !rest.is_empty() => format!("{}, or {last}", rest.join(", ")),
        _ => phrases.concat(),
    }
}

/// `a, b and c`, or with another last word.
fn list<T: AsRef<str>>(parts: &[T], last_word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [rest @ .., last] => {
            let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
            format!("{} {last_word} {}", rest.join(", "), last.as_ref())
        }
    }
}

/// `test or validation`
fn either(roles: &[SnapshotRole]) -> String {
    list(&roles.iter().map(|role| role.id()).collect::<Vec<_>>(), "or")
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

fn column_name(role: ColumnRole, tables: &[Vec<SnapshotRole>]) -> String {
    let name = match role {
        ColumnRole::Group => "the name of the column that says which entity a row is about (group)".to_owned(),
        role => format!("the name of the {} column", role.id()),
    };
    if tables.is_empty() {
        return name;
    }
    let tables: Vec<String> = tables.iter().map(|alternatives| format!("in {}", either(alternatives))).collect();
    format!("{name}, {}", list(&tables, "and"))
}

impl Tables {
    fn words(&self) -> String {
        let named: Vec<String> =
            self.snapshots.iter().map(|alternatives| with_article(&either(alternatives))).collect();
        let is_plain = self.snapshots.iter().all(|alternatives| alternatives.len() == 1);
        // "a train and a serve snapshot", but "a train snapshot and a test or validation snapshot".
        let tables = match is_plain {
            true => format!("{} snapshot", list(&named, "and")),
            false => list(&named.iter().map(|table| format!("{table} snapshot")).collect::<Vec<_>>(), "and"),
        };
        let details = self.details();
        if details.is_empty() { tables } else { format!("{tables} with {}", list(&details, "and")) }
    }

    /// What they must hold.
    fn details(&self) -> Vec<String> {
        let each = if self.snapshots.len() > 1 { " each" } else { "" };
        let rows = self.rows.map(|rows| format!("at least {rows} rows{each}"));
        let columns = self.columns.iter().map(|roles| match roles[..] {
            [ColumnRole::Feature] => "feature columns".to_owned(),
            _ => {
                let roles = list(&roles.iter().map(|role| role.id()).collect::<Vec<_>>(), "or");
                if each.is_empty() {
                    format!("its {roles} column")
                } else {
                    format!("{}{each}", with_article(&format!("{roles} column")))
                }
            }
        });
        let classes = self.classes.map(|(fewest, most)| format!("a label of {fewest} to {most} classes"));
        let shared = self.shared.map(|shared| {
            let (one, many) = match shared.of {
                SharedColumns::Columns => ("column", "columns"),
                SharedColumns::Features => ("feature", "features"),
                SharedColumns::CategoricalFeatures => ("categorical feature", "categorical features"),
                SharedColumns::NumericFeatures => ("numeric feature", "numeric features"),
            };
            format!("at least {} shared {}", shared.count, if shared.count == 1 { one } else { many })
        });
        rows.into_iter().chain(classes).chain(columns).chain(shared).collect()
    }
}

impl MoreRows {
    fn words(&self) -> String {
        let snapshot = self.snapshot.id();
        if self.found == 0 {
            return format!("rows in {snapshot} (there are none)");
        }
        let to_see = self.to_see.as_ref().map_or_else(String::new, |effect| format!(" to see {effect}"));
        format!("{} rows in {snapshot}{to_see} (there are {})", count(self.needed), count(self.found))
    }
}

impl Joined {
    fn words(&self) -> String {
        match self {
            Joined::Values => {
                "the training pipeline's values for the served rows (offline), with a shared id column".to_owned()
            }
            Joined::Predictions => "offline and online predictions for the same rows".to_owned(),
            Joined::Key => "an id column that serve and offline share".to_owned(),
            Joined::Rows { key, needed, found } => {
                format!("{needed} rows with the same {} in serve and offline (there are {found})", name(key))
            }
        }
    }
}

impl Run {
    fn words(&self) -> String {
        let runs = match self.runs {
            Some(runs) => format!("{runs} or more evaluation runs"),
            None if *self == Run::any() => "an evaluation run (labels with predictions)".to_owned(),
            None => "an evaluation run".to_owned(),
        };
        let task = match self.task {
            Some(Task::Binary) => " of a binary model",
            Some(Task::Multiclass) => " of a multiclass model",
            Some(Task::Regression) => " of a regression model",
            None => "",
        };
        let part = match self.with {
            Some(RunPart::Scores) => " with scores",
            Some(RunPart::Probabilities) => " with probabilities (scores from 0 to 1)",
            Some(RunPart::Classes) => " with classes",
            Some(RunPart::TaskOfServe) => " with the task (classification or regression) of the served rows",
            None => "",
        };
        let splits = list(&self.splits.iter().map(|splits| either(splits)).collect::<Vec<_>>(), "and");
        let splits = match (splits.is_empty(), self.runs) {
            (true, _) => String::new(),
            (false, None) => format!(" with {splits} rows"),
            (false, Some(_)) => format!(" on the same {splits} rows"),
        };
        format!("{runs}{task}{part}{splits}")
    }
}

fn serving_log(columns: &[LogField]) -> String {
    let columns: Vec<&str> = columns
        .iter()
        .map(|field| match field {
            LogField::Time => "a time column",
            LogField::Latency => "a latency column",
            LogField::Status => "a status column",
            LogField::Version => "a model version column",
            LogField::Confidence => "a confidence column",
        })
        .collect();
    if columns.is_empty() {
        "a serving log".to_owned()
    } else {
        format!("a serving log with {}", list(&columns, "and"))
    }
}

impl Fact {
    fn noun(&self) -> String {
        match self {
            Fact::CostMatrix { classes } if classes.is_empty() => "a cost matrix".to_owned(),
            Fact::CostMatrix { classes } => {
                format!("a cost matrix with a finite cost for each pair of the classes {}", values(classes))
            }
            Fact::Series { kinds, points } => {
                let kinds: Vec<String> = kinds.iter().map(|kind| format!("of {}", series_of(*kind))).collect();
                let series = if kinds.is_empty() {
                    "metric series".to_owned()
                } else {
                    format!("a series {}", list(&kinds, "and"))
                };
                match points {
                    Some(points) => format!("{series} with {points} points each over the same time"),
                    None => series,
                }
            }
            Fact::Direction { signal } => format!("whether a higher {} is better", name(signal)),
            Fact::AlertRules => "alert rules".to_owned(),
            Fact::Deployments => "deployment records".to_owned(),
            Fact::ResourceUse => "resource metrics of the service".to_owned(),
            Fact::ModelDigests => {
                "the digests of the deployed model file and of the registered or evaluated one".to_owned()
            }
            Fact::Environments => "the environments of training and serving with their versions".to_owned(),
            Fact::ToolChecks => "a report, test results or rules of another tool".to_owned(),
        }
    }

    /// The file or the field that has it.
    fn file(&self) -> Option<&'static str> {
        match self {
            Fact::CostMatrix { .. } | Fact::Series { .. } | Fact::AlertRules => Some("an observations file"),
            Fact::Direction { .. } => Some("higher_is_better in the observations file"),
            Fact::ResourceUse => Some("memory peak and limit, throttled share or out-of-memory kills"),
            Fact::Environments => Some("pip freeze, conda list or a lock file"),
            Fact::ToolChecks => None,
            Fact::Deployments | Fact::ModelDigests => None,
        }
    }
}

fn series_of(kind: SignalKind) -> String {
    match kind {
        SignalKind::Performance => "a model metric".to_owned(),
        SignalKind::Kpi => "a business KPI".to_owned(),
        kind => kind.words().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_is_a_noun_phrase() {
        use ColumnRole::{Group, Label, Prediction, Score, Time};
        use SnapshotRole::{Serve, Test, Train, Validation};
        let said: [(Need, &str); 14] = [
            (Need::train_and_serve(), "a train and a serve snapshot"),
            (Need::splits(), "a train snapshot and a test or validation snapshot"),
            (Need::labelled_train(), "a train snapshot with its label column"),
            (
                Tables::all([Train, Serve]).rows(200).sharing(1, SharedColumns::Features).into(),
                "a train and a serve snapshot with at least 200 rows each and at least 1 shared feature",
            ),
            (
                Tables::all([Train, Serve]).with([Prediction, Score]).into(),
                "a train and a serve snapshot with a prediction or score column each",
            ),
            (Need::column(Group), "the name of the column that says which entity a row is about (group)"),
            (
                Need::ColumnName { role: Time, tables: vec![vec![Train], vec![Test, Validation]] },
                "the name of the time column, in train and in test or validation",
            ),
            (
                Tables::one_of([Serve, Validation, Test]).with([Label]).into(),
                "a serve, validation or test snapshot with its label column",
            ),
            (Run::any().into(), "an evaluation run (labels with predictions)"),
            (Run::of(Task::Binary).with(RunPart::Scores).into(), "an evaluation run of a binary model with scores"),
            (
                Run::any().on([Test, Validation]).at_least(3).into(),
                "3 or more evaluation runs on the same test or validation rows",
            ),
            (
                Need::serving_log([LogField::Time, LogField::Latency]),
                "a serving log with a time column and a latency column",
            ),
            (
                Need::any_of([Need::series([]), Fact::AlertRules.into(), Need::serving_log([])]),
                "metric series, alert rules (an observations file), or a serving log",
            ),
            (
                Need::Fact(Fact::CostMatrix { classes: vec!["no".into(), "yes".into()] }),
                "a cost matrix with a finite cost for each pair of the classes “no” and “yes” (an observations file)",
            ),
        ];
        for (need, words) in said {
            assert_eq!(need.words(), words);
        }
    }

    #[test]
    fn a_need_keeps_its_shape_in_json() {
        let need = Need::any_of([
            Need::splits(),
            Need::all_of([Run::of(Task::Binary).into(), Fact::Direction { signal: "revenue".into() }.into()]),
            Joined::Rows { key: "loan".into(), needed: 50, found: 3 }.into(),
            Need::column(ColumnRole::Label),
            Need::Threshold,
        ]);
        let json = serde_json::to_value(&need).expect("a need is JSON");
        assert_eq!(json["kind"], "any_of");
        assert_eq!(json["needs"][0]["snapshots"], serde_json::json!([["train"], ["test", "validation"]]));
        assert_eq!(serde_json::from_value::<Need>(json).expect("and back"), need);
    }
}
