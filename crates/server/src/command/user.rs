//! stub
use std::io::Write;
use crate::{Failure, cli, config::Config};
pub(super) async fn run(_action: cli::User, _config: &Config, _out: &mut dyn Write) -> Result<(), Failure> { Ok(()) }
