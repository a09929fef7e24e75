//! The flags that describe a target. Made from the list of keys, so that whatever the file can say a flag can say.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use super::{
    ConfigError,
    document::Layer,
    keys::{self, DIALECT, KEYS, Key, SHORT_LIFETIMES},
    nearest::advice,
    setting::{Origin, Raw, Setting},
    unreadable::Unreadable,
};

/// What flags say about the target. Flatten it into a command's arguments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overrides {
    /// Flags, without dashes, with their values, in the order of the list of keys.
    given: Vec<(&'static str, String)>,
}

impl Overrides {
    /// Whether the base URL is given, so that the flags describe a target of their own.
    pub(super) fn has_base_url(&self) -> bool {
        self.given.iter().any(|(flag, _)| *flag == "base-url")
    }

    /// A flag that was given, with its dashes.
    pub(super) fn any(&self) -> Option<String> {
        self.given.first().map(|(flag, _)| format!("--{flag}"))
    }

    /// The settings that the flags make.
    pub(super) fn layer(&self) -> Result<Layer, ConfigError> {
        let mut layer = Layer::new();
        for (flag, value) in &self.given {
            let origin = Origin::Flag(format!("--{flag}"));
            match *flag {
                DIALECT => insert(&mut layer, dialect_key(value)?, dialect_value(value), &origin),
                SHORT_LIFETIMES => short_lifetimes(&mut layer, value, &origin)?,
                _ => KEYS
                    .iter()
                    .filter(|key| key.flag == *flag)
                    .for_each(|key| insert(&mut layer, key.path, value, &origin)),
            }
        }
        Ok(layer)
    }
}

impl Args for Overrides {
    fn augment_args(command: Command) -> Command {
        flags().fold(command, |command, key| command.arg(arg(key)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Overrides {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let values = |key: &Key| matches.get_many::<String>(key.flag).into_iter().flatten().cloned();
        Ok(Self { given: flags().flat_map(|key| values(key).map(|value| (key.flag, value))).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Splits the three lifetimes into their settings.
pub(super) fn short_lifetimes(layer: &mut Layer, given: &str, origin: &Origin) -> Result<(), ConfigError> {
    let times: Vec<_> = given.split(',').map(str::trim).collect();
    let [access, refresh, ott] = times[..] else {
        let problem = Unreadable::Lifetimes(given.to_owned());
        return Err(ConfigError::Value { origin: origin.clone(), key: "short_lifetimes".to_owned(), problem });
    };
    insert(layer, "short_lifetimes.access", access, origin);
    insert(layer, "short_lifetimes.refresh", refresh, origin);
    insert(layer, "short_lifetimes.ott", ott, origin);
    Ok(())
}

/// A setting from outside the file.
pub(super) fn insert(layer: &mut Layer, path: &'static str, value: &str, origin: &Origin) {
    layer.insert(path, Setting { raw: Raw::Outside(value.to_owned()), origin: origin.clone() });
}

fn flags() -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(|key| !key.flag.is_empty())
}

fn arg(key: &'static Key) -> Arg {
    let help = format!(
        "{} [env: {}]",
        key.help,
        if key.flag == DIALECT { keys::variable("dialect.*") } else { key.variable() }
    );
    let arg = Arg::new(key.flag).long(key.flag).value_name(key.value).help(help).help_heading("Target");
    if key.is_switch() {
        arg.num_args(0..=1).require_equals(true).default_missing_value("true")
    } else if key.flag == DIALECT {
        arg.action(ArgAction::Append)
    } else {
        arg
    }
}

fn dialect_key(given: &str) -> Result<&'static str, ConfigError> {
    let name = given.split_once('=').map_or(given, |(name, _)| name);
    let known = || KEYS.iter().filter_map(|key| key.path.strip_prefix("dialect."));
    let key = KEYS.iter().find(|key| key.path.strip_prefix("dialect.") == Some(name));
    key.filter(|_| given.contains('='))
        .map(|key| key.path)
        .ok_or_else(|| ConfigError::Dialect { given: given.to_owned(), advice: advice(name, known()) })
}

fn dialect_value(given: &str) -> &str {
    given.split_once('=').map_or("", |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        overrides: Overrides,
    }

    fn layer(args: &[&str]) -> Result<Layer, String> {
        let cli = Cli::try_parse_from([&["test"], args].concat()).map_err(|error| error.to_string())?;
        cli.overrides.layer().map_err(|error| error.to_string())
    }

    fn given(args: &[&str], path: &str) -> Option<String> {
        match &layer(args).expect("good flags").get(path)?.raw {
            Raw::Outside(text) => Some(text.clone()),
            other => panic!("a flag is text, and not {other:?}"),
        }
    }

    #[test]
    fn every_key_can_be_given_as_a_flag() {
        for key in KEYS {
            let typed = key.typed();
            let (flag, value) = typed.split_once(' ').expect("a flag and its value");
            let arg = if key.is_switch() { flag.to_owned() } else { format!("{flag}={}", value.replace('…', "x")) };
            assert!(layer(&[&arg]).expect("good flags").contains_key(key.path), "{arg} sets {}", key.path);
        }
    }

    #[test]
    fn a_switch_needs_no_value_but_takes_one() {
        assert_eq!(given(&["--insecure-tls"], "insecure_tls").as_deref(), Some("true"));
        assert_eq!(given(&["--insecure-tls=false"], "insecure_tls").as_deref(), Some("false"));
    }

    #[test]
    fn dialect_is_given_key_by_key() {
        let args = ["--dialect", "access_token=/a=b", "--dialect", "refresh_header=X-Refresh"];
        assert_eq!(given(&args, "dialect.access_token").as_deref(), Some("/a=b"));
        assert_eq!(given(&args, "dialect.refresh_header").as_deref(), Some("X-Refresh"));
        assert_eq!(
            layer(&["--dialect", "acess_token=/a"]).err().as_deref(),
            Some("--dialect acess_token=/a: wants KEY=VALUE; did you mean `access_token`?")
        );
    }

    #[test]
    fn three_lifetimes_share_a_flag() {
        assert_eq!(given(&["--short-lifetimes", "4s,8s,5s"], "short_lifetimes.ott").as_deref(), Some("5s"));
        assert_eq!(
            layer(&["--short-lifetimes", "4s"]).err().as_deref(),
            Some(
                "--short-lifetimes: `short_lifetimes` wants the lifetimes of access, refresh and one-time tokens, like \
                 4s,8s,4s, and this is `4s`"
            )
        );
    }
}
