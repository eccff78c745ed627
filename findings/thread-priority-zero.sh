#!/usr/bin/env bash
# thread-priority 3.1.1 on Linux: SCHED_IDLE has one valid static priority, 0 (sched(7)). `ThreadPriority::from_posix`
# with 0 is nevertheless rejected as out of the range `0..=0`, and the policy remains SCHED_OTHER. `ThreadPriority::Min`
# sets SCHED_IDLE, which is policy 5 in field 41 of /proc/thread-self/stat. Output seen:
#   priority 0: Err(PriorityNotInRange(0..=0)), policy 0
#   minimum: Ok(()), policy 5
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.1.0"
edition = "2024"
[dependencies]
thread-priority = "=3.1.1"
TOML
cat > src/main.rs <<'RUST'
use thread_priority::*;

fn try_idle(name: &'static str, priority: ThreadPriority) {
    let thread = std::thread::spawn(move || {
        let policy = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        let result = set_thread_priority_and_policy(thread_native_id(), priority, policy);
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        let fields = stat.rsplit(')').next().unwrap();
        println!("{name}: {result:?}, policy {}", fields.split_whitespace().nth(38).unwrap());
    });
    thread.join().unwrap();
}

fn main() {
    try_idle("priority 0", ThreadPriority::from_posix(ScheduleParams { sched_priority: 0 }));
    try_idle("minimum", ThreadPriority::Min);
}
RUST
output=$(cargo run --quiet)
echo "$output"
[[ $output == $'priority 0: Err(PriorityNotInRange(0..=0)), policy 0\nminimum: Ok(()), policy 5' ]]
