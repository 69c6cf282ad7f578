//! Two number columns that exchanged their values in rows that don't fit their own column: fewer rows show it than the
//! distributions need.

use super::DETECTOR;
use crate::detectors::rates::RateChange;
use crate::detectors::sides::Pair;
use crate::detectors::words::{name, percent};
use crate::thresholds::{CERTAINTY, COLUMN_SWAP_PART};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::exchanged_rows::ExchangedRows;
use domain::{Cause, Finding, Verdict};

/// The exchanges among these features, without the columns for which one was found already.
pub fn exchanges(features: &[Pair], known: &[Finding], measurements: &Measurements) -> Vec<Finding> {
    let tried = (features.len() * features.len().saturating_sub(1) / 2) as f64;
    let mut measured: Vec<&ExchangedRows> = measurements.exchanged_rows.iter().collect();
    measured.sort_by_key(|pair| std::cmp::Reverse(pair.serve.hits));
    let mut taken: Vec<&str> = known.iter().flat_map(|finding| &finding.columns).map(String::as_str).collect();
    let mut findings = Vec::new();
    for exchanged in measured {
        let of = |name: &String| features.iter().find(|pair| pair.name == name);
        let Some(pairs) = of(&exchanged.columns[0]).zip(of(&exchanged.columns[1])) else { continue };
        let is_taken = exchanged.columns.iter().any(|column| taken.contains(&column.as_str()));
        let change = RateChange::new(exchanged.train, exchanged.serve);
        let p = (change.p * tried).min(1.0);
        if !is_taken && change.difference() >= COLUMN_SWAP_PART && p < CERTAINTY {
            taken.extend(exchanged.columns.iter().map(String::as_str));
            findings.push(finding(pairs.into(), &change, p));
        }
    }
    findings
}

fn finding(mut columns: [&Pair; 2], change: &RateChange, p: f64) -> Finding {
    columns.sort_by_key(|pair| pair.train.position);
    let [one, other] = columns.map(|pair| pair.name);
    let statement = format!(
        "{} and {} are swapped in at least {} of the serve rows: each holds values of the other there.",
        name(one),
        name(other),
        percent(change.after()),
    );
    let effect = Effect::new("swapped_share", change.difference(), COLUMN_SWAP_PART);
    let finding = DETECTOR.finding(Verdict::Mismatch, &[one, other], statement, effect, Certainty::p(p));
    let rates = format!("{}, {}", percent(change.before()), percent(change.after()));
    finding
        .with_evidence("rows that fit only the other way round (train, serve)", rates)
        .with_n("train", change.reference.n)
        .with_n("serve", change.current.n)
        .with_importance(columns.iter().filter_map(|pair| pair.importance).reduce(f64::max))
        .concerning(change.current.hits, change.current.n)
        .for_cause(Cause::ColumnSwap)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::sides;
    use crate::detectors::testing::{draws, measured, normal, numbers};
    use stats::intervals::Share;

    fn told(known: &[Finding], train: Share, serve: Share) -> Vec<Vec<String>> {
        let column = |seed| numbers(draws(seed, 300, normal));
        let side = |seed| vec![("age", column(seed)), ("year", column(seed + 1)), ("height", column(seed + 2))];
        let mut measured = measured(&side(1), &side(11));
        measured.exchanged_rows = vec![ExchangedRows { columns: ["year".into(), "age".into()], train, serve }];
        let features = sides::features(&measured).unwrap_or_default();
        exchanges(&features, known, &measured).into_iter().map(|finding| finding.columns).collect()
    }

    #[test]
    fn more_rows_than_in_train_are_an_exchange_once() {
        let (none, many) = (Share::new(0, 300), Share::new(24, 300));
        assert_eq!(told(&[], none, many), [["age", "year"]]);
        let detail = DETECTOR.finding(
            Verdict::Mismatch,
            &["age", "height"],
            String::new(),
            Effect::new("swapped_share", 0.5, 0.02),
            Certainty::p(1e-9),
        );
        assert!(told(&[detail], none, many).is_empty(), "one of them is part of another exchange");
        assert!(told(&[], many, many).is_empty(), "as many in train");
        assert!(told(&[], none, Share::new(4, 300)).is_empty(), "too few rows");
    }
}
