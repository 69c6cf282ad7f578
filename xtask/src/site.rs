//! The site folder: each file under a name with a hash of its content, so that a browser keeps it for good, and next to
//! it the same file compressed as well as it can be.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use crate::Outcome;

/// The site folder while it is filled.
pub struct Site {
    folder: PathBuf,
    /// What belongs to this build.
    current: BTreeSet<PathBuf>,
}

/// 16 hexadecimal digits that stand for the contents, in this order.
pub fn hash_of(contents: &[&[u8]]) -> String {
    let mut hasher = DefaultHasher::new();
    contents.iter().for_each(|content| hasher.write(content));
    format!("{:016x}", hasher.finish())
}

impl Site {
    pub fn at(folder: PathBuf) -> Site {
        Site { folder, current: BTreeSet::new() }
    }

    /// Puts a file in, with the hash of its content before its extension.
    pub fn put_hashed(&mut self, path: &str, content: &[u8]) -> Outcome {
        let (stem, extension) = path.rsplit_once('.').unwrap_or((path, ""));
        self.put(&format!("{stem}-{}.{extension}", hash_of(&[content])), content)
    }

    /// Puts a file in whose name has a hash of its content. What is there by this name is the same.
    pub fn put(&mut self, path: &str, content: &[u8]) -> Outcome {
        let file = self.folder.join(path);
        let compressed = self.folder.join(format!("{path}.br"));
        if !file.exists() || !compressed.exists() {
            write(&compressed, &smallest(content).map_err(|error| format!("could not compress {path}: {error}."))?)?;
            write(&file, content)?;
        }
        self.current.extend([file, compressed]);
        Ok(())
    }

    /// Removes the files of other builds.
    pub fn remove_others(self) -> Outcome {
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            let describe = |error: std::io::Error| format!("could not clear {}: {error}.", folder.display());
            for entry in fs::read_dir(&folder).map_err(describe)? {
                let path = entry.map_err(describe)?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if !self.current.contains(&path) {
                    fs::remove_file(&path).map_err(describe)?;
                }
            }
        }
        Ok(())
    }
}

/// Brotli at its highest quality.
fn smallest(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, size_hint: content.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

/// Writes a file as a whole: a build that is stopped leaves no half of one under its name.
fn write(path: &Path, content: &[u8]) -> Outcome {
    let describe = |error: std::io::Error| format!("could not write {}: {error}.", path.display());
    let folder = path.parent().unwrap_or(path);
    let unfinished = folder.join(".unfinished");
    fs::create_dir_all(folder).map_err(describe)?;
    fs::write(&unfinished, content).map_err(describe)?;
    fs::rename(&unfinished, path).map_err(describe)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("the folder is there")
            .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
            .filter(|name| name != "pkg")
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_build_leaves_its_own_files_alone_and_nothing_of_the_one_before() {
        let folder = std::env::temp_dir().join(format!("site-{}", std::process::id()));
        let build = |icon: &[u8]| {
            let mut site = Site::at(folder.clone());
            site.put_hashed("icon.svg", icon).expect("it can be written");
            site.put_hashed("pkg/page.css", b"a{}").expect("it can be written");
            site.remove_others().expect("the folder can be cleared");
            (files(&folder), files(&folder.join("pkg")))
        };
        let (first, style) = build(b"<svg/>");
        assert_eq!(first.len(), 2, "{first:?}");
        assert!(first[0].starts_with("icon-") && first[1] == format!("{}.br", first[0]), "{first:?}");
        let (second, same_style) = build(b"<svg></svg>");
        assert_eq!((second.len(), &same_style), (2, &style));
        assert_ne!(first, second);

        let compressed = fs::read(folder.join("pkg").join(&style[1])).expect("it is there");
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &compressed[..], &mut plain).expect("it is brotli");
        assert_eq!(plain, b"a{}");
        fs::remove_dir_all(&folder).expect("the folder can be removed");
    }

    #[test]
    fn a_hash_follows_every_content() {
        assert_eq!(hash_of(&[b"a", b"b"]).len(), 16);
        assert_ne!(hash_of(&[b"a", b"b"]), hash_of(&[b"a", b"c"]));
    }
}
