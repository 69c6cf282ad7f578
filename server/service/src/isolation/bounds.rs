//! What one reading may cost, and what is said when it costs more.

use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

use domain::{Problem, ProblemKind};
use rustix::process::{Resource, Rlimit, setrlimit};

/// Somebody waits in front of a browser for these: looking at a file, the first rows, a marked region.
pub(super) const REQUEST_TIME: Duration = Duration::from_secs(600);

/// Address space that a process takes without using memory for it: the program itself, its threads' stacks ...
const ALLOWANCE: u64 = 1 << 30;
/// ... and the arenas that the C library sets aside, 64 MiB for a thread of each of two pools on each core.
const ALLOWANCE_PER_CORE: u64 = 128 << 20;

/// The bounds on one reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub memory_mb: u64,
    pub time: Duration,
}

impl Bounds {
    pub const DEFAULT_MEMORY_MB: u64 = 4096;
    pub const DEFAULT_TIME_S: u64 = 3600;
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds { memory_mb: Bounds::DEFAULT_MEMORY_MB, time: Duration::from_secs(Bounds::DEFAULT_TIME_S) }
    }
}

/// On Linux: which process the kernel ends first when memory runs out, from -1,000 (never) to 1,000.
const END_FIRST: (&str, &str) = ("/proc/self/oom_score_adj", "500");

/// Bounds the memory of this process for good. What the system bounds is address space, to which files that are mapped,
/// arenas and stacks count too: hence the memory, plus the size of the files to be read, plus a fixed allowance of 1 GiB,
/// plus 128 MiB for each core. Where the system does not let itself be asked, the process runs unbounded, and says so.
pub fn limit_this_process<'a>(memory_mb: u64, files: impl Iterator<Item = &'a Path>) {
    let files: u64 = files.filter_map(|path| path.metadata().ok()).map(|file| file.len()).sum();
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let bytes = (memory_mb << 20).saturating_add(files).saturating_add(ALLOWANCE + ALLOWANCE_PER_CORE * cores);
    // Several readers within their bounds can still be more than the machine has: then one of them goes, not the server.
    if let Err(error) = std::fs::write(END_FIRST.0, END_FIRST.1) {
        tracing::debug!(%error, "the kernel does not accept which process to end first");
    }
    // A file that ends its reader must not fill the disk with the reader's memory.
    for (resource, most) in [(Resource::As, bytes), (Resource::Core, 0)] {
        if let Err(error) = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) }) {
            tracing::warn!(%error, ?resource, "reading without this bound");
        }
    }
}

/// A reading that a bound ended.
#[derive(Debug, Clone, Copy)]
pub enum Killed {
    /// The process ended by itself, abnormally: out of memory, or a fault in a reader.
    Ended(ExitStatus),
    /// The time was over.
    TimeOver,
}

impl Killed {
    /// The sentence for people; `names` are what they call the files.
    pub fn problem(self, names: &[String], bounds: &Bounds) -> Problem {
        let named: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let named = if named.is_empty() { "The file".to_owned() } else { named.join(", ") };
        let message = match self {
            Killed::Ended(status) => {
                // The names are people's; the person who sent the files is told them.
                tracing::error!(%status, files = names.len(), "a reading ended without an answer");
                format!(
                    "{named} could not be read within {} MB of memory: a file is damaged, or too large for that. Export it \
                     again, give fewer rows or columns, or start Mismatch with a larger --memory.",
                    bounds.memory_mb
                )
            }
            Killed::TimeOver => format!(
                "{named} could not be read within {} seconds. Give fewer rows or columns, or start Mismatch with a longer \
                 --time-limit.",
                bounds.time.as_secs()
            ),
        };
        Problem::new(ProblemKind::TooLarge, message)
    }
}
