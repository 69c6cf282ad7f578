//! Two columns at once, and two runs row by row.

use domain::selection::{Flips, FlipsAsked, MOST_CONDITIONS, PairAnswer, RunName, Selection};
use domain::{Problem, SnapshotRole};

use crate::Service;
use crate::isolation::{CompareRuns, Pair, TableToRead};
use crate::selection::AllTables;
use crate::summaries::DiskSummaries;

impl Service {
    /// How many rows of train and of serve lie where in two columns, and of these the marked ones.
    ///
    /// # Errors
    /// `NotFound` without the investigation, or where neither side has both columns; `BadInput` for columns that can't be compared.
    pub async fn pair(&self, id: &str, x: &str, y: &str, marked: Option<&Selection>) -> Result<PairAnswer, Problem> {
        if marked.is_some_and(|marked| marked.conditions.len() > MOST_CONDITIONS) {
            return Err(Problem::bad_input(format!("You can combine up to {MOST_CONDITIONS} conditions.")));
        }
        let investigation = self.investigation(id).await?;
        let all = self.all_tables(&investigation).await?;
        let places = [SnapshotRole::Train, SnapshotRole::Serve].into_iter().filter_map(|role| all.of_role(role));
        let tables: Vec<TableToRead> = places.map(|place| all.read(&investigation, place)).collect();
        let task = Pair {
            tables,
            summaries: DiskSummaries::new(&self.inner.folder),
            x: x.to_owned(),
            y: y.to_owned(),
            marked: marked.cloned(),
        };
        self.inner.isolation.ask(task).await
    }

    /// What changed from one run to another, row by row, and what is special about the rows that lost.
    ///
    /// # Errors
    /// `NotFound` without the investigation or one of the runs; `BadInput` for a run with itself, and where the rows can't be matched.
    pub async fn flips(&self, id: &str, asked: FlipsAsked) -> Result<Flips, Problem> {
        if asked.first == asked.second {
            return Err(Problem::bad_input("Choose two different runs."));
        }
        let investigation = self.investigation(id).await?;
        let all = self.all_tables(&investigation).await?;
        let (first, second) = (run(&all, &asked.first)?, run(&all, &asked.second)?);
        let others = (0..all.joined.len()).filter(|place| ![first, second].contains(place) && has_rows(&all, *place));
        let task = CompareRuns {
            others: others.map(|place| all.read(&investigation, place)).collect(),
            first: all.read(&investigation, first),
            second: all.read(&investigation, second),
            summaries: DiskSummaries::new(&self.inner.folder),
            asked,
        };
        self.inner.isolation.ask(task).await
    }
}

fn run(all: &AllTables, asked: &RunName) -> Result<usize, Problem> {
    all.of_run(&asked.name).ok_or_else(|| {
        Problem::not_found(format!(
            "The investigation has no run {}. It may have been taken out of the inputs.",
            asked.words()
        ))
    })
}

/// Whether features of the rows of a run may be in it.
fn has_rows(all: &AllTables, place: usize) -> bool {
    matches!(
        all.joined[place].role,
        SnapshotRole::Train | SnapshotRole::Validation | SnapshotRole::Test | SnapshotRole::Serve
    )
}
