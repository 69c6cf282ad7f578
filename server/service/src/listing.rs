//! The list of investigations. What it shows is kept in rows of its own, so that no diagnosis is opened for it; a row is made
//! again when something was said, decided or diagnosed, and when a mute ends.

use domain::event::EventKind;
use domain::investigation::{DiagnosisSummary, InvestigationState, InvestigationSummary};
use domain::listing::{ListQuery, Listed, MOST_LISTED, ModelStanding};
use domain::mute::Mute;
use domain::symptom::Symptom;
use domain::visitor::Sight;
use domain::{Layer, Mark, Problem, ProblemKind, Verdict};

use crate::Service;
use crate::decisions::decided;
use crate::error::Error;
use crate::mutes::muted;
use crate::store::{InvestigationRow, Listing, ListingParts, StaleListing, now_ms};

/// Longest text of one investigation that is searched, in characters.
const SEARCHED_CHARACTERS: usize = 200_000;

impl Service {
    /// The investigations that are asked for and that somebody sees, with what a list shows of them.
    ///
    /// # Errors
    /// When the database or a diagnosis that has to be opened again can't be read.
    pub async fn investigations(&self, query: &ListQuery, sight: &Sight) -> Result<Vec<InvestigationSummary>, Problem> {
        match self.refresh_listings().await {
            // While nothing can be written, the list is as it was: better than none.
            Err(problem) if matches!(problem.kind, ProblemKind::Unavailable | ProblemKind::StorageFull) => {
                tracing::info!("the list of investigations may be out of date: {}", problem.message);
            }
            refreshed => refreshed?,
        }
        let query = ListQuery { limit: query.limit.min(MOST_LISTED), ..query.clone() };
        let mut summaries = Vec::new();
        for listing in self.inner.store.listed(&query, sight).await? {
            summaries.push(summary(listing));
        }
        Ok(summaries)
    }

    /// The same with everything else that the start page shows.
    ///
    /// # Errors
    /// As [`Service::investigations`].
    pub async fn listed(&self, query: &ListQuery, sight: &Sight) -> Result<Listed, Problem> {
        let investigations = self.investigations(query, sight).await?;
        let store = &self.inner.store;
        let mut models = Vec::new();
        for (investigations, latest) in store.models(sight).await? {
            models.push(ModelStanding { investigations, latest: summary(latest) });
        }
        Ok(Listed {
            investigations,
            total: store.count_listed(query, sight).await?,
            of: store.count_investigations(sight).await?,
            owners: store.owners(sight).await?,
            models,
            now_ms: now_ms(),
        })
    }

    /// Whether there are any.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_investigations(&self) -> Result<bool, Problem> {
        Ok(self.inner.store.count_investigations(&Sight::All).await? > 0)
    }

    /// Makes the rows again that are out of date, once for all who ask at the same time. Whoever changes an investigation
    /// meanwhile finds its row out of date again.
    pub(crate) async fn refresh_listings(&self) -> Result<(), Problem> {
        let _turn = self.inner.refreshing.lock().await;
        let now = now_ms();
        for stale in self.inner.store.stale_listings(now).await? {
            let Some(row) = self.inner.store.investigation(&stale.id).await? else { continue };
            let parts = self.parts(&stale, row, now).await?;
            self.inner.store.set_listing(&stale, &parts).await?;
        }
        Ok(())
    }

    async fn parts(&self, stale: &StaleListing, row: InvestigationRow, now: i64) -> Result<ListingParts, Problem> {
        let store = &self.inner.store;
        let mutes = store.mutes(&stale.id).await?;
        let summary = self.shown_summary(&stale.id, &mutes, now).await?;
        let ends = mutes.iter().filter_map(|mute| mute.until_ms).filter(|until| *until >= now);
        Ok(ListingParts {
            layers: summary.as_ref().map_or_else(Vec::new, differing),
            search: self.searched(&row, summary.as_ref()).await?,
            until_ms: ends.min(),
            summary,
        })
    }

    /// Of the last diagnosis as people see it. It is opened only where somebody muted or decided something.
    async fn shown_summary(&self, id: &str, mutes: &[Mute], now: i64) -> Result<Option<DiagnosisSummary>, Problem> {
        let Some(stored) = self.inner.store.latest_diagnosis(id).await? else { return Ok(None) };
        let decisions = self.inner.store.decisions(id).await?;
        if mutes.is_empty() && decisions.is_empty() {
            return Ok(Some(stored.summary));
        }
        let diagnosis = self.diagnosis_by_id(&stored.id).await?;
        Ok(Some(DiagnosisSummary::of(&decided(muted(diagnosis, mutes, now), &decisions))))
    }

    /// Everything in which the words of a search are looked for, in lower case.
    async fn searched(&self, row: &InvestigationRow, summary: Option<&DiagnosisSummary>) -> Result<String, Error> {
        let mut texts = vec![row.title.clone(), row.model.clone(), row.owner.to_string()];
        texts.extend(row.symptoms.iter().map(|symptom: &Symptom| symptom.words().to_owned()));
        if let Some(summary) = summary {
            texts.extend(summary.confirmed.iter().chain(&summary.prime_suspect).cloned());
        }
        for event in self.inner.store.events(&row.id).await? {
            if let EventKind::Closed { closing } = event.kind {
                texts.extend([closing.verdict, closing.cause, closing.impact, closing.done, closing.prevention]);
            }
        }
        texts.extend(self.inner.store.notes(&row.id).await?.into_iter().map(|note| note.text));
        texts.extend(self.inner.store.hypotheses(&row.id).await?.into_iter().map(|one| one.statement));
        let evidence = self.inner.store.evidence(&row.id).await?;
        texts.extend(evidence.into_iter().flat_map(|piece| [piece.title, piece.caption]));
        texts.extend(self.inner.store.follow_ups(&row.id).await?.into_iter().map(|one| one.task));
        Ok(texts.join("\n").chars().take(SEARCHED_CHARACTERS).collect::<String>().to_lowercase())
    }
}

fn summary(listing: Listing) -> InvestigationSummary {
    let Listing { investigation: row, summary, job } = listing;
    InvestigationSummary {
        job,
        diagnosis: summary,
        id: row.id,
        title: row.title,
        model: row.model,
        symptoms: row.symptoms,
        state: row.state,
        owner: row.owner,
        archived_at_ms: row.archived_at_ms,
        verdict: row.verdict,
        created_at_ms: row.created_at_ms,
        updated_at_ms: row.updated_at_ms,
    }
}

/// The layers in which something changed.
fn differing(summary: &DiagnosisSummary) -> Vec<Layer> {
    let differs = |layer: &Layer| matches!(summary.mark(*layer), Mark::Verdict(Verdict::Mismatch | Verdict::Possible));
    Layer::ALL.into_iter().filter(differs).collect()
}

impl InvestigationRow {
    /// Whether it can be changed.
    pub(crate) fn is_open(&self) -> bool {
        self.state == InvestigationState::Open
    }
}
