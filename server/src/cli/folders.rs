//! Folders on the command line: the files in them, within bounds.

use std::path::{Path, PathBuf};

use domain::Problem;

/// Files of one folder at most.
const MOST_FILES: usize = 2_000;
/// Folders inside folders that are followed.
const DEEPEST: usize = 12;

/// Each file, and of a folder each visible file in it, in the order of names.
///
/// # Errors
/// When a folder can't be read, or holds too many files.
pub fn files_of(paths: &[&Path]) -> Result<Vec<PathBuf>, Problem> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut found = Vec::new();
            walk(path, 0, &mut found)?;
            found.sort();
            files.extend(found);
        } else {
            files.push((*path).to_owned());
        }
    }
    Ok(files)
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Problem> {
    let unreadable =
        |error: std::io::Error| Problem::bad_input(format!("The folder {} can't be read: {error}.", folder.display()));
    for entry in folder.read_dir().map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let kind = entry.file_type().map_err(unreadable)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        // A link may lead anywhere, also back here.
        if kind.is_dir() && depth < DEEPEST {
            walk(&entry.path(), depth + 1, found)?;
        } else if kind.is_file() {
            found.push(entry.path());
        }
        if found.len() > MOST_FILES {
            return Err(Problem::bad_input(format!(
                "The folder {} holds more than {MOST_FILES} files; give the files that are about this model.",
                folder.display()
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    fn visible_files_of_folders_come_in_the_order_of_names() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("a/.git")).unwrap();
        for name in ["z.json", "a/b.json", "a/.git/config", ".hidden"] {
            std::fs::write(folder.path().join(name), "{}").unwrap();
        }
        let single = folder.path().join("z.json");
        let found = files_of(&[folder.path(), &single]).unwrap();
        let names: Vec<_> =
            found.iter().map(|path| path.strip_prefix(folder.path()).unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["a/b.json", "z.json", "z.json"]);
        assert!(
            files_of(&[&folder.path().join("absent")]).unwrap().len() == 1,
            "what is absent is told when it is opened"
        );
    }
}
