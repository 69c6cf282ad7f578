//! One threshold, and everything that follows from it: matrix, ratios, ROC, precision and recall, calibration, scores
//! and cost. All of it is looked up in the run's score table, in the browser, without asking the server.

use domain::operating_point::{Costs, OperatingPoint};
use domain::plot::scene::{self, ScoredRun, Shares, ThresholdSettings, Value};
use domain::selection::{Selection, SelectionAnswer};
use leptos::prelude::*;

use super::address_bar::keep_in_step;
use super::choice::Choice;
use super::cost_fields::CostFields;
use super::question::{Question, QuestionPanel};
use super::threshold_slider::ThresholdSlider;
use crate::address::Place;
use crate::charts::{ConfusionMatrix, Files, chosen, figure, files};

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

/// `settings`, `selection` and `answer` are what the address asks for, read and answered by the server.
#[island]
pub fn ThresholdExplorer(
    place: Place,
    run: ScoredRun,
    settings: ThresholdSettings,
    selection: Option<Selection>,
    answer: Option<SelectionAnswer>,
) -> impl IntoView {
    let state = State {
        threshold: RwSignal::new(settings.threshold.unwrap_or_else(|| run.first_threshold())),
        shares: RwSignal::new(settings.shares),
        costs: RwSignal::new(settings.costs),
    };
    let question = Question::new(place.clone(), selection, answer);
    Effect::watch(move || state.settings(), move |settings, _, _| keep_in_step(&settings.to_query()), false);
    let run = StoredValue::new(run);
    let place = StoredValue::new(place);
    let point = Memo::new(move |_| run.with_value(|run| run.scores.at(state.threshold.get())));
    let point = Signal::from(point);
    let files = files(place.get_value(), move || run.with_value(|run| parameters(run, state.settings())));
    let charts = run.with_value(|run| {
        let calibration = (!run.calibration.is_empty()).then(|| {
            let here = chosen(move || scene::calibration::chosen(state.threshold.get()));
            figure(scene::calibration::scene(&run.calibration), here, files)
        });
        view! {
            {figure(scene::roc::scene(run), chosen(move || scene::roc::chosen(&point.get())), files)}
            {figure(scene::precision_recall::scene(run), chosen(move || scene::precision_recall::chosen(&point.get())), files)}
            {figure(scene::gains::scene(run), chosen(move || scene::gains::chosen(&point.get())), files)}
            {calibration}
        }
    });
    view! {
        <div class="threshold-explorer">
            <form method="get" class="threshold-form" action=place.with_value(|place| place.evaluation(&[]))>
                {run.with_value(|run| figure(scene::score_histogram::scene(run), cut(run, state), files))}
                <ThresholdSlider run threshold=state.threshold/>
                <Ratios run point costs=state.costs/>
                <div class="matrix-and-costs">
                    <Matrix place run state point question files/>
                    <CostFields costs=state.costs/>
                </div>
            </form>
            <QuestionPanel question/>
            {move || run.with_value(|run| costs(run, state.costs.get(), point, files))}
            <div class="charts">{charts}</div>
        </div>
    }
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
    point: Signal<OperatingPoint>,
    question: Question,
    files: Files,
) -> impl IntoView {
    let address = move |settings: ThresholdSettings, rows: Option<Selection>| {
        run.with_value(|run| place.with_value(|place| address_of(place, run, settings, rows.as_ref())))
    };
    let cell = move |(truth, predicted): (usize, usize)| {
        run.with_value(|run| run.cell(state.threshold.get_untracked(), truth, predicted))
    };
    let ask = Callback::new(move |place| address(untrack(|| state.settings()), Some(cell(place))));
    let on_ask = Callback::new(move |place| question.ask(cell(place)));
    let choice = move |shares: Shares| {
        let href =
            Signal::derive(move || address(ThresholdSettings { shares, ..state.settings() }, question.selection()));
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
                view! { <ConfusionMatrix scene=scene::confusion::scene(&matrix, state.shares.get()) files ask on_ask/> }
            }}
            <p class="note">"Click a cell to see what is different about its rows."</p>
        </div>
    }
}

fn address_of(place: &Place, run: &ScoredRun, settings: ThresholdSettings, rows: Option<&Selection>) -> String {
    let rows = rows.map(Selection::to_text).unwrap_or_default();
    let parameters = parameters(run, settings);
    let own = parameters.iter().map(|(name, value)| (*name, value.as_str()));
    let pairs: Vec<(&str, &str)> = own.chain([("where", rows.as_str())]).collect();
    place.evaluation(&pairs)
}

/// What an address says about the run and the explorer's state.
fn parameters(run: &ScoredRun, settings: ThresholdSettings) -> Vec<(&'static str, String)> {
    let run = [("run", run.name.clone()), ("split", run.split.to_string())];
    run.into_iter().chain(settings.to_query()).collect()
}
