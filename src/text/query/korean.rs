//! Korean particles: what is written together with the end of a name.
//!
//! A particle says what a noun does in its sentence, and several may follow each other: 에서는. Many have two forms,
//! after a vowel and after a consonant. This closed class of words is from the grammar; no standard lists it.

use crate::scripts::is_hangul;

/// The sound that a particle follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Any,
    Vowel,
    Consonant,
    /// A vowel or ㄹ.
    Open,
}

use After::{Any, Consonant, Open, Vowel};

#[rustfmt::skip]
const PARTICLES: &[(After, &[&str])] = &[
    (Any, &[
        "의", "에", "에서", "에게", "에게서", "께", "께서", "한테", "한테서", "더러", "도", "만", "까지", "부터", "조차",
        "마저", "마다", "보다", "처럼", "같이", "만큼", "밖에", "뿐", "대로", "커녕", "하고", "들", "님", "씨", "측",
        // Forms of 이다, "to be".
        "입니다", "입니까", "이다", "인", "인가", "인데", "인지", "일", "임", "이냐", "이니", "이지", "이죠",
    ]),
    (Consonant, &[
        "은", "이", "을", "과", "으로", "으로서", "으로써", "이나", "이나마", "이랑", "이란", "이라", "이라고", "이라는",
        "이라도", "이라서", "이라면", "이며", "이든", "이든지", "이고", "이면", "이지만", "이여", "이야", "이야말로", "아",
        "이에요", "이었다", "이었습니다",
    ]),
    (Vowel, &[
        "는", "가", "를", "와", "나", "나마", "랑", "란", "라", "라고", "라는", "라도", "라서", "라면", "며", "든", "든지",
        "고", "면", "지만", "여", "야", "야말로", "예요", "였다", "였습니다", "다",
    ]),
    (Open, &["로", "로서", "로써"]),
];

/// The most particles after each other.
const MOST: usize = 4;

/// Whether `rest`, written together with the end of `word`, consists of particles. Both are folded.
pub(super) fn is_particles(word: &str, rest: &str) -> bool {
    let Some(last) = word.chars().next_back().filter(|last| is_hangul(*last)) else { return false };
    follow(last, rest, MOST)
}

fn follow(last: char, rest: &str, left: usize) -> bool {
    // A syllable is numbered by its consonant, its vowel, and what ends it: nothing, or one of 27 (Unicode, 3.12).
    let end = (u32::from(last).wrapping_sub(0xac00)) % 28;
    const RIEUL: u32 = 8;
    let fits = |after: After| match after {
        Any => true,
        Vowel => end == 0,
        Consonant => end != 0,
        Open => end == 0 || end == RIEUL,
    };
    left > 0
        && PARTICLES.iter().filter(|(after, _)| fits(*after)).flat_map(|(_, forms)| *forms).any(|form| {
            let Some(rest) = rest.strip_prefix(form) else { return false };
            rest.is_empty() || form.chars().next_back().is_some_and(|last| follow(last, rest, left - 1))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_agree_with_the_end_of_the_name() {
        for (name, rest) in [("삼성", "이"), ("삼성", "에서는"), ("삼성", "입니다"), ("카카오", "가"), ("서울", "로")]
        {
            assert!(is_particles(name, rest), "{name}{rest}");
        }
        for (name, rest) in [("삼성", "가"), ("카카오", "톡"), ("카카오", "이"), ("삼성", "로"), ("acme", "가")]
        {
            assert!(!is_particles(name, rest), "{name}{rest}");
        }
    }
}
