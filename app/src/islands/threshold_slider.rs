//! The threshold itself: a slider over the range of scores, an exact number, and the thresholds worth a mark.

use domain::plot::format;
use domain::plot::scene::{ScoredRun, mark_words};
use leptos::prelude::*;

/// Without a script the surrounding form sends `threshold` along with the run and the split.
#[component]
pub fn ThresholdSlider(run: StoredValue<ScoredRun>, threshold: RwSignal<f64>) -> impl IntoView {
    let (name, split, low, high, marks) = run.with_value(|run| {
        (run.name.clone(), run.split.to_string(), run.scores.score_min, run.scores.score_max, run.marks.clone())
    });
    let change = move |event: leptos::ev::Event| {
        let typed = event_target_value(&event).parse::<f64>().ok().filter(|value| value.is_finite());
        if let Some(value) = typed {
            threshold.set(value);
        }
    };
    let text = move || threshold.get().to_string();
    let buttons: Vec<_> = marks
        .into_iter()
        .map(|(name, at)| {
            let words = format!("{} {}", mark_words(&name), format::number(at));
            view! {
                <button type="submit" name="threshold" value=at.to_string() aria-pressed=move || (threshold.get() == at).to_string()
                    on:click=move |event| { event.prevent_default(); threshold.set(at); }>
                    {words}
                </button>
            }
        })
        .collect();
    view! {
        <input type="hidden" name="run" value=name/>
        <input type="hidden" name="split" value=split/>
        <div class="threshold-slider">
            <input type="range" aria-label="Threshold" min=low.to_string() max=high.to_string() step=step(low, high)
                value=text prop:value=text aria-valuetext=move || format::number(threshold.get()) on:input=change/>
        </div>
        <p class="threshold-exact">
            <label>
                "Threshold "
                <input type="number" name="threshold" step="any" value=text prop:value=text on:change=change/>
            </label>
            <button type="submit" on:click=move |event| event.prevent_default()>"Set"</button>
            {buttons}
        </p>
    }
}

/// About a thousand steps of a round size: fine enough to meet any row, coarse enough for the arrow keys.
fn step(low: f64, high: f64) -> String {
    let rough = (high - low) / 1000.0;
    if rough <= 0.0 || !rough.is_finite() {
        return "any".to_owned();
    }
    10f64.powf(rough.log10().floor()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_small() {
        assert_eq!(step(0.0, 1.0), "0.001");
        assert_eq!(step(0.02, 0.97), "0.0001");
        assert_eq!(step(-5.0, 5.0), "0.01");
        assert_eq!(step(0.5, 0.5), "any");
    }
}
