//! Requests that the server sends by itself, to addresses that people have entered (security.md IN-05): over TLS, to
//! machines that it may reach, without following anybody elsewhere, and with limits of size and time. The addresses that
//! a name stands for are looked at when the connection is made, so that a name cannot change its mind in between.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::{
    Client, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE},
    redirect::Policy,
};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::{Error, Result};

/// Longest wait for a whole answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest wait for a connection.
const CONNECTING: Duration = Duration::from_secs(5);
/// Longest answer that is read.
const LARGEST: usize = 64 * 1024;
/// Longest address.
const LONGEST: usize = 300;
/// Longest address at a push service.
const LONGEST_PUSH: usize = 2000;

/// Which machines the server sends requests to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Those of the internet.
    Public,
    /// Those of closed networks as well, as between hospitals.
    Private,
    /// This machine as well, without TLS if asked for.
    Loopback,
}

impl FromStr for Reach {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "public" => Ok(Self::Public),
            "private" => Ok(Self::Private),
            "loopback" => Ok(Self::Loopback),
            _ => Err(()),
        }
    }
}

impl Reach {
    /// Whether a machine may be spoken to.
    pub fn allows(self, address: IpAddr) -> bool {
        let least = match address {
            IpAddr::V4(v4) => of_v4(v4),
            IpAddr::V6(v6) => of_v6(v6),
        };
        least.is_some_and(|least| self >= least)
    }
}

/// The least reach that an address needs; nothing for those that nobody may be sent to, such as the addresses at which
/// clouds give out their keys.
fn of_v4(address: Ipv4Addr) -> Option<Reach> {
    let [first, second, third, _] = address.octets();
    match (first, second, third) {
        (127, ..) => Some(Reach::Loopback),
        (10, ..) | (192, 168, _) | (172, 16..=31, _) | (100, 64..=127, _) => Some(Reach::Private),
        (0 | 224.., ..) | (169, 254, _) | (192, 0, 0) | (198, 18..=19, _) => None,
        _ if address.is_documentation() => None,
        _ => Some(Reach::Public),
    }
}

fn of_v6(address: Ipv6Addr) -> Option<Reach> {
    if let Some(v4) = address.to_ipv4_mapped() {
        return of_v4(v4);
    }
    if address.is_loopback() {
        return Some(Reach::Loopback);
    }
    match address.segments() {
        [0xfc00..=0xfdff, ..] => Some(Reach::Private),
        // What was given out for documents and tests, and old ways to write an address of another kind.
        [0x2001, 0x0db8 | 0x0000..=0x01ff, ..] | [0x2002 | 0x3fff, ..] => None,
        [0x2000..=0x3fff, ..] => Some(Reach::Public),
        _ => None,
    }
}

/// Whether an address is one of this machine.
pub fn is_this_machine(url: &Url) -> bool {
    url.host_str() == Some("localhost") || number(url).is_some_and(|address| address.is_loopback())
}

/// The address, where it is written as a number.
fn number(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_matches(['[', ']']).parse().ok()
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Type of the body.
    pub content_type: String,
    /// The body.
    pub body: String,
}

/// Why nothing came back. Says nothing of what the other side said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// The address is not one that the server sends requests to.
    #[error("not an address that requests are sent to")]
    Forbidden,
    /// There is no connection, it proves to be somebody else's, or it broke off.
    #[error("cannot be reached")]
    Unreachable,
    /// It takes too long.
    #[error("does not answer in time")]
    Slow,
    /// The answer is too long, or no text.
    #[error("answers with something else")]
    Odd,
}

/// A message for a browser, by its push service.
#[derive(Debug)]
pub struct Pushed {
    /// Who sends it.
    pub authorization: String,
    /// Whether it is worth waking a device for.
    pub urgent: bool,
    /// The encrypted message.
    pub body: Vec<u8>,
}

/// Whoever sends them.
#[derive(Debug)]
pub struct Outward {
    reach: Reach,
    client: OnceLock<Client>,
}

impl Outward {
    /// To machines within reach.
    pub fn new(reach: Reach) -> Self {
        Self {
            reach,
            client: OnceLock::new(),
        }
    }

    /// The address, if requests may go there.
    pub fn address(&self, text: &str) -> Option<Url> {
        let url = self.reachable(text, LONGEST)?;
        let whole = url.query().is_none() && url.fragment().is_none();
        whole.then_some(url)
    }

    /// The address of a browser at its push service, if requests may go there: it is long, and may hold a query.
    pub fn push_address(&self, text: &str) -> Option<Url> {
        let url = self.reachable(text, LONGEST_PUSH)?;
        url.fragment().is_none().then_some(url)
    }

    fn reachable(&self, text: &str, longest: usize) -> Option<Url> {
        let url = Url::parse(text).ok().filter(|_| text.len() <= longest)?;
        let plain = url.username().is_empty() && url.password().is_none();
        let secret = url.scheme() == "https"
            || url.scheme() == "http" && self.reach == Reach::Loopback && is_this_machine(&url);
        // A name is looked at when it is connected to; a number is not resolved any more.
        let named = url.host_str().is_some_and(|host| !host.is_empty());
        let within = number(&url).is_none_or(|address| self.reach.allows(address));
        (plain && secret && named && within).then_some(url)
    }

    /// Sends a text and waits for what comes back.
    pub async fn post(&self, address: &str, text: String) -> Result<Answer, Unanswered> {
        let url = self.address(address).ok_or(Unanswered::Forbidden)?;
        let client = self.client().map_err(|error| {
            tracing::error!(%error, "requests cannot be sent");
            Unanswered::Unreachable
        })?;
        let sending = client
            .post(url)
            .header(CONTENT_TYPE, "text/plain; charset=utf-8")
            .body(text);
        let mut response = sending.send().await.map_err(|error| unanswered(&error))?;
        let kind = response.headers().get(CONTENT_TYPE);
        let content_type = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let content_type = content_type.to_owned();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| unanswered(&error))? {
            if body.len() + chunk.len() > LARGEST {
                return Err(Unanswered::Odd);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status: response.status().as_u16(),
            content_type,
            body: String::from_utf8(body).map_err(|_| Unanswered::Odd)?,
        })
    }

    /// Gives a message to a push service; answers with its status and reads nothing else.
    pub async fn push(&self, url: Url, message: Pushed) -> Result<u16, Unanswered> {
        let client = self.client().map_err(|error| {
            tracing::error!(%error, "requests cannot be sent");
            Unanswered::Unreachable
        })?;
        let sending = client
            .post(url)
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_ENCODING, "aes128gcm")
            .header(AUTHORIZATION, message.authorization)
            // Kept for a day by the push service; a newer message takes the place of an older one.
            .header("TTL", "86400")
            .header("Topic", "work")
            .header("Urgency", if message.urgent { "high" } else { "normal" })
            .body(message.body);
        let response = sending.send().await.map_err(|error| unanswered(&error))?;
        Ok(response.status().as_u16())
    }

    /// Made when it is needed first: most servers never send anything.
    fn client(&self) -> Result<&Client> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let builder = builder()?
            .dns_resolver(Arc::new(Within(self.reach)))
            .https_only(self.reach != Reach::Loopback);
        let client = builder.build().map_err(Error::internal)?;
        Ok(self.client.get_or_init(|| client))
    }
}

fn unanswered(error: &reqwest::Error) -> Unanswered {
    // The cause is for whoever runs this server; it has no content.
    tracing::debug!(%error, "no answer");
    if error.is_timeout() {
        return Unanswered::Slow;
    }
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(this) = cause {
        if this.downcast_ref::<OutOfReach>().is_some() {
            return Unanswered::Forbidden;
        }
        cause = this.source();
    }
    Unanswered::Unreachable
}

/// A client for addresses that whoever runs this server has set.
pub fn trusted_client() -> Result<Client> {
    builder()?.build().map_err(Error::internal)
}

fn builder() -> Result<reqwest::ClientBuilder> {
    Ok(Client::builder()
        .tls_backend_preconfigured(tls()?)
        .redirect(Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .connect_timeout(CONNECTING)
        .user_agent("tsumugi"))
}

/// TLS 1.2 and 1.3 with ring, and the machine's own trusted certificates.
fn tls() -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?;
    let mut config = match Verifier::new(provider) {
        Ok(verifier) => builder
            .dangerous() // the name of the door; behind it is the machine's own verifier
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth(),
        Err(error) => {
            tracing::warn!(%error, "this machine has no trusted certificates: nobody is believed");
            builder
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth()
        }
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Resolves names to addresses within reach.
#[derive(Debug, Clone, Copy)]
struct Within(Reach);

/// None of the addresses of a name is within reach.
#[derive(Debug, thiserror::Error)]
#[error("no address of this name may be spoken to")]
struct OutOfReach;

impl Resolve for Within {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let all: Vec<SocketAddr> = found.map_err(|error: io::Error| Box::new(error))?.collect();
            let within: Vec<SocketAddr> = all
                .into_iter()
                .filter(|address| reach.allows(address.ip()))
                .collect();
            if within.is_empty() {
                return Err(OutOfReach.into());
            }
            Ok(Box::new(within.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_05_addresses_are_told_apart() {
        let least = |text: &str| {
            let address: IpAddr = text.parse().unwrap();
            let all = [Reach::Public, Reach::Private, Reach::Loopback];
            all.into_iter().find(|reach| reach.allows(address))
        };
        for public in [
            "8.8.8.8",
            "203.0.114.1",
            "2400:4000::1",
            "172.32.0.1",
            "100.128.0.1",
        ] {
            assert_eq!(least(public), Some(Reach::Public), "{public}");
        }
        for private in [
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.1",
            "192.168.1.1",
            "100.64.0.1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ] {
            assert_eq!(least(private), Some(Reach::Private), "{private}");
        }
        for own in ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(least(own), Some(Reach::Loopback), "{own}");
        }
        for nobody in [
            "0.0.0.0",
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "192.0.0.1",
            "240.0.0.1",
            "::",
            "fe80::1",
            "ff02::1",
            "64:ff9b::a00:1",
            "2002:a00:1::1",
            "2001:db8::1",
            "2001:0:a00:1::",
            "::10.0.0.1",
            "fec0::1",
        ] {
            assert_eq!(least(nobody), None, "{nobody}");
        }
    }

    #[test]
    fn in_05_an_address_is_encrypted_and_holds_nothing_else() {
        let good = |reach, text: &str| Outward::new(reach).address(text).is_some();
        assert!(good(
            Reach::Public,
            "https://tsumugi.example.jp/v1/witness/kita"
        ));
        assert!(good(Reach::Public, "https://tsumugi.example.jp:8443/"));
        assert!(good(Reach::Private, "https://10.1.2.3/v1/witness/kita"));
        assert!(good(
            Reach::Loopback,
            "http://127.0.0.1:8080/v1/witness/kita"
        ));
        assert!(good(Reach::Loopback, "http://[::1]:8080/v1/witness/kita"));
        for (reach, bad) in [
            (Reach::Public, "http://tsumugi.example.jp/"),
            (Reach::Loopback, "http://tsumugi.example.jp/"),
            (Reach::Private, "http://127.0.0.1/"),
            (Reach::Private, "https://127.0.0.1/"),
            (Reach::Public, "https://10.1.2.3/"),
            (Reach::Public, "https://[fd00::1]/"),
            (Reach::Loopback, "https://169.254.169.254/latest/meta-data"),
            // Other ways to write numbers are numbers.
            (Reach::Public, "https://0x7f.1/"),
            (Reach::Public, "https://2130706433/"),
            (Reach::Public, "https://user@tsumugi.example.jp/"),
            (Reach::Public, "https://user:secret@tsumugi.example.jp/"),
            (Reach::Public, "https://tsumugi.example.jp/?a=b"),
            (Reach::Public, "https://tsumugi.example.jp/#a"),
            (Reach::Loopback, "file:///etc/passwd"),
            (Reach::Loopback, "gopher://127.0.0.1/"),
            (Reach::Public, "tsumugi.example.jp"),
            (Reach::Public, ""),
        ] {
            assert!(!good(reach, bad), "{bad}");
        }
        assert!(!good(
            Reach::Public,
            &format!("https://tsumugi.example.jp/{}", "a".repeat(300))
        ));
    }

    #[test]
    fn in_05_addresses_of_push_services_are_on_the_internet() {
        let public = Outward::new(Reach::Public);
        let long = format!("https://push.example.jp/wpush/{}?token=a", "a".repeat(600));
        assert!(public.push_address(&long).is_some());
        for bad in [
            "http://push.example.jp/a",
            "https://10.0.0.1/a",
            "https://127.0.0.1/a",
            "https://[::1]/a",
            "https://169.254.169.254/latest/meta-data",
            "https://2130706433/a",
            "https://user@push.example.jp/a",
            "https://push.example.jp/a#b",
            "file:///etc/passwd",
        ] {
            assert!(public.push_address(bad).is_none(), "{bad}");
        }
        assert!(
            public
                .push_address(&format!("{long}{}", "a".repeat(2000)))
                .is_none()
        );
    }

    #[tokio::test]
    async fn in_05_a_name_that_leads_inside_is_not_followed() {
        let outward = Outward::new(Reach::Private);
        let answered = outward.post("https://localhost:9/", String::new()).await;
        assert_eq!(answered.err(), Some(Unanswered::Forbidden));
        let answered = outward.post("https://127.0.0.1:9/", String::new()).await;
        assert_eq!(answered.err(), Some(Unanswered::Forbidden));
        let outward = Outward::new(Reach::Loopback);
        let answered = outward.post("http://127.0.0.1:9/", String::new()).await;
        assert_eq!(answered.err(), Some(Unanswered::Unreachable));
    }
}
