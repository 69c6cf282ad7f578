//! A diagnosis next to an earlier one of the same pipeline: what is new, worse, as it was, or gone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::number::counted;

/// What became of the findings of an earlier report. Findings are known by their ids, which say the check and the columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Against {
    /// What people call the earlier report: `last.json`.
    pub name: String,
    /// Findings that the earlier report does not have,
    pub new: Vec<String>,
    /// that it has with a lower verdict or a clearly smaller effect,
    pub worse: Vec<String>,
    /// and that are as they were: no gate closes for them.
    pub known: Vec<String>,
    /// Findings of the earlier report that are no more.
    pub gone: Vec<GoneFinding>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GoneFinding {
    pub id: String,
    /// As the earlier report says it.
    pub statement: String,
}

/// What a finding is next to the earlier report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SinceEarlier {
    New,
    Worse,
    Known,
}

impl Against {
    /// `Against last.json: 1 finding is new, 2 are worse, 3 are as they were and not counted, none is gone.`
    pub fn sentence(&self) -> String {
        let is = |count: usize| match count {
            0 => "none is".to_owned(),
            1 => "1 is".to_owned(),
            many => format!("{many} are"),
        };
        let new = match self.new.len() {
            0 => "no finding is".to_owned(),
            1 => "1 finding is".to_owned(),
            many => format!("{} are", counted(many as u64, "finding")),
        };
        let (worse, known, gone) = (is(self.worse.len()), self.known.len(), is(self.gone.len()));
        let known = match known {
            0 => "none is as it was".to_owned(),
            1 => "1 is as it was and not counted".to_owned(),
            many => format!("{many} are as they were and not counted"),
        };
        format!("Against {}: {new} new, {worse} worse, {known}, {gone} gone.", self.name)
    }

    /// What the finding with this id is next to the earlier report.
    pub fn of(&self, id: &str) -> SinceEarlier {
        let has = |ids: &[String]| ids.iter().any(|one| one == id);
        if has(&self.known) {
            SinceEarlier::Known
        } else if has(&self.worse) {
            SinceEarlier::Worse
        } else {
            SinceEarlier::New
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_counts_each_kind() {
        let ids = |count: usize| (0..count).map(|id| id.to_string()).collect::<Vec<_>>();
        let gone = vec![GoneFinding { id: "x".into(), statement: "It drifted.".into() }];
        let some = Against { name: "last.json".into(), new: ids(1), worse: ids(2), known: ids(3), gone };
        assert_eq!(
            some.sentence(),
            "Against last.json: 1 finding is new, 2 are worse, 3 are as they were and not counted, 1 is gone."
        );
        let none = Against { name: "a".into(), ..Against::default() };
        assert_eq!(none.sentence(), "Against a: no finding is new, none is worse, none is as it was, none is gone.");
    }
}
