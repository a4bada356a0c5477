//! A real mail server: Exim, with a certificate authority of its own, that keeps every mail it is given.
//!
//! It runs without privileges and without touching the system's configuration, queue or spool.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

use super::children::{self, Child};
use super::ports::Port;
use super::{certificates, place, scratch, wait};

/// The user that may log in where a test wants that.
pub const USER: &str = "orszem";
/// That user's password.
pub const PASSWORD: &str = "sentinel";

/// A running mail server. It refuses mail that does not come over TLS, puts off mail for `full@`, and refuses, after
/// three seconds, mail for `slow@`.
#[derive(Debug)]
pub struct Smtp {
    child: Child,
    starttls: Port,
    tls: Port,
    folder: TempDir,
}

impl Smtp {
    /// Starts one and waits until it greets.
    pub fn start() -> Smtp {
        let folder = scratch::folder("smtp");
        let (starttls, tls) = (Port::take(), Port::take());
        let at = folder.path();
        certificates::make(at);
        // A copy, because the installed one is setuid root: the kernel would forget whose death ends it.
        std::fs::copy(place("EXIM"), at.join("exim")).unwrap();
        set_mode(&at.join("exim"), 0o755);
        let owner = unprivileged();
        std::fs::write(at.join("exim.conf"), configuration(at, owner, &starttls, &tls)).unwrap();

        let mut command = children::command(at.join("exim"));
        command.arg("-C").arg(at.join("exim.conf")).arg("-bdf");
        if rustix::process::geteuid().is_root() {
            let (user, group) = owner;
            for entry in std::fs::read_dir(at).unwrap() {
                std::os::unix::fs::chown(entry.unwrap().path(), Some(user), Some(group)).unwrap();
            }
            std::os::unix::fs::chown(at, Some(user), Some(group)).unwrap();
            command.uid(user).gid(group);
        }
        let child = Child::start("exim", command, &logs().path().join(format!("{starttls}.log")));
        let mut smtp = Smtp { child, starttls, tls, folder };
        let port = smtp.starttls.number();
        smtp.child.wait_ready(|| {
            let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).ok()?;
            let mut greeting = [0; 4];
            std::io::Read::read_exact(&mut stream, &mut greeting).ok()?;
            (&greeting == b"220 ").then_some(())
        });
        smtp
    }

    /// The name in its certificate.
    pub fn host(&self) -> &'static str {
        "localhost"
    }

    /// The port for plain connections that change to TLS (STARTTLS).
    pub fn port(&self) -> u16 {
        self.starttls.number()
    }

    /// The port for connections that are TLS from the first byte.
    pub fn tls_port(&self) -> u16 {
        self.tls.number()
    }

    /// The certificate authority to trust, PEM.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The mails that came, as they came, in the order of their coming. One for each mail, however many recipients it
    /// has: they are in its `Envelope-to`.
    pub fn mails(&self) -> Vec<String> {
        // A maildir: what is under `new` is whole.
        let entries = std::fs::read_dir(self.folder.path().join("mail/new")).into_iter().flatten().flatten();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        files.sort_by_key(|file| delivered(file));
        files.iter().map(|file| String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned()).collect()
    }

    /// Waits until at least `count` mails came, and gives them back.
    pub fn wait_mails(&self, count: usize) -> Vec<String> {
        wait::until(&format!("{count} mails"), wait::LONG, || Some(self.mails()).filter(|mails| mails.len() >= count))
    }

    /// The server's main log. Exim writes it to its own output when it runs as a user that is not the package's.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log-main")).unwrap_or_default() + &self.child.log()
    }
}

/// When a mail was delivered, by its file's name (`1795410032.M91860P10097.localhost`): seconds and, without leading
/// zeros, microseconds.
fn delivered(file: &Path) -> (u64, u64) {
    let name = file.file_name().unwrap().to_str().unwrap();
    let (seconds, rest) = name.split_once(".M").unwrap();
    let (microseconds, _) = rest.split_once('P').unwrap();
    (seconds.parse().unwrap(), microseconds.parse().unwrap())
}

/// Where Exim's own output goes: a folder that root may write to, with any owner of the server's.
fn logs() -> &'static TempDir {
    static LOGS: std::sync::LazyLock<TempDir> = std::sync::LazyLock::new(|| scratch::folder("smtp-logs"));
    &LOGS
}

/// The user and group to run as: our own, but not root, as which Exim hands mail to nobody. Its package makes a user.
fn unprivileged() -> (u32, u32) {
    use rustix::process::{getegid, geteuid};
    if !geteuid().is_root() {
        return (geteuid().as_raw(), getegid().as_raw());
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let user =
        users.lines().find_map(|line| line.strip_prefix("Debian-exim:x:")).expect("there is no user Debian-exim");
    let mut numbers = user.split(':').map(|number| number.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

fn set_mode(file: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn configuration(at: &Path, (user, group): (u32, u32), starttls: &Port, tls: &Port) -> String {
    let at = at.display();
    format!(
        r#"
primary_hostname = localhost
exim_user = {user}
exim_group = {group}
exim_path = {at}/exim
spool_directory = {at}/spool
log_file_path = {at}/log-%s
pid_file_path = {at}/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = {starttls} : {tls}
tls_on_connect_ports = {tls}
tls_advertise_hosts = *
tls_certificate = {at}/cert.pem
tls_privatekey = {at}/key.pem
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
disable_ipv6
never_users =
keep_environment =
qualify_domain = example.com
message_size_limit = 10M
acl_smtp_mail = mail
acl_smtp_rcpt = rcpt
acl_smtp_data = data

begin acl
mail:
  deny
    message = TLS first
    !encrypted = *
  accept
rcpt:
  defer
    local_parts = full
    message = 452 4.2.2 mailbox full
  deny
    local_parts = slow
    delay = 3s
    message = 550 5.1.1 no such mailbox
  accept
data:
  accept

begin routers
everybody:
  driver = accept
  transport = box

begin transports
box:
  driver = appendfile
  directory = {at}/mail
  maildir_format
  create_directory
  batch_max = 100
  envelope_to_add
  return_path_add

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_set_id = $auth2
  server_condition = ${{if and{{{{eq{{$auth2}}{{{USER}}}}}{{eq{{$auth3}}{{{PASSWORD}}}}}}}}}
"#
    )
}

/// The parts of a mail that are text, in their order: content type and what is written in it, decoded.
pub fn parts(mail: &str) -> Vec<(String, String)> {
    let mail = mail.replace("\r\n", "\n");
    let Some((headers, body)) = mail.split_once("\n\n") else { return Vec::new() };
    let headers = headers.replace("\n ", " ").replace("\n\t", " ");
    let header = |name: &str| {
        let lines = headers.lines().filter_map(|line| line.split_once(':'));
        let found = lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let kind = header("Content-Type");
    if let Some((_, rest)) = kind.split_once("boundary=") {
        let boundary = format!("--{}", rest.split(';').next().unwrap_or_default().trim_matches('"'));
        return body.split(&boundary).skip(1).flat_map(|part| parts(part.trim_start_matches('\n'))).collect();
    }
    let text = match header("Content-Transfer-Encoding").to_lowercase().as_str() {
        "base64" => {
            use base64::Engine;
            let letters: String = body.split_whitespace().collect();
            base64::engine::general_purpose::STANDARD.decode(letters).unwrap()
        }
        "quoted-printable" => unquoted(body),
        _ => body.as_bytes().to_vec(),
    };
    if kind.starts_with("text/") { vec![(kind, String::from_utf8(text).unwrap())] } else { Vec::new() }
}

/// Undoes quoted-printable (RFC 2045, 6.7).
fn unquoted(text: &str) -> Vec<u8> {
    let text = text.replace("=\n", "");
    let mut bytes = text.bytes();
    let mut plain = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte == b'=' {
            let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
            plain.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            plain.push(byte);
        }
    }
    plain
}
