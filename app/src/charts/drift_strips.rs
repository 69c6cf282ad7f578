//! How far each column is from training along time.

use std::sync::Arc;

use domain::Diagnosis;
use domain::plot::scene::drift_strips;
use leptos::prelude::*;

use super::figure::{figure, files};
use crate::address::Place;

/// Nothing where no column was followed along time.
#[component]
pub fn DriftStrips(place: Place, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    drift_strips::scene(&diagnosis.over_time.columns).map(|scene| figure(scene, ().into_any(), files(place, Vec::new)))
}
