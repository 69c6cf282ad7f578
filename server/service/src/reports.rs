//! Reports of an investigation: its diagnosis together with what people know, said and decided.

use std::sync::Arc;

use domain::evidence::Piece;
use domain::investigation::Investigation;
use domain::{Diagnosis, Problem};
use engine::report::{Case, Report, chat, html, markdown};

use crate::Service;
use crate::blocking::blocking;
use crate::store::now_ms;

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportForm {
    Markdown,
    /// A file that needs nothing else.
    Html,
    /// What stands below the heading, for a page with a style of its own.
    HtmlContent,
    /// A few lines of plain text.
    Chat,
}

/// A few lines for a chat, which end where the address of the investigation belongs.
pub fn chat(investigation: &Investigation, diagnosis: &Diagnosis) -> String {
    // The few lines name no evidence.
    let case = Case { investigation, pieces: &[], as_of_ms: now_ms(), address: "" };
    chat::render(&Report { diagnosis, case: Some(case) })
}

impl Service {
    /// The report of an investigation as it is now. `address` is where the investigation can be opened.
    ///
    /// # Errors
    /// `NotFound` without the investigation, or before its first diagnosis.
    pub async fn report(&self, investigation: &str, form: ReportForm, address: String) -> Result<String, Problem> {
        let diagnosis = self
            .shown_diagnosis(investigation)
            .await?
            .ok_or_else(|| Problem::not_found("There is no report yet: wait until the first diagnosis is done."))?;
        let investigation = self.investigation(investigation).await?;
        let pieces = self.pieces(&investigation).await?;
        written(Shown { investigation, pieces, diagnosis, as_of_ms: now_ms() }, form, address).await
    }

    /// The report of what a link shows.
    ///
    /// # Errors
    /// As [`Service::shared`].
    pub async fn shared_report(&self, secret: &str, form: ReportForm, address: String) -> Result<String, Problem> {
        let view = self.shared(secret).await?;
        let pieces = self.pieces(&view.investigation).await?;
        let as_of_ms = view.as_of_ms();
        let (investigation, diagnosis) = (view.investigation, view.diagnosis);
        written(Shown { investigation, pieces, diagnosis, as_of_ms }, form, address).await
    }
}

/// What a report is written of.
struct Shown {
    investigation: Investigation,
    pieces: Vec<Piece>,
    diagnosis: Arc<Diagnosis>,
    as_of_ms: i64,
}

async fn written(shown: Shown, form: ReportForm, address: String) -> Result<String, Problem> {
    // Its charts are drawn: a moment of a core.
    blocking(move || {
        let Shown { investigation, pieces, diagnosis, as_of_ms } = &shown;
        let case = Case { investigation, pieces, as_of_ms: *as_of_ms, address: &address };
        let report = Report { diagnosis, case: Some(case) };
        Ok(match form {
            ReportForm::Markdown => markdown::render(&report),
            ReportForm::Html => html::render(&report),
            ReportForm::HtmlContent => html::content(&report),
            ReportForm::Chat => chat::render(&report),
        })
    })
    .await
}
