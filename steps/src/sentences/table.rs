//! The table of steps: everything that a feature can prepare, do and check. A new scenario uses these sentences; a new sentence
//! is for a new meaning.

use cucumber::gherkin::StepType;

use super::{
    answers, calls, cluster, content, expiry, hostile, login, mistakes, node_answers, node_lives, node_settings,
    node_spending, one_time,
    other_calls::{self, CallPath, JsonText},
    race, recorded, refresh, settings, timing, token_use, tokens,
    words::{
        Action, Adjustment, Announcement, AnswerKind, Change, Connection, Content, Credential, Endpoint, Field,
        Finding, Lifetime, Member, Message, Method, Mistake, Moment, Part, Password, Place, Race, SettingValue,
        TextPlace, Texts, Timing, Token, User, Users, Value, Variation, Verdict,
    },
    wrong_input,
};
use crate::{
    StepError,
    step_definition::{StepCode, StepDefinition, steps},
    step_parameter::StepParameter,
};

/// Checks that send requests of their own, or let tokens be used up.
pub(crate) const CHECKS_THAT_SEND: [&str; 5] = [
    "the new pairs work",
    "the one-time token is still valid",
    "{token} and {token} differ",
    "use does not prolong the access token",
    "a new login announces the lifetimes as before",
];

steps! {
    Given "a new login of {user}" => login::new_login(User);
    Given "a shared session" => login::shared_session();
    Given "a refreshed pair of {user}" => refresh::refreshed_pair(User);
    Given "the server keeps several sessions of a user" => login::keeps_several_sessions();
    Given "refreshing works" => refresh::refreshing_works();
    Given "the refresh token has been rotated" => refresh::has_been_rotated();
    Given "the declared grace of spent refresh tokens has passed" => refresh::grace_has_passed();
    Given "{int} s have passed since the refresh" => refresh::have_passed_since_refresh(usize);
    Given "{token} has been presented" => refresh::has_been_presented(Token);
    Given "{token} has been accepted" => calls::has_been_accepted(Token);
    Given "a fresh one-time token of {user}" => one_time::fresh_token(User);
    Given "{token} has been verified" => one_time::has_been_verified(Token);
    Given "{int} verifications of {token} have been refused" => one_time::have_been_refused(usize, Token);
    Given "{int} other one-time tokens have been verified" => one_time::others_have_been_verified(usize);
    Given "the lifetime of {token} {moment}" => expiry::lifetime_passes(Token, Moment);
    Given "the refresh token outlives the access token" => expiry::refresh_token_outlives();
    Given "the {lifetime} lifetime has been {adjustment}" => settings::has_been_adjusted(Lifetime, Adjustment);
    Given "{token} has been accepted on every node" => cluster::has_been_accepted_on_every(Token);
    Given "a new login on each node" => node_lives::log_in_on_each();
    Given "a fresh one-time token for each node" => node_lives::mint_for_each();
    Given "the error code of {mistake}" => mistakes::error_code_of(Mistake);

    When "{user} logs in" => login::log_in(User);
    When "{user} logs in with {password}" => login::log_in_with(User, Password);
    When "{int} logins of {users} are sent {timing}" => login::send_logins(usize, Users, Timing);
    When "wrong passwords of the user and of unknown users are tried in turn" => timing::try_wrong_passwords();
    When "a wrong password is tried between two unknown users" => login::try_between_unknown_users();
    When "{value} is sent as the {field}" => wrong_input::send_value(Value, Field);
    When "{texts} are sent as {text_place}" => hostile::send_texts(Texts, TextPlace);
    When "odd JSON is sent to the {endpoint} endpoint" => hostile::send_odd_json(Endpoint);
    When "the {endpoint} endpoint is sent {message}" => wrong_input::send_message(Endpoint, Message);
    When "the credentials are sent {place}" => wrong_input::send_credentials(Place);
    When "{token} is {action}" => token_use::act(Token, Action);
    When "{token} is {action} {variation}" => token_use::act_varied(Token, Action, Variation);
    When "{token} is {action} with {change}" => token_use::act_changed(Token, Action, Change);
    When "{token} is {action} {int} times on {connection}" => token_use::act_repeatedly(Token, Action, usize, Connection);
    When "{token} is used for {method} {string}" => other_calls::call(Token, Method, CallPath);
    When "{token} is used for {method} {string} with the JSON {string}" => other_calls::call_with_json(Token, Method, CallPath, JsonText);
    When "{token} is used until its lifetime has passed" => expiry::use_until_the_end(Token);
    When "{token} is verified between two made-up tokens" => one_time::verify_between_made_up(Token);
    When "{int} one-time tokens are taken from the source" => one_time::take_tokens(usize);
    When "other spellings of the path are called without a token" => token_use::call_other_spellings();
    When "the unused one-time tokens are verified" => one_time::verify_unused();
    When "{token} is verified without an access token, then with one" => one_time::verify_without_then_with(Token);
    When "{race} {int} times at the same moment, in {int} rounds" => race::race(Race, usize, usize);
    When "a fresh access token is used {int} times at the same moment" => race::race_uses(usize);
    When "the pair is refreshed {int} times" => refresh::refresh_repeatedly(usize);
    When "the lifetime of {token} {moment}" => expiry::lifetime_passes(Token, Moment);
    When "the {lifetime} lifetime is shortened" => settings::shorten(Lifetime);
    When "the {lifetime} lifetime is changed with {token}" => settings::change_with(Lifetime, Token);
    When "the {lifetime} lifetime is set to {setting_value}" => settings::set_to(Lifetime, SettingValue);
    When "{token} is {action} on every node" => cluster::act_on_every(Token, Action);
    When "{token} is {action} on every node with {change}" => cluster::act_changed_on_every(Token, Action, Change);
    When "a fresh {credential} of each node is tried on every node" => cluster::try_fresh(Credential);
    When "{race} on each node, and then on every other" => node_spending::spend_on_each(Race);
    When "{race} on all nodes at the same moment, in {int} rounds" => node_spending::race_over_nodes(Race, usize);
    When "the lifetime of each {credential} {moment}" => node_lives::lifetimes_pass(Credential, Moment);
    When "each {credential} is tried on the next node" => node_lives::try_on_next(Credential);
    When "the {lifetime} lifetime is changed on each node" => node_settings::change_on_each(Lifetime);
    When "every node receives the same calls" => node_answers::receive_same_calls();
    When "the {lifetime} lifetime is set to {setting_value} beside a good {lifetime} lifetime" => settings::set_beside_good(Lifetime, SettingValue, Lifetime);
    When "the server receives {mistake}" => mistakes::make(Mistake);
    When "the error code is looked up" => mistakes::look_up();

    Then "every answer is {int}" => answers::have_status(u16);
    Then "every answer is {answer_kind}" => answers::are(AnswerKind);
    Then "no answer is a server error" => answers::are_no_server_errors();
    Then "every error body is JSON as described" => answers::have_json_errors();
    Then "the answers are indistinguishable" => answers::are_indistinguishable();
    Then "the answer is not cacheable" => answers::are_not_cacheable();
    Then "no answer carries {content}" => content::is_absent(Content);
    Then "the answer carries {part} as described" => content::carries(Part);
    Then "the answer matches the snapshot {string}" => recorded::matches_snapshot(String);
    Then "the answer matches the schema {string}" => other_calls::matches_schema(String);
    Then "the {finding} is recorded as {string}" => recorded::record(Finding, String);
    Then "every call is {verdict}" => calls::are(Verdict);
    Then "no call is accepted after a refused one" => calls::stay_refused();
    Then "no spelling opens the call" => token_use::opens_nothing();
    Then "the refusals take the same time" => timing::take_the_same_time();
    Then "the answer asks for a Bearer token" => calls::asks_for_bearer();
    Then "the answer names {user}" => calls::names(User);
    Then "the spent refresh token is refused" => refresh::spent_is_refused();
    Then "every answer gives a new pair" => refresh::gives_new_pair();
    Then "every login gives a pair of its own" => race::gives_pairs_of_their_own();
    Then "every round gives a new pair" => race::gives_pair_in_every_round();
    Then "every round gives one pair at most" => race::gives_one_pair_in_every_round();
    Then "the new pairs work" => race::new_pairs_work();
    Then "every answer names the user of its token" => one_time::names_user_of_token();
    Then "each token is accepted exactly once" => one_time::is_accepted_once();
    Then "the one-time token is still valid" => one_time::is_still_valid();
    Then "{token} and {token} differ" => tokens::differ(Token, Token);
    Then "the {member}s differ by at least {int} bits" => tokens::differ_by_bits(Member, u32);
    Then "the refresh token lives at least as long as the access token" => tokens::refresh_token_lives_longer();
    Then "the refresh announces lifetimes in the unit of the login" => tokens::have_the_unit_of_the_login();
    Then "the oldest access token of the run shows no other unit" => expiry::is_not_in_milliseconds();
    Then "use does not prolong the access token" => expiry::use_does_not_prolong();
    Then "the {lifetime} lifetime is announced {announcement}" => settings::is_announced(Lifetime, Announcement);
    Then "a new login announces the lifetimes as before" => settings::new_login_announces_as_before();
    Then "every node accepts it" => cluster::accepts();
    Then "every node refuses it" => cluster::refuses();
    Then "every other node refuses it" => node_spending::others_refuse();
    Then "the nodes agree on it" => cluster::agree();
    Then "every node has the lifetime as changed" => node_settings::announces_changed();
    Then "the nodes answer alike" => node_answers::are_alike();
}
