//! The pages over TLS, and certificates that take the place of others.

use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::symm::Cipher;
use openssl::x509::extension::SubjectAlternativeName;
use openssl::x509::{X509, X509NameBuilder};
use orszem_core::settings::Config;
use orszem_runtime::live_config::ConfigPublisher;
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;

use super::*;
use crate::fixture::house;

fn elliptic() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

/// A certificate of `localhost` for a key, that ends after this many days.
fn certificate(key: &PKey<Private>, days: u32) -> X509 {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "localhost").unwrap();
    let name = name.build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    let serial = BigNum::from_u32(days).and_then(|number| Asn1Integer::from_bn(&number)).unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_pubkey(key).unwrap();
    builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(days).unwrap()).unwrap();
    let named = SubjectAlternativeName::new().dns("localhost").build(&builder.x509v3_context(None, None)).unwrap();
    builder.append_extension(named).unwrap();
    builder.sign(key, MessageDigest::sha256()).unwrap();
    builder.build()
}

struct Files {
    folder: TempDir,
}

impl Files {
    fn new() -> Files {
        Files { folder: tempfile::tempdir().unwrap() }
    }

    fn write(&self, certificate: &[u8], key: &[u8]) -> Tls {
        let at = |name: &str, bytes: &[u8]| {
            let path = self.folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        Tls { certificate: at("certificate.pem", certificate), key: at("key.pem", key) }
    }

    fn config(&self) -> Config {
        let folder = self.folder.path().display();
        let tls = format!("tls = {{ certificate = \"{folder}/certificate.pem\", key = \"{folder}/key.pem\" }}");
        toml::from_str(&format!("[web]\n{tls}\n")).unwrap()
    }
}

#[test]
fn keys_are_read_in_every_form_that_authorities_hand_out() {
    let files = Files::new();
    let ec = elliptic();
    let rsa = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    for (key, pem) in [
        (&ec, ec.private_key_to_pem_pkcs8().unwrap()),
        (&ec, ec.ec_key().unwrap().private_key_to_pem().unwrap()),
        (&rsa, rsa.rsa().unwrap().private_key_to_pem().unwrap()),
    ] {
        let tls = files.write(&certificate(key, 10).to_pem().unwrap(), &pem);
        let ready = Ready::read(&tls).unwrap_or_else(|fault| panic!("{fault}"));
        let ends = orszem_runtime::clock::machine().0 / 1000 + 10 * 86_400;
        assert!((ready.ends - ends).abs() < 60, "{} is not about {ends}", ready.ends);
    }
}

#[test]
fn a_pair_that_cannot_be_used_says_why_and_shows_nothing_of_the_key() {
    let files = Files::new();
    let (key, other) = (elliptic(), elliptic());
    let pem = certificate(&key, 1).to_pem().unwrap();
    let good = key.private_key_to_pem_pkcs8().unwrap();
    let locked = key.private_key_to_pem_pkcs8_passphrase(Cipher::aes_128_cbc(), b"password").unwrap();
    for (certificate, private, why) in [
        (&pem[..], &other.private_key_to_pem_pkcs8().unwrap()[..], "is not that of the certificate"),
        (&pem[..], &locked[..], "no private key in PEM without a password"),
        (&pem[..], b"", "no private key"),
        (&good[..], &good[..], "no certificate in PEM"),
        (b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", &good[..], "no certificate in PEM"),
    ] {
        let told = Ready::read(&files.write(certificate, private)).unwrap_err().to_string();
        assert!(told.contains(why), "{told}");
        assert!(told.contains(&files.folder.path().display().to_string()) && !told.contains("BEGIN"), "{told}");
    }
    let missing = Tls { certificate: "/nonexistent/a".into(), key: "/nonexistent/b".into() };
    assert!(Ready::read(&missing).unwrap_err().to_string().contains("/nonexistent/a cannot be read"));
}

fn client(authority: &[u8]) -> reqwest::Client {
    let authority = reqwest::Certificate::from_pem(authority).unwrap();
    // A connection of its own for each request, so that each agrees on keys.
    reqwest::Client::builder().tls_certs_only([authority]).pool_max_idle_per_host(0).no_proxy().build().unwrap()
}

#[tokio::test]
async fn a_reload_takes_a_new_certificate_and_a_bad_one_leaves_the_old() {
    let files = Files::new();
    let (first, second) = (elliptic(), elliptic());
    let first_pem = certificate(&first, 1).to_pem().unwrap();
    files.write(&first_pem, &first.private_key_to_pem_pkcs8().unwrap());
    let publisher = ConfigPublisher::new(files.config());
    let certificate_in_use = Certificate::new(publisher.reader()).unwrap().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let url = format!("https://localhost:{}/-/healthy", address.port());
    let routes = crate::router(house("").app);
    let serving = tokio::spawn(crate::serve(listener, Some(certificate_in_use), routes, std::future::pending()));
    // One that never says a word holds up nobody.
    let silent = tokio::net::TcpStream::connect(address).await.unwrap();
    let old = client(&first_pem);
    assert_eq!(old.get(&url).send().await.unwrap().text().await.unwrap(), "ok\n");
    // Plain HTTP gets no page.
    let mut plain = tokio::net::TcpStream::connect(address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut plain, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&answer));

    let second_pem = certificate(&second, 2).to_pem().unwrap();
    // Half of a pair: the key is not there yet.
    files.write(&second_pem, &first.private_key_to_pem_pkcs8().unwrap());
    publisher.publish(files.config());
    while REFUSED.get() == 0 {
        tokio::task::yield_now().await;
    }
    assert!(old.get(&url).send().await.is_ok(), "the old one is in use");

    files.write(&second_pem, &second.private_key_to_pem_pkcs8().unwrap());
    publisher.publish(files.config());
    while REFUSED.get() == 1 {
        tokio::task::yield_now().await;
    }
    assert!(client(&second_pem).get(&url).send().await.is_ok(), "the new one is in use");
    assert!(old.get(&url).send().await.is_err());
    drop(silent);
    serving.abort();
}
