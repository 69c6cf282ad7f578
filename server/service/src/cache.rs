//! A cache of shared values, bounded in bytes: the least recently used one leaves first.

use std::sync::Arc;

use moka::policy::EvictionPolicy;

/// A value with what it takes in memory.
#[derive(Debug)]
pub(crate) struct Weighed<T> {
    pub value: Arc<T>,
    pub bytes: u64,
}

// Not derived: that would ask it of T.
impl<T> Clone for Weighed<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), bytes: self.bytes }
    }
}

pub(crate) struct Cache<T>(moka::sync::Cache<String, Weighed<T>>);

impl<T: Send + Sync + 'static> Cache<T> {
    /// One that keeps at most this many bytes; a value of more is handed out and not kept.
    pub fn of_bytes(most: u64) -> Self {
        let entries = moka::sync::Cache::builder()
            .max_capacity(most)
            .weigher(|key: &String, entry: &Weighed<T>| {
                u32::try_from(entry.bytes + key.len() as u64).unwrap_or(u32::MAX)
            })
            // The default keeps what is asked for often; here, what was asked for last is asked for again.
            .eviction_policy(EvictionPolicy::lru());
        Self(entries.build())
    }

    pub fn get(&self, key: &str) -> Option<Arc<T>> {
        self.0.get(key).map(|entry| entry.value)
    }

    pub fn put(&self, key: &str, entry: Weighed<T>) {
        self.0.insert(key.to_owned(), entry);
        self.0.run_pending_tasks();
    }

    pub fn remove(&self, key: &str) {
        self.0.invalidate(key);
    }

    pub fn clear(&self) {
        self.0.invalidate_all();
    }

    /// The value, made if it is not here. Several who ask at once wait for one who makes it; blocking.
    ///
    /// # Errors
    /// What `make` returned, for everybody who waited for it; whoever asks later tries again.
    pub fn get_or_make<E: Clone + Send + Sync + 'static>(
        &self,
        key: &str,
        make: impl FnOnce() -> Result<Weighed<T>, E>,
    ) -> Result<Arc<T>, E> {
        let entry = self.0.entry_by_ref(key).or_try_insert_with(make).map_err(Arc::unwrap_or_clone)?;
        if entry.is_fresh() {
            // Else what is over the bound would leave only at some later call.
            self.0.run_pending_tasks();
        }
        Ok(entry.into_value().value)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn of(value: u32, bytes: u64) -> Weighed<u32> {
        Weighed { value: Arc::new(value), bytes }
    }

    #[test]
    fn what_was_used_least_recently_leaves_when_the_bytes_are_too_many() {
        let cache = Cache::of_bytes(100);
        cache.put("a", of(1, 40));
        cache.put("b", of(2, 40));
        assert_eq!(cache.get("a").as_deref(), Some(&1));
        cache.put("c", of(3, 40));
        assert_eq!(cache.get("b"), None);
        assert_eq!((cache.get("a").as_deref(), cache.get("c").as_deref()), (Some(&1), Some(&3)));
        // One large value takes the place of several.
        cache.put("d", of(4, 95));
        assert_eq!((cache.get("a"), cache.get("c"), cache.get("d").as_deref()), (None, None, Some(&4)));
    }

    #[test]
    fn a_value_larger_than_the_whole_cache_is_handed_out_and_not_kept() {
        let cache = Cache::of_bytes(100);
        assert_eq!(cache.get_or_make("a", || Ok::<_, ()>(of(1, 101))).as_deref(), Ok(&1));
        assert_eq!(cache.get("a"), None);
        assert_eq!(cache.0.weighted_size(), 0);
    }

    #[test]
    fn several_who_ask_at_once_wait_for_one_who_makes_it() {
        let (cache, made, together) = (Cache::of_bytes(100), AtomicUsize::new(0), Barrier::new(8));
        let make = || {
            made.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(50));
            Ok::<_, ()>(of(7, 1))
        };
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    together.wait();
                    assert_eq!(cache.get_or_make("a", make).as_deref(), Ok(&7));
                });
            }
        });
        assert_eq!(made.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_failure_is_not_kept() {
        let cache = Cache::of_bytes(100);
        assert_eq!(cache.get_or_make("a", || Err("the disk is away")), Err("the disk is away"));
        assert_eq!(cache.get("a"), None);
        assert_eq!(cache.get_or_make("a", || Ok::<_, &str>(of(1, 1))).as_deref(), Ok(&1));
    }
}
