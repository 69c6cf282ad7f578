//! D3.category_spelling: is one value written in several ways?

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::detectors::novelty::{self, NewCategory};
use crate::detectors::report::strongest_of_each;
use crate::detectors::sides::{self, Pair};
use crate::detectors::spelling::canonical;
use crate::detectors::words::{count, name, percent, values};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{SIGNIFICANCE, VARIANT_SHARE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Need;
use domain::profile::ColumnProfile;
use domain::snapshot::{ColumnKind, ColumnRole};
use domain::{Cause, Finding, Item, Task, Undo, UndoBy, ValuePair, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D3.category_spelling"),
    item: Item::D3,
    title: "Spelling variants",
    looks_for: "Categories that differ only in case, accents, spaces or separators: between training and serving, or inside one table.",
    why_it_matters: "An encoder treats “New York” and “new york” as two values. The model treats rows with a spelling that is not in training as unknown, and charts of the values look normal.",
    how_it_decides: "Values are compared without case, accents, spaces and separators (signs such as +, < and the dash of a range are kept). A value of training that has a new spelling in serving is a mismatch if the new spellings cover at least {VARIANT_SHARE:%} of the serve rows and chance does not explain why training lacks them (p under {SIGNIFICANCE}). Spelling variants inside one table are possible.",
    try_next: "Normalize the spelling in one function that training and serving share.",
    causes: &[Cause::InconsistentCategories],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let pairs = sides::features(measurements).unwrap_or_default();
    let mut findings: Vec<Finding> = pairs.iter().filter_map(respelled).collect();
    let mut looked_at: HashSet<&str> = pairs.iter().map(|pair| pair.name).collect();
    for (role, profile) in sides::tables(measurements) {
        let words = |column: &&ColumnProfile| {
            column.kind == ColumnKind::Categorical && measurements.roles.of(&column.name) == ColumnRole::Feature
        };
        for column in profile.columns.iter().filter(words) {
            looked_at.insert(&column.name);
            findings.extend(variants_inside(column, role.id()));
        }
    }
    if looked_at.is_empty() && sides::tables(measurements).next().is_none() {
        return Judgement::missing(Need::AnyTable);
    }
    let summary = format!("Looked for spelling variants in {}.", count(looked_at.len() as u64, "column"));
    Judgement::Judged { summary, findings: strongest_of_each(findings) }
}

/// Serve values that are in training only with another spelling.
fn respelled(pair: &Pair) -> Option<Finding> {
    let (train, _) = pair.categories()?;
    let mut known: HashMap<String, &str> = HashMap::new();
    for (value, _) in &train.counts {
        known.entry(canonical(value)).or_insert(value);
    }
    let new = novelty::new_categories(pair);
    let variants: Vec<(&NewCategory, &str)> =
        new.iter().filter_map(|category| Some((category, *known.get(&canonical(&category.value))?))).collect();
    // The values match except for their spelling; this is evidence in addition to their absence in training.
    let certain: Vec<&(&NewCategory, &str)> =
        variants.iter().filter(|(category, _)| category.p < SIGNIFICANCE).collect();
    let rows: u64 = variants.iter().map(|(category, _)| category.rows).sum();
    let share = rows as f64 / pair.serve.non_null().max(1) as f64;
    if variants.is_empty() {
        return None;
    }
    let verdict = if !certain.is_empty() && share >= VARIANT_SHARE { Verdict::Mismatch } else { Verdict::Possible };
    let p = variants.iter().map(|(category, _)| category.p).fold(1.0, f64::min);
    let (first, known_as) = variants.first()?;
    let statement = format!(
        "{} has a spelling that is not in training in {} of serve rows, for example {} instead of {}.",
        name(pair.name),
        percent(share),
        values(&[&first.value]),
        values(&[known_as]),
    );
    let effect = Effect::new("respelled_share", share, VARIANT_SHARE);
    let finding = DETECTOR
        .finding(verdict, &[pair.name], statement, effect, Certainty::p(p))
        .for_cause(Cause::InconsistentCategories)
        .with_evidence("new spellings", variants.len().to_string());
    let finding = variants.iter().take(10).fold(finding, |finding, (category, known_as)| {
        finding.with_evidence(
            format!("“{}”", category.value),
            format!("{}; “{known_as}” in train", count(category.rows, "row")),
        )
    });
    let pairs = variants
        .iter()
        .map(|(category, known_as)| ValuePair { served: category.value.clone(), trained: (*known_as).to_owned() });
    let undo = Undo::new(pair.name, UndoBy::Values { pairs: pairs.collect() });
    let finding = pair.sized(finding).undone_by(undo);
    // Where chance alone puts such rows on one side, the spellings differed before, too.
    Some(if certain.is_empty() { finding.as_standing() } else { finding })
}

/// Values of one table that differ only in their spelling.
fn variants_inside(column: &ColumnProfile, side: &str) -> Option<Finding> {
    let categories = column.categories.as_ref()?;
    let mut by_form: BTreeMap<String, Vec<(&str, u64)>> = BTreeMap::new();
    for (value, rows) in categories.counts.iter().filter(|(value, _)| !value.trim().is_empty()) {
        by_form.entry(canonical(value)).or_default().push((value, *rows));
    }
    let groups: Vec<&Vec<(&str, u64)>> = by_form.values().filter(|spellings| spellings.len() > 1).collect();
    let most = groups.iter().max_by_key(|spellings| spellings.iter().skip(1).map(|(_, rows)| rows).sum::<u64>())?;
    let minor: u64 = groups.iter().flat_map(|spellings| spellings.iter().skip(1)).map(|(_, rows)| rows).sum();
    let share = minor as f64 / column.non_null().max(1) as f64;
    let spelled: Vec<&str> = most.iter().map(|(value, _)| *value).collect();
    let statement =
        format!("{} has several spellings of one value in {side}: {}.", name(&column.name), values(&spelled),);
    let finding = DETECTOR
        .finding(
            Verdict::Possible,
            &[&column.name],
            statement,
            Effect::new("variant_share", share, VARIANT_SHARE),
            Certainty::exact(),
        )
        .with_n(side, column.non_null())
        .with_evidence("rows with a rarer spelling", percent(share))
        .for_cause(Cause::InconsistentCategories);
    Some(
        most.iter()
            .fold(finding, |finding, (value, rows)| finding.with_evidence(format!("“{value}”"), count(*rows, "row"))),
    )
}
