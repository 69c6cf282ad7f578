//! What a fall is made of, judged where it is known: seeded mixtures of who arrives, a fault and a changed truth, over real
//! tables with a label that is drawn anew. The whole diagnosis is run, which has to find the fault by itself.

mod disde;
mod judged;
mod mixture;
mod world;

use std::path::{Path, PathBuf};

use domain::{ColumnRole, Diagnosis, Roles, SnapshotRole};
use engine::diagnose::{DiagnoseInput, DiagnoseSettings, diagnose};
use measure::progress::Unwatched;
use measure::summary::Nowhere;

use self::judged::{Judged, print_head, print_row};
use self::mixture::{Mixture, Pair};
use self::world::{Bins, LABEL, PREDICTION, World};
use crate::table::{Table, Values};
use crate::workshop::{Listed, read};
use crate::{Arguments, Outcome, side_by_side};

/// Rows a side.
const ROWS: u64 = 8_000;
/// Of the draws of each table, these many are pairs in which nothing changed.
const UNTOUCHED: u64 = 5;
/// Smaller tables would be drawn from more often than they have rows.
const SMALLEST: u64 = 8_000;

pub fn run(arguments: &Arguments) -> Outcome {
    arguments.only(&["tables", "draws", "untouched", "rows", "seed", "verbose", "keep"])?;
    let tables = PathBuf::from(arguments.needed("tables")?);
    let listed: Vec<Listed> = read(&tables.join("tables.json"))?;
    let (draws, untouched) = (arguments.number("draws", 15)?, arguments.number("untouched", UNTOUCHED)?);
    let (rows, first) = (arguments.number("rows", ROWS)? as usize, arguments.number("seed", 1_000)?);
    let mut all = Vec::new();
    print_head();
    for table in listed.iter().filter(|table| table.rows >= SMALLEST) {
        let (whole, _) = Table::read(&tables.join(format!("{}.parquet", table.name)))?;
        let plain = without_roles(whole, table);
        let Some(world) = World::of(&plain, &table.roles["label"], 1) else { continue };
        let seeds: Vec<u64> = (0..draws + untouched).collect();
        let keep = |seed: u64| arguments.get("keep").map(|to| PathBuf::from(to).join(format!("{}_{seed}", table.name)));
        // Each table has draws of its own: the same ones would err alike in all.
        let first = first + table.name.bytes().map(u64::from).sum::<u64>() * 10_000;
        let found = side_by_side::each(&seeds, |seed| one(&world, first + *seed, rows, *seed >= draws, keep(*seed)));
        let found: Vec<Judged> = found.into_iter().collect::<Outcome<_>>()?;
        print_row(&table.name, &found);
        if arguments.get("verbose").is_some() {
            found.iter().for_each(|one| println!("    {one:?}"));
        }
        all.extend(found);
    }
    print_row("**all**", &all);
    judged::print_kinds(&all);
    Ok(())
}

/// The table without the columns that say who or when, which no mixture is made of, and without rows that lack the label.
fn without_roles(mut table: Table, listed: &Listed) -> Table {
    for (role, column) in &listed.roles {
        if role != "label" {
            table.remove(column);
        }
    }
    let labels = table.get(&listed.roles["label"]).map(Values::words).unwrap_or_default();
    let known: Vec<usize> = (0..table.rows).filter(|row| labels.get(*row).is_some_and(Option::is_some)).collect();
    table.take(&known)
}

fn one(world: &World, seed: u64, rows: usize, untouched: bool, keep: Option<PathBuf>) -> Outcome<Judged> {
    let mut mixture = Mixture::draw(world, seed, untouched);
    let truth = mixture.truth(world);
    let train = mixture.train(world, rows);
    let Pair { before, after } = mixture.rows(world, rows);
    let begun = std::time::Instant::now();
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}."))?;
    let folder = keep.as_deref().unwrap_or(folder.path());
    let diagnosis = diagnosed(&train, &before, &after, folder)?;
    let seconds = begun.elapsed().as_secs_f64();
    let bins = Bins::learn(&before);
    let losses = |table: &Table| -> Vec<f64> {
        let codes = |name: &str| table.get(name).and_then(Values::numbers).unwrap_or_default();
        codes(LABEL).iter().zip(codes(PREDICTION)).map(|(a, b)| f64::from(u8::from(*a != b))).collect()
    };
    let opponent = disde::disde((&bins.apply(&before), &losses(&before)), (&bins.apply(&after), &losses(&after)), seed);
    Ok(Judged::of(&diagnosis, truth, mixture.fault, untouched, opponent, seconds))
}

fn diagnosed(train: &Table, before: &Table, after: &Table, folder: &Path) -> Outcome<Diagnosis> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{} can't be made: {error}.", folder.display()))?;
    let mut inputs = Vec::new();
    for (role, table) in [(SnapshotRole::Train, train), (SnapshotRole::Test, before), (SnapshotRole::Serve, after)] {
        let path = folder.join(format!("{}.parquet", role.id()));
        table.write(&path)?;
        inputs.push(input(role, &path));
    }
    let roles: Roles = [(ColumnRole::Label, LABEL), (ColumnRole::Prediction, PREDICTION)].into_iter().collect();
    let settings = DiagnoseSettings { roles, ..DiagnoseSettings::default() };
    diagnose(&inputs, &settings, &Nowhere, &Unwatched).map_err(|problem| problem.to_string())
}

fn input(role: SnapshotRole, path: &Path) -> DiagnoseInput {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    DiagnoseInput::of_file(role, &name, path, role.id())
}
