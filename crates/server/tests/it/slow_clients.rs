//! Clients that stall, and an outage: connections, the end of the process and the log stay bounded.

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

/// Far less than an idle connection is kept, far more than a head may take.
const BOUND: Duration = Duration::from_secs(30);

const REQUEST: &str = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
const HALF: &str = "GET /health/live HTTP/1.1\r\nHost: loc";

/// Sends these pieces, each half a second after the one before, until the server closes. Says how long that took after
/// the first piece.
fn closed_after(address: SocketAddr, pieces: impl Iterator<Item = String>) -> Duration {
    let mut stream = TcpStream::connect(address).expect("connected");
    stream
        .set_read_timeout(Some(Duration::from_millis(500)))
        .expect("a time-out");
    let began = Instant::now();
    let mut buffer = [0; 4096];
    let mut pieces = pieces.fuse();
    while began.elapsed() < BOUND {
        if let Some(piece) = pieces.next()
            && stream.write_all(piece.as_bytes()).is_err()
        {
            return began.elapsed();
        }
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => return began.elapsed(),
                Ok(_) => {}
                Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => break,
                Err(_) => return began.elapsed(),
            }
        }
    }
    panic!("still open after {BOUND:?}");
}

#[test]
fn the_head_of_every_request_has_a_timeout() {
    let folder = Folder::new();
    let server = folder.serve();
    let address = server.address();
    let body = json!({ "email": "ada@example.com", "password": "wrong" });
    let with_body = post("/api/auth/login", "X-Other: 1", &body);
    let trickle = |n: usize| HALF.repeat(20).chars().skip(n).take(1).collect::<String>();
    let stalls: Vec<(&str, Vec<String>)> = vec![
        ("first head", vec![HALF.to_owned()]),
        ("second head", vec![REQUEST.to_owned(), HALF.to_owned()]),
        (
            "third head",
            vec![REQUEST.to_owned(), REQUEST.to_owned(), HALF.to_owned()],
        ),
        ("second head in the same write", vec![format!("{REQUEST}{HALF}")]),
        (
            "third head in the same write",
            vec![format!("{REQUEST}{REQUEST}{HALF}")],
        ),
        ("after a body", vec![with_body.clone(), HALF.to_owned()]),
        ("after a body in the same write", vec![format!("{with_body}{HALF}")]),
        ("empty lines", vec![REQUEST.to_owned(), "\r\n\r\nGET".to_owned()]),
        (
            "byte by byte",
            [REQUEST.to_owned()].into_iter().chain((0..200).map(trickle)).collect(),
        ),
    ];
    thread::scope(|scope| {
        for (name, pieces) in stalls {
            scope.spawn(move || {
                let took = closed_after(address, pieces.into_iter());
                println!("{name}: closed after {took:?}");
            });
        }
        // A connection without a byte of a next request stays, and is good for one.
        scope.spawn(move || {
            let mut connection = Http::at(address).connect();
            for pause in [0, 8, 1] {
                thread::sleep(Duration::from_secs(pause));
                connection.send(REQUEST);
                assert_eq!(connection.answer().status, 200);
                connection.send(&post("/api/auth/login", "X-Other: 1", &json!({})));
                assert_eq!(connection.answer().status, 422);
            }
        });
    });
}

/// The time that `docker-compose.yml` gives the server to end.
fn grace() -> Duration {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docker-compose.yml");
    let text = fs::read_to_string(path).expect("the file is there");
    let (_, rest) = text.split_once("stop_grace_period: ").expect("a grace");
    let seconds = rest.split_once("s\n").expect("seconds").0;
    Duration::from_secs(seconds.parse().expect("a number"))
}

#[test]
fn the_server_ends_within_the_grace_of_its_container_whatever_stalls() {
    let folder = Folder::new();
    let hanging = MailServer::start("250 ok", FinalReply::Stall);
    let server = folder.serve_with(&[("VESTIBULE_MAIL_URL", &hanging.url)]);
    let ada = json!({ "email": "ada@example.com", "password": "correct horse battery" });
    assert_eq!(server.post("/api/users", &ada).status, 201);
    assert!(hanging.next_transcript().contains("ada@example.com"));
    let request = post("/api/users", "Expect: 100-continue", &ada);
    let mut stalled: Vec<_> = (0..3).map(|_| server.connect()).collect();
    stalled[0].send(&request[..request.len() - 10]);
    assert_eq!(stalled[0].answer().status, 100, "the request is under way");
    stalled[1].send(HALF);
    stalled[2].send(REQUEST);
    assert_eq!(stalled[2].answer().status, 200);
    server.signal(Signal::TERM);
    let began = Instant::now();
    assert_eq!(server.wait().code(), Some(0));
    assert!(began.elapsed() < grace(), "{:?}", began.elapsed());
}

/// Everything that is refused has its own identifier, and the log has a line for each cause and not for each request.
#[test]
fn refused_requests_of_an_outage_are_summed_up_in_the_log() {
    const REFUSED: usize = 60;
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
        let requests: Vec<_> = (0..REFUSED)
            .map(|n| {
                scope.spawn(move || {
                    let email = format!("user{n}@example.com");
                    let body = json!({ "email": email, "password": "correct horse battery" });
                    let answer = Http::at(address).post("/api/users", &body);
                    assert_eq!(answer.status, 503, "{}", answer.text);
                    answer.body["request_id"].as_str().expect("an identifier").to_owned()
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
    assert_eq!(ids.len(), REFUSED);
    let summary = server.wait_for("more requests failed with this cause");
    assert!(summary.contains("requests="), "{summary}");
    runtime.block_on(other.execute_unprepared("ROLLBACK")).expect("let go");
    let lines = server
        .stop()
        .into_iter()
        .filter(|line| line.contains("database unavailable"));
    assert!(lines.count() < REFUSED / 4);
}
