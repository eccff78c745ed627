//! Users: list, create, read, update, delete, roles and access.

mod access;
mod handlers;
mod list;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{factors, password_reset, sessions};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list)
        .service(handlers::create)
        .service(access::explain)
        .service(handlers::get)
        .service(handlers::update)
        .service(handlers::delete)
        .service(handlers::set_roles)
        .service(password_reset::send)
        .configure(factors::routes)
        .service(sessions::list)
        .service(sessions::revoke_all);
}
