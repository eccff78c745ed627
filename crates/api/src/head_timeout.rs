//! A time-out for the head of every request of a connection.
//!
//! actix-http times the head of the first request only: a client that stalls in the head of a later one would hold its
//! connection without end.

use std::{
    cell::{Cell, RefCell},
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// How long the head of a request may take after its first byte.
pub(crate) const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an idle connection is kept.
pub(crate) const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// A connection that ends when a request head stays incomplete for too long.
pub(crate) struct TimedConnection<T> {
    io: T,
    state: Rc<ConnectionState>,
}

/// State that a connection shares with its requests.
#[derive(Default)]
pub(crate) struct ConnectionState {
    /// A request is being answered.
    is_busy: Cell<bool>,
    /// The end of the head of this request was seen, and `after_head` counts what followed.
    head_seen: Cell<bool>,
    after_head: Cell<u64>,
    /// The latest bytes of the head, to find its end across reads.
    line_end: Cell<LineEnd>,
    /// Runs while a head is incomplete.
    deadline: RefCell<Option<Pin<Box<Sleep>>>>,
    reader: RefCell<Option<Waker>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum LineEnd {
    #[default]
    None,
    /// A line has ended, and the next one is empty so far.
    Line,
}

impl<T> TimedConnection<T> {
    pub(crate) fn new(io: T) -> Self {
        let state = Rc::default();
        Self { io, state }
    }

    pub(crate) fn state(&self) -> Rc<ConnectionState> {
        Rc::clone(&self.state)
    }
}

impl ConnectionState {
    /// A request was read to the end of its head. Returns a guard that says when it was answered.
    pub(crate) fn begin(self: &Rc<Self>, body: RequestBody) -> Answering {
        self.is_busy.set(true);
        *self.deadline.borrow_mut() = None;
        Answering {
            state: Rc::clone(self),
            body,
        }
    }

    /// Starts the time-out unless it runs.
    fn expect_head_within(&self, time: Duration) {
        self.deadline.borrow_mut().get_or_insert_with(|| Box::pin(sleep(time)));
    }

    fn read(&self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let mut rest = bytes;
        if !self.is_busy.get() {
            self.expect_head_within(HEAD_TIMEOUT);
        }
        if !self.is_busy.get() && !self.head_seen.get() {
            let Some(end) = self.find_end(bytes) else { return };
            self.head_seen.set(true);
            self.after_head.set(0);
            rest = &bytes[end..];
        }
        self.after_head
            .set(self.after_head.get().saturating_add(rest.len() as u64));
    }

    /// Finds the empty line that ends a head.
    fn find_end(&self, bytes: &[u8]) -> Option<usize> {
        for (index, byte) in bytes.iter().enumerate() {
            match (byte, self.line_end.get()) {
                (b'\n', LineEnd::Line) => return Some(index + 1),
                (b'\n', LineEnd::None) => self.line_end.set(LineEnd::Line),
                (b'\r', _) => {}
                _ => self.line_end.set(LineEnd::None),
            }
        }
        None
    }

    fn answered(&self, body: RequestBody) {
        self.is_busy.set(false);
        self.line_end.set(LineEnd::None);
        let head_seen = self.head_seen.replace(false);
        match body {
            RequestBody::Sized(length) if head_seen && self.after_head.get() <= length => {}
            // How much of what was read is of the next request cannot be seen from here. An idle connection ends before.
            RequestBody::Chunked if head_seen => self.expect_head_within(KEEP_ALIVE + HEAD_TIMEOUT),
            // The client sent more before it had the response.
            RequestBody::Sized(_) | RequestBody::Chunked => self.expect_head_within(HEAD_TIMEOUT),
        }
        if let Some(reader) = self.reader.borrow_mut().take() {
            reader.wake();
        }
    }

    fn poll_deadline(&self, cx: &mut Context<'_>) -> Poll<()> {
        match self.deadline.borrow_mut().as_mut() {
            Some(deadline) => deadline.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }
}

/// How long the body of a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestBody {
    /// As long as its head says.
    Sized(u64),
    /// Its end is told at its end.
    Chunked,
}

/// A request that is being answered.
pub(crate) struct Answering {
    state: Rc<ConnectionState>,
    body: RequestBody,
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.state.answered(self.body);
    }
}

/// The body of a response, which knows when it was sent.
pub(crate) struct TimedBody {
    pub(crate) body: BoxBody,
    pub(crate) _answering: Option<Answering>,
}

impl MessageBody for TimedBody {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<actix_web::web::Bytes, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_next(cx)
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for TimedConnection<T> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Self { io, state } = self.get_mut();
        // To the reader the client has closed its side.
        if state.poll_deadline(cx).is_ready() {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let polled = Pin::new(io).poll_read(cx, buffer);
        state.read(&buffer.filled()[before..]);
        if polled.is_pending() {
            *state.reader.borrow_mut() = Some(cx.waker().clone());
        }
        polled
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for TimedConnection<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}
