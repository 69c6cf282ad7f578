//! Problems, told in place of what could not be shown.

use std::future::Future;

use leptos::prelude::*;
use leptos_meta::Title;

use crate::error::AppError;
use crate::status::PageStatus;

/// A page that needs something from the service first: its content, or the problem with the status that belongs to it.
pub fn loaded<T, V>(
    load: impl Future<Output = Result<T, AppError>> + Send + 'static,
    show: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    Suspend::new(async move {
        match load.await {
            Ok(loaded) => show(loaded).into_any(),
            Err(error) => view! { <ProblemPanel error/> }.into_any(),
        }
    })
}

/// The whole page when there is nothing else to show.
#[component]
pub fn ProblemPanel(error: AppError) -> impl IntoView {
    let status = error.http_status();
    PageStatus::set(status);
    let heading = match status {
        404 => "Not found",
        403 => "Not allowed here",
        500 => "Something went wrong",
        _ => "This can't be shown",
    };
    view! {
        <Title text=heading/>
        <section class="empty-page">
            <p class="empty-mark" aria-hidden="true">"≠"</p>
            <h1>{heading}</h1>
            <p>{error.to_string()}</p>
            <p><a class="button" href="/">"Back to investigations"</a></p>
        </section>
    }
}
