@alone
Feature: A refresh uses up the refresh token

  Rule: A used refresh token is refused

    @REFRESH-9
    Scenario: A used refresh token is refused after rotation
      Given a new login of the user
      And a refreshed pair of the user
      And the refresh token has been rotated
      And the declared grace of spent refresh tokens has passed
      When the earlier refresh token is presented
      Then the spent refresh token is refused

    @REFRESH-9
    Scenario: A used refresh token is refused on new connections
      Given a new login of the user
      And a refreshed pair of the user
      And the refresh token has been rotated
      And the declared grace of spent refresh tokens has passed
      When the earlier refresh token is presented 4 times on new connections
      Then the spent refresh token is refused

  Rule: Simultaneous refreshes give pairs that work

    @REFRESH-10
    Scenario: One refresh token is presented twenty times at the same moment
      When a fresh refresh token is presented 20 times at the same moment, in 3 rounds
      Then no answer is a server error
      And every round gives a new pair
      And the new pairs work

    @REFRESH-17
    Scenario: Of twenty refreshes at once one wins, or all get the same pair
      When a fresh refresh token is presented 20 times at the same moment, in 3 rounds
      Then every round gives one pair at most

  Rule: What the documentation leaves open is recorded

    @REFRESH-14
    Scenario: The old access token after a refresh
      Given a new login of the user
      And a refreshed pair of the user
      When the earlier access token is used
      Then the outcome is recorded as "Is the old access token still accepted after a refresh?"

    @REFRESH-16
    Scenario: The newest pair after a used refresh token is presented again
      Given a new login of the user
      And a refreshed pair of the user
      And the earlier refresh token has been presented
      When the access token is used
      Then the outcome is recorded as "Is the newest pair still accepted after a spent refresh token was shown again?"

    @REFRESH-16
    Scenario: The newest refresh token after a used one is presented again
      Given a new login of the user
      And a refreshed pair of the user
      And the earlier refresh token has been presented
      When the refresh token is presented
      Then the outcome is recorded as "Is the newest refresh token still accepted after a spent one was shown again?"

    @REFRESH-19
    Scenario: A refresh whose answer was lost is repeated at once
      Given a new login of the user
      And a refreshed pair of the user
      When the earlier refresh token is presented
      Then the outcome is recorded as "Does a refresh that is repeated at once get a pair?"
