//! What happened when, on one axis: the incident, releases, alerts, the served rows, what was found since when, and what people
//! entered and did.

use super::super::format;
use super::super::scale::Scale;
use super::{Axis, Hover, Key, Mark, Scene, Shape, Table, Tone, Value};
use crate::Diagnosis;
use crate::event::{Event, EventKind};
use crate::investigation::Investigation;
use crate::number::counted;
use crate::since::Extent;
use crate::verdict::Verdict;

/// Its name in files. It belongs to an investigation, so no address of a diagnosis has it.
pub const ID: &str = "timeline";

/// Things on one lane.
const MOST: usize = 200;

/// What people did here is drawn where it began within this many times the length of all the rest.
const NEAR: f64 = 3.0;

/// The longest words of one thing, in characters.
const LONGEST: usize = 80;

/// One thing: from when to when, and what it is.
#[derive(Debug, Clone, PartialEq)]
struct Thing {
    from_ms: i64,
    to_ms: i64,
    words: String,
}

impl Thing {
    fn at(ms: i64, words: impl Into<String>) -> Thing {
        Thing { from_ms: ms, to_ms: ms, words: words.into() }
    }
}

/// One row of the picture.
struct Lane {
    name: &'static str,
    tone: Tone,
    things: Vec<Thing>,
}

/// None where less than two kinds of things have a time.
pub fn scene(investigation: &Investigation, diagnosis: Option<&Diagnosis>) -> Option<Scene> {
    let mut lanes = vec![incident(investigation)];
    lanes.extend(diagnosis.into_iter().flat_map(of_diagnosis));
    lanes.push(entered(&investigation.events));
    lanes.retain(|lane| !lane.things.is_empty());
    let done = done(&investigation.events);
    let (from, to) = span(&lanes)?;
    let reach = to + (NEAR * (to - from) as f64) as i64;
    let is_near = done.things.first().is_some_and(|first| first.from_ms >= from && first.from_ms <= reach);
    let later = if is_near { 0 } else { done.things.len() as u64 };
    if is_near {
        lanes.push(done);
    }
    if lanes.len() < 2 {
        return None;
    }
    let (from, to) = span(&lanes)?;
    let x = Scale::around([from as f64, to as f64]);
    let names: Vec<String> = lanes.iter().map(|lane| lane.name.to_owned()).collect();
    let rows = lanes.len();
    Some(Scene {
        title: "What happened when".to_owned(),
        summary: format!("From {} to {} (UTC).", format::time(from), format::time(to)),
        marks: lanes.iter().enumerate().flat_map(|(row, lane)| marks(lane, heights(row, rows), &x)).collect(),
        hovers: lanes.iter().enumerate().flat_map(|(row, lane)| hovers(lane, heights(row, rows), &x)).collect(),
        legend: vec![Key::plain("a bar: from when to when; a dot: a moment")],
        note: match later {
            0 => String::new(),
            later => {
                format!("{} that people did here later, or long before, are in the list only.", counted(later, "thing"))
            }
        },
        table: table(&lanes),
        ..Scene::on(ID, Shape::Strips(rows), Axis::times(x), Axis::names_down(&names, ""))
    })
}

fn span(lanes: &[Lane]) -> Option<(i64, i64)> {
    let things = || lanes.iter().flat_map(|lane| &lane.things);
    Some((things().map(|thing| thing.from_ms).min()?, things().map(|thing| thing.to_ms).max()?))
}

fn incident(investigation: &Investigation) -> Lane {
    let incident = &investigation.incident;
    let mut things = Vec::new();
    match (incident.started_at_ms, incident.resolved_at_ms) {
        (Some(from_ms), Some(to_ms)) => things.push(Thing { from_ms, to_ms, words: "the incident".to_owned() }),
        (Some(from_ms), None) => things.push(Thing::at(from_ms, "the incident began")),
        (None, Some(to_ms)) => things.push(Thing::at(to_ms, "the incident was over")),
        (None, None) => {}
    }
    things.extend(incident.detected_at_ms.map(|ms| Thing::at(ms, "it was noticed")));
    Lane { name: "incident", tone: Tone::Bad, things }
}

fn of_diagnosis(diagnosis: &Diagnosis) -> [Lane; 4] {
    let over_time = &diagnosis.over_time;
    let releases = over_time.deployments.iter().map(|one| Thing::at(one.at_ms, format!("deployed {}", one.what)));
    let alerts = diagnosis.running.rules.iter().filter_map(|rule| {
        let replay = rule.replay.as_ref()?;
        let (from_ms, to_ms) = (replay.first_ms?, replay.last_ms.or(replay.first_ms)?);
        let words = format!("{} would have fired {}", rule.rule.name, counted(replay.times, "time"));
        Some(Thing { from_ms, to_ms: to_ms.max(from_ms), words })
    });
    let served = over_time.served_span().map(|(from_ms, to_ms)| Thing {
        from_ms,
        to_ms,
        words: "the served rows that were given".to_owned(),
    });
    let changed = diagnosis
        .findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Mismatch && !finding.standing && !diagnosis.is_muted(finding));
    let found = changed.filter_map(|finding| {
        let since = finding.since?;
        let words = finding.statement.clone();
        match since.extent {
            Extent::WholePeriod => None,
            Extent::Onset => Some(Thing::at(since.from_ms, format!("since then: {words}"))),
            Extent::Window => Some(Thing { from_ms: since.from_ms, to_ms: since.to_ms, words }),
        }
    });
    [
        Lane { name: "releases", tone: Tone::Quiet, things: releases.take(MOST).collect() },
        Lane { name: "alerts, replayed", tone: Tone::Bad, things: alerts.take(MOST).collect() },
        Lane { name: "served rows", tone: Tone::Serve, things: served.into_iter().collect() },
        Lane { name: "found since", tone: Tone::Bad, things: found.take(MOST).collect() },
    ]
}

fn entered(events: &[Event]) -> Lane {
    let entered = events.iter().filter_map(|event| match &event.kind {
        EventKind::Happened { what, happened_at_ms } => Some(Thing::at(*happened_at_ms, what.clone())),
        _ => None,
    });
    Lane { name: "entered by people", tone: Tone::Chosen, things: entered.take(MOST).collect() }
}

fn done(events: &[Event]) -> Lane {
    let done = events.iter().filter(|event| !matches!(event.kind, EventKind::Happened { .. }));
    let things = done.map(|event| Thing::at(event.at_ms, format!("{} {}", event.author, event.text())));
    Lane { name: "done here", tone: Tone::Model, things: things.take(MOST).collect() }
}

/// Lowest and highest place of a row.
fn heights(row: usize, rows: usize) -> (f64, f64) {
    let height = 1.0 / rows.max(1) as f64;
    let top = 1.0 - row as f64 * height;
    (top - 0.8 * height, top - 0.2 * height)
}

fn marks(lane: &Lane, (low, high): (f64, f64), x: &Scale) -> Vec<Mark> {
    let (moments, stretches): (Vec<&Thing>, Vec<&Thing>) =
        lane.things.iter().partition(|thing| thing.from_ms == thing.to_ms);
    let at = |ms: i64| x.position(ms as f64);
    let tile = |thing: &&Thing| Mark::Tile {
        tone: lane.tone,
        low: (at(thing.from_ms), low),
        high: (at(thing.to_ms), high),
        shade: 0.45,
    };
    let places: Vec<(f64, f64)> = moments.iter().map(|thing| (at(thing.from_ms), (low + high) / 2.0)).collect();
    let words = vec![String::new(); places.len()];
    let dots = (!places.is_empty()).then_some(Mark::Points { tone: lane.tone, places, size: 4.0, words });
    stretches.iter().map(tile).chain(dots).collect()
}

/// A moment is a few pixels wide to a pointer.
fn hovers(lane: &Lane, (low, high): (f64, f64), x: &Scale) -> Vec<Hover> {
    const REACH: f64 = 0.006;
    let hover = |thing: &Thing| {
        let (from, to) = (x.position(thing.from_ms as f64), x.position(thing.to_ms as f64));
        Hover {
            low: ((from - REACH).max(0.0), low),
            high: ((to + REACH).min(1.0), high),
            words: format!("{}: {}", when(thing), format::shortened(&thing.words, LONGEST)),
        }
    };
    lane.things.iter().map(hover).collect()
}

fn when(thing: &Thing) -> String {
    let minute = |ms: i64| format::time(ms.div_euclid(60_000) * 60_000);
    match thing.from_ms == thing.to_ms {
        true => minute(thing.from_ms),
        false => format!("{} to {}", minute(thing.from_ms), minute(thing.to_ms)),
    }
}

fn table(lanes: &[Lane]) -> Table {
    let of_lane = |lane: &Lane| -> Vec<[Value; 4]> {
        let row = |thing: &Thing| {
            [
                Value::Text(lane.name.to_owned()),
                Value::Time(thing.from_ms),
                Value::Time(thing.to_ms),
                Value::Text(thing.words.clone()),
            ]
        };
        lane.things.iter().map(row).collect()
    };
    Table::ours(["kind", "from", "to", "what"], lanes.iter().flat_map(of_lane))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Actor;

    const DAY: i64 = 86_400_000;

    fn event(day: i64, kind: EventKind) -> Event {
        Event { at_ms: day * DAY, author: Actor::Anonymous, kind }
    }

    fn lanes(events: &[Event]) -> Vec<(&'static str, usize)> {
        [entered(events), done(events)].iter().map(|lane| (lane.name, lane.things.len())).collect()
    }

    #[test]
    fn what_people_entered_stands_where_it_happened() {
        let happened = EventKind::Happened { what: "a deploy".into(), happened_at_ms: 3 * DAY };
        let events = [event(9, happened), event(10, EventKind::Reopened)];
        assert_eq!(lanes(&events), [("entered by people", 1), ("done here", 1)]);
        assert_eq!(entered(&events).things, [Thing::at(3 * DAY, "a deploy")]);
    }

    #[test]
    fn a_stretch_is_a_bar_and_a_moment_a_dot() {
        let lane = Lane {
            name: "incident",
            tone: Tone::Bad,
            things: vec![
                Thing { from_ms: 0, to_ms: 2 * DAY, words: "the incident".into() },
                Thing::at(DAY, "it was noticed"),
            ],
        };
        let x = Scale::around([0.0, (4 * DAY) as f64]);
        let drawn = marks(&lane, heights(0, 1), &x);
        assert!(matches!(drawn.as_slice(), [Mark::Tile { .. }, Mark::Points { .. }]), "{drawn:?}");
        let told: Vec<String> = hovers(&lane, heights(0, 1), &x).into_iter().map(|hover| hover.words).collect();
        assert_eq!(told, ["1970-01-01 to 1970-01-03: the incident", "1970-01-02: it was noticed"]);
        assert_eq!(span(&[lane]), Some((0, 2 * DAY)));
    }
}
