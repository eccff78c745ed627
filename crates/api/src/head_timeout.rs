//! Timeout for the head of every request on a connection.
//!
//! actix-http limits the time for the head of the first request only. A client that stalls in the head of a later
//! request would keep its connection open forever.

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

/// The time for the head of a request, from its first byte.
pub(crate) const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// The time after which an idle connection is closed.
pub(crate) const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// A connection that closes when a request head stays incomplete for too long.
pub(crate) struct TimedConnection<T> {
    io: T,
    state: Rc<ConnectionState>,
}

/// State that a connection shares with its requests.
#[derive(Default)]
pub(crate) struct ConnectionState {
    /// A request is in flight.
    is_busy: Cell<bool>,
    /// The head of the current request has ended, and `after_head` counts the bytes after it.
    head_seen: Cell<bool>,
    after_head: Cell<u64>,
    /// The state of the search for the end of the head, which may span several reads.
    line_end: Cell<LineEnd>,
    /// The timeout that runs while a head is incomplete.
    deadline: RefCell<Option<Pin<Box<Sleep>>>>,
    reader: RefCell<Option<Waker>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum LineEnd {
    #[default]
    None,
    /// A line has ended, and the next line is empty so far.
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
    /// Records that the head of a request was read completely. The returned guard marks the request as in flight until
    /// its response is sent.
    pub(crate) fn begin(self: &Rc<Self>, body: RequestBody) -> InFlight {
        self.is_busy.set(true);
        *self.deadline.borrow_mut() = None;
        InFlight {
            state: Rc::clone(self),
            body,
        }
    }

    /// Starts the timeout unless it is running.
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

    /// Returns the index after the empty line that ends a head.
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

    fn end(&self, body: RequestBody) {
        self.is_busy.set(false);
        self.line_end.set(LineEnd::None);
        let head_seen = self.head_seen.replace(false);
        match body {
            RequestBody::Sized(length) if head_seen && self.after_head.get() <= length => {}
            // The bytes read so far may already include part of the next request, which cannot be detected here. The
            // keep-alive timeout closes an idle connection before this one does.
            RequestBody::Chunked if head_seen => self.expect_head_within(KEEP_ALIVE + HEAD_TIMEOUT),
            // The client sent part of the next request before it received the response.
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

/// The length of a request body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestBody {
    /// The length declared in the head.
    Sized(u64),
    /// Unknown until the last chunk.
    Chunked,
}

/// A guard for a request in flight.
pub(crate) struct InFlight {
    state: Rc<ConnectionState>,
    body: RequestBody,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.state.end(self.body);
    }
}

/// The body of a response. Dropping it, after it was sent, ends the request.
pub(crate) struct TimedBody {
    pub(crate) body: BoxBody,
    pub(crate) _in_flight: Option<InFlight>,
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
        // The reader handles this like the end of the stream, as if the client had closed its side.
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
