//! Has release builds, which hold the web app, follow its folder: the compiler sees when a file in it changes, but
//! not when one is added. Nothing is built here; `cargo xtask` does that.

const APP: &str = "../../web/app/dist";

fn main() {
    // Without a folder, cargo would run this each time, and a debug build would not find the app that is built later.
    // Where it cannot be made there is none to serve either.
    let _ = std::fs::create_dir_all(APP);
    let is_release = std::env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_none();
    let followed = if is_release { APP } else { "build.rs" };
    println!("cargo::rerun-if-changed={followed}");
}
