//! Variables of the environment and versions of images, as containers have them.

use domain::observation::Stage;
use domain::tool_check::Source;
use domain::tool_facts::Setting;

/// Words in a name that a secret can stand behind.
const SECRET: [&str; 15] = [
    "key",
    "token",
    "password",
    "passwd",
    "pwd",
    "secret",
    "credential",
    "auth",
    "private",
    "cert",
    "dsn",
    "cookie",
    "signature",
    "session",
    "salt",
];
/// Names of the image or the cluster, which say nothing of the model.
const PLAIN: [&str; 12] = [
    "PATH",
    "HOME",
    "HOSTNAME",
    "TERM",
    "SHLVL",
    "USER",
    "PWD",
    "OLDPWD",
    "GPG_KEY",
    "DEBIAN_FRONTEND",
    "PYTHON_SHA256",
    "container",
];
/// Longer values are no setting of a model.
const LONGEST: usize = 200;

/// Whether a value is left out, because its name says that it is secret or it holds a password.
pub(crate) fn is_secret(name: &str, value: &str) -> bool {
    let name = name.to_lowercase();
    let with_password =
        value.split_once("://").is_some_and(|(_, rest)| rest.split('/').next().is_some_and(|host| host.contains('@')));
    SECRET.iter().any(|word| name.contains(word)) || with_password
}

/// A variable as a setting of serving; `None` for what is secret or says nothing.
pub(crate) fn setting(source: Source, name: &str, value: &str) -> Option<Setting> {
    let of_cluster =
        name.starts_with("KUBERNETES_") || name.ends_with("_SERVICE_HOST") || name.contains("_SERVICE_PORT");
    let is_plain = PLAIN.contains(&name) || of_cluster || name.is_empty() || value.is_empty() || value.len() > LONGEST;
    (!is_plain && !is_secret(name, value)).then(|| Setting {
        source,
        stage: Some(Stage::Serving),
        name: name.to_owned(),
        value: value.to_owned(),
    })
}

/// An image: its tag and its digest, where it names them.
pub(crate) struct Image<'i> {
    pub tag: Option<&'i str>,
    pub digest: Option<&'i str>,
}

impl<'i> Image<'i> {
    /// Of `registry:5000/name:tag@sha256:…`.
    pub fn of(text: &'i str) -> Self {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None if text.starts_with("sha256:") => ("", Some(text)),
            None => (text, None),
        };
        let last = name.rsplit('/').next().unwrap_or_default();
        let tag = last.split_once(':').map(|(_, tag)| tag);
        Self { tag: tag.filter(|tag| !tag.is_empty()), digest: digest.filter(|digest| digest.contains(':')) }
    }
}

/// The digest of a model's file in a label or an annotation, with its algorithm.
pub(crate) fn model_digest<'v>(labels: impl Iterator<Item = (&'v str, &'v str)>) -> Option<String> {
    let mut labels = labels;
    labels.find_map(|(key, value)| {
        let key = key.to_lowercase();
        let of_model = key.contains("model") || key.contains("artifact");
        let named = ["sha", "digest", "hash", "checksum", "md5"].iter().any(|word| key.contains(word));
        let hex = value.rsplit(':').next().unwrap_or_default();
        let is_hex = hex.chars().all(|c| c.is_ascii_hexdigit());
        let algorithm = match hex.len() {
            64 => "sha256",
            40 => "sha1",
            32 => "md5",
            _ => return None,
        };
        (of_model && named && is_hex).then(|| format!("{algorithm}:{hex}"))
    })
}

/// The version in a label or an annotation: one of a model before one of an application.
pub(crate) fn labelled_version<'v>(labels: impl Iterator<Item = (&'v str, &'v str)> + Clone) -> Option<String> {
    const ENDS: [&str; 7] = [
        "model-version",
        "model_version",
        "model.version",
        "modelVersion",
        "image.version",
        "kubernetes.io/version",
        "version",
    ];
    ENDS.iter().find_map(|end| {
        let mut labels = labels.clone();
        let found = labels.find(|(key, value)| {
            let is_whole =
                *key == *end || key.strip_suffix(end).is_some_and(|rest| rest.ends_with(['.', '/', '-', '_']));
            is_whole && !value.is_empty()
        });
        found.map(|(_, value)| value.to_owned())
    })
}

/// The name of a model in a label.
pub(crate) fn labelled_model<'v>(labels: impl Iterator<Item = (&'v str, &'v str)>) -> Option<String> {
    let ends = ["model", "model-name", "model_name", "model.name", "modelName"];
    let mut labels = labels;
    let is_name = |key: &str| {
        ends.iter().any(|end| key == *end || key.ends_with(&format!(".{end}")) || key.ends_with(&format!("/{end}")))
    };
    labels.find(|(key, value)| is_name(key) && !value.is_empty()).map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_never_brought() {
        for (name, value) in
            [("DB_PASSWORD", "x"), ("api_key", "x"), ("URL", "postgres://a:b@host/db"), ("HF_TOKEN", "x")]
        {
            assert!(setting(Source::default(), name, value).is_none(), "{name}");
        }
        let kept = setting(Source::default(), "TZ", "UTC").map(|setting| setting.value);
        assert_eq!(kept.as_deref(), Some("UTC"));
        assert!(setting(Source::default(), "URL", "http://host/a@b").is_some());
    }

    #[test]
    fn an_image_has_a_tag_and_a_digest() {
        let parts = |text| {
            let image = Image::of(text);
            (image.tag, image.digest)
        };
        assert_eq!(parts("r:5000/a/b:v1@sha256:aa"), (Some("v1"), Some("sha256:aa")));
        assert_eq!(parts("r:5000/a/b"), (None, None));
        assert_eq!(parts("sha256:aa"), (None, Some("sha256:aa")));
        assert_eq!(parts("a@"), (None, None));
    }

    #[test]
    fn labels_tell_version_model_and_digest() {
        let hex = "a".repeat(64);
        let labels = [
            ("ml.model.sha256", hex.as_str()),
            ("org.x.image.version", "v2"),
            ("a/model.name", "m"),
            ("conversion", "no"),
        ];
        assert_eq!(labelled_version(labels.into_iter()).as_deref(), Some("v2"));
        assert_eq!(model_digest(labels.into_iter()), Some(format!("sha256:{hex}")));
        assert_eq!(labelled_model(labels.into_iter()).as_deref(), Some("m"));
    }
}
