//! Files that belong together, before anything is measured: windows of served rows become one table, and predictions and
//! labels that are kept in files of their own are joined by id.

use domain::naming::{name, names};
use domain::snapshot::Column;
use domain::{Problem, Reading, ReadingOf, Roles, SnapshotRole, Sureness};
use measure::ingest::guess::guess_columns;
use measure::ingest::guess::together::{self, File, Join, JoinedColumn};
use measure::table::{AttachedColumn, Attachment, TableSource};

use super::input::{Attached, DiagnoseInput};
use super::stacking::{is_part_of_another, stacked};

/// The inputs with what belongs to them: the first window of served rows has the rows of all windows, and each file of an id and
/// little else is attached to the tables that it is about. Every input keeps its place.
///
/// # Errors
/// When a table that nobody has read before can't be read.
pub fn joined(inputs: &[DiagnoseInput], named: &Roles) -> Result<Vec<DiagnoseInput>, Problem> {
    let mut inputs = stacked(inputs)?;
    let is_apart = |input: &DiagnoseInput| matches!(input.role, SnapshotRole::Predictions | SnapshotRole::Labels);
    if !inputs.iter().any(is_apart) {
        return Ok(inputs);
    }
    let is_table = |place: &usize| inputs[*place].role.is_table() && !is_part_of_another(*place, &inputs);
    let tables: Vec<usize> = (0..inputs.len()).filter(is_table).collect();
    for place in &tables {
        let input = &mut inputs[*place];
        if input.guessed.is_none() {
            input.guessed = Some(guess_columns(input.stored_file().open()?.as_ref())?);
        }
    }
    let files: Vec<File> = tables.iter().map(|place| file(&inputs[*place])).collect();
    for Join { from, into, from_id, into_id, columns } in together::joins(&files, named) {
        let source = inputs[tables[from]].clone();
        let wanted = columns
            .iter()
            .map(|JoinedColumn { name, as_name, .. }| AttachedColumn { name: name.clone(), as_name: as_name.clone() });
        let attachment = Attachment { file: source.stored_file(), id: from_id, of: into_id, columns: wanted.collect() };
        let target = &mut inputs[tables[into]];
        target.attached.push(Attached { attachment, key: source.profile_key()? });
        let added = columns.iter().filter_map(|column| as_joined(column, &source));
        target.guessed.iter_mut().for_each(|known| known.extend(added.clone()));
    }
    Ok(inputs)
}

/// What is to be said of an input that could be joined: that it was, or why it is of no use.
pub(super) fn note(input: &DiagnoseInput, inputs: &[&DiagnoseInput]) -> Option<String> {
    let is_here = |attached: &&Attached| attached.attachment.file.path == input.path;
    let joined = inputs.iter().filter_map(|table| Some((table, table.attached.iter().find(is_here)?)));
    let to: Vec<String> =
        joined.map(|(table, attached)| format!("`{}` by {}", table.name, name(&attached.attachment.id))).collect();
    match (to.is_empty(), input.role) {
        (false, _) => Some(format!("Joined to {}.", to.join(" and "))),
        (true, SnapshotRole::Labels) => {
            Some("Not joined: no table without a label has a column with the same ids.".to_owned())
        }
        (true, _) => None,
    }
}

/// What was joined, as the diagnosis lists it.
pub(super) fn readings(inputs: &[&DiagnoseInput]) -> Vec<Reading> {
    let attached = inputs.iter().flat_map(|table| table.attached.iter().map(move |attached| (table, attached)));
    let reading = |(table, attached): (&&DiagnoseInput, &Attached)| {
        let Attachment { file, id, of, columns } = &attached.attachment;
        let read: Vec<&str> = columns.iter().map(|column| column.as_name.as_str()).collect();
        Reading {
            of: ReadingOf::JoinedRows,
            file: Some(file.name.clone()),
            columns: read.iter().map(|&column| column.to_owned()).collect(),
            taken: format!("{} of `{}` belongs to the rows of `{}`.", names(&read), file.name, table.name),
            why: match id == of {
                true => format!("Both files have the id {}.", name(id)),
                false => format!("Its id {} has the values of {} there.", name(id), name(of)),
            },
            sureness: Sureness::Likely,
            change: "Name the id with --id, or give the file another role.".to_owned(),
        }
    };
    attached.map(reading).collect()
}

fn file(input: &DiagnoseInput) -> File<'_> {
    File::new(&input.name, input.role, input.guessed.as_deref().unwrap_or_default())
}

/// The column as it is known in its own file, with the name and the role that it has in the table.
fn as_joined(joined: &JoinedColumn, source: &DiagnoseInput) -> Option<Column> {
    let own = source.guessed.iter().flatten().find(|column| column.name == joined.name)?;
    Some(Column { name: joined.as_name.clone(), role: joined.role, ..own.clone() })
}
