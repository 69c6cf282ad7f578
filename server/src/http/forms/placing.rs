//! The roles that a form gives to files.

use domain::Problem;
use domain::snapshot::{Snapshot, SnapshotRole};

use crate::http::extract::Fields;

/// The roles that a person chose: the role's id (empty: leave the file out) and the id of the snapshot.
pub(in crate::http) fn choices(fields: &Fields) -> impl Iterator<Item = (&str, &str)> {
    fields.all("placed").filter_map(|placed| placed.split_once(':'))
}

/// The roles that all files together show, and in their place those that a person gave. A role is given only to a file that is
/// among `brought`: whether the sender may use it was asked of those alone.
///
/// # Errors
/// `NotFound` for another file, `BadInput` for what is not a role.
pub(super) fn placed(
    mut assigned: Vec<(SnapshotRole, String)>,
    brought: &[Snapshot],
    fields: &Fields,
) -> Result<Vec<(SnapshotRole, String)>, Problem> {
    for (role, id) in choices(fields) {
        let place = assigned.iter().position(|(_, known)| known == id);
        match (role, place) {
            ("", Some(place)) => {
                assigned.remove(place);
            }
            ("", None) => {}
            (role, Some(place)) => assigned[place].0 = part_of(role)?,
            (role, None) if brought.iter().any(|snapshot| snapshot.id == id) => {
                assigned.push((part_of(role)?, id.to_owned()));
            }
            (_, None) => {
                return Err(Problem::not_found(
                    "The form gives a role to a file that it does not bring. Add the file, then choose its role.",
                ));
            }
        }
    }
    Ok(assigned)
}

pub(super) fn part_of(id: &str) -> Result<SnapshotRole, Problem> {
    SnapshotRole::from_id(id)
        .ok_or_else(|| Problem::bad_input(format!("{id:?} is not a valid file role. Choose one from the list.")))
}
