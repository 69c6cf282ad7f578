//! Marking rows on the chart of a column: what lies over its plot, what is marked on it, and the form for exact ends.

use domain::Comparison;
use domain::comparison::ChartData;
use domain::plot::format;
use domain::plot::scene::categories::SHOWN;
use domain::plot::scene::{ColumnView, Picture, Shape};
use domain::selection::{Condition, Subject, Test};
use domain::snapshot::{ColumnKind, ColumnRole};
use leptos::prelude::*;

use super::asked::{Asked, TIME};
use crate::address::Place;
use crate::charts::brush::{Bar, BrushAxis, bars, span_of};
use crate::charts::path::percent;
use crate::islands::Brush;

/// The column that rows are marked by on this picture: over time it is their time.
pub fn subject_of(comparison: &Comparison, view: ColumnView) -> Subject {
    match view.picture {
        Picture::OverTime if !matches!(comparison.chart, Some(ChartData::Categories(_))) => {
            Subject::Role(ColumnRole::Time)
        }
        _ => Subject::Column(comparison.column.clone()),
    }
}

/// What takes the pointer and the keyboard over the plot; nothing where rows can't be marked.
pub fn surface(place: &Place, comparison: &Comparison, asked: &Asked, view: ColumnView) -> Option<AnyView> {
    if let Some(ChartData::Categories(chart)) = &comparison.chart {
        let subject = Subject::Column(comparison.column.clone());
        let marked = asked.marked();
        let bars = bars(chart, marked.test_of(&subject), SHOWN);
        let links: Vec<_> = bars.into_iter().map(|bar| bar_link(place, asked, &subject, bar)).collect();
        return Some(view! { <ul class="surface bars">{links}</ul> }.into_any());
    }
    let axis = BrushAxis::of(comparison, view)?;
    let address = asked.with_selection(None).href(place);
    let label = format!("Rows by {}", comparison.column);
    let around = asked.marked().text_around(&axis.subject);
    let marked = asked.marked().to_text();
    Some(view! { <Brush axis marked around address anchor="detail".to_owned() label/> }.into_any())
}

/// A bar picks its rows, in addition to the bars that are picked already, and lets them go again.
fn bar_link(place: &Place, asked: &Asked, subject: &Subject, bar: Bar) -> AnyView {
    let marked = asked.marked();
    let selection = match bar.toggled {
        Some(test) => Some(marked.narrowed(Condition { subject: subject.clone(), test })),
        None => marked.without(subject),
    };
    let href = asked.with_selection(selection).at_detail(place);
    let [train, serve] = bar.sides;
    let does = if bar.is_marked { "Remove from the selection" } else { "Select these rows" };
    let label = format!("{}: train {train}; serve {serve}. {does}", bar.label);
    view! {
        <li>
            <a href=href aria-label=label aria-current=bar.is_marked.then_some("true")>
                <span class="tip" aria-hidden="true">
                    <strong>{bar.label}</strong>
                    <span class="key train">"train " {train}</span>
                    <span class="key serve">"serve " {serve}</span>
                    <em>{does}</em>
                </span>
            </a>
        </li>
    }
    .into_any()
}

/// What is marked on this chart, drawn over its marks.
pub fn marked_area(comparison: &Comparison, asked: &Asked, view: ColumnView) -> Option<AnyView> {
    let selection = asked.selection.as_ref()?;
    let test = selection.test_of(&subject_of(comparison, view))?;
    if let Some(ChartData::Categories(chart)) = &comparison.chart {
        let rows = bars(chart, Some(test), SHOWN).into_iter().enumerate().filter(|(_, bar)| bar.is_marked);
        let rects: Vec<_> = rows
            .map(|(row, _)| {
                view! {
                    <rect class="brush" x="0" width="100%" y=(row * Shape::ROW).to_string() height=Shape::ROW.to_string()/>
                }
            })
            .collect();
        return Some(rects.into_any());
    }
    let (from, to) = span_of(comparison, view, test)?;
    Some(view! { <rect class="brush" y="0" height="100%" x=percent(from) width=percent(to - from)/> }.into_any())
}

/// What is marked here and how to mark: in words, and for numbers and times as a form with exact ends.
#[component]
pub fn Marking(place: Place, comparison: Comparison, asked: Asked, view: ColumnView) -> impl IntoView {
    let subject = subject_of(&comparison, view);
    let kind = if subject == Subject::Role(ColumnRole::Time) { ColumnKind::Datetime } else { comparison.kind };
    let test = asked.selection.as_ref().and_then(|selection| selection.test_of(&subject)).cloned();
    let here = test.clone().map(|test| Condition { subject: subject.clone(), test }.words(kind));
    let without = asked.selection.clone().and_then(|selection| selection.without(&subject));
    let clear = asked.with_selection(without).at_detail(&place);
    let axis = BrushAxis::of(&comparison, view);
    let is_categorical = matches!(comparison.chart, Some(ChartData::Categories(_)));
    let hint = match (&axis, is_categorical) {
        (_, true) => "Click a bar to select its rows. Click more bars to add theirs.",
        (Some(_), _) => {
            "Drag over the chart to select rows, or type the range. With the keyboard: arrow keys move, Shift extends, Enter selects."
        }
        _ => return ().into_any(),
    };
    view! {
        <div class="marking">
            <p class="readout">
                {match here {
                    Some(words) => view! {
                        <span class="key selected">"selected: " <strong>{words}</strong></span>
                        " " <a href=clear>"Clear this range"</a>
                    }
                    .into_any(),
                    None => hint.into_any(),
                }}
            </p>
            {axis.is_some().then(|| view! { <Ends place asked subject kind test/> })}
        </div>
    }
    .into_any()
}

#[component]
fn Ends(place: Place, asked: Asked, subject: Subject, kind: ColumnKind, test: Option<Test>) -> impl IntoView {
    let is_time = kind == ColumnKind::Datetime;
    let (from, to) = match test {
        Some(Test::Range { from, to, .. }) => (Some(from), Some(to)),
        _ => (None, None),
    };
    let typed = |end: Option<f64>| {
        let end = end.filter(|end| *end != f64::MIN && *end != f64::MAX);
        end.map_or(String::new(), |end| if is_time { format::time(end as i64) } else { end.to_string() })
    };
    let example = if is_time { "2026-03-20 14:00" } else { "" };
    let numeric = (!is_time).then_some("decimal");
    let action = format!("{}#detail", place.compare(&[]));
    view! {
        <form class="ends" method="get" action=action aria-label="Select a range of values">
            {asked.fields(&[])}
            <input type="hidden" name="on" value=subject.to_text()/>
            {is_time.then(|| view! { <input type="hidden" name="unit" value=TIME/> })}
            <label>"From " <input name="from" inputmode=numeric placeholder=example value=typed(from) autocomplete="off"/></label>
            <label>"to " <input name="to" inputmode=numeric placeholder=example value=typed(to) autocomplete="off"/></label>
            <button type="submit">"Select these rows"</button>
        </form>
    }
}
