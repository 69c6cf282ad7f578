//! Any address that leads nowhere.

use leptos::prelude::*;

use crate::components::ProblemPanel;
use crate::error::AppError;

#[component]
pub fn NotFoundPage() -> impl IntoView {
    let error = AppError::not_found(
        "There is no page at this address. Check the spelling; the page may also have been removed.",
    );
    view! { <ProblemPanel error/> }
}
