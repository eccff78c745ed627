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

/// Sends a mail that fails like this, at once.
fn fail(relay: &mut Relay, mail: u128, error: &SendError, now: Instant) -> (Fault, Option<RelayEvent>) {
    relay.start(id(mail), now);
    relay.fail(id(mail), error, now, now)
}

#[test]
fn an_unavailable_server_is_probed_at_growing_intervals_of_at_most_half_a_minute() {
    let (mut relay, mut now) = (Relay::default(), Instant::now());
    assert_eq!(relay.admission(now), Admission::Open);
    let (fault, event) = fail(&mut relay, 1, &unavailable(), now);
    assert_eq!(fault, Fault::Relay);
    assert_eq!(event, Some(RelayEvent::Paused("connection refused".to_owned())));
    let mut waits = Vec::new();
    for mail in 2..12 {
        let Admission::Wait(next) = relay.admission(now) else {
            panic!("{:?}", relay.admission(now));
        };
        waits.push((next - now).as_secs());
        now = next;
        assert_eq!(relay.admission(now), Admission::Probe);
        relay.start(id(mail), now);
        assert_eq!(relay.admission(now), Admission::UrgentProbe);
        let (fault, event) = relay.fail(id(mail), &unavailable(), now, now);
        assert_eq!((fault, event), (Fault::Relay, None), "one event for one outage");
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 25, 25, 25, 25, 25]);
}

#[test]
fn a_probe_that_is_not_answered_is_followed_by_a_short_pause() {
    let (mut relay, mut now) = (Relay::default(), Instant::now());
    fail(&mut relay, 1, &unavailable(), now);
    for mail in 2..12 {
        relay.start(id(mail), now);
        let started = now;
        now += 20 * SECOND;
        relay.fail(id(mail), &unavailable(), started, now);
    }
    assert_eq!(relay.admission(now), Admission::Wait(now + 5 * SECOND));
}

#[test]
fn an_urgent_mail_is_a_second_probe_and_there_is_no_third() {
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
fn a_probe_that_hangs_holds_up_no_other() {
    let (mut relay, now) = (Relay::default(), Instant::now());
    fail(&mut relay, 1, &unavailable(), now);
    let now = now + SECOND;
    relay.start(id(2), now);
    relay.start(id(3), now);
    assert_eq!(relay.admission(now + 24 * SECOND), Admission::Probing);
    assert_eq!(relay.admission(now + 25 * SECOND), Admission::Probe);
}

#[test]
fn deliveries_from_before_the_pause_do_not_prolong_it() {
    let (mut relay, now) = (Relay::default(), Instant::now());
    for mail in 1..=4 {
        relay.start(id(mail), now);
    }
    let events: Vec<_> = (1..=4)
        .filter_map(|mail| relay.fail(id(mail), &unavailable(), now, now).1)
        .collect();
    assert_eq!(events.len(), 1);
    assert_eq!(relay.admission(now), Admission::Wait(now + SECOND));
}

#[test]
fn a_mail_that_is_accepted_or_rejected_for_its_own_sake_ends_the_pause() {
    let own = [
        SendError::Refused("550 5.1.1 no such user".to_owned()),
        SendError::Failed("450 4.2.2 mailbox full".to_owned()),
    ];
    for error in own {
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
fn an_address_that_no_server_was_asked_about_is_no_probe() {
    let (mut relay, now) = (Relay::default(), Instant::now());
    fail(&mut relay, 1, &unavailable(), now);
    let later = now + SECOND;
    let invalid = SendError::InvalidAddress("no domain".to_owned());
    assert_eq!(fail(&mut relay, 2, &invalid, later), (Fault::MailForGood, None));
    assert_eq!(relay.admission(later), Admission::Probe, "another mail is the probe");
    relay.start(id(3), now);
    relay.skip(id(3));
    assert_eq!(relay.admission(later), Admission::Probe);
}

#[test]
fn an_unclear_failure_is_about_the_server_until_it_accepts_another_mail() {
    for (is_permanent, expected) in [(true, Fault::MailForGood), (false, Fault::MailForNow)] {
        let (mut relay, mut now) = (Relay::default(), Instant::now());
        for _ in 0..50 {
            let (fault, _) = fail(&mut relay, 1, &unclear(is_permanent), now);
            assert_eq!(fault, Fault::Relay, "as long as nothing is accepted");
            now += 30 * SECOND;
        }
        assert!(relay.is_suspect(id(1)) && !relay.is_suspect(id(2)));
        relay.start(id(2), now);
        relay.accept(id(2), now);
        assert_eq!(
            fail(&mut relay, 1, &unclear(is_permanent), now + SECOND),
            (expected, None)
        );
        assert!(!relay.is_paused(), "others are not held up");
    }
}

/// What is in flight when a server begins to reject this client is not rejected for good.
#[test]
fn a_first_permanent_unclear_failure_beside_accepted_mail_is_retried() {
    let (mut relay, now) = (Relay::default(), Instant::now());
    relay.start(id(1), now);
    relay.accept(id(2), now + SECOND);
    let (fault, event) = relay.fail(id(1), &unclear(true), now, now + 2 * SECOND);
    assert_eq!((fault, event), (Fault::MailForNow, None));
    let (fault, _) = fail(&mut relay, 1, &unclear(true), now + 5 * SECOND);
    assert_eq!(fault, Fault::Relay, "nothing was accepted in between");
}

#[test]
fn the_memory_of_suspects_is_bounded() {
    let (mut relay, now) = (Relay::default(), Instant::now());
    for mail in 0..5000 {
        fail(&mut relay, mail, &unclear(false), now);
    }
    assert!(relay.suspects.len() <= MAX_SUSPECTS);
}
