//! Writes a corpus of seeded known faults from one healthy table.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::{Cause, ColumnRole, Roles};
use serde_json::{Value, json};

use crate::faults::{self, Injected, Later};
use crate::scene::{Draw, Scene};
use crate::table::Table;
use crate::{Arguments, Outcome};

const ROWS: u64 = 1_500;

pub fn run(arguments: &Arguments) -> Outcome {
    arguments.only(&["from", "out", "seed", "draws", "rows", "label", "id", "time", "group", "only"])?;
    let from = PathBuf::from(arguments.needed("from")?);
    let out = PathBuf::from(arguments.needed("out")?).join("faults");
    let (seed, draws) = (arguments.number("seed", 1)?, arguments.number("draws", 1)?);
    let rows = arguments.number("rows", ROWS)? as usize;
    let only: Vec<&str> = arguments.all("only").collect();
    let (table, guessed) = Table::read(&from)?;
    let named = [ColumnRole::Label, ColumnRole::Id, ColumnRole::Time, ColumnRole::Group]
        .into_iter()
        .filter_map(|role| Some((role, arguments.get(role.id())?)));
    let roles: Roles = named.collect();
    for (_, column) in roles.iter() {
        if table.get(column).is_none() {
            return Err(format!("{} has no column `{column}`.", from.display()));
        }
    }
    let roles = roles.in_table(|_| true, &guessed);
    let set = from.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut writer = Writer { folder: out.join(&set), set, count: 0 };
    for draw in 0..draws {
        // Every case has rows of its own: the draws of one step say how much depends on chance.
        let mut seeds = (0..).map(|place: u64| (seed * 1_000 + draw) * 1_000 + place);
        let mut scene = |draw: Draw| Scene::draw(&table, &roles, rows, draw, seeds.next().unwrap_or_default());
        if only.is_empty() {
            writer.write(&scene(Draw::Rows), Later::Serve, &Injected::default(), json!({}))?;
            writer.write(&scene(Draw::Entities), Later::Test, &Injected::default(), json!({}))?;
            let joined = scene(Draw::Rows);
            let offline = Injected { offline: Some(joined.later.clone()), ..Injected::default() };
            writer.write(&joined, Later::Serve, &offline, json!({}))?;
        }
        for fault in faults::ALL.iter().filter(|fault| only.is_empty() || only.contains(&fault.cause.id())) {
            for magnitude in fault.steps {
                let mut scene = scene(fault.draw);
                let Some(injected) = (fault.inject)(&mut scene, *magnitude) else { continue };
                let what = json!({
                    "check": fault.cause.id(),
                    "step": { "measure": fault.measure, "magnitude": magnitude },
                });
                writer.write(&scene, fault.later, &injected, what)?;
            }
        }
    }
    write_causes(&out)?;
    println!("{} cases in {}", writer.count, writer.folder.display());
    Ok(())
}

/// Which causes are right for which check.
fn write_causes(folder: &Path) -> Outcome {
    let right: BTreeMap<&str, Vec<Cause>> = faults::ALL
        .iter()
        .map(|fault| (fault.cause.id(), std::iter::once(fault.cause).chain(fault.or.iter().copied()).collect()))
        .collect();
    write_json(&folder.join("causes.json"), &json!(right))
}

struct Writer {
    folder: PathBuf,
    set: String,
    count: usize,
}

impl Writer {
    fn write(&mut self, scene: &Scene, later: Later, injected: &Injected, what: Value) -> Outcome {
        self.count += 1;
        // The fault must not be told by a name.
        let case = format!("{:04}", self.count);
        let folder = self.folder.join(&case);
        std::fs::create_dir_all(&folder).map_err(|error| format!("{} can't be made: {error}.", folder.display()))?;
        let current = match later {
            Later::Serve => "serve.parquet",
            Later::Test => "test.parquet",
        };
        scene.train.write(&folder.join("train.parquet"))?;
        scene.later.write(&folder.join(current))?;
        let mut files = json!({ "reference": "train.parquet", "current": current });
        if let Some(offline) = &injected.offline {
            offline.write(&folder.join("offline.parquet"))?;
            files["offline"] = json!("offline.parquet");
        }
        let roles = &scene.roles;
        let mut truth = json!({
            "case": case,
            "dataset": self.set,
            "fault": what.get("check").is_some(),
            "columns": injected.columns,
            "consequences": injected.consequences,
            "files": files,
            "roles": { "id": roles.id(), "timestamp": roles.time(), "entity": roles.group(), "label": roles.label() },
        });
        if let (Value::Object(truth), Value::Object(what)) = (&mut truth, what) {
            truth.extend(what);
        }
        write_json(&folder.join("truth.json"), &truth)
    }
}

fn write_json(path: &Path, value: &Value) -> Outcome {
    let text = serde_json::to_string_pretty(value).map_err(|error| format!("{}: {error}.", path.display()))?;
    std::fs::write(path, text).map_err(|error| format!("{} can't be written: {error}.", path.display()))
}
