//! The program: `ACCOUNTS_URL=http://localhost:8000 cargo run -p second-service`, then
//! `curl localhost:9000/orders -H "Authorization: Bearer …"`.

use std::{env, io, net::TcpListener, time::Duration};

use second_service::Settings;

#[actix_web::main]
async fn main() -> io::Result<()> {
    let accounts = env::var("ACCOUNTS_URL").unwrap_or_else(|_| "http://localhost:8000".to_owned());
    let addr = env::var("ADDR").unwrap_or_else(|_| "127.0.0.1:9000".to_owned());
    let settings = Settings {
        issuer: accounts.clone(),
        audience: accounts.clone(),
        accounts,
        rights_ttl: Duration::from_secs(30),
        keys_pause: Duration::from_secs(5),
    };
    second_service::run(settings, TcpListener::bind(addr)?)?.await
}
