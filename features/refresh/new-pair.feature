Feature: A refresh gives a new pair

  Rule: The answer is as complete as that of a login

    @REFRESH-1
    Scenario: A refresh is answered with a token answer
      Given a new login of the user
      When the refresh token is presented
      Then every answer is 200 with a JSON object
      And the answer carries all parts of a login as described
      And the answer matches the snapshot "token answer"

    @REFRESH-1
    Scenario: A refresh announces lifetimes in the unit of the login
      Given a new login of the user
      When the refresh token is presented
      Then the refresh announces lifetimes in the unit of the login

    @REFRESH-12
    Scenario: The answer is not cacheable
      Given a new login of the user
      When the refresh token is presented
      Then the answer is not cacheable

  Rule: The new pair works

    @REFRESH-2
    Scenario: The new access token differs from the old one and works
      Given a new login of the user
      And a refreshed pair of the user
      When the access token is used
      Then every call is accepted
      And the access token and the earlier access token differ

    @REFRESH-3
    Scenario: Each new pair can be refreshed in turn
      Given a new login of the user
      And a refreshed pair of the user
      When the pair is refreshed 30 times
      Then every answer gives a new pair

    @REFRESH-4
    Scenario: A refresh works after the access token has expired
      Given refreshing works
      And a new login of the user
      And the refresh token outlives the access token
      When the lifetime of the access token has passed
      And the refresh token is presented
      Then every answer gives a new pair

    @REFRESH-6
    Scenario: The new access token lives a full lifetime of its own
      Given a new login of the user
      And the lifetime of the access token is half over
      And a refreshed pair of the user
      When the lifetime of the access token is nearly over
      And the access token is used
      Then every call is accepted

    @REFRESH-6
    Scenario: The new access token ends after its lifetime
      Given a new login of the user
      And the lifetime of the access token is half over
      And a refreshed pair of the user
      When the lifetime of the access token has passed
      And the access token is used
      Then every call is refused with 401

    @REFRESH-6
    Scenario: The new refresh token lives a full lifetime of its own
      Given refreshing works
      And a new login of the user
      And the lifetime of the refresh token is half over
      And a refreshed pair of the user
      When the lifetime of the refresh token is nearly over
      And the refresh token is presented
      Then every answer gives a new pair

    @REFRESH-6
    Scenario: The new refresh token ends after its lifetime
      Given a new login of the user
      And a refreshed pair of the user
      When the lifetime of the refresh token has passed
      And the refresh token is presented
      Then every answer is a client error

    @REFRESH-15
    Scenario Outline: A refreshed pair belongs to <user>
      Given a new login of the user
      And a new login of the second user
      And a refreshed pair of <user>
      When <user>'s access token is used
      Then the answer names <user>

      Examples:
        | user            |
        | the user        |
        | the second user |

    @REFRESH-15
    Scenario Outline: The pair of a login belongs to <user>
      Given a new login of the user
      And a new login of the second user
      When <user>'s access token is used
      Then the answer names <user>

      Examples:
        | user            |
        | the user        |
        | the second user |
