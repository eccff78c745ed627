//! The outbox: which emails it holds and sends, and in which order.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::rt;
use chrono::TimeDelta;
use futures_util::future::{join, join_all, pending};
use serde_json::json;
use vestibule_domain::{
    BoxFuture, EmailKind, EmailMessage, Mailer, SendError,
    outbox::{self, Lane, Relay},
};
use vestibule_testing::{Engine, Mailbox, TestServer, on_each_database};

use crate::support::{NEW_PASSWORD, PASSWORD, forgot_password, login, post, reset_password, sign_up};

on_each_database!(
    concurrent_sign_ups_enqueue_one_email,
    email_of_a_crashed_sender_is_sent_later,
    instances_share_the_outbox,
    outbox_holds_no_secret_and_is_deleted_with_its_user,
    email_with_an_expired_link_is_not_sent,
    waiting_email_with_an_expired_link_is_deleted,
    email_contains_the_name_only_after_verification,
    urgent_email_is_sent_before_older_bulk_email,
);

/// Never finishes sending, like a mail server that hangs.
struct HangingMailer;

impl Mailer for HangingMailer {
    fn send<'a>(&'a self, _: &'a EmailMessage) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(pending())
    }
}

async fn concurrent_sign_ups_enqueue_one_email(engine: Engine) {
    let server = TestServer::start(engine).await;
    let responses = join_all((0..16).map(|_| sign_up(&server, "ada@example.com"))).await;
    assert_eq!(responses.iter().filter(|response| response.status == 201).count(), 1);
    let emails = server.deliver_emails().await;
    assert_eq!(emails.len(), 1);
    assert_eq!(
        (emails[0].kind, emails[0].to.as_str()),
        (EmailKind::VerifyEmail, "ada@example.com")
    );
    assert!(server.deliver_emails().await.is_empty());
}

async fn email_of_a_crashed_sender_is_sent_later(engine: Engine) {
    let server = TestServer::start(engine).await;
    assert_eq!(sign_up(&server, "ada@example.com").await.status, 201);
    let app = Arc::clone(&server.app);
    let crashing = rt::spawn(async move { outbox::deliver(&app, &HangingMailer).await });
    let attempted = async {
        while outbox::list(&server.app, 1).await.expect("a list")[0].attempts == 0 {
            rt::task::yield_now().await;
        }
    };
    rt::time::timeout(Duration::from_mins(1), attempted)
        .await
        .expect("it is claimed");
    crashing.abort();
    assert!(crashing.await.is_err_and(|error| error.is_cancelled()));
    assert!(server.deliver_emails().await.is_empty(), "it is still claimed");
    server.clock.advance(TimeDelta::minutes(2));
    assert_eq!(server.deliver_emails().await.len(), 1);
    assert!(server.deliver_emails().await.is_empty());
}

async fn instances_share_the_outbox(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let recipients: Vec<_> = (0..30).map(|n| format!("user{n}@example.com")).collect();
    let responses = join_all(recipients.iter().map(|email| sign_up(&server, email))).await;
    assert!(responses.iter().all(|response| response.status == 201));
    let other = server.another_instance();
    let mailbox = Arc::new(Mailbox::default());
    let (first, second) = join(
        outbox::deliver(&server.app, mailbox.as_ref()),
        outbox::deliver(&other.app, mailbox.as_ref()),
    )
    .await;
    let (first, second) = (first.expect("delivered"), second.expect("delivered"));
    assert_eq!(first.sent + second.sent, 30);
    let emails = mailbox.take();
    let ids: BTreeSet<_> = emails.iter().map(|email| email.id).collect();
    assert_eq!((emails.len(), ids.len()), (30, 30), "each email is sent once");
}

async fn outbox_holds_no_secret_and_is_deleted_with_its_user(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    assert_eq!(forgot_password(&server, "ada@example.com").await.status, 202);
    let waiting = outbox::list(&server.app, 10).await.expect("a list");
    assert_eq!(waiting.len(), 2);
    let stored = format!("{waiting:?}");
    let confirmation = json!({ "current_password": PASSWORD });
    let emails = server.deliver_emails().await;
    for email in &emails {
        let token = email.token.as_ref().expect("a token").to_string();
        let (_, mac) = token.split_once('.').expect("two parts");
        assert!(!stored.contains(mac));
        assert!(
            !format!("{email:?}").contains(mac),
            "debug output, which may be logged, omits it"
        );
    }
    forgot_password(&server, "ada@example.com").await;
    assert_eq!(
        ada.post("/api/users/me/delete").json(&confirmation).send().await.status,
        204
    );
    assert!(outbox::list(&server.app, 10).await.expect("a list").is_empty());
    assert!(server.deliver_emails().await.is_empty());
}

async fn email_with_an_expired_link_is_not_sent(engine: Engine) {
    let server = TestServer::start(engine).await;
    assert_eq!(sign_up(&server, "ada@example.com").await.status, 201);
    server.clock.advance(TimeDelta::hours(24));
    assert!(server.deliver_emails().await.is_empty());
    assert_eq!(outbox::count(&server.app).await.expect("a count").waiting, 0);
}

async fn waiting_email_with_an_expired_link_is_deleted(engine: Engine) {
    let server = TestServer::start(engine).await;
    assert_eq!(sign_up(&server, "ada@example.com").await.status, 201);
    assert_eq!(forgot_password(&server, "ada@example.com").await.status, 202);
    server.clock.advance(TimeDelta::minutes(29));
    assert_eq!(outbox::purge_expired(&server.app).await.expect("purged"), 0);
    server.clock.advance(TimeDelta::minutes(1));
    assert_eq!(outbox::purge_expired(&server.app).await.expect("purged"), 1);
    let waiting = outbox::list(&server.app, 10).await.expect("a list");
    assert_eq!(
        (waiting.len(), waiting[0].kind.as_str()),
        (1, EmailKind::VerifyEmail.as_str())
    );
    server.clock.advance(TimeDelta::hours(24));
    let delivered = outbox::deliver(&server.app, &Mailbox::default())
        .await
        .expect("delivered");
    assert_eq!((delivered.expired, delivered.sent), (1, 0));
}

/// Otherwise anyone could have a text of their choice emailed to any address.
async fn email_contains_the_name_only_after_verification(engine: Engine) {
    let server = TestServer::start(engine).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "display_name": "Buy now" });
    let client = server.client();
    assert_eq!(client.post("/api/users").json(&body).send().await.status, 201);
    assert_eq!(forgot_password(&server, "ada@example.com").await.status, 202);
    let emails = server.deliver_emails().await;
    assert_eq!(emails.len(), 2);
    assert!(emails.iter().all(|email| email.name.is_none()), "{emails:?}");
    let token = emails[1].token.as_ref().expect("a token").to_string();
    assert_eq!(reset_password(&server, &token, NEW_PASSWORD).await.status, 204);
    let emails = server.deliver_emails().await;
    assert_eq!((emails.len(), emails[0].name.as_deref()), (1, Some("Buy now")));
    let tokens = login(&client, "ada@example.com", NEW_PASSWORD).await.json();
    let ada = client.with_access_token(tokens["access_token"].as_str().expect("a token"));
    let change = json!({ "new_email": "other@example.com", "current_password": NEW_PASSWORD });
    assert_eq!(ada.post("/api/users/me/email").json(&change).send().await.status, 202);
    let names: Vec<_> = server
        .deliver_emails()
        .await
        .into_iter()
        .map(|email| (email.to, email.name))
        .collect();
    let expected = [("other@example.com", None), ("ada@example.com", Some("Buy now"))];
    assert_eq!(
        names,
        expected.map(|(to, name)| (to.to_owned(), name.map(str::to_owned)))
    );
}

async fn urgent_email_is_sent_before_older_bulk_email(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    server.deliver_emails().await;
    for number in 0..25 {
        let invitation = json!({ "email": format!("user{number}@example.com") });
        assert_eq!(post(&admin, "/api/users", invitation).await.status, 201);
    }
    server.clock.advance(TimeDelta::minutes(1));
    let relay = Mutex::new(Relay::default());
    let first = outbox::claim_next(&server.app, &relay, Lane::Any)
        .await
        .expect("readable");
    assert_eq!(first.expect("an email").kind, EmailKind::Invitation);
    let urgent = outbox::claim_next(&server.app, &relay, Lane::Urgent)
        .await
        .expect("readable");
    assert_eq!(urgent, None);
    assert_eq!(forgot_password(&server, "admin@example.com").await.status, 202);
    let next = outbox::claim_next(&server.app, &relay, Lane::Any)
        .await
        .expect("readable");
    assert_eq!(
        next.expect("an email").kind,
        EmailKind::ResetPassword,
        "even while bulk email is being sent"
    );
    assert_eq!(forgot_password(&server, "admin@example.com").await.status, 202);
    let kinds: Vec<_> = server
        .deliver_emails()
        .await
        .into_iter()
        .map(|email| email.kind)
        .collect();
    assert_eq!((kinds.len(), kinds[0]), (25, EmailKind::ResetPassword));
}
