Feature: A refresh token buys a new pair

  Rule: The answer is as complete as that of a login

    @REFRESH-1
    Scenario: A refresh is answered with a token answer
      Given the user has logged in
      When the refresh token is presented
      Then the answer is 200 with a JSON object
      And the answer carries everything a login does
      And the answer looks like the snapshot "token answer"

    @REFRESH-12
    Scenario: Nobody on the way may keep the answer
      Given the user has logged in
      When the refresh token is presented
      Then the answer forbids to store it

  Rule: The new pair is good

    @REFRESH-2
    Scenario: The new access token is another one and works
      Given the user has logged in
      And the pair has been refreshed
      When the access token is used
      Then the call is accepted
      And the access token and the earlier access token differ

    @REFRESH-3
    Scenario: Refreshing goes on for generations
      Given the user has logged in
      And the pair has been refreshed
      When the pair is refreshed 3 times in a row
      Then every answer gives a new pair

    @REFRESH-4
    Scenario: A refresh works after the access token has expired
      Given refreshing works
      And the user has logged in
      And the refresh token outlives the access token
      When the access token's lifetime has passed
      And the refresh token is presented
      Then the answer gives a new pair

    @REFRESH-6
    Scenario: The new access token lives a full lifetime of its own
      Given the user has logged in
      And half of the access token's lifetime has passed
      And the pair has been refreshed
      When the access token's lifetime is nearly over
      And the access token is used
      Then the call is accepted

    @REFRESH-15
    Scenario Outline: The pair of <user> stays that user's after a refresh
      Given the user has logged in
      And the second user has logged in
      And <user> has refreshed their pair
      When <user>'s access token is used
      Then the answer names <user>

      Examples:
        | user            |
        | the user        |
        | the second user |

    @REFRESH-15
    Scenario Outline: The pair of a login is that of <user>
      Given the user has logged in
      And the second user has logged in
      When <user>'s access token is used
      Then the answer names <user>

      Examples:
        | user            |
        | the user        |
        | the second user |
