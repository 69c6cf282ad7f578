//! What an alert's rule sees in the windows of a model since a time, from what was kept when they were judged.

use std::collections::BTreeMap;

use checks::sights::{in_metric, in_results, in_window};
use domain::alert::{Bound, Level, Seen, Sight, Watched};
use domain::model::{MetricPoint, TrendPoint, Window};
use domain::{Item, Verdict};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::row::row;
use super::windows::{MetricRow, PointRow, column_key};
use super::{Result, Store, from_json};

/// Windows that are looked at: of the latest, if there are more.
const MOST_WINDOWS: i64 = 2_000;

row! {
    struct WindowRow {
        id: String,
        at_ms: i64,
        judged: String,
    }
}

/// A point, and the column that it is about.
struct ResultRow {
    point: PointRow,
    column_name: String,
}

impl FromRow<'_, AnyRow> for ResultRow {
    fn from_row(row: &AnyRow) -> std::result::Result<Self, sqlx::Error> {
        Ok(ResultRow { point: PointRow::from_row(row)?, column_name: row.try_get("column_name")? })
    }
}

/// What a rule about a check asks for.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    item: Item,
    detector: &'a str,
    column: &'a str,
    level: Level,
}

impl Store {
    /// In the order of time. Empty for what watches that nothing arrives.
    pub async fn sights(&self, model: &str, watched: &Watched, since_ms: i64) -> Result<Vec<Sight>> {
        let windows = self.judged_since(model, since_ms).await?;
        let seen: Vec<Seen> = match watched {
            Watched::NoArrivals { .. } => return Ok(Vec::new()),
            Watched::Check { item, detector, column, at_least } => {
                let asked = Asked { item: *item, detector, column, level: *at_least };
                self.seen_in_results(model, since_ms, asked, &windows).await?
            }
            Watched::Metric { metric, bound, limit } => {
                self.seen_in_metric(model, since_ms, (metric, *bound, *limit), &windows).await?
            }
            Watched::AnyMismatch | Watched::Suspect { .. } | Watched::Fall { .. } => {
                windows.iter().map(|(_, _, window)| in_window(watched, window).unwrap_or(Seen::NotJudged)).collect()
            }
        };
        let sight = |((arrival, at_ms, _), seen)| Sight { arrival, at_ms, seen };
        Ok(windows.into_iter().zip(seen).map(sight).collect())
    }

    async fn judged_since(&self, model: &str, since_ms: i64) -> Result<Vec<(String, i64, Window)>> {
        let rows = sqlx::query_as::<_, WindowRow>(
            "select id, at_ms, judged from arrivals
             where model = $1 and role = 'serve' and judged is not null and at_ms >= $2
             order by at_ms desc, id desc limit $3",
        )
        .bind(model)
        .bind(since_ms)
        .bind(MOST_WINDOWS)
        .fetch_all(&self.pool)
        .await?;
        let window = |row: WindowRow| Ok((row.id, row.at_ms, from_json("judged window", &row.judged)?));
        rows.into_iter().rev().map(window).collect()
    }

    async fn seen_in_results(
        &self,
        model: &str,
        since_ms: i64,
        asked: Asked<'_>,
        windows: &[(String, i64, Window)],
    ) -> Result<Vec<Seen>> {
        let column = column_key(asked.column);
        let rows = sqlx::query_as::<_, ResultRow>(
            "select arrival, at_ms, detector, column_name, verdict, standing, effect, effect_value, effect_limit, over_limit
             from window_results
             where model = $1 and item = $2 and against = 'reference' and at_ms >= $3
                   and ((detector = '' and column_name = '') or (column_name = $4 and (detector = $5 or $5 = '')))
             order by coalesce(over_limit, -1) desc",
        )
        .bind(model)
        .bind(asked.item.code())
        .bind(since_ms)
        .bind(&column)
        .bind(asked.detector)
        .fetch_all(&self.pool)
        .await?;
        let mut whole: BTreeMap<String, Verdict> = BTreeMap::new();
        let mut found: BTreeMap<String, Vec<TrendPoint>> = BTreeMap::new();
        for row in rows {
            let ResultRow { point, column_name } = row;
            let point = point.into_point()?;
            let is_whole = point.detector.is_empty() && column_name.is_empty();
            let is_asked = column_name == column && (asked.detector.is_empty() || point.detector == asked.detector);
            if is_whole {
                whole.insert(point.arrival.clone(), point.verdict);
            }
            // The item as a whole says what its checks say.
            if is_asked && (is_whole || !asked.detector.is_empty() || !column.is_empty()) {
                found.entry(point.arrival.clone()).or_default().push(point);
            }
        }
        let seen = |(arrival, ..): &(String, i64, Window)| {
            let found = found.get(arrival).map(Vec::as_slice).unwrap_or_default();
            in_results(asked.item, asked.level, whole.get(arrival).copied(), found)
        };
        Ok(windows.iter().map(seen).collect())
    }

    async fn seen_in_metric(
        &self,
        model: &str,
        since_ms: i64,
        (metric, bound, limit): (&str, Bound, f64),
        windows: &[(String, i64, Window)],
    ) -> Result<Vec<Seen>> {
        let rows = sqlx::query_as::<_, MetricRow>(
            "select arrival, at_ms, metric_value, low, high, row_count from window_metrics
             where model = $1 and metric = $2 and at_ms >= $3",
        )
        .bind(model)
        .bind(metric)
        .bind(since_ms)
        .fetch_all(&self.pool)
        .await?;
        let points = rows.into_iter().map(MetricRow::into_point);
        let known: BTreeMap<String, MetricPoint> = points.map(|point| (point.arrival.clone(), point)).collect();
        let seen = |(arrival, ..): &(String, i64, Window)| in_metric(metric, bound, limit, known.get(arrival));
        Ok(windows.iter().map(seen).collect())
    }
}
