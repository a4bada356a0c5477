//! Reads secrets from where the configuration says they are.

use std::io::Read;

use orszem_core::settings::secret::{Place, Secret, SecretError};

/// The value of a secret, without white space at its ends. Reads at most 1 MiB of a file.
///
/// # Errors
/// When the place is not there, cannot be read as UTF-8 or holds nothing.
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
        value => Ok(value.to_owned()),
    }
}
