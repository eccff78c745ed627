//! Runs the service: `ACCOUNTS_URL=http://localhost:8000 cargo run -p second-service`, then
//! `curl localhost:9000/orders -H "Authorization: Bearer …"`.

use std::{env, io, net::TcpListener, time::Duration};

use second_service::Settings;

#[actix_web::main]
async fn main() -> io::Result<()> {
    let vestibule_url = env::var("ACCOUNTS_URL").unwrap_or_else(|_| "http://localhost:8000".to_owned());
    let addr = env::var("ADDR").unwrap_or_else(|_| "127.0.0.1:9000".to_owned());
    let settings = Settings {
        issuer: vestibule_url.clone(),
        audience: vestibule_url.clone(),
        vestibule_url,
        permissions_ttl: Duration::from_secs(30),
        min_key_refresh_interval: Duration::from_secs(5),
    };
    second_service::run(settings, TcpListener::bind(addr)?)?.await
}
