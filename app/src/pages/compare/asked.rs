//! What the address of the page says, and every address that leads from it: nothing of it is lost on the way.

use domain::plot::format;
use domain::plot::scene::ColumnView;
use domain::selection::{Condition, Selection, Side, Subject, Test, UpperEnd};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::filter::Filter;
use super::order::Sort;
use crate::address::Place;

/// What the address asks to see.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub column: Option<String>,
    pub filter: Filter,
    pub sort: Sort,
    pub page: usize,
    pub view: ColumnView,
    /// Rows marked on the charts.
    pub selection: Option<Selection>,
}

impl Asked {
    pub fn from_address() -> Asked {
        use_query_map().with_untracked(Asked::from_query)
    }

    pub fn from_query(query: &ParamsMap) -> Asked {
        let selection = query.get("where").and_then(|text| Selection::from_text(&text));
        Asked {
            column: query.get("column"),
            filter: Filter::from_query(query),
            sort: Sort::from_query(query),
            page: query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1),
            view: ColumnView::from_query(|name| query.get(name)),
            selection: match typed(query) {
                Some(condition) => Some(selection.unwrap_or(Selection::of(Side::Both)).narrowed(condition)),
                None => selection,
            },
        }
    }

    /// Every parameter; empty ones are left out of the address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("column", self.column.clone().unwrap_or_default())];
        pairs.extend(self.view.to_query());
        pairs.extend(self.filter.to_query());
        pairs.push(("sort", self.sort.id().to_owned()));
        pairs.push(("page", if self.page > 1 { self.page.to_string() } else { String::new() }));
        pairs.push(("where", self.selection.as_ref().map(Selection::to_text).unwrap_or_default()));
        pairs
    }

    pub fn href(&self, place: &Place) -> String {
        let pairs = self.pairs();
        place.compare(&pairs.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
    }

    /// The same, at the column's chart.
    pub fn at_detail(&self, place: &Place) -> String {
        format!("{}#detail", self.href(place))
    }

    pub fn with_selection(&self, selection: Option<Selection>) -> Asked {
        Asked { selection, ..self.clone() }
    }

    /// The rows that are marked, to be narrowed.
    pub fn marked(&self) -> Selection {
        self.selection.clone().unwrap_or(Selection::of(Side::Both))
    }

    /// A form's hidden fields: every parameter but those that the form asks for itself.
    pub fn fields(&self, own: &[&str]) -> impl IntoView + use<> {
        self.pairs()
            .into_iter()
            .filter(|(name, value)| !value.is_empty() && !own.contains(name))
            .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect_view()
    }
}

/// The range that somebody typed: `on` names the column, `from` and `to` are its ends, either may be empty. With
/// `unit=time` they are moments in UTC.
fn typed(query: &ParamsMap) -> Option<Condition> {
    let subject = Subject::from_text(&query.get("on")?)?;
    let is_time = query.get("unit").as_deref() == Some(TIME);
    let end = |name: &str| {
        let text = query.get(name).unwrap_or_default();
        let text = text.trim();
        if is_time {
            format::moment(text).map(|ms| ms as f64)
        } else {
            text.replace(',', "").parse().ok().filter(|value: &f64| value.is_finite())
        }
    };
    let (from, to) = match (end("from"), end("to")) {
        (None, None) => return None,
        (Some(from), Some(to)) if from > to => (to, from),
        (from, to) => (from.unwrap_or(f64::MIN), to.unwrap_or(f64::MAX)),
    };
    Some(Condition { subject, test: Test::Range { from, to, upper: UpperEnd::Included } })
}

/// The value of `unit=` for moments.
pub const TIME: &str = "time";

#[cfg(test)]
mod tests {
    use domain::plot::scene::{AxisKind, Picture};

    use super::*;

    fn read(pairs: &[(&'static str, String)]) -> Asked {
        Asked::from_query(&pairs.iter().filter(|(_, value)| !value.is_empty()).cloned().collect::<ParamsMap>())
    }

    #[test]
    fn every_address_brings_back_what_it_was_made_of() {
        let range = Test::Range { from: 0.0, to: 1.5, upper: UpperEnd::Excluded };
        let asked = Asked {
            column: Some("a&b".into()),
            filter: Filter { name: "inc".into(), ..Filter::default() },
            sort: Sort::Nulls,
            page: 3,
            view: ColumnView { picture: Picture::Ecdf, axis: AxisKind::Log, ..ColumnView::default() },
            selection: Some(Selection::of(Side::Serve).narrowed(Condition::on_column("x;y", range))),
        };
        assert_eq!(read(&asked.pairs()), asked);
    }

    #[test]
    fn a_typed_range_narrows_what_is_marked() {
        let marked = Selection::of(Side::Serve).narrowed(Condition::on_column("plan", Test::Missing));
        let form = |from: &str, to: &str, unit: &str| {
            let pairs = [
                ("where", marked.to_text()),
                ("on", Subject::Column("age".into()).to_text()),
                ("from", from.to_owned()),
                ("to", to.to_owned()),
                ("unit", unit.to_owned()),
            ];
            let selection = read(&pairs).selection.unwrap_or(Selection::of(Side::Both));
            selection.test_of(&Subject::Column("age".into())).cloned()
        };
        let range = |from, to| Some(Test::Range { from, to, upper: UpperEnd::Included });
        assert_eq!(form("30", "1,000", ""), range(30.0, 1000.0));
        assert_eq!(form("9", "3", ""), range(3.0, 9.0));
        assert_eq!(form("", "30", ""), range(f64::MIN, 30.0));
        assert_eq!(form("1970-01-02", "", TIME), range(86_400_000.0, f64::MAX));
        assert_eq!([form("", "", ""), form("many", "", ""), form("NaN", "inf", "")], [None, None, None]);
    }
}
