//! What a person changed about the inputs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::snapshot::{Snapshot, SnapshotRole};

/// One change of an investigation's inputs. `name` is the name of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum InputChange {
    Added {
        name: String,
        role: SnapshotRole,
    },
    Removed {
        name: String,
        role: SnapshotRole,
    },
    RoleChanged {
        name: String,
        from: SnapshotRole,
        to: SnapshotRole,
    },
    /// The same bytes are read in another way.
    Reread {
        name: String,
    },
    /// The roles of columns were chosen.
    ColumnRoles,
    /// The class that is the positive one was chosen.
    Positive {
        class: String,
    },
    /// null when it is no longer given.
    Threshold {
        to: Option<f64>,
    },
}

/// A file and its role.
type Input<'a> = (SnapshotRole, &'a Snapshot);

/// What is different about the files: those taken out first, then those that are new, in their order.
pub fn changes_between(before: &[Input<'_>], after: &[Input<'_>]) -> Vec<InputChange> {
    let (mut gone, mut new) = (before.to_vec(), after.to_vec());
    take_pairs(&mut gone, &mut new, |one, other| one.0 == other.0 && one.1.id == other.1.id);
    let moved = take_pairs(&mut gone, &mut new, |one, other| one.1.id == other.1.id);
    let reread = take_pairs(&mut gone, &mut new, |one, other| one.1.sha256 == other.1.sha256);
    let name = |snapshot: &Snapshot| snapshot.name.clone();
    let mut changes: Vec<InputChange> =
        gone.iter().map(|&(role, file)| InputChange::Removed { name: name(file), role }).collect();
    changes.extend(new.iter().map(|&(role, file)| InputChange::Added { name: name(file), role }));
    let role_changed =
        |&((from, _), (to, file)): &(Input<'_>, Input<'_>)| InputChange::RoleChanged { name: name(file), from, to };
    changes.extend(moved.iter().map(role_changed));
    changes.extend(reread.iter().map(|(_, (_, file))| InputChange::Reread { name: name(file) }));
    changes
}

/// Takes out of both lists what belongs together, each at most once.
fn take_pairs<'a>(
    gone: &mut Vec<Input<'a>>,
    new: &mut Vec<Input<'a>>,
    is_pair: impl Fn(&Input<'a>, &Input<'a>) -> bool,
) -> Vec<(Input<'a>, Input<'a>)> {
    let mut pairs = Vec::new();
    gone.retain(|one| {
        let Some(at) = new.iter().position(|other| is_pair(one, other)) else { return true };
        pairs.push((*one, new.remove(at)));
        false
    });
    pairs
}

pub(super) fn words(changes: &[InputChange]) -> String {
    let said: Vec<String> = changes.iter().map(InputChange::words).collect();
    if said.is_empty() { "changed the inputs".to_owned() } else { format!("changed the inputs: {}", said.join(", ")) }
}

impl InputChange {
    fn words(&self) -> String {
        match self {
            InputChange::Added { name, role } => format!("added {name} as {}", role.id()),
            InputChange::Removed { name, role } => format!("removed {name} ({})", role.id()),
            InputChange::RoleChanged { name, from, to } => {
                format!("gave {name} the role {} instead of {}", to.id(), from.id())
            }
            InputChange::Reread { name } => format!("read {name} in another way"),
            InputChange::Positive { class } => format!("chose {class} as the positive class"),
            InputChange::ColumnRoles => "chose column roles".to_owned(),
            InputChange::Threshold { to: Some(threshold) } => format!("set the threshold to {threshold}"),
            InputChange::Threshold { to: None } => "removed the threshold".to_owned(),
        }
    }
}
