//! What each outcome costs: four numbers that the cost curve follows.

use domain::operating_point::Costs;
use leptos::prelude::*;

#[component]
pub fn CostFields(costs: RwSignal<Costs>) -> impl IntoView {
    let field = move |words: &'static str, name: &'static str, read: fn(&Costs) -> f64, write: fn(&mut Costs, f64)| {
        let text = move || read(&costs.get()).to_string();
        let change = move |event: leptos::ev::Event| {
            let typed = event_target_value(&event).parse::<f64>().ok().filter(|value| value.is_finite());
            if let Some(value) = typed {
                costs.update(|costs| write(costs, value));
            }
        };
        view! {
            <label>
                {words}
                <input type="number" name=name step="any" value=text prop:value=text on:input=change/>
            </label>
        }
    };
    view! {
        <fieldset class="costs">
            <legend>"Cost of one row (a gain is negative)"</legend>
            {field("false positive", "cost_fp", |costs| costs.false_positive, |costs, value| costs.false_positive = value)}
            {field("false negative", "cost_fn", |costs| costs.false_negative, |costs, value| costs.false_negative = value)}
            {field("true positive", "cost_tp", |costs| costs.true_positive, |costs, value| costs.true_positive = value)}
            {field("true negative", "cost_tn", |costs| costs.true_negative, |costs, value| costs.true_negative = value)}
        </fieldset>
    }
}
