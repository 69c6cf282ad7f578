//! What several stored files seem to be, all of them together.

use domain::arrangement::{ArrangedFile, ArrangedLabel, Arrangement};
use domain::investigation::PinnedInput;
use domain::snapshot::{ColumnRole, Snapshot};
use domain::{Problem, SnapshotRole, Sureness};
use measure::ingest::guess::together::{self, Arranged, File, Shown};

use crate::Service;
use crate::investigations::MAX_INPUTS;

impl Service {
    /// The roles that stored files seem to have, and the label.
    ///
    /// # Errors
    /// `NotFound` with an unknown snapshot, `BadInput` with more than an investigation holds.
    pub async fn arrangement(&self, ids: &[String]) -> Result<Arrangement, Problem> {
        Ok(arrangement(&self.named(ids).await?))
    }

    /// The roles that stored files seem to have among the inputs of an investigation, which have theirs.
    ///
    /// # Errors
    /// `NotFound` without the investigation or with an unknown snapshot, `BadInput` as for [`Service::arrangement`].
    pub async fn arrangement_among(&self, investigation: &str, ids: &[String]) -> Result<Arrangement, Problem> {
        let pinned = self.investigation(investigation).await?.inputs.into_iter();
        let with_role = |input: PinnedInput| Snapshot { guessed_role: input.role, ..input.snapshot };
        let added = self.named(ids).await?;
        let mut found = arrangement(&pinned.map(with_role).chain(added).collect::<Vec<_>>());
        found.files.retain(|file| ids.contains(&file.snapshot));
        Ok(found)
    }

    async fn named(&self, ids: &[String]) -> Result<Vec<Snapshot>, Problem> {
        if ids.len() > MAX_INPUTS {
            return Err(Problem::bad_input(format!("At most {MAX_INPUTS} files can be arranged. Leave some out.")));
        }
        let mut snapshots = Vec::with_capacity(ids.len());
        for id in ids {
            snapshots.push(self.snapshot(id).await?);
        }
        Ok(snapshots)
    }
}

fn arrangement(snapshots: &[Snapshot]) -> Arrangement {
    let arranged = together::arrange(snapshots);
    let placed = arranged.iter().filter_map(|file| Some((file.role?, by_id(snapshots, &file.snapshot)?)));
    let tables: Vec<File> = placed.map(|(role, snapshot)| File::of(snapshot, role)).collect();
    let label = label(&tables);
    // One table can be cut; where there are several, they are what is compared.
    let compared = arranged.iter().filter(|file| file.role.is_some_and(SnapshotRole::is_compared)).count();
    let is_alone = |file: &Arranged| compared == 1 && file.role.is_some_and(SnapshotRole::is_compared);
    let cuts = |file: &Arranged| by_id(snapshots, &file.snapshot).filter(|_| is_alone(file)).map(together::cuts);
    let files = arranged.into_iter().map(|file| {
        let cuts = cuts(&file).unwrap_or_default();
        ArrangedFile { snapshot: file.snapshot, role: file.role, why: file.reason.words(), cuts }
    });
    Arrangement { label, files: files.collect() }
}

fn by_id<'a>(snapshots: &'a [Snapshot], id: &str) -> Option<&'a Snapshot> {
    snapshots.iter().find(|snapshot| snapshot.id == id)
}

/// What all files show, or else what train shows by itself.
fn label(tables: &[File]) -> Option<ArrangedLabel> {
    if let Some(guess) = together::label(tables) {
        return Some(ArrangedLabel { column: guess.column, why: guess.shown.words(), sureness: guess.sureness });
    }
    let train = tables.iter().find(|file| file.role == SnapshotRole::Train)?;
    let own = train.columns.iter().find(|column| column.role == ColumnRole::Label)?;
    Some(ArrangedLabel { column: own.name.to_owned(), why: Shown::Named.words(), sureness: Sureness::Likely })
}

/// The files with the roles that they seem to have; those that are better left out are.
pub fn assign_roles(snapshots: &[Snapshot]) -> Vec<(SnapshotRole, String)> {
    let arranged = together::arrange(snapshots).into_iter();
    arranged.filter_map(|file| Some((file.role?, file.snapshot))).collect()
}
