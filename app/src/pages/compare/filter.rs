//! Which columns are shown, as the address says it.

use domain::snapshot::ColumnKind;
use domain::{ColumnRole, Verdict};
use leptos_router::params::ParamsMap;

use super::order::{Row, Standing};

/// Every part narrows; the default shows all columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Words that the name holds, in any order and case.
    pub name: String,
    pub kind: Option<ColumnKind>,
    pub verdict: Option<Verdict>,
    pub found: Found,
    pub group: Option<Group>,
}

/// What is asked of the findings about a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Found {
    #[default]
    Anything,
    Findings,
    Cause,
    Explained,
    Unexplained,
}

impl Found {
    pub const ALL: [Found; 5] = [Found::Anything, Found::Findings, Found::Cause, Found::Unexplained, Found::Explained];

    /// The value of `found=`.
    pub fn id(self) -> &'static str {
        match self {
            Found::Anything => "",
            Found::Findings => "any",
            Found::Cause => "cause",
            Found::Explained => "explained",
            Found::Unexplained => "unexplained",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Found::Anything => "any findings",
            Found::Findings => "with findings",
            Found::Cause => "supporting a suspect",
            Found::Explained => "explained by a suspect",
            Found::Unexplained => "not explained",
        }
    }

    fn accepts(self, standing: &Standing) -> bool {
        match self {
            Found::Anything => true,
            Found::Findings => *standing != Standing::NoFinding,
            Found::Cause => *standing == Standing::Cause,
            Found::Explained => matches!(standing, Standing::Explained(_)),
            Found::Unexplained => *standing == Standing::Unexplained,
        }
    }
}

/// What columns are for: a model's inputs, or everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Features,
    Others,
}

impl Group {
    pub const ALL: [Group; 2] = [Group::Features, Group::Others];

    pub fn of(role: ColumnRole) -> Group {
        if role == ColumnRole::Feature { Group::Features } else { Group::Others }
    }

    /// The value of `group=`.
    pub fn id(self) -> &'static str {
        match self {
            Group::Features => "features",
            Group::Others => "others",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Group::Features => "Features",
            Group::Others => "Label, outputs and time",
        }
    }
}

/// The kinds that columns are compared as.
pub const KINDS: [ColumnKind; 5] =
    [ColumnKind::Numeric, ColumnKind::Categorical, ColumnKind::Boolean, ColumnKind::Datetime, ColumnKind::Text];

impl Filter {
    /// The names of its parameters.
    pub const FIELDS: [&str; 5] = ["q", "kind", "verdict", "found", "group"];

    pub fn from_query(query: &ParamsMap) -> Filter {
        let named = |name: &str| query.get(name).unwrap_or_default();
        let (kind, verdict, found, group) = (named("kind"), named("verdict"), named("found"), named("group"));
        Filter {
            name: named("q").trim().to_owned(),
            kind: KINDS.into_iter().find(|one| one.word() == kind),
            verdict: Verdict::ALL.into_iter().find(|one| one.word() == verdict),
            found: Found::ALL.into_iter().find(|one| one.id() == found).unwrap_or_default(),
            group: Group::ALL.into_iter().find(|one| one.id() == group),
        }
    }

    pub fn to_query(&self) -> [(&'static str, String); 5] {
        let values = [
            self.name.clone(),
            self.kind.map_or("", ColumnKind::word).to_owned(),
            self.verdict.map_or("", Verdict::word).to_owned(),
            self.found.id().to_owned(),
            self.group.map_or("", Group::id).to_owned(),
        ];
        let mut values = values.into_iter();
        Self::FIELDS.map(|name| (name, values.next().unwrap_or_default()))
    }

    pub fn is_empty(&self) -> bool {
        *self == Filter::default()
    }

    /// The rows that pass, in their order.
    pub fn kept<'a>(&self, rows: Vec<Row<'a>>) -> Vec<Row<'a>> {
        let words: Vec<String> = self.name.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let has_words = |name: &str| {
            let name = name.to_lowercase();
            words.iter().all(|word| name.contains(word))
        };
        let passes = |row: &Row<'a>| {
            let column = row.comparison;
            self.kind.is_none_or(|kind| kind == column.kind)
                && self.verdict.is_none_or(|verdict| verdict == row.verdict)
                && self.group.is_none_or(|group| group == Group::of(column.role))
                && self.found.accepts(&row.standing)
                && (words.is_empty() || has_words(&column.column))
        };
        rows.into_iter().filter(passes).collect()
    }
}
