Feature: A change of a lifetime is for what is issued from then on, until the next change

  @alone
  Rule: Tokens that were issued before keep their lifetimes

    @SETTINGS-8
    Scenario: An access token outlives a change as announced
      Given the server keeps several sessions of a user
      And a new login of the user
      And the access lifetime has been changed
      When the lifetime of the access token is nearly over
      And the access token is used
      Then every call is accepted

    @SETTINGS-8
    Scenario: A refresh token outlives a change as announced
      Given the server keeps several sessions of a user
      And refreshing works
      And a new login of the user
      And the refresh lifetime has been changed
      When the lifetime of the refresh token is nearly over
      And the refresh token is presented
      Then every answer gives a new pair

    @SETTINGS-8 @needs-ott
    Scenario: A one-time token survives a change
      Given a fresh one-time token of the user
      And the one-time lifetime has been changed
      When the one-time token is verified
      Then every answer names the user of its token

  @alone
  Rule: A change stays in force

    @SETTINGS-9
    Scenario: A changed lifetime is announced after the first tokens with it have expired
      Given the access lifetime has been changed
      And a new login of the user
      When the lifetime of the access token has passed
      And the user logs in
      Then the access lifetime is announced as changed

  Rule: A refresh follows a change

    @SETTINGS-7
    Scenario: A refreshed pair announces the changed lifetime
      Given the server keeps several sessions of a user
      And a new login of the user
      And the access lifetime has been shortened
      When the pair is refreshed 2 times
      Then the access lifetime is announced as shortened

    @SETTINGS-7
    Scenario Outline: With a changed lifetime a refreshed access token that <when> is <verdict>
      Given the server keeps several sessions of a user
      And a new login of the user
      And the access lifetime has been shortened
      And a refreshed pair of the user
      When the lifetime of the access token <when>
      And the access token is used
      Then every call is <verdict>

      Examples:
        | when           | verdict          |
        | is nearly over | accepted         |
        | has passed     | refused with 401 |
