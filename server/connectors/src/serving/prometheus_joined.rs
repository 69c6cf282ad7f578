//! Series that follow each other, as those of two versions or two pods do, as one: a change at a release is a step in one
//! series, and between two series nobody sees it.

use super::prometheus_labels::Labels;

/// One series: its labels, and its points in the order of time.
pub(super) type Line = (Labels, Vec<(i64, f64)>);

/// Points by which the earlier one may last into the later one, as rates over a window do.
const OVERLAP: usize = 3;

/// Labels that a release changes.
fn changes_with_a_release(key: &str) -> bool {
    const KEYS: [&str; 8] =
        ["version", "model_version", "modelversion", "revision", "pod", "instance", "container_id", "replicaset"];
    let key = key.to_lowercase();
    KEYS.contains(&key.as_str()) || ["sha", "digest", "hash"].iter().any(|word| key.contains(word))
}

/// The lines with those joined that follow each other and differ only in such labels; a joined one is without them.
pub(super) fn joined(lines: Vec<Line>) -> Vec<Line> {
    let stays = |labels: &Labels| -> Labels {
        labels
            .iter()
            .filter(|(key, _)| !changes_with_a_release(key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    };
    let mut groups: std::collections::BTreeMap<Labels, Vec<Line>> = std::collections::BTreeMap::new();
    for line in lines {
        groups.entry(stays(&line.0)).or_default().push(line);
    }
    let mut found = Vec::new();
    for (kept, mut group) in groups {
        group.sort_by_key(|(_, points)| points.first().map(|(at, _)| *at));
        if group.len() < 2 || !follow(&group) {
            found.extend(group);
            continue;
        }
        let mut points: Vec<(i64, f64)> = Vec::new();
        for (_, next) in group {
            // Where both have points, the later one counts.
            let begins = next.first().map(|(at, _)| *at);
            points.truncate(points.partition_point(|(at, _)| Some(*at) < begins));
            points.extend(next);
        }
        found.push((kept, points));
    }
    found
}

/// Whether each begins where the one before it ends.
fn follow(lines: &[Line]) -> bool {
    lines.iter().zip(lines.iter().skip(1)).all(|((_, earlier), (_, later))| {
        let begins = later.first().map(|(at, _)| *at);
        let before = earlier.partition_point(|(at, _)| Some(*at) < begins);
        let ends_first = earlier.last().map(|(at, _)| *at) < later.last().map(|(at, _)| *at);
        before > 0 && ends_first && earlier.len() - before <= OVERLAP
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(version: &str, times: std::ops::Range<i64>, value: f64) -> Line {
        let labels = [("version", version), ("job", "a")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        (labels.into(), times.map(|at| (at, value)).collect())
    }

    #[test]
    fn versions_that_follow_each_other_are_one_series() {
        let one = joined(vec![line("v4", 10..20, 2.0), line("v3", 0..11, 1.0)]);
        assert_eq!(one.len(), 1);
        assert_eq!(one[0].1.len(), 20);
        assert_eq!((one[0].1[9].1, one[0].1[10].1), (1.0, 2.0), "the later one counts where both have a point");
        assert!(one[0].0.contains_key("job") && !one[0].0.contains_key("version"));
    }

    #[test]
    fn versions_that_serve_at_the_same_time_stay_apart() {
        assert_eq!(joined(vec![line("v4", 0..20, 2.0), line("v3", 0..20, 1.0)]).len(), 2);
        assert_eq!(joined(vec![line("v4", 5..20, 2.0), line("v3", 0..15, 1.0)]).len(), 2);
        assert_eq!(joined(vec![line("v3", 0..15, 1.0)])[0].0.len(), 2);
    }
}
