//! A server for one test.

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

use crate::{Client, Engine, Mailbox, TestClock, TestDatabase, app, app::PUBLIC_URL};

/// The password of everybody in tests.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A server that listens on a port of its own, on a database of its own.
pub struct TestServer {
    /// The application.
    pub app: Arc<App>,
    /// Its clock.
    pub clock: TestClock,
    /// Its hashing threads.
    pub hasher: Arc<HashPool>,
    address: SocketAddr,
    handle: ServerHandle,
    mailbox: Mailbox,
    database: Arc<TestDatabase>,
    partner: Option<Box<TestServer>>,
    turn: Arc<AtomicUsize>,
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

    /// Starts a server that lets anybody try passwords as often as they like, for tests that sign in often.
    pub async fn unthrottled(engine: Engine) -> Self {
        let policy = Policy {
            rate_limits: false,
            ..Policy::default()
        };
        Self::with_policy(engine, policy).await
    }

    /// Starts a server that hashes passwords like this.
    pub async fn hashing(engine: Engine, policy: Policy, settings: HashSettings) -> Self {
        Self::with(engine, policy, Some(Arc::new(HashPool::new(settings)))).await
    }

    /// Starts another instance on the same database.
    #[must_use]
    pub fn another(&self) -> Self {
        self.instance(None)
    }

    fn instance(&self, hasher: Option<&Arc<HashPool>>) -> Self {
        let (database, clock) = (Arc::clone(&self.database), self.clock.clone());
        Self::on(database, clock, self.app.policy.clone(), hasher.cloned())
    }

    /// Instances share nothing but the database, the clock, and the hashing threads if a test is to count
    /// what they do.
    fn on(database: Arc<TestDatabase>, clock: TestClock, policy: Policy, hasher: Option<Arc<HashPool>>) -> Self {
        let test_app = app(database.store(), clock, policy, hasher);
        let settings = HttpSettings {
            public_url: PUBLIC_URL.to_owned(),
            cors_origins: vec!["http://localhost:5173".to_owned()],
            jwks: test_app.jwks,
            trusted_proxies: vec!["127.0.0.1/32".parse().expect("a network")],
            mail: true,
            docs: true,
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let application = Arc::clone(&test_app.app);
        let deps = ServerDeps {
            app: application,
            settings,
            readiness: Arc::new(Ready),
            observer: Arc::new(Unobserved),
            web_app: Arc::new(SmallApp),
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
            turn: Arc::default(),
        }
    }

    /// Runs a statement on the database, as another version of the program could. Returns the number of
    /// rows that it changed.
    pub async fn execute(&self, sql: &str) -> u64 {
        let done = self.database.store().connection().execute_unprepared(sql).await;
        done.expect("the statement is valid").rows_affected()
    }

    /// The socket it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A client that is nobody.
    #[must_use]
    pub fn client(&self) -> Client {
        let partner = self.partner.iter().map(|partner| partner.address);
        Client::new(
            &std::iter::once(self.address).chain(partner).collect::<Vec<_>>(),
            &self.turn,
        )
    }

    /// Makes a user with these roles; says its identifier.
    pub async fn user(&self, email: &str, roles: &[&str]) -> String {
        let email = EmailAddress::parse(email).expect("an address");
        let roles: Vec<RoleName> = roles.iter().map(|name| name.parse().expect("a name")).collect();
        let new = NewUser {
            email,
            password: Some(Password::attempt(PASSWORD)),
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

    /// Sends the mail that is due; gives it, in the order in which it was sent.
    pub async fn mail(&self) -> Vec<EmailMessage> {
        outbox::deliver(&self.app, &self.mailbox)
            .await
            .expect("the outbox can be read");
        self.mailbox.empty()
    }

    /// Sends the mail that is due; gives the token of the only link of this kind in it.
    pub async fn link(&self, kind: EmailKind) -> String {
        let letters = self.mail().await;
        let mut links = letters.iter().filter(|letter| letter.kind == kind);
        let (Some(letter), None) = (links.next(), links.next()) else {
            panic!("one link: {letters:?}");
        };
        letter.token.as_ref().expect("a token").to_string()
    }

    /// Makes a role with these permissions; says its name.
    pub async fn role(&self, name: &str, permissions: &Value) -> String {
        let name: RoleName = name.parse().expect("a name");
        let permissions = permissions.as_array().expect("a list");
        let permissions = permissions.iter().map(|name| name.as_str()?.parse().ok());
        let new = NewRole {
            name: name.clone(),
            description: None,
            permissions: permissions.collect::<Option<_>>().expect("permissions"),
        };
        let made = roles::create(&self.app, &Actor::operator(), new, None).await;
        made.expect("the role is new").name.to_string()
    }

    /// Makes a user with these roles and signs it in.
    pub async fn signed_in(&self, email: &str, roles: &[&str]) -> Client {
        self.user(email, roles).await;
        self.client().sign_in(email).await
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        // What it is doing for a client that has gone is of no interest any more.
        drop(self.handle.stop(false));
    }
}

/// What is counted is the server's to test.
struct Unobserved;

impl Observer for Unobserved {
    fn on_response(&self, _: &ResponseInfo<'_>) {}
}

/// What the readiness depends on is the server's to test.
struct Ready;

impl Readiness for Ready {
    fn check(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async { Ok(()) })
    }
}

/// A web app of a page and an asset, which is there in gzip too: the real one need not be built for the tests.
struct SmallApp;

impl WebApp for SmallApp {
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
