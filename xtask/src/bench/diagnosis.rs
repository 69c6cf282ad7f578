//! Which faults are named, how strong they have to be, and what is raised where there is none. Everything is measured by
//! the engine's example `diagnosis`; other tools look at the same files.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{folder, peers};
use crate::Outcome;
use crate::build::{self, Profile};
use crate::process::{PRODUCT, announce, cargo, run, target};

/// Clean tables below `datasets/`, and what people would say about their columns.
const TABLES: [(&str, &[&str]); 6] = [
    ("car_loan_reference.parquet", &["--label", "repaid", "--id", "id", "--time", "timestamp"]),
    (
        "flights_20k.parquet",
        &["--label", "arr_delay", "--id", "flight_id", "--time", "sched_dep_local", "--group", "tailnum"],
    ),
    ("penguins_zstd.parquet", &["--label", "Species", "--group", "Individual ID"]),
    ("breast_cancer.parquet", &["--label", "diagnosis", "--id", "id"]),
    ("wine.csv", &["--label", "cultivar", "--id", "id"]),
    ("diabetes.csv", &["--label", "progression", "--id", "id"]),
];
/// Draws of each fault and strength that are judged.
const DRAWS: &str = "3";
/// Draws that other tools look at too: they take a second and more for each pair.
const DRAWS_OF_PEERS: &str = "1";
/// Clean pairs of each table: among few, a rate of false alarms can't be matched.
const CLEAN: &str = "1";
const CLEAN_OF_PEERS: &str = "30";

/// `cargo xtask faults`: passes its arguments on to the generator.
pub fn generate(arguments: &[String]) -> Outcome {
    run(Command::new(example()?).arg("generate").args(arguments))
}

pub fn false_alarms() -> Outcome {
    fixtures()?;
    run(Command::new(example()?).arg("false-alarms"))
}

/// Corpora from many tables: those that rules are made with, and those that nobody looks at.
pub fn workshop() -> Outcome {
    from_tables("tables", "workshop", &[])?;
    from_tables("held_out_tables", "held_out", &["--held-out"])
}

/// Parts of falls whose truth is known, over tables that packages ship and over others, such as the ones of NannyML, that
/// may not be shipped here.
pub fn fall() -> Outcome {
    let tables = written("tables", &[])?;
    let example = example()?;
    announce("Splitting falls made from each large table (about ten minutes)");
    run(Command::new(&example).arg("fall").arg("--tables").arg(&tables))?;
    match std::env::var_os("MISMATCH_FALL_TABLES") {
        Some(more) => run(Command::new(&example).arg("fall").arg("--tables").arg(more)),
        None => {
            println!("Other tables were not judged: MISMATCH_FALL_TABLES names no folder with a tables.json.");
            Ok(())
        }
    }
}

/// The folder of tables, written unless they are there.
fn written(tables: &str, which: &[&str]) -> Outcome<PathBuf> {
    let tables = folder().join("data").join(tables);
    if !tables.join("tables.json").exists() {
        run(Command::new(peers::python_with("tables")?).arg(folder().join("tables.py")).arg(&tables).args(which))?;
    }
    Ok(tables)
}

/// Writes tables, unless they are there, makes corpora of them and judges these.
fn from_tables(tables: &str, cases: &str, which: &[&str]) -> Outcome {
    let (tables, cases) = (written(tables, which)?, folder().join("data").join(cases));
    // Made anew each time: an old folder may hold the cases of other rules.
    if cases.exists() {
        std::fs::remove_dir_all(&cases).map_err(|error| format!("{} can't be emptied: {error}.", cases.display()))?;
    }
    announce("Making faults from each table and judging them (about half an hour)");
    run(Command::new(example()?).arg("workshop").arg("--tables").arg(&tables).arg("--out").arg(&cases))
}

pub fn known_faults() -> Outcome {
    let tables = fixtures()?.join("datasets");
    let example = example()?;
    announce("Known faults: the corpus of the repository and that of MISMATCH_FIXTURES");
    run(Command::new(&example).arg("judge"))?;

    announce("Known faults by strength, made from clean tables (a few minutes)");
    let all = generated(&example, &tables, "faults", DRAWS, CLEAN)?;
    run(Command::new(&example).arg("judge").arg(&all))?;

    announce("The same beside other tools (an hour or more: they take seconds for each pair)");
    let some = generated(&example, &tables, "faults_of_peers", DRAWS_OF_PEERS, CLEAN_OF_PEERS)?;
    for peer in peers::ALL {
        if let Err(reason) = peer.judge(&some) {
            println!("{} was not measured: {reason}", peer.name);
        }
    }
    run(Command::new(&example).arg("judge").arg(&some))?;
    power(&some)
}

/// How often each tool finds a fault when all accuse clean pairs as rarely as Mismatch does.
fn power(corpus: &Path) -> Outcome {
    let mismatch = build::server(Profile::Dev)?;
    let python = peers::python_with("tables")?;
    run(Command::new(&python).arg(folder().join("mismatch_cases.py")).arg(corpus).arg("--binary").arg(mismatch))?;
    run(Command::new(&python).arg(folder().join("power.py")).arg(corpus))
}

/// Makes the same cases anew each time: an old folder may hold those of other rules.
fn generated(example: &Path, tables: &Path, name: &str, draws: &str, clean: &str) -> Outcome<PathBuf> {
    let to = folder().join("data").join(name);
    if to.exists() {
        std::fs::remove_dir_all(&to).map_err(|error| format!("{} can't be emptied: {error}.", to.display()))?;
    }
    for (table, roles) in TABLES {
        let mut command = Command::new(example);
        command.arg("generate").arg("--from").arg(tables.join(table)).arg("--out").arg(&to);
        run(command.args(["--draws", draws, "--clean", clean]).args(roles))?;
    }
    Ok(to)
}

/// The development build, which the tests use too: only what is named is measured here, not how fast.
fn example() -> Outcome<PathBuf> {
    run(cargo().arg("build").args(PRODUCT).args(["--example", "diagnosis"]))?;
    Ok(target().join("debug/examples/diagnosis"))
}

fn fixtures() -> Outcome<PathBuf> {
    std::env::var_os("MISMATCH_FIXTURES").map(PathBuf::from).ok_or_else(|| {
        "set MISMATCH_FIXTURES to the folder that holds the clean tables (datasets/) and the fault corpus \
         (faults/*/*/truth.json)."
            .to_owned()
    })
}
