//! `user seed`: generated users.

use std::io::Write;

use vestibule_api::App;
use vestibule_domain::{
    Actor, DisplayName, EmailAddress,
    users::{self, SeedUser},
};

use super::errors::use_case_error;
use crate::CommandError;

/// The number of users per transaction.
const BATCH: u32 = 5_000;

/// Inserts `count` users. Their email addresses contain the current time, so that each run creates new ones.
pub(super) async fn run(app: &App, count: u32, out: &mut dyn Write) -> Result<(), CommandError> {
    let run_id = app.clock.now().timestamp();
    let mut created = 0;
    while created < count {
        let end = count.min(created + BATCH);
        let users = (created..end).map(|n| generate(n, run_id)).collect::<Result<_, _>>()?;
        users::seed(app, &Actor::operator(), users)
            .await
            .map_err(use_case_error)?;
        created = end;
        tracing::info!(created, "inserted users");
    }
    writeln!(out, "inserted {count} users")?;
    Ok(())
}

/// Generates the user with a number. Consecutive numbers differ in both names, and 10,000 of them include every pair of
/// names.
fn generate(n: u32, run_id: i64) -> Result<SeedUser, CommandError> {
    let index = n as usize;
    let first = FIRST_NAMES[index % FIRST_NAMES.len()];
    let last = LAST_NAMES[(index / FIRST_NAMES.len() + index) % LAST_NAMES.len()];
    let address = format!(
        "{}.{}.{n}.{run_id}@example.com",
        first.to_lowercase(),
        last.to_lowercase()
    );
    Ok(SeedUser {
        email: EmailAddress::parse(&address)
            .map_err(|error| CommandError::Failed("cannot generate a user", error.into()))?,
        display_name: DisplayName::parse(&format!("{first} {last}"))
            .map_err(|error| CommandError::Failed("cannot generate a user", error.into()))?,
    })
}

#[rustfmt::skip]
const FIRST_NAMES: [&str; 100] = [
    "Ada", "Adam", "Agnes", "Aisha", "Alan", "Alba", "Alice", "Amara", "Amir", "Ana", "Anders", "Anna",
    "Anton", "Aria", "Arthur", "Astrid", "Aya", "Beatriz", "Ben", "Carla", "Carlos", "Chiara", "Clara",
    "Daniel", "Daria", "David", "Diego", "Dina", "Edith", "Elena", "Eli", "Elif", "Elsa", "Emil", "Emma",
    "Erik", "Esther", "Eva", "Farah", "Felix", "Fiona", "Frida", "Gabriel", "Grace", "Greta", "Hana",
    "Hannah", "Hugo", "Ibrahim", "Ida", "Ines", "Ingrid", "Iris", "Ivan", "Jack", "Jana", "Jonas", "Jorge",
    "Julia", "Kai", "Karim", "Katja", "Kenji", "Lars", "Laura", "Leila", "Leo", "Lina", "Linus", "Lucia",
    "Luis", "Maja", "Marco", "Maria", "Marta", "Mateo", "Maya", "Mei", "Mila", "Milan", "Mina", "Nadia",
    "Nina", "Noah", "Nora", "Olga", "Oscar", "Otto", "Paul", "Petra", "Rafael", "Rosa", "Ruth", "Samir",
    "Sara", "Sofia", "Tariq", "Theo", "Vera", "Yusuf",
];

#[rustfmt::skip]
const LAST_NAMES: [&str; 100] = [
    "Abbas", "Ahmed", "Almeida", "Andersson", "Bauer", "Becker", "Bergman", "Bianchi", "Blanc", "Brandt",
    "Brown", "Carter", "Castro", "Chen", "Clark", "Costa", "Cruz", "Davies", "Diaz", "Dubois", "Duran",
    "Eriksen", "Evans", "Falk", "Farouk", "Fischer", "Fontana", "Foster", "Fuchs", "Garcia", "Gomez", "Green",
    "Haas", "Hall", "Hansen", "Haddad", "Hassan", "Hill", "Hoffmann", "Holm", "Horvat", "Ito", "Ivanova",
    "Jansen", "Jensen", "Johnson", "Jones", "Kaya", "Keller", "Khan", "Kim", "King", "Klein", "Kovacs",
    "Krause", "Kumar", "Lang", "Larsen", "Laurent", "Lee", "Lehmann", "Lewis", "Lopez", "Lovelace", "Malik",
    "Marin", "Martin", "Meyer", "Mitchell", "Moreau", "Moretti", "Morgan", "Mori", "Murphy", "Nagy",
    "Nakamura", "Nielsen", "Novak", "Olsen", "Park", "Patel", "Pereira", "Petrov", "Ramos", "Reyes", "Ricci",
    "Rossi", "Roth", "Santos", "Sato", "Schmidt", "Silva", "Singh", "Smith", "Tanaka", "Taylor", "Turner",
    "Vogel", "Walker", "Wang",
];
