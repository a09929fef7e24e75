Feature: Only a valid one-time token in the right place is accepted

  Rule: Everything but a valid token is refused

    @OTT-4
    Scenario: An unknown one-time token is refused
      Given a fresh one-time token of the user
      When a made-up one-time token is verified
      Then every call is refused

    @OTT-4
    Scenario Outline: A one-time token with <change> is refused
      Given a fresh one-time token of the user
      When the one-time token is verified with <change>
      Then every call is refused

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

    @OTT-5
    Scenario Outline: <value> as the token is refused
      When <value> is sent as the one-time token
      Then every call is refused
      And no answer is a server error

      Examples:
        | value         |
        | nothing       |
        | an empty text |
        | null          |
        | a number      |
        | a boolean     |
        | a list        |
        | an object     |

    @OTT-5
    Scenario: Hostile texts are refused
      When hostile texts are sent as the one-time token
      Then every call is refused
      And no answer is a server error

    @OTT-5
    Scenario: Odd JSON is refused
      When odd JSON is sent to the verification endpoint
      Then every call is refused
      And no answer is a server error

    @OTT-5
    Scenario Outline: A verification with <body> is refused
      When the verification endpoint is sent <body>
      Then every call is refused
      And no answer is a server error

      Examples:
        | body                 |
        | JSON that is cut off |
        | an empty body        |

    @OTT-10
    Scenario Outline: <token> is refused as a one-time token
      Given a shared session
      And a fresh one-time token of the user
      When <token> is verified
      Then every call is refused

      Examples:
        | token             |
        | the access token  |
        | the refresh token |

    @OTT-10
    Scenario: A one-time token is refused as an access token
      Given a fresh one-time token of the user
      When the one-time token is used
      Then every call is refused with 401

    @OTT-10
    Scenario: A one-time token is refused as a refresh token
      Given a fresh one-time token of the user
      When the one-time token is presented
      Then every answer is a client error
      And no answer carries a token

  Rule: Only the body of a POST is read

    @OTT-6
    Scenario Outline: A one-time token <place> is refused and stays valid
      Given a fresh one-time token of the user
      When the one-time token is verified <place>
      Then every call is refused
      And the one-time token is still valid

      Examples:
        | place               |
        | in the query string |
        | in a header         |

    @OTT-15
    Scenario Outline: A made-up token is not verified with <method>
      When a made-up token is verified with <method>
      Then every call is refused

      Examples:
        | method |
        | GET    |
        | PUT    |
        | DELETE |

    @OTT-15 @needs-ott
    Scenario Outline: A fresh token is not verified with <method>
      Given a fresh one-time token of the user
      When the one-time token is verified with <method>
      Then every call is refused

      Examples:
        | method |
        | GET    |
        | PUT    |
        | DELETE |

    @OTT-15 @should
    Scenario Outline: <method> is answered as not allowed
      When a made-up token is verified with <method>
      Then every answer is 405

      Examples:
        | method |
        | GET    |
        | PUT    |
        | DELETE |
