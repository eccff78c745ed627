//! A PostgreSQL cluster with TLS, and its certificates.

use std::{
    fs::{self, Permissions},
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use super::{
    cluster::{Cluster, give_to_server},
    server::initdb_or_skip,
};

/// The configuration of `openssl`, because its default configuration differs between systems.
const OPENSSL: &str = "\
[req]
distinguished_name = name
prompt = no
[name]
CN = localhost
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = keyCertSign
[server]
basicConstraints = CA:FALSE
subjectAltName = DNS:localhost
";

/// A private cluster that listens on 127.0.0.1 and accepts every role without a password. Its own authority issued its
/// certificate for `localhost`. It stops when the process ends.
pub struct TlsServer {
    port: u16,
    folder: TempDir,
    _cluster: Cluster,
}

impl TlsServer {
    /// Starts a cluster, or returns `None` without PostgreSQL.
    ///
    /// # Panics
    /// The cluster does not start, `openssl` is missing, or PostgreSQL is missing and `CI` or
    /// `VESTIBULE_REQUIRE_POSTGRES` is set.
    #[must_use]
    pub fn start() -> Option<Self> {
        let initdb = initdb_or_skip()?;
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("the server may enter it");
        certificates(folder.path());
        let port = free_port();
        let settings = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nssl = on\nssl_cert_file = '{folder}/server.pem'\n\
             ssl_key_file = '{folder}/server.key'\n",
            folder = folder.path().display()
        );
        let cluster = Cluster::start_with(&initdb, &settings).unwrap_or_else(|error| panic!("{error}"));
        Some(Self {
            port,
            folder,
            _cluster: cluster,
        })
    }

    /// Returns the port that the server listens on.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Returns the path of the certificate of the authority that issued the server's.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Returns the path of the certificate of an unrelated authority.
    #[must_use]
    pub fn other_authority(&self) -> PathBuf {
        self.folder.path().join("other.pem")
    }
}

fn certificates(folder: &Path) {
    fs::write(folder.join("openssl.cnf"), OPENSSL).expect("written");
    let key = "-config openssl.cnf -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    for arguments in [
        format!("req -x509 {key} -extensions authority -days 2 -subj /CN=authority -keyout ca.key -out ca.pem"),
        format!("req -x509 {key} -extensions authority -days 2 -subj /CN=other -keyout other.key -out other.pem"),
        format!("req {key} -keyout server.key -out server.csr"),
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile openssl.cnf \
         -extensions server -out server.pem"
            .to_owned(),
    ] {
        let output = Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(folder)
            .output();
        let output = output.expect("openssl is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let key = folder.join("server.key");
    fs::set_permissions(&key, Permissions::from_mode(0o600)).expect("the key is private");
    give_to_server(&key).unwrap_or_else(|error| panic!("{error}"));
}

/// Returns a port that is free at the moment.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("bound").port()
}
