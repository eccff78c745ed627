//! `cargo xtask dev`: the server, and the web app from its sources beside it.

use std::process::Child;
use std::thread::sleep;
use std::time::Duration;

use crate::process::Line;
use crate::{Outcome, web};

/// Where Vite listens; its pages find the API behind it. The server calls this its public URL, so that its links
/// lead to pages that follow the sources.
const VITE: &str = "http://localhost:5174";

/// How often we look whether both are still there.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Runs both until one ends, and then ends the other. Ctrl-C reaches all three of us.
pub(crate) fn run(args: &[&str]) -> Outcome {
    web::install()?;
    let server = Line::new("cargo run --package vestibule-server -- serve").and(args);
    let server = if std::env::var_os("VESTIBULE_PUBLIC_URL").is_none() {
        server.with("VESTIBULE_PUBLIC_URL", VITE)
    } else {
        server
    };
    let vite = Line::new("node web/node_modules/vite/bin/vite.js web/app --port 5174 --strictPort");
    let mut children = [vite.start()?, server.start()?];
    let ended = loop {
        if let Some(place) = children.iter_mut().position(has_ended) {
            break place;
        }
        sleep(LOOK_EVERY);
    };
    for child in &mut children {
        // Whoever has ended cannot be ended.
        let _ = child.kill();
        let _ = child.wait();
    }
    Err(format!("{} has ended", ["Vite", "the server"][ended]))
}

fn has_ended(child: &mut Child) -> bool {
    !matches!(child.try_wait(), Ok(None))
}
