//! Reads secrets from where the configuration says they are.

use std::io::Read;

use orszem_core::settings::secret::{Place, Secret, SecretError};

/// The value of a secret, without white space at its ends. Reads at most 1 MiB of a file.
///
/// # Errors
/// When the place is not there, cannot be read as UTF-8, holds nothing, or begins with a byte order mark: editors write
/// that mark unseen, and a service would refuse the secret for it.
pub fn reveal(secret: &Secret) -> Result<String, SecretError> {
    let value = match secret.place() {
        Place::Env(name) => std::env::var(name).map_err(|_| SecretError::Env(name.clone()))?,
        Place::File(path) => {
            let mut value = String::new();
            std::fs::File::open(path)
                .and_then(|file| file.take(1 << 20).read_to_string(&mut value))
                .map_err(|fault| SecretError::File(path.display().to_string(), fault))?;
            value
        }
    };
    match value.trim() {
        "" => Err(SecretError::Empty(format!("{secret:?}"))),
        marked if marked.starts_with('\u{feff}') => Err(SecretError::Marked(format!("{secret:?}"))),
        value => Ok(value.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, SecretError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        reveal(&Secret::parse(&format!("file:{}", file.path().display())).unwrap())
    }

    #[test]
    fn a_file_that_begins_with_a_byte_order_mark_is_refused() {
        let fault = read("\u{feff}hunter2\n".as_bytes()).unwrap_err().to_string();
        assert!(fault.contains("byte order mark") && !fault.contains("hunter2"), "{fault}");
        assert_eq!(read(b" hunter2\r\n").unwrap(), "hunter2");
        // As Windows writes it in UTF-16: no UTF-8 at all.
        assert!(matches!(read(b"\xff\xfeh\0"), Err(SecretError::File(..))));
    }
}
