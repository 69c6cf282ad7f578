//! Tars, also packed ones.

use std::io::Read;

use domain::Problem;
use tar::Archive;

use super::{HARMLESS_BYTES, Taken};

/// Headers and padding of the files, and the files that are passed over, may be as large again as what is taken.
const OVERHEAD: u64 = 2;

/// The names of its files.
pub(super) fn names(from: impl Read, name: &str, room: u64) -> Result<Vec<Vec<u8>>, Problem> {
    let mut names = Vec::new();
    each(from, name, room, |whole_name, _| {
        names.push(whole_name.to_vec());
        Ok(())
    })?;
    Ok(names)
}

pub(super) fn take_apart(from: impl Read, taken: &mut Taken<'_>) -> Result<(), Problem> {
    each(from, taken.archive, taken.room, |whole_name, mut member| taken.take(whole_name, &mut member))
}

fn each(
    from: impl Read,
    name: &str,
    room: u64,
    mut see: impl FnMut(&[u8], &mut dyn Read) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let most = room.max(HARMLESS_BYTES).saturating_mul(OVERHEAD);
    let mut archive = Archive::new(from.take(most));
    for member in archive.entries().map_err(|error| damaged(name, &error))? {
        let mut member = member.map_err(|error| damaged(name, &error))?;
        if member.header().entry_type().is_file() {
            let whole_name = member.path_bytes().into_owned();
            see(&whole_name, &mut member)?;
        }
    }
    Ok(())
}

fn damaged(name: &str, error: &std::io::Error) -> Problem {
    tracing::info!(%error, name, "an archive can't be read");
    Problem::bad_input(format!("The tar archive `{name}` is damaged. Pack it again, or give the files themselves."))
}
