//! What a fall is made of, judged where it is known: seeded mixtures of who arrives, a fault and a changed truth.

mod disde;
mod mixture;
mod world;

use std::path::PathBuf;

use stats::fall::{Answers, Broken, Compared, Models, Overlap, Side, Split};

use self::mixture::{Fault, Mixture, Pair, Truth};
use self::world::{Bins, LABEL, PREDICTION, World};
use crate::scene::changed_numbers;
use crate::table::Table;
use crate::workshop::{Listed, read};
use crate::{Arguments, Outcome, side_by_side};

const ROWS: u64 = 8_000;

pub fn run(arguments: &Arguments) -> Outcome {
    arguments.only(&["tables", "draws", "untouched", "rows", "seed", "verbose"])?;
    let tables = PathBuf::from(arguments.needed("tables")?);
    let listed: Vec<Listed> = read(&tables.join("tables.json"))?;
    let draws = arguments.number("draws", 8)?;
    let rows = arguments.number("rows", ROWS)? as usize;
    let mut all = Vec::new();
    for table in &listed {
        let (rows_of, _) = Table::read(&tables.join(format!("{}.parquet", table.name)))?;
        let Some(world) = World::of(&rows_of, &table.roles["label"], 1) else { continue };
        let seeds: Vec<u64> = (0..draws).collect();
        let found: Vec<Judged> = side_by_side::each(&seeds, |seed| direct(&world, *seed, rows, *seed % 5 == 4));
        if arguments.get("verbose").is_some() { print_row(&table.name, &found); }
        if arguments.get("verbose").is_some() {
            for one in &found {
                println!("    {one:?}");
            }
        }
        all.extend(found);
    }
    print_row("all", &all);
    Ok(())
}

#[derive(Clone, Debug)]
struct Judged {
    truth: Truth,
    fault: Option<(String, Fault)>,
    untouched: bool,
    /// mix, scoring, concept, unexplained: value and error
    parts: [(f64, f64); 4],
    auc: f64,
    effective: [f64; 2],
    disde: [f64; 2],
    seconds: f64,
}

fn direct(world: &World, seed: u64, rows: usize, untouched: bool) -> Judged {
    let mut mixture = Mixture::draw(world, 1_000 + seed, untouched);
    let truth = mixture.truth(world);
    let Pair { before, after } = mixture.rows(world, rows);
    let begun = std::time::Instant::now();
    let mut repaired = after.clone();
    let mut lost = Vec::new();
    match &mixture.fault {
        Some((column, Fault::Factor(factor))) => {
            changed_numbers(&mut repaired, column, |_, value| value / factor);
        }
        Some((column, _)) => lost.push(column.clone()),
        None => {}
    }
    let rows_of = |which: bool| -> Vec<usize> {
        let Some((column, Fault::Sentinel(_) | Fault::Missing(_))) = &mixture.fault else {
            return if which { Vec::new() } else { (0..after.rows).collect() };
        };
        let values = after.get(column).and_then(crate::table::Values::numbers).unwrap_or_default();
        (0..after.rows).filter(|row| values[*row].is_none_or(|value| value == -999.0) == which).collect()
    };
    let (whole, torn) = (rows_of(false), rows_of(true));
    let partly = torn.len() >= 200 && whole.len() >= 1_000;
    let (whole, torn) = if partly { (whole, torn) } else { ((0..after.rows).collect(), Vec::new()) };
    let bins = Bins::learn(&before).without(if partly { &[] } else { &lost });
    let place = bins.place(lost.first().map_or("", String::as_str));
    let first = bins.apply(&before);
    let (second, third) = (bins.apply(&repaired.take(&whole)), bins.apply(&repaired.take(&torn)));
    let answers = |table: &Table| {
        let codes = |name: &str| -> Vec<u32> {
            let numbers = table.get(name).and_then(crate::table::Values::numbers).unwrap_or_default();
            numbers.into_iter().map(|value| u32::from(value == Some(1.0))).collect()
        };
        Answers::of_classes(&codes(LABEL), &codes(PREDICTION), 2)
    };
    let (a, b, c) = (answers(&before), answers(&after.take(&whole)), answers(&after.take(&torn)));
    let sides = [Side { features: &first, answers: &a }, Side { features: &second, answers: &b }];
    let overlap = Overlap::measure([&first, &second], seed);
    let gone = [place.unwrap_or(0)];
    let broken = partly.then_some(Broken { rows: Side { features: &third, answers: &c }, lost: &gone });
    let compared = Compared { sides, broken, lost_knowledge: mixture.fault.is_some() };
    let split = Split::of(&compared, &Models::fit(&compared, seed), &overlap);
    let b = answers(&after);
    let seconds = begun.elapsed().as_secs_f64();
    let raw = Bins::learn(&before);
    let opponent = disde::disde((&raw.apply(&before), &a.losses()), (&raw.apply(&after), &b.losses()), seed);
    let parts = split.parts;
    Judged {
        truth,
        fault: mixture.fault.clone(),
        untouched,
        parts: [parts.mix, parts.scoring, parts.concept, parts.unexplained].map(|t| (100.0 * t.value, 100.0 * t.error)),
        auc: overlap.auc,
        effective: overlap.effective,
        disde: [opponent.inputs, opponent.given_inputs],
        seconds,
    }
}

fn print_row(name: &str, all: &[Judged]) {
    for (kind, which) in [("none", 0), ("repair", 1), ("lost", 2), ("lost all", 4), ("untouched", 3)] {
        let of = |one: &&Judged| match (&one.fault, one.untouched) {
            (_, true) => which == 3,
            (None, _) => which == 0,
            (Some((_, Fault::Factor(_))), _) => which == 1,
            (Some((_, Fault::Sentinel(share) | Fault::Missing(share))), _) => which == if *share < 1.0 { 2 } else { 4 },
        };
        let some: Vec<&Judged> = all.iter().filter(of).collect();
        if some.is_empty() {
            continue;
        }
        let n = some.len() as f64;
        let truths = |one: &Judged| [one.truth.mix, one.truth.scoring, one.truth.concept, 0.0];
        let mae = |k: usize| some.iter().map(|one| (one.parts[k].0 - truths(one)[k]).abs()).sum::<f64>() / n;
        let bias = |k: usize| some.iter().map(|one| one.parts[k].0 - truths(one)[k]).sum::<f64>() / n;
        let covered = |k: usize| {
            some.iter().filter(|one| (one.parts[k].0 - truths(one)[k]).abs() <= 1.96 * one.parts[k].1).count() as f64 / n
        };
        let largest = |of: &[f64]| (0..3).max_by(|a, b| of[*a].total_cmp(&of[*b]));
        let right = some.iter().filter(|one| {
            largest(&truths(one)) == largest(&one.parts.map(|part| part.0))
        }).count() as f64 / n;
        let false_parts = some.iter().flat_map(|one| (0..4).map(|k| one.parts[k])).filter(|(value, error)| value.abs() > 0.5 && value.abs() > 1.96 * error).count();
        let disde_x = some.iter().map(|one| (one.disde[0] - one.truth.mix).abs()).sum::<f64>() / n;
        let disde_y = some.iter().map(|one| (one.disde[1] - one.truth.concept).abs()).sum::<f64>() / n;
        let fall = some.iter().map(|one| one.truth.fall.abs()).sum::<f64>() / n;
        let auc = some.iter().map(|one| one.auc).fold(0.0, f64::max);
        let ess = some.iter().map(|one| one.effective[0].min(one.effective[1])).fold(1.0, f64::min);
        let seconds = some.iter().map(|one| one.seconds).sum::<f64>() / n;
        println!("| {name} {kind} | {n} | {fall:.1} | mae {:.2} {:.2} {:.2} unexpl {:.2} | bias {:.2} {:.2} {:.2} | cover {:.2} {:.2} {:.2} | largest {right:.2} | false {false_parts} | disde {disde_x:.2} {disde_y:.2} | auc {auc:.2} ess {ess:.2} | {seconds:.1} s |",
            mae(0), mae(1), mae(2), mae(3), bias(0), bias(1), bias(2), covered(0), covered(1), covered(2));
    }
}
