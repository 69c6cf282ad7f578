//! One threshold, and everything that follows from it: matrix, ratios, scores and cost, and the marks on the charts that
//! the server drew. All of it is looked up in the run's score table, in the browser, without asking the server.

use domain::operating_point::{Costs, OperatingPoint};
use domain::plot::scene::{self, ScoredRun, Shares, ThresholdSettings, Value};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::address_bar::keep_in_step;
use super::choice::Choice;
use super::cost_fields::CostFields;
use super::question::{ask, follow as follow_link};
use super::threshold_slider::ThresholdSlider;
use crate::address::{Place, query};
use crate::charts::{ConfusionMatrix, Files, chosen, figure, files, mark_again};

/// The state of the explorer; the address is written from it.
#[derive(Clone, Copy)]
struct State {
    threshold: RwSignal<f64>,
    shares: RwSignal<Shares>,
    costs: RwSignal<Costs>,
}

impl State {
    fn settings(self) -> ThresholdSettings {
        ThresholdSettings { threshold: Some(self.threshold.get()), shares: self.shares.get(), costs: self.costs.get() }
    }
}

/// `settings` and `rows` are what the address asks for; `keep` is what it says about the baseline. The question about the
/// rows is rendered by the server and stands among its parts. The charts of the server on which the threshold is marked
/// follow it.
#[island]
pub fn ThresholdExplorer(
    place: Place,
    run: ScoredRun,
    settings: ThresholdSettings,
    rows: String,
    keep: Vec<(String, String)>,
    children: Children,
) -> impl IntoView {
    let state = State {
        threshold: RwSignal::new(settings.threshold.unwrap_or_else(|| run.first_threshold())),
        shares: RwSignal::new(settings.shares),
        costs: RwSignal::new(settings.costs),
    };
    let rows = RwSignal::new(rows);
    Effect::watch(move || state.settings(), move |settings, _, _| keep_in_step(&settings.to_query()), false);
    let run = StoredValue::new(run);
    let place = StoredValue::new(place);
    let point = Memo::new(move |_| run.with_value(|run| run.scores.at(state.threshold.get())));
    let point = Signal::from(point);
    let files = files(place.get_value(), move || run.with_value(|run| parameters(run, state.settings())));
    let kept = keep.iter().map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone()/> });
    let kept: Vec<_> = kept.collect();
    let keep = StoredValue::new(keep);
    Effect::watch(move || state.settings(), move |settings, _, _| follow(run, keep, *settings), false);
    view! {
        <div class="threshold-explorer" on:click=move |event| follow_link(rows, &event)>
            <form method="get" class="threshold-form" action=place.with_value(|place| place.evaluation(&[]))>
                {kept}
                {run.with_value(|run| figure(scene::score_histogram::scene(run), cut(run, state), files))}
                <ThresholdSlider run threshold=state.threshold/>
                <Ratios run point costs=state.costs/>
                <div class="matrix-and-costs">
                    <Matrix place run state keep point rows files/>
                    <CostFields costs=state.costs/>
                </div>
            </form>
            {children()}
            {move || run.with_value(|run| costs(run, state.costs.get(), point, files))}
        </div>
    }
}

/// Marks the threshold on the charts of the server, and lets their files show it too.
fn follow(run: StoredValue<ScoredRun>, keep: Kept, settings: ThresholdSettings) {
    let Some(threshold) = settings.threshold else { return };
    let point = run.with_value(|run| run.scores.at(threshold));
    mark_again("roc", &scene::roc::chosen(&point));
    mark_again("precision_recall", &scene::precision_recall::chosen(&point));
    mark_again("gains", &scene::gains::chosen(&point));
    mark_again("calibration", &scene::calibration::chosen(threshold));
    let parameters = run.with_value(|run| keep.with_value(|keep| with_kept(parameters(run, settings), keep)));
    let parameters: Vec<(&str, &str)> =
        parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let Ok(links) = document().query_selector_all(".following .files a") else { return };
    let links = (0..links.length()).filter_map(|at| links.item(at)?.dyn_into::<web_sys::Element>().ok());
    for link in links {
        let address = link.get_attribute("href").unwrap_or_default();
        let file = address.split('?').next().unwrap_or_default();
        // A link that can't be changed still gives the file of the first threshold.
        let _ = link.set_attribute("href", &format!("{file}{}", query(&parameters)));
    }
}

/// What an address says about the baseline.
type Kept = StoredValue<Vec<(String, String)>>;

fn with_kept(parameters: Vec<(&'static str, String)>, keep: &[(String, String)]) -> Vec<(String, String)> {
    let own = parameters.into_iter().map(|(name, value)| (name.to_owned(), value));
    own.chain(keep.iter().cloned()).collect()
}

/// The threshold over the histogram of scores.
fn cut(run: &ScoredRun, state: State) -> AnyView {
    let scores = run.scores.clone();
    chosen(move || scene::score_histogram::chosen(&scores, state.threshold.get()))
}

fn costs(run: &ScoredRun, costs: Costs, point: Signal<OperatingPoint>, files: Files) -> AnyView {
    let scores = run.scores.clone();
    let here = chosen(move || scene::cost_curve::chosen(&scores, &costs, &point.get()));
    figure(scene::cost_curve::scene(run, &costs), here, files)
}

/// The figures at the threshold, in one line.
#[component]
fn Ratios(run: StoredValue<ScoredRun>, point: Signal<OperatingPoint>, costs: RwSignal<Costs>) -> impl IntoView {
    let figure = |name: &'static str, value: fn(&OperatingPoint) -> Option<f64>| {
        view! { <div><dt>{name}</dt><dd>{move || Value::share(value(&point.get())).words()}</dd></div> }
    };
    let cost = move || domain::plot::format::number(point.get().total_cost(&costs.get()));
    let approximate = run.with_value(|run| !run.scores.exact).then(|| {
        view! {
            <p class="note">
                "This run has more distinct scores than are kept. Between two kept scores the counts are those at the
                higher one; they are off by at most one row in 2,000, ties aside."
            </p>
        }
    });
    view! {
        <dl class="figures" aria-live="polite">
            {figure("Precision", OperatingPoint::precision)}
            {figure("Recall", OperatingPoint::recall)}
            {figure("F1", OperatingPoint::f1)}
            {figure("Accuracy", OperatingPoint::accuracy)}
            {figure("False positive rate", OperatingPoint::false_positive_rate)}
            {figure("Predicted positive", OperatingPoint::positive_share)}
            <div><dt>"Cost of all rows"</dt><dd>{cost}</dd></div>
        </dl>
        {approximate}
    }
}

#[component]
fn Matrix(
    place: StoredValue<Place>,
    run: StoredValue<ScoredRun>,
    state: State,
    keep: Kept,
    point: Signal<OperatingPoint>,
    rows: RwSignal<String>,
    files: Files,
) -> impl IntoView {
    let address = move |settings: ThresholdSettings, rows: &str| {
        let parameters = run.with_value(|run| keep.with_value(|keep| with_kept(parameters(run, settings), keep)));
        place.with_value(|place| address_of(place, &parameters, rows))
    };
    let cell = move |(truth, predicted): (usize, usize)| {
        run.with_value(|run| run.cell(state.threshold.get_untracked(), truth, predicted)).to_text()
    };
    let link = Callback::new(move |place| Some(address(untrack(|| state.settings()), &cell(place))));
    let on_ask = Callback::new(move |place| ask(rows, cell(place)));
    let choice = move |shares: Shares| {
        let href = Signal::derive(move || address(ThresholdSettings { shares, ..state.settings() }, &rows.get()));
        view! {
            <Choice words=shares.words() href chosen=Signal::derive(move || state.shares.get() == shares)
                on_choose=Callback::new(move |()| state.shares.set(shares))/>
        }
    };
    view! {
        <div class="matrix">
            <nav class="segments" aria-label="Cells">{Shares::ALL.map(choice).into_iter().collect::<Vec<_>>()}</nav>
            {move || {
                let matrix = run.with_value(|run| run.matrix(&point.get()));
                view! { <ConfusionMatrix scene=scene::confusion::scene(&matrix, state.shares.get()) files ask=link on_ask/> }
            }}
            <p class="note">"Click a cell to see what is different about its rows."</p>
        </div>
    }
}

fn address_of(place: &Place, parameters: &[(String, String)], rows: &str) -> String {
    let own = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    place.evaluation(&own.chain([("where", rows)]).collect::<Vec<_>>())
}

/// What an address says about the run and the explorer's state.
fn parameters(run: &ScoredRun, settings: ThresholdSettings) -> Vec<(&'static str, String)> {
    let run = [("run", run.name.clone()), ("split", run.split.to_string())];
    run.into_iter().chain(settings.to_query()).collect()
}
