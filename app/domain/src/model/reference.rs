//! What served rows of a model are compared with, by version.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::NamedSnapshot;
use crate::actor::Actor;
use crate::snapshot::SnapshotRole;

/// The roles of files that come from training: they are the reference, and no window.
pub const REFERENCE_ROLES: [SnapshotRole; 4] =
    [SnapshotRole::Train, SnapshotRole::Validation, SnapshotRole::Test, SnapshotRole::LearningCurve];

/// A file that the rows of a version are compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reference {
    /// The version of the model that it belongs to; empty where none was named.
    pub version: String,
    pub role: SnapshotRole,
    pub snapshot: NamedSnapshot,
    /// Who pinned it, or sent it first.
    #[schema(value_type = String)]
    pub author: Actor,
    /// When it was pinned, in milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
}

/// What rows of a version are compared with: the files of that version where they hold training data, else those of the version
/// that was pinned last. Files of two versions are never mixed: training data of the one may hold the test rows of the other.
pub fn reference_for<'a>(all: &'a [Reference], version: &str) -> Vec<&'a Reference> {
    let has_train = |version: &str| all.iter().any(|one| one.version == version && one.role == SnapshotRole::Train);
    let chosen = match has_train(version) {
        true => Some(version),
        false => newest_with_train(all),
    };
    let Some(chosen) = chosen else { return Vec::new() };
    REFERENCE_ROLES
        .iter()
        .filter_map(|role| all.iter().find(|one| one.version == chosen && one.role == *role))
        .collect()
}

/// The version whose training data was pinned last.
pub fn newest_with_train(all: &[Reference]) -> Option<&str> {
    let trains = all.iter().filter(|one| one.role == SnapshotRole::Train);
    trains.max_by_key(|one| one.at_ms).map(|one| one.version.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pinned(version: &str, role: SnapshotRole, at_ms: i64) -> Reference {
        let name = format!("{}-{version}", role.id());
        let snapshot = NamedSnapshot { id: name.clone(), name, sha256: String::new(), rows: 1 };
        Reference { version: version.to_owned(), role, snapshot, author: Actor::Anonymous, at_ms }
    }

    fn names<'a>(all: &'a [Reference], version: &str) -> Vec<&'a str> {
        reference_for(all, version).into_iter().map(|one| one.snapshot.name.as_str()).collect()
    }

    #[test]
    fn rows_are_compared_with_their_own_version_and_else_with_the_one_pinned_last() {
        use SnapshotRole::{Test, Train};
        let all = [pinned("1", Test, 5), pinned("1", Train, 1), pinned("2", Train, 3), pinned("3", Test, 9)];
        assert_eq!(names(&all, "1"), ["train-1", "test-1"]);
        assert_eq!(names(&all, "2"), ["train-2"]);
        assert_eq!(names(&all, ""), ["train-2"], "no version was named");
        assert_eq!(names(&all, "3"), ["train-2"], "a test set alone is no reference");
        assert!(names(&all[3..], "3").is_empty() && names(&[], "").is_empty());
    }
}
