//! A server for a test.

use std::{
    borrow::Cow,
    net::{SocketAddr, TcpListener},
    sync::{Arc, atomic::AtomicUsize},
};

use actix_web::{dev::ServerHandle, rt};
use sea_orm::ConnectionTrait;
use serde_json::Value;
use vestibule_api::{App, HttpSettings, Observer, Readiness, ResponseInfo, ServerDeps, WebApp, WebFile};
use vestibule_domain::{
    Actor, BoxFuture, EmailAddress, EmailKind, EmailMessage, Password, Policy, RoleName, outbox,
    roles::{self, NewRole},
    users::{self, NewUser},
};
use vestibule_security::{HashPool, HashSettings};

use crate::{Client, Engine, Mailbox, SoftAuthenticator, TestClock, TestDatabase, app, app::PUBLIC_URL};

/// The password of all test users.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A server with its own port and database.
pub struct TestServer {
    /// The application.
    pub app: Arc<App>,
    /// The clock of the application.
    pub clock: TestClock,
    /// The hashing threads of the application.
    pub hasher: Arc<HashPool>,
    address: SocketAddr,
    handle: ServerHandle,
    mailbox: Mailbox,
    database: Arc<TestDatabase>,
    /// The second instance of [`Engine::PostgresPair`].
    partner: Option<Box<TestServer>>,
    request_count: Arc<AtomicUsize>,
}

impl TestServer {
    /// Starts a server with the default policy.
    pub async fn start(engine: Engine) -> Self {
        Self::with_policy(engine, Policy::default()).await
    }

    /// Starts a server with a policy.
    pub async fn with_policy(engine: Engine, policy: Policy) -> Self {
        Self::with(engine, policy, None).await
    }

    async fn with(engine: Engine, policy: Policy, hasher: Option<Arc<HashPool>>) -> Self {
        let database = Arc::new(TestDatabase::new(engine).await);
        let mut server = Self::on(database, TestClock::starting_now(), policy, hasher);
        if engine == Engine::PostgresPair {
            server.partner = Some(Box::new(server.instance(Some(&server.hasher))));
        }
        server
    }

    /// Starts a server without rate limits, for tests that sign in often.
    pub async fn without_rate_limits(engine: Engine) -> Self {
        let policy = Policy {
            rate_limits: false,
            ..Policy::default()
        };
        Self::with_policy(engine, policy).await
    }

    /// Starts a server with these settings for password hashing.
    pub async fn with_hash_settings(engine: Engine, policy: Policy, settings: HashSettings) -> Self {
        Self::with(engine, policy, Some(Arc::new(HashPool::new(settings)))).await
    }

    /// Starts another instance on the same database.
    #[must_use]
    pub fn another_instance(&self) -> Self {
        self.instance(None)
    }

    fn instance(&self, hasher: Option<&Arc<HashPool>>) -> Self {
        let (database, clock) = (Arc::clone(&self.database), self.clock.clone());
        Self::on(database, clock, self.app.policy.clone(), hasher.cloned())
    }

    /// Starts an instance. Instances share only the database, the clock, and the hashing threads if these are given, so
    /// that a test can count the hashes of all instances.
    fn on(database: Arc<TestDatabase>, clock: TestClock, policy: Policy, hasher: Option<Arc<HashPool>>) -> Self {
        let test_app = app(database.store(), clock, policy, hasher);
        let settings = HttpSettings {
            public_url: PUBLIC_URL.to_owned(),
            cors_origins: vec!["http://localhost:5173".to_owned()],
            jwks: test_app.jwks,
            hsts: None,
            trusted_proxies: vec!["127.0.0.1/32".parse().expect("a network")],
            mail: true,
            docs: true,
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let deps = ServerDeps {
            app: Arc::clone(&test_app.app),
            settings,
            readiness: Arc::new(Ready),
            observer: Arc::new(Unobserved),
            web_app: Arc::new(FakeWebApp),
        };
        let server = vestibule_api::run(deps, listener, 2).expect("the server runs");
        let handle = server.handle();
        rt::spawn(server);
        Self {
            app: test_app.app,
            clock: test_app.clock,
            hasher: test_app.hasher,
            address,
            handle,
            mailbox: Mailbox::default(),
            database,
            partner: None,
            request_count: Arc::default(),
        }
    }

    /// Runs a statement on the database, as another version of the program could. Returns the number of
    /// changed rows.
    pub async fn execute(&self, sql: &str) -> u64 {
        let result = self.database.store().connection().execute_unprepared(sql).await;
        result.expect("the statement is valid").rows_affected()
    }

    /// Returns the address that the server listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns an authenticator on a page of the web app.
    #[must_use]
    pub fn authenticator(&self) -> SoftAuthenticator {
        SoftAuthenticator::new(PUBLIC_URL, "localhost")
    }

    /// Returns a client that is not signed in.
    #[must_use]
    pub fn client(&self) -> Client {
        let partner = self.partner.iter().map(|partner| partner.address);
        Client::new(
            &std::iter::once(self.address).chain(partner).collect::<Vec<_>>(),
            &self.request_count,
        )
    }

    /// Creates a user with these roles, and returns the user's ID.
    pub async fn user(&self, email: &str, roles: &[&str]) -> String {
        let email = EmailAddress::parse(email).expect("an address");
        let roles: Vec<RoleName> = roles.iter().map(|name| name.parse().expect("a name")).collect();
        let new = NewUser {
            email,
            password: Some(Password::new_unchecked(PASSWORD)),
            display_name: None,
            roles: Some(roles),
            email_verified: false,
        };
        users::create(&self.app, &Actor::operator(), new, None)
            .await
            .expect("the user is new")
            .id
            .to_string()
    }

    /// Sends the emails that are due, and returns them in the order in which they were sent.
    pub async fn deliver_emails(&self) -> Vec<EmailMessage> {
        outbox::deliver(&self.app, &self.mailbox)
            .await
            .expect("the outbox can be read");
        self.mailbox.take()
    }

    /// Sends the emails that are due, and returns the token of the only one of this kind.
    pub async fn link(&self, kind: EmailKind) -> String {
        let emails = self.deliver_emails().await;
        let mut matching = emails.iter().filter(|email| email.kind == kind);
        let (Some(email), None) = (matching.next(), matching.next()) else {
            panic!("not exactly one email of the kind {kind:?}: {emails:?}");
        };
        email.token.as_ref().expect("a token").to_string()
    }

    /// Creates a role with these permissions, and returns its name.
    pub async fn role(&self, name: &str, permissions: &Value) -> String {
        let name: RoleName = name.parse().expect("a name");
        let permissions = permissions.as_array().expect("a list");
        let permissions = permissions.iter().map(|name| name.as_str()?.parse().ok());
        let new = NewRole {
            name: name.clone(),
            description: None,
            permissions: permissions.collect::<Option<_>>().expect("permissions"),
            requires_second_factor: false,
        };
        let role = roles::create(&self.app, &Actor::operator(), new, None).await;
        role.expect("the role is new").name.to_string()
    }

    /// Starts a server, and returns it with the client of an administrator.
    pub async fn with_admin(engine: Engine) -> (Self, Client) {
        let server = Self::start(engine).await;
        let admin = server.signed_in("admin@example.com", &["admin"]).await;
        (server, admin)
    }

    /// Creates a user with these roles, and returns a client that is signed in as this user.
    pub async fn signed_in(&self, email: &str, roles: &[&str]) -> Client {
        self.user(email, roles).await;
        self.client().sign_in(email).await
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        // Without waiting for requests whose client has disconnected.
        drop(self.handle.stop(false));
    }
}

/// An observer that ignores all requests; the tests of the server crate cover metrics.
struct Unobserved;

impl Observer for Unobserved {
    fn on_response(&self, _: &ResponseInfo<'_>) {}
}

/// A readiness check that always succeeds; the tests of the server crate cover readiness.
struct Ready;

impl Readiness for Ready {
    fn check(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async { Ok(()) })
    }
}

/// A web app of one page and one asset, also compressed with gzip, so that tests do not need a build of the real one.
struct FakeWebApp;

impl WebApp for FakeWebApp {
    fn file(&self, path: &str) -> Option<WebFile> {
        let (content, digest): (&[u8], u8) = match path {
            "index.html" => (b"<!doctype html><title>A small app</title>", 1),
            "assets/app-1.js" => (b"document.title = 'Works'", 2),
            "assets/app-1.js.gz" => (b"\x1f\x8b the same in gzip", 3),
            _ => return None,
        };
        Some(WebFile {
            content: Cow::Borrowed(content),
            digest: [digest; 32],
        })
    }
}
