//! What the checks said of each window: written once for each judging, read by trends.

use domain::evaluation::Task;
use domain::model::{Against, Arrival, MetricPoint, TrendPoint, Window, WindowResult};
use domain::snapshot::SnapshotRole;
use domain::{EvaluationRun, Item};
use sqlx::AnyConnection;

use super::row::row;
use super::{KEPT_WITH_NULL_DOUBLES, Result, Store, from_word, to_json, to_word};

/// Metrics of one window.
const MOST_METRICS: usize = 60;

/// Characters of a column's name by which its trend is found.
const COLUMN_CHARACTERS: usize = 200;
/// Checks that say something of one column of one item.
const CHECKS_OF_A_COLUMN: i64 = 4;

/// All that is kept of the judging of a window.
#[derive(Debug, Clone)]
pub struct JudgedWindow<'a> {
    pub arrival: &'a Arrival,
    pub inputs: &'a [(SnapshotRole, String)],
    /// The id of its diagnosis.
    pub diagnosis: &'a str,
    pub window: &'a Window,
    pub results: &'a [WindowResult],
    /// Against the window before; empty where there is none.
    pub previous: &'a [WindowResult],
    /// The run of its rows, where their labels are known.
    pub run: Option<&'a EvaluationRun>,
}

row! {
    pub(super) struct PointRow {
        arrival: String,
        at_ms: i64,
        verdict: String,
        standing: i64,
        detector: String,
        effect: String,
        effect_value: Option<f64>,
        effect_limit: Option<f64>,
        over_limit: Option<f64>,
    }
}

row! {
    pub(super) struct MetricRow {
        arrival: String,
        at_ms: i64,
        metric_value: f64,
        low: Option<f64>,
        high: Option<f64>,
        row_count: i64,
    }
}

impl PointRow {
    pub fn into_point(self) -> Result<TrendPoint> {
        Ok(TrendPoint {
            arrival: self.arrival,
            at_ms: self.at_ms,
            verdict: from_word("verdict", &self.verdict)?,
            standing: self.standing > 0,
            detector: self.detector,
            effect: self.effect,
            value: self.effect_value,
            limit: self.effect_limit,
            over_limit: self.over_limit,
        })
    }
}

impl MetricRow {
    pub fn into_point(self) -> MetricPoint {
        MetricPoint {
            arrival: self.arrival,
            at_ms: self.at_ms,
            value: self.metric_value,
            low: self.low,
            high: self.high,
            rows: self.row_count as u64,
        }
    }
}

impl Store {
    /// Puts what was judged in the place of what was judged before; whether the arrival is still there.
    pub async fn keep_judged(&self, judged: &JudgedWindow<'_>) -> Result<bool> {
        let (arrival, id) = (judged.arrival, judged.arrival.id.as_str());
        let mut transaction = self.writers.begin().await?;
        let kept = sqlx::query("update arrivals set inputs = $2, diagnosis = $3, judged = $4 where id = $1")
            .bind(id)
            .bind(to_json("list of inputs", &judged.inputs)?)
            .bind(judged.diagnosis)
            .bind(to_json("judged window", judged.window)?)
            .execute(&mut *transaction)
            .await?;
        if kept.rows_affected() == 0 {
            return Ok(false);
        }
        for delete in ["delete from window_results where arrival = $1", "delete from window_metrics where arrival = $1"]
        {
            sqlx::query(delete).bind(id).execute(&mut *transaction).await?;
        }
        for (against, results) in [(Against::Reference, judged.results), (Against::Previous, judged.previous)] {
            for result in results {
                insert_result(&mut transaction, arrival, against, result).await?;
            }
        }
        if let Some(run) = judged.run {
            insert_metrics(&mut transaction, arrival, run).await?;
            set_task(&mut transaction, &arrival.model, run.task).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// What an item said of a column, or as a whole (an empty name), window after window; of several checks the one that is
    /// furthest over its limit. In the order of time, the last `limit` of them.
    pub async fn trend(
        &self,
        model: &str,
        item: Item,
        column: &str,
        against: Against,
        limit: i64,
    ) -> Result<Vec<TrendPoint>> {
        let rows = sqlx::query_as::<_, PointRow>(
            "select arrival, at_ms, verdict, standing, detector, effect, effect_value, effect_limit, over_limit
             from window_results
             where model = $1 and item = $2 and column_name = $3 and against = $4 and ($3 <> '' or detector = '')
             order by at_ms desc, arrival desc, case verdict when 'mismatch' then 3 when 'possible' then 2 else 1 end desc,
                      coalesce(over_limit, -1) desc
             limit $5",
        )
        .bind(model)
        .bind(item.code())
        .bind(column_key(column))
        .bind(to_word("side of a window", &against)?)
        .bind(limit.saturating_mul(CHECKS_OF_A_COLUMN))
        .fetch_all(&self.pool)
        .await?;
        let mut points: Vec<TrendPoint> = Vec::with_capacity(rows.len());
        for row in rows {
            if points.last().is_some_and(|last| last.arrival == row.arrival) {
                continue;
            }
            points.push(row.into_point()?);
        }
        points.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        points.reverse();
        Ok(points)
    }

    /// A metric, window after window.
    pub async fn metric_trend(&self, model: &str, metric: &str, limit: i64) -> Result<Vec<MetricPoint>> {
        let rows = sqlx::query_as::<_, MetricRow>(
            "select arrival, at_ms, metric_value, low, high, row_count from window_metrics
             where model = $1 and metric = $2 order by at_ms desc, arrival desc limit $3",
        )
        .bind(model)
        .bind(metric)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().rev().map(MetricRow::into_point).collect())
    }

    /// The columns with a result of an item in one window, by name.
    pub async fn columns_of(&self, arrival: &str, item: Item) -> Result<Vec<String>> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "select distinct column_name from window_results
             where arrival = $1 and against = 'reference' and item = $2 and column_name <> '' order by column_name",
        )
        .bind(arrival)
        .bind(item.code())
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|(column,)| column).collect())
    }
}

/// A column as trends know it: PostgreSQL can't store U+0000 in text, and no index holds a very long one.
pub(super) fn column_key(column: &str) -> String {
    column.chars().filter(|letter| *letter != '\0').take(COLUMN_CHARACTERS).collect()
}

async fn insert_result(
    connection: &mut AnyConnection,
    arrival: &Arrival,
    against: Against,
    result: &WindowResult,
) -> Result<()> {
    sqlx::query(
        "insert into window_results (arrival, against, model, item, detector, column_name, at_ms, verdict, standing, effect,
                                     effect_value, effect_limit, over_limit)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (arrival, against, item, detector, column_name) do nothing",
    )
    .persistent(KEPT_WITH_NULL_DOUBLES)
    .bind(&arrival.id)
    .bind(to_word("side of a window", &against)?)
    .bind(&arrival.model)
    .bind(result.item.code())
    .bind(&result.detector)
    .bind(column_key(&result.column))
    .bind(arrival.at_ms)
    .bind(to_word("verdict", &result.verdict)?)
    .bind(i64::from(result.standing))
    .bind(&result.effect)
    .bind(result.value)
    .bind(result.limit)
    .bind(result.over_limit)
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_metrics(connection: &mut AnyConnection, arrival: &Arrival, run: &EvaluationRun) -> Result<()> {
    let finite = run.metrics.iter().filter(|(_, metric)| metric.value.is_finite());
    for (name, metric) in finite.take(MOST_METRICS) {
        let end = |value: Option<f64>| value.filter(|value| value.is_finite());
        sqlx::query(
            "insert into window_metrics (arrival, model, metric, at_ms, metric_value, low, high, row_count)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .persistent(KEPT_WITH_NULL_DOUBLES)
        .bind(&arrival.id)
        .bind(&arrival.model)
        .bind(name)
        .bind(arrival.at_ms)
        .bind(metric.value)
        .bind(end(metric.low))
        .bind(end(metric.high))
        .bind(run.n as i64)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Where nobody said it.
async fn set_task(connection: &mut AnyConnection, model: &str, task: Task) -> Result<()> {
    sqlx::query("update models set task = $2 where name = $1 and task is null")
        .bind(model)
        .bind(to_word("task", &task)?)
        .execute(connection)
        .await?;
    Ok(())
}
