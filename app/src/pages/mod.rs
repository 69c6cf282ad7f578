//! One file or folder per page. Each takes its state from its address alone, so that a link shows what was seen.

mod compare;
mod evaluation;
mod flips;
mod home;
mod inputs;
mod layer;
mod map;
mod mine;
mod new;
mod not_found;
mod pair;
mod people;
mod pin;
mod reference;
mod report;
mod review;
mod rows;
pub mod search;
pub mod start_files;
mod stored;
#[cfg(test)]
mod tests;
mod undo;
mod unlock;

pub use compare::ComparePage;
pub use evaluation::{EvaluationPage, question};
pub use flips::FlipsPage;
pub use home::HomePage;
pub use inputs::InputsPage;
pub use layer::LayerPage;
pub use map::MapPage;
pub use mine::MinePage;
pub use new::NewPage;
pub use not_found::NotFoundPage;
pub use pair::PairPage;
pub use people::{AccountPage, AuditLogPage, JoinPage, ModelPage, PeoplePage, SetUpPage, SignInPage};
pub use pin::PinPage;
pub use reference::{ItemReferencePage, ReferencePage};
pub use report::ReportPage;
pub use review::ReviewPage;
pub use rows::RowsPage;
pub use search::SearchPage;
pub use stored::StoredPage;
pub use undo::UndoPage;
pub use unlock::UnlockPage;
