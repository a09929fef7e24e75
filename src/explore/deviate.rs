//! Chooses deviations: of every call each field, place, method and class of input, the least tried first.

use super::{
    coverage::Coverage,
    input::{Alphabet, BadBody, LENGTHS, Odd, Position, Tamper, Text},
    model::Model,
    operation::{Act, BadValue, Call, Deviation, Field, Id, Kind, PathSpelling, Place, Scheme, Spelling},
    random::Random,
};

/// How many deviations are looked at for one that has been tried less than the others.
const CANDIDATES: usize = 6;

/// A deviation of this right act, one that has been tried little so far.
pub(crate) fn choose(act: Act, model: &Model, coverage: &Coverage, random: &mut Random) -> Deviation {
    let candidates: Vec<Deviation> = (0..CANDIDATES).map(|_| any(act.call, model, random)).collect();
    let tried = |deviation: &Deviation| coverage.inputs(&act.with(*deviation).class());
    candidates.into_iter().min_by_key(tried).unwrap_or(Deviation::None)
}

/// Any deviation that this call can have.
pub(crate) fn any(call: Call, model: &Model, random: &mut Random) -> Deviation {
    let share = random.below(100);
    match call {
        Call::Login => login(share, random),
        Call::Use => access(share, model, random),
        Call::Refresh => refresh(share, model, random),
        Call::Verify => verification(share, model, random),
        Call::Change => change(share, model, random),
        Call::ReadSettings | Call::Nowhere => Deviation::None,
    }
}

fn login(share: usize, random: &mut Random) -> Deviation {
    match share {
        0..33 => Deviation::Text(Field::Login, text(random, true)),
        33..66 => Deviation::Text(Field::Password, text(random, true)),
        66..70 => Deviation::Text(Field::Password, Text::Others),
        70..80 => Deviation::Json(random.one_of([Field::Login, Field::Password]), random.one_of(Odd::ALL)),
        80..83 => Deviation::Absent(random.one_of([Field::Login, Field::Password])),
        83..93 => Deviation::Body(random.one_of(BadBody::ALL)),
        93..96 => Deviation::Method(random.one_of(["GET", "PUT", "DELETE", "PATCH"])),
        _ => {
            Deviation::Place(random.one_of([Place::Query("login"), Place::Header("login"), Place::Basic, Place::Form]))
        }
    }
}

fn access(share: usize, model: &Model, random: &mut Random) -> Deviation {
    match share {
        0..55 => Deviation::Text(Field::Token, text(random, false)),
        55..65 => Deviation::Scheme(random.one_of([
            Scheme::Bare,
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
            Scheme::Lower,
        ])),
        65..70 => Deviation::Absent(Field::Token),
        70..83 => Deviation::Path(random.one_of(PathSpelling::ALL)),
        83..88 => Deviation::Place(random.one_of([
            Place::Query("access_token"),
            Place::Query("token"),
            Place::Cookie,
            Place::Header("token"),
        ])),
        _ => foreign(&[Kind::Refresh, Kind::OneTime], model, random).unwrap_or(Deviation::Absent(Field::Token)),
    }
}

fn refresh(share: usize, model: &Model, random: &mut Random) -> Deviation {
    match share {
        0..75 => Deviation::Text(Field::Token, text(random, false)),
        75..80 => Deviation::Absent(Field::Token),
        80..90 => foreign(&[Kind::Access, Kind::OneTime], model, random).unwrap_or(Deviation::Absent(Field::Token)),
        90..96 => Deviation::Method(random.one_of(["POST", "PUT", "DELETE", "PATCH"])),
        96..98 => Deviation::Place(Place::Body),
        _ => Deviation::Place(Place::Query("token")),
    }
}

fn verification(share: usize, model: &Model, random: &mut Random) -> Deviation {
    match share {
        0..60 => Deviation::Text(Field::Token, text(random, true)),
        60..68 => Deviation::Json(Field::Token, random.one_of(Odd::ALL)),
        68..70 => Deviation::Absent(Field::Token),
        70..82 => Deviation::Body(random.one_of(BadBody::ALL)),
        82..87 => Deviation::Method(random.one_of(["GET", "PUT", "DELETE", "PATCH"])),
        87..94 => Deviation::Place(random.one_of([Place::Query("token"), Place::Header("token"), Place::Cookie])),
        _ => foreign(&[Kind::Access, Kind::Refresh], model, random).unwrap_or(Deviation::Absent(Field::Token)),
    }
}

fn change(share: usize, model: &Model, random: &mut Random) -> Deviation {
    match share {
        0..40 => Deviation::Value(random.one_of(BadValue::ALL)),
        40..58 => Deviation::Text(Field::Token, text(random, false)),
        58..63 => Deviation::Absent(Field::Token),
        63..80 => Deviation::Body(random.one_of(BadBody::ALL)),
        80..85 => foreign(&[Kind::Refresh, Kind::OneTime], model, random).unwrap_or(Deviation::Absent(Field::Token)),
        85..93 => Deviation::Text(Field::Value, made(random, true)),
        _ => Deviation::Json(
            Field::Value,
            random.one_of([
                Odd::Zero,
                Odd::True,
                Odd::EmptyText,
                Odd::EmptyList,
                Odd::Listed,
                Odd::EmptyObject,
                Odd::Wrapped,
                Odd::Matches,
                Odd::Deep,
            ]),
        ),
    }
}

/// A right token of another kind than the call is about.
fn foreign(kinds: &[Kind], model: &Model, random: &mut Random) -> Option<Deviation> {
    let kind = random.pick(kinds)?;
    let ids: Vec<Id> = match kind {
        Kind::OneTime => model.one_times.iter().rev().take(3).map(|one| one.id).collect(),
        _ => model.pairs.iter().rev().take(3).map(|pair| pair.id).collect(),
    };
    Some(Deviation::OtherKind(random.pick(&ids)?, kind))
}

/// A text in place of a right one; `any` character where JSON carries it, what headers can carry where not.
fn text(random: &mut Random, any: bool) -> Text {
    if random.percent(68) { Text::Spoilt { how: spoilt(random, any), seed: random.bits() } } else { made(random, any) }
}

fn made(random: &mut Random, any: bool) -> Text {
    let alphabet = alphabet(random, any);
    let alphabet = if random.percent(25) { Alphabet::Own } else { alphabet };
    let length = if random.percent(35) { 0 } else { random.one_of(LENGTHS) };
    let length = if any { length } else { length.min(4096) };
    Text::Made { length, alphabet, whole: random.percent(50), seed: random.bits() }
}

fn spoilt(random: &mut Random, any: bool) -> Tamper {
    let fixed = random.one_of(Position::FIXED);
    let position = if random.percent(25) { Position::Anywhere(random.below(4000) as u16) } else { fixed };
    match random.below(20) {
        0..5 => Tamper::Swap(position),
        5 => Tamper::Drop(position),
        6 => Tamper::Double(position),
        7 => Tamper::CaseAt(position),
        8 => random.one_of([Tamper::CaseAll, Tamper::UpperAll, Tamper::LowerAll]),
        9 => Tamper::Insert(position, alphabet(random, any)),
        10 | 11 => Tamper::Behind(alphabet(random, any)),
        12 => Tamper::Before(alphabet(random, any)),
        13 => Tamper::KeepFirst(random.one_of([4, 8, 12, 16, 20, 24, 32, 40, 48, 64, 72, 128])),
        14 => Tamper::KeepLast(random.one_of([4, 8, 12, 16, 24, 32, 43, 64])),
        15 => Tamper::Prefix(random.one_of([1, 4, 8, 12, 16, 20, 32, 40, 64])),
        16 => {
            let length = random.one_of([32, 64, 72, 73, 128, 255, 256, 257, 1024, 4096, 10_000, 65_536]);
            Tamper::Extend(
                if any { length } else { length.min(4096) },
                random.one_of([Alphabet::Own, Alphabet::Blank, Alphabet::Digits]),
            )
        }
        17 => random.one_of([
            Tamper::PartOfOther(0),
            Tamper::PartOfOther(1),
            Tamper::WithoutPart(0),
            Tamper::WithoutPart(1),
            Tamper::EmptyLast,
            Tamper::OneMorePart,
        ]),
        18 => random.one_of([
            Tamper::Half,
            Tamper::CutLast,
            Tamper::CutFirst,
            Tamper::EndHalf,
            Tamper::Twice,
            Tamper::Reversed,
            Tamper::Quoted,
        ]),
        _ => {
            let exchange = Tamper::Exchange(position);
            if any {
                random.one_of([Tamper::Lookalike(position), Tamper::PercentAt(position), exchange])
            } else {
                random.one_of([Tamper::PercentAt(position), exchange])
            }
        }
    }
}

fn alphabet(random: &mut Random, any: bool) -> Alphabet {
    const HEADER: [Alphabet; 14] = [
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
    if any { random.one_of(Alphabet::ALL) } else { random.one_of(HEADER) }
}

/// Another way to write a right request of this call.
pub(crate) fn spelling(call: Call, random: &mut Random) -> Spelling {
    let body = [
        Spelling::JsonSpaced,
        Spelling::JsonReversed,
        Spelling::JsonEscaped,
        Spelling::Charset,
        Spelling::MoreHeaders,
        Spelling::Cookie,
    ];
    let header =
        [Spelling::HeaderLower, Spelling::HeaderUpper, Spelling::HeaderMixed, Spelling::MoreHeaders, Spelling::Cookie];
    match call {
        Call::Login | Call::Verify => random.one_of(body),
        _ => random.one_of(header),
    }
}
