//! Rows that serving and the training pipeline share, column by column.

use std::sync::Arc;

use domain::measurements::row_join::ValuePair;
use domain::running::{ComparedAs, ComparedColumn, JoinedRows};
use domain::{Diagnosis, Item, number};
use leptos::prelude::*;

use crate::address::Place;
use crate::components::Sentence;

#[component]
pub fn Joined(place: Place, diagnosis: Arc<Diagnosis>, rows: JoinedRows) -> impl IntoView {
    let (answers, features): (Vec<_>, Vec<_>) =
        rows.columns.iter().cloned().partition(|column| column.compared_as == ComparedAs::Answer);
    let differing = features.iter().filter(|column| column.differing() > 0).count() as u64;
    let of_features = match (features.len() as u64, differing) {
        (0, _) => "No feature is on both sides.".to_owned(),
        (all, 0) => format!("The {} that both have agree in every row.", number::counted(all, "feature")),
        (all, 1) => format!("Of {} that both have, 1 differs.", number::counted(all, "feature")),
        (all, some) => format!("Of {} that both have, {some} differ.", number::counted(all, "feature")),
    };
    view! {
        <section class="card pad stack" id="joined" aria-labelledby="joined-title">
            <h2 id="joined-title">"Rows joined by id"</h2>
            <p>{matched(&rows)} " " {of_features}</p>
            {same_features(&rows).map(|words| view! { <p class="notice">{words}</p> })}
            {(!answers.is_empty()).then(|| view! {
                <Table title="The answers to the same rows" columns=answers place=place.clone() diagnosis=diagnosis.clone()/>
            })}
            {(!features.is_empty()).then(|| view! {
                <Table title="The features of the same rows" columns=features place diagnosis/>
            })}
        </section>
    }
}

fn matched(rows: &JoinedRows) -> String {
    let mut words = format!(
        "{} of serve have the same {} as one that the training pipeline computed.",
        number::counted(rows.matched, "row"),
        rows.id
    );
    if !rows.sampled && rows.only_serve + rows.only_offline > 0 {
        words.push_str(&format!(
            " {} are in serve only, {} in the pipeline only.",
            number::count(rows.only_serve),
            number::count(rows.only_offline)
        ));
    }
    if rows.left_out > 0 {
        words.push_str(&format!(" {} without an id of their own are left out.", number::counted(rows.left_out, "row")));
    }
    words
}

fn same_features(rows: &JoinedRows) -> Option<String> {
    let same = rows.same_features.filter(|same| same.rows > 0)?;
    Some(match same.other_answer {
        0 => format!("Where all features agree ({}), the answers agree too.", number::counted(same.rows, "row")),
        other => format!(
            "{} ({}) where all features agree: the model or what it is served with differs.",
            number::counted(other, "other answer"),
            number::percent_of(other, same.rows)
        ),
    })
}

#[component]
fn Table(title: &'static str, columns: Vec<ComparedColumn>, place: Place, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let has = Has::of(&columns);
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=title>
            <table class="table">
                <caption>{title}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Column"</th>
                        <th scope="col" class="num">"Differ"</th>
                        {has.pairs.then(|| view! { <th scope="col">"Offline → served, most frequent"</th> })}
                        {has.change.then(|| view! { <th scope="col" class="num">"Typical change"</th> })}
                        {has.missing.then(|| view! {
                            <th scope="col" class="num">"Missing at serving"</th>
                            <th scope="col" class="num">"Missing offline"</th>
                        })}
                        <th scope="col" class="num">"Rows"</th>
                    </tr>
                </thead>
                <tbody>
                    {columns
                        .into_iter()
                        .map(|column| view! { <Row column has place=place.clone() diagnosis=diagnosis.clone()/> })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// Which columns the table needs: one in which nothing stands is left out.
#[derive(Debug, Clone, Copy)]
struct Has {
    pairs: bool,
    change: bool,
    missing: bool,
}

impl Has {
    fn of(columns: &[ComparedColumn]) -> Has {
        Has {
            pairs: columns.iter().any(|column| !column.pairs.is_empty()),
            change: columns.iter().any(|column| column.typical_change.is_some()),
            missing: columns.iter().any(|column| column.missing_serve + column.missing_offline > 0),
        }
    }
}

#[component]
fn Row(column: ComparedColumn, has: Has, place: Place, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let found = diagnosis
        .findings
        .iter()
        .find(|finding| finding.item == Item::F1 && finding.columns.contains(&column.column))
        .map(|finding| (place.finding(finding), finding.statement.clone(), finding.columns.clone()));
    let change = column.typical_change.map_or_else(String::new, |sd| format!("{} SD", number::significant(sd, 2)));
    view! {
        <tr>
            <th scope="row">
                <code>{column.column.clone()}</code>
                {found.map(|(href, text, columns)| view! { <span class="block small wrap"><a href=href><Sentence text columns/></a></span> })}
            </th>
            <td class="num">{number::percent_of(column.differing(), column.rows)}</td>
            {has.pairs.then(|| view! { <td>{pairs(&column.pairs)}</td> })}
            {has.change.then(|| view! { <td class="num">{change}</td> })}
            {has.missing.then(|| view! {
                <td class="num">{number::percent_of(column.missing_serve, column.rows)}</td>
                <td class="num">{number::percent_of(column.missing_offline, column.rows)}</td>
            })}
            <td class="num">{number::count(column.rows)}</td>
        </tr>
    }
}

fn pairs(pairs: &[ValuePair]) -> impl IntoView + use<> {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "missing".to_owned());
    let pair = |pair: &ValuePair| {
        let rows = number::counted(pair.rows, "row");
        view! {
            <span class="block small">
                <code>{shown(&pair.offline)}</code> " → " <code>{shown(&pair.serve)}</code> " " <span class="faint">{rows}</span>
            </span>
        }
    };
    pairs.iter().map(pair).collect_view()
}
