//! Concurrent readers and writers.

use std::{
    collections::BTreeMap,
    fs,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{repeated, sign_up};
use crate::support::{Folder, Http, Server, on_postgres};

const WRITERS: usize = 8;
const READERS: usize = 24;

/// The duration of the load, multiplied by `VESTIBULE_FAULT_FACTOR`.
const SECONDS: u32 = 6;

/// The resources of the server process.
#[derive(Debug, Clone, Copy)]
struct Usage {
    kilobytes: u64,
    descriptors: usize,
}

/// Returns the resources, or `None` on a system without `/proc`.
fn usage(server: &Server) -> Option<Usage> {
    let process = format!("/proc/{}", server.id());
    let status = fs::read_to_string(format!("{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(Usage {
        kilobytes: line.split_whitespace().nth(1)?.parse().ok()?,
        descriptors: fs::read_dir(format!("{process}/fd")).ok()?.count(),
    })
}

fn token(server: &Server) -> String {
    let ada = json!({ "email": "ada@example.com", "password": "correct horse battery" });
    assert_eq!(server.post("/api/users", &ada).status, 201);
    let tokens = server.post("/api/auth/login", &ada).body;
    tokens["access_token"].as_str().expect("a token").to_owned()
}

fn all_readers_and_writers_are_served(settings: &[(&str, &str)]) {
    let folder = Folder::new();
    let server = folder.serve_with(&[settings, &[("VESTIBULE_RATE_LIMITS", "off")]].concat());
    let token = token(&server);
    let (is_stopped, statuses) = (
        AtomicBool::new(false),
        Arc::new(Mutex::new(BTreeMap::<u16, u64>::new())),
    );
    let count = |status: u16| *statuses.lock().expect("unpoisoned").entry(status).or_default() += 1;
    let address = server.address();
    let (early, late) = thread::scope(|scope| {
        for n in 0..WRITERS + READERS {
            let (is_stopped, token, count) = (&is_stopped, &token, &count);
            scope.spawn(move || {
                let http = Http::at(address);
                while !is_stopped.load(SeqCst) {
                    if n < WRITERS {
                        count(sign_up(&http).map_or_else(|status| status, |_| 201));
                    } else {
                        count(http.get("/api/users/me", Some(token)).status);
                    }
                }
            });
        }
        let length = Duration::from_secs(u64::from(repeated(SECONDS)));
        let started = Instant::now();
        thread::sleep(length / 2);
        let early = usage(&server);
        thread::sleep(length.saturating_sub(started.elapsed()));
        let late = usage(&server);
        is_stopped.store(true, SeqCst);
        (early, late)
    });
    let statuses = statuses.lock().expect("unpoisoned").clone();
    assert!(
        statuses.keys().all(|status| [200, 201].contains(status)),
        "{statuses:?}"
    );
    if let (Some(early), Some(late)) = (early, late) {
        // Caches and the allocator settle within the first half.
        assert!(
            late.kilobytes <= early.kilobytes * 105 / 100 + 4096,
            "{early:?}, later {late:?}"
        );
        // Each client has at most one connection.
        assert!(
            late.descriptors <= early.descriptors + WRITERS + READERS,
            "{early:?}, later {late:?}"
        );
    }
}

#[test]
fn all_readers_and_writers_are_served_on_sqlite() {
    all_readers_and_writers_are_served(&[]);
}

#[test]
fn all_readers_and_writers_are_served_on_postgres() {
    on_postgres(all_readers_and_writers_are_served);
}
