//! Reading what the pages about alerts show. Changes go through plain forms.

use domain::account::Role;
use domain::alert::{Alert, Channel, Delivery, ModelRule, PastAlerts, RuleFields};
use domain::model::Arrival;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// The alerts of a model, and the rules that make them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ModelAlerts {
    pub model: String,
    pub alerts: Vec<Alert>,
    pub rules: Vec<ModelRule>,
    /// The window that an alert led to.
    pub window: Option<Arrival>,
    /// Channels that are told of this model.
    pub channels: u64,
    /// The form as it was filled in; what it would have done, or why it is none, where that was asked.
    pub fields: RuleFields,
    pub preview: Option<Result<PastAlerts, String>>,
    /// How far back the preview looks.
    pub days: u32,
    pub now_ms: i64,
    /// What the reader may do with the model.
    pub reader: Role,
}

/// `window` is the arrival that is shown first. `fields` with a kind are previewed.
///
/// # Errors
/// `NotFound` for a model that is not there, or that the reader does not see.
#[server(endpoint = "model_alerts")]
pub async fn find_model_alerts(
    name: String,
    window: Option<String>,
    fields: RuleFields,
) -> Result<ModelAlerts, AppError> {
    use domain::ProblemKind;
    let service: service::Service = expect_context();
    // Asked here, where the name is read, and not only by the rule of the address.
    let reader = crate::visitor::Reader::here().role_in(name.trim());
    let reader = reader.ok_or_else(|| AppError::not_found("There is no such model."))?;
    let model = service.model(&name).await?.name;
    let window = match window {
        // A message may lead to rows that were taken out since.
        Some(id) => match service.arrival(&model, &id).await {
            Ok(arrival) => Some(arrival),
            Err(problem) if problem.kind == ProblemKind::NotFound => None,
            Err(problem) => return Err(problem.into()),
        },
        None => None,
    };
    let preview = match fields.kind.is_empty() {
        true => None,
        false => Some(match fields.asked() {
            Ok(asked) => service.preview_rule(&model, asked).await.map_err(|problem| problem.message),
            Err(problem) => Err(problem.message),
        }),
    };
    Ok(ModelAlerts {
        alerts: service.alerts(&model).await?,
        rules: service.alert_rules(&model).await?,
        channels: service.channels_of(&model).await?,
        days: service::LOOKED_BACK_DAYS,
        now_ms: service::store::now_ms(),
        model,
        window,
        fields,
        preview,
        reader,
    })
}

/// Where alerts go, and what is on its way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AllChannels {
    pub channels: Vec<Channel>,
    pub deliveries: Vec<Delivery>,
    /// The channel that took a test message a moment ago.
    pub tried: Option<String>,
    /// Whether this server has a mail server.
    pub sends_email: bool,
    pub now_ms: i64,
}

/// # Errors
/// When the database fails.
#[server(endpoint = "channels")]
pub async fn find_channels(tried: Option<String>) -> Result<AllChannels, AppError> {
    let service: service::Service = expect_context();
    if !crate::visitor::Reader::may(Role::Admin) {
        return Err(AppError::not_found("Only an admin sees where alerts go. Ask one of them."));
    }
    Ok(AllChannels {
        channels: service.channels().await?,
        deliveries: service.deliveries().await?,
        sends_email: service.sends_email(),
        now_ms: service::store::now_ms(),
        tried,
    })
}
