//! The two layers above the file: environment variables and the flags that describe a target. Both follow from the table of
//! keys. Nothing else of the configuration reads variables.

use std::{collections::BTreeMap, env};

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use super::{
    document::Layer,
    error::ConfigError,
    keys::{self, DIALECT, Key, PREFIX, SHORT_LIFETIMES, TARGET, TOP},
    value::{Setting, ValueError, ValueOrigin},
};
use crate::did_you_mean::{did_you_mean, suggestion};

/// Variables that hold a password themselves, with the key that they stand for.
const PASSWORDS: [(&str, &str); 2] =
    [("BO_CONFORMANCE_PASSWORD", "password.env"), ("BO_CONFORMANCE_SECOND_PASSWORD", "second_user.password.env")];

/// Variables that no key of the file has.
pub(super) const TARGET_INDEX: &str = "BO_CONFORMANCE_TARGET_INDEX";
pub(super) const CONFIG: &str = "BO_CONFORMANCE_CONFIG";

/// The environment variables when the program began. Without `Debug`, as passwords are among them.
#[derive(Default)]
pub(super) struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The variables of this process, without those that are not Unicode.
    pub(super) fn from_process() -> Self {
        let variables =
            env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self(variables.collect())
    }

    /// The value of a variable; `None` for an empty one.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The setting that the variable of a key makes.
    pub(super) fn setting(&self, key: &Key) -> Option<Setting> {
        let name = key.variable();
        Some(Setting::untyped(self.get(&name)?, &ValueOrigin::Variable(name)))
    }

    /// The settings of a target that variables make.
    ///
    /// # Errors
    /// When the variable of the lifetimes does not have three.
    pub(super) fn layer(&self) -> Result<Layer, ConfigError> {
        let mut layer = Layer::new();
        for (name, path) in PASSWORDS.into_iter().filter(|(name, _)| self.get(name).is_some()) {
            layer.insert(path, Setting::untyped(name, &ValueOrigin::Variable(name.to_owned())));
        }
        for key in TARGET {
            let Some(setting) = self.setting(key) else { continue };
            if key.flag == SHORT_LIFETIMES {
                layer.append(&mut split_lifetimes(&setting)?);
            } else {
                layer.insert(key.path, setting);
            }
        }
        Ok(layer)
    }

    /// Refuses variables whose names are close to a known one. Others with the prefix may belong to other programs, and
    /// the file may take `passwords` from any.
    pub(super) fn check_names(&self, passwords: &[&str]) -> Result<(), ConfigError> {
        let others = [TARGET_INDEX, CONFIG].into_iter().chain(PASSWORDS.map(|(name, _)| name)).map(ToOwned::to_owned);
        let known: Vec<String> = TARGET.iter().chain(TOP).map(Key::variable).chain(others).collect();
        let suspects = self.0.keys().filter(|name| name.starts_with(PREFIX));
        for name in suspects.filter(|name| !known.contains(name) && !passwords.contains(&name.as_str())) {
            let near = did_you_mean(&name[PREFIX.len()..], known.iter().map(|known| &known[PREFIX.len()..]));
            if let Some(near) = near {
                return Err(ConfigError::UnknownVariable { name: name.clone(), near: keys::variable(near) });
            }
        }
        Ok(())
    }
}

/// The flags that describe a target. Flatten it into a command's arguments.
#[derive(Clone, Debug, Default)]
pub(crate) struct TargetFlags {
    /// Flags, without dashes, with their values, in the order of the keys.
    given: Vec<(&'static str, String)>,
}

impl TargetFlags {
    /// Whether the base URL is given, so that the flags describe a target of their own.
    pub(super) fn has_base_url(&self) -> bool {
        self.given.iter().any(|(flag, _)| *flag == "base-url")
    }

    /// The first flag that is given, with its dashes.
    pub(super) fn first(&self) -> Option<String> {
        self.given.first().map(|(flag, _)| format!("--{flag}"))
    }

    /// The settings that the flags make.
    ///
    /// # Errors
    /// When `--dialect` names no key, or `--short-lifetimes` does not have three lifetimes.
    pub(super) fn layer(&self) -> Result<Layer, ConfigError> {
        let mut layer = Layer::new();
        for (flag, value) in &self.given {
            let setting = Setting::untyped(value, &ValueOrigin::Flag(format!("--{flag}")));
            if *flag == DIALECT {
                let (path, setting) = split_dialect(value, &setting.origin)?;
                layer.insert(path, setting);
            } else if *flag == SHORT_LIFETIMES {
                layer.append(&mut split_lifetimes(&setting)?);
            } else {
                let keys = TARGET.iter().filter(|key| key.flag == *flag);
                layer.extend(keys.map(|key| (key.path, setting.clone())));
            }
        }
        Ok(layer)
    }
}

impl Args for TargetFlags {
    fn augment_args(command: Command) -> Command {
        keys::flags().fold(command, |command, key| command.arg(arg(key)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for TargetFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let values = |key: &Key| matches.get_many::<String>(key.flag).into_iter().flatten().cloned();
        Ok(Self { given: keys::flags().flat_map(|key| values(key).map(|value| (key.flag, value))).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The flags of keys that the short help shows.
const USUAL_FLAGS: [&str; 4] = ["base-url", "login", "password-env", "probe"];

fn arg(key: &'static Key) -> Arg {
    let variable = if key.flag == DIALECT { keys::variable("dialect.*") } else { key.variable() };
    let help = format!("{} [env: {variable}]", key.flag_help());
    let arg = Arg::new(key.flag).long(key.flag).value_name(key.value_name()).help(help).help_heading("Target");
    // The short help fits one screen; the long help has every key.
    let arg = arg.hide_short_help(!USUAL_FLAGS.contains(&key.flag));
    if key.is_switch() {
        arg.num_args(0..=1).require_equals(true).default_missing_value("true")
    } else if key.flag == DIALECT {
        arg.action(ArgAction::Append)
    } else {
        arg
    }
}

/// Splits `KEY=VALUE` into the setting of a key of the dialect.
fn split_dialect(given: &str, origin: &ValueOrigin) -> Result<(&'static str, Setting), ConfigError> {
    let (name, value) = given.split_once('=').map_or((given, None), |(name, value)| (name, Some(value)));
    let dialect = || TARGET.iter().filter(|key| key.flag == DIALECT);
    match (dialect().find(|key| key.name() == name), value) {
        (Some(key), Some(value)) => Ok((key.path, Setting::untyped(value, origin))),
        _ => Err(ConfigError::Dialect {
            given: given.to_owned(),
            suggestion: suggestion(name, dialect().map(Key::name)),
        }),
    }
}

/// Splits the three lifetimes into their settings.
fn split_lifetimes(given: &Setting) -> Result<Layer, ConfigError> {
    let text = given.text("a string").unwrap_or_default();
    let times: Vec<_> = text.split(',').map(str::trim).collect();
    let keys = TARGET.iter().filter(|key| key.flag == SHORT_LIFETIMES);
    if times.len() == keys.clone().count() {
        return Ok(keys.zip(times).map(|(key, time)| (key.path, Setting::untyped(time, &given.origin))).collect());
    }
    let problem = ValueError::mismatch("the lifetimes of access, refresh and one-time tokens, like 4s,8s,4s", text);
    Err(ConfigError::Value { origin: given.origin.clone(), key: "short_lifetimes".to_owned(), problem })
}

#[cfg(test)]
impl Environment {
    /// An environment of these variables alone.
    pub(super) fn from_pairs(variables: &[(&str, &str)]) -> Self {
        Self(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{super::value::Raw, *};

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        flags: TargetFlags,
    }

    fn text(layer: &Layer, path: &str) -> Option<String> {
        match &layer.get(path)?.raw {
            Raw::Untyped(text) => Some(text.clone()),
            other => panic!("flags and variables are text, not {other:?}"),
        }
    }

    fn of_variable(name: &str, value: &str, path: &str) -> Option<String> {
        text(&Environment::from_pairs(&[(name, value)]).layer().expect("good variables"), path)
    }

    fn flags(args: &[&str]) -> Result<Layer, String> {
        let cli = Cli::try_parse_from([&["test"], args].concat()).map_err(|error| error.to_string())?;
        cli.flags.layer().map_err(|error| error.to_string())
    }

    fn of_flags(args: &[&str], path: &str) -> Option<String> {
        text(&flags(args).expect("good flags"), path)
    }

    #[test]
    fn every_key_has_a_variable_and_a_flag() {
        for key in TARGET {
            let value = if key.flag == SHORT_LIFETIMES { "1s,1s,1s" } else { "1s" };
            let variable = key.variable();
            assert_eq!(of_variable(&variable, value, key.path).as_deref(), Some("1s"), "{variable} sets {}", key.path);
            let typed = key.typed();
            let (flag, value) = typed.split_once(' ').expect("a flag and its value");
            let arg = if key.is_switch() { flag.to_owned() } else { format!("{flag}={}", value.replace('…', "x")) };
            assert!(of_flags(&[&arg], key.path).is_some(), "{arg} sets {}", key.path);
        }
    }

    #[test]
    fn a_password_is_kept_by_the_name_of_its_variable() {
        let kept = of_variable("BO_CONFORMANCE_PASSWORD", "hunter2", "password.env");
        assert_eq!(kept.as_deref(), Some("BO_CONFORMANCE_PASSWORD"));
    }

    #[test]
    fn a_slip_in_the_name_of_a_variable_is_refused() {
        let check = |name, passwords: &[&str]| Environment::from_pairs(&[(name, "1")]).check_names(passwords);
        let error = check("BO_CONFORMANCE_BASEURL", &[]).expect_err("it is unknown").to_string();
        assert_eq!(
            error,
            "environment variable BO_CONFORMANCE_BASEURL is not known; did you mean BO_CONFORMANCE_BASE_URL?"
        );
        assert!(check("BO_CONFORMANCE_PASSWORD_2", &["BO_CONFORMANCE_PASSWORD_2"]).is_ok());
        assert!(check("BO_CONFORMANCE_OF_ANOTHER_PROGRAM", &[]).is_ok());
    }

    #[test]
    fn a_switch_needs_no_value_but_takes_one() {
        assert_eq!(of_flags(&["--insecure-tls"], "insecure_tls").as_deref(), Some("true"));
        assert_eq!(of_flags(&["--insecure-tls=false"], "insecure_tls").as_deref(), Some("false"));
    }

    #[test]
    fn the_dialect_is_given_key_by_key() {
        let args = ["--dialect", "access_token=/a=b", "--dialect", "refresh_header=X-Refresh"];
        assert_eq!(of_flags(&args, "dialect.access_token").as_deref(), Some("/a=b"));
        assert_eq!(of_flags(&args, "dialect.refresh_header").as_deref(), Some("X-Refresh"));
        let expected = "--dialect acess_token=/a: must be KEY=VALUE; did you mean `access_token`?";
        assert_eq!(flags(&["--dialect", "acess_token=/a"]).err().as_deref(), Some(expected));
    }

    #[test]
    fn three_lifetimes_share_a_flag() {
        assert_eq!(of_flags(&["--short-lifetimes", "4s,8s,5s"], "short_lifetimes.ott").as_deref(), Some("5s"));
        let expected = "--short-lifetimes: `short_lifetimes` must be the lifetimes of access, refresh and one-time \
                        tokens, like 4s,8s,4s (got `4s`)";
        assert_eq!(flags(&["--short-lifetimes", "4s"]).err().as_deref(), Some(expected));
    }
}
