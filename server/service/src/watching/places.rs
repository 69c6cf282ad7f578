//! What is at a place: the files of a folder, the objects below a prefix, or one address.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use domain::{Problem, ProblemKind};
use sources::{Listed, Sources};

/// Files of one place at most.
const MOST_FILES: usize = 10_000;
/// Folders within each other.
const MOST_DEPTH: usize = 5;
/// A file that was changed a moment ago may still be written.
const SETTLED_MS: i64 = 10_000;

/// What a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Folder,
    Prefix,
    /// Of one file, or of a running tool.
    Address,
}

pub(super) fn place_of(target: &str) -> Place {
    match (Sources::is_prefix(target), Sources::is_address(target)) {
        (true, _) => Place::Prefix,
        (false, true) => Place::Address,
        (false, false) => Place::Folder,
    }
}

/// The files below a folder that is itself below an allowed one, as they are addressed by a link. Left out are hidden ones, those
/// that begin with an underscore (markers of other tools), and what may still be written.
///
/// # Errors
/// `Forbidden` outside of the allowed folders; `BadInput` when a folder can't be read, or has too many files.
pub(super) fn in_folder(target: &str, roots: &[PathBuf], now_ms: i64) -> Result<Vec<Listed>, Problem> {
    let folder = roots.iter().find_map(|root| below(root, target)).ok_or_else(|| {
        let message = match roots {
            [] => "Watching folders is off. Start the server with --link-root and the folder.".to_owned(),
            _ => format!("There is no folder {target} below the folders allowed with --link-root."),
        };
        Problem::new(ProblemKind::Forbidden, message)
    })?;
    let mut listed = Vec::new();
    walk(&folder, &folder, 0, now_ms, &mut listed)?;
    Ok(listed)
}

/// The real path of a folder below the root, with every symbolic link followed first: one that leads out is out.
fn below(root: &Path, target: &str) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    let path = root.join(target).canonicalize().ok()?;
    (path.starts_with(&root) && path.is_dir()).then_some(path)
}

fn walk(root: &Path, folder: &Path, depth: usize, now_ms: i64, listed: &mut Vec<Listed>) -> Result<(), Problem> {
    let unread = |error: std::io::Error| {
        tracing::info!(%error, folder = %folder.display(), "a watched folder can't be read");
        Problem::bad_input(format!("{} can't be read. Check that Mismatch's user may read it.", folder.display()))
    };
    for entry in fs::read_dir(folder).map_err(unread)? {
        let entry = entry.map_err(unread)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(['.', '_']) {
            continue;
        }
        // Not followed: a link to elsewhere is nothing that is here.
        let about = entry.metadata().map_err(unread)?;
        if about.is_dir() {
            if depth < MOST_DEPTH {
                walk(root, &entry.path(), depth + 1, now_ms, listed)?;
            }
            continue;
        }
        let modified_ms = ms(about.modified().map_err(unread)?);
        if !about.is_file() || now_ms - modified_ms < SETTLED_MS {
            continue;
        }
        if listed.len() >= MOST_FILES {
            return Err(Problem::bad_input(format!(
                "{} has more than {MOST_FILES} files. Watch a folder with fewer.",
                root.display()
            )));
        }
        let path = entry.path();
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        let mark = format!("{} {modified_ms}", about.len());
        listed.push(Listed { name, target: path.to_string_lossy().into_owned(), mark, modified_ms });
    }
    Ok(())
}

/// The objects below a prefix, without markers of other tools.
///
/// # Errors
/// As [`Sources::list`].
pub(super) fn in_bucket(sources: &Sources, prefix: &str) -> Result<Vec<Listed>, Problem> {
    let mut listed = sources.list(prefix, MOST_FILES)?;
    let is_marker = |part: &str| part.is_empty() || part.starts_with(['.', '_']);
    listed.retain(|one| !one.name.split('/').any(is_marker));
    Ok(listed)
}

fn ms(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_folder_a_prefix_or_an_address() {
        assert_eq!(place_of("churn/served"), Place::Folder);
        assert_eq!(place_of("s3://models/churn/"), Place::Prefix);
        assert_eq!(place_of("s3://models/churn/today.csv"), Place::Address);
        assert_eq!(place_of("http://prometheus:9090/"), Place::Address);
    }

    #[test]
    fn a_folder_gives_its_settled_files_and_nothing_outside_of_it() {
        let root = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        let write = |name: &str| {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "a\n1\n").unwrap();
        };
        for name in [
            "served/2026-05-01.csv",
            "served/dt=2026-05-02/part.csv",
            "served/_SUCCESS",
            "served/.part.crc",
            "other.csv",
        ] {
            write(name);
        }
        fs::write(outside.path().join("secret.csv"), "a\n1\n").unwrap();
        std::os::unix::fs::symlink(outside.path(), root.path().join("served/out")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret.csv"), root.path().join("served/secret.csv")).unwrap();
        let roots = [root.path().to_owned()];
        let now = ms(SystemTime::now());
        let names = |target: &str, now_ms: i64| {
            let mut names: Vec<String> =
                in_folder(target, &roots, now_ms).unwrap().into_iter().map(|one| one.name).collect();
            names.sort();
            names
        };
        assert_eq!(names("served", now + 60_000), ["2026-05-01.csv", "dt=2026-05-02/part.csv"]);
        assert!(names("served", now).is_empty(), "they may still be written");
        for target in ["served/out", "..", "/etc", "absent", "other.csv"] {
            let told = in_folder(target, &roots, now).unwrap_err();
            assert_eq!(told.kind, ProblemKind::Forbidden, "{target}");
        }
        assert!(in_folder("served", &[], now).unwrap_err().message.contains("--link-root"));
    }
}
