use uuid::Uuid;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn id(number: u128) -> Id<QueuedEmail> {
    Id::from_uuid(Uuid::from_u128(number))
}

fn unavailable() -> SendError {
    SendError::Unavailable("connection refused".to_owned())
}

fn unclear(is_permanent: bool) -> SendError {
    SendError::Unclear {
        reason: "550 5.7.1 rejected".to_owned(),
        is_permanent,
    }
}

/// Starts the delivery of an email, which fails immediately.
fn fail(relay: &mut Relay, email: u128, error: &SendError, now: Instant) -> (Fault, Option<RelayEvent>) {
    relay.start(id(email), now);
    relay.fail(id(email), error, now, now)
}

#[test]
fn unavailable_server_is_probed_at_growing_intervals() {
    let (mut relay, mut now) = (Relay::default(), Instant::now());
    assert_eq!(relay.admission(now), Admission::Open);
    let (fault, event) = fail(&mut relay, 1, &unavailable(), now);
    assert_eq!(fault, Fault::Relay);
    assert_eq!(event, Some(RelayEvent::Paused("connection refused".to_owned())));
    let mut waits = Vec::new();
    for email in 2..12 {
        let Admission::Wait(next) = relay.admission(now) else {
            panic!("{:?}", relay.admission(now));
        };
        waits.push((next - now).as_secs());
        now = next;
        assert_eq!(relay.admission(now), Admission::Probe);
        relay.start(id(email), now);
        assert_eq!(relay.admission(now), Admission::UrgentProbe);
        let (fault, event) = relay.fail(id(email), &unavailable(), now, now);
        assert_eq!((fault, event), (Fault::Relay, None), "one event for one outage");
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 25, 25, 25, 25, 25]);
}

#[test]
fn unanswered_probe_is_followed_by_minimum_pause() {
    let (mut relay, mut now) = (Relay::default(), Instant::now());
    fail(&mut relay, 1, &unavailable(), now);
    for email in 2..12 {
        relay.start(id(email), now);
        let started = now;
        now += 20 * SECOND;
        relay.fail(id(email), &unavailable(), started, now);
    }
    assert_eq!(relay.admission(now), Admission::Wait(now + 5 * SECOND));
}

#[test]
fn urgent_email_is_a_second_probe_and_there_is_no_third() {
    let (mut relay, now) = (Relay::default(), Instant::now());
    fail(&mut relay, 1, &unavailable(), now);
    let now = now + SECOND;
    relay.start(id(2), now);
    assert_eq!(relay.admission(now), Admission::UrgentProbe);
    relay.start(id(3), now);
    assert_eq!(relay.admission(now), Admission::Probing);
    relay.fail(id(2), &unavailable(), now, now);
    assert_eq!(relay.admission(now), Admission::Wait(now + 2 * SECOND));
    assert_eq!(relay.admission(now + 2 * SECOND), Admission::UrgentProbe);
    assert!(relay.accept(id(3), now).is_some());
    assert_eq!(relay.admission(now), Admission::Open);
}

#[test]
fn hanging_probe_does_not_block_the_next() {
    let (mut relay, now) = (Relay::default(), Instant::now());
    fail(&mut relay, 1, &unavailable(), now);
    let now = now + SECOND;
    relay.start(id(2), now);
    relay.start(id(3), now);
    assert_eq!(relay.admission(now + 24 * SECOND), Admission::Probing);
    assert_eq!(relay.admission(now + 25 * SECOND), Admission::Probe);
}

#[test]
fn deliveries_started_before_the_pause_do_not_extend_it() {
    let (mut relay, now) = (Relay::default(), Instant::now());
    for email in 1..=4 {
        relay.start(id(email), now);
    }
    let events: Vec<_> = (1..=4)
        .filter_map(|email| relay.fail(id(email), &unavailable(), now, now).1)
        .collect();
    assert_eq!(events.len(), 1);
    assert_eq!(relay.admission(now), Admission::Wait(now + SECOND));
}

#[test]
fn accepted_or_individually_rejected_email_ends_the_pause() {
    let individual = [
        SendError::Rejected("550 5.1.1 no such user".to_owned()),
        SendError::Failed("450 4.2.2 mailbox full".to_owned()),
    ];
    for error in individual {
        let (mut relay, now) = (Relay::default(), Instant::now());
        fail(&mut relay, 1, &unavailable(), now);
        let (_, event) = fail(&mut relay, 2, &error, now + SECOND);
        assert_eq!(event, Some(RelayEvent::Resumed(SECOND)));
        assert_eq!(relay.admission(now), Admission::Open);
    }
    let (mut relay, now) = (Relay::default(), Instant::now());
    fail(&mut relay, 1, &unavailable(), now);
    relay.start(id(2), now);
    assert_eq!(relay.accept(id(2), now + SECOND), Some(RelayEvent::Resumed(SECOND)));
    assert_eq!(relay.accept(id(3), now + SECOND), None);
}

#[test]
fn email_that_was_never_sent_is_no_probe() {
    let (mut relay, now) = (Relay::default(), Instant::now());
    fail(&mut relay, 1, &unavailable(), now);
    let later = now + SECOND;
    let invalid = SendError::InvalidAddress("no domain".to_owned());
    assert_eq!(fail(&mut relay, 2, &invalid, later), (Fault::Permanent, None));
    assert_eq!(
        relay.admission(later),
        Admission::Probe,
        "a different email is the probe"
    );
    relay.start(id(3), now);
    relay.skip(id(3));
    assert_eq!(relay.admission(later), Admission::Probe);
}

#[test]
fn unclear_failure_is_attributed_to_server_until_it_accepts_an_email() {
    for (is_permanent, expected) in [(true, Fault::Permanent), (false, Fault::Temporary)] {
        let (mut relay, mut now) = (Relay::default(), Instant::now());
        for _ in 0..50 {
            let (fault, _) = fail(&mut relay, 1, &unclear(is_permanent), now);
            assert_eq!(fault, Fault::Relay, "no email accepted yet");
            now += 30 * SECOND;
        }
        assert!(relay.is_suspect(id(1)) && !relay.is_suspect(id(2)));
        relay.start(id(2), now);
        relay.accept(id(2), now);
        assert_eq!(
            fail(&mut relay, 1, &unclear(is_permanent), now + SECOND),
            (expected, None)
        );
        assert!(!relay.is_paused(), "other emails are not delayed");
    }
}

/// Emails that are in flight when a server starts to reject this client are not rejected permanently.
#[test]
fn first_permanent_unclear_failure_is_retried_if_other_emails_are_accepted() {
    let (mut relay, now) = (Relay::default(), Instant::now());
    relay.start(id(1), now);
    relay.accept(id(2), now + SECOND);
    let (fault, event) = relay.fail(id(1), &unclear(true), now, now + 2 * SECOND);
    assert_eq!((fault, event), (Fault::Temporary, None));
    let (fault, _) = fail(&mut relay, 1, &unclear(true), now + 5 * SECOND);
    assert_eq!(fault, Fault::Relay, "no email accepted in between");
}

#[test]
fn number_of_suspects_is_bounded() {
    let (mut relay, now) = (Relay::default(), Instant::now());
    for email in 0..5000 {
        fail(&mut relay, email, &unclear(false), now);
    }
    assert!(relay.suspects.len() <= MAX_SUSPECTS);
}
