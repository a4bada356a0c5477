//! Certificates for servers that speak TLS.

use std::path::Path;
use std::process::Stdio;

/// Makes a certificate authority (`ca.pem`) and, signed by it, a certificate for `localhost` and 127.0.0.1 (`cert.pem`,
/// its key in `key.pem`).
pub fn make(at: &Path) {
    let openssl = |arguments: &[&str]| {
        let run = std::process::Command::new("openssl").args(arguments).current_dir(at).stdin(Stdio::null()).output();
        let run = run.unwrap_or_else(|fault| panic!("openssl cannot be run ({fault}): run `bash tests/run`"));
        assert!(run.status.success(), "openssl: {}", String::from_utf8_lossy(&run.stderr));
    };
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let authority = ["-x509", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=Orszem's test CA"];
    openssl(&[&["req"], &key[..], &authority[..]].concat());
    openssl(&[&["req"], &key[..], &["-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=localhost"]].concat());
    std::fs::write(
        at.join("extensions"),
        "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n",
    )
    .unwrap();
    openssl(&[
        "x509",
        "-req",
        "-in",
        "request.pem",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "30",
        "-extfile",
        "extensions",
        "-out",
        "cert.pem",
    ]);
}
