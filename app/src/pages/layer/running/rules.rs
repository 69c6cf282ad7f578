//! The alert rules: when each fired, or would have over what was recorded.

use domain::incident::duration_words;
use domain::number;
use domain::observation::{AlertRule, Breach};
use domain::running::{ReplayedRule, RuleReplay};
use leptos::prelude::*;

use crate::components::When;

#[component]
pub fn Rules(rules: Vec<ReplayedRule>) -> impl IntoView {
    view! {
        <section class="card pad stack" id="rules" aria-labelledby="rules-title">
            <h2 id="rules-title">"Alert rules, replayed"</h2>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Alert rules">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"Rule"</th>
                            <th scope="col">"Fires"</th>
                            <th scope="col" class="num">"Times"</th>
                            <th scope="col">"First"</th>
                            <th scope="col">"Last"</th>
                            <th scope="col">"Replayed over"</th>
                        </tr>
                    </thead>
                    <tbody>{rules.into_iter().map(|one| view! { <Row one/> }).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Row(one: ReplayedRule) -> impl IntoView {
    let ReplayedRule { rule, replay } = one;
    let when = when(&rule);
    let moment = |ms: Option<i64>| ms.map(|ms| view! { <When ms/> });
    view! {
        <tr>
            <th scope="row">
                {rule.name} {rule.muted.then(|| view! { " " <span class="muted">"(muted)"</span> })}
            </th>
            <td class="wrap">{when}</td>
            {match replay {
                Some(RuleReplay { on, from_ms, to_ms, times, first_ms, last_ms, firing_ms }) => view! {
                    <td class="num">{number::count(times)}</td>
                    <td>{moment(first_ms)}</td>
                    <td>{moment(last_ms)}</td>
                    <td class="wrap small">
                        {on} ", " {duration_words(to_ms - from_ms)}
                        {(times > 0).then(|| format!(", of which it fired {}", duration_words(firing_ms)))}
                    </td>
                }
                .into_any(),
                None => view! {
                    <td class="num">"–"</td>
                    <td></td>
                    <td></td>
                    <td class="wrap small muted">"It can't be replayed: what it watches is not among the inputs."</td>
                }
                .into_any(),
            }}
        </tr>
    }
}

fn when(rule: &AlertRule) -> String {
    let what = if rule.signal.is_empty() { rule.kind.words() } else { &rule.signal };
    let breach = match rule.breach {
        Breach::Above => format!("{what} over {}", number::number(rule.threshold)),
        Breach::Below => format!("{what} under {}", number::number(rule.threshold)),
        Breach::Absent => format!("{what} absent"),
    };
    match rule.for_ms {
        0 => breach,
        ms => format!("{breach} for {}", duration_words(ms)),
    }
}
