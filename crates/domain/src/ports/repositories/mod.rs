//! The repositories, one for each feature.

mod audit;
mod credentials;
mod idempotency;
mod installation;
mod one_time_tokens;
mod outbox;
mod rate_limits;
mod roles;
mod sessions;
mod users;

pub use audit::{AuditRepo, FailedSignIns};
pub use credentials::CredentialRepo;
pub use idempotency::IdempotencyRepo;
pub use installation::InstallationRepo;
pub use one_time_tokens::OneTimeTokenRepo;
pub use outbox::OutboxRepo;
pub use rate_limits::RateLimitRepo;
pub use roles::RoleRepo;
pub use sessions::SessionRepo;
pub use users::UserRepo;
