//! What the address of the page says.

use domain::EvaluationRun;
use domain::evaluation::{ClassOrder, Split, baseline, distinct, incident};
use domain::plot::scene::{CURVES, DRAWN, ThresholdSettings, Ticked, against};
use domain::selection::{Condition, Selection, Side, Subject, Test, UpperEnd};
use domain::snapshot::ColumnRole;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

/// What the address asks to see.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub run: Option<String>,
    pub split: Option<Split>,
    /// Name and split of the run to compare with.
    pub against: Option<(String, Split)>,
    /// The other runs that are drawn in the charts of these two.
    pub drawn: Ticked,
    /// The learning curves that are drawn in one chart.
    pub curves: Ticked,
    pub settings: ThresholdSettings,
    pub order: Option<ClassOrder>,
    pub selection: Option<Selection>,
}

/// The places of the run that is shown in full and of the one that it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    pub run: usize,
    pub baseline: Option<usize>,
}

impl Asked {
    pub fn from_address() -> Asked {
        use_query_map().with_untracked(Asked::from_query)
    }

    pub fn from_query(query: &ParamsMap) -> Asked {
        let ticked = |name: &str| query.get_all(name).and_then(|values| Ticked::from_values(&values));
        Asked {
            run: query.get("run"),
            split: query.get("split").map(Split::from),
            against: against(|name| query.get(name)),
            drawn: ticked(DRAWN).unwrap_or_default(),
            curves: ticked(CURVES).unwrap_or_default(),
            settings: ThresholdSettings::from_query(|name| query.get(name)),
            order: query.get("order").and_then(|id| ClassOrder::from_id(&id)),
            selection: typed(query).or_else(|| query.get("where").and_then(|text| Selection::from_text(&text))),
        }
    }

    /// What an address says about the runs that are drawn; empty where all are.
    pub fn ticked(&self) -> [(&'static str, String); 2] {
        let text = |ticked: &Ticked| if *ticked == Ticked::All { String::new() } else { ticked.to_text() };
        [(DRAWN, text(&self.drawn)), (CURVES, text(&self.curves))]
    }

    /// The run asked for, else the run of the incident; with the baseline asked for, else the usual one.
    pub fn choose(&self, runs: &[EvaluationRun]) -> Option<Chosen> {
        let fits = |run: &EvaluationRun| {
            self.run.as_ref().is_none_or(|name| *name == run.name)
                && self.split.as_ref().is_none_or(|split| *split == run.split)
        };
        let is_named = self.run.is_some() || self.split.is_some();
        let asked = runs.iter().position(fits).filter(|_| is_named);
        // An equal run stands for the one that was asked for: each is shown once.
        let groups = distinct(runs);
        let shown = |place: usize| groups.iter().find(|group| group.contains(&place)).and_then(|group| group.first());
        let run = asked.or_else(|| incident(runs)).and_then(shown).copied()?;
        let against = self.against.as_ref().and_then(|(name, split)| {
            let place = runs.iter().position(|run| run.name == *name && run.split == *split)?;
            shown(place).copied().filter(|place| *place != run)
        });
        Some(Chosen { run, baseline: against.or_else(|| baseline(runs, run).and_then(shown).copied()) })
    }
}

/// The values by which rows of a regression are marked: whose they are, in words, and the fields of both ends.
pub const TYPED: [(ColumnRole, &str, &str, &str); 2] = [
    (ColumnRole::Label, "True value", "true_from", "true_to"),
    (ColumnRole::Prediction, "Predicted value", "predicted_from", "predicted_to"),
];

/// The rows whose values somebody typed, of the run that the address names; either end may be empty.
fn typed(query: &ParamsMap) -> Option<Selection> {
    let side = Side::Run { name: query.get("run")?, split: Split::from(query.get("split")?) };
    let marked = query.get("where").and_then(|text| Selection::from_text(&text)).filter(|marked| marked.side == side);
    let end = |name: &str| {
        let text = query.get(name).unwrap_or_default();
        text.trim().replace(',', "").parse().ok().filter(|value: &f64| value.is_finite())
    };
    let range = |from: &str, to: &str| match (end(from), end(to)) {
        (None, None) => None,
        (Some(from), Some(to)) if from > to => Some((to, from)),
        (from, to) => Some((from.unwrap_or(f64::MIN), to.unwrap_or(f64::MAX))),
    };
    let conditions = TYPED.iter().filter_map(|(role, _, from, to)| {
        let (from, to) = range(from, to)?;
        Some(Condition { subject: Subject::Role(*role), test: Test::Range { from, to, upper: UpperEnd::Included } })
    });
    let mut conditions = conditions.peekable();
    conditions.peek()?;
    Some(conditions.fold(marked.unwrap_or(Selection::of(side)), Selection::narrowed))
}

/// What an address says about the run and its baseline.
pub fn address_of(run: &EvaluationRun, baseline: Option<&EvaluationRun>) -> Vec<(&'static str, String)> {
    let own = [("run", run.name.clone()), ("split", run.split.to_string())];
    let against = baseline.map(|one| [("against", one.name.clone()), ("against_split", one.split.to_string())]);
    own.into_iter().chain(against.into_iter().flatten()).collect()
}
