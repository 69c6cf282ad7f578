//! Which findings the address asks for.

use domain::{Diagnosis, Finding, Item, Layer, Mark, Verdict};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What may be asked of a finding's verdict.
const MARKS: [(&str, Mark); 3] = [
    ("mismatch", Mark::Verdict(Verdict::Mismatch)),
    ("possible", Mark::Verdict(Verdict::Possible)),
    ("weakness", Mark::Standing),
];

/// The longest text that is searched for.
const LONGEST: usize = 200;

/// A filter over the findings, a page of them, and one that is shown in full.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asked {
    pub mark: Option<Mark>,
    pub layer: Option<Layer>,
    pub item: Option<Item>,
    /// A part of a column's name, in any case; empty for all.
    pub column: String,
    pub belongs: Belongs,
    /// From 1.
    pub page: usize,
    /// As a table where cards would fit, too.
    pub as_table: bool,
    /// The finding shown in full.
    pub finding: Option<String>,
}

/// To which suspect a finding belongs: it supports it, or the suspect explains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Belongs {
    #[default]
    Any,
    /// No suspect explains it.
    None,
    /// Some suspect does.
    Some,
    /// The suspect of this rank does.
    To(u32),
    /// It is muted.
    Muted,
}

impl Belongs {
    fn from_id(id: &str) -> Belongs {
        match id {
            "none" => Belongs::None,
            "some" => Belongs::Some,
            "muted" => Belongs::Muted,
            rank => rank.parse().map_or(Belongs::Any, Belongs::To),
        }
    }

    /// The value of `of=`.
    pub fn id(self) -> String {
        match self {
            Belongs::Any => String::new(),
            Belongs::None => "none".to_owned(),
            Belongs::Some => "some".to_owned(),
            Belongs::To(rank) => rank.to_string(),
            Belongs::Muted => "muted".to_owned(),
        }
    }

    fn takes(self, finding: &Finding, diagnosis: &Diagnosis) -> bool {
        match self {
            Belongs::Any => true,
            Belongs::Muted => diagnosis.is_muted(finding),
            Belongs::None => diagnosis.is_unexplained(finding) && !diagnosis.is_muted(finding),
            Belongs::Some => !diagnosis.is_unexplained(finding),
            Belongs::To(rank) => diagnosis.suspects.iter().any(|suspect| {
                suspect.rank == rank
                    && (suspect.findings.contains(&finding.id) || suspect.explains.contains(&finding.id))
            }),
        }
    }
}

impl Asked {
    pub fn from_address() -> Asked {
        use_query_map().with_untracked(|query| Asked::from_query(|name| query.get(name)))
    }

    pub fn from_query(parameter: impl Fn(&str) -> Option<String>) -> Asked {
        let named = |name: &str| parameter(name).unwrap_or_default();
        Asked {
            mark: MARKS.into_iter().find(|(id, _)| *id == named("verdict")).map(|(_, mark)| mark),
            layer: Layer::from_id(&named("layer")),
            item: Item::from_code(&named("item")),
            column: named("column").trim().chars().take(LONGEST).collect(),
            belongs: Belongs::from_id(&named("of")),
            page: named("page").parse().unwrap_or(1).max(1),
            as_table: named("view") == "table",
            finding: parameter("finding"),
        }
    }

    /// The parameters to write; an empty value is left out.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mark = self.mark.and_then(|mark| MARKS.into_iter().find(|(_, one)| *one == mark)).map(|(id, _)| id);
        vec![
            ("verdict", mark.unwrap_or_default().to_owned()),
            ("layer", self.layer.map_or("", Layer::id).to_owned()),
            ("item", self.item.map_or("", Item::code).to_owned()),
            ("column", self.column.clone()),
            ("of", self.belongs.id()),
            ("view", if self.as_table { "table".to_owned() } else { String::new() }),
            ("page", if self.page > 1 { self.page.to_string() } else { String::new() }),
        ]
    }

    /// Whether it leaves anything out.
    pub fn is_filter(&self) -> bool {
        let whole =
            Asked { page: self.page, as_table: self.as_table, finding: self.finding.clone(), ..Asked::default() };
        *self != whole
    }

    pub fn takes(&self, finding: &Finding, diagnosis: &Diagnosis) -> bool {
        let column = self.column.to_lowercase();
        let has_column = || finding.columns.iter().any(|name| name.to_lowercase().contains(&column));
        self.mark.is_none_or(|mark| finding.mark() == mark)
            && self.layer.is_none_or(|layer| finding.layer == layer)
            && self.item.is_none_or(|item| finding.item == item)
            && (column.is_empty() || has_column())
            && self.belongs.takes(finding, diagnosis)
    }

    /// The options of the verdict, with the words for them.
    pub fn marks() -> impl Iterator<Item = (&'static str, Mark)> {
        MARKS.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_brings_back_the_same_filter_and_nonsense_asks_for_everything() {
        let asked = Asked {
            mark: Some(Mark::Standing),
            layer: Some(Layer::Data),
            item: Some(Item::D3),
            column: "größe & <b>".into(),
            belongs: Belongs::To(3),
            page: 4,
            as_table: true,
            finding: None,
        };
        let written = asked.pairs();
        let read = |name: &str| written.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
        assert_eq!(Asked::from_query(read), asked);
        assert!(asked.is_filter());
        let odd = Asked::from_query(|name| Some(if name == "column" { "" } else { "<svg>" }.to_owned()));
        assert!(!odd.is_filter() && odd.page == 1, "{odd:?}");
    }
}
