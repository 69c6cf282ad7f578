//! What the browser fetches besides pages: style sheet, wasm and its glue, icons. Embedded when the program was built
//! with `MISMATCH_SITE`, read from the site folder otherwise.

mod names;

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Component, Path, PathBuf};

use app::AssetNames;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

include!(concat!(env!("OUT_DIR"), "/embedded_assets.rs"));

/// Where assets come from.
#[derive(Debug, Clone)]
pub enum Assets {
    Embedded,
    Folder(PathBuf),
}

/// Of a name with a hash of the content: another content has another name.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// Of every other name.
const ASK_AGAIN: &str = "no-cache";

/// A file as it is sent.
struct Sent {
    bytes: Cow<'static, [u8]>,
    /// Whether these are the bytes that the build has compressed.
    is_brotli: bool,
}

impl Assets {
    /// The embedded ones if there are any, else the folder.
    pub fn embedded_or(folder: PathBuf) -> Assets {
        if EMBEDDED.is_empty() { Assets::Folder(folder) } else { Assets::Embedded }
    }

    /// The names under which pages ask for them now.
    pub fn names(&self) -> AssetNames {
        names::of_pages(&self.files())
    }

    /// The asset at an address's path, or `None` when there is none. Answers 304 to who has it already. A name without its
    /// hash leads to what it is now.
    pub async fn find(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        let path = plain(path.trim_start_matches('/'))?;
        let takes_brotli = takes_brotli(headers);
        let (name, sent) = match self.sent(path, takes_brotli).await {
            Some(sent) => (Cow::Borrowed(path), sent),
            None => {
                let current = names::current(&self.files(), path)?.to_owned();
                let sent = self.sent(&current, takes_brotli).await?;
                (Cow::Owned(current), sent)
            }
        };
        let caching = if name == path && names::without_hash(path).is_some() { FOR_GOOD } else { ASK_AGAIN };
        let tag = tag_of(&sent.bytes);
        let kept = [
            (header::ETAG, tag.clone()),
            (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
            (header::VARY, HeaderValue::from_static("accept-encoding")),
        ];
        if headers.get(header::IF_NONE_MATCH).is_some_and(|known| *known == tag) {
            return Some((StatusCode::NOT_MODIFIED, kept).into_response());
        }
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(kind_of(&name)))];
        let encoding = sent.is_brotli.then_some([(header::CONTENT_ENCODING, HeaderValue::from_static("br"))]);
        let mut response = (kept, kind, sent.bytes).into_response();
        response.headers_mut().extend(encoding.into_iter().flatten());
        Some(response)
    }

    async fn sent(&self, path: &str, takes_brotli: bool) -> Option<Sent> {
        if takes_brotli && let Some(bytes) = self.read(&format!("{path}.br")).await {
            return Some(Sent { bytes, is_brotli: true });
        }
        self.read(path).await.map(|bytes| Sent { bytes, is_brotli: false })
    }

    async fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            Assets::Embedded => EMBEDDED.iter().find(|(of, _)| *of == path).map(|(_, bytes)| Cow::Borrowed(*bytes)),
            // What can't be read is not there for a browser either.
            Assets::Folder(folder) => tokio::fs::read(folder.join(path)).await.ok().map(Cow::Owned),
        }
    }

    /// The paths of all files. A folder is read each time: while somebody works on the pages its files change under a server.
    fn files(&self) -> Vec<Cow<'static, str>> {
        match self {
            Assets::Embedded => EMBEDDED.iter().map(|(path, _)| Cow::Borrowed(*path)).collect(),
            Assets::Folder(folder) => {
                ["", "pkg/"].iter().flat_map(|within| files_in(folder, within)).map(Cow::Owned).collect()
            }
        }
    }
}

/// The paths of the files of one folder; none of one that can't be read.
fn files_in(folder: &Path, within: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join(within)).into_iter().flatten().flatten();
    entries.map(|entry| format!("{within}{}", entry.file_name().to_string_lossy())).collect()
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        let is_refused = quality.trim().strip_prefix("q=").is_some_and(|q| q.parse::<f32>() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("br") && !is_refused
    })
}

/// A relative path that can't lead out of its folder, nor to hidden files, nor to what is only sent in place of another.
fn plain(path: &str) -> Option<&str> {
    let parts = Path::new(path);
    let is_plain =
        |part: Component<'_>| matches!(part, Component::Normal(name) if !name.to_string_lossy().starts_with('.'));
    (parts.components().next().is_some() && parts.components().all(is_plain) && !path.ends_with(".br")).then_some(path)
}

/// Weak, because what is sent may be compressed on the way.
fn tag_of(bytes: &[u8]) -> HeaderValue {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    HeaderValue::from_str(&format!("W/\"{:016x}\"", hasher.finish())).unwrap_or(HeaderValue::from_static("W/\"\""))
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("json" | "map" | "webmanifest") => "application/json",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for path in ["pkg/mismatch.css", "favicon.svg"] {
            assert!(plain(path).is_some(), "{path}");
        }
        for path in ["", ".", "..", "../secret", "pkg/../../secret", "/etc/passwd", ".env", "pkg/.hidden", "a.css.br"] {
            assert!(plain(path).is_none(), "{path}");
        }
    }

    #[test]
    fn brotli_is_sent_to_who_takes_it() {
        let takes = |value: &'static str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]);
            takes_brotli(&headers)
        };
        assert!(takes("gzip, deflate, br, zstd") && takes("BR;q=0.5") && takes("gzip;q=0,br"));
        assert!(!takes("gzip") && !takes("br;q=0, gzip") && !takes("br; q=0.0") && !takes("*"));
        assert!(!takes_brotli(&HeaderMap::new()));
    }
}
