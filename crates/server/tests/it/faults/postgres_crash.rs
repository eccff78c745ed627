//! Crashes of PostgreSQL under load: a restart, and a promoted standby.

use vestibule_testing::{
    Proxy,
    postgres::{Node, ReplicatedServers, server_url},
};

use super::{Load, assert_present, repeated};
use crate::support::{Folder, Server};

fn serve(folder: &Folder, url: &str) -> Server {
    folder.serve_with(&[
        ("DATABASE_URL", url),
        ("VESTIBULE_SECRET_KEY", "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea"),
        ("VESTIBULE_RATE_LIMITS", "off"),
    ])
}

#[test]
fn acknowledged_writes_survive_a_postgres_crash() {
    let Some(servers) = server_url().and_then(|_| ReplicatedServers::start()) else {
        return;
    };
    let folder = Folder::new();
    let url = servers.url(Node::First);
    let server = serve(&folder, &url);
    let load = Load::start(server.address(), 4);
    for round in 1..=repeated(1) {
        load.wait_for(30 * round as usize);
        servers.crash(Node::First);
        server.wait_for_readiness(503);
        assert_eq!(server.get("/health/live", None).status, 200);
        server.wait_for("the database is unavailable");
        servers.restart(Node::First);
        server.wait_for_readiness(200);
        server.wait_for("the database is available again");
    }
    load.wait_for(30 * (repeated(1) as usize + 1));
    let (acknowledged, rejected) = load.stop();
    assert!(rejected.iter().all(|status| *status == 503), "{rejected:?}");
    assert_present(&url, &acknowledged);
}

#[test]
fn server_follows_a_promoted_standby() {
    let Some(servers) = server_url().and_then(|_| ReplicatedServers::start()) else {
        return;
    };
    let (first, second) = (servers.url(Node::First), servers.url(Node::Second));
    servers.replicate_synchronously();
    let proxy = Proxy::start(&first);
    let folder = Folder::new();
    let server = serve(&folder, &proxy.url(&first));
    let load = Load::start(server.address(), 4);
    load.wait_for(30);
    servers.crash(Node::First);
    server.wait_for_readiness(503);
    proxy.forward_to(&second);
    assert_eq!(server.get("/health/ready", None).status, 503, "a standby is read-only");
    servers.promote(Node::Second);
    server.wait_for_readiness(200);
    load.wait_for(60);
    let (acknowledged, rejected) = load.stop();
    assert!(rejected.iter().all(|status| *status == 503), "{rejected:?}");
    assert_present(&second, &acknowledged);
}
