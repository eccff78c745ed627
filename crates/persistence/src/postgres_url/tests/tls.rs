//! Verification of certificates by the driver, with a TLS server.

use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use vestibule_testing::postgres::TlsServer;

use super::*;

/// Connects, and returns whether the connection is encrypted or the error.
async fn connect(url: &str) -> Result<bool, String> {
    let options = parsed(url).connect_options().map_err(|error| error.to_string())?;
    let mut connection = options[0].connect().await.map_err(|error| error.to_string())?;
    let row = sqlx::query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        .fetch_one(&mut connection)
        .await
        .map_err(|error| error.to_string())?;
    connection.close().await.map_err(|error| error.to_string())?;
    Ok(row.get(0))
}

#[tokio::test]
async fn certificates_are_verified_as_by_libpq() {
    let Some(server) = TlsServer::start() else {
        return;
    };
    let port = server.port();
    let trusted = format!("sslrootcert={}", server.authority().display());
    let untrusted = format!("sslrootcert={}", server.other_authority().display());
    // The certificate is for `localhost`, not for the address.
    for (host, parameters, is_encrypted) in [
        ("localhost", "sslmode=disable".to_owned(), Some(false)),
        ("localhost", "sslmode=allow".to_owned(), Some(true)),
        ("localhost", "sslmode=prefer".to_owned(), Some(true)),
        ("localhost", format!("sslmode=prefer&{untrusted}"), Some(true)),
        ("localhost", "sslmode=require".to_owned(), Some(true)),
        ("127.0.0.1", format!("sslmode=require&{trusted}"), Some(true)),
        ("127.0.0.1", format!("sslmode=require&{untrusted}"), None),
        ("127.0.0.1", format!("sslmode=verify-ca&{trusted}"), Some(true)),
        ("127.0.0.1", format!("sslmode=verify-ca&{untrusted}"), None),
        ("localhost", "sslmode=verify-ca".to_owned(), None),
        ("localhost", format!("sslmode=verify-full&{trusted}"), Some(true)),
        ("127.0.0.1", format!("sslmode=verify-full&{trusted}"), None),
        ("localhost", format!("sslmode=verify-full&{untrusted}"), None),
        ("localhost", "sslmode=verify-full".to_owned(), None),
        ("localhost", "sslrootcert=system".to_owned(), None),
    ] {
        let url = format!("postgres://postgres@{host}:{port}/postgres?{parameters}");
        let connected = connect(&url).await;
        assert_eq!(connected.as_ref().ok().copied(), is_encrypted, "{url}: {connected:?}");
        if let Err(error) = connected {
            assert!(error.contains("certificate"), "{url}: {error}");
        }
    }
}
