//! A PostgreSQL for the tests: a new cluster in a temporary folder, on loopback, gone when the tests are.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::process::{announce, output, run};
use crate::wasm_toolchain::apt_install;

/// A running server. Dropping it stops the server and removes its files.
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Postgres {
    /// Starts a server, installing Debian's package when there is none.
    ///
    /// # Errors
    /// A sentence that says what to install by hand, or what the server said.
    pub fn start() -> Outcome<Self> {
        let programs = match programs() {
            Some(found) => found,
            None => {
                announce("Installing PostgreSQL for the tests (about a minute)");
                apt_install(&["postgresql"])?;
                programs()
                    .ok_or("PostgreSQL's programs were not found below /usr/lib/postgresql; install PostgreSQL.")?
            }
        };
        let folder = std::env::temp_dir().join(format!("mismatch-postgres-{}", std::process::id()));
        let port = free_port()?;
        let server = Self { programs, folder, port };
        server.create()?;
        server.start_server()?;
        Ok(server)
    }

    /// Where the empty database is.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn create(&self) -> Outcome {
        std::fs::create_dir_all(&self.folder)
            .map_err(|error| format!("could not make {}: {error}.", self.folder.display()))?;
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&self.folder))?;
        }
        let mut initdb = self.as_server("initdb");
        initdb.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", "--pgdata"]);
        run(initdb.arg(self.data()).stdout(Stdio::null()))
    }

    fn start_server(&self) -> Outcome {
        let options =
            format!("-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off", self.port);
        let mut command = self.as_server("pg_ctl");
        command.args(["start", "--wait", "--silent", "--pgdata"]).arg(self.data());
        run(command.args(["--options", &options, "--log"]).arg(self.folder.join("log")).stdout(Stdio::null()))
    }

    fn stop_server(&self) -> Outcome {
        let mut command = self.as_server("pg_ctl");
        command.args(["stop", "--wait", "--silent", "--mode=immediate", "--pgdata"]).arg(self.data());
        run(command.stdout(Stdio::null()))
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// One of PostgreSQL's programs; as the user `postgres` where this one is root, whom it refuses.
    fn as_server(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        if !is_root() {
            return Command::new(path);
        }
        let mut command = Command::new("runuser");
        command.current_dir("/").args(["-u", "postgres", "--"]).arg(path);
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Err(reason) = self.stop_server().and_then(|()| remove(&self.folder)) {
            eprintln!("xtask: the tests' PostgreSQL was not cleared away: {reason}");
        }
    }
}

fn remove(folder: &Path) -> Outcome {
    std::fs::remove_dir_all(folder).map_err(|error| format!("could not remove {}: {error}.", folder.display()))
}

/// The folder of `initdb` and `pg_ctl`: the newest version that Debian installed, or the one on the path.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
        .collect();
    versions.sort();
    versions.pop().or_else(|| output(Command::new("pg_config").arg("--bindir")).map(PathBuf::from))
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).as_deref() == Some("0")
}

/// A port that was free a moment ago.
fn free_port() -> Outcome<u16> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port was found for PostgreSQL: {error}."))
}
