//! The real program, its folder, and a client that speaks plain HTTP.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
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
use serde_json::Value;
use vestibule_testing::postgres;

/// Longer than anything here takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A folder of its own for each test, gone at its end.
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
        fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    /// A folder with a database that has every migration, as the commands need it.
    pub(crate) fn migrated() -> Self {
        let folder = Self::new();
        let migrated = folder.run(&["migrate", "up"]);
        assert!(migrated.status.success(), "{}", stderr(&migrated));
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The program with these arguments, in this folder, with none of the settings of whoever runs the test.
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

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// Runs the program to its end with something to read.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        child
            .stdin
            .take()
            .expect("piped")
            .write_all(input.as_bytes())
            .expect("the program reads");
        child.wait_with_output().expect("the program ends")
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
    /// What it said before it listened.
    before: Vec<String>,
    http: Http,
}

/// An address to send requests to.
pub(crate) struct Http(SocketAddr);

impl Deref for Server {
    type Target = Http;

    fn deref(&self) -> &Http {
        &self.http
    }
}

/// The address in a line of the log.
fn address_in(line: &str) -> SocketAddr {
    let (_, rest) = line.split_once("http://").expect("the line has the address");
    let end = rest
        .find(|c: char| !matches!(c, '0'..='9' | '.' | ':'))
        .unwrap_or(rest.len());
    rest[..end].parse().expect("an address")
}

impl Server {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the program starts");
        let log = lines(child.stderr.take().expect("piped"));
        let mut before = Vec::new();
        let addr = address_in(&wait_for(&log, "listening", &mut before));
        Self {
            child,
            log,
            before,
            http: Http(addr),
        }
    }

    /// Its management address.
    pub(crate) fn managed(&self) -> Http {
        Http(address_in(&self.wait_for("metrics at")))
    }

    /// Waits for a line of the log that holds `part`.
    pub(crate) fn wait_for(&self, part: &str) -> String {
        wait_for(&self.log, part, &mut Vec::new())
    }

    /// Waits until readiness has this status.
    pub(crate) fn wait_for_readiness(&self, status: u16) {
        let readiness = || self.get("/health/ready", None).status;
        wait_until(&format!("readiness is {status}"), || readiness() == status);
    }

    /// The identifier of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).expect("the server runs");
    }

    /// Ends it as an operator would.
    pub(crate) fn terminate(&mut self) {
        self.signal(Signal::TERM);
        assert!(self.child.wait().expect("the server ends").success());
    }

    /// Ends it, and gives what it has logged that nobody waited for.
    pub(crate) fn stop(mut self) -> Vec<String> {
        self.terminate();
        self.log.iter().collect()
    }

    /// Ends it, and gives what it has logged, from before it listened too.
    pub(crate) fn all_said(mut self) -> Vec<String> {
        let mut said = std::mem::take(&mut self.before);
        said.extend(self.stop());
        said
    }

    pub(crate) fn wait(mut self) -> ExitStatus {
        self.child.wait().expect("the server ends")
    }
}

impl Http {
    pub(crate) fn at(address: SocketAddr) -> Self {
        Self(address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0
    }

    pub(crate) fn connect(&self) -> Connection {
        let stream = TcpStream::connect(self.0).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out can be set");
        Connection(BufReader::new(stream))
    }

    pub(crate) fn get(&self, path: &str, token: Option<&str>) -> Answer {
        let authorization = token
            .map(|token| format!("Authorization: Bearer {token}\r\n"))
            .unwrap_or_default();
        let mut connection = self.connect();
        connection.send(&format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}Connection: close\r\n\r\n"
        ));
        connection.answer()
    }

    pub(crate) fn post_as(&self, token: &str, path: &str, body: &Value) -> Answer {
        let mut connection = self.connect();
        let headers = format!("Authorization: Bearer {token}\r\nConnection: close");
        connection.send(&post(path, &headers, body));
        connection.answer()
    }

    /// The status of the answer; `None` when the connection breaks.
    pub(crate) fn try_post(&self, path: &str, body: &Value) -> Option<u16> {
        let mut stream = TcpStream::connect(self.0).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        stream
            .write_all(post(path, "Connection: close", body).as_bytes())
            .ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer.split(' ').nth(1)?.parse().ok()
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        let mut connection = self.connect();
        connection.send(&post(path, "Connection: close", body));
        connection.answer()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The text of a POST with one more header.
pub(crate) fn post(path: &str, header: &str, body: &Value) -> String {
    let body = body.to_string();
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{header}\r\n\r\n{body}"
    )
}

/// One connection to the server.
pub(crate) struct Connection(BufReader<TcpStream>);

/// An answer of the server.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// `Retry-After`, in seconds.
    pub(crate) retry_after: Option<u32>,
    pub(crate) text: String,
    /// The text, where it is JSON.
    pub(crate) body: Value,
}

impl Connection {
    pub(crate) fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).expect("the server reads");
    }

    /// Reads an answer: its status, and its body as JSON where it is.
    pub(crate) fn answer(&mut self) -> Answer {
        let first = self.line();
        let status = first
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .expect("a status line");
        let (mut length, mut retry_after) = (0, None);
        loop {
            let line = self.line();
            match line.split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().expect("a number");
                }
                Some((name, value)) if name.eq_ignore_ascii_case("retry-after") => {
                    retry_after = value.trim().parse().ok();
                }
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).expect("the whole body");
        let text = String::from_utf8(body).expect("UTF-8");
        Answer {
            status,
            retry_after,
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }
}

/// Runs a test of the program with settings that name an empty database of PostgreSQL, where there is a server.
pub(crate) fn on_postgres(test: fn(&[(&str, &str)])) {
    if let Some(database) = actix_web::rt::System::new().block_on(postgres::empty()) {
        let key = ("VESTIBULE_SECRET_KEY", "a secret key for tests, 0123456789");
        test(&[("DATABASE_URL", database.url()), key]);
    }
}

/// Runs a program to its end, and fails when it does not come to one.
pub(crate) fn finish(mut command: Command) -> Output {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let until = Instant::now() + PATIENCE;
    while child.try_wait().expect("a child").is_none() && Instant::now() < until {
        thread::sleep(Duration::from_millis(10));
    }
    let ended = child.try_wait().expect("a child").is_some();
    let _ = child.kill();
    let output = child.wait_with_output().expect("its output");
    assert!(ended, "still running: {command:?}\n{}", stderr(&output));
    output
}

/// Runs a test with an SQLite file that does not exist yet, and with an empty database of PostgreSQL.
pub(crate) fn on_each_database(test: impl Fn(&Folder, &str)) {
    let folder = Folder::new();
    test(&folder, &format!("sqlite://{}/test.db", folder.path().display()));
    if let Some(database) = actix_web::rt::System::new().block_on(postgres::empty()) {
        test(&Folder::new(), database.url());
    }
}

/// Waits until something holds, and panics when it does not come to that.
pub(crate) fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < until, "not within {PATIENCE:?}: {what}");
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

/// Waits for a line with `part`, and keeps the others in `seen`.
fn wait_for(log: &Receiver<String>, part: &str, seen: &mut Vec<String>) -> String {
    let until = Instant::now() + PATIENCE;
    while let Ok(line) = log.recv_timeout(until.saturating_duration_since(Instant::now())) {
        if line.contains(part) {
            return line;
        }
        seen.push(line);
    }
    panic!("no line with {part:?} in:\n{}", seen.join("\n"));
}

/// What the program wrote on standard output.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What the program wrote on standard error.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
