@alone
Feature: Lifetimes are set in the connectors settings

  Rule: A changed lifetime holds for the tokens issued from then on

    @SETTINGS-1
    Scenario: A changed access lifetime is announced
      When the access lifetime is changed
      And the user logs in
      Then the changed access lifetime is announced

    @SETTINGS-1
    Scenario Outline: A changed access lifetime is kept: <when> it is <verdict>
      Given the access lifetime has been changed
      And the user has logged in
      When the access token's lifetime <when>
      And the access token is used
      Then the call is <verdict>

      Examples:
        | when           | verdict          |
        | is nearly over | accepted         |
        | has passed     | refused with 401 |

    @SETTINGS-2
    Scenario: A changed refresh lifetime is announced
      When the refresh lifetime is changed
      And the user logs in
      Then the changed refresh lifetime is announced

    @SETTINGS-2
    Scenario: A changed refresh lifetime is kept to its end
      Given refreshing works
      And the refresh lifetime has been changed
      And the user has logged in
      When the refresh token's lifetime is nearly over
      And the refresh token is presented
      Then the answer gives a new pair

    @SETTINGS-2
    Scenario: A changed refresh lifetime is not exceeded
      Given the refresh lifetime has been changed
      And the user has logged in
      When the refresh token's lifetime has passed
      And the refresh token is presented
      Then the answer is a client error

    @SETTINGS-3
    Scenario: A changed lifetime of one-time tokens is kept to its end
      Given the one-time lifetime has been changed
      And a fresh one-time token
      When the one-time token's lifetime is nearly over
      And the one-time token is verified
      Then the answer names the user of the one-time token

    @SETTINGS-3
    Scenario: A changed lifetime of one-time tokens is not exceeded
      Given the one-time lifetime has been changed
      And a fresh one-time token
      When the one-time token's lifetime has passed
      And the one-time token is verified
      Then the verification is refused

  Rule: One lifetime is changed without touching the others

    @SETTINGS-6
    Scenario Outline: Changing the <changed> lifetime leaves the <other> lifetime
      Given the user has logged in
      And the <changed> lifetime has been changed
      When the user logs in
      Then the <other> lifetime is announced as before

      Examples:
        | changed  | other   |
        | access   | refresh |
        | refresh  | access  |
        | one-time | access  |
        | one-time | refresh |

    @SETTINGS-6 @needs-ott @needs-time
    Scenario: Changing the access lifetime leaves the one-time lifetime
      Given the access lifetime has been changed
      And a fresh one-time token
      When the one-time token's lifetime is nearly over
      And the one-time token is verified
      Then the answer names the user of the one-time token
