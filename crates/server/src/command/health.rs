//! Asking a running server how it is, where there is nothing else to ask with.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    time::Duration,
};

use crate::{Failure, config::Config};

/// Answers as long as the process does, whatever becomes of the database.
const LIVE: &str = "/health/live";

/// Longer than the server gives its database to answer.
const PATIENCE: Duration = Duration::from_secs(4);

/// Asks a running server at the address of the settings, on this machine, whether it is ready, or only whether it
/// is alive.
pub(super) fn ask(config: &Config, live: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let path = if live { LIVE } else { "/health/ready" };
    let answer = get(here(config.http.addr), path);
    let answer = answer.map_err(|error| Failure::Failed("the server does not answer", error.into()))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    if head.starts_with("HTTP/1.1 200 ") {
        writeln!(out, "ok")?;
        Ok(())
    } else {
        let state = if live { "alive" } else { "ready" };
        Err(Failure::Refused(format!("the server is not {state}: {body}")))
    }
}

/// Whether a server of this program answers on an address.
pub(super) fn is_live(addr: SocketAddr) -> bool {
    get(here(addr), LIVE).is_ok_and(|answer| {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        head.starts_with("HTTP/1.1 200 ") && (head.contains("x-request-id: ") || body == "ok\n")
    })
}

/// An address that listens everywhere listens here too.
fn here(addr: SocketAddr) -> SocketAddr {
    match addr {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => (Ipv4Addr::LOCALHOST, v4.port()).into(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => (Ipv6Addr::LOCALHOST, v6.port()).into(),
        addr => addr,
    }
}

fn get(addr: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&addr, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
