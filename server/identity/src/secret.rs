//! Random secrets: sessions, tokens, invitations. What is kept is a hash: whoever reads the database can use none of them.

use std::fmt;

use domain::Problem;
use sha2::{Digest, Sha256};

/// 256 random bits: nobody guesses them, so that a fast hash of them is enough and how long a look-up takes tells nothing.
const BYTES: usize = 32;

/// A secret, to be shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one; `prefix` tells what it is for, so that one that leaked is recognised.
    ///
    /// # Errors
    /// `Internal` when the system gives no random numbers.
    pub fn new(prefix: &str) -> Result<Secret, Problem> {
        let mut bytes = [0_u8; BYTES];
        fill(&mut bytes)?;
        Ok(Secret(format!("{prefix}{}", hex(&bytes))))
    }

    /// A code that a person types: sixteen letters and digits in groups of four, 80 random bits.
    ///
    /// # Errors
    /// As [`Secret::new`].
    pub fn code() -> Result<Secret, Problem> {
        // Crockford's base 32: no letter looks like a digit.
        const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut bytes = [0_u8; 16];
        fill(&mut bytes)?;
        let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        Ok(Secret(groups.join("-")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn hash(&self) -> String {
        hash_of(&self.0)
    }
}

/// A log or a panic that prints it shows nothing.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The hash under which a secret that somebody sent is looked up: SHA-256, as hexadecimal digits.
pub fn hash_of(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

fn fill(bytes: &mut [u8]) -> Result<(), Problem> {
    getrandom::fill(bytes).map_err(|error| {
        tracing::error!(%error, "the system gives no random numbers");
        Problem::internal("No secret could be made; the log says why.")
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_are_never_printed() {
        let (one, two) = (Secret::new("mm_").unwrap(), Secret::new("mm_").unwrap());
        assert_ne!(one, two);
        assert_eq!((one.as_str().len(), one.hash().len()), (67, 64));
        assert!(one.as_str().starts_with("mm_"));
        assert_eq!(format!("{one:?}"), "Secret(…)");
        // FIPS 180-2, appendix B.1.
        assert_eq!(hash_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_code_can_be_read_aloud() {
        let code = Secret::code().unwrap();
        assert_eq!(code.as_str().split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4]);
        assert!(!code.as_str().contains(['I', 'L', 'O', 'U']));
        assert_ne!(code, Secret::code().unwrap());
    }
}
