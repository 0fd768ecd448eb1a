//! JSON and lines of JSON, read as text with the escapes decoded: keys stay beside their values, line numbers are those
//! of the file, and a damaged document is read like a sound one.

use std::io;

use super::text::Text;
use super::{Coverage, Receiver};

pub(super) fn extract(mut text: Text<'_>, receiver: &mut dyn Receiver) -> io::Result<Coverage> {
    receiver.begin_text(None);
    let mut unescaper = Unescaper::default();
    let mut plain = String::new();
    while let Some(chunk) = text.next_chunk()? {
        plain.clear();
        unescaper.unescape(chunk, &mut plain);
        receiver.text(&plain);
    }
    Ok(Coverage::Whole)
}

#[derive(Default)]
struct Unescaper {
    state: State,
    /// The first half of a character beyond the basic plane.
    high_surrogate: Option<u16>,
}

#[derive(Default, Clone, Copy)]
enum State {
    #[default]
    Plain,
    AfterBackslash,
    /// `\u` and the digits read.
    Unicode {
        digits: u8,
        value: u16,
    },
}

impl Unescaper {
    fn unescape(&mut self, chunk: &str, plain: &mut String) {
        for letter in chunk.chars() {
            self.state = match self.state {
                State::Plain if letter == '\\' => State::AfterBackslash,
                State::Plain => {
                    plain.push(letter);
                    State::Plain
                }
                State::AfterBackslash => after_backslash(letter, plain),
                State::Unicode { digits, value } => {
                    self.unicode_digit(digits, value, letter, plain)
                }
            };
        }
    }

    fn unicode_digit(&mut self, digits: u8, value: u16, letter: char, plain: &mut String) -> State {
        let Some(digit) = letter
            .to_digit(16)
            .and_then(|digit| u16::try_from(digit).ok())
        else {
            // Not an escape after all.
            plain.push(letter);
            return State::Plain;
        };
        let value = value << 4 | digit;
        if digits < 3 {
            return State::Unicode {
                digits: digits + 1,
                value,
            };
        }
        let decoded = match self.high_surrogate.take() {
            Some(high) => char::decode_utf16([high, value]).next(),
            None => char::decode_utf16([value]).next(),
        };
        match decoded {
            Some(Ok(decoded)) => plain.push(decoded),
            _ => self.high_surrogate = (0xd800..0xdc00).contains(&value).then_some(value),
        }
        State::Plain
    }
}

fn after_backslash(letter: char, plain: &mut String) -> State {
    match letter {
        'u' => {
            return State::Unicode {
                digits: 0,
                value: 0,
            };
        }
        // A line break inside a value is no line of the file.
        'n' | 'r' | 't' | 'b' | 'f' => plain.push(' '),
        '"' | '\\' | '/' => plain.push(letter),
        _ => {
            plain.push('\\');
            plain.push(letter);
        }
    }
    State::Plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unescape(chunks: &[&str]) -> String {
        let mut unescaper = Unescaper::default();
        let mut plain = String::new();
        for chunk in chunks {
            unescaper.unescape(chunk, &mut plain);
        }
        plain
    }

    #[test]
    fn decodes_escapes_wherever_the_chunks_are_cut() {
        let json = r#"{"pr\u00e9nom": "Zo\u00E9", "smile": "\ud83d\ude00", "a": "1\/2\n3"}"#;
        let plain = r#"{"prénom": "Zoé", "smile": "😀", "a": "1/2 3"}"#;
        for cut in 0..=json.len() {
            let (before, after) = json.split_at(cut);
            assert_eq!(unescape(&[before, after]), plain);
        }
    }

    #[test]
    fn half_a_character_and_false_escapes_do_no_harm() {
        assert_eq!(unescape(&[r"\ud83d é \uZZ \q \"]), r" é ZZ \q ");
    }
}
