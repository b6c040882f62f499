//! The connections: a listener that can close its door, and lines that can be cut in the middle of a call.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use futures::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::time::Instant;

/// How long to wait before trying once more to take the port back.
const RETRY: Duration = Duration::from_millis(10);
/// How long to wait at most for cut connections to be gone.
const CUTTING: Duration = Duration::from_secs(2);
/// How many connections wait at the door.
const BACKLOG: u32 = 256;

/// The means to break one connection, or to see that it was broken.
#[derive(Debug, Clone, Default)]
pub(super) struct Line(Arc<LineState>);

#[derive(Debug, Default)]
struct LineState {
    is_cut: AtomicBool,
    /// The task that reads or writes; it must learn of the cut.
    waker: AtomicWaker,
}

impl Line {
    /// Breaks the connection: nothing more is read or written.
    pub(super) fn cut(&self) {
        self.0.is_cut.store(true, Ordering::SeqCst);
        self.0.waker.wake();
    }

    fn check(&self, context: &Context<'_>) -> io::Result<()> {
        self.0.waker.register(context.waker());
        if self.0.is_cut.load(Ordering::SeqCst) {
            return Err(io::Error::new(io::ErrorKind::ConnectionReset, "cut by the sandbox"));
        }
        Ok(())
    }
}

/// A connection that can be cut.
pub(super) struct CuttableStream {
    stream: TcpStream,
    line: Line,
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.line.check(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.line.check(context)?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.line.check(context)?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// The sandbox's side of the network: opens and closes the door, knows all open connections.
#[derive(Debug)]
pub(super) struct Wire {
    should_listen: watch::Sender<bool>,
    is_listening: watch::Receiver<bool>,
    lines: Arc<Lines>,
    address: SocketAddr,
}

#[derive(Debug, Default)]
struct Lines(Mutex<Vec<Weak<LineState>>>);

impl Lines {
    fn add(&self, line: &Line) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.retain(|line| line.strong_count() > 0);
        lines.push(Arc::downgrade(&line.0));
    }

    fn cut_all(&self) -> Vec<Weak<LineState>> {
        let lines = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for line in lines.iter().filter_map(Weak::upgrade) {
            Line(line).cut();
        }
        lines
    }
}

impl Wire {
    /// Takes a free port of the loopback interface.
    pub(super) async fn open() -> io::Result<(Self, Door)> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (should_listen, wishes) = watch::channel(true);
        let (state, is_listening) = watch::channel(true);
        let lines = Arc::new(Lines::default());
        let door =
            Door { state: DoorState::Open(listener), wishes, report: state, lines: lines.clone(), address };
        Ok((Self { should_listen, is_listening, lines, address }, door))
    }

    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// From now on connections are refused, or accepted again; when the door closes the open ones are cut, and gone
    /// on return.
    pub(super) async fn listen(&self, yes: bool) {
        self.should_listen.send_replace(yes);
        // An error means that the server has stopped: then nothing is accepted either.
        let _ = self.is_listening.clone().wait_for(|is_listening| *is_listening == yes).await;
        if !yes {
            let cut = self.lines.cut_all();
            let until = Instant::now() + CUTTING;
            while cut.iter().any(|line| line.strong_count() > 0) && Instant::now() < until {
                tokio::time::sleep(RETRY).await;
            }
        }
    }

    pub(super) fn cut_all(&self) {
        self.lines.cut_all();
    }
}

/// The listener that axum serves.
pub(super) struct Door {
    state: DoorState,
    wishes: watch::Receiver<bool>,
    report: watch::Sender<bool>,
    lines: Arc<Lines>,
    address: SocketAddr,
}

enum DoorState {
    Open(TcpListener),
    /// Bound but not listening: connections are refused, and nobody else can take the port.
    Closed(TcpSocket),
    /// Between the two.
    Ajar,
}

impl Door {
    async fn close(&mut self) {
        self.state = DoorState::Ajar;
        loop {
            match self.bound_socket() {
                Ok(socket) => {
                    self.state = DoorState::Closed(socket);
                    return;
                }
                Err(_) => tokio::time::sleep(RETRY).await,
            }
        }
    }

    async fn open(&mut self) {
        loop {
            let socket = match std::mem::replace(&mut self.state, DoorState::Ajar) {
                DoorState::Open(listener) => {
                    self.state = DoorState::Open(listener);
                    return;
                }
                DoorState::Closed(socket) => Ok(socket),
                DoorState::Ajar => self.bound_socket(),
            };
            match socket.and_then(|socket| socket.listen(BACKLOG)) {
                Ok(listener) => self.state = DoorState::Open(listener),
                Err(_) => tokio::time::sleep(RETRY).await,
            }
        }
    }

    fn bound_socket(&self) -> io::Result<TcpSocket> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(self.address)?;
        Ok(socket)
    }
}

impl Listener for Door {
    type Io = CuttableStream;
    type Addr = Line;

    async fn accept(&mut self) -> (CuttableStream, Line) {
        loop {
            let wanted = *self.wishes.borrow_and_update();
            if wanted {
                self.open().await
            } else {
                self.close().await
            }
            self.report.send_replace(wanted);
            let DoorState::Open(listener) = &self.state else {
                if self.wishes.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
                continue;
            };
            tokio::select! {
                changed = self.wishes.changed() => if changed.is_err() {
                    std::future::pending::<()>().await;
                },
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        let line = Line::default();
                        self.lines.add(&line);
                        return (CuttableStream { stream, line: line.clone() }, line);
                    }
                    Err(_) => tokio::time::sleep(RETRY).await,
                },
            }
        }
    }

    fn local_addr(&self) -> io::Result<Line> {
        Ok(Line::default())
    }
}

impl Connected<IncomingStream<'_, Door>> for Line {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.remote_addr().clone()
    }
}
