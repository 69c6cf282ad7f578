//! How often a secret may be tried: after some failures in a row each further one has to wait twice as long. In memory and
//! bounded; a restart forgives.

use std::collections::BTreeMap;

use crate::secret::hash_of;

/// Failures before anybody has to wait.
const FREE: u32 = 5;
/// The first wait, in milliseconds; each further one is twice as long.
const FIRST_WAIT_MS: i64 = 2_000;
const LONGEST_WAIT_MS: i64 = 15 * 60_000;
/// After this time without a failure they are forgotten.
const FORGOTTEN_MS: i64 = 60 * 60_000;
/// Keys that are remembered at most; the one whose last failure is oldest goes first.
const MOST_KEYS: usize = 20_000;

/// Failures by key. A key is whatever is tried or whoever tries: an account's address, a network address.
#[derive(Debug, Default)]
pub struct Throttle {
    failures: BTreeMap<String, Failures>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last_ms: i64,
}

/// Whether something may be tried now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    Now,
    /// After so many milliseconds.
    Later {
        wait_ms: i64,
    },
}

impl Throttle {
    /// Whether somebody may try again: as long as the key that has to wait longest.
    pub fn may_try(&self, keys: &[&str], now_ms: i64) -> Tried {
        let waits =
            keys.iter().filter_map(|key| self.failures.get(&hash_of(key))).map(|failures| failures.wait_ms(now_ms));
        match waits.max().unwrap_or(0) {
            wait_ms @ 1.. => Tried::Later { wait_ms },
            _ => Tried::Now,
        }
    }

    pub fn failed(&mut self, keys: &[&str], now_ms: i64) {
        for key in keys {
            let before = self.failures.get(&hash_of(key)).filter(|failures| !failures.are_forgotten(now_ms));
            let count = before.map_or(0, |failures| failures.count).saturating_add(1);
            self.failures.insert(hash_of(key), Failures { count, last_ms: now_ms });
        }
        if self.failures.len() > MOST_KEYS {
            self.failures.retain(|_, failures| !failures.are_forgotten(now_ms));
        }
        while self.failures.len() > MOST_KEYS {
            let oldest = self.failures.iter().min_by_key(|(_, failures)| failures.last_ms).map(|(key, _)| key.clone());
            oldest.and_then(|key| self.failures.remove(&key));
        }
    }

    /// Somebody who knows the secret is not held up by those who don't.
    pub fn succeeded(&mut self, key: &str) {
        self.failures.remove(&hash_of(key));
    }
}

impl Failures {
    fn are_forgotten(self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.last_ms) >= FORGOTTEN_MS
    }

    fn wait_ms(self, now_ms: i64) -> i64 {
        let Some(beyond) = self.count.checked_sub(FREE) else { return 0 };
        let wait = FIRST_WAIT_MS.saturating_mul(1 << beyond.min(20)).min(LONGEST_WAIT_MS);
        self.last_ms.saturating_add(wait).saturating_sub(now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_after_five_doubles_the_wait_up_to_a_quarter_of_an_hour() {
        let mut throttle = Throttle::default();
        let mut waits = Vec::new();
        for _ in 0..20 {
            throttle.failed(&["ada", "10.0.0.1"], 1_000);
            waits.push(match throttle.may_try(&["ada"], 1_000) {
                Tried::Now => 0,
                Tried::Later { wait_ms } => wait_ms,
            });
        }
        assert_eq!(waits[..8], [0, 0, 0, 0, 2_000, 4_000, 8_000, 16_000]);
        assert_eq!(waits[19], 900_000);
        // From the same network another account has to wait too; from elsewhere another one does not.
        assert_ne!(throttle.may_try(&["grace", "10.0.0.1"], 1_000), Tried::Now);
        assert_eq!(throttle.may_try(&["grace", "10.0.0.2"], 1_000), Tried::Now);
        assert_eq!(throttle.may_try(&["ada"], 901_000), Tried::Now);
        throttle.succeeded("ada");
        assert_eq!(throttle.may_try(&["ada"], 1_000), Tried::Now);
    }

    #[test]
    fn it_forgets_after_an_hour_and_holds_a_bounded_number() {
        let mut throttle = Throttle::default();
        for key in 0..MOST_KEYS + 10 {
            throttle.failed(&[&key.to_string()], key as i64);
        }
        assert_eq!(throttle.failures.len(), MOST_KEYS);
        throttle.failed(&["last"], FORGOTTEN_MS + MOST_KEYS as i64 + 10);
        assert_eq!(throttle.failures.len(), 1);
        for _ in 0..FREE {
            throttle.failed(&["last"], FORGOTTEN_MS);
        }
        assert_eq!(throttle.failures[&hash_of("last")].count, FREE + 1);
        throttle.failed(&["last"], 3 * FORGOTTEN_MS);
        assert_eq!(throttle.failures[&hash_of("last")].count, 1);
    }
}
