//! Measures how many passwords an idle machine hashes per second on all cores. The arguments are the cost and the
//! duration in seconds: `cargo run --release -p vestibule-security --example bcrypt_bound -- 12 10`.

use std::{
    env, thread,
    time::{Duration, Instant},
};

fn main() {
    let mut arguments = env::args().skip(1).filter_map(|text| text.parse::<u32>().ok());
    let cost = arguments.next().unwrap_or(12);
    let duration = Duration::from_secs(arguments.next().unwrap_or(10).into());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let start = Instant::now();
    let hash_until_deadline = move || {
        let mut hashes = 0_u32;
        while start.elapsed() < duration {
            bcrypt::bcrypt(cost, [1; 16], b"correct horse battery");
            hashes += 1;
        }
        hashes
    };
    let threads: Vec<_> = (0..cores).map(|_| thread::spawn(hash_until_deadline)).collect();
    let hashes: u32 = threads.into_iter().filter_map(|thread| thread.join().ok()).sum();
    println!("{:.2}", f64::from(hashes) / start.elapsed().as_secs_f64());
}
