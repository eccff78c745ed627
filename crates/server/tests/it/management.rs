//! The management address and the command `health`.

use crate::support::{Folder, create_ada, sign_in_ada, stderr, stdout};

#[test]
fn health_checks_a_running_server() {
    let folder = Folder::new();
    let server = folder.serve();
    let health = |addr: &str| {
        let mut command = folder.command(&["health"]);
        let output = command
            .env("VESTIBULE_ADDR", addr)
            .output()
            .expect("the program starts");
        (output.status.code(), stdout(&output), stderr(&output))
    };
    let addr = server.address().to_string();
    assert_eq!(health(&addr).0, Some(0));
    assert_eq!(health(&addr).1, "ok\n");
    server.stop();
    let (code, _, error) = health(&addr);
    assert_eq!(code, Some(1));
    assert!(error.contains("does not respond"), "{error}");
}

#[test]
fn metrics_are_only_on_the_management_address() {
    let folder = Folder::migrated();
    create_ada(&folder);
    let server = folder.serve_with(&[("VESTIBULE_MANAGEMENT_ADDR", "127.0.0.1:0")]);
    let management = server.management();
    let token = sign_in_ada(&server);
    assert_eq!(server.get("/api/users/me", Some(&token)).status, 200);
    server.get("/api/users/me", None);
    server.get("/unknown/path", None);
    let mut connection = server.connect();
    connection.send("BREW /api/users/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    connection.response();

    let metrics = management.get("/metrics", None).text;
    for line in [
        "vestibule_http_requests_total{method=\"GET\",route=\"/api/users/me\",status=\"200\"} 1",
        "vestibule_http_requests_total{method=\"GET\",route=\"/api/users/me\",status=\"401\"} 1",
        "vestibule_http_requests_total{method=\"POST\",route=\"/api/auth/login\",status=\"200\"} 1",
        "vestibule_http_requests_total{method=\"GET\",route=\"other\",status=\"404\"} 1",
        "vestibule_http_requests_total{method=\"other\",route=\"/api/users/me\",status=\"405\"} 1",
        "vestibule_http_request_duration_seconds_count{method=\"GET\",route=\"/api/users/me\"} 2",
        "vestibule_password_hashes_total 1",
        "vestibule_password_hashes_waiting 0",
        "vestibule_sessions 1",
        "vestibule_build_info{version=\"0.1.0\"} 1",
    ] {
        assert!(metrics.lines().any(|other| other == line), "{line} in\n{metrics}");
    }
    assert!(
        metrics.contains("vestibule_database_connections{state=\"idle\"}"),
        "{metrics}"
    );
    assert!(!metrics.contains("ada@example.com") && !metrics.contains(&token));
    assert_eq!(management.get("/health/ready", None).status, 200);
    assert_eq!(server.get("/metrics", None).status, 404);
}
