//! A private PostgreSQL cluster, created with `initdb` and stopped when the process ends.

use std::fs::DirBuilder;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{DirBuilderExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use uuid::Uuid;

/// The script that starts the cluster and, when its standard input ends, stops it and removes the folder. Only the test
/// process holds the other end of that pipe, so even `kill -9` closes it.
///
/// The script ignores signals, because it must outlive the tests. It ignores PIPE, because it must remove the folder
/// even if the reader of `ready` no longer exists.
const WATCHDOG: &str = r#"
trap '' HUP INT PIPE TERM
bin=$1 folder=$2 settings=$3 data=$2/data
{
    "$bin/initdb" --pgdata="$data" --username=postgres --auth=trust --no-sync \
        --encoding=UTF8 --locale=C --locale-provider=icu --icu-locale=en-US &&
    printf '%s\n' "$settings" >>"$data/postgresql.conf" &&
    "$bin/pg_ctl" start --wait --timeout=120 --pgdata="$data" --log="$folder/log"
} >>"$folder/log" 2>&1 </dev/null && echo ready || echo failed
cat >/dev/null
{
    "$bin/pg_ctl" stop --mode=fast --timeout=20 --pgdata="$data" ||
    "$bin/pg_ctl" stop --mode=immediate --pgdata="$data"
} >/dev/null 2>&1
rm -rf "$folder"
"#;

/// The settings of a small, temporary server. `fsync` and `synchronous_commit` are on, because the server under test is
/// not ready without them; they cost nothing if the folder is in memory.
const SETTINGS: &str = "\
listen_addresses = ''
port = 5432
max_connections = 300
shared_buffers = 64MB
fsync = on
synchronous_commit = on
wal_level = minimal
max_wal_senders = 0
min_wal_size = 32MB
max_wal_size = 256MB
autovacuum = off
jit = off
";

/// The longest path of a cluster's folder: it contains a socket, whose path has at most 107 bytes.
const MAX_FOLDER_LENGTH: usize = 107 - "/.s.PGSQL.5432".len();

/// The free space in KiB that `/dev/shm` needs to hold the cluster. Containers often have only 64 MiB.
const MIN_MEMORY_KIB: u64 = 2 << 20;

/// A private cluster. It stops when this value is dropped, or when the process ends.
#[derive(Debug)]
pub(super) struct Cluster {
    url: String,
    /// Holds the pipe that the watchdog reads.
    _watchdog: Child,
}

impl Cluster {
    /// Creates a cluster with the `initdb` at this path and waits until it accepts connections.
    pub(super) fn start(initdb: &Path) -> Result<Self, String> {
        Self::start_with(initdb, "")
    }

    /// Creates a cluster with additional lines in `postgresql.conf`, each with a line break.
    pub(super) fn start_with(initdb: &Path, settings: &str) -> Result<Self, String> {
        let bin = initdb.parent().ok_or("initdb is in no folder")?;
        let user = User::for_server()?;
        let folder = folder(user.as_ref())?;
        let mut shell = user.map_or_else(|| Command::new("sh"), |user| user.shell());
        let mut watchdog = shell
            .args(["-c", WATCHDOG, "watchdog"])
            .args([bin, &folder])
            .arg(format!(
                "{SETTINGS}{settings}unix_socket_directories = '{}'",
                folder.display().to_string().replace('\'', "''")
            ))
            // PGPORT, PGOPTIONS and similar variables are for the developer's own server.
            .env_clear()
            .env(
                "PATH",
                std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()),
            )
            .env("LC_ALL", "C")
            .current_dir("/")
            // So that neither Ctrl-C nor a test runner that kills the process group ends it.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("cannot run {}: {e}", shell.get_program().display()))?;

        let mut status = String::new();
        if let Some(output) = watchdog.stdout.take() {
            // If this fails, the status is not `ready`.
            let _ = BufReader::new(output).read_line(&mut status);
        }
        if status.trim() == "ready" {
            Ok(Self {
                url: url(&folder),
                _watchdog: watchdog,
            })
        } else {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            // At the end of its input the script removes the folder.
            drop(watchdog.stdin.take());
            let _ = watchdog.wait();
            Err(format!("{} or pg_ctl failed:\n{log}", initdb.display()))
        }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

/// Finds `initdb` in PATH, or else the newest in Debian's folders.
pub(super) fn initdb() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path)
        .map(|folder| folder.join("initdb"))
        .find(|file| file.is_file());
    // Resolves links, because the other programs must be in the same folder.
    let in_path = in_path.and_then(|file| file.canonicalize().ok());
    in_path.or_else(|| {
        let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
        let folders = std::fs::read_dir("/usr/lib/postgresql")
            .ok()?
            .flatten()
            .map(|entry| entry.path());
        let mut folders: Vec<_> = folders.filter(|folder| folder.join("bin/initdb").is_file()).collect();
        folders.sort_by_key(version);
        folders.pop().map(|folder| folder.join("bin/initdb"))
    })
}

/// Changes the owner of a file to the user that the server runs as.
pub(super) fn give_to_server(file: &Path) -> Result<(), String> {
    let user = User::for_server()?;
    let result = user.map_or(Ok(()), |user| chown(file, Some(user.uid), Some(user.gid)));
    result.map_err(|error| format!("cannot change the owner of {}: {error}", file.display()))
}

/// The user that the server runs as if the tests run as root, because PostgreSQL does not run as root.
pub(super) struct User {
    uid: u32,
    gid: u32,
}

impl User {
    pub(super) fn for_server() -> Result<Option<Self>, String> {
        if id(&["-u"]) != Some(0) {
            return Ok(None);
        }
        let user = ["postgres", "nobody"].into_iter().find_map(|name| {
            let (uid, gid) = id(&["-u", name]).zip(id(&["-g", name]))?;
            Some(Self { uid, gid })
        });
        user.map(Some)
            .ok_or_else(|| "PostgreSQL does not run as root; create the system user `postgres`".to_owned())
    }

    pub(super) fn shell(&self) -> Command {
        let mut command = Command::new("setpriv");
        command
            .arg(format!("--reuid={}", self.uid))
            .arg(format!("--regid={}", self.gid));
        command.args(["--clear-groups", "sh"]);
        command
    }
}

fn id(args: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(args).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// Creates the folder of a cluster, which only its user may enter. It is in memory if there is enough space, so that
/// tests do not wait for the disk.
pub(super) fn folder(user: Option<&User>) -> Result<PathBuf, String> {
    let name = format!(
        "vestibule-pg-{}-{:08x}",
        std::process::id(),
        Uuid::now_v7().as_u128() & 0xffff_ffff
    );
    let memory = Some(PathBuf::from("/dev/shm")).filter(|memory| free_kib(memory) >= Some(MIN_MEMORY_KIB));
    let parents = memory.into_iter().chain([std::env::temp_dir(), PathBuf::from("/tmp")]);
    let mut failure = "the path of every temporary folder is too long for a socket".to_owned();
    for folder in parents
        .map(|parent| parent.join(&name))
        .filter(|folder| folder.as_os_str().len() <= MAX_FOLDER_LENGTH)
    {
        let created = DirBuilder::new().mode(0o700).create(&folder);
        match created.and_then(|()| user.map_or(Ok(()), |user| chown(&folder, Some(user.uid), Some(user.gid)))) {
            Ok(()) => return Ok(folder),
            Err(error) => failure = format!("cannot create {}: {error}", folder.display()),
        }
    }
    Err(failure)
}

/// Returns how many KiB are free on the file system of a folder.
fn free_kib(folder: &Path) -> Option<u64> {
    let output = Command::new("df")
        .arg("-Pk")
        .arg(folder)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

/// Returns the URL for the socket in a folder, which replaces the host, percent-encoded. Sockets do not support TLS.
pub(super) fn url(folder: &Path) -> String {
    let encode = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(*byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    let host: String = folder.as_os_str().as_encoded_bytes().iter().map(encode).collect();
    format!("postgres://postgres@{host}:5432/postgres?sslmode=disable")
}
