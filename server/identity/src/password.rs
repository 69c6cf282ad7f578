//! Passwords: long enough, not among the common ones, kept as Argon2id hashes.
//!
//! Parameters: OWASP Password Storage Cheat Sheet, Argon2id with 19 MiB, 2 passes and 1 lane. Rules: NIST SP 800-63B, 3.1.1.2
//! (length and a list of common ones; no rules about characters).

use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use argon2::password_hash::phc::{self, Output, ParamsString, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use domain::Problem;

use crate::secret::Secret;

/// Shortest, in characters.
const SHORTEST: usize = 10;
/// Longest, in bytes: hashing takes time for every byte, and strangers send them.
const LONGEST_BYTES: usize = 256;
/// Fewer different characters than this repeat.
const FEW_CHARACTERS: usize = 5;
/// A word of a name that is shorter says nothing.
const SHORT_WORD: usize = 3;
/// So many characters have to be of one's own, apart from a name.
const OWN_CHARACTERS: usize = 6;

/// The 12,000 most common of at least four characters, in lower case: the list of passwords in zxcvbn 3.1 (MIT), which Mark
/// Burnett's collection of leaked ones stands behind.
static COMMON: LazyLock<BTreeSet<&str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The hash of a password with its salt and parameters, in PHC string format: `$argon2id$v=19$…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

/// Whether somebody may choose this password. `about` are words that an attacker tries first: names, the address.
///
/// # Errors
/// `BadInput` with a sentence: too short, too long, or easily guessed.
pub fn check(password: &str, about: &[&str]) -> Result<(), Problem> {
    if password.chars().count() < SHORTEST {
        return Err(Problem::bad_input(format!("Choose a password of at least {SHORTEST} characters.")));
    }
    if password.len() > LONGEST_BYTES {
        return Err(Problem::bad_input(format!("Choose a password of at most {LONGEST_BYTES} bytes.")));
    }
    match guessable(&password.to_lowercase(), about) {
        None => Ok(()),
        Some(why) => Err(Problem::bad_input(format!(
            "This password is easily guessed: {why}. Choose another: four words that have nothing to do with each other are good."
        ))),
    }
}

/// Why somebody who guesses has it soon. In lower case.
fn guessable(password: &str, about: &[&str]) -> Option<&'static str> {
    // Letters and digits are put around a word to get past rules; guessers know that.
    let word = password.trim_matches(|character: char| !character.is_alphabetic());
    if is_common(password) || is_common(word) {
        return Some("it is among the most common ones");
    }
    if repeats(password) || climbs(password) {
        return Some("it repeats or counts");
    }
    let is_about = |known: &&str| {
        let known = known.to_lowercase();
        known.chars().count() >= SHORT_WORD && password.replace(&known, "").chars().count() < OWN_CHARACTERS
    };
    about.iter().any(is_about).then_some("it is made of your name")
}

fn is_common(password: &str) -> bool {
    COMMON.contains(password)
}

/// The same few characters again and again, or one common part.
fn repeats(password: &str) -> bool {
    let characters: Vec<char> = password.chars().collect();
    if characters.iter().collect::<BTreeSet<_>>().len() < FEW_CHARACTERS {
        return true;
    }
    let is_unit = |length: usize| {
        let (unit, rest) = characters.split_at(length);
        let fits = rest.chunks(length).all(|chunk| unit.starts_with(chunk));
        fits && (length < SHORTEST || is_common(&unit.iter().collect::<String>()))
    };
    (1..=characters.len() / 2).any(is_unit)
}

/// Such as `abcdefghij` or `9876543210`: nearly every character is the next one, or nearly every one the one before.
fn climbs(password: &str) -> bool {
    let codes: Vec<i64> = password.chars().map(|character| i64::from(u32::from(character))).collect();
    let steps: Vec<i64> = codes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    [1, -1].into_iter().any(|step| steps.iter().filter(|one| **one == step).count() * 10 >= steps.len() * 7)
}

/// The hash that is kept, with a random salt. Takes some 50 ms of a core.
///
/// # Errors
/// `Internal` when the system gives no random numbers.
pub fn hash(password: &str) -> Result<PasswordHash, Problem> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(failed)?;
    let salt = Salt::generate();
    let hash = phc::PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(failed)?,
        hash: Some(output(password, &salt, params, Params::DEFAULT_OUTPUT_LEN)?),
        salt: Some(salt),
    };
    Ok(PasswordHash(hash.to_string()))
}

/// Whether the password has this hash. Takes as long as [`hash`].
///
/// # Errors
/// `Internal` when the hash is damaged.
pub fn verify(password: &str, hash: &PasswordHash) -> Result<bool, Problem> {
    if password.len() > LONGEST_BYTES {
        return Ok(false);
    }
    let kept = phc::PasswordHash::new(&hash.0).map_err(failed)?;
    let (Some(salt), Some(expected)) = (kept.salt, kept.hash) else { return Err(failed("the hash has no salt")) };
    let params = Params::try_from(&kept.params).map_err(failed)?;
    // Compared in constant time.
    Ok(output(password, &salt, params, expected.len())? == expected)
}

fn output(password: &str, salt: &Salt, params: Params, length: usize) -> Result<Output, Problem> {
    let mut out = [0; Output::MAX_LENGTH];
    let out = out.get_mut(..length).ok_or_else(|| failed("the hash is too long"))?;
    let blocks = params.block_count();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    in_kept_memory(blocks, |memory| argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, memory))
        .map_err(failed)?;
    Output::new(out).map_err(failed)
}

/// The memory of two hashes, 19 MiB each: what would be taken and given back for each one stays with the process as holes.
static KEPT: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());
const MOST_KEPT: usize = 2;

fn in_kept_memory<T>(blocks: usize, work: impl FnOnce(&mut [Block]) -> T) -> T {
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let mut memory = kept.filter(|memory| memory.len() >= blocks).unwrap_or_else(|| vec![Block::default(); blocks]);
    let done = work(&mut memory[..blocks]);
    // Nothing of a password stays in it for the next one to read.
    memory.fill(Block::default());
    let mut all = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() < MOST_KEPT {
        all.push(memory);
    }
    done
}

/// The hash of a password that nobody knows, for an account that only another service signs in. Made once: it takes as long as
/// [`hash`], and people come at the same time.
///
/// # Errors
/// As [`hash`].
pub fn unknown_to_everybody() -> Result<PasswordHash, Problem> {
    static UNKNOWN: LazyLock<Result<PasswordHash, Problem>> = LazyLock::new(|| hash(Secret::new("")?.as_str()));
    UNKNOWN.clone()
}

/// Takes as long as [`verify`], for an account that isn't there: how long an answer takes must not tell which accounts are.
///
/// # Errors
/// As [`hash`].
pub fn spend_as_much(password: &str) -> Result<(), Problem> {
    static NOBODY: LazyLock<Result<PasswordHash, Problem>> = LazyLock::new(|| hash("nobody has this password"));
    verify(password, &NOBODY.clone()?).map(|_| ())
}

fn failed(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "a password can't be hashed or verified");
    Problem::internal("The password could not be checked; the log says why.")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn short_long_and_common_passwords_are_refused_with_what_to_do() {
        for (password, word) in [
            ("short", "at least 10"),
            ("password123", "guessed"),
            ("qwertyuiop12", "guessed"),
            ("1234567890", "guessed"),
            ("bcdefghijklm", "counts"),
            ("aaaaabbbbbaa", "repeats"),
            ("hunter2hunter2", "repeats"),
            ("2024!dragon!!", "common"),
            ("adalovelace1", "name"),
            (&"x".repeat(300), "at most 256"),
        ] {
            let problem = check(password, &["Ada Lovelace", "ada@example.org", "ada", "lovelace"]).unwrap_err();
            assert!(problem.message.contains(word), "{password}: {}", problem.message);
        }
        for good in ["tundra copper violin seven", "k7#Qz!pW2m-vL", "Straßenbahn über Köln 48"] {
            check(good, &["Ada"]).unwrap();
        }
    }

    #[test]
    fn a_hash_has_the_parameters_and_a_salt_of_its_own_and_opens_only_for_its_password() {
        let (one, two) = (hash("tundra copper violin").unwrap(), hash("tundra copper violin").unwrap());
        assert!(one.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", one.0);
        assert_ne!(one, two);
        assert!(verify("tundra copper violin", &one).unwrap() && verify("tundra copper violin", &two).unwrap());
        assert!(!verify("tundra copper violins", &one).unwrap());
        assert!(!verify(&"x".repeat(100_000), &one).unwrap());
        assert!(verify("any", &PasswordHash("damaged".to_owned())).is_err());
        spend_as_much("any").unwrap();
    }

    #[test]
    fn hashes_of_other_programs_and_parameters_are_verified() {
        // argon2-cffi 25.1.0: PasswordHasher(time_cost=1, memory_cost=64, parallelism=1, hash_len=16), of its own salt.
        let kept = PasswordHash("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$FPi0DL+0JNfZkRpVMYqMJw".to_owned());
        let again = verify("password", &kept);
        assert!(again.is_ok(), "{again:?}");
        let first = hash("tundra copper violin").unwrap();
        assert!(verify("tundra copper violin", &first).unwrap(), "after another memory was used");
    }
}
