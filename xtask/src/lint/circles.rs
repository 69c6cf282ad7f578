//! No circle between files: whoever opens a file must not need a second one that needs the first. Reads `use` lines and
//! qualified paths of each crate as text, follows re-exports to the file that defines the name, and looks for loops. That a
//! file takes something from the modules it lies in is no tie: they hold it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

#[cfg(test)]
mod tests;
mod text;

use text::FileText;

/// A module's place in its crate: `["evaluation", "slices"]`; the crate's root is empty.
type Place = Vec<String>;
type Files = BTreeMap<Place, FileText>;
/// From a file to the files it takes names from, and which.
type Arrows = BTreeMap<Place, BTreeMap<Place, BTreeSet<String>>>;

/// Re-exports of re-exports are followed this far; names that import themselves from another crate end here.
const LONGEST_CHAIN: usize = 16;

/// The circles in every crate of the checkout, each as a sentence.
pub fn breaches(root: &Path, files: &[PathBuf]) -> Vec<String> {
    let mut crates: BTreeMap<PathBuf, Vec<(Place, String)>> = BTreeMap::new();
    for file in files {
        let Some(source) = file.ancestors().find(|folder| is_source_folder(folder)) else { continue };
        let Ok(inside) = file.strip_prefix(source) else { continue };
        // A program beside a library, and each file of bin/, is a crate of its own.
        let is_other_crate =
            inside.starts_with("bin") || (inside == Path::new("main.rs") && source.join("lib.rs").exists());
        if !is_other_crate {
            let text = fs::read_to_string(file).unwrap_or_default();
            crates.entry(source.to_path_buf()).or_default().push((place(inside), text));
        }
    }
    crates
        .into_iter()
        .flat_map(|(source, sources)| {
            let folder = source.strip_prefix(root).unwrap_or(&source).display().to_string();
            circles_of(&sources).into_iter().map(move |circle| format!("{folder}: {circle}"))
        })
        .collect()
}

fn is_source_folder(folder: &Path) -> bool {
    folder.ends_with("src") && folder.with_file_name("Cargo.toml").exists()
}

/// `evaluation/run.rs` and `evaluation/run/mod.rs` are both `evaluation::run`.
fn place(inside: &Path) -> Place {
    let mut place: Place = inside.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let is_folders_own =
        place.last().is_some_and(|name| name == "mod" || (place.len() == 1 && (name == "lib" || name == "main")));
    if is_folders_own {
        place.pop();
    }
    place
}

/// The circles among one crate's files.
fn circles_of(sources: &[(Place, String)]) -> Vec<String> {
    let mut files: Files = sources.iter().map(|(place, text)| (place.clone(), FileText::read(text))).collect();
    let tests: Vec<Place> = files
        .iter()
        .flat_map(|(place, file)| {
            file.test_modules.iter().map(|name| [place.as_slice(), std::slice::from_ref(name)].concat())
        })
        .collect();
    files.retain(|place, _| !tests.iter().any(|test| place.starts_with(test)));
    let arrows = arrows(&files);
    circles(&arrows).iter().map(|circle| sentence(circle, &arrows)).collect()
}

fn arrows(files: &Files) -> Arrows {
    let mut arrows = Arrows::new();
    for (place, file) in files {
        let mut taken = file.mentions.clone();
        for import in &file.imports {
            if import.name == "*" {
                let through_it =
                    file.words.iter().map(|word| [import.path.as_slice(), std::slice::from_ref(word)].concat());
                taken.extend(
                    through_it.filter(|path| resolve(files, place, path, 0).is_some_and(|it| is_defined(files, &it))),
                );
            } else if !import.is_public || file.words.contains(&import.name) {
                // A name that is only handed on is not used here.
                taken.push(import.path.clone());
            }
        }
        for path in &taken {
            // What stands above a file holds it together: it registers it, and lends it what it defines for all of them.
            if let Some((from, name)) = resolve(files, place, path, 0).filter(|(from, _)| !place.starts_with(from)) {
                arrows.entry(place.clone()).or_default().entry(from).or_default().insert(name);
            }
        }
    }
    arrows
}

/// The file that defines what `path`, written in the file at `place`, names. None for another crate's names and for a
/// module as a whole.
fn resolve(files: &Files, place: &[String], path: &[String], hops: usize) -> Option<(Place, String)> {
    let (first, rest) = path.split_first()?;
    match first.as_str() {
        "crate" => descend(files, &[], rest, hops),
        "self" => descend(files, place, rest, hops),
        "super" if rest.first().is_some_and(|next| next == "super") => resolve(files, parent(place)?, rest, hops),
        "super" => descend(files, parent(place)?, rest, hops),
        _ => {
            let file = files.get(place)?;
            let is_ours = files.contains_key(&child(place, first))
                || file.imports.iter().any(|import| import.name == *first)
                || file.defined.contains(first);
            if is_ours { descend(files, place, path, hops) } else { None }
        }
    }
}

fn descend(files: &Files, place: &[String], path: &[String], hops: usize) -> Option<(Place, String)> {
    let file = files.get(place)?;
    let (name, rest) = path.split_first()?;
    let below = child(place, name);
    if !rest.is_empty() && files.contains_key(&below) {
        return descend(files, &below, rest, hops);
    }
    if hops < LONGEST_CHAIN {
        if let Some(import) = file.imports.iter().find(|import| import.name == *name) {
            return resolve(files, place, &[import.path.as_slice(), rest].concat(), hops + 1);
        }
        if !file.defined.contains(name) {
            let through_a_glob = file.imports.iter().filter(|import| import.name == "*").find_map(|import| {
                resolve(files, place, &[import.path.as_slice(), path].concat(), hops + 1)
                    .filter(|it| is_defined(files, it))
            });
            if through_a_glob.is_some() {
                return through_a_glob;
            }
        }
    }
    (!files.contains_key(&below)).then(|| (place.to_vec(), name.clone()))
}

fn is_defined(files: &Files, (place, name): &(Place, String)) -> bool {
    files[place].defined.contains(name)
}

fn child(place: &[String], name: &str) -> Place {
    [place, &[name.to_owned()]].concat()
}

fn parent(place: &[String]) -> Option<&[String]> {
    place.split_last().map(|(_, above)| above)
}

/// Groups of files that all reach each other.
fn circles(arrows: &Arrows) -> Vec<Vec<Place>> {
    let mut found: Vec<Vec<Place>> = Vec::new();
    for start in arrows.keys() {
        if found.iter().any(|circle| circle.contains(start)) {
            continue;
        }
        let circle: Vec<Place> =
            reached(arrows, start).into_iter().filter(|other| reached(arrows, other).contains(start)).collect();
        if !circle.is_empty() {
            found.push(circle);
        }
    }
    found
}

fn reached(arrows: &Arrows, start: &Place) -> BTreeSet<Place> {
    let mut reached = BTreeSet::new();
    let mut open = vec![start];
    while let Some(place) = open.pop() {
        for next in arrows.get(place).into_iter().flat_map(BTreeMap::keys) {
            if reached.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    reached
}

fn sentence(circle: &[Place], arrows: &Arrows) -> String {
    let named = |place: &Place| if place.is_empty() { "the crate's root".to_owned() } else { place.join("::") };
    let mut ties = Vec::new();
    for from in circle {
        for (to, names) in arrows.get(from).into_iter().flatten().filter(|(to, _)| circle.contains(to)) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            ties.push(format!("{} takes {} from {}", named(from), names.join(", "), named(to)));
        }
    }
    format!("files in a circle: {}. Move what both need into a file below them.", ties.join("; "))
}
