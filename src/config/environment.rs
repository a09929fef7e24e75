//! The environment variables of the program. Also where passwords are looked up, so that nothing else reads variables.

use std::{collections::BTreeMap, env};

use super::{
    ConfigError,
    document::Layer,
    keys::{self, KEYS, PREFIX, SHORT_LIFETIMES},
    nearest::nearest,
    overrides::{insert, short_lifetimes},
    setting::Origin,
};

/// Variables that hold a password themselves, with the key that they stand for.
const PASSWORDS: [(&str, &str); 2] =
    [("BO_CONFORMANCE_PASSWORD", "password.env"), ("BO_CONFORMANCE_SECOND_PASSWORD", "second_user.password.env")];

/// Variables about the run and not the target.
pub(super) const TARGET: &str = "BO_CONFORMANCE_TARGET";
pub(super) const TARGET_INDEX: &str = "BO_CONFORMANCE_TARGET_INDEX";
pub(super) const CONFIG: &str = "BO_CONFORMANCE_CONFIG";
pub(super) const PROFILE: &str = "BO_CONFORMANCE_PROFILE";
pub(super) const REPORTS: &str = "BO_CONFORMANCE_REPORTS";
pub(super) const JOURNAL: &str = "BO_CONFORMANCE_JOURNAL";

/// The variables as they were when the program began. Cannot be shown, as passwords are among them.
#[derive(Default)]
pub(super) struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The variables of this process; those that are no Unicode are left out.
    pub(super) fn of_the_process() -> Self {
        Self(
            env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                .collect(),
        )
    }

    /// The value of a variable; an empty one counts as not set.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The settings that variables make.
    pub(super) fn layer(&self) -> Result<Layer, ConfigError> {
        let mut layer = Layer::new();
        for (name, path) in PASSWORDS {
            if self.get(name).is_some() {
                insert(&mut layer, path, name, &Origin::Variable(name.to_owned()));
            }
        }
        for (key, name) in KEYS.iter().map(|key| (key, key.variable())) {
            let Some(value) = self.get(&name) else { continue };
            let origin = Origin::Variable(name.clone());
            if key.flag == SHORT_LIFETIMES {
                short_lifetimes(&mut layer, value, &origin)?;
            } else if !key.path.starts_with("short_lifetimes.") {
                insert(&mut layer, key.path, value, &origin);
            }
        }
        Ok(layer)
    }

    /// Looks for variables that are nearly one of ours. Others of our prefix may belong to somebody else, and those that
    /// hold a password are the file's to name.
    pub(super) fn check_names(&self, passwords: &[&str]) -> Result<(), ConfigError> {
        let known: Vec<_> = known_names();
        let suspects = self.0.keys().filter(|name| name.starts_with(PREFIX));
        for name in suspects.filter(|name| !known.contains(name) && !passwords.contains(&name.as_str())) {
            let plain = &name[PREFIX.len()..];
            if let Some(near) = nearest(plain, known.iter().map(|known| &known[PREFIX.len()..])) {
                return Err(ConfigError::UnknownVariable { name: name.clone(), near: keys::variable(near) });
            }
        }
        Ok(())
    }
}

fn known_names() -> Vec<String> {
    let others =
        [TARGET, TARGET_INDEX, CONFIG, PROFILE, REPORTS, JOURNAL].into_iter().chain(PASSWORDS.map(|(name, _)| name));
    KEYS.iter().map(keys::Key::variable).chain(others.map(ToOwned::to_owned)).collect()
}

#[cfg(test)]
impl Environment {
    /// An environment of these variables alone.
    pub(super) fn of(variables: &[(&str, &str)]) -> Self {
        Self(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{super::setting::Raw, *};

    fn value(variables: &[(&str, &str)], path: &str) -> Option<Raw> {
        Environment::of(variables).layer().expect("good variables").get(path).map(|setting| setting.raw.clone())
    }

    #[test]
    fn every_key_has_a_variable() {
        for key in KEYS {
            let given = if key.path.starts_with("short_lifetimes.") { "1s,1s,1s" } else { "1s" };
            let read = value(&[(&key.variable(), given)], key.path);
            assert_eq!(read, Some(Raw::Outside("1s".to_owned())), "{} sets {}", key.variable(), key.path);
        }
    }

    #[test]
    fn a_password_is_kept_by_the_name_of_its_variable() {
        let read = value(&[("BO_CONFORMANCE_PASSWORD", "hunter2")], "password.env");
        assert_eq!(read, Some(Raw::Outside("BO_CONFORMANCE_PASSWORD".to_owned())));
    }

    #[test]
    fn a_slip_in_a_name_is_noticed() {
        let check = |name, passwords: &[&str]| Environment::of(&[(name, "1")]).check_names(passwords);
        assert_eq!(
            check("BO_CONFORMANCE_BASEURL", &[]).map_err(|e| e.to_string()),
            Err("environment variable BO_CONFORMANCE_BASEURL is not known; did you mean BO_CONFORMANCE_BASE_URL?"
                .into())
        );
        assert!(check("BO_CONFORMANCE_PASSWORD_2", &["BO_CONFORMANCE_PASSWORD_2"]).is_ok());
        assert!(check("BO_CONFORMANCE_OF_SOMEBODY_ELSE", &[]).is_ok());
    }
}
