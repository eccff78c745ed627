//! Many readers and writers at once, for a while.

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

/// How long the load lasts, times the factor of the environment.
const SECONDS: u32 = 6;

/// What the process holds, as the system counts it.
#[derive(Debug, Clone, Copy)]
struct Usage {
    kilobytes: u64,
    descriptors: usize,
}

/// `None` where the system has no such files.
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

fn readers_and_writers_are_all_served(settings: &[(&str, &str)]) {
    let folder = Folder::new();
    let server = folder.serve_with(&[settings, &[("VESTIBULE_RATE_LIMITS", "off")]].concat());
    let token = token(&server);
    let (is_over, statuses) = (
        AtomicBool::new(false),
        Arc::new(Mutex::new(BTreeMap::<u16, u64>::new())),
    );
    let count = |status: u16| *statuses.lock().expect("unpoisoned").entry(status).or_default() += 1;
    let address = server.address();
    let (early, late) = thread::scope(|scope| {
        for n in 0..WRITERS + READERS {
            let (is_over, token, count) = (&is_over, &token, &count);
            scope.spawn(move || {
                let http = Http::at(address);
                while !is_over.load(SeqCst) {
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
        is_over.store(true, SeqCst);
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
        // Connections of the clients come and go.
        assert!(
            late.descriptors <= early.descriptors + WRITERS + READERS,
            "{early:?}, later {late:?}"
        );
    }
}

#[test]
fn readers_and_writers_are_all_served_on_sqlite() {
    readers_and_writers_are_all_served(&[]);
}

#[test]
fn readers_and_writers_are_all_served_on_postgres() {
    on_postgres(readers_and_writers_are_all_served);
}
