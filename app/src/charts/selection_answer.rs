//! The answer to "what is different about these rows?": how many rows it is about, and every column that differs, the
//! most different first, with a small chart of the selected rows against the others.

use domain::number::{counted, named_probability};
use domain::plot::format;
use domain::selection::{ColumnDifference, Condition, SelectionAnswer};
use leptos::prelude::*;

use super::small_histogram::{Pair, SmallHistogram, SmallShape};
use super::telling::telling_condition;

/// Columns shown before the rest is folded away.
const SHOWN: usize = 8;

/// Columns without a difference that are named.
const NAMED: usize = 12;

/// The columns that differ. `narrow` makes what narrows the selection by a condition: a link, or a button.
pub fn answer(answer: &SelectionAnswer, narrow: &dyn Fn(Condition, String) -> AnyView) -> AnyView {
    view! {
        <div class="answer">
            <p>{answer.size_words()}</p>
            {answer.sampled_words().map(|words| view! { <p class="note">{words}</p> })}
            {differences(&answer.columns, ["selected rows", "other rows"], narrow)}
        </div>
    }
    .into_any()
}

/// The same without how many rows it is about; `names` are those of the rows that are told apart, and of the others.
pub fn differences(
    columns: &[ColumnDifference],
    names: [&'static str; 2],
    narrow: &dyn Fn(Condition, String) -> AnyView,
) -> AnyView {
    let (different, alike): (Vec<_>, Vec<_>) = columns.iter().partition(|column| column.contrast.is_some());
    let mut shown: Vec<AnyView> = different.iter().map(|column| difference(column, narrow)).collect();
    let hidden = shown.split_off(shown.len().min(SHOWN));
    let none = shown.is_empty();
    let [these, others] = names;
    view! {
        {if none {
            view! { <p>{format!("No column differs between the {these} and the {others}.")}</p> }.into_any()
        } else {
            view! {
                <p class="keys">
                    <span class="key selected">{these}</span>
                    <span class="key rest">{others}</span>
                </p>
                <ol class="differences">{shown}</ol>
            }
            .into_any()
        }}
        {(!hidden.is_empty()).then(|| view! {
            <details class="disclosure">
                <summary>{counted(hidden.len() as u64, "more column")}" differ"</summary>
                <ol class="differences">{hidden}</ol>
            </details>
        })}
        {(!alike.is_empty() && !none).then(|| view! { <p class="note">{alike_words(&alike)}</p> })}
    }
    .into_any()
}

/// `3 other columns do not differ: a, b, c.`
fn alike_words(alike: &[&ColumnDifference]) -> String {
    let verb = if alike.len() == 1 { "does" } else { "do" };
    let named: Vec<&str> = alike.iter().take(NAMED).map(|column| column.column.as_str()).collect();
    let more = if alike.len() > NAMED { " …" } else { "." };
    format!("{} {verb} not differ: {}{more}", counted(alike.len() as u64, "other column"), named.join(", "))
}

fn difference(column: &ColumnDifference, narrow: &dyn Fn(Condition, String) -> AnyView) -> AnyView {
    let telling = column.chart.as_ref().and_then(|chart| telling_condition(&column.column, chart));
    let only = telling.map(|condition| {
        let words = format!("only {}", condition.words(column.kind));
        narrow(condition, words)
    });
    let q = column.q.map(|q| format!(", {}", named_probability("q", q)));
    view! {
        <li>
            <SmallHistogram shape=SmallShape::of(column.chart.as_ref()) label=column.column.clone() pair=Pair::RestSelected/>
            <div>
                <p><code>{column.column.clone()}</code> " " {column.contrast_words()}</p>
                <p class="note">
                    {format!("distance {} ({})", format::significant(column.effect, 2), column.effect_words())} {q}
                </p>
            </div>
            {only}
        </li>
    }
    .into_any()
}
