//! All models in one week next to the week before: what is new, what regressed, what is fixed, and what nobody watches.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Figure, Week, Window};
use crate::{Layer, Mark, Verdict};

/// A model as the weekly page needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownModel {
    pub name: String,
    pub owner: String,
    pub has_reference: bool,
    pub created_at_ms: i64,
    /// The time of the last window before the end of the week.
    pub last_at_ms: Option<i64>,
}

/// One judged window.
#[derive(Debug, Clone, PartialEq)]
pub struct WeekWindow {
    pub model: String,
    pub at_ms: i64,
    pub window: Window,
}

/// One week of all models.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Weekly {
    /// Such as `2026-W48` (ISO 8601).
    pub week: String,
    /// Its first millisecond since 1970-01-01 UTC, a Monday.
    pub from_ms: i64,
    /// The first millisecond after it.
    pub end_ms: i64,
    /// What needs attention comes first.
    pub models: Vec<ModelWeek>,
}

/// One model in one week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ModelWeek {
    pub model: String,
    /// Who cares for it; empty for nobody in particular.
    pub owner: String,
    pub standing: WeekStanding,
    pub layers: Vec<LayerWeek>,
    /// Windows that were judged in the week.
    pub windows: u64,
    /// The first suspect of the week's worst window; null where nothing changed.
    #[schema(required)]
    pub suspect: Option<String>,
    /// The last main metric of the week, and of the week before.
    #[schema(required)]
    pub figure: Option<Figure>,
    #[schema(required)]
    pub figure_before: Option<Figure>,
    /// The time of the last rows before the end of the week.
    #[schema(required)]
    pub last_at_ms: Option<i64>,
}

/// How a model stands in a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeekStanding {
    /// A layer that was sound before is a mismatch.
    Regressed,
    /// A layer that was not checked before is a mismatch.
    New,
    /// A mismatch as in the week before.
    Continuing,
    /// Rows came before, and none in this week.
    Stale,
    /// Nothing was ever judged.
    NotWatched,
    /// A mismatch of the week before is over.
    Fixed,
    /// One window had a mismatch, and the next one had none: by chance that happens every few months.
    Passed,
    /// No mismatch in either week.
    Steady,
}

impl WeekStanding {
    /// All of them, in the order in which they need attention.
    pub const ALL: [WeekStanding; 8] = [
        WeekStanding::Regressed,
        WeekStanding::New,
        WeekStanding::Continuing,
        WeekStanding::Stale,
        WeekStanding::NotWatched,
        WeekStanding::Fixed,
        WeekStanding::Passed,
        WeekStanding::Steady,
    ];

    pub fn words(self) -> &'static str {
        match self {
            WeekStanding::Regressed => "regressed",
            WeekStanding::New => "new",
            WeekStanding::Continuing => "continues",
            WeekStanding::Stale => "stale",
            WeekStanding::NotWatched => "not watched",
            WeekStanding::Fixed => "fixed",
            WeekStanding::Passed => "passed",
            WeekStanding::Steady => "steady",
        }
    }

    pub fn meaning(self) -> &'static str {
        match self {
            WeekStanding::Regressed => "A layer that had no mismatch in the week before has one.",
            WeekStanding::New => "A layer that was not checked in the week before has a mismatch.",
            WeekStanding::Continuing => "A layer had a mismatch in the week before and still has it.",
            WeekStanding::Stale => "Rows arrived in earlier weeks, and none in this week.",
            WeekStanding::NotWatched => "No rows were checked so far.",
            WeekStanding::Fixed => "A mismatch of the week before is over.",
            WeekStanding::Passed => "A mismatch of one window was over with the next one.",
            WeekStanding::Steady => "No layer had a mismatch in either week.",
        }
    }
}

/// One layer of a model in one week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LayerWeek {
    pub layer: Layer,
    /// The most urgent sign of the week before; null where nothing was judged.
    #[schema(required, value_type = Option<String>)]
    pub before: Option<Mark>,
    /// The most urgent sign of the week.
    #[schema(required, value_type = Option<String>)]
    pub now: Option<Mark>,
    /// The sign of its last window.
    #[schema(required, value_type = Option<String>)]
    pub last: Option<Mark>,
    /// What became of it since the week before; null where it is as it was.
    #[schema(required)]
    pub change: Option<LayerChange>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LayerChange {
    Regressed,
    New,
    Continuing,
    Fixed,
    Passed,
}

impl LayerChange {
    pub fn words(self) -> &'static str {
        match self {
            LayerChange::Regressed => "regressed",
            LayerChange::New => "new",
            LayerChange::Continuing => "continues",
            LayerChange::Fixed => "fixed",
            LayerChange::Passed => "passed",
        }
    }
}

/// All models in a week. `windows` are those of the week and of the week before, in any order.
pub fn weekly(week: Week, models: Vec<KnownModel>, windows: Vec<WeekWindow>) -> Weekly {
    let mut by_model: BTreeMap<String, [Vec<(i64, Window)>; 2]> = BTreeMap::new();
    for WeekWindow { model, at_ms, window } in windows {
        let [before, now] = by_model.entry(model).or_default();
        let side = if week.contains(at_ms) { now } else { before };
        side.push((at_ms, window));
    }
    let was_there = |model: &KnownModel| model.created_at_ms < week.end_ms() || model.last_at_ms.is_some();
    let mut models: Vec<ModelWeek> = models
        .into_iter()
        .filter(was_there)
        .map(|model| {
            let [mut before, mut now] = by_model.remove(&model.name).unwrap_or_default();
            before.sort_by_key(|(at_ms, _)| *at_ms);
            now.sort_by_key(|(at_ms, _)| *at_ms);
            let windows = |side: Vec<(i64, Window)>| side.into_iter().map(|(_, window)| window).collect::<Vec<_>>();
            model_week(model, &windows(before), &windows(now))
        })
        .collect();
    models.sort_by(|a, b| a.standing.cmp(&b.standing).then_with(|| a.model.cmp(&b.model)));
    Weekly { week: week.name(), from_ms: week.from_ms(), end_ms: week.end_ms(), models }
}

fn model_week(model: KnownModel, before: &[Window], now: &[Window]) -> ModelWeek {
    let layers: Vec<LayerWeek> = Layer::ALL.map(|layer| layer_week(layer, before, now)).into();
    let last_figure = |windows: &[Window]| windows.iter().rev().find_map(|window| window.figure.clone());
    ModelWeek {
        standing: standing(&model, &layers, now),
        layers,
        windows: now.len() as u64,
        suspect: worst(now).and_then(|window| window.suspect.clone()),
        figure: last_figure(now),
        figure_before: last_figure(before),
        last_at_ms: model.last_at_ms,
        model: model.name,
        owner: model.owner,
    }
}

fn layer_week(layer: Layer, before: &[Window], now: &[Window]) -> LayerWeek {
    let most_urgent =
        |windows: &[Window]| windows.iter().map(|window| window.mark(layer)).min_by_key(|mark| urgency(*mark));
    let last = now.last().map(|window| window.mark(layer));
    let lasting = |windows: &[Window]| match most_urgent(windows) {
        Some(MISMATCH) if has_passed(layer, windows) => None,
        sign => sign,
    };
    let change = match (lasting(before), most_urgent(now), lasting(now)) {
        (Some(MISMATCH), now, _) => change(Some(MISMATCH), now, last),
        (_, Some(MISMATCH), None) => Some(LayerChange::Passed),
        // A mismatch of the week before that had passed is none to compare with.
        (None, now, _) if !before.is_empty() => change(Some(Mark::Verdict(Verdict::Clear)), now, last),
        (before, now, _) => change(before, now, last),
    };
    let (before, now) = (most_urgent(before), most_urgent(now));
    LayerWeek { layer, before, now, last, change: change.filter(|_| layer != OF_REFERENCE) }
}

/// Whether every mismatch of a layer was over with the next window that was checked: of a clean model, that is what chance makes of
/// some windows of a year. What the last window has may last.
fn has_passed(layer: Layer, windows: &[Window]) -> bool {
    let signs: Vec<Mark> = windows.iter().map(|window| window.mark(layer)).filter(|sign| *sign != UNCHECKED).collect();
    let lasts = |place: usize| signs.get(place + 1).is_none_or(|next| *next == MISMATCH);
    !(0..signs.len()).any(|place| signs[place] == MISMATCH && lasts(place))
}

/// The layer that is judged by the training data, which is the same in every window: a sign of it that comes and goes is not
/// news of a week.
const OF_REFERENCE: Layer = Layer::Training;

/// The place in the legend, the most urgent first.
fn urgency(mark: Mark) -> usize {
    Mark::ALL.iter().position(|one| *one == mark).unwrap_or(Mark::ALL.len())
}

const MISMATCH: Mark = Mark::Verdict(Verdict::Mismatch);
const UNCHECKED: Mark = Mark::Verdict(Verdict::NoEvidence);

/// Only a mismatch is news: what is merely possible comes and goes by chance.
fn change(before: Option<Mark>, now: Option<Mark>, last: Option<Mark>) -> Option<LayerChange> {
    match (before, now?) {
        (Some(MISMATCH), _) if last != Some(MISMATCH) && last != Some(UNCHECKED) => Some(LayerChange::Fixed),
        (Some(MISMATCH), MISMATCH) => Some(LayerChange::Continuing),
        (None | Some(UNCHECKED), MISMATCH) => Some(LayerChange::New),
        (Some(_), MISMATCH) => Some(LayerChange::Regressed),
        _ => None,
    }
}

fn standing(model: &KnownModel, layers: &[LayerWeek], now: &[Window]) -> WeekStanding {
    if now.is_empty() {
        let is_watched = model.has_reference && model.last_at_ms.is_some();
        return if is_watched { WeekStanding::Stale } else { WeekStanding::NotWatched };
    }
    let is = |change: LayerChange| layers.iter().any(|layer| layer.change == Some(change));
    match () {
        () if is(LayerChange::Regressed) => WeekStanding::Regressed,
        () if is(LayerChange::New) => WeekStanding::New,
        () if is(LayerChange::Continuing) => WeekStanding::Continuing,
        () if is(LayerChange::Fixed) => WeekStanding::Fixed,
        () if is(LayerChange::Passed) => WeekStanding::Passed,
        () => WeekStanding::Steady,
    }
}

/// The window with the most urgent layers; of equal ones the later.
fn worst(windows: &[Window]) -> Option<&Window> {
    let mismatches = |window: &Window| window.layers.values().filter(|mark| **mark == MISMATCH).count();
    windows.iter().max_by_key(|window| (mismatches(window), window.suspect.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::DAY_MS;

    fn window(data: Mark) -> Window {
        let suspect = (data == MISMATCH).then(|| "amount is in cents.".to_owned());
        Window {
            layers: BTreeMap::from([(Layer::Data, data)]),
            suspect,
            worst: None,
            figure: None,
            previous: None,
            probability: None,
            fall: None,
            judged_at_ms: 0,
        }
    }

    /// The week of day 10 after 1970-01-05, a Monday; days are counted from there.
    fn of(signs: &[(i64, Mark)]) -> ModelWeek {
        let monday = 4 * DAY_MS;
        let week = Week::of(monday + 10 * DAY_MS);
        let windows = signs.iter().map(|(day, mark)| WeekWindow {
            model: "m".into(),
            at_ms: monday + day * DAY_MS,
            window: window(*mark),
        });
        let known = KnownModel {
            name: "m".into(),
            owner: String::new(),
            has_reference: true,
            created_at_ms: 0,
            last_at_ms: signs.iter().map(|(day, _)| monday + day * DAY_MS).max(),
        };
        weekly(week, vec![known], windows.collect()).models.remove(0)
    }

    #[test]
    fn a_mismatch_is_regressed_new_continuing_or_fixed_by_the_week_before() {
        let (clear, possible) = (Mark::Verdict(Verdict::Clear), Mark::Verdict(Verdict::Possible));
        let standing = |signs: &[(i64, Mark)]| of(signs).standing;
        assert_eq!(standing(&[(1, clear), (8, clear), (9, MISMATCH)]), WeekStanding::Regressed);
        let twice = [(1, Mark::Partly), (8, MISMATCH), (9, MISMATCH), (10, clear)];
        assert_eq!(standing(&twice), WeekStanding::Regressed, "it is named");
        assert_eq!(standing(&[(8, MISMATCH)]), WeekStanding::New);
        assert_eq!(standing(&[(1, UNCHECKED), (8, MISMATCH)]), WeekStanding::New);
        assert_eq!(standing(&[(6, MISMATCH), (7, MISMATCH), (13, MISMATCH)]), WeekStanding::Continuing);
        assert_eq!(standing(&[(6, MISMATCH), (7, MISMATCH), (13, clear)]), WeekStanding::Fixed);
        assert_eq!(standing(&[(6, MISMATCH), (7, UNCHECKED)]), WeekStanding::Steady, "nothing says that it is over");
        assert_eq!(standing(&[(1, clear), (8, possible)]), WeekStanding::Steady, "what is possible is not news");
        assert_eq!(standing(&[(1, MISMATCH)]), WeekStanding::Stale);
        assert_eq!(standing(&[]), WeekStanding::NotWatched);
    }

    #[test]
    fn one_window_that_the_next_one_contradicts_is_no_news() {
        let clear = Mark::Verdict(Verdict::Clear);
        let standing = |signs: &[(i64, Mark)]| of(signs).standing;
        assert_eq!(standing(&[(1, clear), (8, MISMATCH), (9, clear)]), WeekStanding::Passed);
        assert_eq!(standing(&[(8, MISMATCH), (9, clear)]), WeekStanding::Passed);
        assert_eq!(
            standing(&[(1, clear), (8, MISMATCH), (9, UNCHECKED)]),
            WeekStanding::Regressed,
            "nothing speaks against it"
        );
        assert_eq!(standing(&[(1, clear), (8, MISMATCH), (9, clear), (10, MISMATCH)]), WeekStanding::Regressed);
        // What had passed in the week before is not fixed in this one, and what comes then is no continuation.
        assert_eq!(standing(&[(1, MISMATCH), (2, clear), (8, clear)]), WeekStanding::Steady);
        assert_eq!(standing(&[(1, MISMATCH), (2, clear), (8, MISMATCH)]), WeekStanding::Regressed);
        assert_eq!(standing(&[(6, MISMATCH), (7, clear)]), WeekStanding::Fixed, "it could have lasted");
    }

    #[test]
    fn what_is_wrong_with_the_training_data_is_no_news_of_a_week() {
        let mut broken = window(Mark::Verdict(Verdict::Clear));
        broken.layers.insert(Layer::Training, MISMATCH);
        let clear = window(Mark::Verdict(Verdict::Clear));
        let known = KnownModel {
            name: "m".into(),
            owner: String::new(),
            has_reference: true,
            created_at_ms: 0,
            last_at_ms: Some(0),
        };
        let layers = [Layer::Data, Layer::Training]
            .map(|layer| layer_week(layer, std::slice::from_ref(&clear), std::slice::from_ref(&broken)));
        assert_eq!((layers[1].now, layers[1].change), (Some(MISMATCH), None));
        assert_eq!(standing(&known, &layers, &[broken]), WeekStanding::Steady);
    }

    #[test]
    fn the_week_has_its_worst_sign_and_its_last_and_names_the_suspect() {
        let clear = Mark::Verdict(Verdict::Clear);
        let week = of(&[(1, clear), (8, MISMATCH), (9, clear)]);
        let data = &week.layers[0];
        assert_eq!((data.before, data.now, data.last), (Some(clear), Some(MISMATCH), Some(clear)));
        assert_eq!((week.windows, week.suspect.as_deref()), (2, Some("amount is in cents.")));
        assert_eq!(week.layers[1].now, Some(UNCHECKED));
    }

    #[test]
    fn what_needs_attention_comes_first_and_a_model_of_later_is_not_there() {
        let week = Week::of(0);
        let known = |name: &str, created_at_ms, last_at_ms| KnownModel {
            name: name.into(),
            owner: String::new(),
            has_reference: true,
            created_at_ms,
            last_at_ms,
        };
        let models = vec![known("later", 99 * DAY_MS, None), known("b", 0, None), known("a", 0, Some(-9 * DAY_MS))];
        let found = weekly(week, models, Vec::new());
        let names: Vec<&str> = found.models.iter().map(|one| one.model.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert!(WeekStanding::ALL.is_sorted());
    }
}
