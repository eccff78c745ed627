//! Bodies that are made to be too much.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use vestibule_testing::{Engine, TestServer, on_each_database};

on_each_database!(bodies_that_are_too_much_are_refused_and_nobody_waits);

const LOGIN: &str = "/api/auth/login";

async fn bodies_that_are_too_much_are_refused_and_nobody_waits(engine: Engine) {
    let server = TestServer::start(engine).await;
    let before = server.hasher.hashes();
    let deep = "[".repeat(8_000);
    let keys: Vec<String> = (0..1_000_000).map(|n| format!("\"{n}\":{n}")).collect();
    let long = format!(
        "{{\"email\":\"a@b.c\",\"password\":\"{}\"}}",
        "x".repeat(16 * 1024 * 1024)
    );
    for (what, body, expected) in [
        ("8,000 levels", deep.clone(), (400, "malformed_json")),
        ("100,000 levels", "[".repeat(100_000), (413, "payload_too_large")),
        (
            "a million members",
            format!("{{{}}}", keys.join(",")),
            (413, "payload_too_large"),
        ),
        ("a password of 16 MiB", long, (413, "payload_too_large")),
    ] {
        let answer = server.client().post(LOGIN).body("application/json", body).send().await;
        let (status, code) = answer.problem();
        assert_eq!((status, code.as_str()), expected, "{what}");
    }
    for encoding in ["gzip", "br", "deflate", "zstd"] {
        let request = server.client().post(LOGIN).header("content-encoding", encoding);
        let answer = request.body("application/json", vec![0x1f, 0x8b, 8, 0]).send().await;
        assert_eq!(
            answer.problem(),
            (415, "unsupported_media_type".to_owned()),
            "{encoding}"
        );
    }
    let address = server.address();
    let endless =
        actix_web::rt::task::spawn_blocking(move || send_without_end(TcpStream::connect(address).expect("connected")));
    assert_eq!(server.client().get("/health/live").send().await.status, 200);
    let told = endless.await.expect("it ends");
    assert!(told.starts_with("HTTP/1.1 413 "), "{told}");
    assert_eq!(server.hasher.hashes(), before, "nothing of this costs a hash");
}

/// Sends chunk after chunk until the server says something, as one that reads everything never would.
fn send_without_end(mut stream: TcpStream) -> String {
    let mut reader = stream.try_clone().expect("a second handle");
    let answer = thread::spawn(move || {
        let mut answer = [0; 12];
        let read = reader.read_exact(&mut answer);
        read.map(|()| String::from_utf8_lossy(&answer).into_owned())
    });
    let head = "POST /api/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("sent");
    stream
        .set_write_timeout(Some(Duration::from_secs(30)))
        .expect("a time-out");
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    while !answer.is_finished() && stream.write_all(chunk.as_bytes()).is_ok() {}
    answer.join().expect("it ends").unwrap_or_default() + " "
}
