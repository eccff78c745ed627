//! A full disk: a small file system in memory. Mounting it requires root.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::Command,
};

use sea_orm::{ConnectionTrait, Database};
use vestibule_testing::postgres::{self, Node, ReplicatedServers};

use super::{assert_present, repeated, sign_up};
use crate::support::{Folder, Server};

/// A small file system that is unmounted at the end of the test.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts the file system. Returns `None` with a message if this process may not mount.
    fn mount(path: &Path, megabytes: u32) -> Option<Self> {
        fs::create_dir_all(path).expect("a directory");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m,mode=0700"), "tmpfs"])
            .arg(path)
            .output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(path.to_owned())),
            _ => {
                // Not `eprintln!`, which the test harness hides when a test passes.
                let _ = writeln!(std::io::stderr(), "skipped: the full disk test requires root to mount");
                None
            }
        }
    }

    fn fill(&self) {
        let mut filler = File::create(self.0.join("filler")).expect("a file");
        let chunk = [0; 4096];
        while filler.write_all(&chunk).is_ok() {}
    }

    fn empty(&self) {
        fs::remove_file(self.0.join("filler")).expect("deleted");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["--lazy"]).arg(&self.0).status();
    }
}

/// Fills and empties the disk. Returns the acknowledged emails.
fn fill_and_empty(server: &Server, disk: &SmallDisk) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for _ in 0..repeated(1) {
        for _ in 0..5 {
            acknowledged.push(sign_up(server).expect("free space"));
        }
        disk.fill();
        let status = loop {
            match sign_up(server) {
                Ok(email) => acknowledged.push(email),
                Err(status) => break status,
            }
        };
        assert_eq!(status, 503);
        assert_eq!(server.get("/health/ready", None).status, 503, "the disk is full");
        assert_eq!(server.get("/health/live", None).status, 200);
        assert_eq!(server.get("/api/settings", None).status, 200, "reads work");
        for _ in 0..5 {
            if let Ok(email) = sign_up(server) {
                acknowledged.push(email);
            }
        }
        disk.empty();
        acknowledged.push(sign_up(server).expect("the first write after that is committed"));
        server.wait_for_readiness(200);
    }
    acknowledged
}

#[test]
fn acknowledged_writes_survive_a_full_disk_on_sqlite() {
    let folder = Folder::new();
    let Some(disk) = SmallDisk::mount(&folder.path().join("data"), 20) else {
        return;
    };
    let server = folder.serve_with(&[("VESTIBULE_RATE_LIMITS", "off")]);
    let acknowledged = fill_and_empty(&server, &disk);
    server.stop();
    let url = format!("sqlite://{}/data/vestibule.db", folder.path().display());
    assert_present(&url, &acknowledged);
}

/// Creates a database whose files are on the small disk.
async fn create_database(server: &str, disk: &SmallDisk) -> String {
    let db = Database::connect(server).await.expect("connected");
    let tablespace = format!("CREATE TABLESPACE small LOCATION '{}'", disk.0.display());
    for sql in [&tablespace, "CREATE DATABASE small TABLESPACE small TEMPLATE template0"] {
        db.execute_unprepared(sql).await.expect("created");
    }
    db.close().await.expect("closed");
    server.replace("/postgres?", "/small?")
}

#[test]
fn acknowledged_writes_survive_a_full_disk_on_postgres() {
    let Some(servers) = postgres::server_url().and_then(|_| ReplicatedServers::start()) else {
        return;
    };
    let Some(disk) = SmallDisk::mount(&servers.folder().join("small"), 24) else {
        return;
    };
    let owner = fs::metadata(servers.folder()).expect("the directory of the servers");
    chown(&disk.0, Some(owner.uid()), Some(owner.gid())).expect("changed owner");
    let first = servers.url(Node::First);
    // The standby would need its own disk at the same path.
    servers.crash(Node::Second);
    let url = actix_web::rt::System::new().block_on(create_database(&first, &disk));
    let folder = Folder::new();
    let server = folder.serve_with(&[
        ("DATABASE_URL", &url),
        ("VESTIBULE_SECRET_KEY", "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea"),
        ("VESTIBULE_RATE_LIMITS", "off"),
    ]);
    let acknowledged = fill_and_empty(&server, &disk);
    server.stop();
    assert_present(&url, &acknowledged);
    servers.crash(Node::First);
}
