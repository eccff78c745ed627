//! A minimal HTTP client.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
};

use serde_json::Value;

use super::TIMEOUT;

/// A client of the server at an address.
pub(crate) struct Http(SocketAddr);

impl Http {
    pub(crate) fn at(address: SocketAddr) -> Self {
        Self(address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0
    }

    pub(crate) fn connect(&self) -> Connection {
        let stream = TcpStream::connect(self.0).expect("the server listens");
        stream.set_read_timeout(Some(TIMEOUT)).expect("a timeout");
        Connection(BufReader::new(stream))
    }

    pub(crate) fn get(&self, path: &str, token: Option<&str>) -> Response {
        let authorization = token
            .map(|token| format!("Authorization: Bearer {token}\r\n"))
            .unwrap_or_default();
        let mut connection = self.connect();
        connection.send(&format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}Connection: close\r\n\r\n"
        ));
        connection.response()
    }

    pub(crate) fn post_as(&self, token: &str, path: &str, body: &Value) -> Response {
        let mut connection = self.connect();
        let headers = format!("Authorization: Bearer {token}\r\nConnection: close");
        connection.send(&post(path, &headers, body));
        connection.response()
    }

    /// Returns the status of the response, or `None` if the connection breaks.
    pub(crate) fn try_post(&self, path: &str, body: &Value) -> Option<u16> {
        let mut stream = TcpStream::connect(self.0).ok()?;
        stream.set_read_timeout(Some(TIMEOUT)).ok()?;
        stream
            .write_all(post(path, "Connection: close", body).as_bytes())
            .ok()?;
        let mut response = String::new();
        stream.read_to_string(&mut response).ok()?;
        response.split(' ').nth(1)?.parse().ok()
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Response {
        let mut connection = self.connect();
        connection.send(&post(path, "Connection: close", body));
        connection.response()
    }
}

/// Formats a POST request with additional headers.
pub(crate) fn post(path: &str, headers: &str, body: &Value) -> String {
    let body = body.to_string();
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n\r\n{body}"
    )
}

/// A connection to the server.
pub(crate) struct Connection(BufReader<TcpStream>);

/// A response of the server.
pub(crate) struct Response {
    pub(crate) status: u16,
    /// `Retry-After`, in seconds.
    pub(crate) retry_after: Option<u32>,
    pub(crate) text: String,
    /// The text as JSON, or null if it is not JSON.
    pub(crate) body: Value,
}

impl Connection {
    pub(crate) fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).expect("the server reads");
    }

    /// Reads a response.
    pub(crate) fn response(&mut self) -> Response {
        let status_line = self.line();
        let status = status_line
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .expect("a status line");
        let (mut length, mut retry_after) = (0, None);
        loop {
            let line = self.line();
            match line.split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().expect("a number");
                }
                Some((name, value)) if name.eq_ignore_ascii_case("retry-after") => {
                    retry_after = value.trim().parse().ok();
                }
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).expect("the whole body");
        let text = String::from_utf8(body).expect("UTF-8");
        Response {
            status,
            retry_after,
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }
}
