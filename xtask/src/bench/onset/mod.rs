//! Changes that people marked in public series (the Turing change point data set, van den Burg and Williams 2020), and
//! those that `stats::change_points` finds with its one setting, next to other methods as published.

mod scores;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use stats::change_points::change_points;
use stats::shift::{Point, lasting_shift};

use super::read_json;
use crate::Outcome;
use scores::{covering, f1};

/// Names the folder of the data set: `annotations.json` and `datasets/NAME/NAME.json`.
const DATA: &str = "MISMATCH_TCPD";
/// Names the folder of the published scores by series: `default_cover_scores.json` and `default_f1_scores.json`.
const PUBLISHED: &str = "MISMATCH_TCPD_SCORES";

/// A line with something left about it has three points; no segment is shorter.
const FEWEST: usize = 3;
/// The p under which a shift is taken for one.
const CERTAIN: f64 = 0.05;

/// The best default setting published for series of one column, in all four figures BINSEG: covering and F1 in the table of
/// the paper (arXiv 2003.06222, second version; TCPDBench at 1709f406), which has the control series, and in the later table
/// (TCPDBench at eabf3c0a), which leaves them out.
const BEST_DEFAULT: [Score; 2] = [Score { covering: 0.706, f1: 0.744 }, Score { covering: 0.672, f1: 0.698 }];
/// How the names of the control series begin: they were made to check whether people mark with care.
const CONTROL: &str = "quality_control";

#[derive(Deserialize)]
struct SeriesFile {
    n_obs: usize,
    series: Vec<Column>,
}

#[derive(Deserialize)]
struct Column {
    raw: Vec<Option<f64>>,
}

/// What one series scored.
struct Scored {
    name: String,
    points: usize,
    found: Vec<usize>,
    score: Score,
    /// What the test for one lasting shift scores when both sides of a shift are tested again.
    of_shifts: Score,
}

#[derive(Clone, Copy, Default)]
struct Score {
    covering: f64,
    f1: f64,
}

pub fn changes_that_people_marked() -> Outcome {
    let Some(folder) = std::env::var_os(DATA).map(PathBuf::from) else {
        println!(
            "No series were judged: {DATA} names no checkout of the Turing change point data set (github, \
             alan-turing-institute/TCPD)."
        );
        return Ok(());
    };
    let marked: BTreeMap<String, BTreeMap<String, Vec<usize>>> = read_json(&folder.join("annotations.json"))?;
    let (mut scored, mut left_out) = (Vec::new(), Vec::new());
    for (name, people) in &marked {
        let file = folder.join("datasets").join(name).join(format!("{name}.json"));
        match values(&file)? {
            Ok(values) => scored.push(judged(name, &values, people.values().cloned().collect())),
            Err(reason) => left_out.push(format!("{name} ({reason})")),
        }
    }
    by_series(&scored);
    summary(&scored)?;
    println!("\nNot judged, {} of {}: {}.", left_out.len(), marked.len(), left_out.join(", "));
    Ok(())
}

/// The values of a series of one column, or why they can't be judged.
fn values(file: &Path) -> Outcome<Result<Vec<f64>, &'static str>> {
    if !file.exists() {
        return Ok(Err("not in the folder"));
    }
    let SeriesFile { n_obs, series } = read_json(file)?;
    let [column] = series.as_slice() else { return Ok(Err("several columns")) };
    let values: Vec<f64> = column.raw.iter().flatten().copied().collect();
    Ok(if values.len() == n_obs { Ok(values) } else { Err("missing values") })
}

fn judged(name: &str, values: &[f64], marked: Vec<Vec<usize>>) -> Scored {
    let score = |found: &[usize]| Score { covering: covering(&marked, found, values.len()), f1: f1(&marked, found) };
    let found = change_points(values, FEWEST);
    let points: Vec<Point> = values.iter().map(|value| Point { value: *value, error: 0.0 }).collect();
    let (score, of_shifts) = (score(&found), score(&shifts(&points, 0)));
    Scored { name: name.to_owned(), points: values.len(), found, score, of_shifts }
}

/// The place of the lasting shift in points that begin at `first`, and those on both sides of it.
fn shifts(points: &[Point], first: usize) -> Vec<usize> {
    let Some(shift) = lasting_shift(&[], points, FEWEST).filter(|shift| shift.p < CERTAIN) else { return Vec::new() };
    let (before, after) = points.split_at(shift.from);
    let place = first + shift.from;
    [shifts(before, first), vec![place], shifts(after, place)].concat()
}

fn by_series(scored: &[Scored]) {
    println!("\n| series | points | changes found | covering | F1 |\n|---|---|---|---|---|");
    for Scored { name, points, found, score, .. } in scored {
        let found: Vec<String> = found.iter().map(usize::to_string).collect();
        println!("| {name} | {points} | {} | {:.3} | {:.3} |", found.join(", "), score.covering, score.f1);
    }
}

/// The mean scores, with the published ones of the same series where they are there.
fn summary(scored: &[Scored]) -> Outcome {
    let others: Vec<&Scored> = scored.iter().filter(|one| !one.name.starts_with(CONTROL)).collect();
    println!(
        "\n| | covering | F1 | covering, without the control series | F1 |\n|---|---|---|---|---|\n| series | {} | | {} | |",
        scored.len(),
        others.len()
    );
    let line = |method: &str, score: &dyn Fn(&Scored) -> Option<Score>| {
        let all = mean(scored.iter().filter_map(score));
        row(method, [all, mean(others.iter().filter_map(|one| score(one)))]);
    };
    line("**Mismatch**", &|one| Some(one.score));
    line("its test for one lasting shift, both sides again", &|one| Some(one.of_shifts));
    row("best default published, other series too (BINSEG)", BEST_DEFAULT);
    let Some(published) = std::env::var_os(PUBLISHED).map(PathBuf::from) else {
        println!(
            "\nNo published scores of the same series: {PUBLISHED} names no folder of them (TCPDBench, analysis/output/scores)."
        );
        return Ok(());
    };
    let published = Published::read(&published)?;
    for method in published.methods() {
        line(&format!("{method}, same series"), &|one| published.score(&one.name, &method));
    }
    Ok(())
}

fn row(method: &str, [all, others]: [Score; 2]) {
    println!("| {method} | {:.3} | {:.3} | {:.3} | {:.3} |", all.covering, all.f1, others.covering, others.f1);
}

/// Not a number without any.
fn mean(scores: impl Iterator<Item = Score>) -> Score {
    let (n, sum) = scores.fold((0.0, Score::default()), |(n, sum), one| {
        (n + 1.0, Score { covering: sum.covering + one.covering, f1: sum.f1 + one.f1 })
    });
    Score { covering: sum.covering / n, f1: sum.f1 / n }
}

/// A score for each series and method; none where the method failed.
type Scores = BTreeMap<String, BTreeMap<String, Option<f64>>>;

struct Published {
    covering: Scores,
    f1: Scores,
}

impl Published {
    fn read(folder: &Path) -> Outcome<Self> {
        let covering = read_json(&folder.join("default_cover_scores.json"))?;
        Ok(Self { covering, f1: read_json(&folder.join("default_f1_scores.json"))? })
    }

    fn methods(&self) -> BTreeSet<String> {
        self.covering.values().flat_map(|methods| methods.keys().cloned()).collect()
    }

    fn score(&self, series: &str, method: &str) -> Option<Score> {
        let of = |scores: &Scores| scores.get(series)?.get(method).copied().flatten();
        Some(Score { covering: of(&self.covering)?, f1: of(&self.f1)? })
    }
}
