//! Splits: which of a model's rows an evaluation run holds.

use serde::{Deserialize, Serialize};

use crate::snapshot::SnapshotRole;

/// The usual splits come in their usual order; the names that only a file knows come last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Split {
    Train,
    Validation,
    Test,
    Serve,
    /// The file says nothing about splits.
    All,
    Other(String),
}

/// What files call the usual splits, in lower case.
const NAMES: [(Split, &[&str]); 4] = [
    (Split::Train, &["train", "training", "fit", "learn"]),
    (Split::Validation, &["val", "valid", "validation", "dev", "development", "eval"]),
    (Split::Test, &["test", "testing", "holdout", "hold-out", "hold_out"]),
    (Split::Serve, &["serve", "serving", "prod", "production", "live", "analysis"]),
];

impl Split {
    /// The word in JSON, in addresses and on screens.
    pub fn word(&self) -> &str {
        match self {
            Split::Train => "train",
            Split::Validation => "val",
            Split::Test => "test",
            Split::Serve => "serve",
            Split::All => "all",
            Split::Other(name) => name,
        }
    }

    /// The split that a cell of a split column names.
    pub fn of_cell(cell: &str) -> Split {
        let lower = cell.trim().to_lowercase();
        let usual = NAMES.into_iter().find(|(_, names)| names.contains(&lower.as_str()));
        usual.map_or_else(|| Split::from(cell), |(split, _)| split)
    }
}

impl From<&str> for Split {
    fn from(word: &str) -> Split {
        use Split::{All, Serve, Test, Train, Validation};
        let usual = [Train, Validation, Test, Serve, All].into_iter().find(|split| split.word() == word);
        usual.unwrap_or_else(|| Split::Other(word.to_owned()))
    }
}

impl From<String> for Split {
    fn from(word: String) -> Split {
        Split::from(word.as_str())
    }
}

impl From<Split> for String {
    fn from(split: Split) -> String {
        split.word().to_owned()
    }
}

/// The split that all rows of a file with this role belong to.
impl From<SnapshotRole> for Split {
    fn from(role: SnapshotRole) -> Split {
        match role {
            SnapshotRole::Train => Split::Train,
            SnapshotRole::Validation => Split::Validation,
            SnapshotRole::Test => Split::Test,
            SnapshotRole::Serve => Split::Serve,
            _ => Split::All,
        }
    }
}

impl std::fmt::Display for Split {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_is_its_word_in_json_and_a_foreign_one_keeps_its_name() {
        for word in ["train", "val", "test", "serve", "all", "out of time"] {
            let json = format!("{word:?}");
            let split: Split = serde_json::from_str(&json).expect("a word is a split");
            assert_eq!(
                (serde_json::to_string(&split).expect("a split is JSON"), split.to_string()),
                (json, word.into())
            );
        }
        assert_eq!(Split::from("out of time"), Split::Other("out of time".into()));
    }

    #[test]
    fn cells_name_the_usual_splits_in_many_ways_and_others_keep_theirs() {
        assert_eq!(
            ["Training", " dev ", "hold-out", "PROD"].map(Split::of_cell),
            [Split::Train, Split::Validation, Split::Test, Split::Serve]
        );
        assert_eq!(Split::of_cell("Fold 1"), Split::Other("Fold 1".into()));
        let mut splits = ["z", "a", "all", "serve", "val", "train"].map(Split::from);
        splits.sort();
        assert_eq!(splits.map(String::from), ["train", "val", "serve", "all", "a", "z"]);
    }
}
