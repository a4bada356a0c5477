//! `[card]`: it is mailed.

use super::entry::Entry;
use crate::diagnostics::{Report, quoted};

pub(super) fn check(card: Entry<'_>, receivers: &[Entry<'_>], report: &mut Report<'_>) {
    for (name, at) in card.texts("mail_to") {
        let named = receivers.iter().find(|receiver| receiver.text("name").is_some_and(|(known, _)| known == name));
        let kind = named.and_then(|receiver| receiver.text("kind")).map(|(kind, _)| kind);
        if let Some(kind) = kind.filter(|kind| *kind != "email") {
            let message = format!("the card is mailed, and {} is of kind {}", quoted(name), quoted(kind));
            report.error(at, message, "name a receiver of kind \"email\"".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::case;

    #[test]
    fn it_goes_to_receivers_that_mail() {
        case(
            "[card]\nmail_to = [\"screen\", \"nosuch\"]\n[[receiver]]\nname = \"screen\"\nkind = \"console\"\n",
            &[
                "a.toml:2:12: the card is mailed, and \"screen\" is of kind \"console\"; name a receiver of kind \"email\"",
                "a.toml:2:22: there is no receiver \"nosuch\"; known here: r, screen",
            ],
        );
    }
}
