//! The developer's part of migrations.

mod catalogue;
mod engine;
mod project;
mod scratch;

pub use catalogue::{Catalogue, Difference, differences};
pub use engine::Engine;
pub use project::Project;
pub use scratch::{Place, Scratch};
