//! Files that are given by an address: fetched before the reading begins, which has no business with a network.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use connectors::live::Window;
use domain::{Problem, clock};
use sources::{Arrived, Buckets, PrivateAddresses, Reach, Sources, Token, Tokens};
use tempfile::TempDir;

/// How addresses are asked.
#[derive(Debug, Args)]
pub struct SourcesArguments {
    /// The token for a host that asks for one: HOST=FILE, or HOST=env:VARIABLE. Can be given several times.
    #[arg(long, value_name = "HOST=FILE")]
    token: Vec<Token>,
    /// The days (UTC) that running tools are asked about, such as 2026-05-01/2026-05-16; the last 14 when left out.
    #[arg(long, value_name = "FROM/UNTIL", value_parser = window_of)]
    window: Option<Window>,
}

/// Files in a folder of their own, gone when this is dropped.
pub struct Fetched {
    /// Each address as it was given, with the file that holds what is there.
    pub files: Vec<(OsString, PathBuf)>,
    _folder: Option<TempDir>,
}

impl SourcesArguments {
    /// Fetches each of the given that is an address. The person who asks may reach whatever this machine reaches.
    ///
    /// # Errors
    /// When one can't be fetched.
    pub fn fetch(&self, given: &[&Path]) -> Result<Fetched, Problem> {
        let addresses: Vec<&str> =
            given.iter().filter_map(|path| path.to_str()).filter(|path| Sources::is_address(path)).collect();
        if addresses.is_empty() {
            return Ok(Fetched { files: Vec::new(), _folder: None });
        }
        let folder = tempfile::tempdir().map_err(|error| not_kept(&error))?;
        let sources = Sources::new(Reach {
            private_addresses: PrivateAddresses::Allowed,
            tokens: Tokens(self.token.clone()),
            buckets: Buckets::Any,
        });
        let mut files: Vec<(OsString, PathBuf)> = Vec::new();
        for address in addresses {
            if !files.iter().any(|(known, _)| known == OsStr::new(address)) {
                let path = self.fetch_one(&sources, address, &folder.path().join(files.len().to_string()))?;
                files.push((address.into(), path));
            }
        }
        Ok(Fetched { files, _folder: Some(folder) })
    }

    /// Into a folder of its own: two files may have the same name.
    fn fetch_one(&self, sources: &Sources, address: &str, folder: &Path) -> Result<PathBuf, Problem> {
        std::fs::create_dir(folder).map_err(|error| not_kept(&error))?;
        let coming = folder.join("coming");
        let mut file = File::create(&coming).map_err(|error| not_kept(&error))?;
        let mut write = |piece: &[u8]| file.write_all(piece).map_err(|error| not_kept(&error));
        let Arrived { name, .. } = sources.bring(address, self.window, &mut write)?;
        let name: String =
            name.chars().map(|one| if matches!(one, '/' | '\\') || one.is_control() { '_' } else { one }).collect();
        let path = folder.join(if name.trim_matches('.').is_empty() { "unnamed" } else { &name });
        std::fs::rename(&coming, &path).map_err(|error| not_kept(&error))?;
        Ok(path)
    }
}

impl Fetched {
    /// An argument of the command line, with the file in the place of its address.
    pub fn instead_of(&self, argument: OsString) -> OsString {
        let text = argument.to_string_lossy();
        for (address, path) in &self.files {
            let address = address.to_string_lossy();
            if text == address {
                return path.clone().into_os_string();
            }
            let option = text.strip_suffix(address.as_ref()).filter(|option| is_option(option));
            if let Some(option) = option {
                let mut replaced = OsString::from(option);
                replaced.push(path);
                return replaced;
            }
        }
        argument
    }
}

/// `--artifact=`.
fn is_option(text: &str) -> bool {
    text.starts_with("--") && text.ends_with('=') && text.matches('=').count() == 1
}

fn not_kept(error: &std::io::Error) -> Problem {
    Problem::bad_input(format!("What an address holds can't be kept in the temporary folder: {error}."))
}

fn window_of(text: &str) -> Result<Window, String> {
    let wrong = || format!("{text:?} is not two days; write 2026-05-01/2026-05-16");
    let (from, until) = text.split_once('/').ok_or_else(wrong)?;
    let window = Window {
        from_ms: clock::start_of_day(from.trim()).ok_or_else(wrong)?,
        until_ms: clock::end_of_day(until.trim()).ok_or_else(wrong)?,
    };
    if window.from_ms < window.until_ms { Ok(window) } else { Err("the first day comes after the last".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gives_way_to_its_file_wherever_it_stands() {
        let address = "http://p:9090/graph?a=1";
        let fetched = Fetched { files: vec![(address.into(), "/tmp/x/0/p".into())], _folder: None };
        let instead = |argument: &str| fetched.instead_of(argument.into()).into_string();
        assert_eq!(instead(address), Ok("/tmp/x/0/p".to_owned()));
        assert_eq!(instead("--artifact=http://p:9090/graph?a=1"), Ok("--artifact=/tmp/x/0/p".to_owned()));
        for other in ["--artifact", "http://p:9090", "--x=y=http://p:9090/graph?a=1"] {
            assert_eq!(instead(other), Ok(other.to_owned()));
        }
    }

    #[test]
    fn days_are_whole_and_in_order() {
        assert_eq!(
            window_of("1970-01-01/1970-01-02").map(|window| (window.from_ms, window.until_ms / 1_000)),
            Ok((0, 2 * 86_400 - 1))
        );
        for wrong in ["", "1970-01-01", "1970-01-02/1970-01-01", "x/y"] {
            assert!(window_of(wrong).is_err(), "{wrong}");
        }
    }
}
