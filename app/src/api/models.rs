//! Reading what the pages about models show. Changes go through plain forms.

use domain::Item;
use domain::account::Role;
use domain::alert::Alert;
use domain::model::weekly::Weekly;
use domain::model::{Arrival, Model, ModelLine, TrendPoint, Unwatched, Watch};
use domain::related::Related;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// The models that the reader sees.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Models {
    pub lines: Vec<ModelLine>,
    pub now_ms: i64,
}

/// A model with everything that its page shows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ModelHealth {
    pub model: Model,
    pub unwatched: Vec<Unwatched>,
    /// Windows of served rows, the one of the latest time first.
    pub windows: Vec<Arrival>,
    /// One page of everything that arrived, those of later times first.
    pub arrivals: Vec<Arrival>,
    /// The last of this page, where there may be earlier ones.
    pub older: Option<String>,
    /// Whether this is a later page.
    pub is_older: bool,
    pub investigations: Vec<Related>,
    pub trend: ItemTrend,
    pub alerts: Vec<Alert>,
    pub watches: Vec<Watch>,
    pub now_ms: i64,
    /// What the reader may do with the model.
    pub reader: Role,
}

/// An item along the windows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ItemTrend {
    pub item: Item,
    /// Empty for the item as a whole.
    pub column: String,
    /// The columns of which the item said something in the last window.
    pub columns: Vec<String>,
    pub points: Vec<TrendPoint>,
}

/// # Errors
/// When the database fails.
#[server(endpoint = "models")]
pub async fn find_models() -> Result<Models, AppError> {
    let service = expect_context::<service::Service>();
    let lines = service.models(&crate::visitor::Reader::here().sight()).await?;
    Ok(Models { lines, now_ms: service::store::now_ms() })
}

/// `before` is the arrival after which the list goes on; `item` (its code) and `column` say whose trend is shown.
///
/// # Errors
/// `NotFound` for a model that is not there, or that the reader does not see.
#[server(endpoint = "model_health")]
pub async fn find_model_health(
    name: String,
    before: Option<String>,
    item: Option<String>,
    column: String,
) -> Result<ModelHealth, AppError> {
    use domain::SnapshotRole;
    use domain::model::Against;
    use service::{ARRIVALS_PAGE, Service};
    let service: Service = expect_context();
    // Asked here, where the name is read, and not only by the rule of the address.
    let reader = crate::visitor::Reader::here().role_in(name.trim());
    let reader = reader.ok_or_else(|| AppError::not_found("There is no such model."))?;
    let model = service.model(&name).await?;
    let windows = service.arrivals(&model.name, Some(SnapshotRole::Serve), None, ARRIVALS_PAGE).await?;
    let arrivals = service.arrivals(&model.name, None, before.as_deref(), ARRIVALS_PAGE).await?;
    let older = (arrivals.len() == ARRIVALS_PAGE).then(|| arrivals.last().map(|last| last.id.clone())).flatten();
    let last = windows.iter().find(|window| window.window.is_some());
    // Where nobody chose, the one of the worst change.
    let worst = last.and_then(|last| last.window.as_ref()?.worst.as_ref()).map(|worst| worst.item);
    let item = item.as_deref().and_then(Item::from_code).or(worst).unwrap_or(Item::D1);
    let columns = match last {
        Some(last) => service.columns_of(&last.id, item).await?,
        None => Vec::new(),
    };
    let trend = service.trend(&model.name, Some((item, &column)), Against::Reference, None).await?;
    Ok(ModelHealth {
        unwatched: service.unwatched(&model).await?,
        investigations: service.investigations_of(&model.name).await?,
        trend: ItemTrend { item, column, columns, points: trend.results },
        alerts: service.alerts(&model.name).await?,
        watches: service.watches(&model.name, &crate::visitor::Reader::here()).await?,
        is_older: before.is_some(),
        now_ms: service::store::now_ms(),
        windows,
        arrivals,
        older,
        reader,
        model,
    })
}

/// One week of all models, with the week that it is now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WeekView {
    pub weekly: Weekly,
    /// What lasts in the present week; empty in others.
    pub alerts: Vec<Alert>,
    pub now_ms: i64,
}

/// # Errors
/// `BadInput` for a week that does not exist.
#[server(endpoint = "weekly")]
pub async fn find_week(week: Option<String>) -> Result<WeekView, AppError> {
    let service = expect_context::<service::Service>();
    let sight = crate::visitor::Reader::here().sight();
    let weekly = service.weekly(week.as_deref(), &sight).await?;
    let now_ms = service::store::now_ms();
    let alerts = match (weekly.from_ms..weekly.end_ms).contains(&now_ms) {
        true => service.open_alerts(&sight).await?,
        false => Vec::new(),
    };
    Ok(WeekView { weekly, alerts, now_ms })
}
