//! The tables of columns, a page at a time, sorted by links.

use checks::thresholds::{DRIFT_JS, DRIFT_JS_POSSIBLE, DRIFT_KS, DRIFT_KS_POSSIBLE};
use domain::{ColumnKind, ColumnRole, Verdict};
use leptos::prelude::*;

use super::asked::Asked;
use super::filter::{Filter, Group};
use super::order::{Row, Sort, Standing};
use crate::address::Place;
use crate::charts::{SmallHistogram, SmallShape};
use crate::components::VerdictBadge;
use domain::number;

/// Rows of one page of the table.
const PAGE: usize = 100;

/// Columns that are no features, above a table of features; their own table has all of them.
const OTHERS: usize = 12;

/// Which rows are shown; `number` counts from 1 and is always a page that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    pub number: usize,
    pub pages: usize,
    pub rows: usize,
}

impl Page {
    pub fn of(rows: usize, asked: usize) -> Page {
        let pages = rows.div_ceil(PAGE).max(1);
        Page { number: asked.clamp(1, pages), pages, rows }
    }
}

/// A row as it is drawn.
#[derive(Debug, Clone)]
pub struct Drawn {
    column: String,
    kind: ColumnKind,
    role: ColumnRole,
    verdict: Verdict,
    standing: Standing,
    shape: Option<SmallShape>,
    difference: Option<(&'static str, f64)>,
    nulls: String,
}

fn drawn(row: &Row<'_>) -> Drawn {
    let comparison = row.comparison;
    let [train, serve] = row.nulls.map(number::percent);
    Drawn {
        column: comparison.column.clone(),
        kind: comparison.kind,
        role: comparison.role,
        verdict: row.verdict,
        standing: row.standing.clone(),
        shape: SmallShape::of(comparison.chart.as_ref()),
        difference: row.difference,
        nulls: if train == serve { train } else { format!("{train} → {serve}") },
    }
}

/// Features, and apart from them what is none: a difference of the model's outputs follows from those of its inputs.
pub fn tables(place: &Place, rows: Vec<Row<'_>>, asked: &Asked, current: Option<&str>) -> impl IntoView + use<> {
    let (features, others): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|row| Group::of(row.comparison.role) == Group::Features);
    let alone = features.is_empty();
    let page = Page::of(if alone { others.len() } else { features.len() }, asked.page);
    let window =
        |rows: &[Row]| -> Vec<Drawn> { rows.iter().skip((page.number - 1) * PAGE).take(PAGE).map(drawn).collect() };
    let few: Vec<Drawn> = if alone { window(&others) } else { others.iter().take(OTHERS).map(drawn).collect() };
    let more = (others.len() > few.len() && !alone).then(|| {
        let filter = Filter { group: Some(Group::Others), ..asked.filter.clone() };
        let href = Asked { filter, page: 1, ..asked.clone() }.href(place);
        view! { <p><a href=href>{format!("Show all {}", number::count(others.len() as u64))}</a></p> }
    });
    let table = |group: Group, count: usize, rows: Vec<Drawn>| {
        let current = current.map(str::to_owned);
        (!rows.is_empty()).then(|| {
            view! { <Table place=place.clone() group count rows asked=asked.clone() current/> }
        })
    };
    view! {
        {table(Group::Others, others.len(), few)}
        {more}
        {table(Group::Features, features.len(), window(&features).into_iter().filter(|_| !alone).collect())}
        <Pages place=place.clone() asked=asked.clone() page/>
    }
}

#[component]
fn Table(
    place: Place,
    group: Group,
    count: usize,
    rows: Vec<Drawn>,
    asked: Asked,
    current: Option<String>,
) -> impl IntoView {
    let head = |words: &'static str, sort: Sort, class: &'static str| {
        let href = Asked { sort, page: 1, ..asked.clone() }.href(&place);
        let arrow = if sort == Sort::Name { " ↑" } else { " ↓" };
        let is_chosen = sort == asked.sort;
        view! {
            <th scope="col" class=class aria-sort=is_chosen.then(|| sort.aria())>
                <a href=href>{words} {is_chosen.then(|| view! { <span aria-hidden="true">{arrow}</span> })}</a>
            </th>
        }
    };
    let id = format!("{}-title", group.id());
    let link = |column: &str| Asked { column: Some(column.to_owned()), ..asked.clone() }.at_detail(&place);
    view! {
        <h2 id=id.clone()>{group.words()} " " <span class="faint">{number::count(count as u64)}</span></h2>
        <div class="table-scroll" tabindex="0" role="region" aria-labelledby=id>
            <table class="table comparison">
                <thead><tr>
                    {head("Column", Sort::Name, "")}
                    {head("Verdict", Sort::Verdict, "")}
                    <th scope="col"><span class="key train">"train"</span> " " <span class="key serve">"serve"</span></th>
                    {head("Difference", Sort::Difference, "")}
                    {head("Missing", Sort::Nulls, "num")}
                </tr></thead>
                <tbody>
                    {rows
                        .into_iter()
                        .map(|row| {
                            let is_current = current.as_ref() == Some(&row.column);
                            let role = (row.role != ColumnRole::Feature).then(|| format!(" · {}", row.role.id()));
                            view! {
                                <tr aria-current=is_current.then_some("true")>
                                    <th scope="row">
                                        <a href=link(&row.column)><code>{row.column.clone()}</code></a>
                                        <span class="kind">{row.kind.word()} {role}</span>
                                    </th>
                                    <td><VerdictBadge verdict=row.verdict/> {stands(&row.standing)}</td>
                                    <td><SmallHistogram shape=row.shape label=row.column/></td>
                                    <td>{row.difference.map(|(name, value)| view! { <Meter name value/> })}</td>
                                    <td class="num">{row.nulls}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// How the findings stand to the suspects, below the verdict.
fn stands(standing: &Standing) -> Option<AnyView> {
    let words = match standing {
        Standing::NoFinding => return None,
        Standing::Cause => "supports a suspect".to_owned(),
        Standing::Unexplained => "not explained".to_owned(),
        Standing::Explained(by) => format!("↳ explained by {by}"),
    };
    Some(view! { <span class="kind">{words}</span> }.into_any())
}

/// A distance from 0 to 1 as a bar, with the limit of a mismatch.
#[component]
fn Meter(name: &'static str, value: f64) -> impl IntoView {
    let (limit, class) = match name {
        "KS" => (DRIFT_KS, reach(value, DRIFT_KS_POSSIBLE, DRIFT_KS)),
        _ => (DRIFT_JS, reach(value, DRIFT_JS_POSSIBLE, DRIFT_JS)),
    };
    let percent = |part: f64| format!("{:.1}%", part.clamp(0.0, 1.0) * 100.0);
    view! {
        <span class="meter">
            <svg aria-hidden="true">
                <rect class="whole" width="100%" height="100%"/>
                <rect class=class width=percent(value) height="100%"/>
                <line x1=percent(limit) x2=percent(limit) y1="0" y2="100%"/>
            </svg>
            {format!("{value:.2}")} " " <span class="faint">{name}</span>
        </span>
    }
}

fn reach(value: f64, possible: f64, mismatch: f64) -> &'static str {
    match value {
        value if value >= mismatch => "far",
        value if value >= possible => "near",
        _ => "little",
    }
}

/// What the columns of the table say.
#[component]
pub fn Explanation() -> impl IntoView {
    let limits = format!(
        "The line in the bar is where a mismatch can begin: {} for KS, {} for JS. Below {} and {} a difference is too small \
         to matter.",
        number::number(DRIFT_KS),
        number::number(DRIFT_JS),
        number::number(DRIFT_KS_POSSIBLE),
        number::number(DRIFT_JS_POSSIBLE),
    );
    view! {
        <details class="disclosure">
            <summary>"How to read this table"</summary>
            <dl class="explained">
                <dt>"Verdict"</dt>
                <dd>
                    "The most urgent verdict of all findings about the column. The line below it shows whether the findings
                    support a suspect, are explained by one, or are not explained. Sorted by verdict, causes come before what
                    they explain."
                </dd>
                <dt>"Difference"</dt>
                <dd>
                    "How far train and serve are apart: 0 is the same distribution, 1 has no value in common. Numbers and times
                    are measured by Kolmogorov-Smirnov (KS), categories by Jensen-Shannon (JS). " {limits} " A verdict also asks
                    how certain the difference is."
                </dd>
                <dt>"Missing"</dt>
                <dd>"The share of rows without a value, in train → in serve. Sorted by how much it changed."</dd>
            </dl>
        </details>
    }
}

#[component]
fn Pages(place: Place, asked: Asked, page: Page) -> impl IntoView {
    let Page { number, pages, rows } = page;
    let href = move |to: usize| Asked { page: to, ..asked.clone() }.href(&place);
    (pages > 1).then(|| view! {
        <nav class="row" aria-label="Pages of columns">
            {(number > 1).then(|| view! { <a class="button small" rel="prev" href=href(number - 1)>"Previous"</a> })}
            <span class="muted">{format!(
                "{} to {} of {}",
                number::count(((number - 1) * PAGE + 1) as u64),
                number::count((number * PAGE).min(rows) as u64),
                number::count(rows as u64),
            )}</span>
            {(number < pages).then(|| view! { <a class="button small" rel="next" href=href(number + 1)>"Next"</a> })}
        </nav>
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_does_not_exist_is_the_nearest_that_does() {
        assert_eq!(Page::of(250, 0), Page { number: 1, pages: 3, rows: 250 });
        assert_eq!(Page::of(250, 9).number, 3);
        assert_eq!(Page::of(0, 1), Page { number: 1, pages: 1, rows: 0 });
    }
}
