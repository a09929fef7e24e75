//! The table of steps.

use cucumber::gherkin::StepType;

use super::{
    answers, credentials, errors, expiry, login, one_time, one_time_answers, protected_call, race, recorded, refresh,
    settings,
    words::{
        Body, Change, Field, Hostile, Lifetime, Member, Method, Mistake, Part, Password, Place, State, Token, User,
        Value, Verification, When, WrongPlace,
    },
};
use crate::{
    StepError,
    step_definition::{StepCode, StepDefinition, StepParameter, steps},
};

steps! {
    Given "the error code of {mistake}" => errors::code_of(Mistake);
    Given "half of the access token's lifetime has passed" => expiry::half_has_passed();
    Given "the refresh token outlives the access token" => expiry::refresh_outlives_access();
    Given "{user} has logged in" => login::has_logged_in(User);
    Given "the user is logged in" => login::is_logged_in();
    Given "a fresh one-time token" => one_time::fresh();
    Given "{int} fresh one-time tokens" => one_time::several_fresh(usize);
    Given "a fresh one-time token of the second user" => one_time::fresh_of_second();
    Given "the one-time token has been verified" => one_time::has_been_verified();
    Given "the second one-time token has been verified" => one_time::second_has_been_verified();
    Given "a made-up one-time token has been refused {int} times" => one_time::made_up_refused(usize);
    Given "the access token has been accepted" => protected_call::has_been_accepted();
    Given "the pair has been refreshed" => refresh::has_been_refreshed();
    Given "refreshing works" => refresh::refreshing_works();
    Given "the refresh token has been rotated" => refresh::has_been_rotated();
    Given "the earlier refresh token has been presented again" => refresh::presented_again();
    Given "{user} has refreshed their pair" => refresh::has_refreshed_their_pair(User);
    Given "the {lifetime} lifetime has been shortened" => settings::has_been_shortened(Lifetime);
    Given "the {lifetime} lifetime has been changed" => settings::has_been_changed(Lifetime);
    When "the user logs in with {password}" => credentials::logs_in_with(Password);
    When "somebody unknown logs in" => credentials::somebody_unknown();
    When "a wrong password and unknown logins are tried" => credentials::wrong_and_unknown();
    When "the user logs in with the {field} {state}" => credentials::logs_in_with_field(Field, State);
    When "the token endpoint is sent {body}" => credentials::token_endpoint_is_sent(Body);
    When "somebody logs in as {hostile}" => credentials::logs_in_as(Hostile);
    When "the credentials are sent {place}" => credentials::credentials_are_sent(Place);
    When "the credentials are sent with {method}" => credentials::credentials_are_sent_with(Method);
    When "the server gets {mistake}" => errors::gets(Mistake);
    When "an unknown path is called with the access token" => errors::unknown_path();
    When "the error code is looked up" => errors::looked_up();
    When "{token}'s lifetime {when}" => expiry::lifetime_passes(Token, When);
    When "the access token is used until its lifetime has passed" => expiry::used_until_the_end();
    When "{user} logs in" => login::logs_in(User);
    When "{user} logs in {int} times" => login::logs_in_times(User, usize);
    When "{token} is verified" => one_time::is_verified(Token);
    When "{token} is verified {int} times" => one_time::is_verified_times(Token, usize);
    When "the one-time token and a made-up one are verified" => one_time::and_a_made_up_one();
    When "the one-time token and made-up ones are verified" => one_time::and_made_up_ones();
    When "both one-time tokens are verified" => one_time::both_are_verified();
    When "the other one-time tokens are verified" => one_time::others_are_verified();
    When "{token} is verified with {change}" => one_time::is_verified_with(Token, Change);
    When "the one-time token is verified {wrong_place}" => one_time::is_verified_in(WrongPlace);
    When "the one-time token is verified with the method {method}" => one_time::is_verified_with_method(Method);
    When "a verification is asked with the method {method}" => one_time::asked_with_method(Method);
    When "a verification is asked with {verification}" => one_time::asked_with(Verification);
    When "fresh one-time tokens are each verified {int} times at the same moment, in {int} rounds" => one_time::verified_at_once(usize, usize);
    When "the one-time token is verified without an access token, then with one" => one_time::without_then_with();
    When "{token} is used" => protected_call::is_used(Token);
    When "{user}'s access token is used" => protected_call::users_token_is_used(User);
    When "{token} is used {int} times on new connections" => protected_call::is_used_on_new_connections(Token, usize);
    When "{token} is used with {change}" => protected_call::is_used_with(Token, Change);
    When "the access token is used without the word Bearer" => protected_call::is_used_bare();
    When "the access token is used with the word bearer in lower case" => protected_call::is_used_lower_case();
    When "the access token is used in the query string as {string}" => protected_call::is_used_in_query(String);
    When "the protected call is made without a token" => protected_call::without_a_token();
    When "{user} logs in {int} times at the same moment" => race::logs_in_at_once(User, usize);
    When "both users log in {int} times each at the same moment" => race::both_log_in_at_once(usize);
    When "a refresh token of the user is presented {int} times at the same moment, in {int} rounds" => race::presented_at_once(usize, usize);
    When "{token} is presented" => refresh::is_presented(Token);
    When "no token is presented" => refresh::nothing_is_presented();
    When "the refresh token is presented with nothing beside it" => refresh::presented_alone();
    When "{token} is presented with {change}" => refresh::presented_with_change(Token, Change);
    When "{token} is presented with {method}" => refresh::presented_with_method(Token, Method);
    When "the refresh token is presented in the request body" => refresh::presented_in_body();
    When "the pair is refreshed {int} times in a row" => refresh::refreshed_in_a_row(usize);
    When "the {lifetime} lifetime is shortened" => settings::is_shortened(Lifetime);
    When "the {lifetime} lifetime is changed with no token" => settings::is_changed_without_token(Lifetime);
    When "the {lifetime} lifetime is changed with {token}" => settings::is_changed_with(Lifetime, Token);
    When "the {lifetime} lifetime is set to {value}" => settings::is_set_to(Lifetime, Value);
    Then "the answer is {int}" => answers::answer_is(u16);
    Then "the answer is 200 with a JSON object" => answers::answer_is_json_object();
    Then "the/every answer is a client error" => answers::is_client_error();
    Then "no answer is a server error" => answers::is_no_server_error();
    Then "the answer carries no token" => answers::carries_no_token();
    Then "no answer carries a token" => answers::no_answer_carries_a_token();
    Then "the answer carries the {part} as described" => answers::carries_part(Part);
    Then "the answer carries everything a login does" => answers::carries_everything();
    Then "{token} and {token} differ" => answers::differ(Token, Token);
    Then "the refresh token lives at least as long as the access token" => answers::refresh_lives_longer();
    Then "the answer forbids to store it" => answers::forbids_to_store();
    Then "the answer does not repeat the password" => answers::does_not_repeat_password();
    Then "the answers cannot be told apart" => answers::cannot_be_told_apart();
    Then "the {member}s differ by at least {int} bits" => answers::differ_by_bits(Member, u32);
    Then "the answer is a documented client error" => errors::is_documented_error();
    Then "the answer is a documented refusal" => errors::is_documented_refusal();
    Then "an error body is JSON as described" => errors::error_is_json();
    Then "the answer repeats no secret and no internal detail" => errors::is_discreet();
    Then "the error code is recorded for {mistake}" => errors::records_code(Mistake);
    Then "the access token is as worthless as the unused earlier access token" => expiry::as_worthless();
    Then "the answer names the user of the one-time token" => one_time_answers::names_its_user();
    Then "every answer names the user of its token" => one_time_answers::each_names_its_user();
    Then "the/every verification is refused" => one_time_answers::is_refused();
    Then "each token was accepted exactly once" => one_time_answers::accepted_once();
    Then "the one-time token is still good" => one_time_answers::still_good();
    Then "no answer names a user" => one_time_answers::names_nobody();
    Then "it is recorded whether the answer carries a pair of tokens" => one_time_answers::records_pair();
    Then "it is recorded whether the access token was needed" => one_time_answers::records_need();
    Then "the/every call is accepted" => protected_call::call_is_accepted();
    Then "the call is refused" => protected_call::call_is_refused();
    Then "the/every call is refused with 401" => protected_call::call_is_refused_with_401();
    Then "the answer asks for a Bearer token" => protected_call::asks_for_bearer();
    Then "the answer names {user}" => protected_call::names_user(User);
    Then "everybody got a pair of their own" => race::pairs_of_their_own();
    Then "the pairs work" => race::pairs_work();
    Then "somebody got a new pair" => race::somebody_got_a_pair();
    Then "the outcome is recorded as {string}" => recorded::outcome_is_recorded(String);
    Then "the answer looks like the snapshot {string}" => recorded::looks_like(String);
    Then "the/every answer gives a new pair" => refresh::gives_a_new_pair();
    Then "the shortened {lifetime} lifetime is announced" => settings::shortened_is_announced(Lifetime);
    Then "the {lifetime} lifetime is announced as before" => settings::announced_as_before(Lifetime);
    Then "a new login announces the lifetimes as before" => settings::new_login_as_before();
}
