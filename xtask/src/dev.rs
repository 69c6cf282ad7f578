//! `cargo xtask dev`: rebuild and restart whenever a source file changes.

use std::fs;
use std::path::Path;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use crate::Outcome;
use crate::process::{announce, root};
use crate::{assets, build};

const POLL: Duration = Duration::from_millis(700);

/// Serves the demo, and again after each change that builds. A change that does not build leaves the last good one running.
pub fn watch() -> Outcome {
    let mut server: Option<Child> = None;
    let mut built = SystemTime::UNIX_EPOCH;
    loop {
        let changed = newest(&root());
        if changed > built {
            built = changed;
            match build::everything(build::Profile::Dev) {
                Ok(binary) => server = Some(restart(server, &binary)?),
                Err(sentence) => eprintln!("{sentence} Waiting for the next change."),
            }
        }
        sleep(POLL);
    }
}

fn restart(old: Option<Child>, binary: &Path) -> Outcome<Child> {
    if let Some(mut old) = old {
        old.kill().and_then(|()| old.wait()).map_err(|error| format!("could not stop the running server: {error}."))?;
    }
    announce("Serving the demo at http://127.0.0.1:3000; reload the page to see the change");
    Command::new(binary)
        .arg("demo")
        .env("LEPTOS_SITE_ROOT", assets::site())
        .spawn()
        .map_err(|error| format!("could not start {}: {error}.", binary.display()))
}

/// When a source file below the folder was last written.
fn newest(folder: &Path) -> SystemTime {
    let mut newest = SystemTime::UNIX_EPOCH;
    let mut folders: Vec<_> = ["app", "server", "style", "migrations"].iter().map(|name| folder.join(name)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() {
                folders.push(entry.path());
            } else if let Ok(modified) = metadata.modified() {
                newest = newest.max(modified);
            }
        }
    }
    newest
}
