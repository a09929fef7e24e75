//! Classes of input: what a text, a JSON value or a body can be that a server did not expect. A class and a seed decide the text,
//! so that a walk can be repeated; texts that stand for tokens look like the server's own.

use super::{forgery::Forgery, random::Random};

/// What characters a text is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Alphabet {
    /// The characters of the text that it replaces.
    Own,
    Letters,
    Digits,
    Blank,
    Tab,
    LineBreak,
    Punctuation,
    SingleQuote,
    DoubleQuote,
    Backslash,
    Sql,
    Markup,
    Format,
    Template,
    Dots,
    Nul,
    Control,
    Delete,
    Latin,
    Combining,
    Cjk,
    Emoji,
    Bidi,
    ZeroWidth,
    ByteOrderMark,
    NoBreakBlank,
    NonCharacter,
    Surrogate,
    Words,
    /// One of [`WORDS`].
    Word(u8),
    Percent,
    /// The control characters above ASCII.
    UpperControl,
    /// Characters that end a line for some programs only.
    LineSeparator,
    /// Letters that are written from right to left.
    RightToLeft,
    /// What stands for other characters in queries and directories.
    Wildcard,
    /// What has a meaning in directories' filters.
    Filter,
    /// What comments the rest of a query out.
    SqlComment,
    /// Characters as references of markup.
    Entity,
}

impl Alphabet {
    pub(crate) const ALL: [Self; 37] = [
        Self::UpperControl,
        Self::LineSeparator,
        Self::RightToLeft,
        Self::Wildcard,
        Self::Filter,
        Self::SqlComment,
        Self::Entity,
        Self::Own,
        Self::Letters,
        Self::Digits,
        Self::Blank,
        Self::Tab,
        Self::LineBreak,
        Self::Punctuation,
        Self::SingleQuote,
        Self::DoubleQuote,
        Self::Backslash,
        Self::Sql,
        Self::Markup,
        Self::Format,
        Self::Template,
        Self::Dots,
        Self::Nul,
        Self::Control,
        Self::Delete,
        Self::Latin,
        Self::Combining,
        Self::Cjk,
        Self::Emoji,
        Self::Bidi,
        Self::ZeroWidth,
        Self::ByteOrderMark,
        Self::NoBreakBlank,
        Self::NonCharacter,
        Self::Surrogate,
        Self::Words,
        Self::Percent,
    ];

    /// Something of this class; `own` is a text that it replaces.
    fn unit(self, own: &str, random: &mut Random) -> String {
        let pick = |random: &mut Random, of: &str| {
            let all: Vec<char> = of.chars().collect();
            random.pick(&all).map(String::from).unwrap_or_default()
        };
        match self {
            Self::Own => {
                let letters: Vec<char> = own.chars().filter(char::is_ascii_alphanumeric).collect();
                random.pick(&letters).map_or_else(|| "q".to_owned(), String::from)
            }
            Self::Letters => pick(random, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            Self::Digits => pick(random, "0123456789"),
            Self::Blank => " ".to_owned(),
            Self::Tab => "\t".to_owned(),
            Self::LineBreak => random.one_of(["\r\n", "\n", "\r"]).to_owned(),
            Self::Punctuation => pick(random, "!#$&()*+,-./:;=?@[]^_{|}~"),
            Self::SingleQuote => "'".to_owned(),
            Self::DoubleQuote => "\"".to_owned(),
            Self::Backslash => "\\".to_owned(),
            Self::Sql => {
                random.one_of(["' OR '1'='1", "'; --", "\" OR \"\"=\"", "' UNION SELECT 1 --", "%' --"]).to_owned()
            }
            Self::Markup => random.one_of(["<b>", "<script>x</script>", "&amp;", "<!--", "]]>"]).to_owned(),
            Self::Format => random.one_of(["%s", "%n", "%d", "{0}", "%x%x"]).to_owned(),
            Self::Template => random.one_of(["${7*7}", "{{7*7}}", "#{7}", "${jndi:x}", "$(id)"]).to_owned(),
            Self::Dots => random.one_of(["../", "..\\", "./", "//", "..;/"]).to_owned(),
            Self::Nul => "\0".to_owned(),
            Self::Control => pick(random, "\u{1}\u{2}\u{7}\u{8}\u{b}\u{c}\u{e}\u{1b}\u{1f}\u{85}"),
            Self::Delete => "\u{7f}".to_owned(),
            Self::Latin => pick(random, "\u{e9}\u{df}\u{f1}\u{fc}\u{d8}\u{e6}\u{131}\u{130}"),
            Self::Combining => pick(random, "\u{301}\u{308}\u{327}\u{30a}"),
            Self::Cjk => pick(random, "\u{6f22}\u{5b57}\u{30ab}\u{d55c}\u{5d0}\u{430}"),
            Self::Emoji => pick(random, "\u{1f600}\u{1f468}\u{1f3f4}\u{1d7d8}"),
            Self::Bidi => pick(random, "\u{202e}\u{202d}\u{2066}\u{200f}"),
            Self::ZeroWidth => pick(random, "\u{200b}\u{200c}\u{200d}\u{2060}\u{ad}"),
            Self::ByteOrderMark => "\u{feff}".to_owned(),
            Self::NoBreakBlank => pick(random, "\u{a0}\u{2003}\u{3000}\u{2028}"),
            Self::NonCharacter => pick(random, "\u{ffff}\u{fffe}\u{fdd0}\u{fffd}"),
            Self::Surrogate => String::from(SURROGATE),
            Self::Words => random.one_of(WORDS).to_owned(),
            Self::Word(number) => WORDS[usize::from(number) % WORDS.len()].to_owned(),
            Self::UpperControl => pick(random, "\u{80}\u{85}\u{8d}\u{90}\u{9b}\u{9f}"),
            Self::LineSeparator => pick(random, "\u{2028}\u{2029}"),
            Self::RightToLeft => pick(random, "\u{5d0}\u{5e9}\u{627}\u{645}"),
            Self::Wildcard => pick(random, "%_*?"),
            Self::Filter => random.one_of([")(", "*)(", "\\", "*)(|(&", ")(cn=*"]).to_owned(),
            Self::SqlComment => random.one_of(["'--", "' -- ", "'#", "'/*", "';--"]).to_owned(),
            Self::Entity => random.one_of(["&#97;", "&#x61;", "&lt;", "&quot;"]).to_owned(),
            Self::Percent => random.one_of(["%00", "%20", "%2e", "%0a", "%ff", "%"]).to_owned(),
        }
    }
}

/// What programs send where they have nothing, and what people put in for a trial.
pub(crate) const WORDS: [&str; 20] = [
    "null",
    "undefined",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "NaN",
    "None",
    "nil",
    "[object Object]",
    "admin",
    "test",
    "token",
    "anonymous",
    "guest",
    "{}",
    "[]",
    "*",
    "default",
];

/// Stands for a lone surrogate, which no Rust text can hold; [`json_text`] writes it as `\ud800`.
pub(crate) const SURROGATE: char = '\u{10fffe}';

/// Where in a text something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Position {
    First,
    Second,
    /// At this place, counted from 0.
    At(u8),
    Quarter,
    Middle,
    BeforeDot,
    AfterDot,
    ThreeQuarters,
    LastButOne,
    Last,
    /// Anywhere; the number decides.
    Anywhere(u16),
}

impl Position {
    pub(crate) const FIXED: [Self; 16] = [
        Self::First,
        Self::Second,
        Self::At(7),
        Self::At(8),
        Self::At(15),
        Self::At(16),
        Self::At(31),
        Self::At(32),
        Self::At(63),
        Self::Quarter,
        Self::Middle,
        Self::BeforeDot,
        Self::AfterDot,
        Self::ThreeQuarters,
        Self::LastButOne,
        Self::Last,
    ];

    /// The place in a text of these characters; it has at least one.
    fn find(self, text: &[char]) -> usize {
        let last = text.len().saturating_sub(1);
        let dot = text.iter().rposition(|c| *c == '.');
        let place = match self {
            Self::First => 0,
            Self::Second => 1,
            Self::At(place) => usize::from(place),
            Self::Quarter => text.len() / 4,
            Self::Middle => text.len() / 2,
            Self::BeforeDot => dot.map_or(text.len() / 3, |dot| dot.saturating_sub(1)),
            Self::AfterDot => dot.map_or(text.len() * 2 / 3, |dot| dot + 1),
            Self::ThreeQuarters => text.len() * 3 / 4,
            Self::LastButOne => last.saturating_sub(1),
            Self::Last => last,
            Self::Anywhere(place) => usize::from(place) % text.len().max(1),
        };
        place.min(last)
    }
}

/// How a right text is spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Tamper {
    /// Another character of the same kind in this place.
    Swap(Position),
    /// Without the character in this place.
    Drop(Position),
    /// The character in this place twice.
    Double(Position),
    /// The character in this place in the other case; the next letter, where it has none.
    CaseAt(Position),
    /// Every letter in the other case.
    CaseAll,
    UpperAll,
    LowerAll,
    /// Something of a class put in at this place.
    Insert(Position, Alphabet),
    /// Something of a class put behind.
    Behind(Alphabet),
    /// Something of a class put in front.
    Before(Alphabet),
    /// Only as many characters from the beginning.
    Prefix(u16),
    /// Only the first half.
    Half,
    /// Without the last character.
    CutLast,
    /// Without the first character.
    CutFirst,
    /// Only the last half.
    EndHalf,
    /// The beginning kept, everything behind it other characters of the same kind.
    KeepFirst(u16),
    /// The end kept, everything before it other characters of the same kind.
    KeepLast(u16),
    /// Followed by other characters up to this length.
    Extend(u32, Alphabet),
    /// Twice in a row.
    Twice,
    Reversed,
    /// Without one of its parts.
    WithoutPart(u8),
    /// With one of its parts from another right text of the same kind.
    PartOfOther(u8),
    /// With an empty last part.
    EmptyLast,
    /// One more part.
    OneMorePart,
    /// One character as its percent escape.
    PercentAt(Position),
    /// One letter replaced by one that looks like it.
    Lookalike(Position),
    /// Within quotes.
    Quoted,
    /// Two neighbouring characters that differ change places.
    Exchange(Position),
    /// The character in this place replaced by something of a class.
    Replace(Position, Alphabet),
    /// Only as many characters from the beginning, and something of a class behind them.
    PrefixThen(u16, Alphabet),
    /// One character as a reference of markup.
    EntityAt(Position),
    /// Zeros put in front, which mean nothing before a number.
    Padded,
    /// Without what separates its groups.
    Ungrouped,
    /// The last character replaced by its neighbour, where each of its bits means something.
    Neighbour,
    /// So many characters at either end kept, everything between them other characters of the same kind.
    KeepEnds(u16),
    /// The first of a list, or the second.
    Listed(bool),
    /// Digits replaced by letters that look like them, or letters by digits.
    DigitLookalike,
    /// The character in this place as the one of the same low byte.
    LowByte(Position),
    /// The character in this place as the one that is twice as wide.
    Wide(Position),
}

impl Tamper {
    /// Whether nothing but the case of letters is other.
    pub(crate) fn is_case_only(self) -> bool {
        matches!(self, Self::CaseAt(_) | Self::CaseAll | Self::UpperAll | Self::LowerAll)
    }

    /// Whether nothing but blanks at its ends is other.
    pub(crate) fn is_blank_around(self) -> bool {
        matches!(
            self,
            Self::Behind(Alphabet::Blank | Alphabet::Tab | Alphabet::LineBreak | Alphabet::NoBreakBlank)
                | Self::Before(Alphabet::Blank | Alphabet::Tab | Alphabet::LineBreak | Alphabet::NoBreakBlank)
                | Self::Extend(_, Alphabet::Blank)
        )
    }

    /// The class as coverage counts it.
    pub(crate) fn class(self) -> String {
        let text = format!("{self:?}");
        if let Self::Swap(_) | Self::Drop(_) | Self::CaseAt(_) = self { text } else { text.replace(['(', ')'], " ") }
    }

    /// The right text spoilt; the same as before where this way changes nothing about it.
    pub(crate) fn apply(self, right: &str, other: Option<&str>, seed: u64) -> String {
        let random = &mut Random::new(seed);
        let chars: Vec<char> = right.chars().collect();
        if chars.is_empty() {
            return right.to_owned();
        }
        let text = |chars: &[char]| chars.iter().collect::<String>();
        match self {
            Self::Swap(at) => with_other(&chars, at.find(&chars)),
            Self::Drop(at) => without(&chars, at.find(&chars)),
            Self::Double(at) => {
                let place = at.find(&chars);
                [text(&chars[..=place]), text(&chars[place..])].concat()
            }
            Self::CaseAt(at) => recased_at(&chars, at.find(&chars)),
            Self::CaseAll => chars.iter().map(|c| recased(*c)).collect(),
            Self::UpperAll => right.to_ascii_uppercase(),
            Self::LowerAll => right.to_ascii_lowercase(),
            Self::Insert(at, class) => {
                let place = at.find(&chars);
                [text(&chars[..place]), class.unit(right, random), text(&chars[place..])].concat()
            }
            Self::Behind(class) => format!("{right}{}", class.unit(right, random)),
            Self::Before(class) => format!("{}{right}", class.unit(right, random)),
            Self::Prefix(kept) => text(&chars[..usize::from(kept).min(chars.len())]),
            Self::Half => text(&chars[..chars.len() / 2]),
            Self::CutLast => text(&chars[..chars.len() - 1]),
            Self::CutFirst => text(&chars[1..]),
            Self::EndHalf => text(&chars[chars.len() / 2..]),
            Self::KeepFirst(kept) => kept_first(&chars, usize::from(kept)),
            Self::KeepLast(kept) => kept_last(&chars, usize::from(kept)),
            Self::Extend(length, class) => extended(right, length as usize, class, random),
            Self::Twice => [right, right].concat(),
            Self::Reversed => chars.iter().rev().collect(),
            Self::WithoutPart(part) => without_part(right, usize::from(part)),
            Self::PartOfOther(part) => {
                other.map_or_else(|| right.to_owned(), |other| mixed(right, other, usize::from(part)))
            }
            Self::EmptyLast => {
                right.rsplit_once('.').map_or_else(|| format!("{right}."), |(head, _)| format!("{head}."))
            }
            Self::OneMorePart => format!("{right}.{}", text(&chars[..chars.len().min(8)])),
            Self::PercentAt(at) => {
                let place = at.find(&chars);
                [text(&chars[..place]), format!("%{:02X}", u32::from(chars[place]) & 0xff), text(&chars[place + 1..])]
                    .concat()
            }
            Self::Lookalike(at) => lookalike(&chars, at.find(&chars)),
            Self::Quoted => format!("\"{right}\""),
            Self::Exchange(at) => exchanged(&chars, at.find(&chars)),
            Self::Replace(at, class) => {
                let place = at.find(&chars);
                [text(&chars[..place]), class.unit(right, random), text(&chars[place + 1..])].concat()
            }
            Self::PrefixThen(kept, class) => {
                text(&chars[..usize::from(kept).min(chars.len() - 1)]) + &class.unit(right, random)
            }
            Self::EntityAt(at) => {
                let place = at.find(&chars);
                [text(&chars[..place]), format!("&#{};", u32::from(chars[place])), text(&chars[place + 1..])].concat()
            }
            Self::Padded => format!("00{right}"),
            Self::Ungrouped => ungrouped(right),
            Self::Neighbour => neighboured(&chars),
            Self::KeepEnds(kept) => kept_ends(&chars, usize::from(kept)),
            Self::Listed(true) => format!("{right},x7"),
            Self::Listed(false) => format!("x7,{right}"),
            Self::DigitLookalike => digit_lookalikes(&chars),
            Self::LowByte(at) => shifted(&chars, at.find(&chars), 0x100),
            Self::Wide(at) => shifted(&chars, at.find(&chars), 0xfee0),
        }
    }
}

/// The characters of base64url by value.
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What a character means in base64 of either alphabet.
fn base64_value(c: char) -> Option<usize> {
    let c = if c == '+' {
        '-'
    } else if c == '/' {
        '_'
    } else {
        c
    };
    BASE64.iter().position(|known| char::from(*known) == c)
}

/// Another character of the same kind. Digits and letters of a hexadecimal token stay such.
fn other_character(c: char) -> char {
    match c {
        '0'..='9' => char::from(b'0' + (c as u8 - b'0' + 5) % 10),
        'a'..='f' => char::from(b'a' + (c as u8 - b'a' + 3) % 6),
        _ => other_in_base64(c),
    }
}

/// A character with another highest bit in base64.
fn other_in_base64(c: char) -> char {
    base64_value(c).map_or('x', |value| char::from(BASE64[value ^ 0b10_0000]))
}

fn with_other(chars: &[char], place: usize) -> String {
    // A separator stays: what precedes it is swapped.
    let place = if chars[place] == '.' && place > 0 { place - 1 } else { place };
    let other = if has_unused_bits(chars, place) { other_in_base64 } else { other_character };
    chars.iter().enumerate().map(|(at, c)| if at == place { other(*c) } else { *c }).collect()
}

/// Whether the lowest bits of this character mean nothing where its part is base64: it is the last one of a part that is not whole.
fn has_unused_bits(chars: &[char], place: usize) -> bool {
    let is_last = chars.get(place + 1).is_none_or(|next| *next == '.');
    let begin = chars[..place].iter().rposition(|c| *c == '.').map_or(0, |dot| dot + 1);
    is_last && unused_bits(place + 1 - begin) > 0
}

/// How many bits of the last character of so many in base64 mean nothing.
const fn unused_bits(length: usize) -> usize {
    match length % 4 {
        2 => 4,
        3 => 2,
        _ => 0,
    }
}

/// Whether two different texts are the same bytes in base64: only the last characters of their parts differ, and those only in bits that
/// mean nothing. A server that decodes a token before it looks it up cannot tell them apart.
pub(crate) fn decode_alike(one: &str, other: &str) -> bool {
    let (ones, others): (Vec<&str>, Vec<&str>) = (one.split('.').collect(), other.split('.').collect());
    ones.len() == others.len()
        && ones.iter().zip(&others).all(|(one, other)| one == other || parts_decode_alike(one, other))
}

fn parts_decode_alike(one: &str, other: &str) -> bool {
    let mut ends = (one.chars(), other.chars());
    let (Some(last), Some(other_last)) = (ends.0.next_back(), ends.1.next_back()) else { return false };
    let bits = |c| base64_value(c).map(|value| value >> unused_bits(one.len()));
    ends.0.as_str() == ends.1.as_str() && bits(last).is_some() && bits(last) == bits(other_last)
}

fn without(chars: &[char], place: usize) -> String {
    chars.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, c)| *c).collect()
}

fn recased(c: char) -> char {
    if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
}

fn recased_at(chars: &[char], place: usize) -> String {
    let after = chars[place..].iter().position(char::is_ascii_alphabetic).map(|found| place + found);
    let letter = after.or_else(|| chars.iter().position(char::is_ascii_alphabetic));
    chars.iter().enumerate().map(|(at, c)| if Some(at) == letter { recased(*c) } else { *c }).collect()
}

fn kept_first(chars: &[char], kept: usize) -> String {
    let keep = |at: usize, c: char| if at < kept || c == '.' { c } else { other_character(c) };
    chars.iter().enumerate().map(|(at, c)| keep(at, *c)).collect()
}

fn kept_last(chars: &[char], kept: usize) -> String {
    let from = chars.len().saturating_sub(kept);
    let keep = |at: usize, c: char| if at >= from || c == '.' { c } else { other_character(c) };
    chars.iter().enumerate().map(|(at, c)| keep(at, *c)).collect()
}

/// What is neither at the beginning nor at the end is other; the whole text where nothing lies between.
fn kept_ends(chars: &[char], kept: usize) -> String {
    let kept = kept.min(chars.len().saturating_sub(1) / 2);
    let keep = |at: usize, c: char| at < kept || at >= chars.len() - kept || c == '.' || c == '-';
    chars.iter().enumerate().map(|(at, c)| if keep(at, *c) { *c } else { other_character(*c) }).collect()
}

fn ungrouped(right: &str) -> String {
    let joined: String = right.chars().filter(|c| !matches!(c, '-' | '_' | '.' | ':' | '~')).collect();
    if joined == right { format!("{{{right}}}") } else { joined }
}

/// Only of a hexadecimal text: the last bits of another coding may mean nothing.
fn neighboured(chars: &[char]) -> String {
    let is_hexadecimal = chars.iter().all(|c| c.is_ascii_hexdigit() || *c == '-');
    let last = chars.last().copied().filter(|_| is_hexadecimal).and_then(|c| Some((c, c.to_digit(16)?)));
    let other = last.and_then(|(c, digit)| {
        let next = char::from_digit(digit ^ 1, 16)?;
        Some(if c.is_ascii_uppercase() { next.to_ascii_uppercase() } else { next })
    });
    match other {
        Some(other) => chars[..chars.len() - 1].iter().chain([&other]).collect(),
        None => with_other(chars, chars.len() - 1),
    }
}

fn digit_lookalikes(chars: &[char]) -> String {
    const PAIRS: [(char, char); 4] = [('0', 'o'), ('1', 'l'), ('o', '0'), ('l', '1')];
    let twin = |c: char| PAIRS.iter().find(|(plain, _)| *plain == c).map(|(_, twin)| *twin);
    let Some(at) = chars.iter().position(|c| twin(*c).is_some()) else { return with_other(chars, 0) };
    chars.iter().enumerate().map(|(place, c)| if place == at { twin(*c).unwrap_or(*c) } else { *c }).collect()
}

/// The character in this place moved by so much, where that is one.
fn shifted(chars: &[char], place: usize, by: u32) -> String {
    let other = char::from_u32(u32::from(chars[place]) + by).unwrap_or('\u{430}');
    chars.iter().enumerate().map(|(at, c)| if at == place { other } else { *c }).collect()
}

fn extended(right: &str, length: usize, class: Alphabet, random: &mut Random) -> String {
    let mut text = right.to_owned();
    let mut count = right.chars().count();
    if count >= length {
        return format!("{right}{}", class.unit(right, random));
    }
    while count < length {
        let unit = class.unit(right, random);
        count += unit.chars().count().max(1);
        text.push_str(&unit);
    }
    text
}

fn without_part(right: &str, part: usize) -> String {
    let parts: Vec<&str> = right.split('.').collect();
    if parts.len() < 2 {
        return right.chars().skip(2).collect();
    }
    let part = part % parts.len();
    parts.iter().enumerate().filter(|(at, _)| *at != part).map(|(_, text)| *text).collect::<Vec<_>>().join(".")
}

fn mixed(right: &str, other: &str, part: usize) -> String {
    let (parts, others): (Vec<&str>, Vec<&str>) = (right.split('.').collect(), other.split('.').collect());
    if parts.len() < 2 || parts.len() != others.len() {
        return halves(right, other);
    }
    let part = part % parts.len();
    parts.iter().enumerate().map(|(at, text)| if at == part { others[at] } else { *text }).collect::<Vec<_>>().join(".")
}

/// The first half of one and the second of the other.
fn halves(right: &str, other: &str) -> String {
    let half = right.chars().count() / 2;
    right.chars().take(half).chain(other.chars().skip(half)).collect()
}

fn lookalike(chars: &[char], place: usize) -> String {
    const PAIRS: [(char, char); 12] = [
        ('a', '\u{430}'),
        ('e', '\u{435}'),
        ('o', '\u{43e}'),
        ('c', '\u{441}'),
        ('p', '\u{440}'),
        ('i', '\u{456}'),
        ('A', '\u{410}'),
        ('E', '\u{415}'),
        ('K', '\u{212a}'),
        ('s', '\u{17f}'),
        ('x', '\u{445}'),
        ('B', '\u{412}'),
    ];
    let twin = |c: char| PAIRS.iter().find(|(plain, _)| *plain == c).map(|(_, twin)| *twin);
    let places = (place..chars.len()).chain(0..place);
    let Some((at, twin)) = places.into_iter().find_map(|at| twin(chars[at]).map(|twin| (at, twin))) else {
        return format!("{}\u{430}", chars.iter().collect::<String>());
    };
    chars.iter().enumerate().map(|(place, c)| if place == at { twin } else { *c }).collect()
}

fn exchanged(chars: &[char], place: usize) -> String {
    let differ = |at: &usize| chars.get(at + 1).is_some_and(|next| *next != chars[*at]);
    let mut chars = chars.to_vec();
    if let Some(at) = (place..chars.len()).chain(0..place).find(differ) {
        chars.swap(at, at + 1);
    }
    chars.into_iter().collect()
}

/// A text in place of a right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Text {
    /// Made up: so many characters of this class, the rest like the right one.
    Made { length: u32, alphabet: Alphabet, whole: bool, seed: u64 },
    /// The right one spoilt.
    Spoilt { how: Tamper, seed: u64 },
    /// The right text of another user.
    Others,
    /// A token in another format.
    Forged(Forgery),
}

impl Text {
    /// The text in place of `right`; `other` is another user's, or another token of the same kind.
    pub(crate) fn render(self, right: &str, other: Option<&str>) -> String {
        match self {
            Self::Made { length, alphabet, whole, seed } => made(right, length as usize, alphabet, whole, seed),
            Self::Spoilt { how, seed } => how.apply(right, other, seed),
            Self::Others => other.unwrap_or("x").to_owned(),
            Self::Forged(forgery) => forgery.render("admin", right),
        }
    }

    /// Whether it is longer than headers usually may be.
    pub(crate) fn is_huge(self) -> bool {
        matches!(self, Self::Made { length, .. } | Self::Spoilt { how: Tamper::Extend(length, _), .. } if length >= 4096)
    }
}

/// A made-up text. Its separators are those of the right one, so that it looks like one of the server's.
fn made(right: &str, length: usize, alphabet: Alphabet, whole: bool, seed: u64) -> String {
    let random = &mut Random::new(seed);
    if length == 0 && alphabet == Alphabet::Own {
        return like(right, random);
    }
    let length = if length == 0 { right.chars().count().max(4) } else { length };
    let mut text = String::new();
    let mut count = 0;
    let special = if whole { 0 } else { length / 2 };
    while count < length {
        let class = if whole || count >= special { alphabet } else { Alphabet::Own };
        let unit = class.unit(right, random);
        // One unit of a class is enough where the rest is to look right.
        text.push_str(&unit);
        count += unit.chars().count().max(1);
        if !whole && class == alphabet && alphabet != Alphabet::Own {
            let rest = length.saturating_sub(count);
            text.extend((0..rest).map(|_| Alphabet::Own.unit(right, random)));
            break;
        }
    }
    text
}

/// Other letters and digits in the shape of the right text.
fn like(right: &str, random: &mut Random) -> String {
    let replace = |c: char, random: &mut Random| match c {
        '0'..='9' => char::from(b'0' + (random.below(10)) as u8),
        'a'..='f' => char::from(b'a' + (random.below(6)) as u8),
        'g'..='z' => char::from(b'g' + (random.below(20)) as u8),
        'A'..='F' => char::from(b'A' + (random.below(6)) as u8),
        'G'..='Z' => char::from(b'G' + (random.below(20)) as u8),
        other => other,
    };
    let text: String = right.chars().map(|c| replace(c, random)).collect();
    if text == right { format!("{text}q") } else { text }
}

/// A text as a JSON string, lone surrogates included.
pub(crate) fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace(SURROGATE, "\\ud800")
}

/// A text as a JSON string with every character escaped.
pub(crate) fn escaped_json_text(text: &str) -> String {
    let units = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
    format!("\"{units}\"")
}

/// Whether a header can carry it.
pub(crate) fn fits_header(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || c == SURROGATE)
}

/// A JSON value where a text is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Odd {
    Null,
    Zero,
    Number,
    Huge,
    Fraction,
    True,
    False,
    EmptyText,
    EmptyList,
    /// The right text, the only one of a list.
    Listed,
    EmptyObject,
    /// The right text inside an object, under the names that it may have there.
    Wrapped,
    /// An operator of a query language, which matches anything.
    Matches,
    /// A list of lists of lists.
    Deep,
    /// The same, deeper than a stack may be.
    DeepFar,
    /// Another operator of a query language.
    Greater,
    /// The right text twice in a list.
    ListedTwice,
}

impl Odd {
    pub(crate) const ALL: [Self; 17] = [
        Self::DeepFar,
        Self::Greater,
        Self::ListedTwice,
        Self::Null,
        Self::Zero,
        Self::Number,
        Self::Huge,
        Self::Fraction,
        Self::True,
        Self::False,
        Self::EmptyText,
        Self::EmptyList,
        Self::Listed,
        Self::EmptyObject,
        Self::Wrapped,
        Self::Matches,
        Self::Deep,
    ];

    /// The value as JSON; `right` is JSON too.
    pub(crate) fn render(self, right: &str) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Zero => "0".to_owned(),
            Self::Number => "20260417".to_owned(),
            Self::Huge => "1e400".to_owned(),
            Self::Fraction => "-0.5".to_owned(),
            Self::True => "true".to_owned(),
            Self::False => "false".to_owned(),
            Self::EmptyText => "\"\"".to_owned(),
            Self::EmptyList => "[]".to_owned(),
            Self::Listed => format!("[{right}]"),
            Self::EmptyObject => "{}".to_owned(),
            Self::Wrapped => {
                let members =
                    ["value", "token", "login", "password", "text", "$eq"].map(|name| format!("\"{name}\":{right}"));
                format!("{{{}}}", members.join(","))
            }
            Self::Matches => "{\"$ne\":null}".to_owned(),
            Self::Deep => format!("{}{}", "[".repeat(100), "]".repeat(100)),
            Self::DeepFar => format!("{}{}", "[".repeat(3000), "]".repeat(3000)),
            Self::Greater => "{\"$gt\":\"\"}".to_owned(),
            Self::ListedTwice => format!("[{right},{right}]"),
        }
    }
}

/// A body that is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum BadBody {
    Empty,
    Blank,
    None,
    Word,
    List,
    Listed,
    Null,
    CutOff,
    CutMiddle,
    TrailingText,
    TrailingObject,
    CommaBehind,
    SingleQuotes,
    NoQuotes,
    Comment,
    InvalidUtf8,
    Utf16,
    DeepBeside,
    TwiceWrongLast,
    TwiceWrongFirst,
    Binary,
    Xml,
    Form,
    ByteOrderMark,
    HugeBeside,
    TwiceSame,
    NulBehind,
    BareText,
    BareTrue,
    BareNumber,
    /// The right values under names that no call has.
    Renamed,
    Encoded,
    BareRight,
}

impl BadBody {
    pub(crate) const ALL: [Self; 33] = [
        Self::BareNumber,
        Self::Renamed,
        Self::Encoded,
        Self::BareRight,
        Self::ByteOrderMark,
        Self::HugeBeside,
        Self::TwiceSame,
        Self::NulBehind,
        Self::BareText,
        Self::BareTrue,
        Self::Empty,
        Self::Blank,
        Self::None,
        Self::Word,
        Self::List,
        Self::Listed,
        Self::Null,
        Self::CutOff,
        Self::CutMiddle,
        Self::TrailingText,
        Self::TrailingObject,
        Self::CommaBehind,
        Self::SingleQuotes,
        Self::NoQuotes,
        Self::Comment,
        Self::InvalidUtf8,
        Self::Utf16,
        Self::DeepBeside,
        Self::TwiceWrongLast,
        Self::TwiceWrongFirst,
        Self::Binary,
        Self::Xml,
        Self::Form,
    ];

    /// Whether a server may understand it: then nothing but an error of its own is wrong.
    pub(crate) fn may_be_read(self) -> bool {
        matches!(
            self,
            Self::DeepBeside
                | Self::TwiceWrongLast
                | Self::TwiceWrongFirst
                | Self::Utf16
                | Self::Form
                | Self::InvalidUtf8
                | Self::ByteOrderMark
                | Self::HugeBeside
                | Self::TwiceSame
        )
    }

    /// The body in place of the right one.
    pub(crate) fn render(self, right: &str) -> Option<Vec<u8>> {
        let inside = right.trim().trim_start_matches('{').trim_end_matches('}');
        let text = match self {
            Self::None => return None,
            Self::ByteOrderMark => format!("\u{feff}{right}"),
            Self::HugeBeside => format!("{{{inside},\"more\":{}}}", "9".repeat(40)),
            Self::TwiceSame => format!("{{{inside},{inside}}}"),
            Self::NulBehind => format!("{right}\0"),
            Self::BareText => "\"token\"".to_owned(),
            Self::BareTrue => "true".to_owned(),
            Self::BareNumber => "42".to_owned(),
            Self::Renamed => right.replace("{\"", "{\"x_").replace(",\"", ",\"x_"),
            Self::Encoded => json_text(right),
            Self::BareRight => last_value(inside).to_owned(),
            Self::Empty => String::new(),
            Self::Blank => "  \n ".to_owned(),
            Self::Word => "token".to_owned(),
            Self::List => "[]".to_owned(),
            Self::Listed => format!("[{right}]"),
            Self::Null => "null".to_owned(),
            Self::CutOff => right.trim_end_matches('}').to_owned(),
            Self::CutMiddle => right.chars().take(right.chars().count() / 2).collect(),
            Self::TrailingText => format!("{right} trailing"),
            Self::TrailingObject => format!("{right}{{\"x\":"),
            Self::CommaBehind => format!("{{{inside},}}"),
            Self::SingleQuotes => right.replace('"', "'"),
            Self::NoQuotes => right.replace('"', ""),
            Self::Comment => format!("{{/* x */{inside}}}"),
            Self::InvalidUtf8 => {
                return Some([format!("{{{inside},\"x\":\"").as_bytes(), &[0xff, 0xc3, 0x28], b"\"}"].concat());
            }
            Self::Utf16 => return Some(right.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Self::DeepBeside => format!("{{{inside},\"x\":{}{}}}", "[".repeat(3000), "]".repeat(3000)),
            Self::TwiceWrongLast => format!("{{{inside},{}}}", wronged(inside)),
            Self::TwiceWrongFirst => format!("{{{},{inside}}}", wronged(inside)),
            Self::Binary => return Some(vec![0, 159, 146, 150, 0, 255, 7]),
            Self::Xml => format!("<?xml version=\"1.0\"?><request>{}</request>", right.len()),
            Self::Form => inside.replace("\":\"", "=").replace("\",\"", "&").replace('"', ""),
        };
        Some(text.into_bytes())
    }
}

/// The value of the last member.
fn last_value(inside: &str) -> &str {
    inside.rsplit_once("\":").map_or("0", |(_, value)| value)
}

/// The members once more, with other values.
fn wronged(inside: &str) -> String {
    inside.replace("\":\"", "\":\"q")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const TOKENS: [&str; 4] = [
        "eyItMjI2Ijp7Im4iOiJhYmMifX0.4P7Xss-_Qq0AZ9",
        "0f8fad5bd9cb469fa16570867728950e",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "Zz+/aaaabbbbccccddddeeeeffffgggghhhhiiiijjjj==",
    ];

    #[test]
    fn a_swapped_last_character_changes_what_the_token_means_in_base64() {
        for token in ["AAc", "zf", "0123456", "eyJhbGciOi.c0.AAAAAAf"] {
            let swapped = Tamper::Swap(Position::Last).apply(token, None, 1);
            assert!(swapped != token && !decode_alike(token, &swapped), "{token} {swapped}");
        }
    }

    #[test]
    fn texts_that_differ_in_unused_bits_alone_decode_alike() {
        for (one, other) in [("AAc", "AAf"), ("zf", "za"), ("e.c0.AAc", "e.c0.AAf"), ("AA+", "AA9")] {
            assert!(decode_alike(one, other), "{one} {other}");
        }
        for (one, other) in
            [("AAc", "AAg"), ("zf", "Af"), ("AAAc", "AAAf"), ("e.AAc", "AAc"), ("AAc", "AAcA"), ("", "A")]
        {
            assert!(!decode_alike(one, other), "{one} {other}");
        }
    }

    fn ways() -> Vec<Tamper> {
        let mut all = Vec::new();
        for position in Position::FIXED {
            all.extend([Tamper::Swap(position), Tamper::Drop(position), Tamper::CaseAt(position)]);
        }
        for position in [Position::First, Position::Middle, Position::AfterDot, Position::Last] {
            all.extend([
                Tamper::Double(position),
                Tamper::PercentAt(position),
                Tamper::Lookalike(position),
                Tamper::Exchange(position),
            ]);
        }
        for kept in [4, 8, 12, 16, 20, 24, 32, 40, 48, 64, 72, 128] {
            all.extend([Tamper::KeepFirst(kept), Tamper::KeepLast(kept), Tamper::Prefix(kept)]);
        }
        for alphabet in Alphabet::ALL {
            all.extend([
                Tamper::Behind(alphabet),
                Tamper::Before(alphabet),
                Tamper::Insert(Position::Middle, alphabet),
            ]);
        }
        for length in [64, 72, 73, 128, 255, 256, 257, 1024, 4096, 10_000, 65_536] {
            all.extend([
                Tamper::Extend(length, Alphabet::Own),
                Tamper::Extend(length, Alphabet::Blank),
                Tamper::Extend(length, Alphabet::Nul),
            ]);
        }
        all.extend([
            Tamper::CaseAll,
            Tamper::UpperAll,
            Tamper::LowerAll,
            Tamper::Half,
            Tamper::CutLast,
            Tamper::CutFirst,
            Tamper::EndHalf,
            Tamper::Twice,
            Tamper::Reversed,
            Tamper::WithoutPart(0),
            Tamper::WithoutPart(1),
            Tamper::PartOfOther(0),
            Tamper::PartOfOther(1),
            Tamper::EmptyLast,
            Tamper::OneMorePart,
            Tamper::Quoted,
            Tamper::Padded,
            Tamper::Ungrouped,
            Tamper::Neighbour,
            Tamper::DigitLookalike,
        ]);
        all.extend([8, 16].map(Tamper::KeepEnds));
        all.extend([true, false].map(Tamper::Listed));
        for at in [Position::First, Position::Middle, Position::Last] {
            all.extend([Tamper::LowByte(at), Tamper::Wide(at)]);
        }
        all
    }

    #[test]
    fn a_spoilt_text_is_another_one_save_for_what_has_no_case_or_is_short() {
        for token in TOKENS {
            for how in ways() {
                let spoilt = how.apply(token, Some("other.token"), 5);
                let may_be_same =
                    how.is_case_only() || matches!(how, Tamper::Prefix(_) | Tamper::KeepFirst(_) | Tamper::KeepLast(_));
                assert!(spoilt != token || may_be_same, "{how:?} {token}");
            }
        }
    }

    #[test]
    fn the_same_class_and_seed_give_the_same_text_and_other_seeds_others() {
        let text = |seed| Text::Made { length: 0, alphabet: Alphabet::Own, whole: true, seed }.render(TOKENS[0], None);
        assert_eq!(text(4), text(4));
        let all: HashSet<String> = (0..50).map(text).collect();
        assert_eq!(all.len(), 50);
        assert!(all.iter().all(|one| one.len() == TOKENS[0].len() && one.contains('.')));
    }

    #[test]
    fn every_class_gives_texts_of_the_length_that_was_asked_for() {
        for alphabet in Alphabet::ALL {
            for length in [1_u32, 255, 4096] {
                for whole in [true, false] {
                    let text = Text::Made { length, alphabet, whole, seed: 9 }.render("abc", None);
                    let count = text.chars().count();
                    assert!(count >= length as usize && count < length as usize + 24, "{alphabet:?} {length} {count}");
                }
            }
        }
    }

    #[test]
    fn a_lone_surrogate_is_written_as_its_escape() {
        assert_eq!(json_text(&format!("a{SURROGATE}")), "\"a\\ud800\"");
    }
}
