//! F2.recode: do the same codes still have the same meaning?

use crate::detectors::likeness::category_chance;
use crate::detectors::sides::{self, Pair};
use crate::detectors::spelling::{canonical, number_inside};
use crate::detectors::words::{count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, RECODE_CHANCE_MARGIN, RECODE_CODES, RECODE_MATCHED, RECODE_NEW, RECODE_SMOOTH, RECODE_STRAY, RECODE_TV,
    RECODE_UNORDERED, RECODE_YES_NO,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, SharedColumns};
use domain::profile::ColumnProfile;
use domain::snapshot::ColumnKind;
use domain::{Cause, Finding, Item, Task, Undo, UndoBy, ValuePair, Verdict};
use stats::contingency::{chi_square, total_variation};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("F2.recode"),
    item: Item::F2,
    title: "Codes and encodings",
    looks_for: "Categories or codes whose meaning changed: the same codes with exchanged frequencies (an encoder was fitted again in another order), or new codes with the old frequencies (a new coding).",
    why_it_matters: "An encoder that is fitted again in serving assigns new numbers to the categories. Every code is still valid, but it has a different meaning.",
    how_it_decides: "The frequencies of up to {RECODE_CODES} codes are compared directly, and after the exchange of codes that fits best. The direct difference must be at least {RECODE_TV} (total variation) with p under {CERTAINTY}. After the exchange, at most {RECODE_MATCHED:%} of it may remain, and no more than chance gives. If at least {RECODE_NEW:%} of the serve rows have new codes, the coding is new; a share between {RECODE_STRAY:%} and {RECODE_NEW:%} does not count. With more than {RECODE_UNORDERED} codes, frequencies that rise and fall smoothly on both sides are a real change of a count. So is a yes/no share that changed by less than {RECODE_YES_NO:%} of the rows.",
    try_next: "Use the encoder that was fitted in training instead of fitting a new one in serving, and compare the two mappings.",
    causes: &[Cause::EncodingOrder, Cause::CategoryRecode],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let coded: Vec<(&Pair, Vec<Code>)> = features.iter().filter_map(|pair| Some((pair, codes(pair)?))).collect();
    let tests = coded.len().max(1) as f64;
    let findings = coded.iter().filter_map(|(pair, codes)| recoded(pair, codes, tests)).collect();
    let summary = format!("Looked for exchanged codes in {}.", count(coded.len() as u64, "coded feature"));
    sides::judged(measurements, coded.len(), SharedColumns::Features, summary, findings)
}

/// One code with how often it occurs on either side.
#[derive(Debug, Clone, PartialEq)]
struct Code {
    value: String,
    train: u64,
    serve: u64,
}

/// The codes of both sides, in their own order (numbers ascending, words alphabetically). `None` where a column holds
/// quantities, free text, or numbers inside its words (then its type changed).
fn codes(pair: &Pair) -> Option<Vec<Code>> {
    let (train, serve) = (code_counts(pair.train)?, code_counts(pair.serve)?);
    let numbers_became_words = (pair.train.kind == ColumnKind::Numeric) != (pair.serve.kind == ColumnKind::Numeric)
        && [&train, &serve]
            .iter()
            .any(|side| side.iter().any(|(value, _)| value.parse::<f64>().is_err() && number_inside(value).is_some()));
    if numbers_became_words {
        return None;
    }
    let mut codes: Vec<Code> =
        train.iter().map(|(value, rows)| Code { value: value.clone(), train: *rows, serve: 0 }).collect();
    for (value, rows) in serve {
        match codes.iter_mut().find(|code| code.value == value) {
            Some(code) => code.serve = rows,
            None => codes.push(Code { value, train: 0, serve: rows }),
        }
    }
    let as_number = |code: &Code| code.value.parse::<f64>().ok();
    if codes.iter().all(|code| as_number(code).is_some()) {
        codes.sort_by(|a, b| as_number(a).partial_cmp(&as_number(b)).unwrap_or(std::cmp::Ordering::Equal));
    } else {
        codes.sort_by(|a, b| a.value.cmp(&b.value));
    }
    (codes.len() >= 2 && codes.len() as f64 <= RECODE_CODES).then_some(codes)
}

/// Values with counts, if there are few enough to be codes.
fn code_counts(column: &ColumnProfile) -> Option<Vec<(String, u64)>> {
    if column.distinct as f64 > RECODE_CODES || column.non_null() == 0 {
        return None;
    }
    if column.kind != ColumnKind::Numeric {
        let categories = column.categories.as_ref().filter(|categories| categories.other == 0);
        return categories.map(|categories| categories.counts.clone());
    }
    let numbers = column.numeric.as_ref().filter(|numbers| numbers.integers)?;
    let mut counts: Vec<(String, u64)> = Vec::new();
    for value in &numbers.sorted {
        let value = format!("{value}");
        match counts.last_mut().filter(|(last, _)| *last == value) {
            Some((_, rows)) => *rows += 1,
            None => counts.push((value, 1)),
        }
    }
    Some(counts)
}

fn recoded(pair: &Pair, codes: &[Code], tests: f64) -> Option<Finding> {
    let (train, serve): (Vec<u64>, Vec<u64>) = codes.iter().map(|code| (code.train, code.serve)).unzip();
    let straight = total_variation(&train, &serve)?;
    let p = (chi_square(&train, &serve)?.p * tests).min(1.0);
    let exchange = best_exchange(&train, &serve);
    let exchanged: Vec<u64> = exchange.iter().map(|place| serve[*place]).collect();
    let matched = total_variation(&train, &exchanged)?;
    let fits = matched <= RECODE_MATCHED * straight && matched <= by_chance(&train, &serve);
    if straight < RECODE_TV || p >= CERTAINTY || !fits {
        return None;
    }
    let unknown: u64 = codes.iter().filter(|code| code.train == 0).map(|code| code.serve).sum();
    let unknown = unknown as f64 / serve.iter().sum::<u64>().max(1) as f64;
    let new_codes = unknown >= RECODE_NEW;
    let plain = !new_codes && (unknown > RECODE_STRAY || is_plain_change(&train, &serve, straight));
    if plain || respelled(codes) {
        return None;
    }
    let (cause, what) = if new_codes {
        (Cause::CategoryRecode, "has new codes in serving, with the frequencies of the old codes")
    } else {
        (Cause::EncodingOrder, "has the same codes in serving, but their frequencies are exchanged")
    };
    let statement = format!("{} {what}.", name(pair.name));
    let effect = Effect::new("total_variation", straight, RECODE_TV);
    let finding = DETECTOR
        .finding(Verdict::Mismatch, &[pair.name], statement, effect, Certainty::p(p))
        .for_cause(cause)
        .with_evidence(
            "total variation before and after the exchange",
            format!("{}, {}", percent(straight), percent(matched)),
        );
    let pairs = codes.iter().zip(&exchange).filter(|(code, _)| code.train > 0).take(20);
    let finding = pairs.fold(finding, |finding, (code, place)| {
        let now = &codes[*place];
        finding.with_evidence(
            format!("“{}” in train", code.value),
            format!("{}; in serve {} have “{}”", count(code.train, "row"), count(now.serve, "row"), now.value),
        )
    });
    let undo = are_apart(&train).then(|| {
        let standing = codes.iter().zip(&exchange).filter(|(code, _)| code.train > 0);
        let pairs = standing
            .map(|(code, place)| ValuePair { served: codes[*place].value.clone(), trained: code.value.clone() });
        Undo::new(pair.name, UndoBy::Values { pairs: pairs.collect() })
    });
    Some(undo.into_iter().fold(pair.sized(finding), Finding::undone_by))
}

/// Whether every frequency is so far from the next that chance does not exchange their ranks: only then is it known which
/// code stands for which.
fn are_apart(counts: &[u64]) -> bool {
    let mut sorted: Vec<f64> = counts.iter().filter(|count| **count > 0).map(|count| *count as f64).collect();
    sorted.sort_by(f64::total_cmp);
    sorted.windows(2).all(|pair| pair[1] - pair[0] > RECODE_SMOOTH * (pair[0] + pair[1]).sqrt())
}

/// For each place of `train`, the place of `serve` with the same rank by frequency: the exchange with the least total
/// variation.
fn best_exchange(train: &[u64], serve: &[u64]) -> Vec<usize> {
    let ranked = |counts: &[u64]| {
        let mut places: Vec<usize> = (0..counts.len()).collect();
        places.sort_by(|a, b| counts[*b].cmp(&counts[*a]).then(a.cmp(b)));
        places
    };
    let mut exchange = vec![0; train.len()];
    for (here, there) in ranked(train).into_iter().zip(ranked(serve)) {
        exchange[here] = there;
    }
    exchange
}

/// The total variation distance that chance gives between two samples of one population of these codes.
fn by_chance(train: &[u64], serve: &[u64]) -> f64 {
    category_chance([train.iter().sum(), serve.iter().sum()], train.len() as u64, RECODE_CHANCE_MARGIN)
}

/// Whether the change is real: a count whose frequencies rise and fall smoothly on both sides, or a yes/no share that moved.
fn is_plain_change(train: &[u64], serve: &[u64], straight: f64) -> bool {
    match train.len() {
        2 => straight < RECODE_YES_NO,
        codes if codes as f64 <= RECODE_UNORDERED => false,
        _ => one_hump(train) && one_hump(serve),
    }
}

/// Whether the frequencies rise to one maximum and fall after it, except for the noise of single counts.
fn one_hump(counts: &[u64]) -> bool {
    let Some(top) = counts.iter().enumerate().max_by_key(|(_, count)| **count).map(|(place, _)| place) else {
        return true;
    };
    let clearly_less =
        |less: u64, more: u64| (more as f64 - less as f64) > RECODE_SMOOTH * ((less + more) as f64).sqrt();
    let rising = counts[..=top].windows(2).all(|pair| !clearly_less(pair[1], pair[0]));
    let falling = counts[top..].windows(2).all(|pair| !clearly_less(pair[0], pair[1]));
    rising && falling
}

/// Whether a new code is a training code with another spelling: then the coding did not change.
fn respelled(codes: &[Code]) -> bool {
    let known: Vec<String> = codes.iter().filter(|code| code.train > 0).map(|code| canonical(&code.value)).collect();
    codes.iter().filter(|code| code.train == 0).any(|code| known.contains(&canonical(&code.value)))
}
