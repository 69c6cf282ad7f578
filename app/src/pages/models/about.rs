//! What people say of a model, and what its rows are compared with.

use domain::evaluation::Task;
use domain::model::{Model, Reference};
use domain::number;
use domain::snapshot::{ColumnRole, NamedRole, Roles};
use leptos::prelude::*;

use crate::address::model_page;
use crate::clock::Moment;
use crate::components::SignedRow;

/// The files that rows are compared with, by version.
#[component]
pub fn References(reference: Vec<Reference>) -> impl IntoView {
    (!reference.is_empty()).then(|| view! {
        <div class="stack" id="reference">
            <p class="muted">"Served rows are compared with the files of their version, or else with those pinned last:"</p>
            <ul class="plain">
                {reference
                    .into_iter()
                    .map(|one| {
                        let version = if one.version.is_empty() { String::new() } else { format!(", version {}", one.version) };
                        let words = format!(
                            "{}{version}, {}, since {} by {}",
                            one.role.words(),
                            number::counted(one.snapshot.rows, "row"),
                            Moment::from_ms(one.at_ms).date(),
                            one.author
                        );
                        view! { <li><code>{one.snapshot.name}</code> " " <span class="faint small">{words}</span></li> }
                    })
                    .collect_view()}
            </ul>
        </div>
    })
}

/// Owner, task and column roles.
#[component]
pub fn About(model: Model) -> impl IntoView {
    let roles = model.roles.clone();
    let many = [ColumnRole::Ignore, ColumnRole::Probability, ColumnRole::Quantile];
    view! {
        <section class="card pad stack" aria-labelledby="about">
            <h2 id="about">"About this model"</h2>
            <form class="stack" method="post" action=format!("{}/edit", model_page(&model.name))>
                <div class="fields">
                    <div class="field">
                        <label for="owner">"Owner"</label>
                        <input id="owner" name="owner" maxlength="300" autocomplete="off" value=model.owner.clone()/>
                        <p class="hint">"who is asked when it fails"</p>
                    </div>
                    <div class="field">
                        <label for="task">"It predicts"</label>
                        <select id="task" name="task">
                            {model.task.is_none().then(|| view! { <option value="">"not known yet"</option> })}
                            {Task::ALL
                                .iter()
                                .map(|task| view! { <option value=task.id() selected=model.task == Some(*task)>{task.label()}</option> })
                                .collect_view()}
                        </select>
                    </div>
                    {ColumnRole::NAMED.iter().map(|named| view! { <RoleField named roles=roles.clone()/> }).collect_view()}
                </div>
                // Roles that several columns have are kept as they are.
                {many
                    .into_iter()
                    .flat_map(|role| model.roles.columns(role).iter().map(move |column| (role, column.clone())))
                    .map(|(role, column)| view! { <input type="hidden" name=role.id() value=column/> })
                    .collect_view()}
                <p class="muted small">"Leave the field of a column empty to detect it in each file. What is said here holds for what arrives from now on."</p>
                <SignedRow id="about-author" action="Save"/>
            </form>
        </section>
    }
}

#[component]
fn RoleField(named: &'static NamedRole, roles: Roles) -> impl IntoView {
    let id = format!("role-{}", named.role.id());
    view! {
        <div class="field">
            <label for=id.clone()>{named.words} " column"</label>
            <input id=id.clone() name=named.role.id() autocomplete="off" placeholder="detected" value=roles.column_with(named.role).map(str::to_owned)/>
            <p class="hint">{named.hint}</p>
        </div>
    }
}
