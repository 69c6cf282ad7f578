//! Files that hold an id and little else, and the tables whose rows they are about: labels that come later, and
//! predictions that are kept apart.

use domain::snapshot::Glance;
use domain::{ColumnKind, ColumnRole, Roles, SnapshotRole};

use super::files::is_id;
use super::{File, FileColumn, label};

/// Columns of one file that belong to the rows of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// Place of the file that has them, among all files.
    pub from: usize,
    /// Place of the table that gets them.
    pub into: usize,
    pub from_id: String,
    pub into_id: String,
    pub columns: Vec<JoinedColumn>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinedColumn {
    /// In its own file.
    pub name: String,
    /// In the table.
    pub as_name: String,
    pub role: ColumnRole,
}

/// Of the range of its ids, so much must lie within the range of the other file's ids.
const OVERLAP: f64 = 0.5;
/// Tables that predictions can be about, what is served first.
const PREDICTED: [SnapshotRole; 4] =
    [SnapshotRole::Serve, SnapshotRole::Test, SnapshotRole::Validation, SnapshotRole::Train];
/// Tables and runs whose labels can come later.
const LABELLED: [SnapshotRole; 4] =
    [SnapshotRole::Serve, SnapshotRole::Test, SnapshotRole::Validation, SnapshotRole::Predictions];

/// Which files are joined to which tables. What has its answers already, or has its label, is left as it is.
pub fn joins(files: &[File], named: &Roles) -> Vec<Join> {
    let label = label_name(files, named);
    let mut found: Vec<Join> = Vec::new();
    for (from, file) in files.iter().enumerate() {
        match file.role {
            SnapshotRole::Predictions => found.extend(predictions(files, from, named, label.as_deref())),
            SnapshotRole::Labels => {
                for join in labels(files, from, named, label.as_deref()) {
                    // The first file with labels for a table has them all.
                    if !found.iter().any(|other| other.into == join.into && other.columns == join.columns) {
                        found.push(join);
                    }
                }
            }
            _ => {}
        }
    }
    // A run that is joined to a table is evaluated there.
    let runs: Vec<usize> = found.iter().map(|join| join.from).collect();
    found.retain(|join| !runs.contains(&join.into));
    found
}

/// What the label is called in the tables with features.
fn label_name(files: &[File], named: &Roles) -> Option<String> {
    let train = files.iter().find(|file| file.role == SnapshotRole::Train);
    let own = train.and_then(|train| train.columns.iter().find(|column| column.role == ColumnRole::Label));
    let given = named.label().map(str::to_owned);
    given.or_else(|| label(files).map(|guess| guess.column)).or_else(|| own.map(|column| column.name.to_owned()))
}

/// Predictions without a label of their own, to the one table that their ids fit best.
fn predictions(files: &[File], from: usize, named: &Roles, label: Option<&str>) -> Option<Join> {
    let file = &files[from];
    let columns = answers(file, named, label)?;
    let open = |into: &usize| {
        let has = |role| files[*into].columns.iter().any(|column| role_of(column, named) == role);
        *into != from && !has(ColumnRole::Prediction) && !has(ColumnRole::Score)
    };
    let fits = PREDICTED.iter().flat_map(|role| (0..files.len()).filter(move |into| files[*into].role == *role));
    let fits = fits.filter(open).filter_map(|into| Some((into, shared_id(file, &files[into], named)?)));
    // Of equal fits, the first.
    let (into, shared) = fits.fold(None, |best: Option<(usize, SharedId)>, next| match &best {
        Some((_, known)) if known.fit >= next.1.fit => best,
        _ => Some(next),
    })?;
    let free = |column: JoinedColumn| JoinedColumn { as_name: free_name(&files[into], &column, label), ..column };
    Some(Join { from, into, columns: columns.into_iter().map(free).collect(), ..shared.join() })
}

/// What a model says in a file that lacks the label. One column next to an id is what it says, whatever its name.
fn answers(file: &File, named: &Roles, label: Option<&str>) -> Option<Vec<JoinedColumn>> {
    let says = |role| {
        matches!(role, ColumnRole::Prediction | ColumnRole::Score | ColumnRole::Probability | ColumnRole::Quantile)
    };
    let joined = |column: &FileColumn, role| JoinedColumn {
        name: column.name.to_owned(),
        as_name: column.name.to_owned(),
        role,
    };
    let answers: Vec<JoinedColumn> = file
        .columns
        .iter()
        .filter(|column| says(role_of(column, named)))
        .map(|column| joined(column, role_of(column, named)))
        .collect();
    let is_label = |column: &FileColumn| {
        role_of(column, named) == ColumnRole::Label || label.is_some_and(|name| column.name == name)
    };
    if !answers.is_empty() {
        return (!file.columns.iter().any(is_label)).then_some(answers);
    }
    let mut rest = file.columns.iter().filter(|column| !is_id(column));
    let only = rest.next().filter(|column| rest.next().is_none() && column.may_be_label())?;
    let role = if is_probability(only) { ColumnRole::Score } else { ColumnRole::Prediction };
    Some(vec![joined(only, role)])
}

fn is_probability(column: &FileColumn) -> bool {
    let within =
        |glance: &Glance| glance.low.is_some_and(|low| low >= 0.0) && glance.high.is_some_and(|high| high <= 1.0);
    column.glance.as_ref().is_some_and(|glance| !glance.whole && within(glance))
}

/// Labels, to every table and run that lacks them.
fn labels(files: &[File], from: usize, named: &Roles, label: Option<&str>) -> Vec<Join> {
    let file = &files[from];
    let Some(column) = label_column(file, named, label) else { return Vec::new() };
    let as_name = label.unwrap_or(column.name).to_owned();
    let lacks_it = |into: &usize| {
        let is_label = |own: &FileColumn| role_of(own, named) == ColumnRole::Label || own.name == as_name;
        LABELLED.contains(&files[*into].role) && !files[*into].columns.iter().any(is_label)
    };
    let tables = (0..files.len()).filter(lacks_it);
    let joined = |into| {
        let columns =
            vec![JoinedColumn { name: column.name.to_owned(), as_name: as_name.clone(), role: ColumnRole::Label }];
        Some(Join { from, into, columns, ..shared_id(file, &files[into], named)?.join() })
    };
    tables.filter_map(joined).collect()
}

fn label_column<'f, 'a>(file: &'f File<'a>, named: &Roles, label: Option<&str>) -> Option<&'f FileColumn<'a>> {
    let by_name = label.and_then(|name| file.column(name));
    let by_role = || file.columns.iter().find(|column| role_of(column, named) == ColumnRole::Label);
    let mut open = file.columns.iter().filter(|column| column.may_be_label() && !is_id(column));
    by_name.or_else(by_role).or_else(|| open.next().filter(|_| open.next().is_none()))
}

/// As people named it, or else as it was guessed.
fn role_of(column: &FileColumn, named: &Roles) -> ColumnRole {
    match named.of(column.name) {
        ColumnRole::Feature => column.role,
        role => role,
    }
}

/// A name that the table does not have, and that is not the label's.
fn free_name(table: &File, column: &JoinedColumn, label: Option<&str>) -> String {
    let is_taken = |name: &str| table.column(name).is_some() || label.is_some_and(|label| label == name);
    let said = if column.role == ColumnRole::Score { "score" } else { "predicted" };
    let mut name = column.name.clone();
    while is_taken(&name) {
        name = format!("{name} ({said})");
    }
    name
}

/// The columns by which two files are joined.
struct SharedId {
    from: String,
    into: String,
    /// The share of the range of the ids that both have; of text nothing is known, which is half.
    fit: f64,
}

impl SharedId {
    fn join(self) -> Join {
        Join { from: 0, into: 0, from_id: self.from, into_id: self.into, columns: Vec::new() }
    }
}

/// The id that both have by one name, or else the one id of each.
fn shared_id(file: &File, table: &File, named: &Roles) -> Option<SharedId> {
    let of = |from: &FileColumn, into: &FileColumn| {
        let fit = fit(from, into)?;
        Some(SharedId { from: from.name.to_owned(), into: into.name.to_owned(), fit })
    };
    let both = |name: &str| file.column(name).zip(table.column(name));
    if let Some((from, into)) = named.id().and_then(both) {
        return of(from, into);
    }
    let mut ids: Vec<&FileColumn> = file.columns.iter().filter(|column| is_id(column)).collect();
    ids.sort_by_key(|column| column.role != ColumnRole::Id);
    if let Some(found) = ids.iter().find_map(|from| of(from, table.column(from.name)?)) {
        return Some(found);
    }
    let own = table.columns.iter().find(|column| column.role == ColumnRole::Id)?;
    of(ids.first().filter(|column| column.role == ColumnRole::Id)?, own)
}

/// How far the ids of one column are ids of the other; `None` where they are of another kind or of other ranges.
fn fit(from: &FileColumn, into: &FileColumn) -> Option<f64> {
    let is_number = |column: &FileColumn| column.kind == ColumnKind::Numeric;
    if is_number(from) != is_number(into) {
        return None;
    }
    let range = |column: &FileColumn| {
        let glance = column.glance.as_ref()?;
        Some((glance.low?, glance.high?))
    };
    let Some(((low, high), (least, most))) = range(from).zip(range(into)).filter(|_| is_number(from)) else {
        return Some(OVERLAP);
    };
    let inside = (high.min(most) - low.max(least)).max(0.0);
    let fit = if high > low { inside / (high - low) } else { f64::from(u8::from(low >= least && high <= most)) };
    // Labels of a few rows lie within the rows of many, and of many rows only a few may be served.
    let narrower = (high - low).min(most - least);
    let shared = if narrower > 0.0 { inside / narrower } else { fit };
    (fit.max(shared) >= OVERLAP).then_some(fit)
}

#[cfg(test)]
mod tests;
