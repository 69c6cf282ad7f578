//! What an alert's rule sees in a window of served rows, from what is kept of its judging. "Not judged" is never "does not hold".

use domain::alert::{Bound, Level, Seen, Watched};
use domain::model::{MetricPoint, TrendPoint, Window};
use domain::number::number;
use domain::{Item, Layer, Mark, Verdict};

/// The layer that is judged by the training data, which is the same in every window: it is no news of one.
const OF_REFERENCE: Layer = Layer::Training;

/// What is seen in what lists show of a window. `None` for what is not seen there: a check, a metric, an absence.
pub fn in_window(watched: &Watched, window: &Window) -> Option<Seen> {
    match watched {
        Watched::AnyMismatch => Some(any_mismatch(window)),
        Watched::Suspect { at_least } => Some(suspect(*at_least, window)),
        Watched::Fall { points } => Some(fall(*points, window)),
        Watched::Check { .. } | Watched::Metric { .. } | Watched::NoArrivals { .. } => None,
    }
}

fn any_mismatch(window: &Window) -> Seen {
    let of_window =
        || Layer::ALL.into_iter().filter(|layer| *layer != OF_REFERENCE).map(|layer| (layer, window.mark(layer)));
    let is = |mark: Mark, verdict: Verdict| mark == Mark::Verdict(verdict);
    let mismatched: Vec<&str> =
        of_window().filter(|(_, mark)| is(*mark, Verdict::Mismatch)).map(|(layer, _)| layer.text().title).collect();
    if !mismatched.is_empty() {
        let layers = format!("A mismatch in {}.", mismatched.join(", "));
        return Seen::Holds { statement: window.suspect.clone().unwrap_or(layers) };
    }
    match of_window().all(|(_, mark)| is(mark, Verdict::NoEvidence)) {
        true => Seen::NotJudged,
        false => Seen::HoldsNot,
    }
}

fn suspect(at_least: f64, window: &Window) -> Seen {
    match (&window.suspect, window.probability) {
        (Some(suspect), Some(probability)) if probability >= at_least => {
            Seen::Holds { statement: format!("{suspect} ({:.0} % probable)", probability * 100.0) }
        }
        (Some(_), Some(_)) | (None, _) => Seen::HoldsNot,
        (Some(_), None) => Seen::NotJudged,
    }
}

fn fall(points: f64, window: &Window) -> Seen {
    match &window.fall {
        None => Seen::NotJudged,
        Some(fall) if fall.points.low > 0.0 && fall.points.points >= points => {
            Seen::Holds { statement: fall.statement.clone() }
        }
        Some(_) => Seen::HoldsNot,
    }
}

/// What is seen of a check: `whole` is what the item said as a whole, `found` what was said of what is watched, the strongest
/// first.
pub fn in_results(item: Item, level: Level, whole: Option<Verdict>, found: &[TrendPoint]) -> Seen {
    let holds = found.iter().find(|point| point.verdict >= level.verdict() && !point.standing);
    if let Some(point) = holds {
        return Seen::Holds { statement: statement(item, point) };
    }
    let is_judged = match found.first() {
        Some(point) => point.verdict != Verdict::NoEvidence,
        None => whole.is_some_and(|verdict| verdict != Verdict::NoEvidence),
    };
    if is_judged { Seen::HoldsNot } else { Seen::NotJudged }
}

fn statement(item: Item, point: &TrendPoint) -> String {
    let what = if point.detector.is_empty() { item.code() } else { &point.detector };
    match (point.value, point.limit) {
        (Some(value), Some(limit)) => {
            let effect = point.effect.replace('_', " ");
            format!("{what}: {}, {effect} is {}, its limit {}.", point.verdict.word(), number(value), number(limit))
        }
        _ => format!("{what}: {}.", point.verdict.word()),
    }
}

/// What is seen of a metric: `None` where its window has no labels.
pub fn in_metric(metric: &str, bound: Bound, limit: f64, point: Option<&MetricPoint>) -> Seen {
    let Some(point) = point else { return Seen::NotJudged };
    let is_beyond = match bound {
        Bound::Below => point.high.unwrap_or(point.value) < limit,
        Bound::Above => point.low.unwrap_or(point.value) > limit,
    };
    if !is_beyond {
        return Seen::HoldsNot;
    }
    let interval = match (point.low, point.high) {
        (Some(low), Some(high)) => format!(" (95 % interval {} to {})", number(low), number(high)),
        _ => String::new(),
    };
    let rows = domain::number::counted(point.rows, "row");
    let value = number(point.value);
    Seen::Holds { statement: format!("{metric} is {value}{interval} on {rows}, its limit {}.", number(limit)) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::model::WindowFall;
    use domain::points::Points;

    use super::*;

    fn window(marks: &[(Layer, Mark)]) -> Window {
        Window {
            layers: marks.iter().copied().collect::<BTreeMap<_, _>>(),
            suspect: Some("amount is 1,000 times smaller.".to_owned()),
            probability: Some(0.8),
            fall: Some(WindowFall {
                points: Points { points: 3.0, low: 1.0, high: 5.0 },
                statement: "It fell.".to_owned(),
            }),
            worst: None,
            figure: None,
            previous: None,
            judged_at_ms: 0,
        }
    }

    fn holds(seen: &Seen) -> bool {
        matches!(seen, Seen::Holds { .. })
    }

    #[test]
    fn a_mismatch_counts_in_layers_that_depend_on_the_rows() {
        let mismatch = Mark::Verdict(Verdict::Mismatch);
        let in_data = window(&[(Layer::Data, mismatch)]);
        assert_eq!(any_mismatch(&in_data).statement(), "amount is 1,000 times smaller.");
        let of_training = window(&[(Layer::Training, mismatch), (Layer::Data, Mark::Verdict(Verdict::Clear))]);
        assert_eq!(any_mismatch(&of_training), Seen::HoldsNot);
        let standing = window(&[(Layer::Data, Mark::Standing)]);
        assert_eq!(any_mismatch(&standing), Seen::HoldsNot, "a weakness that stood before is no news");
        assert_eq!(any_mismatch(&window(&[])), Seen::NotJudged);
    }

    #[test]
    fn a_suspect_and_a_fall_count_from_their_limit_on() {
        let seen = |watched: Watched, window: &Window| in_window(&watched, window);
        let known = window(&[]);
        assert!(seen(Watched::Suspect { at_least: 0.8 }, &known).is_some_and(|seen| holds(&seen)));
        assert_eq!(seen(Watched::Suspect { at_least: 0.81 }, &known), Some(Seen::HoldsNot));
        let of_before = Window { probability: None, ..known.clone() };
        assert_eq!(seen(Watched::Suspect { at_least: 0.1 }, &of_before), Some(Seen::NotJudged));
        assert!(seen(Watched::Fall { points: 3.0 }, &known).is_some_and(|seen| holds(&seen)));
        assert_eq!(seen(Watched::Fall { points: 3.1 }, &known), Some(Seen::HoldsNot));
        let within_chance =
            WindowFall { points: Points { points: 9.0, low: -0.1, high: 18.0 }, statement: String::new() };
        let chancy = Window { fall: Some(within_chance), ..known.clone() };
        assert_eq!(seen(Watched::Fall { points: 3.0 }, &chancy), Some(Seen::HoldsNot), "zero is within its interval");
        assert_eq!(seen(Watched::Fall { points: 3.0 }, &Window { fall: None, ..known }), Some(Seen::NotJudged));
    }

    #[test]
    fn a_check_that_could_not_be_made_is_not_judged() {
        let point = |verdict: Verdict, standing: bool| TrendPoint {
            arrival: "a".to_owned(),
            at_ms: 0,
            verdict,
            standing,
            detector: "D1.column_drift".to_owned(),
            effect: "ks_statistic".to_owned(),
            value: Some(0.31),
            limit: Some(0.1),
            over_limit: Some(3.1),
        };
        let seen = |whole, found: &[TrendPoint]| in_results(Item::D1, Level::Mismatch, whole, found);
        let found = seen(None, &[point(Verdict::Mismatch, false)]);
        assert_eq!(found.statement(), "D1.column_drift: mismatch, ks statistic is 0.31, its limit 0.1.");
        assert_eq!(seen(None, &[point(Verdict::Mismatch, true)]), Seen::HoldsNot, "it stood before");
        assert_eq!(seen(None, &[point(Verdict::Possible, false)]), Seen::HoldsNot);
        assert!(holds(&in_results(Item::D1, Level::Possible, None, &[point(Verdict::Possible, false)])));
        assert_eq!(seen(Some(Verdict::Clear), &[]), Seen::HoldsNot, "nothing was said of the column");
        assert_eq!(seen(Some(Verdict::NoEvidence), &[]), Seen::NotJudged);
        assert_eq!(seen(None, &[point(Verdict::NoEvidence, false)]), Seen::NotJudged);
        assert_eq!(seen(None, &[]), Seen::NotJudged);
    }

    #[test]
    fn a_metric_counts_when_its_whole_interval_is_beyond_the_limit() {
        let point = |low, high| MetricPoint { arrival: String::new(), at_ms: 0, value: 0.78, low, high, rows: 900 };
        let seen = |bound, limit, point: &MetricPoint| in_metric("accuracy", bound, limit, Some(point));
        let certain = seen(Bound::Below, 0.8, &point(Some(0.77), Some(0.79)));
        assert_eq!(certain.statement(), "accuracy is 0.78 (95 % interval 0.77 to 0.79) on 900 rows, its limit 0.8.");
        assert_eq!(seen(Bound::Below, 0.8, &point(Some(0.75), Some(0.81))), Seen::HoldsNot);
        assert!(holds(&seen(Bound::Below, 0.8, &point(None, None))), "without an interval, by its value");
        assert!(holds(&seen(Bound::Above, 0.7, &point(Some(0.71), Some(0.85)))));
        assert_eq!(seen(Bound::Above, 0.7, &point(Some(0.69), Some(0.85))), Seen::HoldsNot);
        assert_eq!(in_metric("accuracy", Bound::Below, 0.8, None), Seen::NotJudged);
    }
}
