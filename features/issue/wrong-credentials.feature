Feature: Wrong credentials give nothing

  Rule: Only the right password of a known login counts

    @ISSUE-6
    Scenario: A wrong password is refused
      When the user logs in with a wrong password
      Then the answer is a client error
      And the answer carries no token

    @ISSUE-7
    Scenario: An unknown login is refused
      When somebody unknown logs in
      Then the answer is a client error
      And the answer carries no token

    @ISSUE-12
    Scenario Outline: Nearly the right password is refused: <password>
      When the user logs in with <password>
      Then the answer carries no token

      Examples:
        | password                             |
        | the password cut short               |
        | the password made longer             |
        | the password in other case           |
        | a blank before the password          |
        | a blank after the password           |

    @ISSUE-12 @needs-user2
    Scenario: Nearly the right password is refused: another user's
      When the user logs in with the second user's password
      Then the answer carries no token

  Rule: A refusal tells nothing to a guesser

    @ISSUE-8
    Scenario: A wrong password looks like an unknown login
      When a wrong password and unknown logins are tried
      Then the answers cannot be told apart

    @ISSUE-16
    Scenario: What was sent as password does not come back
      When the user logs in with a wrong password
      Then the answer does not repeat the password
