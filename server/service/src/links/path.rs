//! A file on this machine, below a folder that was allowed when the server was started.

use std::fs::{File, Metadata};
use std::io::Read;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use domain::{Problem, ProblemKind};
use sources::Arrived;

use super::{Gone, Linked, still_wanted};
use crate::blobs::{Blob, Blobs};
use crate::uploads::label_of;

/// Bytes that are copied at a time.
const PIECE_BYTES: usize = 1 << 20;

pub(super) fn copy(blobs: &Blobs, target: &str, roots: &[PathBuf], gone: &Gone) -> Result<Linked, Problem> {
    if roots.is_empty() {
        return Err(Problem::new(
            ProblemKind::Forbidden,
            "Linking files by path is off. Start the server with --link-root and the folder they are in, or upload the file.",
        ));
    }
    let (root, path) =
        roots.iter().find_map(|root| Some((root, below(root, target)?))).ok_or_else(|| refused(target))?;
    let file = File::open(&path).map_err(|error| {
        tracing::info!(%error, path = %path.display(), "a linked file can't be opened");
        Problem::bad_input(format!("{target} can't be opened. Check that Mismatch's user may read it."))
    })?;
    if !is_what_is_below(&file, root, target) {
        return Err(refused(target));
    }
    let blob = take_in(blobs, file, target, gone)?;
    Ok(Linked { blob, arrived: Arrived { name: label_of(target), origin: path.to_string_lossy().into_owned() } })
}

/// Copies the whole file into a blob, unless nobody waits for it any more.
fn take_in(blobs: &Blobs, mut from: File, what: &str, gone: &Gone) -> Result<Blob, Problem> {
    let mut incoming = blobs.begin()?;
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let read = from.read(&mut piece).map_err(|error| {
            tracing::info!(%error, what, "a linked file broke off");
            Problem::bad_input(format!("Reading {what} broke off before its end. Try again, or upload the file."))
        })?;
        still_wanted(gone)?;
        match read {
            0 => return Ok(incoming.finish()?),
            read => incoming.write(&piece[..read])?,
        }
    }
}

/// The real path of a regular file below the root, with every symbolic link followed first: one that leads out is out.
fn below(root: &Path, target: &str) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    let path = root.join(target).canonicalize().ok()?;
    (path.starts_with(&root) && path.metadata().ok()?.is_file()).then_some(path)
}

/// Whether what was opened is what is below the root now: between the question and the opening, a link may have taken its place.
fn is_what_is_below(file: &File, root: &Path, target: &str) -> bool {
    let identity = |metadata: Metadata| (metadata.dev(), metadata.ino());
    let opened = file.metadata().map(identity);
    let found = below(root, target).and_then(|path| path.metadata().ok()).map(identity);
    opened.is_ok_and(|opened| Some(opened) == found)
}

/// The same words for a file outside and for one that is not there: what exists outside is nobody's business.
fn refused(target: &str) -> Problem {
    let message = format!("There is no file {target} below the folders allowed with --link-root.");
    Problem::new(ProblemKind::Forbidden, message)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::fs;

    use super::*;
    use crate::blobs::InMemory;

    #[test]
    fn only_regular_files_below_a_root_are_copied() {
        let blobs = Blobs::new(InMemory::default(), 1_000);
        let root = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.csv"), "a\n1\n").unwrap();
        fs::create_dir(root.path().join("deep")).unwrap();
        fs::write(root.path().join("deep/train.csv"), "a\n1\n").unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret.csv"), root.path().join("way_out.csv")).unwrap();
        std::os::unix::fs::symlink(outside.path(), root.path().join("folder_out")).unwrap();
        let roots = [root.path().to_owned()];

        let linked = copy(&blobs, "deep/train.csv", &roots, &Gone::default()).unwrap();
        assert_eq!((linked.arrived.name.as_str(), linked.blob.size_bytes), ("train.csv", 4));
        let whole = root.path().join("deep/train.csv").to_string_lossy().into_owned();
        assert!(copy(&blobs, &whole, &roots, &Gone::default()).is_ok());

        let secret = outside.path().join("secret.csv").to_string_lossy().into_owned();
        let up = format!("../{}/secret.csv", outside.path().file_name().unwrap().to_string_lossy());
        for target in ["way_out.csv", "folder_out/secret.csv", &secret, &up, "deep", "absent.csv", "", "."] {
            let Err(problem) = copy(&blobs, target, &roots, &Gone::default()) else { panic!("{target} was let in") };
            assert_eq!(problem.kind, ProblemKind::Forbidden, "{target}");
        }
        // Swapped between the question and the opening.
        let opened = File::open(&secret).unwrap();
        assert!(!is_what_is_below(&opened, root.path(), "deep/train.csv"));
        assert!(!is_what_is_below(&opened, root.path(), "way_out.csv"));
        assert!(is_what_is_below(&File::open(&whole).unwrap(), root.path(), "deep/train.csv"));
        assert_eq!(copy(&blobs, &whole, &[], &Gone::default()).err().unwrap().kind, ProblemKind::Forbidden);
    }
}
