//! The rows of the comparison table and their order.

use std::collections::HashMap;

use domain::comparison::{RowsBySide, Side};
use domain::{Comparison, Diagnosis, Finding, Verdict};
use leptos_router::params::ParamsMap;

/// What the table is sorted by; the first is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By verdict; of equal ones, causes first and what they explain last; of these, the largest difference first.
    #[default]
    Verdict,
    Difference,
    Nulls,
    Name,
}

impl Sort {
    pub fn id(self) -> &'static str {
        match self {
            Sort::Verdict => "",
            Sort::Difference => "difference",
            Sort::Nulls => "nulls",
            Sort::Name => "name",
        }
    }

    pub fn from_query(query: &ParamsMap) -> Sort {
        let asked = query.get("sort").unwrap_or_default();
        [Sort::Difference, Sort::Nulls, Sort::Name].into_iter().find(|sort| sort.id() == asked).unwrap_or_default()
    }

    /// How the sorted column's header is announced.
    pub fn aria(self) -> &'static str {
        if self == Sort::Name { "ascending" } else { "descending" }
    }
}

/// How the findings about a column stand to the suspects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// One of them supports a suspect.
    Cause,
    /// One of them neither supports a suspect nor is explained by one.
    Unexplained,
    /// All of them are consequences: of the suspect on these columns, or of this cause.
    Explained(String),
    NoFinding,
}

/// One column of both tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'a> {
    pub comparison: &'a Comparison,
    pub verdict: Verdict,
    pub standing: Standing,
    /// Name and value of the distance that is shown for its kind.
    pub difference: Option<(&'static str, f64)>,
    /// Share of missing values, train and serve.
    pub nulls: [f64; 2],
}

impl<'a> Row<'a> {
    fn of(comparison: &'a Comparison, own: &[&Finding], diagnosis: &Diagnosis) -> Row<'a> {
        Row {
            comparison,
            verdict: Verdict::of_group(own.iter().map(|finding| finding.verdict).chain([unless_found(comparison)])),
            standing: standing(own, diagnosis),
            difference: difference(comparison),
            nulls: Side::BOTH.map(|side| null_share(comparison, side)),
        }
    }
}

/// A column without findings is clear only if its sides were compared at all; ids and times are not.
fn unless_found(comparison: &Comparison) -> Verdict {
    if comparison.effects.is_empty() { Verdict::NoEvidence } else { Verdict::Clear }
}

fn standing(own: &[&Finding], diagnosis: &Diagnosis) -> Standing {
    let of_one = |finding: &&Finding| match diagnosis.explaining(finding) {
        Some(suspect) if suspect.columns.is_empty() => Standing::Explained(suspect.cause.words().to_owned()),
        Some(suspect) => Standing::Explained(suspect.columns.join(", ")),
        None if diagnosis.is_unexplained(finding) => Standing::Unexplained,
        None => Standing::Cause,
    };
    own.iter().filter(|finding| finding.verdict >= Verdict::Possible).map(of_one).min().unwrap_or(Standing::NoFinding)
}

fn difference(comparison: &Comparison) -> Option<(&'static str, f64)> {
    let named = |name: &str| comparison.effects.get(name).copied();
    named("ks_statistic").map(|value| ("KS", value)).or_else(|| named("js_distance").map(|value| ("JS", value)))
}

fn null_share(comparison: &Comparison, side: Side) -> f64 {
    let of = |counts: &RowsBySide| counts.get(&side).copied().unwrap_or(0) as f64;
    of(&comparison.nulls) / of(&comparison.n).max(1.0)
}

/// All columns compared, in the order asked for; ties by name.
pub fn rows(diagnosis: &Diagnosis, sort: Sort) -> Vec<Row<'_>> {
    let mut about: HashMap<&str, Vec<&Finding>> = HashMap::new();
    for finding in &diagnosis.findings {
        for column in &finding.columns {
            about.entry(column).or_default().push(finding);
        }
    }
    let own = |one: &Comparison| about.get(one.column.as_str()).map(Vec::as_slice).unwrap_or_default();
    let mut rows: Vec<Row> = diagnosis.comparisons.iter().map(|one| Row::of(one, own(one), diagnosis)).collect();
    let size = |row: &Row| row.difference.map_or(-1.0, |(_, value)| value);
    let null_change = |row: &Row| (row.nulls[1] - row.nulls[0]).abs();
    rows.sort_by(|a, b| {
        let order = match sort {
            Sort::Verdict => {
                let by_verdict = b.verdict.cmp(&a.verdict).then_with(|| a.standing.cmp(&b.standing));
                by_verdict.then(size(b).total_cmp(&size(a)))
            }
            Sort::Difference => size(b).total_cmp(&size(a)),
            Sort::Nulls => null_change(b).total_cmp(&null_change(a)),
            Sort::Name => std::cmp::Ordering::Equal,
        };
        order.then_with(|| a.comparison.column.cmp(&b.comparison.column))
    });
    rows
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use domain::{ColumnKind, ColumnRole};

    use super::*;

    fn column(name: &str, ks: f64, serve_nulls: u64) -> Comparison {
        Comparison {
            column: name.into(),
            kind: ColumnKind::Numeric,
            role: ColumnRole::Feature,
            n: BTreeMap::from([(Side::Train, 100), (Side::Serve, 100)]),
            nulls: BTreeMap::from([(Side::Train, 0), (Side::Serve, serve_nulls)]),
            effects: BTreeMap::from([("ks_statistic".into(), ks)]),
            p: None,
            q: None,
            chart: None,
        }
    }

    fn names(columns: &[Comparison], sort: Sort) -> Vec<String> {
        let (layers, findings) = (Vec::new(), Vec::new());
        let diagnosis = Diagnosis {
            version: domain::diagnosis::VERSION,
            tool: String::new(),
            inputs: Vec::new(),
            roles: domain::Roles::default(),
            layers,
            comparisons: Arc::new(columns.to_vec()),
            evaluations: Arc::default(),
            learning_curves: Arc::default(),
            over_time: Arc::default(),
            findings,
            suspects: Vec::new(),
            coverage: domain::measurements::Coverage::default(),
            mutes: Vec::new(),
            muted_suspects: Vec::new(),
            decisions: Vec::new(),
            ruled_out_suspects: Vec::new(),
            against: None,
            running: Arc::default(),
            told: Vec::new(),
            guard: Arc::default(),
            fall: None,
            readings: Vec::new(),
        };
        rows(&diagnosis, sort).iter().map(|row| row.comparison.column.clone()).collect()
    }

    #[test]
    fn each_order_puts_its_own_quantity_first() {
        let columns = [column("b", 0.1, 0), column("c", 0.1, 40), column("a", 0.3, 2)];
        assert_eq!(names(&columns, Sort::Difference), ["a", "b", "c"]);
        assert_eq!(names(&columns, Sort::Nulls), ["c", "a", "b"]);
        assert_eq!(names(&columns, Sort::Name), ["a", "b", "c"]);
        assert_eq!(names(&columns, Sort::Verdict), ["a", "b", "c"]);
    }
}
