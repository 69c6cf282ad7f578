//! Marking categories, by pointer on their bars or by keyboard with check boxes.

use domain::Comparison;
use domain::comparison::CategoryChart;
use domain::plot::scene::Shape;
use domain::plot::scene::categories::SHOWN;
use domain::selection::{Condition, Selection, Side, Test};
use leptos::prelude::*;

use super::question::Question;
use super::side_choice::SideChoice;
use crate::charts::telling::category;

/// A surface over each pair of bars.
pub fn pick_overlay(chart: &CategoryChart, picked: RwSignal<Vec<usize>>) -> AnyView {
    (0..chart.labels.len().min(SHOWN))
        .map(|index| {
            let class = move || if picked.with(|picked| picked.contains(&index)) { "pick chosen" } else { "pick" };
            view! {
                <rect class=class x="0" width="100%" y=(index * Shape::ROW).to_string() height=Shape::ROW.to_string()
                    on:click=move |_| toggle(picked, index)/>
            }
        })
        .collect::<Vec<_>>()
        .into_any()
}

fn toggle(picked: RwSignal<Vec<usize>>, index: usize) {
    picked.update(|picked| match picked.iter().position(|one| *one == index) {
        Some(place) => {
            picked.remove(place);
        }
        None => picked.push(index),
    });
}

/// The check boxes and the question.
#[component]
pub fn PickCategories(
    comparison: StoredValue<Comparison>,
    chart: CategoryChart,
    picked: RwSignal<Vec<usize>>,
    question: Question,
) -> impl IntoView {
    let side = RwSignal::new(Side::Both);
    let boxes: Vec<_> = chart
        .labels
        .iter()
        .take(SHOWN)
        .enumerate()
        .map(|(index, label)| {
            view! {
                <label class="pick-box">
                    <input type="checkbox" prop:checked=move || picked.with(|picked| picked.contains(&index))
                        on:change=move |_| toggle(picked, index)/>
                    {label.clone()}
                </label>
            }
        })
        .collect();
    let column = comparison.with_value(|comparison| comparison.column.clone());
    let ask = move |_| {
        if let Some(test) = picked.with_untracked(|picked| picked_test(&chart, picked)) {
            let condition = Condition::on_column(&column, test);
            question.ask(Selection { side: side.get_untracked(), conditions: vec![condition] });
        }
    };
    view! {
        <fieldset class="brush-controls">
            <legend>"Mark rows"</legend>
            <div class="pick-boxes">{boxes}</div>
            <SideChoice side/>
            <button type="button" disabled=move || picked.with(Vec::is_empty) on:click=ask>
                "What is different about these rows?"
            </button>
        </fieldset>
    }
}

/// The rows of several bars. With the bar of the rare ones among them, it is "none of the bars not marked".
fn picked_test(chart: &CategoryChart, picked: &[usize]) -> Option<Test> {
    let tests: Vec<Test> =
        picked.iter().filter(|index| **index < chart.labels.len()).map(|index| category(chart, *index)).collect();
    let named: Vec<String> = tests
        .iter()
        .filter_map(|test| if let Test::OneOf(values) = test { Some(values.clone()) } else { None })
        .flatten()
        .collect();
    let rest = tests.into_iter().find_map(|test| if let Test::NoneOf(values) = test { Some(values) } else { None });
    match rest {
        Some(others) => Some(Test::NoneOf(others.into_iter().filter(|other| !named.contains(other)).collect())),
        None if named.is_empty() => None,
        None => Some(Test::OneOf(named)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rare_ones_and_a_named_one_together_are_none_of_the_others() {
        let labels = ["a", "b", "c", "(other)"].map(str::to_owned).to_vec();
        let chart = CategoryChart { labels, reference: vec![1; 4], current: vec![1; 4] };
        assert_eq!(picked_test(&chart, &[0, 2]), Some(Test::OneOf(vec!["a".into(), "c".into()])));
        assert_eq!(picked_test(&chart, &[3, 1]), Some(Test::NoneOf(vec!["a".into(), "c".into()])));
        assert_eq!(picked_test(&chart, &[]), None);
    }
}
