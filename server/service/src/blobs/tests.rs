//! What every store has to do, and what holds for bytes in any of them.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;

use domain::SnapshotRole;
use domain::investigation::NewInvestigation;

use super::*;
use crate::folder::DataFolder;
use crate::{Service, ServiceConfig};

/// A store, and how somebody who should not would change its bytes.
struct Port<'a> {
    store: Arc<dyn BlobStore>,
    change: &'a dyn Fn(&str, &[u8]),
}

/// Runs a test on a store of each kind.
fn on_each(test: impl Fn(&Port<'_>)) {
    let folder = tempfile::tempdir().unwrap();
    let in_folder = InFolder::new(&DataFolder::open(folder.path()).unwrap());
    let change = |sha256: &str, bytes: &[u8]| fs::write(in_folder.path(sha256), bytes).unwrap();
    test(&Port { store: Arc::new(in_folder.clone()), change: &change });
    let in_memory = InMemory::default();
    test(&Port { store: Arc::new(in_memory.clone()), change: &|sha256, bytes| in_memory.put(sha256, bytes) });
}

impl Port<'_> {
    fn blobs(&self, max_bytes: u64) -> Blobs {
        Blobs { store: Arc::clone(&self.store), max_bytes, checked: Checked::default() }
    }
}

fn kept(blobs: &Blobs, pieces: &[&[u8]]) -> Blob {
    let mut incoming = blobs.begin().unwrap();
    pieces.iter().for_each(|piece| incoming.write(piece).unwrap());
    incoming.finish().unwrap()
}

fn read(store: &dyn BlobStore, sha256: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    store.open(sha256).unwrap()?.read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

#[test]
fn what_is_kept_can_be_read_until_it_is_removed() {
    on_each(|Port { store, .. }| {
        let (one, other) = (sha256_hex(b"one"), sha256_hex(b"other"));
        let mut arriving = store.begin().unwrap();
        arriving.take(b"o").unwrap();
        arriving.take(b"ne").unwrap();
        assert!(store.names().unwrap().is_empty() && store.stamp(&one).unwrap().is_none());
        arriving.keep(&one).unwrap();

        assert_eq!(read(store.as_ref(), &one).unwrap(), b"one");
        let stamp = store.stamp(&one).unwrap().unwrap();
        assert_eq!((stamp.len, store.stamp(&one).unwrap()), (3, Some(stamp)));
        assert_eq!(store.names().unwrap(), BTreeSet::from([one.clone()]));
        let file = store.file(&one).unwrap();
        assert_eq!(fs::read(&file.path).unwrap(), b"one");

        assert!(store.open(&other).unwrap().is_none() && store.file(&other).is_err());
        store.remove(&other).unwrap();
        store.remove(&one).unwrap();
        assert!(store.open(&one).unwrap().is_none() && store.stamp(&one).unwrap().is_none());
        assert!(store.names().unwrap().is_empty());
    });
}

#[test]
fn what_is_kept_again_replaces_what_was_there() {
    on_each(|Port { store, change }| {
        let name = sha256_hex(b"right");
        for _ in 0..2 {
            let mut arriving = store.begin().unwrap();
            arriving.take(b"right").unwrap();
            arriving.keep(&name).unwrap();
            assert_eq!(read(store.as_ref(), &name).unwrap(), b"right");
            change(&name, b"wrong");
        }
        assert_eq!(store.names().unwrap().len(), 1);
    });
}

#[test]
fn the_same_bytes_are_kept_once_under_their_hash() {
    on_each(|port| {
        let blobs = port.blobs(100);
        for _ in 0..2 {
            let blob = kept(&blobs, &[b"a,b\n", b"1,2\n"]);
            assert_eq!(blob, Blob { sha256: sha256_hex(b"a,b\n1,2\n"), size_bytes: 8 });
            assert_eq!(read(port.store.as_ref(), &blob.sha256).unwrap(), b"a,b\n1,2\n");
        }
        assert_eq!(blobs.names().unwrap().len(), 1);
    });
}

#[test]
fn what_is_dropped_or_too_large_leaves_nothing() {
    on_each(|port| {
        let blobs = port.blobs(4);
        let mut dropped = blobs.begin().unwrap();
        dropped.write(b"half").unwrap();
        drop(dropped);
        let mut large = blobs.begin().unwrap();
        let refused = Problem::from(large.write(b"12345").unwrap_err());
        assert_eq!(refused.kind, ProblemKind::TooLarge);
        assert!(refused.message.contains("4 bytes"), "{}", refused.message);
        drop(large);
        blobs.try_writing().unwrap();
        assert!(blobs.names().unwrap().is_empty());
    });
}

#[test]
fn what_was_changed_or_is_gone_is_noticed_and_healed_by_the_same_bytes() {
    on_each(|port| {
        let blobs = port.blobs(100);
        let Blob { sha256, .. } = kept(&blobs, &[b"true"]);
        blobs.check(&sha256, "t.csv", &Unwatched).unwrap();
        (port.change)(&sha256, b"false");
        let changed = blobs.check(&sha256, "t.csv", &Unwatched).unwrap_err();
        assert!(changed.message.contains("`t.csv` was changed on disk"), "{}", changed.message);
        kept(&blobs, &[b"true"]);
        blobs.check(&sha256, "t.csv", &Unwatched).unwrap();

        blobs.remove(&sha256).unwrap();
        let gone = blobs.check(&sha256, "t.csv", &Unwatched).unwrap_err();
        assert_eq!(gone.kind, ProblemKind::Conflict);
        assert!(gone.message.contains("not in the data folder any more"), "{}", gone.message);
    });
}

#[test]
fn what_nobody_knows_of_is_set_aside_and_the_rest_stays() {
    on_each(|port| {
        let blobs = port.blobs(100);
        let (known, unknown) = (kept(&blobs, &[b"known"]), kept(&blobs, &[b"never acknowledged"]));
        let names = BTreeSet::from([known.sha256.clone()]);
        assert_eq!(blobs.set_aside(&names).unwrap(), 1);
        assert_eq!((blobs.names().unwrap(), blobs.set_aside(&names).unwrap()), (names, 0));
        assert!(read(port.store.as_ref(), &unknown.sha256).is_none());
    });
}

#[test]
fn what_is_set_aside_can_be_fetched_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let data = DataFolder::open(folder.path()).unwrap();
    let (store, memory) = (InFolder::new(&data), InMemory::default());
    let name = sha256_hex(b"orphan");
    for blobs in [Blobs::new(store.clone(), 100), Blobs::new(memory.clone(), 100)] {
        kept(&blobs, &[b"orphan"]);
    }
    // Versions before this one put converted copies next to the blob.
    fs::write(store.path(&name).with_extension("parquet"), b"derived").unwrap();
    store.set_aside(&name).unwrap();
    memory.set_aside(&name).unwrap();
    assert_eq!(fs::read(data.aside().join(&name)).unwrap(), b"orphan");
    assert_eq!(memory.aside(&name).unwrap(), b"orphan");
    assert!(data.aside().join(&name).with_extension("parquet").exists() && store.names().unwrap().is_empty());
}

#[test]
fn what_a_killed_process_left_is_out_of_the_way_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let data = DataFolder::open(folder.path()).unwrap();
    fs::write(data.tmp().join("half"), b"half").unwrap();
    fs::create_dir(data.tmp().join("scratch")).unwrap();
    fs::write(data.tmp().join("scratch/unpacked"), b"half").unwrap();
    DataFolder::open(folder.path()).unwrap();
    assert_eq!(fs::read_dir(data.tmp()).unwrap().count(), 0);
}

/// The whole way of a file, with its bytes kept where no path leads to them.
#[tokio::test]
async fn a_service_needs_no_folder_for_the_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let config = ServiceConfig::new(folder.path());
    let (root, lock) = crate::folder::take(&config).unwrap();
    let (data, kept) = (DataFolder::open(&root).unwrap(), InMemory::default());
    let service = Service::open_with(config, data.clone(), lock, Blobs::new(kept.clone(), 1_000)).await.unwrap();
    let mut upload = service.begin_upload("train.csv").await.unwrap();
    upload.write(b"id,amount\n1,10.5\n2,20.5\n3,30.5\n").await.unwrap();
    let train = upload.finish().await.unwrap();
    assert_eq!(kept.names().unwrap(), BTreeSet::from([train.sha256.clone()]));
    assert_eq!(service.preview(&train.id, 9).await.unwrap().rows.len(), 3);

    let new = NewInvestigation {
        title: "Where?".into(),
        inputs: vec![(SnapshotRole::Train, train.id)],
        ..Default::default()
    };
    let id = service.create_investigation(new).await.unwrap().id;
    let job = service.latest_job(&id).await.unwrap().unwrap();
    let mut watched = service.watch_job(&job.id).await.unwrap();
    while watched.changed().await.is_ok() {}
    assert_eq!(service.diagnosis(&id).await.unwrap().unwrap().inputs[0].rows, 3);
    assert_eq!(fs::read_dir(data.blobs()).unwrap().count(), 0);

    kept.put(&train.sha256, b"id,amount\n1,77.5\n2,20.5\n3,30.5\n");
    service.diagnose_again(&id).await.unwrap();
    let job = service.latest_job(&id).await.unwrap().unwrap();
    let mut watched = service.watch_job(&job.id).await.unwrap();
    while watched.changed().await.is_ok() {}
    assert!(service.job(&job.id).await.unwrap().error.unwrap().contains("`train.csv` was changed"));
}
