//! What the tests share.

use vestibule_migrate_cli::Place;
use vestibule_testing::postgres;

/// Where scratch databases are made: in memory, and on PostgreSQL where that is.
pub(crate) fn places() -> Vec<Place> {
    let server = postgres::server_url().map(Place::Server);
    [Place::Memory].into_iter().chain(server).collect()
}
