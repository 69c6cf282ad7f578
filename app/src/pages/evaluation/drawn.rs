//! Which runs are drawn with the chosen ones: a form of ticks, so that it works without a script and its address can be
//! shared.

use domain::EvaluationRun;
use domain::number;
use domain::plot::scene::{CHOSEN, Company, DRAWN, Key, Ticked, Together, Tone, subject};
use leptos::prelude::*;

use crate::address::Place;
use crate::charts::legend;

/// The runs next to the chosen ones, on their way through the parts of the page.
#[derive(Clone)]
pub struct Others {
    drawn: Vec<(Tone, EvaluationRun)>,
    /// What the address of a file says about them; empty where there are none.
    pub text: String,
    pub ticks: Option<Ticks>,
}

impl Others {
    /// Of all runs of an investigation, with the run that is shown and its baseline. `kept` are the parameters of the
    /// page.
    pub fn of(
        place: &Place,
        (runs, run, baseline): (&[EvaluationRun], &EvaluationRun, Option<&EvaluationRun>),
        ticked: &Ticked,
        kept: &[(&'static str, String)],
    ) -> Others {
        let company = Company::of(runs, run, baseline, ticked);
        let choices = company.candidates.iter().map(|one| Choice { name: one.name.clone(), tone: one.tone });
        let choices: Vec<Choice> = choices.collect();
        let chosen = company.chosen.iter().map(|one| subject(&one.name, &one.split));
        let legend = format!("Drawn with {}", chosen.collect::<Vec<_>>().join(" and "));
        let text = if choices.is_empty() { String::new() } else { ticked.to_text() };
        let ticks = Ticks::of(place, DRAWN, legend, kept).with(choices, company.notes());
        let drawn = company.drawn().into_iter().map(|(tone, run)| (tone, run.clone())).collect();
        Others { drawn, text, ticks }
    }

    /// The chosen runs with these.
    pub fn with<'a>(&'a self, run: &'a EvaluationRun, baseline: Option<&'a EvaluationRun>) -> Together<'a> {
        Together { run, baseline, others: self.drawn.iter().map(|(tone, run)| (*tone, run)).collect() }
    }
}

/// A run that is ticked or not.
#[derive(Clone)]
pub struct Choice {
    pub name: String,
    /// `None` where it is not drawn.
    pub tone: Option<Tone>,
}

/// The form.
#[derive(Clone)]
pub struct Ticks {
    action: String,
    /// The name of its ticks in the address.
    parameter: &'static str,
    legend: String,
    kept: Vec<(&'static str, String)>,
    choices: Vec<Choice>,
    notes: Vec<String>,
}

impl Ticks {
    pub fn of(place: &Place, parameter: &'static str, legend: String, kept: &[(&'static str, String)]) -> Ticks {
        let action = format!("{}#{}", place.evaluation(&[]), anchor(parameter));
        let kept = kept.iter().filter(|(name, value)| *name != parameter && !value.is_empty()).cloned().collect();
        Ticks { action, parameter, legend, kept, choices: Vec::new(), notes: Vec::new() }
    }

    /// `None` where there is nothing to choose and nothing to say.
    pub fn with(self, choices: Vec<Choice>, notes: Vec<String>) -> Option<Ticks> {
        (!choices.is_empty() || !notes.is_empty()).then_some(Ticks { choices, notes, ..self })
    }
}

/// The id of the form, to which it leads back.
fn anchor(parameter: &str) -> String {
    format!("choose-{parameter}")
}

#[component]
pub fn DrawnRuns(ticks: Ticks) -> impl IntoView {
    let Ticks { action, parameter, legend, kept, choices, notes } = ticks;
    let drawn = choices.iter().filter(|one| one.tone.is_some()).count() as u64;
    let said = format!("{legend}: {} of {}", number::count(drawn), number::count(choices.len() as u64));
    let form = (!choices.is_empty()).then(|| {
        let kept = kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
        let choices = choices.into_iter().map(|one| tick(parameter, one));
        view! {
            <form class="drawn-runs" method="get" action=action>
                {kept.collect::<Vec<_>>()}
                <input type="hidden" name=parameter value=CHOSEN/>
                <fieldset class="choices">
                    <legend>{said}</legend>
                    {choices.collect::<Vec<_>>()}
                </fieldset>
                <button type="submit">"Draw the ticked runs"</button>
            </form>
        }
    });
    let notes: Vec<_> = notes.into_iter().map(|note| view! { <p class="note">{note}</p> }).collect();
    view! { <div class="stack" id=anchor(parameter)>{form} {notes}</div> }
}

/// The look of its line next to its name, as in the charts.
fn tick(parameter: &'static str, choice: Choice) -> AnyView {
    let Choice { name, tone } = choice;
    let value = Ticked::value(&name);
    let key = legend(&[Key { tone, words: name }]);
    view! {
        <label class="check">
            <input type="checkbox" name=parameter value=value checked=tone.is_some() autocomplete="off"/>
            <span inner_html=key></span>
        </label>
    }
    .into_any()
}
