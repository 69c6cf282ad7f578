//! The field for what is not on the reader's own machine.

use leptos::prelude::*;

/// One address or path; what may stand there is said below it.
#[component]
pub fn LinkField(label: &'static str) -> impl IntoView {
    view! {
        <div class="field">
            <label for="link">{label}</label>
            <input id="link" name="link" class="mono" autocomplete="off" spellcheck="false" aria-describedby="link-hint"/>
            <p class="hint" id="link-hint">
                "A file or a health check on the web, a running Prometheus, Alertmanager, Grafana or MLflow (also a link to one of its "
                "pages), an object such as s3://bucket/train.parquet, or a path. Paths and buckets must be among those that the server "
                "was started with (--link-root, --link-bucket)."
            </p>
        </div>
    }
}
