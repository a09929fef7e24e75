@alone
Feature: A wrong change of a lifetime is refused

  Rule: Only with an access token

    @SETTINGS-4
    Scenario Outline: The <lifetime> lifetime is not changed with <token>
      When the <lifetime> lifetime is changed with <token>
      Then every answer is 401
      And a new login announces the lifetimes as before

      Examples:
        | lifetime | token           |
        | access   | no token        |
        | access   | a made-up token |
        | refresh  | no token        |
        | one-time | no token        |

  Rule: Only to a positive number of seconds

    @SETTINGS-5
    Scenario Outline: The <lifetime> lifetime is not changed to <value>
      When the <lifetime> lifetime is set to <value>
      Then every answer is a client error
      And a new login announces the lifetimes as before

      Examples:
        | lifetime | value |
        | access   | 0     |
        | access   | -60   |
        | access   | "ten" |
        | refresh  | 0     |
        | refresh  | -60   |
        | refresh  | "ten" |
        | one-time | 0     |
        | one-time | -60   |
        | one-time | "ten" |
