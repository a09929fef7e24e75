Feature: A login gives a pair of tokens

  A client that sends the right login and password to the token endpoint gets an access token, a refresh token and everything
  needed to use them.

  Rule: The answer to valid credentials is complete

    @ISSUE-1
    Scenario: Valid credentials are answered with a token answer
      When the user logs in
      Then every answer is 200 with a JSON object
      And the answer matches the snapshot "token answer"

    @ISSUE-2
    Scenario: The answer carries an access token
      When the user logs in
      Then the answer carries the access token as described

    @ISSUE-3
    Scenario: The answer carries a refresh token of its own
      When the user logs in
      Then the answer carries the refresh token as described
      And the access token and the refresh token differ

    @ISSUE-4
    Scenario: The answer announces the access lifetime
      When the user logs in
      Then the answer carries the access lifetime as described

    @ISSUE-5
    Scenario: The answer announces the refresh lifetime
      When the user logs in
      Then the answer carries the refresh lifetime as described
      And the refresh token lives at least as long as the access token

  Rule: Every login gives tokens of its own

    @ISSUE-13
    Scenario: Two logins give different tokens
      Given a new login of the user
      When the user logs in
      Then the access token and the earlier access token differ
      And the refresh token and the earlier refresh token differ

    @ISSUE-20
    Scenario: An earlier pair after a new login
      Given a new login of the user
      And a new login of the user
      When the earlier access token is used
      Then the outcome is recorded as "Is an earlier pair still usable after a new login?"

  Rule: A token answer is confidential

    @ISSUE-15
    Scenario: The answer is not cacheable
      When the user logs in
      Then the answer is not cacheable

    @ISSUE-16
    Scenario: The answer does not repeat the password
      When the user logs in
      Then no answer carries the password
