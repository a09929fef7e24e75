//! Deviations, dealt from decks: for every call each field, place, method and class of input once before any of them again, in an order that
//! the seed decides.

use std::collections::{HashMap, HashSet};

use super::{
    extra::Extra,
    forgery::Forgery,
    input::{Alphabet, BadBody, Odd, Position, Tamper, Text},
    model::Model,
    operation::{
        BadValue, Call, Content, Deviation, Field, Id, Kind, Operation, PathSpelling, Place, Scheme, Spelling, Trusted,
    },
    random::Random,
    succession::Successions,
};

/// A deck for each call, one of events, and what has been met.
#[derive(Default)]
pub(crate) struct Decks {
    calls: HashMap<Call, Vec<Card>>,
    events: Vec<usize>,
    races: Vec<usize>,
    /// The pairs of calls that are still to meet.
    meetings: Option<Vec<(usize, usize)>>,
    has_dealt_numbers: bool,
    pub(super) successions: Successions,
    /// The request that a tour has planned last.
    pub(super) toured: Option<Operation>,
}

/// A deviation, or one that needs a token that is there when it is dealt.
#[derive(Clone, Copy)]
enum Card {
    Fixed(Deviation),
    OtherKind(Kind),
}

impl Decks {
    /// The next deviation of a call.
    pub(crate) fn deal(&mut self, call: Call, model: &Model, random: &mut Random) -> Deviation {
        let deck = self.calls.entry(call).or_default();
        if deck.is_empty() {
            *deck = shuffled(call, random);
        }
        let dealt = match deck.pop() {
            Some(Card::Fixed(deviation)) => Some(deviation),
            Some(Card::OtherKind(kind)) => other_kind(kind, model, random),
            None => None,
        };
        dealt.unwrap_or(Deviation::Absent(Field::Token))
    }

    /// The next of so many events.
    pub(crate) fn deal_event(&mut self, count: usize, random: &mut Random) -> usize {
        next(&mut self.events, count, random)
    }

    /// The next two of so many calls that are to meet; `None` when all have.
    pub(crate) fn deal_meeting(&mut self, count: usize, random: &mut Random) -> Option<(usize, usize)> {
        let deck = self.meetings.get_or_insert_with(|| {
            let mut all: Vec<(usize, usize)> =
                (0..count).flat_map(|one| (one..count).map(move |other| (one, other))).collect();
            random.shuffle(&mut all);
            all
        });
        deck.pop()
    }

    /// Whether many equal requests are still to come; they are dealt once.
    pub(crate) fn deal_numbers(&mut self) -> bool {
        !std::mem::replace(&mut self.has_dealt_numbers, true)
    }

    /// Whether many equal requests are still to come.
    pub(crate) fn has_numbers(&self) -> bool {
        !self.has_dealt_numbers
    }

    /// Whether calls are still to meet.
    pub(crate) fn has_meetings(&self) -> bool {
        self.meetings.as_ref().is_none_or(|deck| !deck.is_empty())
    }

    /// The next of so many kinds of races.
    pub(crate) fn deal_race(&mut self, count: usize, random: &mut Random) -> usize {
        next(&mut self.races, count, random)
    }
}

/// The next of a deck of numbers, which is shuffled anew when it is used up.
fn next(deck: &mut Vec<usize>, count: usize, random: &mut Random) -> usize {
    if deck.is_empty() {
        *deck = (0..count).collect();
        random.shuffle(deck);
    }
    deck.pop().unwrap_or_default()
}

fn shuffled(call: Call, random: &mut Random) -> Vec<Card> {
    let mut deck: Vec<Card> = match call {
        Call::Login => fixed(login(random)),
        Call::Use => with_kinds(access(random), [Kind::Refresh, Kind::OneTime]),
        Call::Refresh => with_kinds(refresh(random), [Kind::Access, Kind::OneTime]),
        Call::Verify => with_kinds(verification(random), [Kind::Access, Kind::Refresh]),
        Call::Change => with_kinds(change(random), [Kind::Refresh, Kind::OneTime]),
        Call::Nowhere => fixed(nowhere()),
        Call::ReadSettings => Vec::new(),
    };
    random.shuffle(&mut deck);
    by_family(deck)
}

/// One card of each family first, as cards are dealt from the end: a short walk meets many families, not one of them often.
fn by_family(deck: Vec<Card>) -> Vec<Card> {
    let mut met: HashMap<String, usize> = HashMap::new();
    let mut ranked: Vec<(usize, Card)> = deck
        .into_iter()
        .map(|card| {
            let rank = met.entry(card.family()).or_default();
            *rank += 1;
            (if card.is_one_of_a_kind() { 0 } else { *rank }, card)
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    ranked.into_iter().map(|(_, card)| card).collect()
}

impl Card {
    /// Whether nothing else on the deck resembles it, so that it goes first.
    fn is_one_of_a_kind(self) -> bool {
        let Self::Fixed(deviation) = self else { return true };
        let is_forged = matches!(deviation, Deviation::Text(_, Text::Forged(_)));
        is_forged || !matches!(deviation, Deviation::Text(..) | Deviation::Absent(_))
    }

    /// What cards have in common that try the same idea.
    fn family(self) -> String {
        let Self::Fixed(deviation) = self else { return "other kind".to_owned() };
        let name = |text: String| text.split(['(', ' ']).next().unwrap_or_default().to_owned();
        match deviation {
            Deviation::Text(field, Text::Made { length: 0, alphabet, .. }) => format!("{field:?} {alphabet:?}"),
            Deviation::Text(field, Text::Made { length, alphabet: Alphabet::Own, .. }) => format!("{field:?} {length}"),
            Deviation::Text(field, Text::Made { alphabet, .. }) => format!("{field:?} all {alphabet:?}"),
            Deviation::Text(field, Text::Spoilt { how, .. }) => match how {
                Tamper::Behind(class)
                | Tamper::Before(class)
                | Tamper::Insert(_, class)
                | Tamper::Replace(_, class)
                | Tamper::PrefixThen(_, class) => format!("{field:?} {} {class:?}", name(format!("{how:?}"))),
                Tamper::Swap(Position::Anywhere(_)) => format!("{field:?} anywhere"),
                Tamper::Swap(at) => format!("{field:?} swap {at:?}"),
                _ => format!("{field:?} {}", name(format!("{how:?}"))),
            },
            other => format!("{other:?}"),
        }
    }
}

fn nowhere() -> Vec<Deviation> {
    let mut all: Vec<Deviation> = PathSpelling::ALL
        .into_iter()
        .filter(|spelling| !matches!(spelling, PathSpelling::BelowOpen | PathSpelling::BelowOpenEncoded))
        .map(Deviation::Path)
        .collect();
    all.extend(["POST", "PUT", "DELETE", "PATCH"].map(Deviation::Method));
    all.extend(Extra::ALL.map(Deviation::Beside));
    all
}

/// What every call is tried with.
fn around() -> impl Iterator<Item = Deviation> {
    Extra::ALL.map(Deviation::Beside).into_iter().chain([Deviation::Below])
}

fn forgeries() -> impl Iterator<Item = Deviation> {
    Forgery::ALL.map(|forgery| Deviation::Text(Field::Token, Text::Forged(forgery))).into_iter()
}

fn fixed(all: Vec<Deviation>) -> Vec<Card> {
    all.into_iter().map(Card::Fixed).collect()
}

fn with_kinds(all: Vec<Deviation>, kinds: [Kind; 2]) -> Vec<Card> {
    // Twice, for a token of another kind is what a client mistakes most.
    fixed(all).into_iter().chain(kinds.into_iter().chain(kinds).map(Card::OtherKind)).collect()
}

/// A right token of another kind than the call is about.
fn other_kind(kind: Kind, model: &Model, random: &mut Random) -> Option<Deviation> {
    let ids: Vec<Id> = match kind {
        Kind::OneTime => model.one_times.iter().rev().take(3).map(|one| one.id).collect(),
        _ => model.pairs.iter().rev().take(3).map(|pair| pair.id).collect(),
    };
    Some(Deviation::OtherKind(random.pick(&ids)?, kind))
}

fn login(random: &mut Random) -> Vec<Deviation> {
    let mut all = Vec::new();
    for field in [Field::Login, Field::Password] {
        all.extend(texts(field, true, random).into_iter().filter(|it| is_telling(*it)));
        all.extend(Odd::ALL.map(|odd| Deviation::Json(field, odd)));
        all.push(Deviation::Absent(field));
    }
    all.extend([Deviation::Text(Field::Password, Text::Others); 2]);
    all.extend(BadBody::ALL.map(Deviation::Body));
    all.extend(["GET", "PUT", "DELETE", "PATCH"].map(Deviation::Method));
    all.extend(
        [
            Place::Query("login"),
            Place::QueryBeside,
            Place::QueryOfGet,
            Place::NamedPost,
            Place::Header("login"),
            Place::Basic,
            Place::Form,
        ]
        .map(Deviation::Place),
    );
    all.extend(around());
    all.extend(Content::ALL.map(Deviation::Content));
    all.extend(spellings(Call::Login));
    all.push(Deviation::Browser);
    all
}

/// Whether a login or a password, which has no parts and is compared as a whole, may be taken for the right one so spoilt.
fn is_telling(deviation: Deviation) -> bool {
    let Deviation::Text(field, Text::Spoilt { how, .. }) = deviation else { return true };
    match how {
        Tamper::WithoutPart(_) | Tamper::PartOfOther(_) | Tamper::EmptyLast | Tamper::OneMorePart => false,
        Tamper::Swap(at) => matches!(at, Position::First | Position::At(7 | 8 | 16) | Position::Last),
        Tamper::KeepFirst(_) | Tamper::KeepLast(_) | Tamper::KeepEnds(_) | Tamper::Prefix(_) => {
            field == Field::Password
        }
        Tamper::Padded | Tamper::Ungrouped | Tamper::Neighbour | Tamper::Listed(_) | Tamper::DigitLookalike => false,
        // Some servers prepare names and passwords, so that wide letters are plain ones.
        Tamper::Wide(_) => false,
        _ => true,
    }
}

/// Each word that programs send for nothing.
fn placeholders() -> Vec<Deviation> {
    let word = |number| Text::Made { length: 1, alphabet: Alphabet::Word(number), whole: true, seed: 0 };
    (0..super::input::WORDS.len() as u8).map(|number| Deviation::Text(Field::Token, word(number))).collect()
}

fn access(random: &mut Random) -> Vec<Deviation> {
    let mut all = texts(Field::Token, false, random);
    all.extend(placeholders());
    let schemes = [
        Scheme::Bare,
        Scheme::Lower,
        Scheme::Basic,
        Scheme::Token,
        Scheme::Digest,
        Scheme::Glued,
        Scheme::Twice,
        Scheme::WithMore,
        Scheme::Empty,
        Scheme::OnlyName,
        Scheme::Login,
        Scheme::Comma,
        Scheme::AfterOther,
    ];
    all.extend(schemes.map(Deviation::Scheme));
    all.extend(PathSpelling::ALL.map(Deviation::Path));
    let places = [Place::Query("access_token"), Place::Query("token"), Place::Cookie, Place::Header("token")];
    all.extend(places.map(Deviation::Place));
    all.extend(["POST", "PUT", "PATCH", "DELETE"].map(Deviation::Unguarded));
    all.extend(around().chain(forgeries()));
    all.extend(Trusted::ALL.map(Deviation::Trusted));
    all.extend(spellings(Call::Use));
    all.extend([Deviation::Absent(Field::Token); 4]);
    all.push(Deviation::Browser);
    all
}

fn refresh(random: &mut Random) -> Vec<Deviation> {
    let mut all = texts(Field::Token, false, random);
    all.extend(placeholders());
    all.extend(["POST", "PUT", "DELETE", "PATCH"].map(Deviation::Method));
    all.extend([Deviation::Absent(Field::Token); 3]);
    all.extend([Place::Query("token"), Place::Body].map(Deviation::Place));
    all.extend(around().chain(forgeries()));
    all.extend(spellings(Call::Refresh));
    all.push(Deviation::Browser);
    all
}

fn verification(random: &mut Random) -> Vec<Deviation> {
    let mut all = texts(Field::Token, true, random);
    all.extend(placeholders());
    all.extend(Odd::ALL.map(|odd| Deviation::Json(Field::Token, odd)));
    all.extend(BadBody::ALL.map(Deviation::Body));
    all.extend(["GET", "PUT", "DELETE", "PATCH"].map(Deviation::Method));
    let places = [Place::Query("token"), Place::QueryOfGet, Place::NamedPost, Place::Header("token"), Place::Cookie];
    all.extend(places.map(Deviation::Place));
    all.extend([Deviation::Absent(Field::Token), Deviation::Browser]);
    all.extend(around().chain(forgeries()));
    all.extend(Content::ALL.map(Deviation::Content));
    all.extend(spellings(Call::Verify));
    all
}

fn change(random: &mut Random) -> Vec<Deviation> {
    let mut all: Vec<Deviation> = BadValue::ALL.into_iter().chain(BadValue::ALL).map(Deviation::Value).collect();
    let mut tokens = texts(Field::Token, false, random);
    random.shuffle(&mut tokens);
    all.extend(tokens.into_iter().take(40));
    all.extend(BadBody::ALL.map(Deviation::Body));
    let odd = Odd::ALL.into_iter().filter(|odd| !matches!(odd, Odd::Null | Odd::Number | Odd::Huge | Odd::Fraction));
    all.extend(odd.map(|odd| Deviation::Json(Field::Value, odd)));
    let mut values: Vec<Text> = made(true, random);
    random.shuffle(&mut values);
    all.extend(values.into_iter().take(25).map(|text| Deviation::Text(Field::Value, text)));
    all.extend([Deviation::Absent(Field::Token); 3]);
    all.extend(PathSpelling::ALL.into_iter().filter(|it| *it != PathSpelling::Head).map(Deviation::Path));
    all.extend(["POST", "PUT"].map(Deviation::Unguarded));
    let places = [Place::Query("access_token"), Place::Query("token"), Place::Cookie, Place::Header("token")];
    all.extend(places.map(Deviation::Place));
    all.extend([Scheme::Bare, Scheme::Basic, Scheme::Token, Scheme::Digest, Scheme::Glued].map(Deviation::Scheme));
    all.extend(Content::ALL.map(Deviation::Content));
    all.extend(Extra::ALL.map(Deviation::Beside));
    all.extend(forgeries());
    all.extend([Deviation::HalfBad; 2]);
    all
}

/// Every class of text in place of a right one; `any` character where JSON carries it, what headers can carry where not.
fn texts(field: Field, any: bool, random: &mut Random) -> Vec<Deviation> {
    let mut all: Vec<Deviation> = Vec::new();
    for how in spoilt(any, random) {
        all.push(Deviation::Text(field, Text::Spoilt { how, seed: random.bits() }));
    }
    all.extend(made(any, random).into_iter().map(|text| Deviation::Text(field, text)));
    all
}

fn alphabets(any: bool) -> Vec<Alphabet> {
    const HEADER: [Alphabet; 18] = [
        Alphabet::Wildcard,
        Alphabet::Filter,
        Alphabet::SqlComment,
        Alphabet::Latin,
        Alphabet::Own,
        Alphabet::Letters,
        Alphabet::Digits,
        Alphabet::Punctuation,
        Alphabet::SingleQuote,
        Alphabet::DoubleQuote,
        Alphabet::Backslash,
        Alphabet::Sql,
        Alphabet::Markup,
        Alphabet::Format,
        Alphabet::Template,
        Alphabet::Dots,
        Alphabet::Words,
        Alphabet::Percent,
    ];
    if any { Alphabet::ALL.to_vec() } else { HEADER.to_vec() }
}

/// The longest text that a header is tried with.
const LONGEST_HEADER: u32 = 4096;

fn made(any: bool, random: &mut Random) -> Vec<Text> {
    let mut all = Vec::new();
    let mut add = |length: u32, alphabet, whole, random: &mut Random| {
        let length = if any { length } else { length.min(LONGEST_HEADER) };
        all.push(Text::Made { length, alphabet, whole, seed: random.bits() });
    };
    for _ in 0..3 {
        add(0, Alphabet::Own, true, random);
    }
    for length in [1, 2, 8, 33, 255, 256, 257, 1000, 1024, 4096, 10_000, 65_536] {
        add(length, Alphabet::Own, true, random);
    }
    for alphabet in alphabets(any) {
        add(0, alphabet, false, random);
        let length = random.one_of([1, 2, 16, 64, 255, 256, 257, 1000, 4096]);
        add(length, alphabet, true, random);
    }
    all
}

fn spoilt(any: bool, random: &mut Random) -> Vec<Tamper> {
    let mut all: Vec<Tamper> = Position::FIXED.map(Tamper::Swap).to_vec();
    all.extend((0..10).map(|_| Tamper::Swap(Position::Anywhere(random.below(4000) as u16))));
    all.extend([Position::First, Position::Middle, Position::Last].map(Tamper::CaseAt));
    all.extend([Tamper::CaseAll, Tamper::UpperAll, Tamper::LowerAll, Tamper::Half, Tamper::CutLast, Tamper::CutFirst]);
    all.extend([Position::First, Position::Middle, Position::LastButOne].map(Tamper::Drop));
    all.extend([Tamper::Double(Position::Middle), Tamper::EndHalf, Tamper::Twice, Tamper::Reversed, Tamper::Quoted]);
    all.extend([8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 72, 100].map(Tamper::KeepFirst));
    all.extend([8, 12, 16, 24, 32, 43].map(Tamper::KeepLast));
    all.extend([8, 16].map(Tamper::KeepEnds));
    all.extend([Tamper::Padded, Tamper::Ungrouped, Tamper::Neighbour, Tamper::DigitLookalike]);
    all.extend([true, false].map(Tamper::Listed));
    all.push(Tamper::Insert(Position::Middle, Alphabet::Blank));
    all.extend([1, 8, 16, 20, 32, 40].map(Tamper::Prefix));
    all.extend([0, 1].map(Tamper::WithoutPart));
    all.extend([0, 1, 2].map(Tamper::PartOfOther));
    all.extend([Tamper::EmptyLast, Tamper::OneMorePart, Tamper::Exchange(Position::Middle)]);
    all.extend([Position::First, Position::Middle].map(Tamper::PercentAt));
    all.extend(alphabets(any).into_iter().map(Tamper::Behind));
    all.extend([Alphabet::Own, Alphabet::SingleQuote, Alphabet::Percent, Alphabet::Dots].map(Tamper::Before));
    all.push(Tamper::Insert(Position::Middle, Alphabet::Own));
    all.extend([64, 72, 73, 128, 256, 257, 1024, 4096].map(|length| Tamper::Extend(length, Alphabet::Own)));
    let inside = [Alphabet::Punctuation, Alphabet::Markup, Alphabet::Backslash, Alphabet::Wildcard];
    all.extend(inside.map(|alphabet| Tamper::Insert(Position::Middle, alphabet)));
    let one = [Position::Second, Position::Middle, Position::Last];
    all.extend(one.map(|at| Tamper::Replace(at, Alphabet::Wildcard)));
    all.push(Tamper::PrefixThen(8, Alphabet::Wildcard));
    all.extend([Position::First, Position::Middle].map(Tamper::EntityAt));
    all.extend([Alphabet::SqlComment, Alphabet::Filter].map(Tamper::Behind));
    let mut seen: HashSet<Tamper> = HashSet::new();
    all.retain(|how| matches!(how, Tamper::Swap(_)) || seen.insert(*how));
    if any {
        use Alphabet::{Blank, ByteOrderMark, Combining, Control, Emoji, LineBreak, NoBreakBlank, Nul, Tab, ZeroWidth};
        all.extend([Blank, Tab, LineBreak, NoBreakBlank, Nul, ZeroWidth, ByteOrderMark].map(Tamper::Before));
        let inside = [Blank, Nul, ZeroWidth, Combining, Control, LineBreak, Emoji];
        all.extend(inside.map(|alphabet| Tamper::Insert(Position::Middle, alphabet)));
        all.extend([Position::First, Position::Middle].map(Tamper::Lookalike));
        all.extend([Position::First, Position::Last].map(Tamper::LowByte));
        all.push(Tamper::Wide(Position::Middle));
        all.extend([10_000, 65_536].map(|length| Tamper::Extend(length, Alphabet::Own)));
        all.push(Tamper::Extend(256, Blank));
    }
    all
}

/// Another way to write a right request of this call.
pub(crate) fn spelling(call: Call, random: &mut Random) -> Spelling {
    match call {
        Call::Login | Call::Verify => random.one_of(OF_BODIES),
        _ => random.one_of(OF_HEADERS),
    }
}

const OF_BODIES: [Spelling; 9] = [
    Spelling::JsonSpaced,
    Spelling::JsonReversed,
    Spelling::JsonEscaped,
    Spelling::Charset,
    Spelling::MediaTypeCase,
    Spelling::AcceptList,
    Spelling::Forwarded,
    Spelling::MoreHeaders,
    Spelling::Cookie,
];

const OF_HEADERS: [Spelling; 7] = [
    Spelling::HeaderLower,
    Spelling::HeaderUpper,
    Spelling::HeaderMixed,
    Spelling::AcceptList,
    Spelling::Forwarded,
    Spelling::MoreHeaders,
    Spelling::Cookie,
];

/// Every other way to write a right request of this call, those included that a server may refuse.
fn spellings(call: Call) -> Vec<Deviation> {
    let all = match call {
        Call::Login | Call::Verify => [OF_BODIES.as_slice(), &[Spelling::MoreMembers, Spelling::OtherMembers]].concat(),
        _ => OF_HEADERS.to_vec(),
    };
    all.into_iter().map(Deviation::Spelled).collect()
}
