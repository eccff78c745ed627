//! A TCP proxy between a test and PostgreSQL, as a network that fails.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// How often a stalled connection looks whether the network is back.
const POLL: Duration = Duration::from_millis(10);

/// A proxy that forwards connections until it is told otherwise. It ends with the test process.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    target: Mutex<Target>,
    links: Mutex<Vec<Link>>,
    /// Whether new connections are accepted and then ignored.
    ignores_new: AtomicBool,
}

/// One connection that is forwarded.
struct Link {
    is_stalled: Arc<AtomicBool>,
    client: TcpStream,
}

#[derive(Debug, Clone)]
enum Target {
    Socket(PathBuf),
    Address(String),
}

/// The two halves of a connection to the server.
type Halves = (Box<dyn Read + Send>, Box<dyn Write + Send>);

impl Target {
    /// The server of a URL such as `postgres://user@host:port/name`, whose host may be the escaped folder of a socket.
    fn of(url: &str) -> Self {
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
            target: Mutex::new(Target::of(url)),
            links: Mutex::default(),
            ignores_new: AtomicBool::new(false),
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

    /// The same URL, by way of this proxy.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        let (scheme, rest) = url.split_once("://").expect("a URL");
        let (authority, path) = rest.split_once('/').expect("a database");
        let user = authority
            .rsplit_once('@')
            .map_or(String::new(), |(user, _)| format!("{user}@"));
        format!("{scheme}://{user}{}/{path}", self.address)
    }

    /// Stops forwarding on open connections, which stay open. New ones are forwarded.
    pub fn stall_open(&self) {
        for link in self.shared.links().iter() {
            link.is_stalled.store(true, Ordering::SeqCst);
        }
    }

    /// Stops forwarding altogether: connections are accepted, and nothing comes back.
    pub fn stall(&self) {
        self.shared.ignores_new.store(true, Ordering::SeqCst);
        self.stall_open();
    }

    /// Forwards everything again.
    pub fn resume(&self) {
        self.shared.ignores_new.store(false, Ordering::SeqCst);
        for link in self.shared.links().iter() {
            link.is_stalled.store(false, Ordering::SeqCst);
        }
    }

    /// Closes every open connection.
    pub fn cut(&self) {
        for link in self.shared.links().drain(..) {
            let _ = link.client.shutdown(Shutdown::Both);
        }
    }

    /// Leads new connections to the server of another URL, as a name or a load balancer does after a failover.
    pub fn lead_to(&self, url: &str) {
        *self.shared.target.lock().unwrap_or_else(PoisonError::into_inner) = Target::of(url);
    }
}

impl Shared {
    fn links(&self) -> std::sync::MutexGuard<'_, Vec<Link>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forward(&self, client: TcpStream) {
        let is_stalled = Arc::new(AtomicBool::new(self.ignores_new.load(Ordering::SeqCst)));
        self.links().push(Link {
            is_stalled: Arc::clone(&is_stalled),
            client: client.try_clone().expect("a clone"),
        });
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
