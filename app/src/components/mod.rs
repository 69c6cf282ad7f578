//! Parts that several pages are made of. None of them runs in the browser.

mod author_field;
mod copy_box;
mod expiry;
mod finding;
mod finding_charts;
mod frame;
mod human_status;
mod investigation_head;
mod mute;
mod offer;
mod problem;
mod report_links;
mod sentence;
mod signed_row;
mod strip;
mod symptom_fields;
pub mod triage;
mod verdict;
mod when;

pub use author_field::AuthorField;
pub use copy_box::CopyBox;
pub use expiry::Expiry;
pub use finding::{FindingCard, FindingDetail, Told, figures};
pub use frame::Frame;
pub use human_status::{Said, StatusForm};
pub use investigation_head::{InvestigationHead, StatePill, Tab};
pub use mute::{FormsOf, MuteForms, MuteLine, MutedSummary};
pub use offer::{Brought, Lack, Lacking, Offers};
pub use problem::{ProblemPanel, loaded};
pub use report_links::ReportLinks;
pub use sentence::Sentence;
pub use signed_row::SignedRow;
pub use strip::LayerStrip;
pub use symptom_fields::SymptomFields;
pub use verdict::{VerdictBadge, VerdictLegend, VerdictMark};
pub use when::{Age, When};
