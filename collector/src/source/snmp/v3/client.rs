//! The crate's client of one user of one agent, and what it needs to run: it is asynchronous, and we have a thread to wait
//! in.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_snmp::{ClientBuilder, DecodeConfig, DesSaltState, Error, MasterKeys, Oid, PersistedDesSaltState, Retry};
use async_snmp::{UsmConfig, VarBind};
use tokio::runtime::{self, Runtime};

use super::link::{Link, LinkHandle};
use crate::clock;
use crate::source::snmp::codec::{MOST_NAMES, Question};
use crate::source::snmp::user::{AuthProtocol, Authentication, Encryption, PrivProtocol, Security, User};

/// The crate, and what runs it.
pub(super) struct Client {
    client: async_snmp::Client<LinkHandle>,
    /// Runs nothing: the crate only has to know of a clock. We wait in the link, for whatever comes next.
    runtime: Runtime,
}

/// An answer that is on its way.
pub(super) type Answering<T> = Pin<Box<dyn Future<Output = async_snmp::Result<T>> + Send>>;

/// What an agent said.
pub(super) struct Said {
    /// `error-status` of RFC 3416.
    pub(super) status: u32,
    /// `error-index`.
    pub(super) index: u32,
    pub(super) varbinds: Vec<VarBind>,
}

/// `tooBig`, as an agent says it, and as it would if it were asked.
const TOO_BIG: Said = Said { status: 1, index: 0, varbinds: Vec::new() };

impl Client {
    /// Makes the keys and sends nothing yet.
    pub(super) fn new(link: &Arc<Link>, user: &User, retries: u32) -> anyhow::Result<Self> {
        let mut config = UsmConfig::new(user.name.clone()).context_name(user.context.clone());
        if let Some(keys) = keys(&user.security)? {
            config = config.with_master_keys(keys)?;
        }
        let mut builder = ClientBuilder::new(config)
            .decode_config(DecodeConfig::STRICT)
            .request_timeout(link.timeout())
            .retry(Retry::fixed(retries, Duration::ZERO)?)
            .max_oids_per_request(MOST_NAMES);
        if let Security::AuthPriv(_, Encryption { protocol: PrivProtocol::Des, .. }) = user.security {
            builder = builder.des_salt_state(des_salts()?);
        }
        let client = builder.build_with_transport(LinkHandle::to(link))?;
        let runtime = runtime::Builder::new_current_thread().enable_time().build()?;
        Ok(Self { client, runtime })
    }

    /// Looks for the agent's engine anew, and takes whatever it is now.
    pub(super) fn discovery(&self) -> Answering<()> {
        let client = self.client.clone();
        Box::pin(async move { client.rediscover_engine().await })
    }

    /// Asks, as often as patience allows. The engine is looked for where it is not known yet.
    pub(super) fn asking(&self, question: Question, names: Vec<Oid>) -> Answering<Said> {
        let client = self.client.clone();
        Box::pin(async move {
            match question {
                Question::Get => first(client.get_many_chunks(&names), names.len()).await,
                Question::Next => first(client.get_next_many_chunks(&names), names.len()).await,
                Question::Bulk { repetitions } => said(client.get_bulk(&names, 0, repetitions).await),
            }
        })
    }

    /// Goes on as far as what was heard allows.
    pub(super) fn poll<T>(&self, answering: &mut Answering<T>) -> Poll<async_snmp::Result<T>> {
        let _clock = self.runtime.enter();
        // Nobody is woken: whoever waits for the link goes on with all that are pending.
        answering.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }

    /// Waits for the only one.
    pub(super) fn wait_for<T>(&self, link: &Link, answering: &mut Answering<T>) -> async_snmp::Result<T> {
        loop {
            match self.poll(answering) {
                Poll::Ready(answer) => return answer,
                Poll::Pending => link.wait(1),
            }
        }
    }
}

/// The answer to all of a question. Where the agent can't bear it, the crate goes on with halves of it by itself; what an
/// agent bears is remembered elsewhere, and values of several answers are not of one time.
async fn first(
    chunks: async_snmp::Result<async_snmp::FixedCardinalityChunkStream<LinkHandle>>,
    count: usize,
) -> Result<Said, Box<Error>> {
    match chunks?.next().await {
        Some(Ok(chunk)) if chunk.request_range.len() == count => said(Ok(chunk.response.varbinds)),
        Some(Ok(_)) => Ok(TOO_BIG),
        Some(Err(error)) => said(Err(error.source)),
        None => said(Ok(Vec::new())),
    }
}

fn said(answer: async_snmp::Result<Vec<VarBind>>) -> Result<Said, Box<Error>> {
    let error = match answer {
        Ok(varbinds) => return Ok(Said { status: 0, index: 0, varbinds }),
        Err(error) => error,
    };
    match error.exchange_source() {
        Error::Snmp { status, index, .. } => {
            Ok(Said { status: status.as_i32().unsigned_abs(), index: *index, varbinds: Vec::new() })
        }
        Error::OutboundMessageTooLarge { .. } => Ok(TOO_BIG),
        _ => Err(error),
    }
}

/// The keys that these passwords become. Each takes the digest of a mebioctet, by design (RFC 3414, A.2), and most targets
/// share their passwords: what was made once is kept.
fn keys(security: &Security) -> anyhow::Result<Option<MasterKeys>> {
    static KNOWN: Mutex<Vec<(Security, MasterKeys)>> = Mutex::new(Vec::new());

    let (auth, privacy) = match security {
        Security::None => return Ok(None),
        Security::Auth(auth) => (auth, None),
        Security::AuthPriv(auth, privacy) => (auth, Some(privacy)),
    };
    // Held while keys are made: whoever waits for it most likely needs the same ones.
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, keys)) = known.iter().find(|(of, _)| of == security) {
        return Ok(Some(keys.clone()));
    }
    let Authentication { protocol, password } = auth;
    let mut keys = MasterKeys::new(auth_protocol(*protocol), password.as_bytes())?;
    if let Some(Encryption { protocol, password }) = privacy {
        keys = keys.with_privacy(priv_protocol(*protocol), password.as_bytes())?;
    }
    known.push((security.clone(), keys.clone()));
    Ok(Some(keys))
}

/// DES needs numbers that were never used before with a key: the seconds, and a count within them.
fn des_salts() -> anyhow::Result<DesSaltState> {
    const LATEST: u64 = i32::MAX as u64 - 1;

    let seconds = clock::wall().as_micros() / 1_000_000;
    let epoch = PersistedDesSaltState::new(u32::try_from(1 + seconds % LATEST)?)?;
    Ok(DesSaltState::restart(epoch, |_| Ok::<(), Infallible>(()))?)
}

const fn auth_protocol(protocol: AuthProtocol) -> async_snmp::AuthProtocol {
    match protocol {
        AuthProtocol::Md5 => async_snmp::AuthProtocol::Md5,
        AuthProtocol::Sha1 => async_snmp::AuthProtocol::Sha1,
        AuthProtocol::Sha224 => async_snmp::AuthProtocol::Sha224,
        AuthProtocol::Sha256 => async_snmp::AuthProtocol::Sha256,
        AuthProtocol::Sha384 => async_snmp::AuthProtocol::Sha384,
        AuthProtocol::Sha512 => async_snmp::AuthProtocol::Sha512,
    }
}

const fn priv_protocol(protocol: PrivProtocol) -> async_snmp::PrivProtocol {
    match protocol {
        PrivProtocol::Des => async_snmp::PrivProtocol::Des,
        PrivProtocol::Aes128 => async_snmp::PrivProtocol::Aes128,
        PrivProtocol::Aes192 => async_snmp::PrivProtocol::Aes192Blumenthal,
        PrivProtocol::Aes192Cisco => async_snmp::PrivProtocol::Aes192Reeder,
        PrivProtocol::Aes256 => async_snmp::PrivProtocol::Aes256Blumenthal,
        PrivProtocol::Aes256Cisco => async_snmp::PrivProtocol::Aes256Reeder,
    }
}
