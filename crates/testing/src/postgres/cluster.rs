//! The private cluster: started from `initdb`, ended with the process that started it.

use std::fs::DirBuilder;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{DirBuilderExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use uuid::Uuid;

/// Starts the cluster and, when its standard input ends, stops it and removes the folder. The other end of
/// that pipe is held by the test process alone, so even `kill -9` of that closes it.
///
/// Signals are for the tests: this has to outlive whatever ends them. A reader of `ready` that is gone is
/// no reason to stop before the folder is removed, hence PIPE.
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

/// Small and without what only a lasting server needs. `fsync` and `synchronous_commit` stay on, because
/// the server under test refuses to be ready without; where the folder is in memory they cost nothing.
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

/// A file in the cluster's folder is a socket, and the path of a socket has at most 107 bytes.
const LONGEST_FOLDER: usize = 107 - "/.s.PGSQL.5432".len();

/// What has to be free in memory for the cluster to be kept there, in KiB: containers often give 64 MiB.
const ROOM_IN_MEMORY: u64 = 2 << 20;

/// The cluster of this process, which lives as long as this value and no longer than the process.
#[derive(Debug)]
pub(super) struct Cluster {
    url: String,
    /// Holds the pipe that the watchdog waits on.
    _watchdog: Child,
}

impl Cluster {
    /// Makes a cluster with the `initdb` at this path and waits until it takes connections.
    pub(super) fn start(initdb: &Path) -> Result<Self, String> {
        Self::start_with(initdb, "")
    }

    /// The same with further lines of `postgresql.conf`, each with its end.
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
            // PGPORT, PGOPTIONS and their like are for the developer's own server.
            .env_clear()
            .env(
                "PATH",
                std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()),
            )
            .env("LC_ALL", "C")
            .current_dir("/")
            // Out of reach of Ctrl-C and of runners that kill the whole group.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("cannot run {}: {e}", shell.get_program().display()))?;

        let mut answer = String::new();
        if let Some(output) = watchdog.stdout.take() {
            // An answer that cannot be read is not `ready`.
            let _ = BufReader::new(output).read_line(&mut answer);
        }
        if answer.trim() == "ready" {
            Ok(Self {
                url: url(&folder),
                _watchdog: watchdog,
            })
        } else {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            // The end of its input lets it clean up.
            drop(watchdog.stdin.take());
            let _ = watchdog.wait();
            Err(format!("{} and pg_ctl said:\n{log}", initdb.display()))
        }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

/// Where `initdb` is: in PATH, or where Debian keeps it, the newest first.
pub(super) fn initdb() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path)
        .map(|folder| folder.join("initdb"))
        .find(|file| file.is_file());
    // Its neighbours are needed too, and a link in PATH may be alone there.
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

/// Gives a file to the user that the server runs as.
pub(super) fn give_to_server(file: &Path) -> Result<(), String> {
    let user = User::for_server()?;
    let given = user.map_or(Ok(()), |user| chown(file, Some(user.uid), Some(user.gid)));
    given.map_err(|error| format!("cannot give {} away: {error}", file.display()))
}

/// The user that the server runs as when the tests run as root, as which it would refuse.
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
            .ok_or_else(|| "PostgreSQL does not run as root, and there is no user `postgres`".to_owned())
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

/// Makes the folder of the cluster, which only its user may enter: in memory when there is room, because
/// then tests do not wait for the disk.
pub(super) fn folder(user: Option<&User>) -> Result<PathBuf, String> {
    let name = format!(
        "vestibule-pg-{}-{:08x}",
        std::process::id(),
        Uuid::now_v7().as_u128() & 0xffff_ffff
    );
    let memory = Some(PathBuf::from("/dev/shm")).filter(|memory| free(memory) >= Some(ROOM_IN_MEMORY));
    let places = memory.into_iter().chain([std::env::temp_dir(), PathBuf::from("/tmp")]);
    let mut failure = "no place for its folder has a path short enough for a socket".to_owned();
    for folder in places
        .map(|place| place.join(&name))
        .filter(|f| f.as_os_str().len() <= LONGEST_FOLDER)
    {
        let made = DirBuilder::new().mode(0o700).create(&folder);
        match made.and_then(|()| user.map_or(Ok(()), |user| chown(&folder, Some(user.uid), Some(user.gid)))) {
            Ok(()) => return Ok(folder),
            Err(error) => failure = format!("cannot make {}: {error}", folder.display()),
        }
    }
    Err(failure)
}

/// How many KiB are free on the file system of a folder.
fn free(folder: &Path) -> Option<u64> {
    let output = Command::new("df")
        .arg("-Pk")
        .arg(folder)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

/// A socket's folder stands in the place of the host, escaped; TLS makes no sense there.
pub(super) fn url(folder: &Path) -> String {
    let escaped = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(*byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    let host: String = folder.as_os_str().as_encoded_bytes().iter().map(escaped).collect();
    format!("postgres://postgres@{host}:5432/postgres?sslmode=disable")
}
