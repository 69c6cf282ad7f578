//! What the browser fetches besides pages: style sheet, wasm and its glue, icons. Embedded when the program was built
//! with `MISMATCH_SITE`, read from the site folder otherwise.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Component, Path, PathBuf};

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

include!(concat!(env!("OUT_DIR"), "/embedded_assets.rs"));

/// Where assets come from.
#[derive(Debug, Clone)]
pub enum Assets {
    Embedded,
    Folder(PathBuf),
}

impl Assets {
    /// The embedded ones if there are any, else the folder.
    pub fn embedded_or(folder: PathBuf) -> Assets {
        if EMBEDDED.is_empty() { Assets::Folder(folder) } else { Assets::Embedded }
    }

    /// The asset at an address's path, or `None` when there is none. Answers 304 to who has it already.
    pub async fn find(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        let path = path.trim_start_matches('/');
        let bytes = match self {
            Assets::Embedded => Cow::Borrowed(EMBEDDED.iter().find(|(of, _)| *of == path)?.1),
            Assets::Folder(folder) => Cow::Owned(tokio::fs::read(folder.join(plain(path)?)).await.ok()?),
        };
        let tag = tag_of(&bytes);
        if headers.get(header::IF_NONE_MATCH).is_some_and(|known| *known == tag) {
            return Some((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
        }
        let caching = HeaderValue::from_static("no-cache");
        let kind = HeaderValue::from_static(kind_of(path));
        Some(
            ([(header::CONTENT_TYPE, kind), (header::ETAG, tag), (header::CACHE_CONTROL, caching)], bytes)
                .into_response(),
        )
    }
}

/// A relative path that can't lead out of its folder, nor to hidden files.
fn plain(path: &str) -> Option<&Path> {
    let path = Path::new(path);
    let is_plain =
        |part: Component<'_>| matches!(part, Component::Normal(name) if !name.to_string_lossy().starts_with('.'));
    (path.components().next().is_some() && path.components().all(is_plain)).then_some(path)
}

/// Weak, because what is sent may be compressed.
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
        for path in ["", ".", "..", "../secret", "pkg/../../secret", "/etc/passwd", ".env", "pkg/.hidden"] {
            assert!(plain(path).is_none(), "{path}");
        }
    }
}
