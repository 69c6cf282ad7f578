//! Keys of the provider (JSON Web Keys, RFC 7517 and 7518), and checking a signature with one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::Value;

/// Keys of one provider; more are left out.
const MOST_KEYS: usize = 100;

/// How a token may be signed: with a private key, so that whoever can check it can't make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    EdDsa,
}

impl Algorithm {
    /// `None` for all others: among them `none`, and those with a shared secret.
    pub(crate) fn from_name(name: &str) -> Option<Algorithm> {
        Some(match name {
            "RS256" => Algorithm::Rs256,
            "RS384" => Algorithm::Rs384,
            "RS512" => Algorithm::Rs512,
            "PS256" => Algorithm::Ps256,
            "PS384" => Algorithm::Ps384,
            "PS512" => Algorithm::Ps512,
            "ES256" => Algorithm::Es256,
            "ES384" => Algorithm::Es384,
            // The second name is that of RFC 9864.
            "EdDSA" | "Ed25519" => Algorithm::EdDsa,
            _ => return None,
        })
    }
}

/// The document at `jwks_uri`. Each key is read by itself: one that can't be read hides none of the others.
#[derive(Debug, Deserialize)]
pub(crate) struct KeySet {
    keys: Vec<Value>,
}

#[derive(Debug, Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    used_for: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// Those that can check a signature.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys(Vec<Key>);

#[derive(Debug, Clone)]
struct Key {
    id: Option<String>,
    /// The only algorithm that it is for, where it says so.
    only: Option<Algorithm>,
    material: Material,
}

#[derive(Debug, Clone)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// Whether a signature was checked, and how that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signature {
    Right,
    Wrong,
    /// No key has the name, or the token names none and several could be meant.
    UnknownKey,
}

impl Keys {
    pub(crate) fn of(set: KeySet) -> Keys {
        Keys(set.keys.into_iter().take(MOST_KEYS).filter_map(key).collect())
    }

    pub(crate) fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Checks a signature with the key of this name. A token without one is only checked where one key could have made it.
    pub(crate) fn check(&self, id: Option<&str>, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Signature {
        let is_named = |key: &&Key| id.is_none() || key.id.as_deref() == id;
        let fitting: Vec<&Key> = self.0.iter().filter(is_named).filter(|key| key.fits(algorithm)).collect();
        match (fitting.len(), id) {
            (0, _) | (2.., None) => Signature::UnknownKey,
            _ if fitting.iter().any(|key| key.material.verifies(algorithm, message, signature)) => Signature::Right,
            _ => Signature::Wrong,
        }
    }
}

impl Key {
    fn fits(&self, algorithm: Algorithm) -> bool {
        let is_of_this_kind = match self.material {
            Material::Rsa { .. } => matches!(
                algorithm,
                Algorithm::Rs256
                    | Algorithm::Rs384
                    | Algorithm::Rs512
                    | Algorithm::Ps256
                    | Algorithm::Ps384
                    | Algorithm::Ps512
            ),
            Material::P256(_) => algorithm == Algorithm::Es256,
            Material::P384(_) => algorithm == Algorithm::Es384,
            Material::Ed25519(_) => algorithm == Algorithm::EdDsa,
        };
        is_of_this_kind && self.only.is_none_or(|only| only == algorithm)
    }
}

impl Material {
    /// RSA keys below 2,048 bits verify nothing.
    fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let rsa = |parameters| match self {
            Material::Rsa { n, e } => RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).is_ok(),
            _ => false,
        };
        let other = |verification: &'static dyn signature::VerificationAlgorithm| match self {
            Material::P256(key) | Material::P384(key) | Material::Ed25519(key) => {
                UnparsedPublicKey::new(verification, key).verify(message, signature).is_ok()
            }
            Material::Rsa { .. } => false,
        };
        match algorithm {
            Algorithm::Rs256 => rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
            Algorithm::Rs384 => rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
            Algorithm::Rs512 => rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
            Algorithm::Ps256 => rsa(&signature::RSA_PSS_2048_8192_SHA256),
            Algorithm::Ps384 => rsa(&signature::RSA_PSS_2048_8192_SHA384),
            Algorithm::Ps512 => rsa(&signature::RSA_PSS_2048_8192_SHA512),
            Algorithm::Es256 => other(&signature::ECDSA_P256_SHA256_FIXED),
            Algorithm::Es384 => other(&signature::ECDSA_P384_SHA384_FIXED),
            Algorithm::EdDsa => other(&signature::ED25519),
        }
    }
}

/// The key, where it is public, for signatures, and of a kind that is known.
fn key(document: Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(document).ok()?;
    let is_for_signatures = jwk.used_for.as_deref().is_none_or(|used_for| used_for == "sig")
        && jwk.key_ops.as_ref().is_none_or(|operations| operations.iter().any(|one| one == "verify"));
    let only = match jwk.alg.as_deref() {
        // A key that is for something else is for nothing here.
        Some(name) => Some(Algorithm::from_name(name)?),
        None => None,
    };
    let material = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("RSA", _) => Material::Rsa { n: number(jwk.n.as_deref())?, e: number(jwk.e.as_deref())? },
        ("EC", Some("P-256")) => Material::P256(point(&jwk, 32)?),
        ("EC", Some("P-384")) => Material::P384(point(&jwk, 48)?),
        ("OKP", Some("Ed25519")) => Material::Ed25519(bytes(jwk.x.as_deref())?),
        _ => return None,
    };
    is_for_signatures.then_some(Key { id: jwk.kid, only, material })
}

fn bytes(text: Option<&str>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text?).ok()
}

/// Without leading zeros, which some write and ring refuses.
fn number(text: Option<&str>) -> Option<Vec<u8>> {
    let bytes = bytes(text)?;
    let first = bytes.iter().position(|byte| *byte != 0)?;
    Some(bytes[first..].to_vec())
}

/// Uncompressed (SEC 1, section 2.3.3): 4, then both coordinates.
fn point(jwk: &Jwk, width: usize) -> Option<Vec<u8>> {
    let (x, y) = (bytes(jwk.x.as_deref())?, bytes(jwk.y.as_deref())?);
    (x.len() == width && y.len() == width).then(|| [&[4], x.as_slice(), y.as_slice()].concat())
}

#[cfg(test)]
mod tests;
