//! Names with a hash of the content in them, as the build writes them: `pkg/mismatch-0123456789abcdef.css`. `cargo leptos`
//! writes plain names, which come first: they are only there where it was the last to build.

use std::borrow::Cow;

use app::AssetNames;

/// Hexadecimal digits of a hash.
const DIGITS: usize = 16;

/// What pages ask for, of all files.
pub fn of_pages(files: &[Cow<'static, str>]) -> AssetNames {
    let address = |plain: &str| format!("/{}", current(files, plain).unwrap_or(plain));
    let glue = current(files, "pkg/mismatch.js").unwrap_or("pkg/mismatch.js");
    let bundle = glue.trim_start_matches("pkg/").trim_end_matches(".js").to_owned();
    AssetNames { bundle, stylesheet: address("pkg/mismatch.css"), icon: address("favicon.svg") }
}

/// The file that a plain path stands for.
pub fn current<'a>(files: &'a [Cow<'static, str>], plain: &str) -> Option<&'a str> {
    let files = || files.iter().map(AsRef::as_ref);
    files().find(|path| *path == plain).or_else(|| files().find(|path| without_hash(path).as_deref() == Some(plain)))
}

/// The path without the hash of the content, if it has one: after a hyphen, before what follows.
pub fn without_hash(path: &str) -> Option<String> {
    path.match_indices('-').find_map(|(at, _)| {
        let (hash, rest) = path[at + 1..].split_at_checked(DIGITS)?;
        let is_hash = hash.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        (is_hash && rest.starts_with(['.', '_'])).then(|| format!("{}{rest}", &path[..at]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_taken_out_of_a_name() {
        for (path, plain) in [
            ("pkg/mismatch-0123456789abcdef.css", Some("pkg/mismatch.css")),
            ("pkg/mismatch-0123456789abcdef_bg.wasm", Some("pkg/mismatch_bg.wasm")),
            ("a-b-0123456789abcdef.svg", Some("a-b.svg")),
            ("pkg/mismatch.css", None),
            ("pkg/mismatch-0123456789abcde.css", None),
            ("pkg/mismatch-0123456789ABCDEF.css", None),
            ("pkg/mismatch-0123456789abcdef", None),
            ("pkg/mismatch-ü", None),
            ("", None),
        ] {
            assert_eq!(without_hash(path).as_deref(), plain, "{path}");
        }
    }

    #[test]
    fn pages_ask_for_hashed_names_where_there_are_some() {
        let files: Vec<Cow<'static, str>> = vec![
            "favicon-00000000000000ff.svg".into(),
            "favicon-00000000000000ff.svg.br".into(),
            "pkg/mismatch-000000000000000a.css".into(),
            "pkg/mismatch-000000000000000b.js".into(),
            "pkg/mismatch-000000000000000b_bg.wasm".into(),
        ];
        let names = of_pages(&files);
        assert_eq!(names.bundle, "mismatch-000000000000000b");
        assert_eq!(names.stylesheet, "/pkg/mismatch-000000000000000a.css");
        assert_eq!(names.icon, "/favicon-00000000000000ff.svg");
        let plain = of_pages(&[]);
        assert_eq!([plain.bundle, plain.stylesheet, plain.icon], ["mismatch", "/pkg/mismatch.css", "/favicon.svg"]);
        let both: Vec<Cow<'static, str>> = files.into_iter().chain(["pkg/mismatch.js".into()]).collect();
        assert_eq!(of_pages(&both).bundle, "mismatch");
    }
}
