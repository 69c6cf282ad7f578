//! Which alarms of one diagnosis explain which.

use super::absorption::{Limit, Rule, Scope};
use super::consequences::{Alarm, rules_between};
use crate::detectors::classes::class_counts;
use crate::detectors::likeness;
use crate::thresholds::{LABEL_SHIFT_ERRORS, SIGNIFICANCE};
use domain::Finding;
use domain::measurements::Measurements;
use domain::profile::CategoryProfile;
use domain::snapshot::SnapshotRole;
use stats::label_relation::TargetRelation;
use std::collections::{BTreeMap, BTreeSet};

/// For each alarm, the places of the alarms at the end of its chain of explanations: the ones nothing explains. Such an alarm
/// has itself; none is left without.
///
/// The alarms come strongest first: where some of them only explain each other, the first of them counts as unexplained.
pub fn roots(alarms: &[&Finding], measurements: &Measurements) -> Vec<Vec<usize>> {
    let mut explained_by: Vec<Vec<usize>> =
        (0..alarms.len()).map(|place| explainers(place, alarms, measurements)).collect();
    break_circles(&mut explained_by);
    (0..alarms.len()).map(|place| ends(place, &explained_by)).collect()
}

/// The alarms that explain the one at `place` away.
fn explainers(place: usize, alarms: &[&Finding], measurements: &Measurements) -> Vec<usize> {
    let absorbed = alarms[place];
    let explains = |other: &usize| {
        let absorbing = alarms[*other];
        // What stood before explains nothing that changed.
        let may = absorbing.verdict >= absorbed.verdict && (absorbed.standing || !absorbing.standing);
        *other != place && may && explains_away(absorbing, absorbed, measurements)
    };
    (0..alarms.len()).filter(explains).collect()
}

fn explains_away(absorbing: &Finding, absorbed: &Finding, measurements: &Measurements) -> bool {
    let Some((from, to)) = Alarm::of(absorbing).zip(Alarm::of(absorbed)) else { return false };
    rules_between(from, to).any(|rule| applies(rule, absorbing, absorbed, measurements))
}

fn applies(rule: Rule, absorbing: &Finding, absorbed: &Finding, measurements: &Measurements) -> bool {
    let in_scope = match rule.scope {
        Scope::Anywhere => true,
        Scope::SameColumns => {
            !absorbed.columns.is_empty() && absorbed.columns.iter().all(|column| absorbing.columns.contains(column))
        }
    };
    in_scope && within(rule.limit, absorbing, absorbed, measurements)
}

fn within(limit: Limit, absorbing: &Finding, absorbed: &Finding, measurements: &Measurements) -> bool {
    match limit {
        Limit::None => true,
        Limit::ShareOfRows => moves_at_most(absorbing.effect.value.abs(), absorbed, measurements),
        Limit::MoreThanItsShare => !moves_at_most(absorbed.effect.value.abs(), absorbing, measurements),
        Limit::LabelShift => {
            !is_of_the_rows(measurements)
                && label_shift(measurements).is_some_and(|shift| !moves_farther_than(shift, absorbed, measurements))
        }
        Limit::MoreThanLabelShift => {
            is_of_the_rows(measurements)
                || label_shift(measurements).is_none_or(|shift| moves_farther_than(shift, absorbing, measurements))
        }
    }
}

/// Whether the finding's column differs by no more than `share`, and what chance adds.
fn moves_at_most(share: f64, finding: &Finding, measurements: &Measurements) -> bool {
    let sides = finding.columns.first().zip(measurements.train_and_serve());
    let columns = sides.and_then(|(name, (train, serve))| Some((train.column(name)?, serve.column(name)?)));
    let Some((train, serve)) = columns else { return true };
    let distance = likeness::distance(train, serve).unwrap_or(finding.effect.value);
    distance <= share + likeness::chance_distance(train, serve)
}

/// Whether the finding's column differs by more than the label does.
///
/// Rows selected by their label move a feature by less than the label, and rows selected along a feature move the label by
/// less than that feature: what moved most is what was selected, and neither has the benefit of chance. Only what chance
/// adds to the distance of many categories is taken away.
fn moves_farther_than(label: f64, finding: &Finding, measurements: &Measurements) -> bool {
    let sides = finding.columns.first().zip(measurements.train_and_serve());
    let columns = sides.and_then(|(name, (train, serve))| Some((train.column(name)?, serve.column(name)?)));
    let Some((train, serve)) = columns else { return false };
    let distance = likeness::distance(train, serve).unwrap_or(finding.effect.value);
    let of_chance = match (&train.numeric, &serve.numeric) {
        (Some(_), Some(_)) => 0.0,
        _ => likeness::category_chance([train.non_null(), serve.non_null()], train.distinct.max(serve.distinct), 0.0),
    };
    distance - of_chance > label
}

/// Whether the label moved as the features lead to expect, and farther from where other shares of the label alone would
/// leave the features than chance does: then rows were selected by their features (`p(y | x)` is as before), not by their
/// labels (`p(x | y)` is as before).
fn is_of_the_rows(measurements: &Measurements) -> bool {
    let change = measurements.labels.as_ref().and_then(|labels| labels.change.as_ref());
    change.is_some_and(|change| {
        let is_expected = |target: &TargetRelation| target.residual.p() >= SIGNIFICANCE;
        let is_no_label_shift = |target: &TargetRelation| target.errors_from_label_shift().abs() > LABEL_SHIFT_ERRORS;
        change.against == SnapshotRole::Serve
            && change.targets.iter().all(is_expected)
            && change.targets.iter().any(is_no_label_shift)
    })
}

/// How far the label moved between train and serve: the total variation of its shares, or Kolmogorov's distance of an
/// amount, which is at most that. `None` when it is not on both sides.
fn label_shift(measurements: &Measurements) -> Option<f64> {
    let label = measurements.roles.label()?;
    let side = |role| measurements.profile(role)?.column(label);
    let classes = |role| side(role).and_then(class_counts);
    let (Some(train), Some(serve)) = (classes(SnapshotRole::Train), classes(SnapshotRole::Serve)) else {
        return likeness::distance(side(SnapshotRole::Train)?, side(SnapshotRole::Serve)?);
    };
    let category = |counts| CategoryProfile { counts, other: 0 };
    likeness::category_distance(&category(train), &category(serve))
}

/// Frees the first alarm of each circle that nothing outside explains, so that every chain of explanations ends.
///
/// Rules without a limit can't make a circle, but measured limits decide for each pair by itself.
fn break_circles(explained_by: &mut [Vec<usize>]) {
    let chains: BTreeMap<usize, BTreeSet<usize>> = (0..explained_by.len())
        .filter(|place| ends(*place, explained_by).is_empty())
        .map(|place| (place, chain(place, explained_by)))
        .collect();
    // All that explains it, directly or not, is explained by it: a strongly connected set without an explainer outside.
    let is_circle = |place: &usize, chain: &BTreeSet<usize>| {
        chain.iter().all(|other| chains.get(other).is_some_and(|back| back.contains(place)))
    };
    for (place, chain) in &chains {
        if chain.first() == Some(place) && is_circle(place, chain) {
            explained_by[*place].clear();
        }
    }
}

/// The alarm and all that explains it, directly or through others.
fn chain(place: usize, explained_by: &[Vec<usize>]) -> BTreeSet<usize> {
    let (mut open, mut seen) = (vec![place], BTreeSet::new());
    while let Some(here) = open.pop() {
        if seen.insert(here) {
            open.extend(&explained_by[here]);
        }
    }
    seen
}

/// The alarms of its chain that nothing explains.
fn ends(place: usize, explained_by: &[Vec<usize>]) -> Vec<usize> {
    chain(place, explained_by).into_iter().filter(|here| explained_by[*here].is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_nothing_explains_is_led_by_its_first_and_others_are_left_alone() {
        // 1 and 2 explain each other and 3; 5 and 6 explain each other, and 0 explains them.
        let mut explained_by = vec![vec![], vec![2], vec![1], vec![1, 2], vec![], vec![6, 0], vec![5]];
        break_circles(&mut explained_by);
        assert_eq!(explained_by, [vec![], vec![], vec![1], vec![1, 2], vec![], vec![6, 0], vec![5]]);
        assert_eq!(ends(3, &explained_by), [1]);
        assert_eq!(ends(6, &explained_by), [0]);
    }

    #[test]
    fn of_two_circles_in_a_row_the_outer_one_is_freed() {
        // 0 and 1 explain each other, and 2 explains 1; 2 and 3 explain each other.
        let mut explained_by = vec![vec![1], vec![0, 2], vec![3], vec![2]];
        break_circles(&mut explained_by);
        assert_eq!(explained_by, [vec![1], vec![0, 2], vec![], vec![2]]);
        assert_eq!(ends(0, &explained_by), [2]);
    }
}
