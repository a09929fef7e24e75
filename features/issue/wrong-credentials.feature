Feature: Wrong credentials are refused

  Rule: Only the right password of a known login is accepted

    @ISSUE-6
    Scenario: A wrong password is refused
      When the user logs in with a wrong password
      Then every answer is a client error
      And no answer carries a token

    @ISSUE-7
    Scenario: An unknown login is refused
      When an unknown user logs in
      Then every answer is a client error
      And no answer carries a token

    @ISSUE-12
    Scenario Outline: Nearly the right password is refused: <password>
      When the user logs in with <password>
      Then no answer carries a token

      Examples:
        | password                    |
        | the password cut short      |
        | the password made longer    |
        | the password in other case  |
        | a blank before the password |
        | a blank after the password  |
        | the password with another last character |
        | the password and a null character |
        | the password percent-encoded |

    @ISSUE-12 @needs-user2
    Scenario: Nearly the right password is refused: another user's
      When the user logs in with the second user's password
      Then no answer carries a token

    @ISSUE-12
    Scenario: A password that somebody has does not open an unknown login
      When an unknown user logs in with the user's password
      Then no answer carries a token

  Rule: A refusal does not help an attacker to guess

    @ISSUE-8
    Scenario: A wrong password looks like an unknown login
      When a wrong password is tried between two unknown users
      Then the answers are indistinguishable

    @ISSUE-21
    Scenario: A wrong password takes the time of an unknown login
      When wrong passwords of the user and of unknown users are tried in turn
      Then the refusals take the same time

    @ISSUE-16
    Scenario: The refusal does not repeat the password
      When the user logs in with a wrong password
      Then no answer carries the password
