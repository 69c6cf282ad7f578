//! Places from which files of a model come by themselves.

use domain::model::{Watch, WatchRun};
use leptos::prelude::*;

use super::arrivals::ROLES;
use crate::address::model_page;
use crate::components::{Age, AuthorField, When};

#[component]
pub fn Watches(model: String, watches: Vec<Watch>, can_change: bool, now_ms: i64) -> impl IntoView {
    let is_empty = watches.is_empty();
    (can_change || !is_empty).then(|| view! {
        <section class="card pad stack" aria-labelledby="watches">
            <h2 id="watches">"Watched places"</h2>
            <p class="muted">"Files that appear in a folder or below a prefix of a bucket arrive by themselves, each once. A running Prometheus, Alertmanager, Grafana or MLflow is asked about the time since the last look."</p>
            {(!is_empty).then(|| view! {
                <ul class="plain rows">
                    {watches
                        .into_iter()
                        .map(|watch| view! { <Line watch page=model_page(&model) can_change now_ms/> })
                        .collect_view()}
                </ul>
            })}
            {can_change.then(|| view! { <NewWatch page=model_page(&model) open=is_empty/> })}
        </section>
    })
}

#[component]
fn Line(watch: Watch, page: String, can_change: bool, now_ms: i64) -> impl IntoView {
    let at = format!("{page}/watches/{}", watch.id);
    let role = watch.role.map_or("each by what it shows", |role| role.words());
    let version = if watch.version.is_empty() { String::new() } else { format!(", version {}", watch.version) };
    let target = watch.target.clone();
    view! {
        <li class="stack tight">
            <p><code>{watch.target}</code> " " <span class="faint small">{role} {version} ", " <code>{watch.schedule}</code></span></p>
            <p class="faint small">
                {match watch.last {
                    Some(last) => view! { <Last last now_ms/> }.into_any(),
                    None => view! { "Not looked at yet. " }.into_any(),
                }}
                "Next look " <When ms=watch.next_at_ms/> "."
            </p>
            {can_change.then(|| view! {
                <div class="row actions">
                    <form method="post" action=format!("{at}/look")>
                        <button aria-label=format!("Look at {target} now")>"Look now"</button>
                    </form>
                    <details class="disclosure">
                        <summary aria-label=format!("Stop watching {target}")>"Remove"</summary>
                        <form class="row" method="post" action=format!("{at}/remove")>
                            <span class="muted small">"What arrived stays."</span>
                            <button aria-label=format!("Stop watching {target} for good")>"Remove it"</button>
                        </form>
                    </details>
                </div>
            })}
        </li>
    }
}

#[component]
fn Last(last: WatchRun, now_ms: i64) -> impl IntoView {
    let words = last.words();
    view! {
        "Looked at " <Age ms=last.at_ms now_ms/> ": " {words} ". "
        {(!last.error.is_empty()).then(|| view! { <span class="bad">{last.error} " "</span> })}
    }
}

#[component]
fn NewWatch(page: String, open: bool) -> impl IntoView {
    view! {
        <details class="disclosure" open=open>
            <summary>"Watch a place"</summary>
            <form class="stack" method="post" action=format!("{page}/watches")>
                <div class="fields">
                    <div class="field">
                        <label for="watch-target">"Folder, prefix or address"</label>
                        <input id="watch-target" name="target" required maxlength="2000" autocomplete="off" placeholder="s3://models/churn/served/"/>
                        <p class="hint">"a folder below --link-root, a prefix below --link-bucket, or an address"</p>
                    </div>
                    <div class="field">
                        <label for="watch-role">"Role"</label>
                        <select id="watch-role" name="role">
                            <option value="">"by what each file shows"</option>
                            {ROLES.map(|role| view! { <option value=role.id()>{role.words()}</option> }).collect_view()}
                        </select>
                    </div>
                    <div class="field">
                        <label for="watch-version">"Version"</label>
                        <input id="watch-version" name="version" maxlength="100" autocomplete="off"/>
                        <p class="hint">"of the model; may be empty"</p>
                    </div>
                    <div class="field">
                        <label for="watch-cron">"Schedule"</label>
                        <input id="watch-cron" name="cron" required maxlength="100" value="0 6 * * *" autocomplete="off"/>
                        <p class="hint">"as in cron: minute, hour, day of the month, month, day of the week"</p>
                    </div>
                    <div class="field">
                        <label for="watch-zone">"Time zone"</label>
                        <input id="watch-zone" name="time_zone" maxlength="100" value="UTC" autocomplete="off"/>
                        <p class="hint">"such as Europe/Berlin"</p>
                    </div>
                </div>
                <div class="row">
                    <AuthorField id="watch-author"/>
                    <button class="primary">"Watch it"</button>
                </div>
            </form>
        </details>
    }
}
