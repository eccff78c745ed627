//! The outbox.

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
    outbox::{self, DeliveryReport, Lane, Relay},
};
use vestibule_testing::{Client, Engine, Mailbox, TestServer, on_each_database};

on_each_database!(
    a_sign_up_writes_one_mail_with_its_account,
    what_cannot_be_sent_is_tried_again_and_what_is_refused_is_parked,
    what_nobody_wants_to_read_any_more_is_not_tried_for_ever,
    who_dies_while_sending_leaves_the_mail_to_others,
    instances_share_the_work,
    the_outbox_holds_no_secret_and_goes_with_its_user,
    a_link_that_leads_nowhere_is_not_sent,
    only_who_has_shown_to_own_the_address_is_called_by_name,
    urgent_mail_is_sent_before_bulk_mail_that_waits_longer,
    an_unavailable_mail_server_consumes_no_attempts_of_a_mail,
    an_unavailable_mail_server_is_asked_about_one_mail_only,
    an_unclear_rejection_of_every_mail_parks_none,
    a_mail_is_given_up_by_its_own_failures_and_not_by_its_age,
    parked_mail_is_deleted_after_a_month,
    waiting_mail_whose_link_has_expired_is_deleted,
);

async fn sign_up(server: &TestServer, email: &str) -> u16 {
    let body = json!({ "email": email, "password": "correct horse battery" });
    server.client().post("/api/users").json(&body).send().await.status
}

/// Takes a letter and never comes back, as a mail server that hangs.
struct Hanging;

impl Mailer for Hanging {
    fn send<'a>(&'a self, _: &'a EmailMessage) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(pending())
    }
}

async fn a_sign_up_writes_one_mail_with_its_account(engine: Engine) {
    let server = TestServer::start(engine).await;
    let statuses = join_all((0..16).map(|_| sign_up(&server, "ada@example.com"))).await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1);
    let letters = server.mail().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(
        (letters[0].kind, letters[0].to.as_str()),
        (EmailKind::VerifyEmail, "ada@example.com")
    );
    assert!(server.mail().await.is_empty());
}

async fn what_cannot_be_sent_is_tried_again_and_what_is_refused_is_parked(engine: Engine) {
    let server = TestServer::start(engine).await;
    let mailbox = Mailbox::default();
    let deliver = async || {
        outbox::deliver(&server.app, &mailbox)
            .await
            .expect("the outbox can be read")
    };
    sign_up(&server, "ada@example.com").await;
    mailbox.refuse(Some(SendError::Failed("greylisted".to_owned())));
    let postponed = DeliveryReport {
        postponed: 1,
        ..DeliveryReport::default()
    };
    let mut waits = Vec::new();
    for _ in 0..9 {
        assert_eq!(deliver().await, postponed);
        assert_eq!(deliver().await, DeliveryReport::default(), "not before its time");
        let waiting = outbox::list(&server.app, 10).await.expect("a list");
        assert_eq!(waiting[0].last_error.as_deref(), Some("failed for now: greylisted"));
        let wait = waiting[0].due_at.expect("a time") - vestibule_domain::Clock::now(&server.clock);
        waits.push((wait + TimeDelta::milliseconds(500)).num_seconds());
        server.clock.advance(wait);
    }
    assert_eq!(waits, [5, 15, 45, 135, 405, 1215, 3600, 3600, 3600]);

    mailbox.refuse(Some(SendError::Refused("550 no such user".to_owned())));
    assert_eq!(deliver().await.parked, 1);
    server.clock.advance(TimeDelta::hours(2));
    assert_eq!(deliver().await, DeliveryReport::default());
    assert_eq!(outbox::count(&server.app).await.expect("a count").parked, 1);
    mailbox.refuse(None);
    assert_eq!(outbox::retry_now(&server.app).await.expect("retried"), 1);
    assert_eq!(deliver().await.sent, 1);
    assert_eq!(mailbox.empty().len(), 1);
}

async fn what_nobody_wants_to_read_any_more_is_not_tried_for_ever(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    server.mail().await;
    let change = json!({ "current_password": "correct horse battery", "new_password": "staple remembered" });
    assert_eq!(ada.put("/api/users/me/password").json(&change).send().await.status, 204);
    let mailbox = Mailbox::default();
    mailbox.refuse(Some(SendError::Failed("greylisted".to_owned())));
    let deliver = async || {
        outbox::deliver(&server.app, &mailbox)
            .await
            .expect("the outbox can be read")
    };
    assert_eq!(deliver().await.postponed, 1);
    server.clock.advance(TimeDelta::days(3) + TimeDelta::seconds(1));
    assert_eq!(deliver().await.parked, 1);
}

async fn who_dies_while_sending_leaves_the_mail_to_others(engine: Engine) {
    let server = TestServer::start(engine).await;
    sign_up(&server, "ada@example.com").await;
    let app = Arc::clone(&server.app);
    let dying = rt::spawn(async move { outbox::deliver(&app, &Hanging).await });
    let attempted = async {
        while outbox::list(&server.app, 1).await.expect("a list")[0].attempts == 0 {
            rt::task::yield_now().await;
        }
    };
    rt::time::timeout(Duration::from_mins(1), attempted)
        .await
        .expect("it is taken");
    dying.abort();
    assert!(dying.await.is_err_and(|error| error.is_cancelled()));
    assert!(server.mail().await.is_empty(), "it is still taken");
    server.clock.advance(TimeDelta::minutes(2));
    assert_eq!(server.mail().await.len(), 1);
    assert!(server.mail().await.is_empty());
}

async fn instances_share_the_work(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let emails: Vec<_> = (0..30).map(|n| format!("user{n}@example.com")).collect();
    let statuses = join_all(emails.iter().map(|email| sign_up(&server, email))).await;
    assert_eq!(statuses, [201; 30]);
    let other = server.another();
    let mailbox = Arc::new(Mailbox::default());
    let (mine, theirs) = join(
        outbox::deliver(&server.app, mailbox.as_ref()),
        outbox::deliver(&other.app, mailbox.as_ref()),
    )
    .await;
    let (mine, theirs) = (mine.expect("delivered"), theirs.expect("delivered"));
    assert_eq!(mine.sent + theirs.sent, 30);
    let letters = mailbox.empty();
    let ids: BTreeSet<_> = letters.iter().map(|letter| letter.id).collect();
    assert_eq!((letters.len(), ids.len()), (30, 30), "each once");
}

async fn the_outbox_holds_no_secret_and_goes_with_its_user(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let forgot = json!({ "email": "ada@example.com" });
    let request = server.client().post("/api/auth/forgot-password").json(&forgot);
    assert_eq!(request.send().await.status, 202);
    let waiting = outbox::list(&server.app, 10).await.expect("a list");
    assert_eq!(waiting.len(), 2);
    let stored = format!("{waiting:?}");
    let password = json!({ "current_password": "correct horse battery" });
    let letters = server.mail().await;
    for letter in &letters {
        let token = letter.token.as_ref().expect("a token").to_string();
        let (_, mac) = token.split_once('.').expect("two parts");
        assert!(!stored.contains(mac));
        assert!(
            !format!("{letter:?}").contains(mac),
            "nor does it get into a log by accident"
        );
    }
    server
        .client()
        .post("/api/auth/forgot-password")
        .json(&forgot)
        .send()
        .await;
    assert_eq!(
        ada.post("/api/users/me/delete").json(&password).send().await.status,
        204
    );
    assert!(outbox::list(&server.app, 10).await.expect("a list").is_empty());
    assert!(server.mail().await.is_empty());
}

async fn a_link_that_leads_nowhere_is_not_sent(engine: Engine) {
    let server = TestServer::start(engine).await;
    sign_up(&server, "ada@example.com").await;
    server.clock.advance(TimeDelta::hours(24));
    assert!(server.mail().await.is_empty());
    assert_eq!(outbox::count(&server.app).await.expect("a count").waiting, 0);
}

/// Else anybody could have words of their own mailed to any address.
async fn only_who_has_shown_to_own_the_address_is_called_by_name(engine: Engine) {
    let server = TestServer::start(engine).await;
    let body = json!({ "email": "ada@example.com", "password": "correct horse battery", "display_name": "Buy now" });
    let client = server.client();
    assert_eq!(client.post("/api/users").json(&body).send().await.status, 201);
    let forgot = json!({ "email": "ada@example.com" });
    let forget = async || {
        client
            .post("/api/auth/forgot-password")
            .json(&forgot)
            .send()
            .await
            .status
    };
    assert_eq!(forget().await, 202);
    let letters = server.mail().await;
    assert_eq!(letters.len(), 2);
    assert!(letters.iter().all(|letter| letter.name.is_none()), "{letters:?}");
    let token = letters[1].token.as_ref().expect("a token").to_string();
    let reset = json!({ "token": token, "new_password": "staple remembered" });
    assert_eq!(
        client.post("/api/auth/reset-password").json(&reset).send().await.status,
        204
    );
    let told = server.mail().await;
    assert_eq!((told.len(), told[0].name.as_deref()), (1, Some("Buy now")));
    let ada = json!({ "email": "ada@example.com", "password": "staple remembered" });
    let tokens = client.post("/api/auth/login").json(&ada).send().await.json();
    let ada = client.bearing(tokens["access_token"].as_str().expect("a token"));
    let change = json!({ "new_email": "other@example.com", "current_password": "staple remembered" });
    assert_eq!(ada.post("/api/users/me/email").json(&change).send().await.status, 202);
    let names: Vec<_> = server
        .mail()
        .await
        .into_iter()
        .map(|letter| (letter.to, letter.name))
        .collect();
    let expected = [("other@example.com", None), ("ada@example.com", Some("Buy now"))];
    assert_eq!(
        names,
        expected.map(|(to, name)| (to.to_owned(), name.map(str::to_owned)))
    );
}

async fn invite(admin: &Client, email: &str) {
    let invited = admin.post("/api/users").json(&json!({ "email": email })).send().await;
    assert_eq!(invited.status, 201);
}

async fn forget(server: &TestServer, email: &str) {
    let forgot = json!({ "email": email });
    let request = server.client().post("/api/auth/forgot-password").json(&forgot);
    assert_eq!(request.send().await.status, 202);
}

async fn urgent_mail_is_sent_before_bulk_mail_that_waits_longer(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    server.mail().await;
    for number in 0..25 {
        invite(&admin, &format!("user{number}@example.com")).await;
    }
    server.clock.advance(TimeDelta::minutes(1));
    let relay = Mutex::new(Relay::default());
    let first = outbox::claim_next(&server.app, &relay, Lane::Any)
        .await
        .expect("readable");
    assert_eq!(first.expect("a mail").kind, EmailKind::Invitation);
    let none = outbox::claim_next(&server.app, &relay, Lane::Urgent)
        .await
        .expect("readable");
    assert_eq!(none, None);
    forget(&server, "admin@example.com").await;
    let next = outbox::claim_next(&server.app, &relay, Lane::Any)
        .await
        .expect("readable");
    assert_eq!(
        next.expect("a mail").kind,
        EmailKind::ResetPassword,
        "while a bulk is being sent"
    );
    forget(&server, "admin@example.com").await;
    let kinds: Vec<_> = server.mail().await.into_iter().map(|letter| letter.kind).collect();
    assert_eq!((kinds.len(), kinds[0]), (25, EmailKind::ResetPassword));
}

async fn an_unavailable_mail_server_consumes_no_attempts_of_a_mail(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    server.mail().await;
    let change = json!({ "current_password": "correct horse battery", "new_password": "staple remembered" });
    assert_eq!(ada.put("/api/users/me/password").json(&change).send().await.status, 204);
    let mailbox = Mailbox::default();
    mailbox.refuse(Some(SendError::Unavailable("connection refused".to_owned())));
    let returned = DeliveryReport {
        returned: 1,
        ..DeliveryReport::default()
    };
    for _ in 0..10 {
        let delivered = outbox::deliver(&server.app, &mailbox).await.expect("delivered");
        assert_eq!(delivered, returned);
        let waiting = outbox::list(&server.app, 10).await.expect("a list");
        assert_eq!(
            (waiting.len(), waiting[0].attempts, waiting[0].failing_since),
            (1, 0, None)
        );
        let error = waiting[0].last_error.as_deref().expect("an error");
        assert!(error.contains("unavailable: connection refused"), "{error}");
        server.clock.advance(TimeDelta::days(1));
    }
    assert_eq!(
        outbox::retry_now(&server.app).await.expect("retried"),
        1,
        "the operator can still hurry it"
    );
    mailbox.refuse(None);
    assert_eq!(outbox::deliver(&server.app, &mailbox).await.expect("delivered").sent, 1);
    let letter = &mailbox.empty()[0];
    assert!(letter.sent_at - letter.at > TimeDelta::days(9), "{letter:?}");
}

async fn an_unavailable_mail_server_is_asked_about_one_mail_only(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    for number in 0..5 {
        assert_eq!(sign_up(&server, &format!("user{number}@example.com")).await, 201);
    }
    let mailbox = Mailbox::default();
    mailbox.refuse(Some(SendError::Unavailable("connection refused".to_owned())));
    let delivered = outbox::deliver(&server.app, &mailbox).await.expect("delivered");
    assert_eq!((delivered.returned, delivered.sent), (1, 0));
    mailbox.refuse(None);
    server.clock.advance(TimeDelta::seconds(1));
    assert_eq!(outbox::deliver(&server.app, &mailbox).await.expect("delivered").sent, 5);
    assert_eq!(
        mailbox.empty().last().map(|letter| letter.to.clone()).as_deref(),
        Some("user0@example.com")
    );
}

async fn an_unclear_rejection_of_every_mail_parks_none(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    for number in 0..3 {
        assert_eq!(sign_up(&server, &format!("user{number}@example.com")).await, 201);
    }
    let mailbox = Mailbox::default();
    mailbox.refuse(Some(SendError::Unclear {
        reason: "554 5.7.1 rejected".to_owned(),
        is_permanent: true,
    }));
    for _ in 0..9 {
        let delivered = outbox::deliver(&server.app, &mailbox).await.expect("delivered");
        assert_eq!((delivered.returned, delivered.parked), (1, 0));
        server.clock.advance(TimeDelta::seconds(5));
    }
    mailbox.refuse(None);
    assert_eq!(outbox::deliver(&server.app, &mailbox).await.expect("delivered").sent, 3);
}

async fn a_mail_is_given_up_by_its_own_failures_and_not_by_its_age(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    server.mail().await;
    let change = json!({ "current_password": "correct horse battery", "new_password": "staple remembered" });
    assert_eq!(ada.put("/api/users/me/password").json(&change).send().await.status, 204);
    let mailbox = Mailbox::default();
    let deliver = async || outbox::deliver(&server.app, &mailbox).await.expect("delivered");
    mailbox.refuse(Some(SendError::Unavailable("connection refused".to_owned())));
    assert_eq!(deliver().await.returned, 1);
    server.clock.advance(TimeDelta::days(5));
    mailbox.refuse(Some(SendError::Failed("450 greylisted".to_owned())));
    assert_eq!(
        deliver().await.postponed,
        1,
        "the mail server was away for long, the recipient was not"
    );
    server.clock.advance(TimeDelta::days(3) + TimeDelta::seconds(1));
    assert_eq!(deliver().await.parked, 1);
}

async fn parked_mail_is_deleted_after_a_month(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    server.mail().await;
    let change = json!({ "current_password": "correct horse battery", "new_password": "staple remembered" });
    assert_eq!(ada.put("/api/users/me/password").json(&change).send().await.status, 204);
    let mailbox = Mailbox::default();
    mailbox.refuse(Some(SendError::Refused("550 5.1.1 no such user".to_owned())));
    assert_eq!(
        outbox::deliver(&server.app, &mailbox).await.expect("delivered").parked,
        1
    );
    server.clock.advance(TimeDelta::days(29));
    assert_eq!(outbox::purge_dead_letters(&server.app).await.expect("purged"), 0);
    server.clock.advance(TimeDelta::days(2));
    assert_eq!(outbox::purge_expired(&server.app).await.expect("purged"), 0);
    assert_eq!(outbox::purge_dead_letters(&server.app).await.expect("purged"), 1);
    assert!(outbox::list(&server.app, 10).await.expect("a list").is_empty());
}

async fn waiting_mail_whose_link_has_expired_is_deleted(engine: Engine) {
    let server = TestServer::start(engine).await;
    sign_up(&server, "ada@example.com").await;
    forget(&server, "ada@example.com").await;
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
