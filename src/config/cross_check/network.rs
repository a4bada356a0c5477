//! `[network]`: what belongs to a proxy needs one.

use super::entry::Entry;
use crate::diagnostics::Report;

pub(super) fn check(section: Entry<'_>, report: &mut Report<'_>) {
    for (one, other) in [("proxy_user", "proxy_password"), ("proxy_password", "proxy_user")] {
        if section.has(one) && !section.has(other) {
            report.error(section.at(one), format!("a \"{one}\" needs a \"{other}\""), None);
        }
    }
    let has_proxy = section.text("proxy").is_some_and(|(proxy, _)| proxy != "none");
    for key in ["no_proxy", "proxy_user"].into_iter().filter(|key| !has_proxy && section.has(key)) {
        let message = format!("\"{key}\" has no effect without a \"proxy\" here");
        report.warning(section.at(key), message, "what the environment says of proxies stands for itself".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::case;

    #[test]
    fn what_belongs_to_a_proxy_needs_one() {
        case(
            "[network]\nproxy = \"http://proxy.example:3128\"\nno_proxy = [\"intern.example\", \"10.0.0.0/8\"]\n",
            &[],
        );
        case("[network]\nproxy = \"none\"\n", &[]);
        case(
            "[network]\nproxy = \"socks5://proxy.example\"\nproxy_user = \"u\"\n",
            &[
                "a.toml:2:9: \"proxy\" in [network]: neither http nor https; write \"http://proxy.example:3128\", or \"none\"",
                "a.toml:3:14: a \"proxy_user\" needs a \"proxy_password\"",
            ],
        );
        case(
            "[network]\nproxy = \"http://u:hunter2@proxy.example\"\n",
            &[
                "a.toml:2:9: \"proxy\" in [network]: a user or password in an address ends up in logs; give proxy_user and \
               proxy_password",
            ],
        );
        case(
            "[network]\nno_proxy = [\"intern.example\"]\n",
            &[
                "a.toml:2:12: warning: \"no_proxy\" has no effect without a \"proxy\" here; what the environment says of \
               proxies stands for itself",
            ],
        );
    }
}
