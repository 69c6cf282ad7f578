//! Whether the tables that are here are those that another tool recorded: by the digests of their bytes.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use domain::tool_check::{CheckOutcome, CheckSubject, CheckedBy, ToolCheck};
use domain::tool_facts::DataDigest;
use domain::{Problem, SnapshotRole, number};
use md5::{Digest, Md5};

use super::input::DiagnoseInput;

/// A check for each recorded digest of a file that is here under the same name.
///
/// # Errors
/// When a file can't be read any more.
pub(super) fn verified(inputs: &[DiagnoseInput], digests: &[DataDigest]) -> Result<Vec<ToolCheck>, Problem> {
    let mut checks = Vec::new();
    for digest in digests {
        let Some((algorithm, recorded)) = digest.digest.as_deref().and_then(|digest| digest.split_once(':')) else {
            continue;
        };
        let is_it =
            |input: &&DiagnoseInput| input.role != SnapshotRole::Artifact && is_same_file(&input.name, &digest.name);
        for input in inputs.iter().filter(is_it) {
            let found = match algorithm {
                "sha256" => input.sha256.clone(),
                "md5" => md5_of(&input.path, &input.name)?,
                _ => continue,
            };
            checks.push(check(digest, input, algorithm, recorded, &found));
        }
    }
    Ok(checks)
}

fn check(digest: &DataDigest, input: &DiagnoseInput, algorithm: &str, recorded: &str, found: &str) -> ToolCheck {
    let is_same = recorded.eq_ignore_ascii_case(found);
    let outcome = if is_same { CheckOutcome::Passed } else { CheckOutcome::Failed };
    let size = digest.bytes.map(|bytes| format!(", {}", number::bytes(bytes))).unwrap_or_default();
    ToolCheck::new(digest.source.clone(), algorithm, CheckSubject::DataVersion, vec![input.name.clone()], outcome)
        .made_by(CheckedBy::Comparison)
        .with_expected(format!("{algorithm} {recorded}{size} in {}", digest.source.file))
        .with_observed(format!("{algorithm} {found} of the {} file here", input.role.id()))
}

/// The last part of a recorded path is the name of the file here.
fn is_same_file(name: &str, recorded: &str) -> bool {
    recorded.rsplit(['/', '\\']).next().is_some_and(|last| !last.is_empty() && last == name)
}

fn md5_of(path: &Path, name: &str) -> Result<String, Problem> {
    let failed = |error: std::io::Error| {
        tracing::error!(%error, name, "a file can't be read for its digest");
        Problem::internal(format!("{name}: it could not be read for its digest; the log says why."))
    };
    let mut file = File::open(path).map_err(failed)?;
    let (mut hasher, mut buffer) = (Md5::new(), vec![0; 1 << 20]);
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            return Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        hasher.update(&buffer[..read]);
    }
}

#[cfg(test)]
mod tests {
    use domain::tool_check::Source;

    use super::*;

    #[test]
    #[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    fn a_file_is_what_was_recorded_or_it_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stored");
        std::fs::write(&path, "abc").unwrap();
        // Of `abc` by RFC 1321, A.5.
        let same = "md5:900150983cd24fb0d6963f7d28e17f72";
        let digest = |name: &str, digest: &str| DataDigest {
            source: Source { file: "dvc.lock".into(), ..Source::of("DVC", None, "") },
            name: name.into(),
            stage: None,
            digest: Some(digest.into()),
            bytes: Some(3),
            rows: None,
        };
        let input = DiagnoseInput::of_file(SnapshotRole::Train, "train.csv", &path, "sha");
        let outcomes = |digests: &[DataDigest]| -> Vec<CheckOutcome> {
            verified(std::slice::from_ref(&input), digests).unwrap().iter().map(|check| check.outcome).collect()
        };
        assert_eq!(outcomes(&[digest("data/train.csv", same)]), [CheckOutcome::Passed]);
        assert_eq!(outcomes(&[digest("train.csv", "md5:00")]), [CheckOutcome::Failed]);
        assert_eq!(outcomes(&[digest("test.csv", "md5:00"), digest("train.csv", "etag:00")]), []);
    }
}
