//! What people can bring so that more can be checked: the way from a need to where it is met.

use domain::Need;
use domain::need::{Joined, LogField, Tables};
use domain::snapshot::{ColumnRole, Roles, SnapshotRole};

/// One thing to bring or to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// A file with this role.
    File(SnapshotRole),
    /// The name of the column that has this role.
    Column(ColumnRole),
    /// The decision threshold in use.
    Threshold,
    /// Any input: nothing particular is known to help.
    Anything,
}

impl Offer {
    /// What the link to it says.
    pub fn words(self) -> String {
        match self {
            Offer::File(role) => format!("add {}", a_file_of(role)),
            Offer::Column(role) => format!("name the {} column", role.id()),
            Offer::Threshold => "say the threshold".to_owned(),
            Offer::Anything => "add inputs".to_owned(),
        }
    }

    /// What to bring for a need, given the files that are there and the columns that are named.
    pub fn for_need(need: &Need, present: &[SnapshotRole], roles: &Roles) -> Offer {
        let file = |role: SnapshotRole| {
            if role.may_repeat() || !present.contains(&role) { Offer::File(role) } else { Offer::Anything }
        };
        match need {
            Need::AnyTable => file(SnapshotRole::Train),
            Need::Tables(tables) => for_tables(tables, present, roles),
            Need::ColumnName { role, .. } => Offer::Column(*role),
            Need::Joined(joined) => for_join(joined, present, roles),
            Need::Run(_) => file(SnapshotRole::Predictions),
            // Not another file beside it: the one that is there has to hold more.
            Need::MoreRows(_) => Offer::Anything,
            Need::Threshold => Offer::Threshold,
            Need::LearningCurve => file(SnapshotRole::LearningCurve),
            Need::ServingLog { columns } => match file(SnapshotRole::ServingLog) {
                Offer::Anything => {
                    columns.iter().find_map(|field| unnamed(&[role_of(*field)?], roles)).unwrap_or(Offer::Anything)
                }
                offer => offer,
            },
            Need::Fact(_) => file(SnapshotRole::Artifact),
            Need::EarlierTestSet => file(SnapshotRole::Test),
            Need::RowsLikeServed => file(SnapshotRole::Test),
            Need::ClearerLabel { .. } | Need::OtherTask { .. } => Offer::Anything,
            Need::AllOf { needs } | Need::AnyOf { needs } => {
                best(needs.iter().map(|need| Offer::for_need(need, present, roles)), present)
            }
        }
    }
}

/// What somebody brings for a role.
fn a_file_of(role: SnapshotRole) -> &'static str {
    match role {
        SnapshotRole::Train => "training data",
        SnapshotRole::Validation => "a validation set",
        SnapshotRole::Test => "a test set",
        SnapshotRole::Serve => "serving data",
        SnapshotRole::Offline => "offline features",
        SnapshotRole::Repaired => "answers to repaired rows",
        SnapshotRole::Predictions => "an evaluation run",
        SnapshotRole::Labels => "labels by id",
        SnapshotRole::LearningCurve => "a learning curve",
        SnapshotRole::ServingLog => "a serving log",
        SnapshotRole::Artifact => "a file of another tool",
    }
}

/// The first file that is not there, else one more of those there can be several of, else what can be said.
fn best(offers: impl Iterator<Item = Offer>, present: &[SnapshotRole]) -> Offer {
    let rank = |offer: &Offer| match offer {
        Offer::File(role) if !present.contains(role) => 0,
        Offer::File(_) => 1,
        Offer::Column(_) | Offer::Threshold => 2,
        Offer::Anything => 3,
    };
    offers.min_by_key(rank).unwrap_or(Offer::Anything)
}

/// The first table that is there in none of its alternatives, else a column without a name, else another alternative.
fn for_tables(tables: &Tables, present: &[SnapshotRole], roles: &Roles) -> Offer {
    let absent = tables.snapshots.iter().find(|alternatives| !alternatives.iter().any(|role| present.contains(role)));
    let first = absent.and_then(|alternatives| alternatives.first()).map(|role| Offer::File(*role));
    let column = || tables.columns.iter().find_map(|alternatives| unnamed(alternatives, roles));
    let label = || tables.classes.and_then(|_| unnamed(&[ColumnRole::Label], roles));
    // The label is named and training data have it: of served rows it comes later.
    let is_late = |alternatives: &Vec<SnapshotRole>| {
        alternatives.contains(&SnapshotRole::Serve)
            && present.contains(&SnapshotRole::Serve)
            && !present.contains(&SnapshotRole::Labels)
    };
    let asks_label = tables.columns.iter().any(|alternatives| alternatives.contains(&ColumnRole::Label));
    let later = || {
        let late = asks_label && roles.label().is_some() && tables.snapshots.iter().any(is_late);
        late.then_some(Offer::File(SnapshotRole::Labels))
    };
    let other =
        || tables.snapshots.iter().flatten().find(|role| !present.contains(role)).map(|role| Offer::File(*role));
    first.or_else(column).or_else(label).or_else(later).or_else(other).unwrap_or(Offer::Anything)
}

fn for_join(joined: &Joined, present: &[SnapshotRole], roles: &Roles) -> Offer {
    let sides = Tables::all([SnapshotRole::Serve, SnapshotRole::Offline]).with([ColumnRole::Id]);
    let sides = match joined {
        Joined::Values | Joined::Key | Joined::Rows { .. } => sides,
        Joined::Predictions => sides.with([ColumnRole::Prediction, ColumnRole::Score]),
    };
    for_tables(&sides, present, roles)
}

/// The first of these roles that no column is named for. Features need no name.
fn unnamed(alternatives: &[ColumnRole], roles: &Roles) -> Option<Offer> {
    let role = alternatives.iter().find(|role| **role != ColumnRole::Feature && roles.column_with(**role).is_none())?;
    Some(Offer::Column(*role))
}

/// The role that people can give to this column of a serving log, if there is one.
fn role_of(field: LogField) -> Option<ColumnRole> {
    match field {
        LogField::Time => Some(ColumnRole::Time),
        LogField::Version => Some(ColumnRole::Version),
        LogField::Confidence => Some(ColumnRole::Score),
        LogField::Latency | LogField::Status => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{self, Judgement};
    use domain::Item;
    use domain::measurements::Measurements;
    use domain::need::{Fact, Run};

    fn offered(need: impl Into<Need>, present: &[SnapshotRole]) -> Offer {
        Offer::for_need(&need.into(), present, &Roles::default())
    }

    #[test]
    fn the_first_file_that_is_not_there_is_offered_then_the_column() {
        use SnapshotRole::{
            Artifact, Labels, LearningCurve, Offline, Predictions, Serve, ServingLog, Test, Train, Validation,
        };
        assert_eq!(offered(Need::train_and_serve(), &[]), Offer::File(Train));
        assert_eq!(offered(Need::train_and_serve(), &[Train]), Offer::File(Serve));
        assert_eq!(offered(Need::train_and_serve(), &[Serve]), Offer::File(Train));
        assert_eq!(offered(Need::AnyTable, &[]), Offer::File(Train));
        assert_eq!(offered(Need::labelled_train(), &[]), Offer::File(Train));
        assert_eq!(offered(Need::labelled_train(), &[Train]), Offer::Column(ColumnRole::Label));
        assert_eq!(offered(Need::timed_serve(), &[Serve]), Offer::Column(ColumnRole::Time));
        assert_eq!(offered(Item::F1.needs(), &[Train, Serve]), Offer::File(Offline));
        assert_eq!(offered(Item::F1.needs(), &[Serve, Offline]), Offer::Column(ColumnRole::Id));
        // The splits of a run are not files, and there can be one more run.
        assert_eq!(offered(Item::T4.needs(), &[Train, Test]), Offer::File(Predictions));
        assert_eq!(offered(Run::any().on([Train]), &[Predictions]), Offer::File(Predictions));
        assert_eq!(offered(Need::LearningCurve, &[]), Offer::File(LearningCurve));
        assert_eq!(offered(Item::P2.needs(), &[]), Offer::File(ServingLog));
        assert_eq!(offered(Item::P2.needs(), &[ServingLog]), Offer::File(Artifact));
        assert_eq!(offered(Item::E3.needs(), &[]), Offer::File(Predictions));
        assert_eq!(offered(Item::E3.needs(), &[Predictions]), Offer::File(Artifact));
        assert_eq!(offered(Item::M1.needs(), &[Serve]), Offer::File(Artifact));
        assert_eq!(offered(Item::M3.needs(), &[Train]), Offer::File(Artifact));
        assert_eq!(offered(Fact::Deployments, &[Artifact]), Offer::File(Artifact));
        // The label is named, but served rows do not have it yet.
        let labelled = Roles::from([(ColumnRole::Label, "repaid")]);
        let later = Tables::one_of([Serve, Validation, Test]).with([ColumnRole::Label]).into();
        assert_eq!(Offer::for_need(&later, &[Train, Serve], &labelled), Offer::File(Labels));
        assert_eq!(Offer::for_need(&later, &[Train, Serve, Labels], &labelled), Offer::File(Validation));
    }

    #[test]
    fn what_is_to_be_said_leads_to_where_it_is_said() {
        assert_eq!(offered(Need::column(ColumnRole::Label), &[]), Offer::Column(ColumnRole::Label));
        assert_eq!(offered(Need::column(ColumnRole::Group), &[SnapshotRole::Train]), Offer::Column(ColumnRole::Group));
        assert_eq!(offered(Need::Threshold, &[SnapshotRole::Train]), Offer::Threshold);
        // A column that is named already is not asked for again.
        let named = Roles::from([(ColumnRole::Prediction, "answer")]);
        let present = [SnapshotRole::Train, SnapshotRole::Serve];
        let answers = Tables::all(present).with([ColumnRole::Prediction, ColumnRole::Score]).into();
        assert_eq!(Offer::for_need(&answers, &present, &named), Offer::Column(ColumnRole::Score));
        let versions = Need::serving_log([LogField::Version]);
        assert_eq!(offered(versions, &[SnapshotRole::ServingLog]), Offer::Column(ColumnRole::Version));
    }

    #[test]
    fn every_detector_and_item_without_evidence_says_and_offers_something_particular() {
        let mut needs: Vec<Need> = Item::ALL.iter().map(|item| item.needs()).collect();
        for detector in detectors::all() {
            let judged = (detector.judge)(&Measurements::default());
            let Judgement::NoEvidence { missing } = judged else { continue };
            assert!(!missing.is_empty(), "{} does not say what it lacks", detector.id);
            needs.extend(missing);
        }
        assert!(needs.len() > 80, "{}", needs.len());
        for need in needs {
            assert!(need.words().len() > 8, "{need:?}");
            assert_ne!(offered(need.clone(), &[]), Offer::Anything, "{need:?}");
        }
    }
}
