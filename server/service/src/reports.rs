//! Reports of an investigation: its diagnosis together with what people know, said and decided.

use std::sync::Arc;

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
    let case = Case { investigation, as_of_ms: now_ms(), address: "" };
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
        written(self.investigation(investigation).await?, diagnosis, now_ms(), form, address).await
    }

    /// The report of what a link shows.
    ///
    /// # Errors
    /// As [`Service::shared`].
    pub async fn shared_report(&self, secret: &str, form: ReportForm, address: String) -> Result<String, Problem> {
        let view = self.shared(secret).await?;
        written(view.investigation, view.diagnosis, view.link.created_at_ms, form, address).await
    }
}

async fn written(
    investigation: Investigation,
    diagnosis: Arc<Diagnosis>,
    as_of_ms: i64,
    form: ReportForm,
    address: String,
) -> Result<String, Problem> {
    // Its charts are drawn: a moment of a core.
    blocking(move || {
        let case = Case { investigation: &investigation, as_of_ms, address: &address };
        let report = Report { diagnosis: &diagnosis, case: Some(case) };
        Ok(match form {
            ReportForm::Markdown => markdown::render(&report),
            ReportForm::Html => html::render(&report),
            ReportForm::HtmlContent => html::content(&report),
            ReportForm::Chat => chat::render(&report),
        })
    })
    .await
}
