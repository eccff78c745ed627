//! The database schema of the notes.

mod m20260101_000001_create_notes;
mod m20260102_000001_add_title_to_notes;

vestibule_migrate::migrator! {
    /// The migrations, oldest first.
    pub(crate) struct Migrator;
    m20260101_000001_create_notes,
    m20260102_000001_add_title_to_notes,
}
