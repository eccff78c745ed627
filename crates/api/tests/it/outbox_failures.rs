//! Emails that cannot be sent: retries, rejections, dead letters, and an unavailable mail server.

use chrono::TimeDelta;
use serde_json::json;
use vestibule_domain::{
    SendError,
    outbox::{self, DeliveryReport},
};
use vestibule_testing::{Engine, Mailbox, TestServer, on_each_database};

use crate::support::{NEW_PASSWORD, PASSWORD, sign_up};

on_each_database!(
    failed_email_is_retried_and_rejected_email_becomes_a_dead_letter,
    email_becomes_a_dead_letter_after_three_days_of_failures,
    retry_period_starts_at_the_first_failure_of_the_email,
    dead_letters_are_deleted_after_a_month,
    unavailable_mail_server_consumes_no_attempts,
    unavailable_mail_server_is_probed_with_one_email,
    unclear_rejection_of_every_email_creates_no_dead_letters,
);

/// Changes a password, which enqueues an email without a link.
async fn enqueue_password_changed(server: &TestServer) {
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    server.deliver_emails().await;
    let change = json!({ "current_password": PASSWORD, "new_password": NEW_PASSWORD });
    assert_eq!(ada.put("/api/users/me/password").json(&change).send().await.status, 204);
}

async fn failed_email_is_retried_and_rejected_email_becomes_a_dead_letter(engine: Engine) {
    let server = TestServer::start(engine).await;
    let mailbox = Mailbox::default();
    let deliver = async || {
        outbox::deliver(&server.app, &mailbox)
            .await
            .expect("the outbox can be read")
    };
    assert_eq!(sign_up(&server, "ada@example.com").await.status, 201);
    mailbox.fail_with(Some(SendError::Failed("greylisted".to_owned())));
    let postponed = DeliveryReport {
        postponed: 1,
        ..DeliveryReport::default()
    };
    let mut waits = Vec::new();
    for _ in 0..9 {
        assert_eq!(deliver().await, postponed);
        assert_eq!(deliver().await, DeliveryReport::default(), "not before it is due");
        let waiting = outbox::list(&server.app, 10).await.expect("a list");
        assert_eq!(waiting[0].last_error.as_deref(), Some("temporary failure: greylisted"));
        let wait = waiting[0].due_at.expect("a due time") - vestibule_domain::Clock::now(&server.clock);
        waits.push((wait + TimeDelta::milliseconds(500)).num_seconds());
        server.clock.advance(wait);
    }
    assert_eq!(waits, [5, 15, 45, 135, 405, 1215, 3600, 3600, 3600]);

    mailbox.fail_with(Some(SendError::Rejected("550 no such user".to_owned())));
    assert_eq!(deliver().await.dead_letters, 1);
    server.clock.advance(TimeDelta::hours(2));
    assert_eq!(deliver().await, DeliveryReport::default());
    assert_eq!(outbox::count(&server.app).await.expect("a count").dead_letters, 1);
    mailbox.fail_with(None);
    assert_eq!(outbox::retry_now(&server.app).await.expect("retried"), 1);
    assert_eq!(deliver().await.sent, 1);
    assert_eq!(mailbox.take().len(), 1);
}

async fn email_becomes_a_dead_letter_after_three_days_of_failures(engine: Engine) {
    let server = TestServer::start(engine).await;
    enqueue_password_changed(&server).await;
    let mailbox = Mailbox::default();
    mailbox.fail_with(Some(SendError::Failed("greylisted".to_owned())));
    let deliver = async || {
        outbox::deliver(&server.app, &mailbox)
            .await
            .expect("the outbox can be read")
    };
    assert_eq!(deliver().await.postponed, 1);
    server.clock.advance(TimeDelta::days(3) + TimeDelta::seconds(1));
    assert_eq!(deliver().await.dead_letters, 1);
}

async fn retry_period_starts_at_the_first_failure_of_the_email(engine: Engine) {
    let server = TestServer::start(engine).await;
    enqueue_password_changed(&server).await;
    let mailbox = Mailbox::default();
    let deliver = async || outbox::deliver(&server.app, &mailbox).await.expect("delivered");
    mailbox.fail_with(Some(SendError::Unavailable("connection refused".to_owned())));
    assert_eq!(deliver().await.returned, 1);
    server.clock.advance(TimeDelta::days(5));
    mailbox.fail_with(Some(SendError::Failed("450 greylisted".to_owned())));
    assert_eq!(
        deliver().await.postponed,
        1,
        "time without a mail server does not count as failing"
    );
    server.clock.advance(TimeDelta::days(3) + TimeDelta::seconds(1));
    assert_eq!(deliver().await.dead_letters, 1);
}

async fn dead_letters_are_deleted_after_a_month(engine: Engine) {
    let server = TestServer::start(engine).await;
    enqueue_password_changed(&server).await;
    let mailbox = Mailbox::default();
    mailbox.fail_with(Some(SendError::Rejected("550 5.1.1 no such user".to_owned())));
    assert_eq!(
        outbox::deliver(&server.app, &mailbox)
            .await
            .expect("delivered")
            .dead_letters,
        1
    );
    server.clock.advance(TimeDelta::days(29));
    assert_eq!(outbox::purge_dead_letters(&server.app).await.expect("purged"), 0);
    server.clock.advance(TimeDelta::days(2));
    assert_eq!(outbox::purge_expired(&server.app).await.expect("purged"), 0);
    assert_eq!(outbox::purge_dead_letters(&server.app).await.expect("purged"), 1);
    assert!(outbox::list(&server.app, 10).await.expect("a list").is_empty());
}

async fn unavailable_mail_server_consumes_no_attempts(engine: Engine) {
    let server = TestServer::start(engine).await;
    enqueue_password_changed(&server).await;
    let mailbox = Mailbox::default();
    mailbox.fail_with(Some(SendError::Unavailable("connection refused".to_owned())));
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
        "the operator can still retry it at once"
    );
    mailbox.fail_with(None);
    assert_eq!(outbox::deliver(&server.app, &mailbox).await.expect("delivered").sent, 1);
    let email = &mailbox.take()[0];
    assert!(email.sent_at - email.at > TimeDelta::days(9), "{email:?}");
}

async fn unavailable_mail_server_is_probed_with_one_email(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    for number in 0..5 {
        assert_eq!(sign_up(&server, &format!("user{number}@example.com")).await.status, 201);
    }
    let mailbox = Mailbox::default();
    mailbox.fail_with(Some(SendError::Unavailable("connection refused".to_owned())));
    let delivered = outbox::deliver(&server.app, &mailbox).await.expect("delivered");
    assert_eq!((delivered.returned, delivered.sent), (1, 0));
    mailbox.fail_with(None);
    server.clock.advance(TimeDelta::seconds(1));
    assert_eq!(outbox::deliver(&server.app, &mailbox).await.expect("delivered").sent, 5);
    assert_eq!(
        mailbox.take().last().map(|email| email.to.clone()).as_deref(),
        Some("user0@example.com")
    );
}

async fn unclear_rejection_of_every_email_creates_no_dead_letters(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    for number in 0..3 {
        assert_eq!(sign_up(&server, &format!("user{number}@example.com")).await.status, 201);
    }
    let mailbox = Mailbox::default();
    mailbox.fail_with(Some(SendError::Unclear {
        reason: "554 5.7.1 rejected".to_owned(),
        is_permanent: true,
    }));
    for _ in 0..9 {
        let delivered = outbox::deliver(&server.app, &mailbox).await.expect("delivered");
        assert_eq!((delivered.returned, delivered.dead_letters), (1, 0));
        server.clock.advance(TimeDelta::seconds(5));
    }
    mailbox.fail_with(None);
    assert_eq!(outbox::deliver(&server.app, &mailbox).await.expect("delivered").sent, 3);
}
