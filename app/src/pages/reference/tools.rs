//! The files of other tools that are read.

use std::sync::LazyLock;

use domain::known_tool::KnownTool;
use leptos::prelude::*;

/// Made from the connectors: see `server/engine/tests/tools.rs`.
static TOOLS: LazyLock<Vec<KnownTool>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("tools.json")).unwrap_or_else(|error| {
        leptos::logging::error!("the tools of the Reference can't be read: {error}");
        Vec::new()
    })
});

/// Each file with what is taken of it.
#[component]
pub fn ToolsTable() -> impl IntoView {
    let row = |tool: &'static KnownTool| {
        let layer = tool.layer.map_or("All", |layer| layer.text().title);
        view! {
            <tr>
                <th scope="row" class="wrap">{tool.tool.clone()} <span class="kind">{layer}</span></th>
                <td class="wrap">{tool.format.clone()} <span class="kind">{tool.proven_on.clone()}</span></td>
                <td class="wrap">{tool.takes.clone()}</td>
                <td class="wrap">{tool.leaves.clone()}</td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Files of other tools">
            <table class="table of-tools">
                <thead><tr>
                    <th scope="col">"Tool"</th><th scope="col">"File"</th><th scope="col">"Taken"</th><th scope="col">"Left"</th>
                </tr></thead>
                <tbody>{TOOLS.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
