//! The review: what may be the cause, what supports and contradicts it, what the incident was, and how it ends.

mod closing;
mod evidence;
mod follow_ups;
mod hypotheses;
mod incident;
mod related;

use domain::closing::Template;
use domain::hypothesis::hypotheses as all_of;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::address::Place;
use crate::api::investigations::{Opened, Reviewed, find_reviewed, open};
use crate::components::{InvestigationHead, ProblemPanel, Tab, loaded};
use crate::error::AppError;

pub use closing::{EarlierVerdicts, Reopening, Verdict};

use closing::Closing;
use evidence::Evidence;
use follow_ups::FollowUps;
use hypotheses::Hypotheses;
use incident::IncidentCard;
use related::RelatedOnes;

#[component]
pub fn ReviewPage() -> impl IntoView {
    let template = use_query_map().with_untracked(|query| Template::from_id(&query.get("template")?));
    match use_params_map().with_untracked(Place::from_params) {
        Some(place) => {
            let read = async move {
                let opened = open(place.clone()).await?;
                Ok((opened, find_reviewed(place).await?))
            };
            loaded(read, move |(opened, reviewed)| view! { <Review opened reviewed template/> }).into_any()
        }
        None => view! { <ProblemPanel error=AppError::not_found("This address does not name an investigation.")/> }
            .into_any(),
    }
}

#[component]
pub(super) fn Review(opened: Opened, reviewed: Reviewed, template: Option<Template>) -> impl IntoView {
    let Reviewed { pieces, related } = reviewed;
    let Opened { investigation, diagnosis, .. } = opened.clone();
    let all = all_of(&investigation, diagnosis.as_deref());
    let (can_say, about) = (opened.can_say(), opened.clone());
    view! {
        <InvestigationHead opened=opened.clone() tab=Tab::Review heading="Review">
            <IncidentCard opened=about/>
        </InvestigationHead>
        <Verdict investigation=investigation.clone()/>
        <Hypotheses opened=opened.clone() all=all.clone()/>
        <Evidence opened=opened.clone() pieces all/>
        <FollowUps opened=opened.clone()/>
        {can_say.then(|| view! { <Closing investigation=investigation.clone() diagnosis template/> })}
        <EarlierVerdicts investigation/>
        <RelatedOnes related/>
    }
}
