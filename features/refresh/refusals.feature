Feature: Only a good refresh token buys a new pair

  Rule: It is all that is needed, and it is needed

    @REFRESH-5
    Scenario: A refresh needs neither credentials nor an access token
      Given the user has logged in
      When the refresh token is presented with nothing beside it
      Then the answer gives a new pair

    @REFRESH-7
    Scenario Outline: <token> buys nothing
      When <token> is presented
      Then the answer is a client error
      And the answer carries no token

      Examples:
        | token                          |
        | no token                       |
        | an empty token                 |
        | a made-up token                |
        | a made-up short token          |
        | a made-up token of two parts   |
        | a made-up token of three parts |

    @REFRESH-7
    Scenario Outline: A refresh token with <change> buys nothing
      Given the user is logged in
      When the refresh token is presented with <change>
      Then every answer is a client error
      And no answer carries a token

      Examples:
        | change                           |
        | the start of each part changed   |
        | the middle of each part changed  |
        | each part taken away             |
        | half of it cut off               |
        | characters added                 |

    @REFRESH-8
    Scenario: An access token buys nothing
      Given the user is logged in
      When the access token is presented
      Then the answer is a client error
      And the answer carries no token

  Rule: Only GET buys

    @REFRESH-11
    Scenario Outline: <method> gives no token
      Given the user has logged in
      When the refresh token is presented with <method>
      Then the answer carries no token

      Examples:
        | method |
        | POST   |
        | PUT    |
        | DELETE |

    @REFRESH-11 @should
    Scenario Outline: <method> is answered as not allowed
      Given the user has logged in
      When the refresh token is presented with <method>
      Then the answer is 405

      Examples:
        | method |
        | POST   |
        | PUT    |
        | DELETE |

  Rule: What the documentation leaves open is recorded

    @REFRESH-13
    Scenario: A refresh token in the request body
      Given the user has logged in
      When the refresh token is presented in the request body
      Then the outcome is recorded as "Is a refresh token accepted in the request body?"
