//! Islands: the only code that runs in the browser. Each is rendered by the server first, from the same props, and
//! works as far as plain HTML can until the script has loaded.
//!
//! Architecture invariant: an island's props are small and serialisable; what it computes is a plain function in
//! `charts/` or in `domain`, with its tests there.

mod address_bar;
mod ask;
mod brush;
mod chart_reader;
mod choice;
mod cookies;
mod copy_button;
mod cost_fields;
mod drop_zone;
mod elements;
mod in_use;
mod job_progress;
pub mod keyboard;
mod live;
mod palette;
pub mod question;
mod sorting;
pub mod theme_toggle;
mod threshold_explorer;
mod threshold_slider;
mod upload;

pub use brush::Brush;
pub use chart_reader::ChartReader;
pub use copy_button::CopyButton;
pub use drop_zone::DropZone;
pub use job_progress::JobProgress;
pub use keyboard::Keyboard;
pub use live::Live;
pub use sorting::Sorting;
pub use theme_toggle::ThemeToggle;
pub use threshold_explorer::ThresholdExplorer;
