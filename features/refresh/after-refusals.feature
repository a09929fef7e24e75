Feature: A refusal of something else ends no refresh token

  Rule: A good refresh token gives a pair after requests that were refused

    @REFRESH-1
    Scenario Outline: A refresh token gives a pair after it was <misused>
      Given a new login of the user
      When the refresh token is <misused>
      And the refresh token is presented
      Then every answer gives a new pair

      Examples:
        | misused                       |
        | presented with every change   |
        | presented with POST           |
        | presented in the query string |
        | used                          |
        | verified                      |

    @REFRESH-1
    Scenario: A refresh token gives a pair after a wrong password
      Given the server keeps several sessions of a user
      And a new login of the user
      When the user logs in with a wrong password
      And the refresh token is presented
      Then every answer gives a new pair

  Rule: The query string is no place for a refresh token

    @REFRESH-18
    Scenario: A refresh token in the query string is refused
      Given a new login of the user
      When the refresh token is presented in the query string
      Then every call is refused
