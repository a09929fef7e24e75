Feature: A good access token is accepted every time

  Rule: Neither number nor simultaneity of calls matters

    @USE-2 @alone
    Scenario: A hundred calls in turn are accepted
      Given a new login of the user
      When the access token is used 100 times on one connection
      Then every call is accepted

    @USE-2 @alone
    Scenario: Twenty calls at the same moment are accepted
      When a fresh access token is used 20 times at the same moment
      Then every call is accepted

  Rule: A refusal of something else ends no access token

    @USE-2
    Scenario Outline: An access token is accepted after it was <misused>
      Given a new login of the user
      When the access token is <misused>
      And the access token is used
      Then every call is accepted

      Examples:
        | misused                       |
        | used with every change        |
        | used without the word Bearer  |
        | used on an unknown path       |
        | presented                     |
        | verified                      |

    @USE-2
    Scenario: An access token is accepted after a wrong password
      Given the server keeps several sessions of a user
      And a new login of the user
      When the user logs in with a wrong password
      And the access token is used
      Then every call is accepted

    @USE-2
    Scenario: An access token is accepted after changed copies of the refresh token beside it
      Given a new login of the user
      When the refresh token is presented with every change
      And the access token is used
      Then every call is accepted

  Rule: The names of headers count in any case

    @USE-13
    Scenario: The Authorization header is read in any case
      Given a new login of the user
      When the access token is used with the name of its header in other case
      Then every call is accepted

    @USE-13
    Scenario: The header of the refresh token is read in any case
      Given refreshing works
      And a new login of the user
      When the refresh token is presented with the name of its header in other case
      Then every answer gives a new pair
