//! TLS of the pages: a certificate and its key from files, read again by a reload.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use native_tls::{Identity, Protocol};
use openssl::pkey::PKey;
use openssl::x509::X509;
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};
use tokio_native_tls::{TlsAcceptor, TlsStream};

use orszem_core::settings::Tls;
use orszem_runtime::certificate;
use orszem_runtime::live_config::ConfigReader;
use orszem_runtime::metrics::{IntGauge, registry};

use crate::peer::Peer;
use crate::timeouts::{Connection, TimeoutListener};

/// How long a client has to agree on keys.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How often it is looked whether the configuration was reloaded.
const LOOK: Duration = Duration::from_secs(1);

static REFUSED: LazyLock<IntGauge> = LazyLock::new(|| {
    registry().int_gauge(
        "orszem_certificate_refused",
        "1 while the certificate of [web] tls cannot be used and the one before it is in use.",
    )
});
static ENDS: LazyLock<IntGauge> = LazyLock::new(|| {
    registry().int_gauge(
        "orszem_certificate_ends_timestamp_seconds",
        "When the certificate in use at [web] tls ends, in seconds since the epoch; 0 without one.",
    )
});

/// Why a certificate and a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("the file {0} cannot be read: {1}")]
    File(PathBuf, io::Error),
    /// There is no certificate in the file.
    #[error("the file {0} holds no certificate in PEM")]
    Certificate(PathBuf),
    /// There is no key in the file, or one with a password.
    #[error("the file {0} holds no private key in PEM without a password")]
    Key(PathBuf),
    /// They do not belong together.
    #[error("the key in {1} is not that of the certificate in {0}")]
    Pair(PathBuf, PathBuf),
    /// OpenSSL does not take them.
    #[error("the certificate in {0} cannot be used: {1}")]
    Unfit(PathBuf, String),
}

/// When a certificate ends that can be used with its key, in seconds since the epoch: for who looks before the start.
///
/// # Errors
/// Why it cannot be used.
pub fn certificate_ends(tls: &Tls) -> Result<i64, TlsError> {
    Ready::read(tls).map(|ready| ready.ends)
}

/// A certificate and its key, ready for connections.
#[derive(Clone, Debug)]
struct Ready {
    acceptor: TlsAcceptor,
    /// When it ends, in seconds since the epoch; 0 where it does not say so.
    ends: i64,
}

impl Ready {
    fn read(tls: &Tls) -> Result<Ready, TlsError> {
        let (certificate, key) = (&tls.certificate, &tls.key);
        let pem = read(certificate)?;
        let chain = X509::stack_from_pem(&pem).unwrap_or_default();
        let first = chain.first().ok_or_else(|| TlsError::Certificate(certificate.clone()))?;
        // Without the callback OpenSSL would ask for a password on the terminal.
        let private = PKey::private_key_from_pem_callback(&read(key)?, |_| Ok(0));
        let private = private.map_err(|_| TlsError::Key(key.clone()))?;
        let unfit = |fault: String| TlsError::Unfit(certificate.clone(), fault);
        let public = first.public_key().map_err(|fault| unfit(fault.to_string()))?;
        if !public.public_eq(&private) {
            return Err(TlsError::Pair(certificate.clone(), key.clone()));
        }
        let pkcs8 = private.private_key_to_pem_pkcs8().map_err(|fault| unfit(fault.to_string()))?;
        let identity = Identity::from_pkcs8(&pem, &pkcs8).map_err(|fault| unfit(fault.to_string()))?;
        let acceptor = native_tls::TlsAcceptor::builder(identity).min_protocol_version(Some(Protocol::Tlsv12)).build();
        let acceptor = TlsAcceptor::from(acceptor.map_err(|fault| unfit(fault.to_string()))?);
        Ok(Ready { acceptor, ends: certificate::ends(first).unwrap_or(0) })
    }

    /// It is in use from now on.
    fn taken(self) -> Ready {
        ENDS.set(self.ends);
        REFUSED.set(0);
        self
    }
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|fault| TlsError::File(path.to_owned(), fault))
}

/// The certificate of the pages as the configuration in force names it. One that cannot be used leaves the one before.
#[derive(Debug)]
pub struct Certificate {
    config: ConfigReader,
    ready: Ready,
}

impl Certificate {
    /// Reads what `config` names; `None` where it names nothing.
    ///
    /// # Errors
    /// When it cannot be used: at the start there is none to go on with.
    pub fn new(mut config: ConfigReader) -> Result<Option<Certificate>, TlsError> {
        let Some(tls) = config.take().web.tls.clone() else { return Ok(None) };
        let ready = Ready::read(&tls)?.taken();
        Ok(Some(Certificate { config, ready }))
    }

    /// Reads it again where the configuration was reloaded.
    fn look(&mut self) {
        let Some(config) = self.config.changed() else { return };
        // Whether there is TLS is decided at the start.
        let Some(tls) = &config.web.tls else { return };
        match Ready::read(tls) {
            Ok(ready) => {
                self.ready = ready.taken();
                tracing::info!(ends = self.ready.ends, "the certificate of [web] tls was read again");
            }
            Err(fault) => {
                REFUSED.set(1);
                tracing::error!(%fault, "the certificate of [web] tls cannot be used: the one before it stays in use");
            }
        }
    }
}

/// A listener whose connections speak TLS. One that is slow to agree on keys holds up no other.
pub(crate) struct TlsListener {
    listener: TimeoutListener,
    certificate: Certificate,
    look: Interval,
    agreeing: JoinSet<Option<(TlsStream<Connection>, SocketAddr)>>,
}

impl TlsListener {
    pub(crate) fn new(listener: TimeoutListener, certificate: Certificate) -> TlsListener {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        TlsListener { listener, certificate, look, agreeing: JoinSet::new() }
    }

    fn agree(&mut self, connection: Connection, address: SocketAddr) {
        let acceptor = self.certificate.ready.acceptor.clone();
        self.agreeing.spawn(async move {
            match timeout(HANDSHAKE, acceptor.accept(connection)).await {
                Ok(Ok(stream)) => Some((stream, address)),
                // Clients give up, and scanners come by: nothing to log.
                Ok(Err(_)) | Err(_) => None,
            }
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<Connection>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TlsStream<Connection>, SocketAddr) {
        loop {
            tokio::select! {
                (connection, address) = self.listener.accept() => self.agree(connection, address),
                Some(agreed) = self.agreeing.join_next() => {
                    if let Ok(Some(agreed)) = agreed {
                        return agreed;
                    }
                }
                _ = self.look.tick() => self.certificate.look(),
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, TlsListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Peer {
        Peer(*stream.remote_addr())
    }
}

#[cfg(test)]
#[path = "tls_tests.rs"]
mod tests;
