//! Bodies that exceed the limits on size and depth.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use vestibule_testing::{Engine, TestServer, on_each_database};

on_each_database!(excessive_bodies_are_rejected_without_blocking_requests);

const LOGIN: &str = "/api/auth/login";

/// Sends chunks until the server responds and returns the start of the status line. A server that reads the whole
/// body first would never respond.
fn send_endless_body(mut stream: TcpStream) -> String {
    let mut reader = stream.try_clone().expect("a second handle");
    let response = thread::spawn(move || {
        let mut response = [0; 12];
        let read = reader.read_exact(&mut response);
        read.map(|()| String::from_utf8_lossy(&response).into_owned())
    });
    let head = "POST /api/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("sent");
    stream
        .set_write_timeout(Some(Duration::from_secs(30)))
        .expect("a timeout");
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    while !response.is_finished() && stream.write_all(chunk.as_bytes()).is_ok() {}
    response.join().expect("the thread ends").unwrap_or_default() + " "
}

async fn excessive_bodies_are_rejected_without_blocking_requests(engine: Engine) {
    let server = TestServer::start(engine).await;
    let before = server.hasher.hashes();
    let deep = "[".repeat(8_000);
    let keys: Vec<String> = (0..1_000_000).map(|n| format!("\"{n}\":{n}")).collect();
    let long = format!(
        "{{\"email\":\"a@b.c\",\"password\":\"{}\"}}",
        "x".repeat(16 * 1024 * 1024)
    );
    for (description, body, expected) in [
        ("8,000 levels", deep.clone(), (400, "malformed_json")),
        ("100,000 levels", "[".repeat(100_000), (413, "payload_too_large")),
        (
            "a million fields",
            format!("{{{}}}", keys.join(",")),
            (413, "payload_too_large"),
        ),
        ("a password of 16 MiB", long, (413, "payload_too_large")),
    ] {
        let response = server.client().post(LOGIN).body("application/json", body).send().await;
        let (status, code) = response.problem();
        assert_eq!((status, code.as_str()), expected, "{description}");
    }
    for encoding in ["gzip", "br", "deflate", "zstd"] {
        let request = server.client().post(LOGIN).header("content-encoding", encoding);
        let response = request.body("application/json", vec![0x1f, 0x8b, 8, 0]).send().await;
        assert_eq!(
            response.problem(),
            (415, "unsupported_media_type".to_owned()),
            "{encoding}"
        );
    }
    let address = server.address();
    let endless =
        actix_web::rt::task::spawn_blocking(move || send_endless_body(TcpStream::connect(address).expect("connected")));
    assert_eq!(server.client().get("/health/live").send().await.status, 200);
    let status_line = endless.await.expect("the thread ends");
    assert!(status_line.starts_with("HTTP/1.1 413 "), "{status_line}");
    assert_eq!(
        server.hasher.hashes(),
        before,
        "none of these requests hashes a password"
    );
}
