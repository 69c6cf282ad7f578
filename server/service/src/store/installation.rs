//! The id that the database shares with its data folder.

use super::{Result, Store};
use crate::installation::Known;

impl Store {
    pub(crate) async fn known(&self) -> Result<Known> {
        let files = self.named_blobs().await?.into_iter().collect();
        Ok(Known { installation: self.installation().await?, files })
    }

    pub async fn installation(&self) -> Result<Option<String>> {
        Ok(sqlx::query_scalar("select id from installation").fetch_optional(&self.pool).await?)
    }

    /// Does nothing when there is an id: it is written once.
    pub async fn set_installation(&self, id: &str) -> Result<()> {
        sqlx::query("insert into installation (position, id) values (1, $1) on conflict (position) do nothing")
            .bind(id)
            .execute(&self.writers)
            .await?;
        Ok(())
    }
}
