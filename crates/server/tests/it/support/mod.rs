//! The program under test, its working directory, and helpers to wait for it.

mod http;

use std::{
    env, fs,
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    net::SocketAddr,
    ops::Deref,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{
        atomic::{AtomicU32, Ordering},
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use vestibule_testing::postgres;

pub(crate) use http::{Http, Response, post};

/// Longer than any step takes, even on a busy machine.
const TIMEOUT: Duration = Duration::from_mins(1);

/// The password of `ada@example.com`.
const PASSWORD: &str = "correct horse battery";

/// A temporary working directory for one test, deleted at its end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "vestibule-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("created");
        Self(path)
    }

    /// Returns a directory with a migrated database, which commands require.
    pub(crate) fn migrated() -> Self {
        let folder = Self::new();
        let migrated = folder.run(&["migrate", "up"]);
        assert!(migrated.status.success(), "{}", stderr(&migrated));
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Returns the program with these arguments, in this directory, without the settings of the surrounding environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
        for (name, _) in env::vars_os() {
            if name
                .to_str()
                .is_none_or(|name| name.starts_with("VESTIBULE_") || name.starts_with("DATABASE_URL"))
            {
                command.env_remove(name);
            }
        }
        command
            .env_remove("RUST_LOG")
            .env("VESTIBULE_ADDR", "127.0.0.1:0")
            .env("VESTIBULE_MANAGEMENT_ADDR", "off")
            .env("VESTIBULE_BCRYPT_COST", "4");
        command.current_dir(&self.0).args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs the program until it exits.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// Runs the program until it exits, with this standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let written = child.stdin.take().expect("piped").write_all(input.as_bytes());
        // A program that fails early exits without reading its input.
        if let Err(error) = written {
            assert_eq!(error.kind(), ErrorKind::BrokenPipe, "{error}");
        }
        child.wait_with_output().expect("the program exits")
    }

    /// Starts the server and waits until it listens.
    pub(crate) fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// Starts the server with these settings and waits until it listens.
    pub(crate) fn serve_with(&self, settings: &[(&str, &str)]) -> Server {
        let mut command = self.command(&[]);
        command.envs(settings.iter().copied());
        Server::start(command)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running server, killed at the end of the test.
pub(crate) struct Server {
    child: Child,
    log: Receiver<String>,
    /// The log from before it listened.
    startup_log: Vec<String>,
    http: Http,
}

impl Deref for Server {
    type Target = Http;

    fn deref(&self) -> &Http {
        &self.http
    }
}

/// Returns the address in a line of the log.
fn address_in(line: &str) -> SocketAddr {
    let (_, rest) = line.split_once("http://").expect("a URL");
    let end = rest
        .find(|c: char| !matches!(c, '0'..='9' | '.' | ':'))
        .unwrap_or(rest.len());
    rest[..end].parse().expect("an address")
}

impl Server {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the program starts");
        let log = lines(child.stderr.take().expect("piped"));
        let mut startup_log = Vec::new();
        let addr = address_in(&wait_for(&log, "listening", &mut startup_log));
        Self {
            child,
            log,
            startup_log,
            http: Http::at(addr),
        }
    }

    /// Returns its management address.
    pub(crate) fn management(&self) -> Http {
        Http::at(address_in(&self.wait_for("metrics at")))
    }

    /// Waits for a line of the log that contains `part`, and returns it.
    pub(crate) fn wait_for(&self, part: &str) -> String {
        wait_for(&self.log, part, &mut Vec::new())
    }

    /// Waits until the readiness check returns this status.
    pub(crate) fn wait_for_readiness(&self, status: u16) {
        let readiness = || self.get("/health/ready", None).status;
        wait_until(&format!("readiness is {status}"), || readiness() == status);
    }

    /// Returns the id of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).expect("the server runs");
    }

    /// Stops it gracefully.
    pub(crate) fn terminate(&mut self) {
        self.signal(Signal::TERM);
        let status = self.child.wait().expect("the server exits");
        let log = || self.log.iter().collect::<Vec<_>>();
        assert!(status.success(), "{status}: {:#?}", log());
    }

    /// Stops it gracefully and returns the lines of the log that [`Self::wait_for`] has not consumed.
    pub(crate) fn stop(mut self) -> Vec<String> {
        self.terminate();
        self.log.iter().collect()
    }

    /// Stops it gracefully and returns the log, including the startup.
    pub(crate) fn stop_with_full_log(mut self) -> Vec<String> {
        let mut log = std::mem::take(&mut self.startup_log);
        log.extend(self.stop());
        log
    }

    pub(crate) fn wait(mut self) -> ExitStatus {
        self.child.wait().expect("the server exits")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a test with the settings of an empty PostgreSQL database, if there is a server.
pub(crate) fn on_postgres(test: fn(&[(&str, &str)])) {
    if let Some(database) = actix_web::rt::System::new().block_on(postgres::empty()) {
        let key = ("VESTIBULE_SECRET_KEY", "a secret key for tests, 0123456789");
        test(&[("DATABASE_URL", database.url()), key]);
    }
}

/// Runs a program until it exits, and fails after a timeout.
pub(crate) fn finish(mut command: Command) -> Output {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let deadline = Instant::now() + TIMEOUT;
    while child.try_wait().expect("a child").is_none() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(10));
    }
    let exited = child.try_wait().expect("a child").is_some();
    let _ = child.kill();
    let output = child.wait_with_output().expect("its output");
    assert!(exited, "still running: {command:?}\n{}", stderr(&output));
    output
}

/// Runs a test with an SQLite file that does not exist yet, and with an empty PostgreSQL database.
pub(crate) fn on_each_database(test: impl Fn(&Folder, &str)) {
    let folder = Folder::new();
    test(&folder, &format!("sqlite://{}/test.db", folder.path().display()));
    if let Some(database) = actix_web::rt::System::new().block_on(postgres::empty()) {
        test(&Folder::new(), database.url());
    }
}

/// Waits until a condition holds, and panics after a timeout.
pub(crate) fn wait_until(description: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + TIMEOUT;
    while !holds() {
        assert!(Instant::now() < deadline, "not within {TIMEOUT:?}: {description}");
        thread::sleep(Duration::from_millis(5));
    }
}

fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    receiver
}

/// Waits for a line with `part`, and adds the lines before it to `seen`.
fn wait_for(log: &Receiver<String>, part: &str, seen: &mut Vec<String>) -> String {
    let deadline = Instant::now() + TIMEOUT;
    while let Ok(line) = log.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        if line.contains(part) {
            return line;
        }
        seen.push(line);
    }
    panic!("no line with {part:?} in:\n{}", seen.join("\n"));
}

/// Returns the standard output of a program.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Returns the standard error of a program.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Creates the user `ada@example.com` on the command line.
pub(crate) fn create_ada(folder: &Folder) {
    let created = folder.run_with_input(&["user", "create", "ada@example.com"], PASSWORD);
    assert!(created.status.success(), "{}", stderr(&created));
}

/// Signs in `ada@example.com` and returns an access token.
pub(crate) fn sign_in_ada(server: &Server) -> String {
    let response = server.post(
        "/api/auth/login",
        &json!({ "email": "ada@example.com", "password": PASSWORD }),
    );
    response.body["access_token"].as_str().expect("a token").to_owned()
}
