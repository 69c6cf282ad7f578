//! How often a secret may be tried: after some failures in a row each further one has to wait twice as long. In memory and
//! bounded; a restart forgives.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

use crate::secret::hash_of;

/// Failures before anybody has to wait.
const FREE: u32 = 5;
/// The same for a network address, behind which a whole office may be.
const FREE_BY_ADDRESS: u32 = 50;
/// The first wait, in milliseconds; each further one is twice as long.
const FIRST_WAIT_MS: i64 = 2_000;
const LONGEST_WAIT_MS: i64 = 15 * 60_000;
/// After this time without a failure they are forgotten.
const FORGOTTEN_MS: i64 = 60 * 60_000;
/// Keys that are remembered at most; the one whose last failure is oldest goes first.
const MOST_KEYS: usize = 20_000;

/// What is tried, or who tries. What strangers write is never taken for a key of another kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key<'a> {
    /// A name that people sign in with.
    Name(&'a str),
    /// The same in a browser that has signed in with it before: strangers who guess don't hold its owner up.
    KnownBrowser(&'a str),
    /// A network address.
    Address(&'a str),
    /// The password of a share link, by the link's id.
    Link(&'a str),
    /// The code with which the first account is made.
    SetUpCode,
}

impl Key<'_> {
    /// As it is remembered: nobody's name or address stays in memory.
    fn hashed(self) -> String {
        hash_of(&match self {
            Key::Name(name) => format!("name {name}"),
            Key::KnownBrowser(name) => format!("known browser {name}"),
            Key::Address(address) => format!("address {}", network(address)),
            Key::Link(id) => format!("link {id}"),
            Key::SetUpCode => "set-up code".to_owned(),
        })
    }

    fn free(self) -> u32 {
        if matches!(self, Key::Address(_)) { FREE_BY_ADDRESS } else { FREE }
    }
}

/// What stands for a network address: whoever has one of version 6 has all of its last 64 bits (RFC 4291, 2.5.1).
pub fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

/// Failures by key.
#[derive(Debug, Default)]
pub struct Throttle {
    failures: BTreeMap<String, Failures>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    free: u32,
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
    /// Whether somebody may try now: as long as the key that has to wait longest. The try counts as failed from now on, until
    /// [`Throttle::succeeded`]: those that come while it is looked at are further ones.
    pub fn begin(&mut self, keys: &[Key<'_>], now_ms: i64) -> Tried {
        let waits = keys.iter().filter_map(|key| self.failures.get(&key.hashed())).map(|one| one.wait_ms(now_ms));
        if let wait_ms @ 1.. = waits.max().unwrap_or(0) {
            return Tried::Later { wait_ms };
        }
        for key in keys {
            let before = self.failures.get(&key.hashed()).filter(|failures| !failures.are_forgotten(now_ms));
            let count = before.map_or(0, |failures| failures.count).saturating_add(1);
            self.failures.insert(key.hashed(), Failures { count, free: key.free(), last_ms: now_ms });
        }
        self.shrink(now_ms);
        Tried::Now
    }

    /// The try was right: what is tried is free again, and of an address this failure and one more are taken off.
    pub fn succeeded(&mut self, keys: &[Key<'_>]) {
        for key in keys {
            let hashed = key.hashed();
            let left = self.failures.get(&hashed).map_or(0, |failures| failures.count.saturating_sub(2));
            match (key, self.failures.get_mut(&hashed)) {
                (Key::Address(_), Some(failures)) if left > 0 => failures.count = left,
                _ => drop(self.failures.remove(&hashed)),
            }
        }
    }

    fn shrink(&mut self, now_ms: i64) {
        if self.failures.len() > MOST_KEYS {
            self.failures.retain(|_, failures| !failures.are_forgotten(now_ms));
        }
        while self.failures.len() > MOST_KEYS {
            let oldest = self.failures.iter().min_by_key(|(_, failures)| failures.last_ms).map(|(key, _)| key.clone());
            oldest.and_then(|key| self.failures.remove(&key));
        }
    }
}

impl Failures {
    fn are_forgotten(self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.last_ms) >= FORGOTTEN_MS
    }

    fn wait_ms(self, now_ms: i64) -> i64 {
        let Some(beyond) = self.count.checked_sub(self.free) else { return 0 };
        let wait = FIRST_WAIT_MS.saturating_mul(1 << beyond.min(20)).min(LONGEST_WAIT_MS);
        self.last_ms.saturating_add(wait).saturating_sub(now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails as soon as it may, and says how long the next one has to wait.
    fn failed(throttle: &mut Throttle, keys: &[Key<'_>], now_ms: i64) -> i64 {
        assert_eq!(throttle.begin(keys, now_ms), Tried::Now);
        let waits = keys.iter().filter_map(|key| throttle.failures.get(&key.hashed())).map(|one| one.wait_ms(now_ms));
        waits.max().unwrap_or(0).max(0)
    }

    #[test]
    fn each_failure_after_five_doubles_the_wait_up_to_a_quarter_of_an_hour() {
        let mut throttle = Throttle::default();
        let (mut now, mut waits) = (1_000, Vec::new());
        for _ in 0..20 {
            let wait = failed(&mut throttle, &[Key::Name("ada"), Key::Address("10.0.0.1")], now);
            now += wait;
            waits.push(wait);
        }
        assert_eq!(waits[..8], [0, 0, 0, 0, 2_000, 4_000, 8_000, 16_000]);
        assert_eq!(waits[19], 900_000);
        throttle.succeeded(&[Key::Name("ada")]);
        assert_eq!(throttle.begin(&[Key::Name("ada")], now - 1), Tried::Now);
    }

    #[test]
    fn guesses_at_the_same_moment_count_as_one_after_another() {
        let mut throttle = Throttle::default();
        let tried = (0..1_000).filter(|_| throttle.begin(&[Key::Link("7")], 5) == Tried::Now).count();
        assert_eq!(tried, FREE as usize);
    }

    #[test]
    fn nobody_is_locked_out_by_a_name_that_looks_like_another_key() {
        let mut throttle = Throttle::default();
        for name in ["10.0.0.7", "set-up code", "7"] {
            for _ in 0..50 {
                throttle.begin(&[Key::Name(name)], 5);
            }
        }
        for free in [Key::Address("10.0.0.7"), Key::SetUpCode, Key::Link("7"), Key::KnownBrowser("7")] {
            assert_eq!(throttle.begin(&[free], 5), Tried::Now, "{free:?}");
        }
    }

    #[test]
    fn an_office_behind_one_address_types_wrongly_more_often_and_each_success_takes_two_off() {
        let mut throttle = Throttle::default();
        let office = [Key::Address("10.0.0.1")];
        for _ in 0..FREE_BY_ADDRESS - 1 {
            assert_eq!(failed(&mut throttle, &office, 1), 0);
        }
        throttle.begin(&office, 1);
        throttle.succeeded(&office);
        assert_eq!(throttle.failures[&office[0].hashed()].count, FREE_BY_ADDRESS - 2);
        // Of version 6, whoever has one address has its whole network.
        for host in 0..FREE_BY_ADDRESS {
            throttle.begin(&[Key::Address(&format!("2001:db8:1:2::{host:x}"))], 1);
        }
        assert_ne!(throttle.begin(&[Key::Address("2001:db8:1:2:ffff::1")], 1), Tried::Now);
        assert_eq!(throttle.begin(&[Key::Address("2001:db8:1:3::1")], 1), Tried::Now);
    }

    #[test]
    fn it_forgets_after_an_hour_and_holds_a_bounded_number() {
        let mut throttle = Throttle::default();
        for key in 0..MOST_KEYS + 10 {
            throttle.begin(&[Key::Name(&key.to_string())], key as i64);
        }
        assert_eq!(throttle.failures.len(), MOST_KEYS);
        throttle.begin(&[Key::Name("last")], FORGOTTEN_MS + MOST_KEYS as i64 + 10);
        assert_eq!(throttle.failures.len(), 1);
        throttle.begin(&[Key::Name("last")], 3 * FORGOTTEN_MS);
        assert_eq!(throttle.failures[&Key::Name("last").hashed()].count, 1);
    }
}
