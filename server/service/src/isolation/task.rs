//! What a reader can be asked to do.

use std::path::{Path, PathBuf};

use domain::repair::{Repair, RepairedRows};
use domain::selection::{Flips, FlipsAsked, PairAnswer, RowsAsked, SelectedRows, Selection, SelectionAnswer};
use domain::snapshot::{ColumnKind, Preview, Roles};
use domain::{Problem, SnapshotRole};
use engine::diagnose::{DiagnoseInput, DiagnoseSettings, Diagnosed};
use engine::ingest::{Ingested, ingest};
use engine::repair::{repaired_csv, repaired_rows};
use engine::selection::{NamedTable, Rows, Table, explain, flips, list, pair};
use measure::archive::{UnpackedFile, unpack};
use measure::artifacts::{TableFile, write_tables};
use measure::inspect;
use measure::progress::Progress;
use measure::table::StoredFile;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::places::Wanted;
use crate::summaries::DiskSummaries;

/// Work on strangers' files, done here or in a child.
pub(crate) trait Ask: Into<Task> + Send + 'static {
    type Answer: Serialize + DeserializeOwned + Send + 'static;
    fn run(&self, progress: &dyn Progress) -> Result<Self::Answer, Problem>;
    /// What people call the files, and where they are.
    fn files(&self) -> Vec<(&str, &Path)>;
}

/// Work that somebody waits for in front of a page or a program.
pub(crate) trait Asked: Ask {
    const WANTED: Wanted;
}

/// Any of them, on its way to the child.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Task {
    Inspect(Inspect),
    Show(Show),
    ProfileOne(ProfileOne),
    DiagnoseAll(Box<DiagnoseAll>),
    Explain(Explain),
    ListRows(ListRows),
    Pair(Pair),
    CompareRuns(Box<CompareRuns>),
    ShowRepaired(ShowRepaired),
    RepairedCsv(RepairedCsv),
    Unpack(Unpack),
    WriteTables(WriteTables),
    Tell(Tell),
}

/// The first look at a file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Inspect(pub StoredFile);

/// The first rows of a table, or what was read from an artifact.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Show {
    pub input: DiagnoseInput,
    pub rows: usize,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ProfileOne {
    pub input: DiagnoseInput,
    pub summaries: DiskSummaries,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DiagnoseAll {
    pub inputs: Vec<DiagnoseInput>,
    pub settings: DiagnoseSettings,
    pub summaries: DiskSummaries,
}

/// Marked rows, and the tables that they are of.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Marked {
    pub tables: Vec<TableToRead>,
    pub summaries: DiskSummaries,
    pub selection: Selection,
}

impl Marked {
    fn read(&self) -> Result<Vec<Table>, Problem> {
        self.tables.iter().map(|table| table.read(&self.summaries)).collect()
    }

    fn files(&self) -> Vec<(&str, &Path)> {
        self.tables.iter().flat_map(|table| with_attached(&table.input)).collect()
    }
}

/// What is different about them?
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Explain(pub Marked);

/// A window of them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ListRows {
    pub marked: Marked,
    pub asked: RowsAsked,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TableToRead {
    /// What the table is in the investigation.
    pub role: SnapshotRole,
    pub input: DiagnoseInput,
    pub roles: Roles,
    pub kinds: Vec<(String, ColumnKind)>,
}

impl TableToRead {
    fn read(&self, summaries: &DiskSummaries) -> Result<Table, Problem> {
        let rows = Rows::read(&self.input, summaries)?;
        Ok(Table { role: self.role, rows, roles: self.roles.clone(), kinds: self.kinds.clone() })
    }
}

/// Two columns of tables at once.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Pair {
    pub tables: Vec<TableToRead>,
    pub summaries: DiskSummaries,
    pub x: String,
    pub y: String,
    pub marked: Option<Selection>,
}

/// Two runs of the same rows, and tables that may have features of these.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CompareRuns {
    pub first: TableToRead,
    pub second: TableToRead,
    pub others: Vec<TableToRead>,
    pub summaries: DiskSummaries,
    pub asked: FlipsAsked,
}

/// The tables, and what is done to the served one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Mend {
    pub repair: Repair,
    pub trained: Option<DiagnoseInput>,
    pub served: DiagnoseInput,
    /// The column of times.
    pub time: Option<String>,
    pub summaries: DiskSummaries,
}

/// The first rows before and after.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ShowRepaired(pub Mend);

/// All of them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RepairedCsv(pub Mend);

impl Mend {
    fn rows(&self) -> Result<(Option<Rows>, Rows), Problem> {
        let trained = self.trained.as_ref().map(|input| Rows::read(input, &self.summaries)).transpose()?;
        Ok((trained, Rows::read(&self.served, &self.summaries)?))
    }

    fn files(&self) -> Vec<(&str, &Path)> {
        self.trained.iter().chain([&self.served]).flat_map(with_attached).collect()
    }
}

/// The files of an archive, written into a folder of the asker's.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Unpack {
    pub path: PathBuf,
    /// What people call it.
    pub name: String,
    pub into: PathBuf,
    /// Of all files together.
    pub most_bytes: u64,
}

/// The tables that a file of another tool holds, written into a folder of the asker's.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WriteTables {
    pub path: PathBuf,
    /// What people call it.
    pub name: String,
    pub into: PathBuf,
}

/// What a file of another tool says by itself.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Tell {
    pub path: PathBuf,
    /// What people call it.
    pub name: String,
}

impl Ask for Tell {
    type Answer = Ingested;
    fn run(&self, _progress: &dyn Progress) -> Result<Ingested, Problem> {
        ingest(&self.path, &self.name)
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        vec![(&self.name, &self.path)]
    }
}

impl Ask for Inspect {
    type Answer = inspect::Inspected;
    fn run(&self, _progress: &dyn Progress) -> Result<Self::Answer, Problem> {
        inspect::inspect(&self.0)
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        vec![(&self.0.name, &self.0.path)]
    }
}

impl Ask for Show {
    type Answer = Preview;
    fn run(&self, _progress: &dyn Progress) -> Result<Self::Answer, Problem> {
        let show = if self.input.role == SnapshotRole::Artifact { inspect::preview_artifact } else { inspect::preview };
        show(&self.input.stored_file(), self.rows)
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        vec![file(&self.input)]
    }
}

impl Ask for ProfileOne {
    /// The summary is kept on disk by who made it.
    type Answer = ();
    fn run(&self, progress: &dyn Progress) -> Result<(), Problem> {
        engine::diagnose::summarise(&self.input, &self.summaries, progress).map(|_kept| ())
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        vec![file(&self.input)]
    }
}

impl Ask for DiagnoseAll {
    type Answer = Diagnosed;
    fn run(&self, progress: &dyn Progress) -> Result<Diagnosed, Problem> {
        engine::diagnose::diagnose_and_remember(&self.inputs, &self.settings, &self.summaries, progress)
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        self.inputs.iter().map(file).collect()
    }
}

impl Ask for Explain {
    type Answer = SelectionAnswer;
    fn run(&self, _progress: &dyn Progress) -> Result<SelectionAnswer, Problem> {
        explain(&self.0.read()?, &self.0.selection)
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        self.0.files()
    }
}

impl Ask for ListRows {
    type Answer = SelectedRows;
    fn run(&self, _progress: &dyn Progress) -> Result<SelectedRows, Problem> {
        list(&self.marked.read()?, &self.marked.selection, &self.asked)
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        self.marked.files()
    }
}

impl Ask for Pair {
    type Answer = PairAnswer;
    fn run(&self, _progress: &dyn Progress) -> Result<PairAnswer, Problem> {
        let tables: Result<Vec<Table>, Problem> = self.tables.iter().map(|table| table.read(&self.summaries)).collect();
        pair(&tables?, &self.x, &self.y, self.marked.as_ref())
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        self.tables.iter().flat_map(|table| with_attached(&table.input)).collect()
    }
}

impl Ask for CompareRuns {
    type Answer = Flips;
    fn run(&self, _progress: &dyn Progress) -> Result<Flips, Problem> {
        let read = |table: &TableToRead| {
            Ok(NamedTable { name: table.input.name.clone(), table: table.read(&self.summaries)? })
        };
        let others: Result<Vec<NamedTable>, Problem> = self.others.iter().map(read).collect();
        flips([&read(&self.first)?, &read(&self.second)?], &others?, &self.asked)
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        let tables = [&self.first, &self.second].into_iter().chain(&self.others);
        tables.flat_map(|table| with_attached(&table.input)).collect()
    }
}

impl Ask for ShowRepaired {
    type Answer = RepairedRows;
    fn run(&self, _progress: &dyn Progress) -> Result<RepairedRows, Problem> {
        let (trained, served) = self.0.rows()?;
        repaired_rows(&self.0.repair, trained.as_ref(), &served, self.0.time.as_deref())
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        self.0.files()
    }
}

impl Ask for RepairedCsv {
    type Answer = String;
    fn run(&self, _progress: &dyn Progress) -> Result<String, Problem> {
        let (trained, served) = self.0.rows()?;
        repaired_csv(&self.0.repair, trained.as_ref(), &served, self.0.time.as_deref())
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        self.0.files()
    }
}

impl Ask for Unpack {
    /// Nothing where it is one document rather than several files.
    type Answer = Option<Vec<UnpackedFile>>;
    fn run(&self, _progress: &dyn Progress) -> Result<Self::Answer, Problem> {
        unpack(&self.path, &self.name, &self.into, self.most_bytes)
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        vec![(&self.name, &self.path)]
    }
}

impl Ask for WriteTables {
    type Answer = Vec<TableFile>;
    fn run(&self, _progress: &dyn Progress) -> Result<Self::Answer, Problem> {
        write_tables(&self.path, &self.name, &self.into)
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        vec![(&self.name, &self.path)]
    }
}

fn file(input: &DiagnoseInput) -> (&str, &Path) {
    (&input.name, &input.path)
}

/// A table's own file, and those that were joined to it.
fn with_attached(input: &DiagnoseInput) -> impl Iterator<Item = (&str, &Path)> {
    let followers = input.followed_by.iter().map(|follower| &follower.file);
    let attached = input.attached.iter().map(|attached| &attached.attachment.file);
    let others = followers.chain(attached).map(|file| (file.name.as_str(), file.path.as_path()));
    std::iter::once(file(input)).chain(others)
}

/// What each is waited for as.
macro_rules! waited_for {
    ($wanted:ident: $($name:ident),+) => {
        $(impl Asked for $name {
            const WANTED: Wanted = Wanted::$wanted;
        })+
    };
}

waited_for!(Brought: Inspect, Tell, Unpack, WriteTables);
waited_for!(Seen: Show, Explain, ListRows, Pair, CompareRuns, ShowRepaired);
waited_for!(Written: RepairedCsv);

/// Each as what a child is asked.
macro_rules! tasks {
    ($($name:ident),+) => {
        $(impl From<$name> for Task {
            fn from(task: $name) -> Task {
                Task::$name(task)
            }
        })+
    };
}

tasks!(Inspect, Show, ProfileOne, Tell, Explain, ListRows, Pair, Unpack, WriteTables, ShowRepaired, RepairedCsv);

impl From<DiagnoseAll> for Task {
    fn from(task: DiagnoseAll) -> Task {
        Task::DiagnoseAll(Box::new(task))
    }
}

impl From<CompareRuns> for Task {
    fn from(task: CompareRuns) -> Task {
        Task::CompareRuns(Box::new(task))
    }
}
