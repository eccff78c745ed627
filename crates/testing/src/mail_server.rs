//! A mail server that answers as it is told.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

/// What it says in the end, after a whole letter has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtTheEnd {
    /// That it has it.
    Accept,
    /// Nothing at all.
    Hang,
}

/// Speaks SMTP (RFC 5321) with any number of clients.
pub struct MailServer {
    /// Its URL.
    pub url: String,
    letters: Receiver<String>,
}

impl MailServer {
    /// Starts one that answers `RCPT` with this line.
    #[must_use]
    pub fn start(recipient: &'static str, at_the_end: AtTheEnd) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let url = format!("smtp://{}", listener.local_addr().expect("an address"));
        let (heard, letters) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let heard = heard.clone();
                thread::spawn(move || converse(&stream, recipient, at_the_end, &heard));
            }
        });
        Self { url, letters }
    }

    /// Waits for the next conversation to get to its end, and gives what the client said.
    #[must_use]
    pub fn heard(&self) -> String {
        self.letters.recv().expect("the server runs as long as the test")
    }
}

fn converse(stream: &TcpStream, recipient: &str, at_the_end: AtTheEnd, heard: &Sender<String>) {
    let mut out = stream;
    // Whoever hangs up hears nothing more.
    let mut say = |line: &str| drop(write!(out, "{line}\r\n"));
    say("220 mail.example.com");
    let mut said = String::new();
    let mut in_data = false;
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        said += &line;
        said.push('\n');
        match line.split(' ').next().unwrap_or_default() {
            "." if in_data => {
                in_data = false;
                let _ = heard.send(std::mem::take(&mut said));
                if at_the_end == AtTheEnd::Accept {
                    say("250 queued");
                }
            }
            _ if in_data => {}
            "EHLO" => say("250 mail.example.com"),
            "RCPT" => say(recipient),
            "DATA" => {
                in_data = true;
                say("354 go on");
            }
            "QUIT" => say("221 bye"),
            _ => say("250 ok"),
        }
    }
    let _ = heard.send(said);
}
