//! The forms of secrets that are known: of keys and tokens, as those who hand them out describe them, and of a password
//! that stands behind its name ("password: …").
//!
//! A form is here only if a text of that form is hardly anything else: what is found refuses a configuration. What is
//! merely random-looking is a matter of [`random_looking`](super::random_looking).

use regex::{Regex, RegexSet};
use std::ops::Range;
use std::sync::LazyLock;

use super::random_looking;

/// How sure it is that a secret was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Certainty {
    /// It has the form of a secret.
    Known,
    /// It may be one.
    Likely,
}

/// A secret within a text. Says nothing of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// Where, in bytes of the text.
    pub(super) at: Range<usize>,
    /// What it is, as a message says it: `a token of GitHub`.
    pub(super) what: &'static str,
    pub(super) certainty: Certainty,
}

/// What a key or token is, its form, and where the form is described.
struct Form(&'static str, &'static str, #[expect(dead_code, reason = "for who keeps the list")] &'static str);

/// `\b` is that of ASCII: a letter with an accent ends a token.
#[rustfmt::skip]
const FORMS: &[Form] = &[
    Form("an access key of AWS", r"(?-u:\b)(?:AKIA|ASIA)[A-Z2-7]{16}(?-u:\b)",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"),
    Form("a token of GitHub", r"(?-u:\b)(?:gh[opsur]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})",
        "https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/"),
    Form("a token of GitLab",
        r"(?-u:\b)gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-[A-Za-z0-9_.-]{20,}",
        "https://docs.gitlab.com/security/tokens/"),
    Form("a token of Slack", r"(?-u:\b)(?:xox[abceoprs]|xapp)(?:\.xox[bp])?-[A-Za-z0-9-]{10,}",
        "https://docs.slack.dev/authentication/tokens"),
    Form("a webhook of Slack", r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[A-Za-z0-9_/-]{20,}",
        "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"),
    Form("a key of Stripe", r"(?-u:\b)(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{24,})",
        "https://docs.stripe.com/keys"),
    Form("a key of Google", r"(?-u:\b)(?:AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{28}|ya29\.[A-Za-z0-9_-]{30,})",
        "https://cloud.google.com/docs/authentication/api-keys"),
    Form("a webhook of Google Chat", r"chat\.googleapis\.com/v1/spaces/[^\s?]+\?\S*token=[A-Za-z0-9_%-]{20,}",
        "https://developers.google.com/workspace/chat/quickstart/webhooks"),
    Form("a key of OpenAI", r"(?-u:\b)sk-(?:(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})",
        "https://platform.openai.com/docs/api-reference/authentication"),
    Form("a key of Anthropic", r"(?-u:\b)sk-ant-[A-Za-z0-9]+-[A-Za-z0-9_-]{20,}",
        "https://docs.claude.com/en/api/overview"),
    Form("a key of SendGrid", r"(?-u:\b)SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}",
        "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys"),
    Form("a key of Twilio", r"(?-u:\b)SK[0-9a-f]{32}(?-u:\b)",
        "https://www.twilio.com/docs/iam/api-keys"),
    Form("a key of Mailgun", r"(?-u:\b)key-[0-9a-f]{32}(?-u:\b)",
        "https://documentation.mailgun.com/docs/mailgun/user-manual/get-started/"),
    Form("a key of Mailchimp", r"(?-u:\b)[0-9a-f]{32}-us[0-9]{1,2}(?-u:\b)",
        "https://mailchimp.com/developer/marketing/guides/quick-start/"),
    Form("a token of npm", r"(?-u:\b)npm_[A-Za-z0-9]{36}",
        "https://docs.npmjs.com/about-access-tokens"),
    Form("a token of PyPI", r"(?-u:\b)pypi-AgE[A-Za-z0-9_-]{40,}",
        "https://pypi.org/help/#apitoken"),
    Form("a token of Docker", r"(?-u:\b)dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}",
        "https://docs.docker.com/security/access-tokens/"),
    Form("a token of Hugging Face", r"(?-u:\b)hf_[A-Za-z]{30,}",
        "https://huggingface.co/docs/hub/security-tokens"),
    Form("a token of Facebook or Instagram", r"(?-u:\b)(?:EAA[A-Za-z0-9]{60,}|IG(?:QV|AA)[A-Za-z0-9_-]{60,})",
        "https://developers.facebook.com/docs/facebook-login/guides/access-tokens/"),
    Form("a token of X", r"(?-u:\b)A{20}[A-Za-z0-9%]{40,}",
        "https://docs.x.com/fundamentals/authentication/oauth-2-0/bearer-tokens"),
    Form("a token of a bot of Telegram", r"(?-u:\b)[0-9]{8,10}:[A-Za-z0-9_-]{35}(?-u:\b)",
        "https://core.telegram.org/bots/api#authorizing-your-bot"),
    Form("a webhook of Discord", r"discord(?:app)?\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]{50,}",
        "https://discord.com/developers/docs/resources/webhook"),
    Form("a webhook of Teams", r"\.webhook\.office\.com/webhookb2/[0-9a-f@-]{36,}/IncomingWebhook/[0-9a-f]{32}",
        "https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook"),
    Form("a secret of Azure", r"(?:(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}|(?-u:\b)[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})",
        "https://learn.microsoft.com/en-us/azure/storage/common/storage-configure-connection-string"),
    Form("a signed address", r"[?&](?:sig|X-Amz-Signature|X-Goog-Signature)=[A-Za-z0-9%_+/-]{32,}",
        "https://learn.microsoft.com/en-us/rest/api/storageservices/service-sas-examples"),
    Form("a token of Grafana", r"(?-u:\b)(?:glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|glc_[A-Za-z0-9+/=]{32,})",
        "https://grafana.com/docs/grafana/latest/administration/service-accounts/"),
    Form("a token of DigitalOcean", r"(?-u:\b)do[opr]_v1_[0-9a-f]{64}",
        "https://docs.digitalocean.com/reference/api/create-personal-access-token/"),
    Form("a token of Atlassian", r"(?-u:\b)ATATT3[A-Za-z0-9_=-]{60,}",
        "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/"),
    Form("a token of Shopify", r"(?-u:\b)shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{32}",
        "https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens"),
    Form("a token of Notion", r"(?-u:\b)ntn_[A-Za-z0-9]{40,}",
        "https://developers.notion.com/docs/authorization"),
    Form("a token of HashiCorp Vault", r"(?-u:\b)hv[sbr]\.[A-Za-z0-9_-]{24,}",
        "https://developer.hashicorp.com/vault/docs/concepts/tokens"),
    Form("a token of 1Password", r"(?-u:\b)ops_eyJ[A-Za-z0-9_-]{40,}",
        "https://developer.1password.com/docs/service-accounts/"),
    Form("a second factor's seed", r"otpauth(?:-migration)?://\S*(?:secret|data)=[A-Za-z0-9%+/=]{8,}",
        "https://github.com/google/google-authenticator/wiki/Key-Uri-Format"),
    Form("a private key", r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----[^-]*(?:-----END [A-Z0-9 ]+-----)?",
        "https://www.rfc-editor.org/rfc/rfc7468#section-10"),
    Form("a private key", r"PuTTY-User-Key-File-[0-9]: \S+",
        "https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html"),
    Form("a private key", r"(?-u:\b)AGE-SECRET-KEY-1[A-Z0-9]{50,}",
        "https://github.com/C2SP/C2SP/blob/main/age.md"),
    Form("a signed token (JWT)", r"(?-u:\b)eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{10,}",
        "https://www.rfc-editor.org/rfc/rfc7519"),
    Form(HEADER, r"(?i)(?-u:\b)(?:bearer|basic)[ \t]+(?P<v>[A-Za-z0-9+/=._~-]{16,})",
        "https://www.rfc-editor.org/rfc/rfc7617"),
    Form(ADDRESS, r"(?i)[a-z][a-z0-9+.-]*://[^\s/:@?#]*:(?P<v>[^\s/@]+)@",
        "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1"),
    Form(PIN, r#"(?-u:\b)(?:PIN|(?:PIN|pin|Pin)[ -]?(?:code|kód|kod)(?:ja)?)["'”]?\s*[:=]\s*(?P<v>[0-9]{4,8})(?-u:\b)"#,
        "as people write it"),
    Form(PASSWORD,
        concat!(r"(?i)(?:pass(?:word|wd|phrase|code)|(?-u:\b)pwd|jelsz(?:ó|o|ava|avunk|avam|avuk))",
            r#"["'`”]?\s*(?::=|=>|->|→|[:=]|(?-u:\b)(?:is|az)(?-u:\b))\s*(?P<v>"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|„[^”\n]*”|“[^”\n]*”|\S+)"#),
        "as people write it"),
    Form(KEY,
        concat!(r"(?i)(?:(?:api|access|secret|private)[ _-]?key|secret|token|credentials?|kulcsa?|titka?)",
            r#"["'`”]?\s*(?::=|=>|->|→|[:=]|(?-u:\b)is(?-u:\b))\s*(?P<v>"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|\S+)"#),
        "as people write it"),
];

/// An address that brings its password.
pub(super) const ADDRESS: &str = "an address with a password";
const PASSWORD: &str = "a password behind its name";
const HEADER: &str = "what proves who calls (Authorization)";
const PIN: &str = "a PIN behind its name";
const KEY: &str = "a key or token behind its name";

static SET: LazyLock<RegexSet> =
    LazyLock::new(|| RegexSet::new(FORMS.iter().map(|Form(_, form, _)| form)).expect("the forms are regular"));
static EACH: LazyLock<Vec<Regex>> =
    LazyLock::new(|| FORMS.iter().map(|Form(_, form, _)| Regex::new(form).expect("regular")).collect());

/// Every secret in a text, in its order. In what is searched for (`is_search`) a name with a colon behind it is a
/// term, and not the name of a password.
pub(super) fn find(text: &str, is_search: bool) -> Vec<Hit> {
    let mut hits = Vec::new();
    for index in SET.matches(text) {
        let Form(what, ..) = FORMS[index];
        for found in EACH[index].captures_iter(text) {
            let whole = found.get(0).expect("the whole is there").range();
            let value = found.name("v").map(|value| value.range());
            let certainty = match (what, &value) {
                (PIN | PASSWORD | KEY, _) if is_search => None,
                (PASSWORD | KEY, Some(at)) => written_out(what, &text[at.clone()], &text[at.end..]),
                (_, Some(at)) if is_elsewhere(&text[at.clone()]) => None,
                // "Basic responsibilities" proves nothing.
                (HEADER, Some(at)) if !text[at.clone()].contains(|c: char| c.is_ascii_digit() || c == '=') => None,
                _ => Some(Certainty::Known),
            };
            hits.extend(certainty.map(|certainty| Hit { at: value.unwrap_or(whole), what, certainty }));
        }
    }
    hits.sort_by_key(|hit| (hit.at.start, hit.certainty == Certainty::Likely));
    hits.dedup_by(|later, first| later.at.start < first.at.end);
    hits
}

/// The value of a key whose name says that it is a secret: `password = "…"` in a table of people's own.
pub(super) fn behind_key(key: &str, value: &str) -> Option<Hit> {
    let key = key.to_lowercase().replace(['-', '.', ' '], "_");
    let ends = |ends: &[&str]| ends.iter().any(|end| key.ends_with(end));
    let what = if ends(&["password", "passwd", "passphrase", "pwd", "jelszo", "jelszó"]) {
        PASSWORD
    } else if ends(&["secret", "token", "api_key", "apikey", "access_key", "private_key", "credential"]) {
        KEY
    } else {
        return None;
    };
    let certainty = written_out(what, value, "")?;
    Some(Hit { at: 0..value.len(), what, certainty })
}

/// Whether what stands behind the name of a secret is the secret itself. `rest` is what follows it.
fn written_out(what: &str, written: &str, rest: &str) -> Option<Certainty> {
    let quotes = ['"', '\'', '`', '„', '”', '“'];
    let is_quoted = written.starts_with(quotes);
    let value = written.trim_matches(quotes);
    // What ends a sentence is no part of it.
    let value = if is_quoted { value } else { value.trim_matches(['.', ',', ';', ':', '!', '?', '(', ')', '[', ']']) };
    let has_digit = value.chars().any(|c| c.is_ascii_digit());
    let has_letter = value.chars().any(char::is_alphabetic);
    let length = value.chars().count();
    let last = rest.lines().next().unwrap_or_default().trim_matches(['.', ',', ';', ')', ' ', '\t']).is_empty();
    if is_elsewhere(value) || is_mailbox(value) {
        return None;
    }
    if what == KEY {
        return random_looking::is_random(value, 12).then_some(Certainty::Known);
    }
    let has_sign = value.chars().any(|c| "!#$%^&*+=~?@".contains(c));
    let known = match (has_letter, has_digit) {
        // "2026-ig", "30-day": a number and its ending.
        (true, true) => length >= 6 && !is_number_with_ending(value) && !is_label(value),
        (false, true) => length >= 4 && (last || is_quoted),
        (true, false) => length >= 6 && (has_sign || (is_quoted && !value.contains(' '))),
        (false, false) => false,
    };
    if known {
        return Some(Certainty::Known);
    }
    (has_letter && !value.contains(' ') && length >= 6 && last && !says_none(value)).then_some(Certainty::Likely)
}

/// Whether a value says where a secret is kept, or holds its place: `op://…`, `${PASSWORD}`, `…`.
fn is_elsewhere(value: &str) -> bool {
    const PLACES: [&str; 13] =
        ["op:", "vault:", "env:", "file:", "http:", "https:", "arn:", "aws:", "gcp:", "azure:", "bw:", "keepass:", "/"];
    const KEEPERS: [&str; 8] =
        ["1password", "bitwarden", "dashlane", "keepass2", "keepassxc", "keepass", "keeper", "lastpass"];
    let small = value.to_lowercase();
    let held = value.starts_with(['$', '<', '{', '[', '*', '…', '%', '_', '.', '-']);
    held || PLACES.iter().any(|place| small.starts_with(place)) || KEEPERS.iter().any(|it| small.starts_with(it))
}

fn is_mailbox(value: &str) -> bool {
    value.split_once('@').is_some_and(|(_, host)| host.contains('.') && !value.contains(['!', '#', '$', '%', '*']))
}

/// `2026-ig`, `30-day`, `3rd`, `12:30`.
fn is_number_with_ending(value: &str) -> bool {
    let rest = value.trim_start_matches(|c: char| c.is_ascii_digit() || "-.:/".contains(c));
    value.starts_with(|c: char| c.is_ascii_digit()) && rest.chars().all(char::is_lowercase)
}

/// `envelope-7`, `KB-1234`, `SZ-12/2026`: one word and numbers, as places are labelled.
fn is_label(value: &str) -> bool {
    let is_number = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let (numbers, others): (Vec<&str>, Vec<&str>) = value.split(['-', '/', '.']).partition(is_number);
    let is_word = |word: &&str| !word.is_empty() && word.chars().all(char::is_alphabetic);
    !numbers.is_empty() && others.len() == 1 && others.iter().all(is_word)
}

/// Words that stand behind "password:" and are no password.
fn says_none(value: &str) -> bool {
    const WORDS: [&str; 16] = [
        "unknown",
        "required",
        "missing",
        "changed",
        "expired",
        "shared",
        "rotated",
        "ismeretlen",
        "szükséges",
        "kötelező",
        "lejárt",
        "széfben",
        "páncélszekrényben",
        "bitwarden",
        "lastpass",
        "dashlane",
    ];
    WORDS.contains(&value.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    /// Real formats with made-up values. A `·` keeps each from having the form in the file itself: it is taken out.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Corpus {
        secret: Vec<Secret>,
        innocent: Vec<String>,
        doubtful: Vec<String>,
        search: Vec<String>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Secret {
        what: String,
        text: String,
        /// What must be found, where that is not the whole text.
        value: Option<String>,
    }

    fn corpus() -> Corpus {
        let mut corpus: Corpus = toml::from_str(include_str!("secret_corpus.toml")).unwrap();
        for secret in &mut corpus.secret {
            secret.text = secret.text.replace('·', "");
        }
        corpus
    }

    #[test]
    fn every_form_of_the_corpus_is_found_with_its_place() {
        for Secret { what, text, value } in corpus().secret {
            let value = value.unwrap_or_else(|| text.clone()).replace('·', "");
            for (before, after) in
                [("", ""), ("Sign in with ", " and press Post."), ("Lépj be: (", "), majd küldd el.")]
            {
                let whole = format!("{before}{text}{after}");
                let hits = find(&whole, false);
                let known: Vec<_> = hits.iter().filter(|hit| hit.certainty == Certainty::Known).collect();
                assert_eq!(known.len(), 1, "{what}: {whole}: {hits:?}");
                assert_eq!(known[0].what, what, "{whole}");
                let found = whole[known[0].at.clone()].trim_end_matches(')').trim_end_matches("),");
                let found = found.trim_matches(['"', '\'', '„', '”']);
                assert!(found.starts_with(value.trim_end()), "{what}: {found:?} is not {value:?}");
            }
        }
    }

    #[test]
    fn every_form_has_its_example() {
        let corpus = corpus();
        for Form(what, ..) in FORMS {
            assert!(corpus.secret.iter().any(|secret| secret.what == *what), "no example of {what}");
        }
    }

    #[test]
    fn no_innocent_is_refused() {
        for text in corpus().innocent {
            assert_eq!(find(&text, false), [], "{text}");
            assert_eq!(random_looking::find(&text), None, "{text}");
        }
    }

    #[test]
    fn the_doubtful_is_a_warning() {
        for text in corpus().doubtful {
            let hits = find(&text, false);
            assert!(hits.iter().all(|hit| hit.certainty == Certainty::Likely), "{text}: {hits:?}");
            assert!(!hits.is_empty() || random_looking::find(&text).is_some(), "{text}");
        }
    }

    #[test]
    fn a_search_may_hold_the_name_of_a_password() {
        for text in corpus().search {
            assert_eq!(find(&text, true), [], "{text}");
        }
        let token = format!("ghp_{}", "a1B2c3D4e5".repeat(4));
        assert_eq!(find(&token, true).len(), 1, "a token is one anywhere");
    }

    #[test]
    fn a_key_that_says_it_is_a_secret_tells_what_its_value_is() {
        let certainty = |key, value| behind_key(key, value).map(|hit| hit.certainty);
        assert_eq!(certainty("password", "hunter2"), Some(Certainty::Known));
        assert_eq!(certainty("Jelszó", "Titok2024"), Some(Certainty::Known));
        assert_eq!(certainty("api-token", "q8Zk2LmX0pR7vT4w"), Some(Certainty::Known));
        assert_eq!(certainty("password", "op://press/facebook"), None);
        assert_eq!(certainty("token", "ethereum"), None);
        assert_eq!(certainty("desk", "hunter2"), None);
    }
}
