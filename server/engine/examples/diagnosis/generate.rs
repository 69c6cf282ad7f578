//! Writes a corpus of seeded known faults from one healthy table.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::{Cause, ColumnRole, Roles};
use serde_json::{Value, json};

use crate::faults::{self, Fault, Injected, Later};
use crate::scene::{Draw, Scene};
use crate::table::Table;
use crate::{Arguments, Outcome};

const ROWS: u64 = 1_500;
/// Rows a side of further clean pairs: chance is largest in small tables.
const CLEAN_ROWS: [usize; 2] = [60, 250];

pub fn run(arguments: &Arguments) -> Outcome {
    arguments.only(&[
        "from", "out", "seed", "draws", "rows", "label", "id", "time", "group", "only", "names", "pairs", "clean",
    ])?;
    let from = PathBuf::from(arguments.needed("from")?);
    let out = PathBuf::from(arguments.needed("out")?).join("faults");
    let (seed, draws) = (arguments.number("seed", 1)?, arguments.number("draws", 1)?);
    let rows = arguments.number("rows", ROWS)? as usize;
    let (pairs, clean) = (arguments.number("pairs", 0)?, arguments.number("clean", 1)?);
    let names = match arguments.get("names") {
        None | Some("kept") => Names::Kept,
        Some("shuffled") => Names::Shuffled,
        Some(other) => return Err(format!("--names is kept or shuffled, not `{other}`.")),
    };
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
        let mut scene_of = |rows: usize, draw: Draw| {
            let mut scene = Scene::draw(&table, &roles, rows, draw, seeds.next().unwrap_or_default());
            if names == Names::Shuffled {
                scene.rename();
            }
            scene
        };
        if only.is_empty() {
            for rows in [rows].into_iter().chain(CLEAN_ROWS).cycle().take(clean as usize) {
                writer.write(&scene_of(rows, Draw::Rows), Later::Serve, &Injected::default(), json!({}))?;
            }
        }
        let mut scene = |draw: Draw| scene_of(rows, draw);
        if only.is_empty() {
            writer.write(&scene(Draw::Entities), Later::Test, &Injected::default(), json!({}))?;
            let joined = scene(Draw::Rows);
            let offline = Injected { offline: Some(joined.later.clone()), ..Injected::default() };
            writer.write(&joined, Later::Serve, &offline, json!({}))?;
        }
        for fault in faults::ALL.iter().filter(|fault| only.is_empty() || only.contains(&fault.cause.id())) {
            for (place, magnitude) in fault.steps.iter().enumerate() {
                let mut scene = scene(fault.draw);
                let Some(injected) = (fault.inject)(&mut scene, *magnitude) else { continue };
                let what = json!({
                    "check": fault.cause.id(),
                    "step": {
                        "measure": fault.measure, "magnitude": magnitude, "reaches_limit": place >= fault.limit,
                    },
                });
                writer.write(&scene, fault.later, &injected, what)?;
            }
        }
    }
    for pair in 0..pairs {
        let place = (seed * 1_000 + draws) * 1_000 + pair;
        let mut scene = Scene::draw(&table, &roles, rows, Draw::Rows, place);
        if names == Names::Shuffled {
            scene.rename();
        }
        if let Some((injected, what)) = two_at_once(&mut scene) {
            writer.write(&scene, Later::Serve, &injected, what)?;
        }
    }
    write_causes(&out)?;
    println!("{} cases in {}", writer.count, writer.folder.display());
    Ok(())
}

/// What the columns are called.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Kept,
    /// By numbers in any order, so that no name says what a column is.
    Shuffled,
}

/// Causes of which one can be put beside another: neither hides the other.
const IN_PAIRS: [Cause; 8] = [
    Cause::UnitScale,
    Cause::NullSurge,
    Cause::SentinelValues,
    Cause::InconsistentCategories,
    Cause::UnseenCategory,
    Cause::OffsetShift,
    Cause::GradualDrift,
    Cause::ColumnMissing,
];

/// Two faults on different columns, both at their second strongest step.
fn two_at_once(scene: &mut Scene) -> Option<(Injected, Value)> {
    let known: Vec<&Fault> = faults::ALL.iter().filter(|fault| IN_PAIRS.contains(&fault.cause)).collect();
    let first = known[scene.rng.below(known.len())];
    let others: Vec<&&Fault> = known.iter().filter(|fault| fault.cause != first.cause).collect();
    let second = others[scene.rng.below(others.len())];
    let step = |fault: &Fault| fault.steps[fault.steps.len().saturating_sub(2)];
    let one = (first.inject)(scene, step(first))?;
    let two = (second.inject)(scene, step(second))?;
    if one.columns.iter().any(|column| two.columns.contains(column)) {
        return None;
    }
    let what = json!({
        "check": first.cause.id(),
        "second": [{ "check": second.cause.id(), "columns": two.columns }],
    });
    Some((Injected { consequences: [one.consequences, two.consequences].concat(), ..one }, what))
}

/// Which causes are right for which check.
fn write_causes(folder: &Path) -> Outcome {
    let mut right: BTreeMap<&str, Vec<Cause>> = BTreeMap::new();
    for fault in faults::ALL {
        let known = right.entry(fault.cause.id()).or_default();
        known.extend(
            std::iter::once(fault.cause)
                .chain(fault.or.iter().copied())
                .filter(|cause| !known.contains(cause))
                .collect::<Vec<_>>(),
        );
    }
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
