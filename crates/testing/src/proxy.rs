//! A TCP proxy that simulates network failures between a test and PostgreSQL.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// The interval at which a stalled connection checks whether to resume.
const POLL: Duration = Duration::from_millis(10);

/// A proxy that forwards connections and can stall them. It ends with the test process.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    target: Mutex<Target>,
    /// For each connection, whether it is stalled.
    connections: Mutex<Vec<Arc<AtomicBool>>>,
    /// True while new connections are stalled.
    stalls_new: AtomicBool,
}

#[derive(Debug, Clone)]
enum Target {
    Socket(PathBuf),
    Address(String),
}

/// The reading and writing half of a connection to the server.
type Halves = (Box<dyn Read + Send>, Box<dyn Write + Send>);

impl Target {
    /// Returns the server of a URL such as `postgres://user@host:port/name`, whose host may be the percent-encoded
    /// folder of a socket.
    fn from_url(url: &str) -> Self {
        let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
        let authority = authority.split(['/', '?']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let (host, port) = host.rsplit_once(':').unwrap_or((host, "5432"));
        let decoded = host.replace("%2F", "/").replace("%2f", "/");
        if decoded.starts_with('/') {
            Self::Socket(PathBuf::from(decoded).join(format!(".s.PGSQL.{port}")))
        } else {
            Self::Address(format!("{decoded}:{port}"))
        }
    }

    fn connect(&self) -> std::io::Result<Halves> {
        Ok(match self {
            Self::Socket(path) => {
                let stream = UnixStream::connect(path)?;
                (Box::new(stream.try_clone()?), Box::new(stream))
            }
            Self::Address(address) => {
                let stream = TcpStream::connect(address)?;
                (Box::new(stream.try_clone()?), Box::new(stream))
            }
        })
    }
}

impl Proxy {
    /// Starts a proxy to the server of a URL.
    #[must_use]
    pub fn start(url: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            target: Mutex::new(Target::from_url(url)),
            connections: Mutex::default(),
            stalls_new: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&accepting);
                thread::spawn(move || shared.forward(client));
            }
        });
        Self { address, shared }
    }

    /// Returns a URL that leads through this proxy.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        let (scheme, rest) = url.split_once("://").expect("a URL");
        let (authority, path) = rest.split_once('/').expect("a database");
        let user = authority
            .rsplit_once('@')
            .map_or(String::new(), |(user, _)| format!("{user}@"));
        format!("{scheme}://{user}{}/{path}", self.address)
    }

    /// Stops forwarding on open connections without closing them. New connections are forwarded.
    pub fn stall_open(&self) {
        self.shared.set_stalled(true);
    }

    /// Stops forwarding on all connections, open and new, without closing them.
    pub fn stall(&self) {
        self.shared.stalls_new.store(true, Ordering::SeqCst);
        self.shared.set_stalled(true);
    }

    /// Resumes forwarding on all connections.
    pub fn resume(&self) {
        self.shared.stalls_new.store(false, Ordering::SeqCst);
        self.shared.set_stalled(false);
    }

    /// Forwards new connections to the server of another URL, as a host name or a load balancer does after a failover.
    pub fn forward_to(&self, url: &str) {
        *self.shared.target.lock().unwrap_or_else(PoisonError::into_inner) = Target::from_url(url);
    }
}

impl Shared {
    fn connections(&self) -> MutexGuard<'_, Vec<Arc<AtomicBool>>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_stalled(&self, is_stalled: bool) {
        for connection in self.connections().iter() {
            connection.store(is_stalled, Ordering::SeqCst);
        }
    }

    fn forward(&self, client: TcpStream) {
        let is_stalled = Arc::new(AtomicBool::new(self.stalls_new.load(Ordering::SeqCst)));
        self.connections().push(Arc::clone(&is_stalled));
        wait_while(&is_stalled);
        let target = self.target.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Ok((from_server, to_server)) = target.connect() else {
            let _ = client.shutdown(Shutdown::Both);
            return;
        };
        let from_client = client.try_clone().expect("a clone");
        let stalled = Arc::clone(&is_stalled);
        thread::spawn(move || copy(Box::new(from_client), to_server, &stalled));
        let closing = client.try_clone().expect("a clone");
        copy(from_server, Box::new(client), &is_stalled);
        let _ = closing.shutdown(Shutdown::Both);
    }
}

fn wait_while(is_stalled: &AtomicBool) {
    while is_stalled.load(Ordering::SeqCst) {
        thread::sleep(POLL);
    }
}

fn copy(mut from: Box<dyn Read + Send>, mut to: Box<dyn Write + Send>, is_stalled: &AtomicBool) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(length) = from.read(&mut buffer) {
        if length == 0 {
            return;
        }
        wait_while(is_stalled);
        if to.write_all(&buffer[..length]).is_err() {
            return;
        }
    }
}
