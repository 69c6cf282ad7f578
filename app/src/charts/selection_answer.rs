//! The answer to "what is different about these rows?": every other column, the most different first, with a small
//! chart of the selection against the rest.

use domain::plot::format;
use domain::selection::{ColumnDifference, Condition, Selection, SelectionAnswer, Side, Subject, Test};
use leptos::prelude::*;

use super::small_histogram::{Pair, SmallHistogram, SmallShape};
use super::telling::telling_condition;

/// Columns shown before the rest is folded away.
const SHOWN: usize = 8;

/// The ranked columns. With `on_add`, each can be clicked to narrow the selection to its telling values.
#[component]
pub fn Answer(answer: SelectionAnswer, #[prop(optional)] on_add: Option<Callback<Condition>>) -> impl IntoView {
    let sampled = (answer.examined < answer.total).then(|| {
        let (examined, total) = (format::count(answer.examined), format::count(answer.total));
        view! { <p class="note">{format!("Based on a sample of {examined} of {total} rows.")}</p> }
    });
    let nothing = (answer.selected == 0 || answer.rest == 0).then(|| {
        view! { <p class="note">"There is nothing to compare: one of the two groups has no rows."</p> }
    });
    let mut shown: Vec<_> = answer.columns.iter().map(|column| difference(column, on_add)).collect();
    let hidden = shown.split_off(shown.len().min(SHOWN));
    view! {
        <div class="answer">
            <h4>
                {format!("What is different about these {} rows?", format::count(answer.selected))}
                " "
                <span class="muted">{format!("against the other {}", format::count(answer.rest))}</span>
            </h4>
            {sampled}
            {nothing}
            <ol class="differences">{shown}</ol>
            {(!hidden.is_empty()).then(|| view! {
                <details>
                    <summary>{format!("{} more columns", hidden.len())}</summary>
                    <ol class="differences">{hidden}</ol>
                </details>
            })}
        </div>
    }
}

fn difference(column: &ColumnDifference, on_add: Option<Callback<Condition>>) -> AnyView {
    let telling = column.chart.as_ref().and_then(|chart| telling_condition(&column.column, chart));
    let add = on_add.zip(telling).map(|(on_add, condition)| {
        let words = condition_words(&condition);
        view! {
            <button type="button" class="add" on:click=move |_| on_add.run(condition.clone())>
                {format!("only {words}")}
            </button>
        }
    });
    let q = column.q.map(|q| format!(", q {}", format::significant(q, 2)));
    view! {
        <li>
            <SmallHistogram shape=SmallShape::of(column.chart.as_ref()) label=column.column.clone() pair=Pair::RestSelected/>
            <code>{column.column.clone()}</code>
            <span class="statement">{column.statement.clone()}</span>
            <small class="muted">
                {format!("{} {}", effect_words(&column.effect_name), format::significant(column.effect, 2))}
                {q}
            </small>
            {add}
        </li>
    }
    .into_any()
}

fn effect_words(name: &str) -> &str {
    match name {
        "ks_statistic" => "KS",
        "js_distance" => "JS",
        other => other,
    }
}

/// A selection in words: `serve rows with income 10 to 20`.
pub fn selection_words(selection: &Selection) -> String {
    let side = match &selection.side {
        Side::Train => "train rows".to_owned(),
        Side::Serve => "serve rows".to_owned(),
        Side::Both => "train and serve rows".to_owned(),
        Side::Run { name, split } => format!("rows of {name} ({split})"),
    };
    let conditions: Vec<String> = selection.conditions.iter().map(condition_words).collect();
    if conditions.is_empty() { side } else { format!("{side} with {}", conditions.join(" and ")) }
}

/// A condition in words: `income 10 to 20`, `colour = red`, `age missing`.
pub fn condition_words(condition: &Condition) -> String {
    let subject = match &condition.subject {
        Subject::Column(name) => name.clone(),
        Subject::Role(role) => role.id().to_owned(),
    };
    match &condition.test {
        Test::Range { from, to, .. } if *from == f64::MIN => format!("{subject} under {}", format::number(*to)),
        Test::Range { from, to, .. } if *to == f64::MAX => format!("{subject} from {}", format::number(*from)),
        Test::Range { from, to, .. } => format!("{subject} {} to {}", format::number(*from), format::number(*to)),
        Test::OneOf(values) => format!("{subject} = {}", listed(values)),
        Test::NoneOf(values) if values.is_empty() => format!("any {subject}"),
        Test::NoneOf(values) => format!("{subject} other than {}", listed(values)),
        Test::Missing => format!("{subject} missing"),
    }
}

/// At most three values by name.
fn listed(values: &[String]) -> String {
    let named: Vec<String> = values.iter().take(3).map(|value| format::shortened(value, 24)).collect();
    let more = values.len().saturating_sub(named.len());
    if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::selection::UpperEnd;

    #[test]
    fn a_selection_reads_as_a_phrase() {
        let range = |from, to| Test::Range { from, to, upper: UpperEnd::Excluded };
        let selection = Selection {
            side: Side::Serve,
            conditions: vec![
                Condition::on_column("income", range(10.0, 20.5)),
                Condition::on_column("age", range(f64::MIN, 30.0)),
                Condition::on_column(
                    "colour",
                    Test::OneOf(["red", "blue", "green", "grey"].map(str::to_owned).to_vec()),
                ),
            ],
        };
        assert_eq!(
            selection_words(&selection),
            "serve rows with income 10 to 20.5 and age under 30 and colour = red, blue, green and 1 more"
        );
    }
}
