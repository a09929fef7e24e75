//! The state file: encrypted and authenticated, bound to its target and its time, readable by its owner alone. The key is the
//! operator's, or one of the system's user that `end` destroys with the file.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};

use super::state::{State, now};
use crate::{
    hex::to_hex,
    read_limited::read_file,
    user_keys::{self, SHORTEST_KEY, is_readable_by_others, make_key, random_bytes, write_private},
};

const FORMAT: &str = "bo-conformance/survival/v1";
const FILE: &str = "survival.state";
const LARGEST: u64 = 16 << 20;
/// A state older than this is of no use: its tokens have ended, or cannot be judged.
const OLDEST_MILLIS: u64 = 7 * 24 * 3600 * 1000;

/// The file as it is on the disk. Everything but nonce and content is authenticated in clear.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedState {
    format: String,
    id: String,
    target: String,
    base_url: String,
    begun: u64,
    nonce: String,
    content: String,
}

impl SealedState {
    fn authenticated(&self) -> Vec<u8> {
        let parts = [&self.format, &self.id, &self.target, &self.base_url, &self.begun.to_string()];
        parts.iter().flat_map(|part| [part.len().to_string(), (*part).clone()]).collect::<Vec<_>>().join("\n").into()
    }
}

/// The folder of a state, and the operator's key.
pub(crate) struct StateFolder {
    pub(crate) folder: PathBuf,
    /// A file with a secret of the operator's; without it a key is made for the state.
    pub(crate) key: Option<PathBuf>,
}

impl StateFolder {
    /// Refuses a folder that has a state, before anything is done for a new one.
    ///
    /// # Errors
    /// When there is one, or the folder or the key cannot be used.
    pub(crate) fn prepare(&self) -> Result<()> {
        if self.file().exists() {
            bail!("{} is there already; run `survival end`, or give another --state", self.file().display());
        }
        if let Some(key) = &self.key {
            read_key(key)?;
        }
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("cannot make {}; choose another --state", self.folder.display()))
    }

    /// Writes a state.
    ///
    /// # Errors
    /// When key or file cannot be written.
    pub(crate) fn write(&self, state: &State, target: &str, base_url: &str) -> Result<PathBuf> {
        let id = to_hex(&random_bytes::<16>()?);
        let key = match &self.key {
            Some(file) => read_key(file)?,
            None => new_key(&id)?,
        };
        let nonce = random_bytes::<12>()?;
        let mut envelope = SealedState {
            format: FORMAT.to_owned(),
            id,
            target: target.to_owned(),
            base_url: base_url.to_owned(),
            begun: state.begun,
            nonce: BASE64_STANDARD.encode(nonce),
            content: String::new(),
        };
        let mut content = serde_json::to_vec(state)?;
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(envelope.authenticated()),
            &mut content,
        )
        .map_err(|_| anyhow::anyhow!("the state cannot be encrypted"))?;
        envelope.content = BASE64_STANDARD.encode(content);
        write_private(&self.file(), serde_json::to_string_pretty(&envelope)?.as_bytes())
            .with_context(|| format!("cannot write {}; choose another --state", self.file().display()))?;
        Ok(self.file())
    }

    /// Reads the state of this target.
    ///
    /// # Errors
    /// When there is none, it was made for another target or too long ago, was changed, or the key is another one.
    pub(crate) fn read(&self, base_url: &str) -> Result<State> {
        let envelope = self.envelope()?;
        let file = self.file();
        let shown = file.display();
        if envelope.base_url != base_url {
            bail!("{shown} was made for another server than {base_url}; give the target of `survival begin`");
        }
        let key = match &self.key {
            Some(file) => read_key(file)?,
            None => read_key(&key_file(&envelope.id)?).with_context(|| {
                format!(
                    "{shown} can be read only where it was made, by the same user; give the --key of `survival begin`"
                )
            })?,
        };
        let refused = || anyhow::anyhow!("{shown} was changed, or the key is not that of `survival begin`");
        let nonce = BASE64_STANDARD.decode(&envelope.nonce).map_err(|_| refused())?;
        let nonce = Nonce::try_assume_unique_for_key(&nonce).map_err(|_| refused())?;
        let mut content = BASE64_STANDARD.decode(&envelope.content).map_err(|_| refused())?;
        let aad = Aad::from(envelope.authenticated());
        let content = key.open_in_place(nonce, aad, &mut content).map_err(|_| refused())?;
        let age = now().saturating_sub(envelope.begun);
        if age > OLDEST_MILLIS {
            bail!("{shown} is older than a week; begin again with another --state");
        }
        serde_json::from_slice(content).map_err(|_| refused())
    }

    /// Destroys the state and its own key.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub(crate) fn destroy(&self) -> Result<()> {
        let own_key = self.envelope().ok().filter(|_| self.key.is_none()).and_then(|it| key_file(&it.id).ok());
        if let Some(key) = own_key {
            // Without the key the state is unreadable even where its blocks stay on the disk.
            let _ = fs::remove_file(key);
        }
        let file = self.file();
        fs::remove_file(&file).with_context(|| format!("cannot remove {}; remove it by hand", file.display()))
    }

    fn envelope(&self) -> Result<SealedState> {
        let file = self.file();
        if !file.exists() {
            bail!("{} is missing; run `survival begin` with this --state first", file.display());
        }
        let text = read_file(&file, LARGEST)?;
        let envelope: SealedState = serde_json::from_slice(&text)
            .map_err(|error| anyhow::anyhow!("{} is not a state of `survival begin`: {error}", file.display()))?;
        let is_id = envelope.id.len() == 32 && envelope.id.bytes().all(|byte| byte.is_ascii_hexdigit());
        if envelope.format != FORMAT || !is_id {
            bail!("{} is not a state of this version of `survival begin`", file.display());
        }
        Ok(envelope)
    }

    fn file(&self) -> PathBuf {
        self.folder.join(FILE)
    }
}

/// Where the key of a state is kept: with the state of the system's user, not beside what it opens.
fn key_file(id: &str) -> Result<PathBuf> {
    user_keys::key_file(Path::new("survival").join(format!("{id}.key")))
        .context("no home folder for a key: set HOME or XDG_STATE_HOME, or give a --key")
}

fn new_key(id: &str) -> Result<LessSafeKey> {
    let file = key_file(id)?;
    make_key(&file).with_context(|| format!("cannot write {}; give a --key", file.display()))?;
    read_key(&file)
}

/// The key that a file's content makes. Others must not be able to read it.
fn read_key(file: &Path) -> Result<LessSafeKey> {
    let shown = file.display();
    if is_readable_by_others(file).with_context(|| format!("the key {shown} cannot be read"))? {
        bail!("others may read the key {shown}; run `chmod 600 {shown}`");
    }
    let secret = user_keys::read_key(file)?.with_context(|| {
        format!("the key {shown} is too short; write at least {SHORTEST_KEY} random characters into it")
    })?;
    let key = UnboundKey::new(&AES_256_GCM, secret.as_ref());
    Ok(LessSafeKey::new(key.map_err(|_| anyhow::anyhow!("the key {shown} cannot be used"))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        State {
            begun: now(),
            users: Vec::new(),
            refused: Vec::new(),
            one_time: Vec::new(),
            issued: vec!["canary-token-4711".to_owned()],
            clock_offset: None,
            missing: Vec::new(),
        }
    }

    fn sealed() -> (tempfile::TempDir, StateFolder) {
        let home = tempfile::tempdir().expect("there is room");
        let key = home.path().join("key");
        write_private(&key, b"0123456789abcdef0123").expect("it can be written");
        let folder = StateFolder { folder: home.path().join("state"), key: Some(key) };
        folder.prepare().expect("it is new");
        folder.write(&state(), "staging", "https://bo.example/rest").expect("it can be written");
        (home, folder)
    }

    #[test]
    fn a_state_is_read_again_and_shows_no_secret() {
        let (_home, folder) = sealed();
        let text = fs::read_to_string(folder.file()).expect("it is there");
        assert!(!text.contains("canary") && !text.contains(&BASE64_STANDARD.encode("canary-token-4711")), "{text}");
        assert!(!is_readable_by_others(&folder.file()).expect("it is there"));
        let read = folder.read("https://bo.example/rest").expect("nothing was changed");
        assert_eq!(read.issued, ["canary-token-4711"]);
        assert!(folder.prepare().is_err(), "it would be overwritten");
        folder.destroy().expect("it can be removed");
        assert!(!folder.file().exists());
    }

    #[test]
    fn a_changed_state_another_key_and_another_server_are_refused() {
        let (home, folder) = sealed();
        assert!(folder.read("https://other.example/rest").is_err_and(|it| it.to_string().contains("another server")));
        let text = fs::read_to_string(folder.file()).expect("it is there");
        for (old, new) in
            [("\"staging\"", "\"prod\""), ("\"content\": \"", "\"content\": \"AAAA"), ("\"begun\": ", "\"begun\": 9")]
        {
            assert!(text.contains(old), "{old}");
            fs::write(folder.file(), text.replace(old, new)).expect("it can be written");
            assert!(folder.read("https://bo.example/rest").is_err_and(|it| it.to_string().contains("was changed")));
        }
        fs::write(folder.file(), &text).expect("it can be written");
        let other = home.path().join("other");
        write_private(&other, b"another key of somebody").expect("it can be written");
        let stolen = StateFolder { folder: folder.folder.clone(), key: Some(other) };
        assert!(stolen.read("https://bo.example/rest").is_err());
        let without = StateFolder { folder: folder.folder, key: None };
        assert!(
            without.read("https://bo.example/rest").is_err_and(|it| it.to_string().contains("only where it was made"))
        );
    }
}
