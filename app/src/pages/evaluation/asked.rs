//! What the address of the page says.

use domain::EvaluationRun;
use domain::evaluation::Split;
use domain::plot::scene::ThresholdSettings;
use domain::selection::Selection;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

/// What the address asks to see.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub run: Option<String>,
    pub split: Option<Split>,
    pub settings: ThresholdSettings,
    pub selection: Option<Selection>,
}

impl Asked {
    pub fn from_address() -> Asked {
        use_query_map().with_untracked(Asked::from_query)
    }

    pub fn from_query(query: &ParamsMap) -> Asked {
        Asked {
            run: query.get("run"),
            split: query.get("split").map(Split::from),
            settings: ThresholdSettings::from_query(|name| query.get(name)),
            selection: query.get("where").and_then(|text| Selection::from_text(&text)),
        }
    }

    /// The run asked for; else the test split of the first file, else whatever comes first.
    pub fn choose(&self, runs: &[EvaluationRun]) -> Option<usize> {
        let fits = |run: &EvaluationRun| {
            self.run.as_ref().is_none_or(|name| *name == run.name)
                && self.split.as_ref().is_none_or(|split| *split == run.split)
        };
        let named = self.run.is_some() || self.split.is_some();
        let asked = runs.iter().position(fits).filter(|_| named);
        asked.or_else(|| runs.iter().position(|run| run.split == Split::Test)).or((!runs.is_empty()).then_some(0))
    }
}
