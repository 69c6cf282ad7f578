//! All models in one week next to the week before.

use domain::Problem;
use domain::model::Week;
use domain::model::weekly::{Weekly, weekly};
use domain::visitor::Sight;

use crate::Service;
use crate::store::now_ms;

/// Models of one week.
const MOST_MODELS: i64 = 1_000;

impl Service {
    /// One week, such as `2026-W48`; the present one without a name.
    ///
    /// # Errors
    /// `BadInput` for a week that does not exist.
    pub async fn weekly(&self, week: Option<&str>, sight: &Sight) -> Result<Weekly, Problem> {
        let week = match week.map(str::trim).filter(|week| !week.is_empty()) {
            Some(name) => Week::parse(name)
                .ok_or_else(|| Problem::bad_input(format!("{name:?} is not a week. Write it as 2026-W48.")))?,
            None => Week::of(now_ms()),
        };
        let models = self.inner.store.models_in(week, MOST_MODELS, sight).await?;
        let windows = self.inner.store.windows_around(week, sight).await?;
        Ok(weekly(week, models, windows))
    }
}
