//! How an investigation was closed, how it was closed before, and the form to close it.

use std::sync::Arc;

use domain::closing::{Known, Template};
use domain::conclusion::Conclusion;
use domain::decision::Ruling;
use domain::investigation::{Investigation, InvestigationState};
use domain::{Cause, Diagnosis, Suspect};
use leptos::prelude::*;

use crate::components::{SignedRow, When};

/// Suspects that are offered as the cause.
const OFFERED: usize = 50;

/// How people closed the investigation. One that is open again has no verdict that holds.
#[component]
pub fn Verdict(investigation: Investigation) -> impl IntoView {
    investigation.conclusion().map(|conclusion| {
        let Conclusion { closing, author, at_ms } = conclusion.clone();
        view! {
            <section class="card pad stack conclusion" aria-labelledby="verdict">
                <p class="row">
                    <strong>"Verdict"</strong>
                    <span class="faint">"closed by " {author.to_string()} ", " <When ms=at_ms/> " UTC"</span>
                </p>
                <h2 id="verdict" class="statement pre">{closing.verdict}</h2>
                <More conclusion/>
            </section>
        }
    })
}

/// Verdicts of before it was opened again.
#[component]
pub fn EarlierVerdicts(investigation: Investigation) -> impl IntoView {
    let earlier = investigation.earlier_conclusions();
    (!earlier.is_empty()).then(|| view! {
        <section class="stack" aria-labelledby="earlier-verdict">
            <h2 id="earlier-verdict">{if earlier.len() == 1 { "Earlier verdict" } else { "Earlier verdicts" }}</h2>
            {earlier
                .into_iter()
                .rev()
                .map(|conclusion| view! {
                    <div class="card pad stack muted">
                        <p class="faint small">
                            "by " {conclusion.author.to_string()} ", " <When ms=conclusion.at_ms/> " UTC; opened again since"
                        </p>
                        <p class="pre">{conclusion.closing.verdict.clone()}</p>
                        <More conclusion/>
                    </div>
                })
                .collect_view()}
        </section>
    })
}

/// What was said beyond the verdict.
#[component]
fn More(conclusion: Conclusion) -> impl IntoView {
    let more: Vec<(&str, String)> = conclusion.closing.more().map(|(name, words)| (name, words.to_owned())).collect();
    (!more.is_empty()).then(|| view! {
        <dl class="facts">
            {more.into_iter().map(|(name, words)| view! { <dt>{name}</dt> <dd class="pre">{words}</dd> }).collect_view()}
        </dl>
    })
}

/// The form that ends it, or opens it again.
#[component]
pub fn Closing(
    investigation: Investigation,
    diagnosis: Option<Arc<Diagnosis>>,
    template: Option<Template>,
) -> impl IntoView {
    let known = Known::of(diagnosis.as_deref(), &investigation.incident);
    let begun = template.map(|template| template.begun(&known)).unwrap_or_default();
    let texts = [begun.impact, begun.done, begun.prevention];
    let id = investigation.id;
    match investigation.state {
        InvestigationState::Closed => view! { <Reopening id back="review"/> }.into_any(),
        InvestigationState::Open => view! {
            <section class="stack section" aria-labelledby="close">
                <h2 id="close">"Close with a verdict"</h2>
                <Templates chosen=template/>
                <form class="card pad stack" method="post" action=format!("/investigations/{id}/close")>
                    <div class="field">
                        <label for="verdict-text">"What was wrong, and what was decided?"</label>
                        <textarea id="verdict-text" name="verdict" required rows="3" maxlength="20000">{begun.verdict}</textarea>
                    </div>
                    {diagnosis.map(|diagnosis| view! { <CauseField diagnosis/> })}
                    <div class="fields">
                        <div class="field">
                            <label for="closing-cause">"Cause in other words"</label>
                            <input id="closing-cause" name="cause" maxlength="20000"/>
                        </div>
                        <RootCauseField/>
                    </div>
                    {TEXTS
                        .into_iter()
                        .zip(texts)
                        .map(|((name, words), text)| view! {
                            <div class="field">
                                <label for=format!("closing-{name}")>{words}</label>
                                <textarea id=format!("closing-{name}") name=name rows="2" maxlength="20000">{text}</textarea>
                            </div>
                        })
                        .collect_view()}
                    <SignedRow id="close-author" action="Close the investigation"/>
                </form>
            </section>
        }
        .into_any(),
    }
}

/// The ways to begin; each is the same page with its beginning in the form.
#[component]
fn Templates(chosen: Option<Template>) -> impl IntoView {
    let links = Template::ALL.map(|template| {
        let href = format!("?template={}#close", template.id());
        view! { <a class="chip" href=href aria-current=(chosen == Some(template)).then_some("true")>{template.words()}</a> }
    });
    view! {
        <p class="row small">
            <span class="muted">"Begin with what is known: "</span>
            {links.into_iter().collect_view()}
        </p>
        {chosen.map(|_| view! { <p class="hint small">"What stands in square brackets is yours to say."</p> })}
    }
}

/// The form that opens it again; `back` is the page to come back to.
#[component]
pub fn Reopening(id: String, #[prop(optional)] back: &'static str) -> impl IntoView {
    view! {
        <form class="section" method="post" action=format!("/investigations/{id}/reopen")>
            <input type="hidden" name="back" value=back/>
            <SignedRow id="reopen-author" action="Reopen"/>
        </form>
    }
}

/// What more can be said.
const TEXTS: [(&str, &str); 3] = [
    ("impact", "What it did to the business and to people (optional)"),
    ("done", "What was done (optional)"),
    ("prevention", "What will prevent it (optional)"),
];

/// The kinds of causes.
#[component]
fn RootCauseField() -> impl IntoView {
    view! {
        <div class="field">
            <label for="closing-root">"Kind of cause"</label>
            <select id="closing-root" name="root_cause">
                <option value="">"that of the suspect"</option>
                {Cause::ALL.iter().map(|cause| view! { <option value=cause.id()>{cause.words()}</option> }).collect_view()}
            </select>
        </div>
    }
}

/// The suspects, of which one may be the cause; a confirmed one is chosen.
#[component]
fn CauseField(diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let is_confirmed = |suspect: &Suspect| {
        diagnosis.decision_about(suspect).is_some_and(|decision| decision.ruling == Ruling::Confirmed)
    };
    let confirmed = diagnosis.suspects.iter().find(|suspect| is_confirmed(suspect)).map(Suspect::key);
    let suspects: Vec<Suspect> = diagnosis.suspects.iter().take(OFFERED).cloned().collect();
    (!suspects.is_empty()).then(|| {
        view! {
            <div class="field">
                <label for="closing-suspect">"Cause"</label>
                <select id="closing-suspect" name="suspect">
                    <option value="">"none of the suspects"</option>
                    {suspects
                        .into_iter()
                        .map(|suspect| {
                            let key = suspect.key();
                            let chosen = confirmed.as_ref() == Some(&key);
                            view! { <option value=key selected=chosen>{suspect.statement}</option> }
                        })
                        .collect_view()}
                </select>
                <p class="hint">"The chosen suspect is confirmed. Other words take its place."</p>
            </div>
        }
    })
}
