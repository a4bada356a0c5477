//! Connection timeouts: slow clients are disconnected, and so are those that have to make room for others.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Sleep;

use crate::connections::{Connections, Place};
use crate::peer::Peer;

/// How long a connection may lie idle between requests: longer than Prometheus' default interval of a minute.
const IDLE: Duration = Duration::from_secs(75);
/// How long a request may take, from its first byte to the first byte of the answer.
const REQUEST: Duration = Duration::from_secs(20);

/// A listener whose connections have deadlines, and of which there are not too many.
pub(crate) struct TimeoutListener {
    listener: TcpListener,
    connections: Connections,
    idle: Duration,
    request: Duration,
}

impl TimeoutListener {
    /// Takes connections from `listener`.
    pub(crate) fn new(listener: TcpListener) -> TimeoutListener {
        TimeoutListener { listener, connections: Connections::default(), idle: IDLE, request: REQUEST }
    }
}

impl Listener for TimeoutListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = <TcpListener as Listener>::accept(&mut self.listener).await;
        let deadline = Box::pin(tokio::time::sleep(self.idle));
        let (idle, request) = (self.idle, self.request);
        let place = self.connections.open(address.ip());
        (Connection { stream, deadline, answered: true, idle, request, place }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, TimeoutListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TimeoutListener>) -> Peer {
        Peer(*stream.remote_addr())
    }
}

/// A connection with a deadline: to begin a request, or to have one answered.
pub(crate) struct Connection {
    stream: TcpStream,
    deadline: Pin<Box<Sleep>>,
    /// Nothing was read since the last write: it is idle.
    answered: bool,
    idle: Duration,
    request: Duration,
    place: Place,
}

impl Connection {
    fn until(&mut self, time: Duration) {
        self.deadline.set(tokio::time::sleep(time));
    }

    /// Whether it has to end: it is late, or has to make room.
    fn overdue(&mut self, cx: &mut Context<'_>) -> bool {
        // Its sender is never used, only dropped.
        Pin::new(&mut self.place.closed).poll(cx).is_ready() || self.deadline.as_mut().poll(cx).is_ready()
    }

    /// Bytes that went out give time for the next request; those that nobody takes do not.
    fn wrote(&mut self, cx: &mut Context<'_>, wrote: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(wrote, Poll::Ready(Ok(_))) {
            if !self.answered {
                self.answered = true;
                self.place.busy(false);
            }
            self.until(self.idle);
        } else if self.overdue(cx) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        wrote
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before && self.answered {
            self.answered = false;
            self.place.busy(true);
            let time = self.request;
            self.until(time);
        }
        // Also after bytes that came in time: one byte now and then must not keep a connection open.
        if self.overdue(cx) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.wrote(cx, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.wrote(cx, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    async fn pair(idle: u64, request: u64) -> (TcpStream, Connection) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let mut timed = TimeoutListener::new(listener);
        (timed.idle, timed.request) = (Duration::from_millis(idle), Duration::from_millis(request));
        (client, timed.accept().await.0)
    }

    #[tokio::test]
    async fn a_connection_that_sends_nothing_is_disconnected() {
        let (_client, mut server) = pair(10, 60_000).await;
        assert_eq!(server.read_u8().await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_request_that_never_ends_is_disconnected_however_often_it_sends_a_byte() {
        let (client, mut server) = pair(60_000, 50).await;
        let (_half, mut writer) = client.into_split();
        let sender = tokio::spawn(async move {
            while writer.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        let fault = loop {
            match server.read_u8().await {
                Ok(_) => {}
                Err(fault) => break fault,
            }
        };
        assert_eq!(fault.kind(), io::ErrorKind::TimedOut);
        drop(server);
        sender.await.unwrap();
    }

    #[tokio::test]
    async fn an_answer_gives_the_next_request_its_own_time() {
        let (mut client, mut server) = pair(60_000, 60_000).await;
        for _ in 0..3 {
            client.write_all(b"q").await.unwrap();
            assert_eq!(server.read_u8().await.unwrap(), b'q');
            assert!(!server.answered);
            server.write_all(b"a").await.unwrap();
            assert!(server.answered);
            assert_eq!(client.read_u8().await.unwrap(), b'a');
        }
    }

    #[tokio::test]
    async fn idle_connections_of_one_address_do_not_shut_out_the_next() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut timed = TimeoutListener::new(listener);
        timed.connections = Connections::new(4, 4);
        let mut held = Vec::new();
        for _ in 0..20 {
            let client = TcpStream::connect(address).await.unwrap();
            held.push((client, timed.accept().await.0));
        }
        let (mut client, mut server) = held.pop().unwrap();
        client.write_all(b"q").await.unwrap();
        assert_eq!(server.read_u8().await.unwrap(), b'q');
        let (_, oldest) = &mut held[0];
        assert_eq!(oldest.read_u8().await.unwrap_err().kind(), io::ErrorKind::TimedOut, "it made room");
    }
}
