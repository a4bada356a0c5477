//! E-mail over SMTP. The form of a mail is of the library that sends it; what it says and how it is called is here.

mod account;
mod answer;
mod mail;
mod recipients;
mod settings;
#[cfg(test)]
mod tests;

pub use account::{Account, Login};
pub use answer::Refusal;
pub use mail::{Mail, is_message_id};
pub use recipients::together;
pub use settings::{Email, MailSecurity};
