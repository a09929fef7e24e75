Feature: Only a valid refresh token gives a new pair

  Rule: A refresh needs a refresh token and nothing else

    @REFRESH-5
    Scenario: A refresh needs neither credentials nor an access token
      Given a new login of the user
      When the refresh token is presented
      Then every answer gives a new pair

    @REFRESH-7
    Scenario Outline: <token> is refused
      When <token> is presented
      Then every answer is a client error
      And no answer carries a token

      Examples:
        | token                          |
        | no token                       |
        | an empty token                 |
        | a made-up token                |
        | a made-up short token          |
        | a made-up token of two parts   |
        | a made-up token of three parts |

    @REFRESH-7
    Scenario: Hostile texts are refused
      When hostile texts are sent as the refresh token
      Then every answer is a client error
      And no answer carries a token

    @REFRESH-7
    Scenario Outline: A refresh token with <change> is refused
      Given a shared session
      When the refresh token is presented with <change>
      Then every answer is a client error
      And no answer carries a token

      Examples:
        | change                          |
        | the start of each part changed  |
        | the middle of each part changed |
        | the end of each part changed    |
        | one character after another changed |
        | each part taken away            |
        | half of it cut off              |
        | half of its last part cut off   |
        | characters added                |
        | its letters re-cased            |

    @REFRESH-8
    Scenario: An access token is refused
      Given a shared session
      When the access token is presented
      Then every answer is a client error
      And no answer carries a token

  Rule: Only GET refreshes

    @REFRESH-11
    Scenario Outline: <method> gives no token
      Given a new login of the user
      When the refresh token is presented with <method>
      Then no answer carries a token

      Examples:
        | method |
        | POST   |
        | PUT    |
        | DELETE |

    @REFRESH-11 @should
    Scenario Outline: <method> is answered as not allowed
      Given a new login of the user
      When the refresh token is presented with <method>
      Then every answer is 405

      Examples:
        | method |
        | POST   |
        | PUT    |
        | DELETE |

  Rule: What the documentation leaves open is recorded

    @REFRESH-13
    Scenario: A refresh token in the request body
      Given a new login of the user
      When the refresh token is presented in the request body
      Then the outcome is recorded as "Is a refresh token accepted in the request body?"
