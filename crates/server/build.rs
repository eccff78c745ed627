//! Rebuilds release builds, which embed the web app, when a file is added to its directory. The compiler alone only
//! notices changed files. The app itself is built by `cargo xtask`.

const APP: &str = "../../web/app/dist";

fn main() {
    // Without the directory, cargo would run this script on every build, and a debug build would not find an app that
    // is built later. If it cannot be created, there is no app to embed either.
    let _ = std::fs::create_dir_all(APP);
    let is_release = std::env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_none();
    let watched = if is_release { APP } else { "build.rs" };
    println!("cargo::rerun-if-changed={watched}");
}
