//! Templates: the order of letters and digits in a value, and where people cut it.
//!
//! `d` a digit, `l` a letter, `x` either, `c` a digit or Corsica's A and B; capitals and digits stand for themselves; a
//! space is a place where the value may be cut into groups; a first `+` must stand in the text.

use serde::Deserialize;

use super::gap::Gap;
use super::run::{MOST_SYMBOLS, Run};

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Template {
    classes: Vec<Class>,
    /// The symbols that are any digit, by bit.
    digits: u64,
    /// Those that are any letter.
    letters: u64,
    /// Those that are something else, and what.
    others: Vec<(usize, Class)>,
    /// The symbols before which a cut is allowed, by bit.
    cuts: u64,
    plus: bool,
    /// How many symbols before the first that may be a digit.
    leading: usize,
    /// How many digits may stand in a row from there, by bit.
    first_groups: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    Letter,
    Either,
    Corsican,
    Exactly(u8),
}

/// How a run fits a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fit {
    /// Cut at half of its places or more, as people write it and machines do not.
    pub grouped: bool,
    /// What cuts it.
    pub gap: Option<Gap>,
}

impl Template {
    pub(super) fn len(&self) -> usize {
        self.classes.len()
    }

    pub(super) fn has_plus(&self) -> bool {
        self.plus
    }

    pub(super) fn may_begin_with(&self, symbol: u8) -> bool {
        self.classes.first().is_some_and(|class| class.has(symbol))
    }

    /// Where the value may not be cut; what stands after its end does not matter.
    pub(super) fn denied_cuts(&self) -> u64 {
        !self.cuts & ((1 << self.len()) - 1)
    }

    /// How many digits may stand in a row at the beginning, by bit.
    pub(super) fn first_groups(&self) -> u64 {
        self.first_groups
    }

    pub(super) fn must_have_letter(&self) -> bool {
        self.classes.iter().any(|class| !class.may_be_digit())
    }

    /// How many symbols must be digits.
    pub(super) fn digits(&self) -> usize {
        self.classes
            .iter()
            .filter(|class| !class.may_be_letter())
            .count()
    }

    /// How many symbols stand before the first that may be a letter.
    pub(super) fn digits_before_letter(&self) -> usize {
        self.classes
            .iter()
            .take_while(|class| !class.may_be_letter())
            .count()
    }

    /// Whether `digits` of them may stand in a row at the beginning.
    pub(super) fn has_first_group(&self, digits: usize) -> bool {
        digits < MOST_SYMBOLS && self.first_groups >> digits & 1 == 1
    }

    /// Whether the same holds, and `second` digits may stand in a row behind the first gap; where there is none, or where the
    /// value ends there, no number of them tells.
    pub(super) fn has_first_groups(&self, first: usize, second: usize) -> bool {
        let place = self.leading + first;
        let goes_on = || match self.classes.get(place + second) {
            Some(class) => class.may_be_letter() || self.cuts >> (place + second) & 1 == 1,
            None => place + second == self.classes.len(),
        };
        self.has_first_group(first) && (second == 0 || place >= self.classes.len() || goes_on())
    }

    /// Whether a text that opens with so many `letters`, then with `group` digits, may be of this template.
    pub(super) fn opens_like(&self, head: &[u8], letters: usize, group: usize) -> bool {
        let mut opening = self.classes.iter().take(letters).zip(head);
        // More letters: those that could have been digits (the key of a VAT number).
        (letters > self.leading || (letters == self.leading && self.has_first_group(group)))
            && opening.all(|(class, byte)| class.has(byte.to_ascii_uppercase()))
    }

    /// Whether `digits` digits in a row may open this template together with the letters before them, of which these are the
    /// last; true also where only more letters would tell.
    pub(super) fn may_open(&self, before_last: Option<u8>, last: u8, digits: usize) -> bool {
        let fits = |place: usize, letter: u8| {
            let class = self.classes.get(place);
            class.is_some_and(|class| class.has(letter))
        };
        let opens = |letters: usize| {
            letters > self.leading || (letters == self.leading && self.has_first_group(digits))
        };
        match before_last {
            None => opens(1) && fits(0, last),
            Some(before_last) => [2, 3].into_iter().any(|letters| {
                opens(letters) && fits(letters - 2, before_last) && fits(letters - 1, last)
            }),
        }
    }

    /// A row of digits ends where the value may be cut, where a letter may stand, or with the value.
    fn read_first_groups(&self) -> u64 {
        let ends = (self.leading + 1..self.classes.len()).filter(|index| {
            self.cuts >> index & 1 == 1
                || self
                    .classes
                    .get(*index)
                    .is_some_and(|class| class.may_be_letter())
        });
        ends.chain([self.classes.len()])
            .fold(0, |groups, end| groups | 1 << (end - self.leading))
    }

    pub(super) fn may_begin_with_digit(&self) -> bool {
        self.classes
            .first()
            .is_some_and(|class| class.may_be_digit())
    }

    /// Where a first letter may follow digits: after how many, and how many letters in a row.
    pub(super) fn letters_after_digits(&self) -> impl Iterator<Item = (usize, usize)> {
        let digits = self
            .classes
            .iter()
            .take_while(|class| class.may_be_digit())
            .count();
        let letters = |from: usize| {
            let rest = self.classes.iter().skip(from);
            rest.take_while(|class| class.may_be_letter()).count()
        };
        (1..=digits)
            .map(move |place| (place, letters(place)))
            .filter(|(_, letters)| *letters > 0)
    }

    pub(super) fn may_begin_with_letter(&self) -> bool {
        (b'A'..=b'Z').any(|letter| self.may_begin_with(letter))
    }

    /// Whether the first symbols of the run are those of the template, cut where the template may be. One sort of gap
    /// throughout, the last cut aside (« 13 digits / key »).
    pub(super) fn fit(&self, run: &Run) -> Option<Fit> {
        let length = self.len();
        let letters = run.letters();
        if run.len() < length || letters & self.digits != 0 || !letters & self.letters != 0 {
            return None;
        }
        let symbols = run.symbols(length);
        let mut others = self.others.iter();
        let fits = |(place, class): &(usize, Class)| {
            symbols.get(*place).is_some_and(|symbol| class.has(*symbol))
        };
        if !others.all(fits) {
            return None;
        }
        let mut used = 0u32;
        let mut gap = None;
        for cut in run.cuts(length) {
            let Some(own) = cut.gap else {
                continue;
            };
            if self.cuts >> cut.before & 1 == 0 {
                return None;
            }
            let last = self.cuts >> cut.before >> 1 == 0;
            if gap.is_some_and(|gap| gap != own) && !last {
                return None;
            }
            gap = gap.or(Some(own));
            used += 1;
        }
        let grouped = used > 0 && 2 * used >= self.cuts.count_ones();
        Some(Fit { grouped, gap })
    }
}

impl Class {
    fn may_be_digit(self) -> bool {
        matches!(
            self,
            Self::Digit | Self::Either | Self::Corsican | Self::Exactly(b'0'..=b'9')
        )
    }

    fn may_be_letter(self) -> bool {
        matches!(
            self,
            Self::Letter | Self::Either | Self::Corsican | Self::Exactly(b'A'..=b'Z')
        )
    }

    fn has(self, symbol: u8) -> bool {
        match self {
            Self::Digit => symbol.is_ascii_digit(),
            Self::Letter => symbol.is_ascii_uppercase(),
            Self::Either => symbol.is_ascii_digit() || symbol.is_ascii_uppercase(),
            Self::Corsican => symbol.is_ascii_digit() || matches!(symbol, b'A' | b'B'),
            Self::Exactly(expected) => symbol == expected,
        }
    }
}

impl TryFrom<String> for Template {
    type Error = String;

    fn try_from(written: String) -> Result<Self, Self::Error> {
        let (plus, rest) = match written.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, written.as_str()),
        };
        let mut template = Self {
            classes: Vec::new(),
            digits: 0,
            letters: 0,
            others: Vec::new(),
            cuts: 0,
            plus,
            leading: 0,
            first_groups: 0,
        };
        for letter in rest.bytes() {
            let class = match letter {
                b'd' => Class::Digit,
                b'l' => Class::Letter,
                b'x' => Class::Either,
                b'c' => Class::Corsican,
                b'0'..=b'9' | b'A'..=b'Z' => Class::Exactly(letter),
                b' ' => {
                    template.cuts |= 1 << template.classes.len();
                    continue;
                }
                _ => {
                    return Err(format!(
                        "`{written}` is no template: use d, l, x, c, digits, capitals and spaces"
                    ));
                }
            };
            let place = template.classes.len();
            match class {
                Class::Digit => template.digits |= 1 << place,
                Class::Letter => template.letters |= 1 << place,
                Class::Either => (),
                Class::Corsican | Class::Exactly(_) => template.others.push((place, class)),
            }
            template.classes.push(class);
            if template.classes.len() >= MOST_SYMBOLS {
                return Err(format!(
                    "the template `{written}` is longer than {} symbols",
                    MOST_SYMBOLS - 1
                ));
            }
        }
        if template.classes.is_empty() {
            return Err("an empty template".to_owned());
        }
        template.leading = template
            .classes
            .iter()
            .take_while(|class| !class.may_be_digit())
            .count();
        template.first_groups = template.read_first_groups();
        Ok(template)
    }
}

#[cfg(test)]
mod tests {
    use super::super::run::Reading;
    use super::*;

    fn fit(template: &str, text: &str) -> Option<Fit> {
        let reading = Reading {
            lines: false,
            long_words: false,
            most: MOST_SYMBOLS,
        };
        Template::try_from(template.to_owned())
            .unwrap()
            .fit(&Run::read(text.as_bytes(), 0, reading))
    }

    #[test]
    fn any_of_the_cuts_may_be_used() {
        let nir = "d dd dd dc ddd ddd dd";
        assert!(fit(nir, "185052A00608427").is_some_and(|fit| !fit.grouped));
        assert!(fit(nir, "1 85 05 2A 006 084 27").is_some_and(|fit| fit.grouped));
        assert!(fit(nir, "185 05 78006 084 / 27").is_some_and(|fit| fit.grouped));
        assert!(fit(nir, "18 505 78006 084 27").is_none());
    }

    #[test]
    fn one_sort_of_gap_but_for_the_last() {
        assert!(fit("0d dd dd dd dd", "06.12.34.56.78").is_some());
        assert!(fit("0d dd dd dd dd", "06.12-34.56-78").is_none());
        assert!(fit("d ddd dd", "1 234-56").is_some());
    }

    #[test]
    fn refuses_what_is_no_template() {
        assert!(Template::try_from("dd?".to_owned()).is_err());
        assert!(Template::try_from(String::new()).is_err());
        assert!(Template::try_from("d".repeat(64)).is_err());
    }
}
