//! `cargo xtask dev` and `serve`: the server, with the web app from its sources or from a build.

use std::process::Child;
use std::thread::sleep;
use std::time::Duration;

use crate::process::Line;
use crate::{Outcome, web};

/// The address of Vite, which forwards API calls to the server. It is the server's public URL, so that links open pages
/// that follow the sources.
const VITE: &str = "http://localhost:5174";

/// The interval at which both processes are checked.
const CHECK_INTERVAL: Duration = Duration::from_millis(200);

/// Runs both until one exits, then kills the other. Ctrl-C reaches all three processes.
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
    let exited = loop {
        if let Some(index) = children.iter_mut().position(has_exited) {
            break index;
        }
        sleep(CHECK_INTERVAL);
    };
    for child in &mut children {
        // Fails for the process that has already exited.
        let _ = child.kill();
        let _ = child.wait();
    }
    Err(format!("{} has exited", ["Vite", "the server"][exited]))
}

fn has_exited(child: &mut Child) -> bool {
    !matches!(child.try_wait(), Ok(None))
}

/// `cargo xtask serve`: the server with a current build of the web app.
pub(crate) fn serve(args: &[&str]) -> Outcome {
    web::build()?;
    Line::new("cargo run --package vestibule-server -- serve")
        .and(args)
        .exec()
}
