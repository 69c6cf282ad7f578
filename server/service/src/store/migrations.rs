//! The tables' history, inside the binary: one file each, in order, from the repository's `migrations`.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

macro_rules! files {
    ($($name:literal,)+) => {
        [$(($name, include_str!(concat!("../../../../migrations/", $name, ".sql"))),)+]
    };
}

/// Name (a version and a description) and text of each.
const FILES: [(&str, &str); 19] = files![
    "0001_snapshots",
    "0002_investigations",
    "0003_jobs",
    "0004_diagnoses",
    "0005_test_fingerprints",
    "0006_mutes",
    "0007_sequences",
    "0008_events_and_installation",
    "0009_decisions",
    "0010_listings",
    "0011_accounts",
    "0012_review",
    "0013_models",
    "0014_previews",
    "0015_name_looks",
    "0016_arrivals",
    "0017_alerts",
    "0018_watches",
    "0019_watches_of_accounts",
];

/// What brings a database of any earlier version up to date.
pub(super) fn migrator() -> Migrator {
    Migrator::with_migrations(FILES.into_iter().filter_map(|(name, text)| migration(name, text)).collect())
}

fn migration(name: &str, text: &'static str) -> Option<Migration> {
    let (version, description) = name.split_once('_')?;
    let version = version.parse().ok()?;
    let no_transaction = false;
    let description = description.replace('_', " ").into();
    Some(Migration::new(version, description, MigrationType::Simple, text.into_sql_str(), no_transaction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_in_the_list_and_has_a_version() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder is in the repository")
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .collect();
        files.sort();
        assert_eq!(files, FILES.map(|(name, _)| format!("{name}.sql")));
        assert_eq!(migrator().iter().count(), files.len());
    }
}
