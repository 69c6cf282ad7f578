//! Connections: each has a time limit for its request heads, and there is a limit on how many are open.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::Request;
use axum::http::request::Parts;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::unread::Read;
use super::visitors::Peer;

/// What one server grants its clients.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// Longest time until the head of a request is complete, also for the next one on an open connection. Bodies and
    /// responses have limits of their own.
    pub head: Duration,
    /// Most connections open at once. Others wait in the listener's queue.
    pub open: u32,
    /// Most of them from one network address, so that nobody shuts the others out; `None` where all come through a proxy, or
    /// from this machine.
    pub by_address: Option<u32>,
    /// Longest time in which a client takes nothing of an answer that waits for it.
    pub unread: Duration,
}

impl Default for ConnectionLimits {
    /// A browser sends its head at once; 15 s leave room for a slow network. 4,096 connections are far more than a team
    /// with open pages needs, and at about 90 kB each they stay below 400 MB.
    fn default() -> Self {
        Self { head: Duration::from_secs(15), open: 4096, by_address: None, unread: Duration::from_secs(30) }
    }
}

/// Where clients come in.
pub struct Listening {
    pub listener: TcpListener,
    /// What ends TLS here, where it does.
    pub tls: Option<TlsAcceptor>,
}

/// Serves until `stop` is over, then takes no new connection and returns when the requests under way are answered.
pub async fn serve_until(
    Listening { mut listener, tls }: Listening,
    router: Router,
    limits: ConnectionLimits,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(limits.open as usize));
    let guests = Guests::default();
    let (stopping, _) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            let (stream, peer) = Listener::accept(&mut listener).await;
            Some((place, stream, peer))
        };
        let (place, stream, peer) = tokio::select! {
            Some(next) = next => next,
            () = &mut stop => break,
            else => break,
        };
        let Some(guest) = guests.enter(peer.ip(), limits.by_address) else { continue };
        let (router, tls, stopping) = (router.clone(), tls.clone(), stopping.subscribe());
        let stream = Read::new(stream, limits.unread);
        tokio::spawn(async move {
            match tls {
                None => serve_one(stream, peer.ip(), router, limits.head, stopping).await,
                Some(tls) => match tokio::time::timeout(limits.head, tls.accept(stream)).await {
                    Ok(Ok(stream)) => serve_one(stream, peer.ip(), router, limits.head, stopping).await,
                    Ok(Err(error)) => tracing::debug!(%error, "a connection did not agree on TLS"),
                    Err(_elapsed) => tracing::debug!("a connection took too long to agree on TLS"),
                },
            }
            drop((place, guest));
        });
    }
    drop(listener);
    stopping.send_replace(());
    // All places are free again when the last connection has ended; the semaphore is never closed.
    let _ = places.acquire_many(limits.open).await;
}

/// How many connections each network address has.
#[derive(Debug, Clone, Default)]
struct Guests(Arc<Mutex<BTreeMap<IpAddr, u32>>>);

/// One connection of an address, as long as this lives.
struct Guest {
    guests: Guests,
    address: IpAddr,
}

impl Guests {
    fn counted(&self) -> MutexGuard<'_, BTreeMap<IpAddr, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` for one more than an address may have.
    fn enter(&self, address: IpAddr, most: Option<u32>) -> Option<Guest> {
        let address = address.to_canonical();
        let mut counted = self.counted();
        let has = counted.entry(address).or_default();
        if most.is_some_and(|most| *has >= most) {
            tracing::debug!(%address, "one connection more than an address may have");
            return None;
        }
        *has += 1;
        Some(Guest { guests: self.clone(), address })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut counted = self.guests.counted();
        if let Some(has) = counted.get_mut(&self.address) {
            *has -= 1;
            if *has == 0 {
                counted.remove(&self.address);
            }
        }
    }
}

/// Tells an answer that goes on for long when the server stops: it would hold up the end.
#[derive(Debug, Clone, Default)]
pub struct Ending(Option<watch::Receiver<()>>);

impl Ending {
    /// Returns when the server stops; never where nobody stops it.
    pub async fn begins(&mut self) {
        match &mut self.0 {
            // The sender is dropped at the end too.
            Some(stopping) => drop(stopping.changed().await),
            None => std::future::pending().await,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ending {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

async fn serve_one(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: IpAddr,
    router: Router,
    head: Duration,
    mut stopping: watch::Receiver<()>,
) {
    let ending = Ending(Some(stopping.clone()));
    let router = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        request.extensions_mut().insert(ending.clone());
        request
    });
    // HTTP/1 only: the choice between versions would wait for the first bytes without a time limit.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error, "a connection ended early");
    }
}
