//! Character references of HTML and XML: `&eacute;`, `&#233;`, `&#xE9;`.

/// The longest reference looked for, without `&` and `;`.
pub(super) const MAX_LENGTH: usize = 10;

/// The character that `reference` (what stands between `&` and `;`) names.
pub(super) fn decode(reference: &str) -> Option<char> {
    if let Some(number) = reference.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    let rank = LATIN1.iter().position(|name| *name == reference);
    if let Some(rank) = rank.and_then(|rank| u8::try_from(rank).ok()) {
        return Some(char::from(0xa0 + rank));
    }
    OTHERS
        .iter()
        .find(|(name, _)| *name == reference)
        .map(|(_, letter)| *letter)
}

/// From U+00A0 on, in order.
const LATIN1: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf",
    "laquo", "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro",
    "para", "middot", "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest",
    "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute",
    "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute",
    "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute",
    "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil",
    "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde",
    "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc",
    "uuml", "yacute", "thorn", "yuml",
];

const OTHERS: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("euro", '€'),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
    ("Yuml", 'Ÿ'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("bull", '•'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("commat", '@'),
    ("period", '.'),
    ("hyphen", '-'),
    ("num", '#'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_names_and_numbers() {
        assert_eq!(decode("nbsp"), Some('\u{a0}'));
        assert_eq!(decode("eacute"), Some('é'));
        assert_eq!(decode("yuml"), Some('ÿ'));
        assert_eq!(decode("#233"), Some('é'));
        assert_eq!(decode("#xE9"), Some('é'));
        assert_eq!(decode("amp"), Some('&'));
    }

    #[test]
    fn knows_nothing_of_the_rest() {
        assert_eq!(decode("toto"), None);
        assert_eq!(decode("#"), None);
        assert_eq!(decode("#xD800"), None);
        assert_eq!(decode("#99999999999"), None);
    }
}
