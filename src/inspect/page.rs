//! The findings as text for a terminal. Text of a server is written so that it controls no terminal.

use std::{collections::HashSet, fmt::Write, time::Duration};

use steps::{
    Target,
    inspect::{Findings, LoginFindings, ProbeFindings, ProbeIdentity, RefreshFindings, ServerProfile, TlsHandshake},
};

use super::{
    cost::Cost,
    outlook::Outlook,
    proxy_variables::proxy_variable,
    source::Trial,
    trust::{day, distrust},
};
use crate::sanitize::sanitize;

/// Columns before the text of a finding.
const LABEL: usize = 18;

/// The report about a target.
pub(crate) struct Report<'a> {
    pub(crate) name: &'a str,
    pub(crate) target: &'a Target,
    pub(crate) findings: &'a Findings,
    pub(crate) trial: Option<&'a Trial>,
    /// Whether the target is the embedded stand-in, whose tokens need no source.
    pub(crate) is_stand_in: bool,
}

impl Report<'_> {
    /// The findings, one a line.
    pub(crate) fn findings(&self) -> String {
        let mut text = format!("{} · {}\n\n", self.name, sanitize(self.target.base_url.as_str()));
        self.road(&mut text);
        self.tls(&mut text);
        match &self.findings.login {
            Some(Ok(login)) => self.login(&mut text, login),
            Some(Err(silence)) => line(&mut text, "login", &silence.why),
            None => {}
        }
        if let Some(second) = &self.findings.second_login {
            let answer = second.as_ref().map(|login| format!("{}: answered {}", login.login, login.status));
            line(&mut text, "second user", &answer.unwrap_or_else(|silence| silence.why.to_string()));
        }
        match &self.findings.probe {
            Some(Ok(answers)) => line(&mut text, "probe", &probe(answers)),
            Some(Err(silence)) => line(&mut text, "probe", &silence.why),
            None => {}
        }
        match &self.findings.refresh {
            Some(Ok(answer)) => line(&mut text, "refresh", &refresh(answer)),
            Some(Err(silence)) => line(&mut text, "refresh", &silence.why),
            None => {}
        }
        if matches!(self.findings.login, Some(Ok(_))) {
            self.offered(&mut text);
            impression(&mut text, &self.findings.profile);
        }
        text
    }

    fn road(&self, text: &mut String) {
        match &self.findings.connection {
            Ok(road) => {
                let via = if road.is_proxy { "the proxy " } else { "" };
                let addresses: Vec<_> = road.addresses.iter().map(|address| address.ip().to_string()).collect();
                line(text, "address", &format!("{via}{} is {}", road.host, addresses.join(", ")));
                line(text, "connection", &format!("{} accepts, after {}", road.connected, span(road.took)));
            }
            Err(trouble) => line(text, "connection", &trouble.to_string()),
        }
        if self.target.network.proxy.is_none()
            && let Some(name) = proxy_variable(self.target.base_url.is_encrypted())
        {
            line(text, "proxy", &format!("none; {name} is set and not used: set `proxy` to go through it"));
        }
    }

    fn tls(&self, text: &mut String) {
        match &self.findings.tls {
            Some(Ok(tls)) => {
                line(text, "encryption", &format!("{}, {}", tls.version, tls.cipher));
                certificates(text, tls);
                let unchecked = if self.target.network.insecure_tls { " (insecure_tls: goes unchecked)" } else { "" };
                let holds = distrust(tls).unwrap_or_else(|| "it holds".to_owned());
                line(text, "", &format!("{holds}{unchecked}"));
            }
            Some(Err(trouble)) => line(text, "encryption", &trouble.to_string()),
            None if self.target.base_url.is_encrypted() => {}
            None => line(text, "encryption", "none: passwords and tokens travel in the clear"),
        }
    }

    fn login(&self, text: &mut String, login: &LoginFindings) {
        line(text, "login", &format!("{}: answered {}", login.login, login.status));
        if !login.is_accepted() {
            return;
        }
        let there = |is: bool| if is { "found" } else { "missing" };
        let (access, refresh) = (there(login.has_access_token), there(login.has_refresh_token));
        line(text, "tokens", &format!("access token {access}, refresh token {refresh}"));
        let told = |lifetime: Option<Duration>| lifetime.map_or("not announced".to_owned(), span);
        let (access, refresh) = (told(login.access_lifetime), told(login.refresh_lifetime));
        line(text, "lifetimes", &format!("access token {access}, refresh token {refresh}"));
    }

    fn offered(&self, text: &mut String) {
        let one_time = match (self.trial, &self.target.one_time) {
            (Some(Ok(supply)), _) => supply.to_string(),
            (Some(Err(error)), _) => format!("none: {error}"),
            (None, Some(_)) if self.is_stand_in => "the stand-in makes them".to_owned(),
            (None, Some(_)) => "a source is configured, and was not tried".to_owned(),
            (None, None) => "no source is configured".to_owned(),
        };
        line(text, "one-time tokens", &one_time);
        let settings = self.target.short_lifetimes.map_or("lifetimes are not changed".to_owned(), |short| {
            let (access, refresh, one_time) = (span(short.access), span(short.refresh), span(short.one_time));
            match self.target.may_choose_lifetimes {
                true => "a run may set lifetimes that fit its pace, and puts them back".to_owned(),
                false => format!("a run may set lifetimes to {access}, {refresh}, {one_time}, and puts them back"),
            }
        });
        line(text, "settings", &settings);
    }
}

/// What a run can judge and will cost; `None` on the stand-in, which costs nothing.
pub(crate) fn ahead(outlook: &Outlook, cost: Option<&Cost>, target: &Target) -> String {
    let missing: HashSet<_> = outlook.missing.iter().flat_map(|(_, ids)| ids).collect();
    let mut text = format!("\n{} requirements can be judged, {} cannot\n", outlook.judged.len(), missing.len());
    for (advice, ids) in &outlook.missing {
        let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
        let _ = writeln!(text, "  {}\n    {advice}", ids.join(" "));
    }
    let Some(cost) = cost else {
        text.push_str("\na run takes seconds: the stand-in's clock is turned, not waited for\n");
        return text;
    };
    let pace = target.pace.per_second.map_or("unpaced".to_owned(), |rate| format!("{rate} a second"));
    let _ = writeln!(
        text,
        "\na run takes about {}: {} requests ({pace}), {} failed logins, longest single wait {}",
        span(cost.duration),
        cost.requests,
        cost.failed_logins,
        span(cost.longest_wait)
    );
    if let Some(users) = &target.one_time {
        let [first, second] = cost.one_time;
        let second = users.second_login.as_ref().map(|login| format!(", {second} of {login}")).unwrap_or_default();
        let _ = writeln!(text, "it needs {first} one-time tokens of {}{second}", sanitize(&users.login));
    }
    for note in &cost.notes {
        let _ = writeln!(text, "{note}");
    }
    text
}

fn certificates(text: &mut String, tls: &TlsHandshake) {
    for (position, certificate) in tls.chain.iter().enumerate() {
        let label = if position == 0 { "certificate" } else { "issued by" };
        let names =
            if certificate.names.is_empty() { String::new() } else { format!(" for {}", certificate.names.join(", ")) };
        let until = day(certificate.not_after);
        line(text, label, &format!("{}{names}, until {until}, from {}", certificate.subject, certificate.issuer));
    }
    if tls.asks_for_certificate {
        line(text, "", "the server asks for a client certificate");
    }
}

fn probe(probe: &ProbeFindings) -> String {
    let identity = match &probe.identity {
        ProbeIdentity::NotConfigured => String::new(),
        ProbeIdentity::Named(name) => format!("; it names the user {name}"),
        ProbeIdentity::Missing => "; it names nobody at `probe_login`".to_owned(),
    };
    let (with, without) = (probe.with_token, probe.without_token);
    format!("{} is answered {with} with an access token, {without} without{identity}", probe.path)
}

fn refresh(refresh: &RefreshFindings) -> String {
    let pair = if refresh.gives_pair { "with a pair" } else { "without a pair" };
    let found = refresh.suggestion.as_ref().map(|form| {
        let keys = form.to_string().replace('\n', ", ");
        format!("; in another form the server gives one: if that form is meant, set {keys} in the target's `dialect`")
    });
    format!("answered {} {pair}{}", refresh.status, found.unwrap_or_default())
}

fn impression(text: &mut String, impression: &ServerProfile) {
    let skew = impression.skew.map_or("unknown, answers carry no date".to_owned(), |skew| match skew.is_none() {
        true => "as here".to_owned(),
        false => format!("{} {} this machine's", span(skew.by), if skew.ahead { "ahead of" } else { "behind" }),
    });
    line(text, "clock", &skew);
    if let Some(time) = impression.round_trip {
        line(text, "round trip", &span(time));
    }
    for (name, value) in &impression.software {
        line(text, "software", &format!("{name}: {value}"));
    }
}

fn line(text: &mut String, label: &str, finding: &str) {
    // Writing into a String cannot fail.
    let _ = writeln!(text, "{label:<LABEL$}{}", sanitize(finding));
}

/// A time as people say it.
fn span(time: Duration) -> String {
    match time.as_secs() {
        0 if time.as_millis() == 0 => "less than 1 ms".to_owned(),
        0 => format!("{} ms", time.as_millis()),
        seconds @ 1..=119 if time.subsec_millis() == 0 => format!("{seconds} s"),
        1..=119 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 120..=7199 if seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds @ 120..=7199 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        let said = |millis| span(Duration::from_millis(millis));
        let times = [7, 4_000, 9_500, 300_000, 158_000, 9_000_000].map(said);
        assert_eq!(times, ["7 ms", "4 s", "9.5 s", "5 min", "2 min 38 s", "2 h 30 min"]);
    }

    #[test]
    fn a_server_cannot_steer_the_terminal() {
        let mut text = String::new();
        line(&mut text, "software", "x\u{1b}[2J\r\n\u{202e}y");
        assert_eq!(text, "software          x\\u{1b}[2J\\r\\n\\u{202e}y\n");
    }
}
