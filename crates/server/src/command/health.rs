//! `health`: an HTTP check of a running server, for containers without an HTTP client.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    time::Duration,
};

use crate::{CommandError, config::Config};

/// The path that responds while the process runs, even without a database.
const LIVE: &str = "/health/live";

/// The timeout, which is longer than the readiness check of the server.
const TIMEOUT: Duration = Duration::from_secs(4);

/// Checks whether the server at the configured address on this machine is ready, or with `live` whether it is alive.
pub(super) fn check(config: &Config, live: bool, out: &mut dyn Write) -> Result<(), CommandError> {
    let path = if live { LIVE } else { "/health/ready" };
    let response = get(local(config.http.addr), path);
    let response = response
        .map_err(|error| CommandError::Failed("the server at VESTIBULE_ADDR does not respond", error.into()))?;
    let (head, body) = response.split_once("\r\n\r\n").unwrap_or((&response, ""));
    if head.starts_with("HTTP/1.1 200 ") {
        writeln!(out, "ok")?;
        Ok(())
    } else {
        let state = if live { "alive" } else { "ready" };
        Err(CommandError::Rejected(format!("the server is not {state}: {body}")))
    }
}

/// Returns whether a server of this program responds at an address.
pub(super) fn is_live(addr: SocketAddr) -> bool {
    get(local(addr), LIVE).is_ok_and(|response| {
        let (head, body) = response.split_once("\r\n\r\n").unwrap_or((&response, ""));
        head.starts_with("HTTP/1.1 200 ") && (head.contains("x-request-id: ") || body == "ok\n")
    })
}

/// Replaces an unspecified address, which listens on all interfaces, with the loopback address.
fn local(addr: SocketAddr) -> SocketAddr {
    match addr {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => (Ipv4Addr::LOCALHOST, v4.port()).into(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => (Ipv6Addr::LOCALHOST, v6.port()).into(),
        addr => addr,
    }
}

fn get(addr: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&addr, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    Ok(response)
}
