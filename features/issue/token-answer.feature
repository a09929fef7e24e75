Feature: A login gives a pair of tokens

  Whoever sends the right login and password to the token endpoint gets an access token, a refresh token and
  everything needed to use them.

  Rule: The answer to valid credentials is complete

    @ISSUE-1
    Scenario: Valid credentials are answered with a token answer
      When the user logs in
      Then the answer is 200 with a JSON object
      And the answer looks like the snapshot "token answer"

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
    Scenario: The answer tells how long the access token lives
      When the user logs in
      Then the answer carries the access lifetime as described

    @ISSUE-5
    Scenario: The answer tells how long the refresh token lives
      When the user logs in
      Then the answer carries the refresh lifetime as described
      And the refresh token lives at least as long as the access token

  Rule: Every login gives tokens of its own

    @ISSUE-13
    Scenario: Two logins give different tokens
      Given the user has logged in
      When the user logs in
      Then the access token and the earlier access token differ
      And the refresh token and the earlier refresh token differ

    @ISSUE-20
    Scenario: What becomes of an earlier pair
      Given the user has logged in
      And the user has logged in
      When the earlier access token is used
      Then the outcome is recorded as "Is an earlier pair still usable after a new login?"

  Rule: A token answer is for nobody else

    @ISSUE-15
    Scenario: Nobody on the way may keep the answer
      When the user logs in
      Then the answer forbids to store it

    @ISSUE-16
    Scenario: The password does not come back
      When the user logs in
      Then the answer does not repeat the password
