//! Strangers' files are read in a process of their own, under a bound on memory and time: what a damaged file makes the
//! readers allocate, or a small one makes them burn, ends that process and nothing else.
//!
//! The program starts itself again with a hidden verb. The request goes to the child as one line of JSON, progress and the
//! answer come back as lines of JSON. The child ends when its stdin does, so that none outlives the server.

pub(crate) mod bounds;
mod child;
mod parent;
mod places;
pub(crate) mod reading;
mod task;

use std::path::PathBuf;
use std::sync::Arc;

use domain::Problem;
use measure::progress::{Progress, Unwatched};

use crate::blocking::blocking;
use places::Places;
use task::Asked;

pub use bounds::{Bounds, Killed, limit_this_process};
pub use child::{answer, leave_with_parent};
pub use reading::Reading;
pub(crate) use task::{
    Ask, CompareRuns, DiagnoseAll, Explain, Inspect, ListRows, Marked, Mend, Pair, ProfileOne, RepairedCsv, Show,
    ShowRepaired, TableToRead, Tell, Unpack, WriteTables,
};

/// Runs the readers, each where [`Reading`] says.
#[derive(Debug)]
pub(crate) struct Isolation {
    reading: Reading,
    bounds: Bounds,
    /// Where a child may unpack and convert: on the disk of the data folder, so that what is worth keeping only needs to
    /// be moved.
    scratch: PathBuf,
    places: Places,
}

impl Isolation {
    pub fn new(reading: Reading, bounds: Bounds, scratch: PathBuf) -> Isolation {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Isolation { reading, bounds, scratch, places: Places::of(cores) }
    }

    /// For a request, in its turn; given up when the future is dropped.
    pub async fn ask<A: Asked>(&self, task: A) -> Result<A::Answer, Problem> {
        let _place = self.places.take(A::WANTED).await;
        let bounds = Bounds { time: self.bounds.time.min(bounds::REQUEST_TIME), ..self.bounds };
        self.run(task, Arc::new(Unwatched), &bounds).await
    }

    /// For a job, which has its own bound on how many run at once, somebody who watches and somebody who may cancel.
    pub async fn work<A: Ask>(&self, task: A, progress: Arc<dyn Progress + Send>) -> Result<A::Answer, Problem> {
        self.run(task, progress, &self.bounds).await
    }

    async fn run<A: Ask>(
        &self,
        task: A,
        progress: Arc<dyn Progress + Send>,
        bounds: &Bounds,
    ) -> Result<A::Answer, Problem> {
        match &self.reading {
            Reading::InThisProcess => blocking(move || task.run(progress.as_ref())).await,
            Reading::ChildOf(program) => parent::ask(program, &self.scratch, task, progress, bounds).await,
        }
    }
}
