Feature: Lifetimes are set in the connectors settings

  Rule: A changed lifetime is announced from then on

    @SETTINGS-1
    Scenario: A changed access lifetime is announced
      When the access lifetime is shortened
      And the user logs in
      Then the access lifetime is announced as shortened

    @SETTINGS-2
    Scenario: A changed refresh lifetime is announced
      When the refresh lifetime is shortened
      And the user logs in
      Then the refresh lifetime is announced as shortened

  Rule: A changed lifetime applies to the tokens issued from then on

    @SETTINGS-1
    Scenario Outline: With a changed lifetime an access token that <when> is <verdict>
      Given the access lifetime has been shortened
      And a new login of the user
      When the lifetime of the access token <when>
      And the access token is used
      Then every call is <verdict>

      Examples:
        | when           | verdict          |
        | is nearly over | accepted         |
        | has passed     | refused with 401 |

    @SETTINGS-2
    Scenario: With a changed lifetime a refresh token is accepted until shortly before its end
      Given refreshing works
      And the refresh lifetime has been shortened
      And a new login of the user
      When the lifetime of the refresh token is nearly over
      And the refresh token is presented
      Then every answer gives a new pair

    @SETTINGS-2
    Scenario: With a changed lifetime a refresh token is refused after its end
      Given the refresh lifetime has been shortened
      And a new login of the user
      When the lifetime of the refresh token has passed
      And the refresh token is presented
      Then every answer is a client error

    @SETTINGS-3
    Scenario: With a changed lifetime a one-time token is accepted until shortly before its end
      Given the one-time lifetime has been shortened
      And a fresh one-time token of the user
      When the lifetime of the one-time token is nearly over
      And the one-time token is verified
      Then every answer names the user of its token

    @SETTINGS-3
    Scenario: With a changed lifetime a one-time token is refused after its end
      Given the one-time lifetime has been shortened
      And a fresh one-time token of the user
      When the lifetime of the one-time token has passed
      And the one-time token is verified
      Then every call is refused
