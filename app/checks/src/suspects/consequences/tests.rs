//! The rules as a graph of what each detector can say.

use super::*;

/// Every alarm that a detector can raise.
fn every_alarm() -> Vec<Alarm<'static>> {
    crate::detectors::all()
        .flat_map(|detector| detector.causes.iter().map(|cause| Alarm { cause: *cause, detector: &detector.id }))
        .collect()
}

/// Whether one explains the other without a limit, on some columns.
fn explains(absorbing: Alarm, absorbed: Alarm) -> bool {
    rules_between(absorbing, absorbed).any(|rule| rule.limit == Limit::None)
}

/// Whether a chain of explanations leads from an open alarm back to it: a depth-first search.
fn leads_back(here: usize, edges: &[Vec<usize>], open: &mut Vec<usize>, done: &mut [bool]) -> bool {
    if open.contains(&here) {
        return true;
    }
    if std::mem::replace(&mut done[here], true) {
        return false;
    }
    open.push(here);
    let found = edges[here].iter().any(|next| leads_back(*next, edges, open, done));
    open.pop();
    found
}

#[test]
fn no_chain_of_unconditional_explanations_leads_back_to_its_start() {
    let alarms = every_alarm();
    let explained =
        |from: &Alarm<'static>| -> Vec<usize> { (0..alarms.len()).filter(|to| explains(*from, alarms[*to])).collect() };
    let edges: Vec<Vec<usize>> = alarms.iter().map(explained).collect();
    assert!(edges.iter().map(Vec::len).sum::<usize>() > 300, "the rules are in the graph");
    let mut done = vec![false; alarms.len()];
    for (start, alarm) in alarms.iter().enumerate() {
        assert!(!leads_back(start, &edges, &mut Vec::new(), &mut done), "{alarm:?}");
    }
}

#[test]
fn a_cycle_would_be_found() {
    let edges = [vec![1], vec![2], vec![1]];
    assert!(leads_back(0, &edges, &mut Vec::new(), &mut [false; 3]));
}

#[test]
fn every_target_of_the_table_has_an_effect() {
    let alarms = every_alarm();
    for rule in RULES {
        for target in rule.absorbs {
            let absorbing = alarms.iter().filter(|alarm| alarm.cause == rule.cause);
            let has_effect = absorbing.clone().any(|absorbing| {
                alarms.iter().any(|absorbed| {
                    absorbed.is_target(*target)
                        && rules_between(*absorbing, *absorbed).any(|one| one.absorbs == rule.absorbs)
                })
            });
            assert!(has_effect, "{:?} never explains {target:?}", rule.cause);
        }
    }
}

#[test]
fn limits_on_the_way_there_and_back_are_opposites() {
    let alarms = every_alarm();
    let limits = |from: Alarm<'static>, to: Alarm<'static>| rules_between(from, to).map(|rule| rule.limit);
    for (one, other) in alarms.iter().flat_map(|one| alarms.iter().map(move |other| (*one, *other))) {
        for (there, back) in limits(one, other).flat_map(|there| limits(other, one).map(move |back| (there, back))) {
            let opposite = matches!(
                (there, back),
                (Limit::ShareOfRows, Limit::MoreThanItsShare)
                    | (Limit::MoreThanItsShare, Limit::ShareOfRows)
                    | (Limit::LabelShift, Limit::MoreThanLabelShift)
                    | (Limit::MoreThanLabelShift, Limit::LabelShift)
            );
            assert!(opposite, "{one:?} and {other:?} absorb each other");
        }
    }
}
