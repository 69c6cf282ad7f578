//! Two columns at once, in train and in serve: where the rows lie, how strongly the two go together, and where the sides differ.

use domain::evidence::Pinned;
use domain::number;
use domain::plot::scene::pair::{association_words, cell_words, scene};
use domain::selection::{PairAnswer, PairSide, Selection, Side};
use domain::snapshot::{ColumnKind, SnapshotRole};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::map::of_place;
use crate::address::Place;
use crate::api::investigations::Opened;
use crate::api::selection::show_pair;
use crate::charts::drawing;
use crate::components::{InvestigationHead, Tab};
use crate::error::AppError;

/// Cells that are listed.
const LISTED: usize = 8;

/// What the address asks to see.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    pub x: String,
    pub y: String,
    pub selection: Option<Selection>,
}

impl Asked {
    pub fn from_query(query: &ParamsMap) -> Asked {
        Asked {
            x: query.get("x").unwrap_or_default(),
            y: query.get("y").unwrap_or_default(),
            selection: query.get("where").and_then(|text| Selection::from_text(&text)),
        }
    }

    fn marked(&self) -> String {
        self.selection.as_ref().map(Selection::to_text).unwrap_or_default()
    }
}

#[component]
pub fn PairPage() -> impl IntoView {
    let asked = use_query_map().with_untracked(Asked::from_query);
    of_place(|opened| {
        Suspend::new(async move {
            let asked = filled(asked, &opened);
            let answer =
                show_pair(opened.investigation.id.clone(), asked.x.clone(), asked.y.clone(), asked.selection.clone());
            let answer = answer.await;
            view! { <Pair opened asked answer/> }
        })
        .into_any()
    })
}

/// Columns that both sides have and that can be put into cells.
fn columns(opened: &Opened) -> Vec<String> {
    let comparisons = opened.diagnosis.iter().flat_map(|diagnosis| diagnosis.comparisons.iter());
    let shown = comparisons.filter(|one| !matches!(one.kind, ColumnKind::Nested | ColumnKind::Empty));
    shown.map(|one| one.column.clone()).collect()
}

/// What the address leaves open is the next column.
fn filled(mut asked: Asked, opened: &Opened) -> Asked {
    let all = columns(opened);
    let other_than = |one: &str| all.iter().find(|column| *column != one).cloned().unwrap_or_default();
    if asked.x.is_empty() {
        asked.x = other_than(&asked.y);
    }
    if asked.y.is_empty() {
        asked.y = other_than(&asked.x);
    }
    asked
}

#[component]
pub(super) fn Pair(opened: Opened, asked: Asked, answer: Result<PairAnswer, AppError>) -> impl IntoView {
    let place = opened.place.clone();
    let heading = match asked.y.is_empty() {
        true => "Two columns at once".to_owned(),
        false => format!("{} and {}", asked.x, asked.y),
    };
    let all = columns(&opened);
    let back = format!("{}#detail", place.compare(&[("column", &asked.x), ("where", &asked.marked())]));
    let first = asked.x.clone();
    view! {
        <InvestigationHead opened tab=Tab::Compare heading>
            <p class="lead">"Where the rows of each side lie. The darker a cell, the more of the side\u{2019}s rows are in it."</p>
        </InvestigationHead>
        <div class="stack wide-gap">
            <Choice place=place.clone() asked=asked.clone() all/>
            {match answer {
                Ok(answer) => view! { <Both place asked answer/> }.into_any(),
                Err(error) => view! { <p class="notice bad">{error.to_string()}</p> }.into_any(),
            }}
            <p><a href=back>"Back to " <code>{first}</code> " alone"</a></p>
        </div>
    }
}

/// Which two columns; marked rows stay marked.
#[component]
fn Choice(place: Place, asked: Asked, all: Vec<String>) -> impl IntoView {
    let marked = asked.marked();
    let choice = |id: &'static str, label: &'static str, chosen: String| {
        let options: Vec<_> = all
            .iter()
            .map(|column| view! { <option value=column.clone() selected=*column == chosen>{column.clone()}</option> })
            .collect();
        view! {
            <div class="field">
                <label for=format!("pair-{id}")>{label}</label>
                <select id=format!("pair-{id}") name=id>{options}</select>
            </div>
        }
    };
    let everything = place.pair(&[("x", &asked.x), ("y", &asked.y)]);
    let conditions: Vec<_> = asked
        .selection
        .iter()
        .flat_map(|selection| &selection.conditions)
        .map(|condition| view! { <li class="chip selected">{condition.words(ColumnKind::Numeric)}</li> })
        .collect();
    view! {
        <form class="fields end" method="get" action=place.pair(&[]) aria-label="Which two columns">
            {choice("x", "From left to right", asked.x.clone())}
            {choice("y", "Upwards", asked.y.clone())}
            {(!marked.is_empty()).then(|| view! { <input type="hidden" name="where" value=marked.clone()/> })}
            <div><button>"Show"</button></div>
        </form>
        {(!conditions.is_empty()).then(|| view! {
            <div class="row">
                <ul class="chips" aria-label="Marked rows"><li class="chip">"marked:"</li>{conditions}</ul>
                <a href=everything>"Mark none"</a>
            </div>
        })}
    }
}

#[component]
fn Both(place: Place, asked: Asked, answer: PairAnswer) -> impl IntoView {
    let together = answer.sides.iter().filter_map(|side| {
        let found = side.association.as_ref()?;
        Some(format!("{}: {}", side.role.words(), association_words(found)))
    });
    let together = together.collect::<Vec<_>>().join("; ");
    let panels: Vec<_> = answer
        .sides
        .iter()
        .map(|side| {
            let rows = asked.marked();
            let pinned = Pinned::Pair { x: asked.x.clone(), y: asked.y.clone(), side: side.role, rows };
            let pin = place.pin(&pinned.to_query());
            view! {
                <div class="card pad pair-side">
                    {drawing(scene(&answer, side))}
                    <p class="files"><a class="pin" href=pin>"Pin as evidence"</a></p>
                </div>
            }
        })
        .collect();
    view! {
        {(!together.is_empty()).then(|| view! { <p class="run-headline"><strong>"How strongly they go together. "</strong>{together} "."</p> })}
        <div class="pair-sides">{panels}</div>
        <Differing place answer/>
    }
}

/// One cell of both sides.
struct Cell {
    x: usize,
    y: usize,
    /// Shares of the rows of train and of serve.
    shares: [f64; 2],
    rows: u64,
}

/// The cells whose shares differ most, each with the way to its rows.
#[component]
fn Differing(place: Place, answer: PairAnswer) -> impl IntoView {
    let of = |role: SnapshotRole| answer.sides.iter().find(|side| side.role == role);
    let cells = of(SnapshotRole::Train).zip(of(SnapshotRole::Serve)).map(|(train, serve)| differing(train, serve));
    let cells: Vec<Cell> = cells.unwrap_or_default().into_iter().take(LISTED).collect();
    (!cells.is_empty()).then(|| {
        let rows: Vec<_> = cells.iter().map(|cell| line(&place, &answer, cell)).collect();
        view! {
            <section class="stack" aria-labelledby="cells">
                <h2 id="cells">"Cells in which the sides differ most"</h2>
                <div class="table-scroll" tabindex="0" role="region" aria-labelledby="cells">
                    <table class="table dense">
                        <caption>"Mark the rows of a cell to see on Compare what else is different about them."</caption>
                        <thead><tr>
                            <th scope="col">{answer.x.column.clone()}</th>
                            <th scope="col">{answer.y.column.clone()}</th>
                            <th scope="col" class="num">"Train"</th>
                            <th scope="col" class="num">"Serve"</th>
                            <th scope="col" class="num">"Rows"</th>
                            <th scope="col"></th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

fn differing(train: &PairSide, serve: &PairSide) -> Vec<Cell> {
    let all = |side: &PairSide| side.rows.iter().flatten().sum::<u64>().max(1) as f64;
    let (of_train, of_serve) = (all(train), all(serve));
    let mut cells: Vec<Cell> = Vec::new();
    for (y, (a, b)) in train.rows.iter().zip(&serve.rows).enumerate() {
        for (x, (a, b)) in a.iter().zip(b).enumerate().filter(|(_, (a, b))| **a + **b > 0) {
            cells.push(Cell { x, y, shares: [*a as f64 / of_train, *b as f64 / of_serve], rows: a + b });
        }
    }
    let gap = |cell: &Cell| (cell.shares[0] - cell.shares[1]).abs();
    cells.sort_by(|a, b| gap(b).total_cmp(&gap(a)));
    cells
}

fn line(place: &Place, answer: &PairAnswer, cell: &Cell) -> AnyView {
    let conditions = [answer.x.condition(cell.x), answer.y.condition(cell.y)];
    let selection = conditions.into_iter().flatten().fold(Selection::of(Side::Both), Selection::narrowed);
    let href = format!(
        "{}#selection",
        place.compare(&[("column", answer.x.column.as_str()), ("where", &selection.to_text())])
    );
    let [train, serve] = cell.shares.map(number::percent);
    let (x, y) = (cell_words(&answer.x, cell.x), cell_words(&answer.y, cell.y));
    let label = format!("Mark the rows with {} {x} and {} {y}", answer.x.column, answer.y.column);
    view! {
        <tr>
            <th scope="row">{x}</th>
            <td>{y}</td>
            <td class="num">{train}</td>
            <td class="num">{serve}</td>
            <td class="num">{number::count(cell.rows)}</td>
            <td><a href=href aria-label=label>"Mark these rows"</a></td>
        </tr>
    }
    .into_any()
}
