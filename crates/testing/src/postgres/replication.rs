//! A PostgreSQL primary and its standby, for tests of failover.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::cluster::{User, folder, initdb, url};

const SETTINGS: &str = "\
listen_addresses = ''
max_connections = 60
shared_buffers = 32MB
wal_level = replica
max_wal_senders = 4
hot_standby = on
wal_keep_size = 64MB
autovacuum = off
jit = off
";

/// The script that stops the servers and removes the folder when its standard input ends, which the end of the test
/// process causes.
const WATCHDOG: &str = r#"
trap '' HUP INT PIPE TERM
cat >/dev/null
for data in "$2"/*/; do "$1/pg_ctl" stop --mode=immediate --pgdata="$data" >/dev/null 2>&1; done
rm -rf "$2"
"#;

/// A primary and its standby, each with its own socket.
pub struct ReplicatedServers {
    bin: PathBuf,
    folder: PathBuf,
    user: Option<User>,
    _watchdog: Child,
}

/// One of the two servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Node {
    /// The primary at the start.
    First,
    /// The standby at the start.
    Second,
}

impl Node {
    const fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::First => 5432,
            Self::Second => 5433,
        }
    }
}

impl ReplicatedServers {
    /// Starts both servers, or returns `None` if PostgreSQL is not installed.
    #[must_use]
    pub fn start() -> Option<Self> {
        let bin = initdb()?.parent()?.to_owned();
        let user = User::for_server().unwrap_or_else(|error| panic!("{error}"));
        let folder = folder(user.as_ref()).unwrap_or_else(|error| panic!("{error}"));
        let mut shell = user.as_ref().map_or_else(|| Command::new("sh"), User::shell);
        let watchdog = shell
            .args(["-c", WATCHDOG, "watchdog"])
            .args([&bin, &folder])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        let servers = Self {
            bin,
            folder,
            user,
            _watchdog: watchdog,
        };
        servers.run(
            "initdb",
            &[
                "--username=postgres",
                "--auth=trust",
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C",
            ],
            Node::First,
        );
        servers.configure(Node::First, SETTINGS);
        servers.start_node(Node::First);
        let socket = servers.folder.display().to_string();
        servers.run(
            "pg_basebackup",
            &[
                "--host",
                &socket,
                "--port",
                "5432",
                "--username=postgres",
                "--write-recovery-conf",
                "--checkpoint=fast",
            ],
            Node::Second,
        );
        servers.configure(Node::Second, "");
        servers.start_node(Node::Second);
        Some(servers)
    }

    /// Returns the URL of the database `postgres` on a node.
    #[must_use]
    pub fn url(&self, node: Node) -> String {
        url(&self.folder).replace(":5432/", &format!(":{}/", node.port()))
    }

    /// Returns the folder of the servers, in which they can create files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes the first node acknowledge a commit only after the standby has received it.
    pub fn replicate_synchronously(&self) {
        self.configure(Node::First, "synchronous_standby_names = '*'\n");
        self.run("pg_ctl", &["reload"], Node::First);
    }

    /// Stops a node immediately, which simulates a crash.
    pub fn crash(&self, node: Node) {
        self.run("pg_ctl", &["stop", "--mode=immediate", "--wait"], node);
    }

    /// Promotes a standby to a primary.
    pub fn promote(&self, node: Node) {
        self.run("pg_ctl", &["promote", "--wait"], node);
    }

    /// Starts a crashed node again.
    pub fn restart(&self, node: Node) {
        self.start_node(node);
    }

    fn start_node(&self, node: Node) {
        let log = self.folder.join(format!("{}.log", node.name()));
        self.run(
            "pg_ctl",
            &["start", "--wait", "--log", &log.display().to_string()],
            node,
        );
    }

    fn configure(&self, node: Node, settings: &str) {
        let folder = self.folder.display();
        // If a setting occurs more than once, the last line is used.
        let text = format!(
            "{settings}port = {}\nunix_socket_directories = '{folder}'\n",
            node.port()
        );
        let mut shell = self.shell();
        let file = self.data(node).join("postgresql.conf");
        let status = shell
            .args(["-c", r#"printf '%s' "$1" >>"$2""#, "configure", &text])
            .arg(file)
            .status();
        assert!(status.is_ok_and(|status| status.success()), "the settings are written");
    }

    fn run(&self, program: &str, args: &[&str], node: Node) {
        let mut shell = self.shell();
        let output = shell
            .args(["-c", r#"exec "$@""#, "run"])
            .arg(self.bin.join(program))
            .args(args)
            .arg("--pgdata")
            .arg(self.data(node))
            .stdout(Stdio::null())
            .output()
            .expect("the program runs");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {args:?}: {error}");
    }

    fn shell(&self) -> Command {
        let mut shell = self.user.as_ref().map_or_else(|| Command::new("sh"), User::shell);
        shell
            .env("LC_ALL", "C")
            .env_remove("PGPORT")
            .current_dir("/")
            .stdin(Stdio::null());
        shell
    }

    fn data(&self, node: Node) -> PathBuf {
        Path::new(&self.folder).join(node.name())
    }
}
