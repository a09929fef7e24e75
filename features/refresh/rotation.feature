@alone
Feature: A refresh token is spent by its use

  Rule: After rotation the spent token is worthless

    @REFRESH-9
    Scenario: A spent refresh token is refused
      Given the user has logged in
      And the pair has been refreshed
      And the refresh token has been rotated
      When the earlier refresh token is presented
      Then the answer is a client error
      And the answer carries no token

  Rule: Many refreshes at once leave nobody with a broken pair

    @REFRESH-10
    Scenario: One refresh token is presented twenty times at once
      When a refresh token of the user is presented 20 times at the same moment, in 3 rounds
      Then no answer is a server error
      And somebody got a new pair
      And the pairs work

  Rule: What the documentation leaves open is recorded

    @REFRESH-14
    Scenario: What becomes of the old access token
      Given the user has logged in
      And the pair has been refreshed
      When the earlier access token is used
      Then the outcome is recorded as "Is the old access token still accepted after a refresh?"

    @REFRESH-16
    Scenario: What becomes of the newest pair when a spent refresh token is shown again
      Given the user has logged in
      And the pair has been refreshed
      And the earlier refresh token has been presented again
      When the access token is used
      Then the outcome is recorded as "Is the newest pair still accepted after a spent refresh token was shown again?"
