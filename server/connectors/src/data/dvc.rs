//! DVC's own files: dvc.lock, `.dvc` and dvc.yaml:
//! <https://dvc.org/doc/user-guide/project-structure/dvcyaml-files>.

mod changes;
mod config;
mod graph;
mod params;
mod words;

use domain::Problem;
use domain::number::counted;
use domain::observation::{ArtifactPlace, ModelArtifact, Stage};
use domain::tool_check::Source;
use domain::tool_facts::{DataDigest, Setting};
use serde_json::Value;

use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json};

pub(super) use changes::CHANGES;
pub(super) use config::CONFIG;
pub(super) use graph::GRAPH;
pub(super) use params::PARAMS;
use words::{is_code, is_model, stage_of};

const TOOL: &str = "DVC";

pub(super) static FILES: Connector = Connector {
    id: "dvc_files",
    tool: TOOL,
    words: "dvc.lock, .dvc or dvc.yaml of DVC",
    proven_on: "3.67; the layouts of 1.x and 2.x",
    takes: "hashes and sizes of data and models by stage, parameters, commands",
    leaves: "hashes of code, plots",
    // Documentation shows such files too, between fences.
    recognise: |seen| !seen.has_line("```") && (is_lock(seen) || is_pointer(seen) || is_pipeline(seen)),
    read,
};

/// A line that begins with spaces and then with this.
fn has_inner(seen: &Seen<'_>, start: &str) -> bool {
    seen.text.lines().any(|line| line.starts_with([' ', '-']) && line.trim_start_matches([' ', '-']).starts_with(start))
}

fn has_hash(seen: &Seen<'_>) -> bool {
    ["md5:", "etag:", "checksum:", "version_id:"].iter().any(|key| has_inner(seen, key))
}

/// 1.x has the stages at the top, without `schema` and `stages`.
fn is_lock(seen: &Seen<'_>) -> bool {
    let has_any = |lines: &[&str]| lines.iter().any(|line| seen.has_line(line));
    let is_newer = has_any(&["schema:"]) && has_any(&["stages:"]) && has_inner(seen, "cmd:");
    let of_stage = has_any(&["  cmd:"]) && has_any(&["  deps:", "  outs:"]) && has_any(&["  - path:", "  - md5:"]);
    is_newer || of_stage && has_hash(seen)
}

fn is_pointer(seen: &Seen<'_>) -> bool {
    seen.has_line("outs:") && has_inner(seen, "path:") && has_hash(seen) && !seen.has_line("stages:")
}

fn is_pipeline(seen: &Seen<'_>) -> bool {
    let says = ["deps:", "outs:", "params:", "metrics:", "foreach:", "matrix:"].iter().any(|key| has_inner(seen, key));
    seen.has_line("stages:") && has_inner(seen, "cmd:") && says
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let documents = given.yaml()?;
    let document = documents.first().filter(|document| document.is_object());
    let document = document
        .ok_or_else(|| given.bad("it holds no stages and no outputs; copy the file from the repository again"))?;
    let mut taken = Taken::default();
    if document.get("outs").is_some_and(Value::is_array) {
        taken.stage("", document);
    } else {
        let stages = if document.get("stages").is_some() { &["stages"][..] } else { &[] };
        for (name, stage) in json::entries(document, stages) {
            // A stage with `foreach` or `matrix` keeps what it does under `do`.
            taken.stage(name, stage.get("do").unwrap_or(stage));
        }
        for set in json::list(document, &["vars"]).filter(|set| set.is_object()) {
            taken.settings("vars", None, set);
        }
    }
    taken.evaluated_models();
    Ok(taken.brought())
}

/// A file as a stage has it.
struct File<'v> {
    stage: String,
    path: &'v str,
    digest: Option<String>,
    is_input: bool,
    place: String,
}

#[derive(Default)]
struct Taken<'v> {
    brought: Brought,
    files: Vec<File<'v>>,
    code: u64,
    unhashed: u64,
}

impl<'v> Taken<'v> {
    fn stage(&mut self, name: &str, stage: &'v Value) {
        let at = if name.is_empty() { String::new() } else { format!("stages.{name}.") };
        let of = stage_of(name);
        if let Some(command) = command(stage).filter(|_| !name.is_empty()) {
            self.setting(&format!("{at}cmd"), of, format!("{name}.cmd"), command);
        }
        for (key, is_input) in [("deps", true), ("outs", false)] {
            for (place, file) in json::list(stage, &[key]).enumerate() {
                self.file(name, file, is_input, format!("{at}{key}[{place}]"));
            }
        }
        // In dvc.lock the parameters have their values; in dvc.yaml only their names.
        for (_, values) in json::entries(stage, &["params"]) {
            self.settings(&format!("{at}params"), of, values);
        }
    }

    fn file(&mut self, stage: &str, file: &'v Value, is_input: bool, place: String) {
        // dvc.yaml has a path alone, or an object with the path as its key.
        let Some(path) = json::text(file, &["path"]) else {
            self.unhashed = self.unhashed.saturating_add(1);
            return;
        };
        if is_input && is_code(path) {
            self.code = self.code.saturating_add(1);
            return;
        }
        let digest =
            ["md5", "etag", "checksum"].iter().find_map(|key| Some(format!("{key}:{}", json::text(file, &[key])?)));
        let bytes = json::number(file, &["size"]).filter(|size| *size >= 0.0).map(|size| size as u64);
        if digest.is_none() && bytes.is_none() {
            self.unhashed = self.unhashed.saturating_add(1);
            return;
        }
        let name = path.to_owned();
        let source = Source::of(TOOL, None, place.clone());
        self.files.push(File { stage: stage.to_owned(), path, digest: digest.clone(), is_input, place });
        self.brought.facts.digests.push(DataDigest { source, name, stage: stage_of(stage), digest, bytes, rows: None });
    }

    /// Each value of an object, with the path to it as its name.
    fn settings(&mut self, place: &str, of: Option<Stage>, values: &Value) {
        let mut flat = Vec::new();
        words::flattened(values, String::new(), 0, &mut flat);
        for (name, value) in flat {
            self.setting(place, of, name, value);
        }
    }

    fn setting(&mut self, place: &str, stage: Option<Stage>, name: String, value: String) {
        self.brought.facts.settings.push(Setting { source: Source::of(TOOL, None, place), stage, name, value });
    }

    /// A model that one stage makes and an evaluation takes in is the one that was evaluated.
    fn evaluated_models(&mut self) {
        for input in self.files.iter().filter(|file| file.is_input && stage_of(&file.stage) == Some(Stage::Evaluation))
        {
            let made = self.files.iter().find(|file| !file.is_input && file.path == input.path);
            if made.is_some_and(|made| stage_of(&made.stage) == Some(Stage::Training)) || is_model(input.path) {
                self.brought.observations.artifacts.push(ModelArtifact {
                    source: format!("{TOOL}, {}", input.place),
                    place: ArtifactPlace::Evaluated,
                    model: Some(input.path.to_owned()),
                    version: None,
                    digest: input.digest.clone(),
                });
            }
        }
    }

    fn brought(self) -> Brought {
        let mut brought = self.brought;
        if self.code > 0 {
            brought.left.push(counted(self.code, "code file"));
        }
        if self.unhashed > 0 {
            brought.left.push(counted(self.unhashed, "unhashed file"));
        }
        if brought.count() == 0 {
            brought.warnings.push("It names no command, no parameter and no hash; dvc.lock has them.".to_owned());
        }
        brought
    }
}

/// One command, or several in order.
fn command(stage: &Value) -> Option<String> {
    let one = json::text(stage, &["cmd"]).map(str::to_owned);
    one.or_else(|| {
        let several: Vec<&str> = json::list(stage, &["cmd"]).filter_map(Value::as_str).collect();
        (!several.is_empty()).then(|| several.join("; "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_of_1_x_and_other_yaml() {
        let is = |text: &str| (FILES.recognise)(&Seen::of(text.as_bytes()));
        let lock = "fit:\n  cmd: python fit.py\n  deps:\n  - path: a.csv\n    md5: 0f\n  outs:\n  - path: m.pkl\n    md5: 1f\ntest:\n  cmd: python t.py\n  deps:\n  - path: m.pkl\n    md5: 1f\n";
        assert!(is(lock));
        assert!(!is(
            "- hosts: all\n  tasks:\n  - shell:\n      cmd: ls\n  - get_url:\n      path: a\n      checksum: b\n"
        ));
        assert!(!is("stages:\n  - build\nbuild:\n  script: make\n"));
        let brought = read(&Given::of(lock.as_bytes(), "a")).unwrap_or_default();
        let model = brought.observations.artifacts.first().map(|one| (one.place, one.digest.as_deref()));
        assert_eq!(model, Some((ArtifactPlace::Evaluated, Some("md5:1f"))));
    }
}
