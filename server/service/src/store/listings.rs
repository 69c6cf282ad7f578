//! What the list of investigations shows and searches. Every row is made from the rest, and made again when that changed.

use domain::investigation::DiagnosisSummary;
use domain::job::Job;
use domain::listing::{ListQuery, SEARCH_WORDS, Sort};
use domain::visitor::Sight;
use domain::{Actor, Layer};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::investigations::{InvestigationRow, Row};
use super::jobs::{JoinedJob, job_columns, join_last_job, joined};
use super::model_access::{model_seen_by, seeing, seen_by};
use super::row::row;
use super::{Result, Store, from_json, to_json};

/// Models that are listed.
const MOST_MODELS: i64 = 100;
/// Names that the list can be narrowed to.
const MOST_OWNERS: i64 = 200;

/// One line of the list.
#[derive(Debug, Clone)]
pub struct Listing {
    pub investigation: InvestigationRow,
    /// Of the last diagnosis as people see it.
    pub summary: Option<DiagnosisSummary>,
    /// The last job.
    pub job: Option<Job>,
}

/// What the list needs of an investigation beyond its own columns.
#[derive(Debug, Clone)]
pub struct ListingParts {
    pub summary: Option<DiagnosisSummary>,
    /// The layers that differ.
    pub layers: Vec<Layer>,
    /// What is searched, in lower case.
    pub search: String,
    /// When the first of its mutes ends, in milliseconds since 1970-01-01 UTC.
    pub until_ms: Option<i64>,
}

row! {
    /// An investigation whose row is absent or out of date.
    #[derive(Debug, Clone)]
    pub struct StaleListing {
        pub id: String,
        /// Its count of changes.
        pub changes: i64,
    }
}

struct ListedRow {
    investigation: Row,
    summary: Option<String>,
    job: Option<JoinedJob>,
    investigations: i64,
}

impl FromRow<'_, AnyRow> for ListedRow {
    fn from_row(row: &AnyRow) -> std::result::Result<Self, sqlx::Error> {
        Ok(ListedRow {
            investigation: Row::from_row(row)?,
            job: joined(row, row.try_get("id")?)?,
            summary: row.try_get("summary")?,
            investigations: row.try_get("investigations")?,
        })
    }
}

impl ListedRow {
    fn into_listing(self) -> Result<Listing> {
        let summary = self.summary.map(|summary| from_json("diagnosis summary", &summary)).transpose()?;
        let job = self.job.map(JoinedJob::into_job).transpose()?;
        Ok(Listing { investigation: self.investigation.into_investigation()?, summary, job })
    }
}

/// The investigations that a query asks for; its parameters are those of [`Filter`].
macro_rules! matching {
    ([$($select:tt)*], $($end:literal),*) => {
        concat!(
            "select ",
            $($select)*,
            " from investigations join listings on listings.investigation = investigations.id",
            join_last_job!(),
            "where ($1 = 'all' or ($1 = 'archived' and archived_at_ms is not null)
                    or (archived_at_ms is null and ($1 = 'current' or $1 = investigations.state)))
               and layers like $2 escape '!' and ($3 = '' or owner = $3)
               and search like $4 escape '!' and search like $5 escape '!' and search like $6 escape '!'
               and search like $7 escape '!' and search like $8 escape '!' and search like $9 escape '!' and ",
            seen_by!("$10"),
            $($end),*
        )
    };
}

/// One page of them: $11 is how many, $12 how many are left out before.
macro_rules! page {
    ($order:literal) => {
        matching!(
            ["investigations.*, summary, 0 as investigations, ", job_columns!()],
            "order by ",
            $order,
            " limit $11 offset $12"
        )
    };
}

/// The parameters of a query for investigations, in their order.
struct Filter([String; PARAMETERS]);

/// The state, the layer, the owner, the words that are searched, and who asks.
const PARAMETERS: usize = 4 + SEARCH_WORDS;

impl Filter {
    fn of(query: &ListQuery, sight: &Sight) -> Filter {
        let containing = |text: &str| format!("%{}%", text.replace('!', "!!").replace('%', "!%").replace('_', "!_"));
        let layers = query.layer.map_or_else(|| "%".to_owned(), |layer| containing(&format!(" {} ", layer.id())));
        let mut parameters: [String; PARAMETERS] = std::array::from_fn(|_| "%".to_owned());
        parameters[0] = query.shown.id().to_owned();
        parameters[1] = layers;
        parameters[2].clone_from(&query.owner);
        let search = query.search.to_lowercase();
        parameters[PARAMETERS - 1] = seeing(sight).to_owned();
        for (parameter, word) in parameters.iter_mut().skip(3).take(SEARCH_WORDS).zip(search.split_whitespace()) {
            *parameter = containing(word);
        }
        Filter(parameters)
    }
}

impl Store {
    /// What has to be made again before the list is right at a moment.
    pub async fn stale_listings(&self, now_ms: i64) -> Result<Vec<StaleListing>> {
        Ok(sqlx::query_as(
            "select investigations.id, investigations.changes
             from investigations left join listings on listings.investigation = investigations.id
             where listings.investigation is null or listings.changes <> investigations.changes
                   or listings.until_ms < $1",
        )
        .bind(now_ms)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Keeps what was made when the investigation had this count of changes. It does not wait long for others who write: whoever
    /// asks for the list would wait with it.
    pub async fn set_listing(&self, stale: &StaleListing, parts: &ListingParts) -> Result<()> {
        let summary = parts.summary.as_ref().map(|summary| to_json("diagnosis summary", summary)).transpose()?;
        let layers: String = parts.layers.iter().map(|layer| format!(" {} ", layer.id())).collect();
        sqlx::query(
            "insert into listings (investigation, changes, summary, layers, search, until_ms)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (investigation) do update
             set changes = excluded.changes, summary = excluded.summary, layers = excluded.layers,
                 search = excluded.search, until_ms = excluded.until_ms",
        )
        .bind(&stale.id)
        .bind(stale.changes)
        .bind(summary)
        .bind(layers)
        .bind(&parts.search)
        .bind(parts.until_ms)
        .execute(&self.side)
        .await?;
        Ok(())
    }

    /// One page of the investigations that are asked for.
    pub async fn listed(&self, query: &ListQuery, sight: &Sight) -> Result<Vec<Listing>> {
        let text = match query.sort {
            Sort::Changed => page!("investigations.updated_at_ms desc, investigations.id desc"),
            Sort::Created => page!("investigations.created_at_ms desc, investigations.id desc"),
            Sort::Title => page!("lower(title), investigations.id"),
        };
        let Filter(parameters) = Filter::of(query, sight);
        let mut asked = sqlx::query_as::<_, ListedRow>(text);
        for parameter in parameters {
            asked = asked.bind(parameter);
        }
        let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
        let offset = i64::try_from(query.offset).unwrap_or(i64::MAX);
        let rows = asked.bind(limit).bind(offset).fetch_all(&self.pool).await?;
        rows.into_iter().map(ListedRow::into_listing).collect()
    }

    /// How many investigations are asked for, on all pages.
    pub async fn count_listed(&self, query: &ListQuery, sight: &Sight) -> Result<u64> {
        let Filter(parameters) = Filter::of(query, sight);
        let mut asked = sqlx::query_as::<_, (i64,)>(matching!(["count(*)"],));
        for parameter in parameters {
            asked = asked.bind(parameter);
        }
        Ok(asked.fetch_one(&self.pool).await?.0 as u64)
    }

    /// How many investigations there are that somebody sees, archived ones too.
    pub async fn count_investigations(&self, sight: &Sight) -> Result<u64> {
        let asked = sqlx::query_as(concat!("select count(*) from investigations where ", seen_by!("$1")));
        let (count,): (i64,) = asked.bind(seeing(sight)).fetch_one(&self.pool).await?;
        Ok(count as u64)
    }

    /// Everybody who opened an investigation that somebody sees, by name.
    pub async fn owners(&self, sight: &Sight) -> Result<Vec<String>> {
        let select = concat!(
            "select distinct owner from investigations where owner <> $1 and ",
            seen_by!("$3"),
            "order by owner limit $2"
        );
        let rows: Vec<(String,)> = sqlx::query_as(select)
            .bind(Actor::Anonymous.as_str())
            .bind(MOST_OWNERS)
            .bind(seeing(sight))
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().map(|(owner,)| owner).collect())
    }

    /// Each model that somebody sees with its last investigation and how many it has, the one touched last first.
    pub async fn models(&self, sight: &Sight) -> Result<Vec<(u64, Listing)>> {
        let rows: Vec<ListedRow> = sqlx::query_as(concat!(
            "select investigations.*, summary, counted.investigations, ",
            job_columns!(),
            " from investigations",
            join_last_job!(),
            "join (select model, count(*) as investigations from investigations
                   where model <> '' and archived_at_ms is null group by model) counted
               on counted.model = investigations.model
             left join listings on listings.investigation = investigations.id
             where archived_at_ms is null and ",
            seen_by!("$2"),
            "and not exists (
                 select 1 from investigations later
                 where later.model = investigations.model and later.archived_at_ms is null
                   and (later.updated_at_ms > investigations.updated_at_ms
                        or (later.updated_at_ms = investigations.updated_at_ms and later.id > investigations.id)))
             order by investigations.updated_at_ms desc, investigations.id desc limit $1",
        ))
        .bind(MOST_MODELS)
        .bind(seeing(sight))
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(|row| Ok((row.investigations as u64, row.into_listing()?))).collect()
    }
}
