//! First-run setup.

mod handlers;

use utoipa_actix_web::service_config::ServiceConfig;

pub use handlers::setup_path;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(handlers::complete);
}
