//! What people can bring so that more can be checked: the way from what is missing, in words, to where it is given.

use domain::snapshot::{ColumnRole, Roles, SnapshotRole};

/// One thing to bring or to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// A file for this part.
    File(SnapshotRole),
    /// The name of the column that plays this part.
    Column(ColumnRole),
    /// The decision threshold in use.
    Threshold,
    /// What it is, is seen when it comes.
    Anything,
}

/// Parts of which there can be several files: one more can always be brought.
const SEVERAL: [SnapshotRole; 3] = [SnapshotRole::Predictions, SnapshotRole::LearningCurve, SnapshotRole::Artifact];

impl Offer {
    /// What the link to it says.
    pub fn words(self) -> String {
        match self {
            Offer::File(role) => format!("add {}", role.words().to_lowercase()),
            Offer::Column(role) => format!("name the {} column", role.id()),
            Offer::Threshold => "say the threshold".to_owned(),
            Offer::Anything => "add inputs".to_owned(),
        }
    }

    /// What to bring for a need in a detector's or an item's words: the first file it names that is not there, else one
    /// more of those there can be several of, else the column or threshold it names that nobody named.
    pub fn for_need(need: &str, present: &[SnapshotRole], roles: &Roles) -> Offer {
        let need = need.to_lowercase();
        let words: Vec<&str> = need.split(|letter: char| !letter.is_alphanumeric()).collect();
        let asks_for_name = need.starts_with("the name of");
        if !asks_for_name && !need.starts_with("the threshold") {
            let named = files(&need, &words);
            let lacking = named.iter().find(|role| !present.contains(role));
            if let Some(role) = lacking.or_else(|| named.iter().find(|role| SEVERAL.contains(role))) {
                return Offer::File(*role);
            }
        }
        if words.contains(&"threshold") {
            return Offer::Threshold;
        }
        let unnamed = columns(&words).into_iter().find(|role| asks_for_name || roles.named_as(*role).is_none());
        unnamed.map_or(Offer::Anything, Offer::Column)
    }
}

/// The files a need names, in its order. The splits that an evaluation run is to have are no files of their own.
fn files(need: &str, words: &[&str]) -> Vec<SnapshotRole> {
    let mut found: Vec<(usize, SnapshotRole)> = Vec::new();
    let mut named = |place: Option<usize>, role| found.extend(place.map(|place| (place, role)));
    let is_of_run = words.iter().any(|word| matches!(*word, "run" | "runs"));
    let word = |one: &str| words.iter().position(|word| *word == one);
    named(words.iter().position(|word| OTHER_SOURCES.contains(word)), SnapshotRole::Artifact);
    named(need.contains("serving log").then(|| word("log")).flatten(), SnapshotRole::ServingLog);
    named(need.contains("learning curve").then(|| word("curve")).flatten(), SnapshotRole::LearningCurve);
    if is_of_run {
        named(word("run").or_else(|| word("runs")), SnapshotRole::Predictions);
    } else {
        named(word("offline"), SnapshotRole::Offline);
        named(word("train"), SnapshotRole::Train);
        named(word("serve").or_else(|| word("served")), SnapshotRole::Serve);
        named(word("test"), SnapshotRole::Test);
        named(word("validation"), SnapshotRole::Validation);
    }
    if need.starts_with("any snapshot") {
        named(Some(0), SnapshotRole::Train);
    }
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, role)| role).collect()
}

/// What other tools know and no file of rows says.
const OTHER_SOURCES: [&str; 18] = [
    "artifact",
    "artifacts",
    "cost",
    "costs",
    "deployment",
    "deployments",
    "digests",
    "environment",
    "environments",
    "image",
    "kpi",
    "limits",
    "metrics",
    "records",
    "resource",
    "rule",
    "rules",
    "series",
];

/// The columns a need names, in the order in which they help most.
fn columns(words: &[&str]) -> Vec<ColumnRole> {
    let known = [
        (ColumnRole::Label, &["label", "labels"][..]),
        (ColumnRole::Group, &["group", "entity"]),
        (ColumnRole::Time, &["time", "times"]),
        (ColumnRole::Id, &["id", "ids"]),
        (ColumnRole::Version, &["version", "versions"]),
        (ColumnRole::Prediction, &["prediction", "predictions"]),
        (ColumnRole::Score, &["score", "scores", "probabilities"]),
    ];
    known.into_iter().filter(|(_, names)| words.iter().any(|word| names.contains(word))).map(|(role, _)| role).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::detectors;
    use domain::Item;
    use domain::measurements::Measurements;

    fn offered(need: &str, present: &[SnapshotRole]) -> Offer {
        Offer::for_need(need, present, &Roles::default())
    }

    #[test]
    fn the_first_file_that_is_not_there_is_offered_then_the_column() {
        use SnapshotRole::{Artifact, LearningCurve, Offline, Predictions, Serve, ServingLog, Test, Train, Validation};
        let both = "a train and a serve snapshot";
        assert_eq!(offered(both, &[]), Offer::File(Train));
        assert_eq!(offered(both, &[Train]), Offer::File(Serve));
        assert_eq!(offered(both, &[Serve]), Offer::File(Train));
        assert_eq!(offered("any snapshot of rows", &[]), Offer::File(Train));
        let labelled = "a train snapshot with its label column";
        assert_eq!(offered(labelled, &[]), Offer::File(Train));
        assert_eq!(offered(labelled, &[Train]), Offer::Column(ColumnRole::Label));
        assert_eq!(offered("serve rows with a time column", &[Serve]), Offer::Column(ColumnRole::Time));
        let joined = Item::F1.needs();
        assert_eq!(offered(joined, &[Train, Serve]), Offer::File(Offline));
        assert_eq!(offered(joined, &[Serve, Offline]), Offer::Column(ColumnRole::Id));
        let later = "labels of the rows that were served (or a validation or test snapshot)";
        assert_eq!(offered(later, &[Train, Serve]), Offer::File(Validation));
        // The splits of a run are not files, and there can be one more run.
        assert_eq!(offered(Item::T4.needs(), &[Train, Test]), Offer::File(Predictions));
        assert_eq!(offered("an evaluation run with training rows", &[Predictions]), Offer::File(Predictions));
        assert_eq!(offered("a learning curve (one row per epoch)", &[]), Offer::File(LearningCurve));
        assert_eq!(offered(Item::P2.needs(), &[]), Offer::File(ServingLog));
        assert_eq!(offered(Item::P2.needs(), &[ServingLog]), Offer::File(Artifact));
        assert_eq!(offered(Item::E3.needs(), &[]), Offer::File(Predictions));
        assert_eq!(offered(Item::E3.needs(), &[Predictions]), Offer::File(Artifact));
        assert_eq!(offered(Item::M3.needs(), &[Train]), Offer::File(Artifact));
    }

    #[test]
    fn what_is_to_be_said_leads_to_where_it_is_said() {
        assert_eq!(offered("the name of the label column", &[]), Offer::Column(ColumnRole::Label));
        let entity = "the name of the column that says which entity a row is about (group)";
        assert_eq!(offered(entity, &[SnapshotRole::Train]), Offer::Column(ColumnRole::Group));
        let time = "the name of the time column, in train and in test or validation";
        assert_eq!(offered(time, &[SnapshotRole::Train]), Offer::Column(ColumnRole::Time));
        let threshold = "the threshold in use: predictions beside the scores, or the threshold itself";
        assert_eq!(offered(threshold, &[SnapshotRole::Train]), Offer::Threshold);
        // A column that is named already is not asked for again.
        let named = Roles { prediction: Some("answer".into()), ..Roles::default() };
        let answers = "predictions or scores in both train and serve";
        let present = [SnapshotRole::Train, SnapshotRole::Serve];
        assert_eq!(Offer::for_need(answers, &present, &named), Offer::Column(ColumnRole::Score));
    }

    #[test]
    fn every_need_of_an_empty_map_offers_something_particular() {
        let nothing = Measurements::default();
        let mut needs: BTreeSet<String> = Item::ALL.iter().map(|item| item.needs().to_owned()).collect();
        for detector in detectors::all() {
            if let detectors::Judgement::NoEvidence { missing } = (detector.judge)(&nothing) {
                needs.extend(missing);
            }
        }
        assert!(needs.len() > 15, "{needs:#?}");
        let vague: Vec<&String> = needs.iter().filter(|need| offered(need, &[]) == Offer::Anything).collect();
        assert!(vague.is_empty(), "{vague:#?}");
    }
}
