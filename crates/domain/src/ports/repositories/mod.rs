//! The repositories, one for each feature.

/// Declares the module and the trait of each repository, and [`Repositories`], which has all of them.
macro_rules! repositories {
    ($($module:ident::$trait:ident $(, $item:ident)*;)+) => {
        $(
            mod $module;
            pub use $module::{$trait $(, $item)*};
        )+

        /// All repositories together. Reads take `&self`, writes `&mut self`.
        ///
        /// The traits of this port are declared with `trait_variant::make(Send)`, which makes the futures of their
        /// `async fn`s `Send`, so that a use case can run in a task.
        pub trait Repositories: $($trait +)+ Send + Sync + 'static {}
    };
}

repositories! {
    audit::AuditRepo, FailedSignIns;
    challenges::ChallengeRepo;
    credentials::CredentialRepo;
    factors::FactorRepo;
    idempotency::IdempotencyRepo;
    installation::InstallationRepo;
    one_time_tokens::OneTimeTokenRepo;
    outbox::OutboxRepo;
    rate_limits::RateLimitRepo;
    roles::RoleRepo;
    sessions::SessionRepo;
    users::UserRepo;
}
