//! What it takes to use another value of a secret: a reload, or a restart.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};

use orszem_core::settings::secret::{Place, Secret};
use orszem_runtime::secret::reveal;

/// A secret that the configuration names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedSecret {
    /// The setting that names it: `[web] link_secret`.
    pub setting: String,
    /// Where it is.
    pub secret: Secret,
    /// What it takes to use another value.
    pub rotates: Rotates,
}

/// What it takes to use another value of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotates {
    /// A reload reads it again.
    ByReload,
    /// It is read only at the start, as `x-restart` of the schema says, or its place never changes while the process
    /// runs.
    ByRestart,
}

/// The setting, and where its value is; never the value.
impl std::fmt::Display for NamedSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({:?})", self.setting, self.secret)
    }
}

impl NamedSecret {
    /// `read_at_start` is what the schema says of the setting.
    pub(crate) fn new(setting: String, secret: Secret, read_at_start: bool) -> NamedSecret {
        let rotates = if read_at_start || is_kept(&secret) { Rotates::ByRestart } else { Rotates::ByReload };
        NamedSecret { setting, secret, rotates }
    }
}

/// Where systemd puts what `LoadCredential=` names.
const CREDENTIALS: &str = "/run/credentials";

/// Whether a place stays as it was when the process started: its environment, and the copies that systemd made then.
fn is_kept(secret: &Secret) -> bool {
    match secret.place() {
        Place::Env(_) => true,
        Place::File(path) => path.starts_with(CREDENTIALS),
    }
}

/// Secrets in one line: `[web] link_secret (file:/run/link), [web] api_token (file:/run/token)`.
pub fn list<'s>(secrets: impl IntoIterator<Item = &'s NamedSecret>) -> String {
    secrets.into_iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What a reload did with the secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretReport {
    /// Read again.
    pub read_again: Vec<NamedSecret>,
    /// Those of them that have another value than before.
    pub changed: Vec<NamedSecret>,
    /// In the environment, or copied by systemd: as they were at the start.
    pub kept: Vec<NamedSecret>,
    /// Their file has another value than at the start, and only a restart uses it.
    pub restart_to_use: Vec<NamedSecret>,
}

/// Recognises a value that changed, without keeping it.
#[derive(Debug, Default)]
pub(crate) struct Fingerprints {
    /// A key of this process alone.
    key: RandomState,
    seen: BTreeMap<String, u64>,
}

impl Fingerprints {
    /// The values now are those in use.
    pub(crate) fn of(secrets: &[NamedSecret]) -> Fingerprints {
        let mut fingerprints = Fingerprints::default();
        fingerprints.reload(secrets);
        fingerprints
    }

    /// Looks at the values again, after a reload.
    pub(crate) fn reload(&mut self, secrets: &[NamedSecret]) -> SecretReport {
        let mut report = SecretReport::default();
        for named in secrets {
            if is_kept(&named.secret) {
                report.kept.push(named.clone());
                continue;
            }
            let Ok(value) = reveal(&named.secret) else { continue };
            let print = self.key.hash_one(value);
            let before = self.seen.get(&named.to_string()).copied();
            let differs = before.is_some_and(|before| before != print);
            match named.rotates {
                Rotates::ByRestart if differs => report.restart_to_use.push(named.clone()),
                Rotates::ByRestart => {
                    self.seen.entry(named.to_string()).or_insert(print);
                }
                Rotates::ByReload => {
                    report.read_again.push(named.clone());
                    report.changed.extend(differs.then(|| named.clone()));
                    self.seen.insert(named.to_string(), print);
                }
            }
        }
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reload_tells_what_it_read_again_what_changed_and_what_waits_for_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, value: &str| std::fs::write(folder.path().join(name), value).unwrap();
        let named = |setting: &str, place: &str, at_start| {
            NamedSecret::new(setting.to_owned(), Secret::parse(place).unwrap(), at_start)
        };
        let file = |name: &str| format!("file:{}", folder.path().join(name).display());
        let link = named("[web] link_secret", &file("link"), false);
        let token = named("[web] api_token", &file("token"), false);
        let kafka = named("[kafka.options] sasl.password", &file("kafka"), true);
        let mail = named("[[receiver]] password", "env:PATH", false);
        let page = named("[[receiver]] token", "file:/run/credentials/orszem.service/slack", false);
        assert_eq!(page.rotates, Rotates::ByRestart, "systemd copies it at the start");
        let all = [link.clone(), token.clone(), kafka.clone(), mail.clone(), page.clone()];
        for name in ["link", "token", "kafka"] {
            write(name, "as it was");
        }
        let mut prints = Fingerprints::of(&all);
        let first = prints.reload(&all);
        assert_eq!((first.read_again, first.changed), (vec![link.clone(), token.clone()], Vec::new()));
        assert_eq!((first.kept, first.restart_to_use), (vec![mail, page], Vec::new()));

        write("link", "another");
        write("kafka", "another");
        let second = prints.reload(&all);
        assert_eq!((second.changed, second.restart_to_use), (vec![link.clone()], vec![kafka.clone()]));
        let third = prints.reload(&all);
        assert_eq!((third.changed, third.restart_to_use), (Vec::new(), vec![kafka]), "still not in use");
        assert_eq!(list([&link]), format!("[web] link_secret ({})", file("link")));
    }
}
