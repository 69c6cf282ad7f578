//! The table of all columns, a page at a time, sorted by links.

use domain::{ColumnKind, ColumnRole, Verdict};
use leptos::prelude::*;

use super::asked::Asked;
use super::order::{Row, Sort};
use crate::address::Place;
use crate::charts::{SmallHistogram, SmallShape};
use crate::components::VerdictBadge;
use domain::number;

/// Rows of one page of the table.
const PAGE: usize = 100;

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
    shape: Option<SmallShape>,
    effect: String,
    nulls: String,
    consequence: String,
}

/// The rows of one page.
pub fn shown(rows: &[Row<'_>], page: Page) -> Vec<Drawn> {
    rows.iter().skip((page.number - 1) * PAGE).take(PAGE).map(drawn).collect()
}

fn drawn(row: &Row<'_>) -> Drawn {
    let comparison = row.comparison;
    let [train, serve] = row.nulls.map(number::percent);
    Drawn {
        column: comparison.column.clone(),
        kind: comparison.kind,
        role: comparison.role,
        verdict: row.verdict,
        shape: SmallShape::of(comparison.chart.as_ref()),
        effect: row.effect.map_or("–".into(), |(name, value)| format!("{name} {value:.2}")),
        nulls: if train == serve { train } else { format!("{train} → {serve}") },
        consequence: if row.consequence > 0.0 { number::number(row.consequence) } else { "–".into() },
    }
}

#[component]
pub fn Table(place: Place, rows: Vec<Drawn>, asked: Asked, current: Option<String>, page: Page) -> impl IntoView {
    let head = {
        let (place, column, chosen) = (place.clone(), asked.column.clone(), asked.sort);
        move |words: &'static str, sort: Sort, class: &'static str| {
            let href = place.compare(&[("column", column.as_deref().unwrap_or_default()), ("sort", sort.id())]);
            let arrow = if sort == Sort::Name { " ↑" } else { " ↓" };
            view! {
                <th scope="col" class=class aria-sort=(sort == chosen).then(|| sort.aria())>
                    <a href=href>{words} {(sort == chosen).then(|| view! { <span aria-hidden="true">{arrow}</span> })}</a>
                </th>
            }
        }
    };
    let sort = asked.sort;
    let number = page.number.to_string();
    let link = {
        let place = place.clone();
        let page = if page.number > 1 { number } else { String::new() };
        move |column: &str| {
            format!("{}#detail", place.compare(&[("column", column), ("sort", sort.id()), ("page", &page)]))
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Columns">
            <table class="table comparison">
                <thead><tr>
                    {head("Column", Sort::Name, "")}
                    <th scope="col">"Verdict"</th>
                    <th scope="col"><span class="key train">"train"</span> " " <span class="key serve">"serve"</span></th>
                    {head("Effect", Sort::Effect, "num")}
                    {head("Missing", Sort::Nulls, "num")}
                    {head("Consequence", Sort::Consequence, "num")}
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
                                    <td><VerdictBadge verdict=row.verdict/></td>
                                    <td><SmallHistogram shape=row.shape label=row.column/></td>
                                    <td class="num">{row.effect}</td>
                                    <td class="num">{row.nulls}</td>
                                    <td class="num">{row.consequence}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
        <Pages place asked page/>
    }
}

#[component]
fn Pages(place: Place, asked: Asked, page: Page) -> impl IntoView {
    let Page { number, pages, rows } = page;
    let href = move |to: usize| {
        let column = asked.column.clone().unwrap_or_default();
        place.compare(&[("column", &column), ("sort", asked.sort.id()), ("page", &to.to_string())])
    };
    (pages > 1).then(|| view! {
        <nav class="row" aria-label="Pages of columns">
            {(number > 1).then(|| view! { <a class="button small" rel="prev" href=href(number - 1)>"Previous"</a> })}
            <span class="muted">{format!(
                "{} to {} of {}",
                (number - 1) * PAGE + 1,
                (number * PAGE).min(rows),
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
