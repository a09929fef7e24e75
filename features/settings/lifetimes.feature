Feature: Lifetimes are set in the connectors settings

  Rule: A changed lifetime is announced from then on

    @SETTINGS-1
    Scenario: A changed access lifetime is announced
      When the access lifetime is shortened
      And the user logs in
      Then the shortened access lifetime is announced

    @SETTINGS-2
    Scenario: A changed refresh lifetime is announced
      When the refresh lifetime is shortened
      And the user logs in
      Then the shortened refresh lifetime is announced

  Rule: A changed lifetime is kept by the tokens issued from then on

    @SETTINGS-1
    Scenario Outline: With a changed lifetime an access token that <when> is <verdict>
      Given the access lifetime has been shortened
      And the user has logged in
      When the access token's lifetime <when>
      And the access token is used
      Then the call is <verdict>

      Examples:
        | when           | verdict          |
        | is nearly over | accepted         |
        | has passed     | refused with 401 |

    @SETTINGS-2
    Scenario: With a changed lifetime a refresh token is good to its end
      Given refreshing works
      And the refresh lifetime has been shortened
      And the user has logged in
      When the refresh token's lifetime is nearly over
      And the refresh token is presented
      Then the answer gives a new pair

    @SETTINGS-2
    Scenario: With a changed lifetime a refresh token is worthless after its end
      Given the refresh lifetime has been shortened
      And the user has logged in
      When the refresh token's lifetime has passed
      And the refresh token is presented
      Then the answer is a client error

    @SETTINGS-3
    Scenario: With a changed lifetime a one-time token is good to its end
      Given the one-time lifetime has been shortened
      And a fresh one-time token
      When the one-time token's lifetime is nearly over
      And the one-time token is verified
      Then the answer names the user of the one-time token

    @SETTINGS-3
    Scenario: With a changed lifetime a one-time token is worthless after its end
      Given the one-time lifetime has been shortened
      And a fresh one-time token
      When the one-time token's lifetime has passed
      And the one-time token is verified
      Then the verification is refused
