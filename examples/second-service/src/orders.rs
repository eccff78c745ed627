//! Orders, the resource of this service.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde_json::json;
use vestibule_domain::Permission;

use crate::auth::{AuthError, Authorizer};

/// A permission that only this service knows. Vestibule stores its name in roles, but gives it no meaning.
const ORDERS_READ: &str = "orders:read";

/// `GET /orders`.
pub(crate) async fn list(request: HttpRequest, authorizer: Data<Authorizer>) -> Result<HttpResponse, AuthError> {
    let orders_read: Permission = ORDERS_READ.parse().map_err(|_| AuthError::Unavailable)?;
    let claims = authorizer.require(&request, &orders_read).await?;
    Ok(HttpResponse::Ok().json(json!({ "orders": [], "read_by": claims.user.to_string() })))
}
