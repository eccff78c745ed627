//! Faults of the server's dependencies: every acknowledged write survives.
//!
//! The tests collect acknowledged sign-ups and look for them in the database. `VESTIBULE_FAULT_FACTOR` multiplies the
//! repetitions; `cargo xtask faults` sets it.

mod clock_skew;
mod disk_full;
mod kill;
mod mixed_load;
mod postgres_crash;

use std::{
    collections::BTreeSet,
    env,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering::SeqCst},
    },
    thread::{self, JoinHandle},
};

use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::json;

use crate::support::{Http, wait_until};

/// Returns the number of repetitions: `times`, multiplied by `VESTIBULE_FAULT_FACTOR`.
fn repeated(times: u32) -> u32 {
    let factor = env::var("VESTIBULE_FAULT_FACTOR").ok();
    times * factor.map_or(1, |text| text.parse().expect("a whole number"))
}

/// Signs up a new user. Returns the email if the server acknowledged it, otherwise the status, or 0 if the connection
/// broke.
fn sign_up(http: &Http) -> Result<String, u16> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let email = format!("user-{}@example.com", COUNT.fetch_add(1, SeqCst));
    let body = json!({ "email": email, "password": "correct horse battery", "display_name": "x".repeat(200) });
    match http.try_post("/api/users", &body) {
        Some(201) => Ok(email),
        Some(status) => Err(status),
        None => Err(0),
    }
}

/// Clients that sign up users until they are stopped.
struct Load {
    is_stopped: Arc<AtomicBool>,
    acknowledged: Arc<Mutex<Vec<String>>>,
    rejected: Arc<Mutex<BTreeSet<u16>>>,
    clients: Vec<JoinHandle<()>>,
}

impl Load {
    fn start(address: SocketAddr, clients: usize) -> Self {
        let load = Self {
            is_stopped: Arc::default(),
            acknowledged: Arc::default(),
            rejected: Arc::default(),
            clients: Vec::new(),
        };
        let client = |_| {
            let (is_stopped, acknowledged) = (Arc::clone(&load.is_stopped), Arc::clone(&load.acknowledged));
            let rejected = Arc::clone(&load.rejected);
            thread::spawn(move || {
                let http = Http::at(address);
                while !is_stopped.load(SeqCst) {
                    match sign_up(&http) {
                        Ok(email) => acknowledged.lock().expect("unpoisoned").push(email),
                        Err(status) => drop(rejected.lock().expect("unpoisoned").insert(status)),
                    }
                }
            })
        };
        let clients = (0..clients).map(client).collect();
        Self { clients, ..load }
    }

    /// Waits until `count` sign-ups are acknowledged.
    fn wait_for(&self, count: usize) {
        let acknowledged = || self.acknowledged.lock().expect("unpoisoned").len();
        wait_until(&format!("{count} writes are acknowledged"), || acknowledged() >= count);
    }

    /// Stops the clients. Returns the acknowledged emails, and the other statuses, in which 0 is a broken connection.
    fn stop(self) -> (Vec<String>, BTreeSet<u16>) {
        self.is_stopped.store(true, SeqCst);
        for client in self.clients {
            client.join().expect("the client stops");
        }
        let take = |list: &Mutex<Vec<String>>| std::mem::take(&mut *list.lock().expect("unpoisoned"));
        let rejected = self.rejected.lock().expect("unpoisoned").clone();
        (take(&self.acknowledged), rejected)
    }
}

/// Asserts that the database contains all these users.
fn assert_present(url: &str, acknowledged: &[String]) {
    let query = async {
        let db = Database::connect(url).await.expect("connected");
        let statement = Statement::from_string(db.get_database_backend(), "SELECT email FROM users");
        let rows = db.query_all_raw(statement).await.expect("read");
        let emails = rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("text"));
        emails.collect::<BTreeSet<_>>()
    };
    let present = actix_web::rt::System::new().block_on(query);
    let lost: Vec<_> = acknowledged.iter().filter(|email| !present.contains(*email)).collect();
    assert!(
        lost.is_empty(),
        "{} of {} acknowledged users are lost: {lost:?}",
        lost.len(),
        acknowledged.len()
    );
}
