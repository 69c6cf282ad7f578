//! Where alerts go. Addresses and secrets leave this file only for who sends.

use domain::Actor;
use domain::alert::{Channel, ChannelKind};

use super::along::write_along;
use super::row::row;
use super::{Along, Result, Store, from_json, from_word, to_json, to_word};

/// A channel with what is never shown.
#[derive(Clone)]
pub struct StoredChannel {
    pub channel: Channel,
    pub address: String,
    pub secret: String,
}

row! {
    struct Row {
        id: String,
        name: String,
        kind: String,
        address: String,
        secret: String,
        severity: String,
        models: String,
        quiet: Option<String>,
        digest: Option<String>,
        created_by: String,
        created_at_ms: i64,
    }
}

impl Row {
    fn into_stored(self) -> Result<StoredChannel> {
        let kind = from_word("kind of channel", &self.kind)?;
        let host = match kind {
            ChannelKind::Email => Some(self.address.clone()),
            _ => url::Url::parse(&self.address).ok().and_then(|url| url.host_str().map(str::to_owned)),
        };
        let channel = Channel {
            id: self.id,
            name: self.name,
            kind,
            host: host.unwrap_or_default(),
            from: from_word("severity", &self.severity)?,
            models: from_json("list of models", &self.models)?,
            quiet: self.quiet.map(|quiet| from_json("quiet hours", &quiet)).transpose()?,
            digest: self.digest.map(|digest| from_json("time of a digest", &digest)).transpose()?,
            has_secret: !self.secret.is_empty(),
            created_by: Actor::try_from(self.created_by)?,
            created_at_ms: self.created_at_ms,
        };
        Ok(StoredChannel { channel, address: self.address, secret: self.secret })
    }
}

impl Store {
    /// Unless there are that many already.
    pub async fn insert_channel(&self, stored: &StoredChannel, most: i64, along: &[Along<'_>]) -> Result<bool> {
        let StoredChannel { channel, address, secret } = stored;
        let mut transaction = self.writers.begin().await?;
        let done = sqlx::query(
            "insert into channels (id, name, kind, address, secret, severity, models, quiet, digest, created_by, created_at_ms)
             select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 where (select count(*) from channels) < $12",
        )
        .bind(&channel.id)
        .bind(&channel.name)
        .bind(to_word("kind of channel", &channel.kind)?)
        .bind(address)
        .bind(secret)
        .bind(to_word("severity", &channel.from)?)
        .bind(to_json("list of models", &channel.models)?)
        .bind(channel.quiet.as_ref().map(|quiet| to_json("quiet hours", quiet)).transpose()?)
        .bind(channel.digest.as_ref().map(|digest| to_json("time of a digest", digest)).transpose()?)
        .bind(channel.created_by.as_str())
        .bind(channel.created_at_ms)
        .bind(most)
        .execute(&mut *transaction)
        .await?;
        let is_made = done.rows_affected() > 0;
        if is_made {
            write_along(&mut transaction, along).await?;
        }
        transaction.commit().await?;
        Ok(is_made)
    }

    /// By name.
    pub async fn channels(&self) -> Result<Vec<StoredChannel>> {
        let rows = sqlx::query_as::<_, Row>("select * from channels order by name, id");
        rows.fetch_all(&self.pool).await?.into_iter().map(Row::into_stored).collect()
    }

    pub async fn channel(&self, id: &str) -> Result<Option<StoredChannel>> {
        let found = sqlx::query_as::<_, Row>("select * from channels where id = $1").bind(id);
        found.fetch_optional(&self.pool).await?.map(Row::into_stored).transpose()
    }

    /// Takes a channel away with everything that was on its way to it. Whether it was there.
    pub async fn delete_channel(&self, id: &str, along: &[Along<'_>]) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        for delete in ["delete from deliveries where channel = $1", "delete from digests where channel = $1"] {
            sqlx::query(delete).bind(id).execute(&mut *transaction).await?;
        }
        let gone = sqlx::query("delete from channels where id = $1").bind(id).execute(&mut *transaction).await?;
        let is_gone = gone.rows_affected() > 0;
        if is_gone {
            write_along(&mut transaction, along).await?;
        }
        transaction.commit().await?;
        Ok(is_gone)
    }
}
