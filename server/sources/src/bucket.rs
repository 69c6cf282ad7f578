//! Objects in buckets: S3 and what speaks like it, Google Cloud Storage, Azure Blob Storage. Credentials and endpoints are those
//! of the process, in the variables that the stores' own tools read.

use std::time::Duration;

use domain::{Problem, ProblemKind};
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{ClientOptions, Error, GetResult, ObjectStore, ObjectStoreExt, RetryConfig};
use tokio::runtime::Runtime;

use crate::{Arrived, Listed, Sink, TIMEOUT};

pub(crate) const SCHEMES: [&str; 9] = ["s3", "s3a", "gs", "gcs", "az", "azure", "adl", "abfs", "abfss"];

const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Failures of a moment are tried again, not for long: a person waits.
const RETRIES: usize = 2;
const RETRY_TIMEOUT: Duration = Duration::from_secs(60);

/// Which buckets may be read with the credentials of the process.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Buckets {
    /// Those below one of these addresses, such as `s3://models/churn`.
    Below(Vec<String>),
    /// The person whose credentials they are asks.
    Any,
    #[default]
    None,
}

impl Buckets {
    fn allow(&self, target: &str) -> bool {
        let below = |root: &String| {
            let root = root.trim_end_matches('/');
            target.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match self {
            Buckets::Any => true,
            Buckets::None => false,
            Buckets::Below(roots) => roots.iter().any(below),
        }
    }
}

pub(crate) fn bring(buckets: &Buckets, target: &str, sink: Sink<'_>) -> Result<Arrived, Problem> {
    check_allowed(buckets, target)?;
    let (bucket, key) = parts(target)?;
    let store = store(target, bucket).map_err(|error| told(target, &error))?;
    let runtime = runtime()?;
    read(&runtime, store.as_ref(), &key, target, sink)?;
    let name = key.filename().unwrap_or_default().to_owned();
    Ok(Arrived { name, origin: target.to_owned() })
}

/// The objects below a prefix that ends with `/`, at most so many.
pub(crate) fn list(buckets: &Buckets, prefix: &str, most: usize) -> Result<Vec<Listed>, Problem> {
    check_allowed(buckets, prefix.trim_end_matches('/'))?;
    let rest = prefix.split_once("://").map_or("", |(_, rest)| rest);
    let (bucket, below) = rest.split_once('/').unwrap_or((rest, ""));
    if bucket.is_empty() {
        return Err(Problem::bad_input(format!("{prefix} names no bucket. Write it as s3://bucket/folder/.")));
    }
    let below = Path::parse(below.trim_end_matches('/')).map_err(|error| {
        tracing::info!(%error, prefix, "a prefix can't be used");
        Problem::bad_input(format!("{prefix} has empty parts or characters that no key has."))
    })?;
    let store = store(prefix, bucket).map_err(|error| told(prefix, &error))?;
    let runtime = runtime()?;
    let mut found = store.list(Some(&below));
    let mut listed = Vec::new();
    while let Some(object) = runtime.block_on(std::future::poll_fn(|context| found.as_mut().poll_next(context))) {
        let object = object.map_err(|error| told(prefix, &error))?;
        if listed.len() >= most {
            return Err(Problem::bad_input(format!(
                "{prefix} has more than {most} objects. Watch a prefix with fewer."
            )));
        }
        let scheme = prefix.split_once("://").map_or("", |(scheme, _)| scheme);
        let name = object
            .location
            .prefix_match(&below)
            .map(|parts| parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>());
        let modified_ms = object.last_modified.timestamp_millis();
        listed.push(Listed {
            name: name.unwrap_or_default().join("/"),
            target: format!("{scheme}://{bucket}/{}", object.location),
            mark: object.e_tag.unwrap_or_else(|| format!("{} {modified_ms}", object.size)),
            modified_ms,
        });
    }
    Ok(listed)
}

/// The rest of this process's reading blocks; the stores' library does not.
fn runtime() -> Result<Runtime, Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
    runtime.map_err(|error| Problem::internal(format!("No thread could be started: {error}.")))
}

fn check_allowed(buckets: &Buckets, target: &str) -> Result<(), Problem> {
    if *buckets == Buckets::None {
        return Err(Problem::new(
            ProblemKind::Forbidden,
            "Linking objects of buckets is off. Start the server with --link-bucket and the bucket, or upload the file.",
        ));
    }
    // What is below is judged by the characters: no step may lead up again.
    if target.split('/').any(|part| part == ".." || part == ".") || !buckets.allow(target) {
        let message = format!("{target} is not below the buckets allowed with --link-bucket.");
        return Err(Problem::new(ProblemKind::Forbidden, message));
    }
    Ok(())
}

/// The bucket and the key of an object.
fn parts(target: &str) -> Result<(&str, Path), Problem> {
    let rest = target.split_once("://").map_or("", |(_, rest)| rest);
    let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
    if bucket.is_empty() || key.is_empty() || key.ends_with('/') {
        return Err(Problem::bad_input(format!(
            "{target} names no object. Give one object by its whole key, such as s3://bucket/folder/train.parquet."
        )));
    }
    let key = Path::parse(key).map_err(|error| {
        tracing::info!(%error, target, "a key can't be used");
        Problem::bad_input(format!("{target} has empty parts or characters that no key has. Copy the address again."))
    })?;
    Ok((bucket, key))
}

fn store(target: &str, bucket: &str) -> Result<Box<dyn ObjectStore>, Error> {
    let client =
        ClientOptions::new().with_timeout(TIMEOUT).with_connect_timeout(CONNECT_TIMEOUT).with_user_agent(user_agent());
    let retry = RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_TIMEOUT, ..RetryConfig::default() };
    let scheme = target.split_once("://").map_or("", |(scheme, _)| scheme);
    Ok(match scheme {
        "s3" | "s3a" => {
            let client =
                client.with_allow_http(is_plain_http(&["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"]));
            let builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
            Box::new(builder.with_client_options(client).with_retry(retry).build()?)
        }
        "gs" | "gcs" => {
            let builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(bucket);
            Box::new(builder.with_client_options(client).with_retry(retry).build()?)
        }
        _ => {
            // `abfs://container@account.dfs.core.windows.net/key` names the account too.
            let (container, account) = bucket.split_once('@').unwrap_or((bucket, ""));
            let mut builder = MicrosoftAzureBuilder::from_env().with_container_name(container);
            if let Some(account) = account.split('.').next().filter(|account| !account.is_empty()) {
                builder = builder.with_account(account);
            }
            let client = client.with_allow_http(is_plain_http(&["AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"]));
            Box::new(builder.with_client_options(client).with_retry(retry).build()?)
        }
    })
}

/// Who runs the process and names an endpoint without encryption means it.
fn is_plain_http(variables: &[&str]) -> bool {
    let endpoint = variables.iter().find_map(|name| std::env::var(name).ok());
    endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"))
}

fn user_agent() -> object_store::HeaderValue {
    object_store::HeaderValue::from_static(concat!("mismatch/", env!("CARGO_PKG_VERSION")))
}

fn read(runtime: &Runtime, store: &dyn ObjectStore, key: &Path, target: &str, sink: Sink<'_>) -> Result<(), Problem> {
    let found: GetResult = runtime.block_on(store.get(key)).map_err(|error| told(target, &error))?;
    let mut pieces = found.into_stream();
    while let Some(piece) = runtime.block_on(std::future::poll_fn(|context| pieces.as_mut().poll_next(context))) {
        sink(&piece.map_err(|error| told(target, &error))?)?;
    }
    Ok(())
}

fn told(target: &str, error: &Error) -> Problem {
    tracing::info!(%error, target, "an object can't be read");
    let allowed = "Whoever runs Mismatch can set its credentials in the variables of the store's own tools.";
    Problem::bad_input(match error {
        Error::NotFound { .. } => format!("There is no object {target}. Check the bucket and the key."),
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            format!("Mismatch may not read {target}. {allowed}")
        }
        _ => format!("{target} can't be read; the log says why. {allowed}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(buckets: &Buckets, target: &str) -> Option<ProblemKind> {
        if buckets.allow(target) {
            return None;
        }
        bring(buckets, target, &mut |_| Ok(())).err().map(|problem| problem.kind)
    }

    #[test]
    fn only_what_is_below_an_allowed_address_is_asked() {
        let buckets = Buckets::Below(vec!["s3://models/churn/".to_owned()]);
        assert_eq!(refused(&buckets, "s3://models/churn/train.csv"), None);
        for outside in
            ["s3://models/churn2/a.csv", "s3://models/a.csv", "s3://other/churn/a.csv", "gs://models/churn/a"]
        {
            assert_eq!(refused(&buckets, outside), Some(ProblemKind::Forbidden), "{outside}");
        }
        let up = bring(&buckets, "s3://models/churn/../secret.csv", &mut |_| Ok(()));
        assert_eq!(up.err().map(|problem| problem.kind), Some(ProblemKind::Forbidden));
        assert_eq!(refused(&Buckets::None, "s3://models/a"), Some(ProblemKind::Forbidden));
    }

    #[test]
    fn only_prefixes_below_an_allowed_address_are_listed() {
        let buckets = Buckets::Below(vec!["s3://models/churn".to_owned()]);
        for outside in
            ["s3://models/", "s3://models/churn2/", "s3://other/churn/", "s3://models/churn/../", "gs://models/churn/"]
        {
            let told = list(&buckets, outside, 9).err().map(|problem| problem.kind);
            assert_eq!(told, Some(ProblemKind::Forbidden), "{outside}");
        }
        let none = list(&Buckets::None, "s3://models/churn/", 9).err().map(|problem| problem.kind);
        assert_eq!(none, Some(ProblemKind::Forbidden));
    }

    #[test]
    fn an_address_without_a_key_says_what_is_missing() {
        for incomplete in ["s3://bucket", "s3://bucket/", "s3://bucket/folder/", "s3:///key"] {
            let told = bring(&Buckets::Any, incomplete, &mut |_| Ok(())).err().map(|problem| problem.message);
            assert!(told.is_some_and(|told| told.contains("names no object")), "{incomplete}");
        }
    }
}
