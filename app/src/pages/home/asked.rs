//! What the address of the list says.

use domain::Layer;
use domain::listing::{ListQuery, Shown, Sort};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use crate::address::query;

/// Investigations on one page.
pub const PAGE: u64 = 50;

/// What the address asks to see.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    pub search: String,
    pub shown: Shown,
    pub layer: Option<Layer>,
    pub owner: String,
    pub sort: Sort,
    /// From 0.
    pub page: u64,
}

impl Asked {
    pub fn from_address() -> Asked {
        use_query_map().with_untracked(Asked::from_query)
    }

    pub fn from_query(query: &ParamsMap) -> Asked {
        let get = |name: &str| query.get(name).unwrap_or_default();
        // A page that is far beyond any list is the last one that can be counted.
        let page = get("page").parse::<u32>().map_or(0, |page| u64::from(page).saturating_sub(1));
        Asked {
            search: get("search").trim().to_owned(),
            shown: Shown::from_id(&get("state")),
            layer: Layer::from_id(&get("layer")),
            owner: get("owner"),
            sort: Sort::from_id(&get("sort")),
            page,
        }
    }

    pub fn query(&self) -> ListQuery {
        ListQuery {
            search: self.search.clone(),
            shown: self.shown,
            layer: self.layer,
            owner: self.owner.clone(),
            sort: self.sort,
            offset: self.page * PAGE,
            limit: PAGE,
        }
    }

    /// Whether it leaves anything out that the start page shows by itself.
    pub fn narrows(&self) -> bool {
        *self != Asked { sort: self.sort, page: self.page, ..Asked::default() }
    }

    /// The address of one of its pages, from 0.
    pub fn address(&self, page: u64) -> String {
        let page = if page == 0 { String::new() } else { (page + 1).to_string() };
        let of = |is_default: bool, id: &'static str| if is_default { "" } else { id };
        let pairs = [
            ("search", self.search.as_str()),
            ("state", of(self.shown == Shown::default(), self.shown.id())),
            ("layer", self.layer.map_or("", Layer::id)),
            ("owner", self.owner.as_str()),
            ("sort", of(self.sort == Sort::default(), self.sort.id())),
            ("page", page.as_str()),
        ];
        format!("/{}", query(&pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_asks_for_what_it_was_made_from() {
        let asked = Asked {
            search: "a&b <ü>".into(),
            shown: Shown::Archived,
            layer: Some(Layer::Features),
            owner: "Ada".into(),
            sort: Sort::Title,
            page: 2,
        };
        assert_eq!(
            asked.address(2),
            "/?search=a%26b%20%3C%C3%BC%3E&state=archived&layer=features&owner=Ada&sort=title&page=3"
        );
        let mut map = ParamsMap::new();
        for (name, value) in [("search", " a&b <ü> "), ("state", "archived"), ("layer", "features"), ("owner", "Ada")]
        {
            map.insert(name, value.to_owned());
        }
        map.insert("sort", "title".to_owned());
        map.insert("page", "3".to_owned());
        assert_eq!(Asked::from_query(&map), asked);
        assert!(asked.narrows());
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let mut map = ParamsMap::new();
        for (name, value) in [("state", "king"), ("layer", "x"), ("sort", ""), ("page", "99999999999999999999")] {
            map.insert(name, value.to_owned());
        }
        assert_eq!(Asked::from_query(&map), Asked::default());
        assert!(!Asked::default().narrows());
        assert_eq!(Asked::default().address(0), "/");
    }
}
