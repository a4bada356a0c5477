//! Looks for what ends by itself among what the configuration names: certificates in files, and tokens that say when
//! they end. What this machine cannot read is left out: `orszem check` and `orszem doctor` tell of that.

use std::io::Read;
use std::path::Path;

use orszem_core::readiness::{Ending, EndingKind, Life, life_of_token};
use orszem_core::settings::Config;
use orszem_core::settings::elsewhere::{Elsewhere, Kept};

use crate::certificate;
use crate::secret::reveal;

/// The most of a file that is read, in bytes: the authorities of a whole system take a quarter of it.
const LARGEST: u64 = 1 << 20;

/// All that ends, each once. Reads files: call it where blocking is allowed. No value gets into the result.
pub fn endings(config: &Config) -> Vec<Ending> {
    let mut found: Vec<Ending> = config.elsewhere.iter().filter_map(ending).collect();
    found.sort();
    found.dedup();
    found
}

fn ending(named: &Elsewhere) -> Option<Ending> {
    let (what, life) = match &named.kept {
        Kept::File(path) => (EndingKind::Certificate, of_certificate(&read(path)?, named)?),
        Kept::Secret(secret) => {
            let value = reveal(secret).ok()?;
            let read = named.setting.ends_with(".location").then(|| read(Path::new(&value)));
            let pem = match read {
                Some(read) => read?,
                None => value.as_bytes().to_owned(),
            };
            match of_certificate(&pem, named) {
                Some(life) => (EndingKind::Certificate, life),
                None => (EndingKind::Token, life_of_token(&value)?),
            }
        }
    };
    Some(Ending { setting: named.setting.clone(), place: named.kept.to_string(), what, life })
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// How long a certificate is accepted: of a chain the first, which is the one that is shown to others. Of several
/// authorities the last to end: which of them is needed is not known here.
fn of_certificate(pem: &[u8], named: &Elsewhere) -> Option<Life> {
    let lives = certificate::lives(pem).into_iter();
    let is_authority = ["ca_file", "ssl.ca.location", "ssl.ca.pem"].iter().any(|key| named.setting.ends_with(key));
    if is_authority { lives.max_by_key(|life| life.to) } else { lives.into_iter().next() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use orszem_core::settings::secret::Secret;
    use std::path::PathBuf;

    use crate::clock;

    /// A folder with these certificates, each for this many days, made by openssl.
    fn certificates(made: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, days) in made {
            let mut openssl = std::process::Command::new("openssl");
            openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]);
            openssl.args(["-keyout", "key.pem", "-out", name, "-days", days, "-subj", "/CN=localhost"]);
            assert!(openssl.current_dir(folder.path()).output().unwrap().status.success());
        }
        folder
    }

    fn file(setting: &str, path: PathBuf) -> Elsewhere {
        Elsewhere { setting: setting.into(), kept: Kept::File(path) }
    }

    /// In how many days something ends, rounded.
    fn days(ending: &Ending) -> i64 {
        (ending.life.to.since(clock::machine()) + 43_200_000).div_euclid(86_400_000)
    }

    #[test]
    fn a_certificate_in_a_file_ends_and_a_key_does_not() {
        let folder = certificates(&[("cert.pem", "20"), ("ca.pem", "400")]);
        let at = |name: &str| folder.path().join(name);
        let both = |names: [&str; 2], to: &str| {
            std::fs::write(at(to), names.map(|name| std::fs::read_to_string(at(name)).unwrap()).concat()).unwrap();
        };
        both(["cert.pem", "ca.pem"], "chain.pem");
        std::fs::write(at("where"), at("cert.pem").to_str().unwrap()).unwrap();
        let where_it_is = Secret::parse(&format!("file:{}", at("where").display())).unwrap();
        let location = "[kafka.options] ssl.certificate.location".to_owned();
        let config = Config {
            elsewhere: vec![
                file("[web.tls] certificate", at("chain.pem")),
                file("[web.tls] key", at("key.pem")),
                file("[network] ca_file", at("chain.pem")),
                file("[kafka.options] ssl.ca.location", PathBuf::from("probe")),
                Elsewhere { setting: location, kept: Kept::Secret(where_it_is) },
            ],
            ..Config::default()
        };
        let found = endings(&config);
        let shown: Vec<(&str, i64)> = found.iter().map(|ending| (ending.setting.as_str(), days(ending))).collect();
        let wanted = [
            ("[kafka.options] ssl.certificate.location", 20),
            ("[network] ca_file", 400),
            ("[web.tls] certificate", 20),
        ];
        assert_eq!(shown, wanted);
        assert!(found.iter().all(|ending| ending.what == EndingKind::Certificate && ending.life.from.is_some()));
    }

    #[test]
    fn a_token_among_the_secrets_ends_and_is_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let token = |claims: &str| format!("{}.{}.c2ln", part(r#"{"alg":"RS256"}"#), part(claims));
        let values = [
            ("ends", token(r#"{"exp":1780358400}"#)),
            ("without-exp", token(r#"{"sub":"orszem"}"#)),
            ("broken", format!("{}.{{.c2ln", part(r#"{"alg":"RS256"}"#))),
            ("password", "hunter2.hunter2.hunter2".to_owned()),
        ];
        let named = values.iter().map(|(name, value)| {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("{value}\n")).unwrap();
            let secret = Secret::parse(&format!("file:{}", path.display())).unwrap();
            Elsewhere { setting: format!("[[receiver]] {name}"), kept: Kept::Secret(secret) }
        });
        let gone = Elsewhere {
            setting: "[web] api_token".into(),
            kept: Kept::Secret(Secret::parse("file:/nowhere/token").unwrap()),
        };
        // Named twice, told once.
        let elsewhere: Vec<Elsewhere> = named.clone().chain(named).chain([gone]).collect();
        let found = endings(&Config { elsewhere, ..Config::default() });
        assert_eq!(found.len(), 1, "{found:?}");
        let ending = &found[0];
        assert_eq!((ending.setting.as_str(), ending.what), ("[[receiver]] ends", EndingKind::Token));
        assert_eq!(ending.life.to.0, 1_780_358_400_000);
        let told = format!("{found:?}");
        for part in values[0].1.split('.') {
            assert!(!told.contains(part), "{told}");
        }
    }
}
