Feature: A refresh is repeated because its answer was lost

  Rule: What the documentation leaves open is recorded

    @REFRESH-19
    Scenario Outline: A refresh whose answer was lost is repeated after <seconds> s
      Given a new login of the user
      And a refreshed pair of the user
      And <seconds> s have passed since the refresh
      When the earlier refresh token is presented
      Then the outcome is recorded as "Does a refresh that is repeated after <seconds> s get a pair?"

      Examples:
        | seconds |
        | 5       |
        | 30      |
