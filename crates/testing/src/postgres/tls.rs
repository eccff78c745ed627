//! PostgreSQL over TCP with TLS, and the certificates for it.

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

/// For `openssl`, whose own settings differ from system to system.
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

/// A cluster of its own that listens at 127.0.0.1, accepts every role without a password, and has a certificate for
/// `localhost` of its own authority. It ends with the process.
pub struct TlsServer {
    port: u16,
    folder: TempDir,
    _cluster: Cluster,
}

impl TlsServer {
    /// Starts a cluster, or returns `None` without PostgreSQL.
    ///
    /// # Panics
    /// It does not start, or `openssl` is missing; and without PostgreSQL where `CI` or `VESTIBULE_REQUIRE_POSTGRES` is set.
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
        let cluster = Cluster::start_with(&initdb, &settings).unwrap_or_else(|why| panic!("{why}"));
        Some(Self {
            port,
            folder,
            _cluster: cluster,
        })
    }

    /// The port at which it listens.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The certificate of the authority that issued the server's.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The certificate of an authority that has nothing to do with it.
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
        let done = Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(folder)
            .output();
        let done = done.expect("openssl is installed");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    let key = folder.join("server.key");
    fs::set_permissions(&key, Permissions::from_mode(0o600)).expect("only its owner reads it");
    give_to_server(&key).unwrap_or_else(|why| panic!("{why}"));
}

/// A port that was free just now.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there are ports");
    listener.local_addr().expect("bound").port()
}
