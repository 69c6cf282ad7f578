//! Messages on their way: written together with what they tell, and tried until they arrive or are given up.

use domain::alert::{Delivery, DeliveryState, Message};
use sqlx::AnyConnection;

use super::row::row;
use super::{Result, Store, from_json, from_word, new_id, now_ms, to_json, to_word};

/// Messages that wait for one channel: what comes on top is given up at once, and can be sent again.
const MOST_WAITING: i64 = 500;

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct NewDelivery {
    pub channel: String,
    pub message: Message,
    /// Not before.
    pub at_ms: i64,
}

/// A message that is due.
#[derive(Debug, Clone)]
pub struct DueDelivery {
    pub delivery: Delivery,
    pub message: Message,
}

row! {
    struct Row {
        id: String,
        channel: String,
        title: String,
        message: String,
        state: String,
        attempts: i64,
        created_at_ms: i64,
        at_ms: i64,
        error: String,
    }
}

impl Row {
    fn into_due(self) -> Result<DueDelivery> {
        let delivery = Delivery {
            id: self.id,
            channel: self.channel,
            title: self.title,
            state: from_word("state of a delivery", &self.state)?,
            attempts: self.attempts as u32,
            created_at_ms: self.created_at_ms,
            at_ms: self.at_ms,
            error: self.error,
        };
        Ok(DueDelivery { delivery, message: from_json("message", &self.message)? })
    }
}

impl Store {
    /// The next message of each channel that is due. What failed before holds up what came after it, so that a receiver hears of
    /// an alert before it hears that it is over.
    pub async fn due_deliveries(&self, now_ms: i64, limit: i64) -> Result<Vec<DueDelivery>> {
        let rows = sqlx::query_as::<_, Row>(
            "select due.* from deliveries as due
             where due.state = 'waiting' and due.at_ms <= $1
                   and not exists (select 1 from deliveries as earlier
                                   where earlier.channel = due.channel and earlier.state = 'waiting'
                                         and earlier.id < due.id and (earlier.at_ms <= $1 or earlier.attempts > 0))
             order by due.id limit $2",
        );
        rows.bind(now_ms).bind(limit).fetch_all(&self.pool).await?.into_iter().map(Row::into_due).collect()
    }

    /// Writes how a try went.
    pub async fn set_delivery(&self, delivery: &Delivery) -> Result<()> {
        sqlx::query("update deliveries set state = $2, attempts = $3, at_ms = $4, error = $5 where id = $1")
            .bind(&delivery.id)
            .bind(to_word("state of a delivery", &delivery.state)?)
            .bind(i64::from(delivery.attempts))
            .bind(delivery.at_ms)
            .bind(&delivery.error)
            .execute(&self.writers)
            .await?;
        Ok(())
    }

    /// Sends one again that was given up. Whether there was such a one.
    pub async fn send_again(&self, channel: &str, delivery: &str) -> Result<bool> {
        let done = sqlx::query(
            "update deliveries set state = 'waiting', attempts = 0, at_ms = $3
             where id = $2 and channel = $1 and state = 'given_up'",
        )
        .bind(channel)
        .bind(delivery)
        .bind(now_ms())
        .execute(&self.writers)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// What goes or went to all channels: what was given up, what waits, then the latest.
    pub async fn deliveries(&self, limit: i64) -> Result<Vec<Delivery>> {
        let rows = sqlx::query_as::<_, Row>(
            "select * from deliveries
             order by case state when 'given_up' then 0 when 'waiting' then 1 else 2 end, id desc limit $1",
        );
        let rows = rows.bind(limit).fetch_all(&self.pool).await?.into_iter();
        rows.map(|row| Ok(row.into_due()?.delivery)).collect()
    }

    /// Forgets what ended before a time.
    pub async fn forget_deliveries(&self, before_ms: i64) -> Result<()> {
        sqlx::query("delete from deliveries where state <> 'waiting' and at_ms < $1")
            .bind(before_ms)
            .execute(&self.writers)
            .await?;
        Ok(())
    }

    /// Queues the digest of a week for a channel, once. Whether it was new.
    pub async fn queue_digest(&self, week: &str, delivery: &NewDelivery) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        let once =
            sqlx::query("insert into digests (channel, week) values ($1, $2) on conflict (channel, week) do nothing")
                .bind(&delivery.channel)
                .bind(week)
                .execute(&mut *transaction)
                .await?;
        let is_new = once.rows_affected() > 0;
        if is_new {
            insert_delivery(&mut transaction, delivery).await?;
        }
        transaction.commit().await?;
        Ok(is_new)
    }

    /// Whether the digest of a week was queued for a channel.
    pub async fn has_digest(&self, channel: &str, week: &str) -> Result<bool> {
        let found: Option<String> = sqlx::query_scalar("select week from digests where channel = $1 and week = $2")
            .bind(channel)
            .bind(week)
            .fetch_optional(&self.pool)
            .await?;
        Ok(found.is_some())
    }
}

/// Nothing where the channel is gone.
pub(super) async fn insert_delivery(connection: &mut AnyConnection, new: &NewDelivery) -> Result<()> {
    let waiting: i64 = sqlx::query_scalar("select count(*) from deliveries where channel = $1 and state = 'waiting'")
        .bind(&new.channel)
        .fetch_one(&mut *connection)
        .await?;
    let (state, error) = match waiting < MOST_WAITING {
        true => (DeliveryState::Waiting, String::new()),
        false => (DeliveryState::GivenUp, format!("{MOST_WAITING} other messages were waiting for this channel.")),
    };
    sqlx::query(
        "insert into deliveries (id, channel, title, message, state, attempts, created_at_ms, at_ms, error)
         select $1, $2, $3, $4, $5, 0, $6, $7, $8 where exists (select 1 from channels where id = $2)",
    )
    .bind(new_id())
    .bind(&new.channel)
    .bind(&new.message.title)
    .bind(to_json("message", &new.message)?)
    .bind(to_word("state of a delivery", &state)?)
    .bind(now_ms())
    .bind(new.at_ms)
    .bind(error)
    .execute(connection)
    .await?;
    Ok(())
}
