//! Made-up users, for trying the system with many.

use std::io::Write;

use vestibule_api::App;
use vestibule_domain::{
    Actor, DisplayName, EmailAddress,
    users::{self, SeedUser},
};

use super::{
    names::{FIRST, LAST},
    refusal::user_failure,
};
use crate::Failure;

/// How many users one transaction inserts.
const BATCH: u32 = 5_000;

/// Inserts so many users. Their addresses go on from those of earlier runs: the time tells them apart.
pub(super) async fn run(app: &App, count: u32, out: &mut dyn Write) -> Result<(), Failure> {
    let run = app.clock.now().timestamp();
    let mut made = 0;
    while made < count {
        let end = count.min(made + BATCH);
        let people = (made..end).map(|n| person(n, run)).collect::<Result<_, _>>()?;
        users::seed(app, &Actor::operator(), people)
            .await
            .map_err(user_failure)?;
        made = end;
        tracing::info!(made, "seeding");
    }
    writeln!(out, "inserted {count} users")?;
    Ok(())
}

/// The numbers run through all pairs of names, each last name beside each first name in turn.
fn person(n: u32, run: i64) -> Result<SeedUser, Failure> {
    let place = n as usize;
    let first = FIRST[place % FIRST.len()];
    let last = LAST[(place / FIRST.len() + place) % LAST.len()];
    let address = format!("{}.{}.{n}.{run}@example.com", first.to_lowercase(), last.to_lowercase());
    Ok(SeedUser {
        email: EmailAddress::parse(&address).map_err(|error| Failure::Failed("seeding", error.into()))?,
        display_name: DisplayName::parse(&format!("{first} {last}"))
            .map_err(|error| Failure::Failed("seeding", error.into()))?,
    })
}
