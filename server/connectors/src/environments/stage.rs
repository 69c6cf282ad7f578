//! Which stage a file's name speaks of.

use domain::observation::Stage;

use domain::naming::words;

const TRAINING: [&str; 4] = ["train", "training", "trainer", "fit"];
const SERVING: [&str; 9] =
    ["serve", "serving", "served", "server", "prod", "production", "inference", "online", "deployed"];

/// `None` when the name says neither or both.
pub(crate) fn of_name(name: &str) -> Option<Stage> {
    let words = words(name);
    let says = |stage: &[&str]| words.iter().any(|word| stage.contains(&word.as_str()));
    match (says(&TRAINING), says(&SERVING)) {
        (true, false) => Some(Stage::Training),
        (false, true) => Some(Stage::Serving),
        _ => None,
    }
}
