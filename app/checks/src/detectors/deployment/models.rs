//! Which facts are about the same model, which version they name, and whether two digests can be compared.

use std::collections::BTreeMap;

/// Tags that name whatever was deployed last.
const MOVING: [&str; 22] = [
    "latest",
    "stable",
    "prod",
    "production",
    "main",
    "master",
    "head",
    "current",
    "default",
    "live",
    "release",
    "dev",
    "develop",
    "development",
    "staging",
    "test",
    "edge",
    "nightly",
    "canary",
    "champion",
    "challenger",
    "newest",
];

/// Facts by model. Facts without a model name belong to the named model, if there is only one.
pub fn by_model<'a, T>(facts: impl IntoIterator<Item = (Option<&'a str>, T)>) -> BTreeMap<&'a str, Vec<T>> {
    let mut grouped: BTreeMap<&str, Vec<T>> = BTreeMap::new();
    for (model, fact) in facts {
        grouped.entry(model.map_or("", str::trim)).or_default().push(fact);
    }
    if grouped.len() == 2
        && let Some(unnamed) = grouped.remove("")
        && let Some(named) = grouped.values_mut().next()
    {
        named.extend(unnamed);
    }
    grouped
}

/// The version without a prefix (`v3`, `credit:3`).
pub fn tag(version: &str) -> &str {
    let version = version.trim();
    let tag = version.rsplit_once(':').map_or(version, |(_, tag)| tag).trim();
    match tag.strip_prefix(['v', 'V']) {
        Some(number) if number.starts_with(|first: char| first.is_ascii_digit()) => number,
        _ => tag,
    }
}

/// The version, if it always names the same model.
pub fn named(version: Option<&str>) -> Option<&str> {
    let tag = tag(version?);
    (!tag.is_empty() && !MOVING.iter().any(|moving| tag.eq_ignore_ascii_case(moving))).then_some(tag)
}

/// A digest with its algorithm, so that an MD5 is not compared with a SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    algorithm: String,
    hex: String,
}

impl Digest {
    pub fn of(text: &str) -> Option<Digest> {
        let text = text.trim().to_ascii_lowercase();
        let (algorithm, hex) = match text.split_once(':') {
            Some((algorithm, hex)) => (algorithm.replace('-', ""), hex.trim().to_owned()),
            None => (by_length(text.len()).to_owned(), text),
        };
        (!hex.is_empty()).then_some(Digest { algorithm, hex })
    }

    /// `None` when they are of two algorithms.
    pub fn same_as(&self, other: &Digest) -> Option<bool> {
        (self.algorithm == other.algorithm).then(|| self.hex == other.hex)
    }

    /// The first digits: short enough to read, long enough to distinguish.
    pub fn short(&self) -> String {
        let hex: String = self.hex.chars().take(12).collect();
        if self.algorithm.is_empty() { hex } else { format!("{}:{hex}", self.algorithm) }
    }
}

fn by_length(hexadecimal_digits: usize) -> &'static str {
    match hexadecimal_digits {
        32 => "md5",
        40 => "sha1",
        64 => "sha256",
        128 => "sha512",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_tags_name_no_version() {
        for tag in ["latest", "registry.local:5000/credit:latest", "Prod", "", "  "] {
            assert_eq!(named(Some(tag)), None, "{tag}");
        }
        assert_eq!(named(None), None);
        for (version, tag) in [("v3", "3"), ("3", "3"), ("credit:2024-05-01", "2024-05-01"), ("vega", "vega")] {
            assert_eq!(named(Some(version)), Some(tag));
        }
    }

    #[test]
    #[expect(clippy::unwrap_used, reason = "every text is a digest")]
    fn digests_are_compared_within_one_algorithm() {
        let digest = |text: &str| Digest::of(text).unwrap();
        let sha = "ab".repeat(32);
        assert_eq!(digest(&format!("SHA256:{}", sha.to_uppercase())).same_as(&digest(&sha)), Some(true));
        assert_eq!(digest("sha-256:aa").same_as(&digest("sha256:ab")), Some(false));
        assert_eq!(digest("md5:aa").same_as(&digest("sha256:aa")), None);
        assert_eq!(Digest::of("sha256:"), None);
    }

    #[test]
    fn facts_without_a_name_belong_to_the_only_model() {
        let one = by_model([(Some("credit"), 1), (None, 2)]);
        assert_eq!(one, BTreeMap::from([("credit", vec![1, 2])]));
        let two = by_model([(Some("credit"), 1), (None, 2), (Some("fraud"), 3)]);
        assert_eq!(two.len(), 3);
    }
}
