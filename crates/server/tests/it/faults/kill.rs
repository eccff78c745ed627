//! Killing the server under load.

use rustix::process::Signal;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};

use super::{Load, assert_present, repeated};
use crate::support::{Folder, on_postgres};

const UNLIMITED: (&str, &str) = ("VESTIBULE_RATE_LIMITS", "off");

/// Kills the server repeatedly while clients sign up users. Returns the acknowledged emails.
fn kill_under_load(folder: &Folder, settings: &[(&str, &str)]) -> Vec<String> {
    let mut all = Vec::new();
    for round in 0..repeated(5) {
        let server = folder.serve_with(settings);
        let load = Load::start(server.address(), 4);
        load.wait_for(20 + 7 * (round as usize % 5));
        server.signal(Signal::KILL);
        assert!(!server.wait().success());
        let (acknowledged, rejected) = load.stop();
        assert!(rejected.iter().all(|status| [0, 503].contains(status)), "{rejected:?}");
        all.extend(acknowledged);
    }
    // The server also starts after the last kill.
    let mut server = folder.serve_with(settings);
    assert_eq!(server.get("/health/ready", None).status, 200);
    server.terminate();
    all
}

#[test]
fn acknowledged_writes_survive_kills_on_sqlite() {
    let folder = Folder::new();
    let acknowledged = kill_under_load(&folder, &[UNLIMITED]);
    let url = format!("sqlite://{}/data/vestibule.db", folder.path().display());
    assert_present(&url, &acknowledged);
    let check = async {
        let db = Database::connect(url.as_str()).await.expect("connected");
        for (pragma, expected) in [("integrity_check", Some("ok")), ("foreign_key_check", None)] {
            let statement = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {pragma}"));
            let row = db.query_one_raw(statement).await.expect("checked");
            let result = row.map(|row| row.try_get_by_index::<String>(0).expect("text"));
            assert_eq!(result.as_deref(), expected, "{pragma}");
        }
    };
    actix_web::rt::System::new().block_on(check);
}

#[test]
fn acknowledged_writes_survive_kills_on_postgres() {
    on_postgres(|settings| {
        let folder = Folder::new();
        let url = settings[0].1;
        let settings = [settings, &[UNLIMITED]].concat();
        let acknowledged = kill_under_load(&folder, &settings);
        assert_present(url, &acknowledged);
    });
}
