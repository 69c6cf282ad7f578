//! What the address of the page says.

use domain::plot::scene::ColumnView;
use domain::selection::Selection;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::order::Sort;

/// What the address asks to see.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub column: Option<String>,
    pub sort: Sort,
    pub page: usize,
    pub view: ColumnView,
    /// Rows marked on the chart.
    pub selection: Option<Selection>,
}

impl Asked {
    pub fn from_address() -> Asked {
        use_query_map().with_untracked(Asked::from_query)
    }

    pub fn from_query(query: &ParamsMap) -> Asked {
        Asked {
            column: query.get("column"),
            sort: Sort::from_query(query),
            page: query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1),
            view: ColumnView::from_query(|name| query.get(name)),
            selection: query.get("where").and_then(|text| Selection::from_text(&text)),
        }
    }
}
