//! Stalled clients and outages: timeouts of connections, shutdown, and a bounded log.

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;
use sea_orm::{ConnectionTrait, Database};
use serde_json::json;
use vestibule_testing::{FinalReply, MailServer};

use crate::support::{Folder, Http, post};

/// Much shorter than the keep-alive of idle connections, and much longer than the timeout of a request head.
const LIMIT: Duration = Duration::from_secs(30);

const REQUEST: &str = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
const INCOMPLETE_HEAD: &str = "GET /health/live HTTP/1.1\r\nHost: loc";

/// Sends these pieces at intervals of half a second until the server closes the connection. Returns the time since the
/// first piece.
fn closed_after(address: SocketAddr, pieces: impl Iterator<Item = String>) -> Duration {
    let mut stream = TcpStream::connect(address).expect("connected");
    stream
        .set_read_timeout(Some(Duration::from_millis(500)))
        .expect("a timeout");
    let started = Instant::now();
    let mut buffer = [0; 4096];
    let mut pieces = pieces.fuse();
    while started.elapsed() < LIMIT {
        if let Some(piece) = pieces.next()
            && stream.write_all(piece.as_bytes()).is_err()
        {
            return started.elapsed();
        }
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => return started.elapsed(),
                Ok(_) => {}
                Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => break,
                Err(_) => return started.elapsed(),
            }
        }
    }
    panic!("still open after {LIMIT:?}");
}

#[test]
fn request_heads_have_a_timeout() {
    let folder = Folder::new();
    let server = folder.serve();
    let address = server.address();
    let body = json!({ "email": "ada@example.com", "password": "wrong" });
    let with_body = post("/api/auth/login", "X-Other: 1", &body);
    let trickle = |n: usize| INCOMPLETE_HEAD.repeat(20).chars().skip(n).take(1).collect::<String>();
    let stalls: Vec<(&str, Vec<String>)> = vec![
        ("first head", vec![INCOMPLETE_HEAD.to_owned()]),
        ("second head", vec![REQUEST.to_owned(), INCOMPLETE_HEAD.to_owned()]),
        (
            "third head",
            vec![REQUEST.to_owned(), REQUEST.to_owned(), INCOMPLETE_HEAD.to_owned()],
        ),
        (
            "second head in the same write",
            vec![format!("{REQUEST}{INCOMPLETE_HEAD}")],
        ),
        (
            "third head in the same write",
            vec![format!("{REQUEST}{REQUEST}{INCOMPLETE_HEAD}")],
        ),
        ("after a body", vec![with_body.clone(), INCOMPLETE_HEAD.to_owned()]),
        (
            "after a body in the same write",
            vec![format!("{with_body}{INCOMPLETE_HEAD}")],
        ),
        ("empty lines", vec![REQUEST.to_owned(), "\r\n\r\nGET".to_owned()]),
        (
            "byte by byte",
            [REQUEST.to_owned()].into_iter().chain((0..200).map(trickle)).collect(),
        ),
    ];
    thread::scope(|scope| {
        for (name, pieces) in stalls {
            scope.spawn(move || {
                let elapsed = closed_after(address, pieces.into_iter());
                println!("{name}: closed after {elapsed:?}");
            });
        }
        // An idle connection without a byte of the next request stays open and usable.
        scope.spawn(move || {
            let mut connection = Http::at(address).connect();
            for pause in [0, 8, 1] {
                thread::sleep(Duration::from_secs(pause));
                connection.send(REQUEST);
                assert_eq!(connection.response().status, 200);
                connection.send(&post("/api/auth/login", "X-Other: 1", &json!({})));
                assert_eq!(connection.response().status, 422);
            }
        });
    });
}

/// Returns the `stop_grace_period` of `docker-compose.yml`.
fn grace_period() -> Duration {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docker-compose.yml");
    let text = fs::read_to_string(path).expect("read");
    let (_, rest) = text.split_once("stop_grace_period: ").expect("a grace period");
    let seconds = rest.split_once("s\n").expect("seconds").0;
    Duration::from_secs(seconds.parse().expect("a number"))
}

#[test]
fn shutdown_with_stalled_clients_fits_the_container_grace_period() {
    let folder = Folder::new();
    let hanging = MailServer::start("250 ok", FinalReply::Stall);
    let server = folder.serve_with(&[("VESTIBULE_MAIL_URL", &hanging.url)]);
    let ada = json!({ "email": "ada@example.com", "password": "correct horse battery" });
    assert_eq!(server.post("/api/users", &ada).status, 201);
    assert!(hanging.next_transcript().contains("ada@example.com"));
    let request = post("/api/users", "Expect: 100-continue", &ada);
    let mut stalled: Vec<_> = (0..3).map(|_| server.connect()).collect();
    stalled[0].send(&request[..request.len() - 10]);
    assert_eq!(stalled[0].response().status, 100, "the server waits for the body");
    stalled[1].send(INCOMPLETE_HEAD);
    stalled[2].send(REQUEST);
    assert_eq!(stalled[2].response().status, 200);
    server.signal(Signal::TERM);
    let started = Instant::now();
    assert_eq!(server.wait().code(), Some(0));
    assert!(started.elapsed() < grace_period(), "{:?}", started.elapsed());
}

/// Every response has its own request id, and the log has one line per cause instead of per request.
#[test]
fn outage_responses_are_summarized_in_the_log() {
    const REQUESTS: usize = 60;
    let folder = Folder::new();
    let server = folder.serve();
    let address = server.address();
    let url = format!("sqlite://{}/data/vestibule.db", folder.path().display());
    let runtime = actix_web::rt::System::new();
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1);
    let other = runtime.block_on(Database::connect(options)).expect("opened");
    let lock = other.execute_unprepared("BEGIN IMMEDIATE");
    runtime.block_on(lock).expect("locked");
    let mut ids: Vec<String> = thread::scope(|scope| {
        let requests: Vec<_> = (0..REQUESTS)
            .map(|n| {
                scope.spawn(move || {
                    let email = format!("user{n}@example.com");
                    let body = json!({ "email": email, "password": "correct horse battery" });
                    let response = Http::at(address).post("/api/users", &body);
                    assert_eq!(response.status, 503, "{}", response.text);
                    response.body["request_id"].as_str().expect("an id").to_owned()
                })
            })
            .collect();
        requests
            .into_iter()
            .map(|request| request.join().expect("answered"))
            .collect()
    });
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), REQUESTS);
    let summary = server.wait_for("more requests failed with this cause");
    assert!(summary.contains("requests="), "{summary}");
    runtime
        .block_on(other.execute_unprepared("ROLLBACK"))
        .expect("released");
    let lines = server
        .stop()
        .into_iter()
        .filter(|line| line.contains("database unavailable"));
    assert!(lines.count() < REQUESTS / 4);
}
