Feature: Tokens cannot be guessed

  Rule: Knowing many tokens does not help to find the next

    @ISSUE-19
    Scenario Outline: The <token>s of many logins have enough change in them
      When 16 logins of the user are sent one after another
      Then the <token>s differ by at least 128 bits

      Examples:
        | token         |
        | access token  |
        | refresh token |
