//! A small cache of shared values, bounded in number: the least recently used one leaves first.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Debug)]
pub(crate) struct Cache<T> {
    capacity: usize,
    /// Most recently used last. A handful of entries: a walk is faster than a map.
    entries: Mutex<VecDeque<(String, Arc<T>)>>,
}

impl<T> Cache<T> {
    pub fn new(capacity: usize) -> Self {
        Self { capacity, entries: Mutex::new(VecDeque::new()) }
    }

    pub fn get(&self, key: &str) -> Option<Arc<T>> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let at = entries.iter().position(|(of, _)| of == key)?;
        let entry = entries.remove(at)?;
        let value = Arc::clone(&entry.1);
        entries.push_back(entry);
        Some(value)
    }

    pub fn put(&self, key: &str, value: Arc<T>) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|(of, _)| of != key);
        entries.push_back((key.to_owned(), value));
        while entries.len() > self.capacity {
            entries.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_value_leaves_first() {
        let cache = Cache::new(2);
        cache.put("a", Arc::new(1));
        cache.put("b", Arc::new(2));
        assert_eq!(cache.get("a").as_deref(), Some(&1));
        cache.put("c", Arc::new(3));
        assert_eq!(cache.get("b"), None);
        assert_eq!(cache.get("a").as_deref(), Some(&1));
        assert_eq!(cache.get("c").as_deref(), Some(&3));
    }
}
