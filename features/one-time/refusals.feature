Feature: Only a good one-time token in the right place counts

  Rule: Anything but a good token is refused

    @OTT-4
    Scenario: An unknown one-time token is refused
      Given a fresh one-time token
      When a made-up one-time token is verified
      Then the verification is refused

    @OTT-4
    Scenario Outline: A one-time token with <change> is refused
      Given a fresh one-time token
      When the one-time token is verified with <change>
      Then every verification is refused

      Examples:
        | change                           |
        | the start of each part changed   |
        | the middle of each part changed  |
        | each part taken away             |
        | half of it cut off               |
        | characters added                 |
        | its letters re-cased             |

    @OTT-5
    Scenario Outline: The verification is asked with <body>
      When a verification is asked with <body>
      Then the verification is refused
      And no answer is a server error

      Examples:
        | body                     |
        | no token                 |
        | an empty token           |
        | null as token            |
        | a number as token        |
        | a boolean as token       |
        | a list as token          |
        | an object as token       |
        | malformed JSON           |
        | an empty body            |

    @OTT-10
    Scenario Outline: <token> is no one-time token
      Given the user is logged in
      And a fresh one-time token
      When <token> is verified
      Then the verification is refused

      Examples:
        | token             |
        | the access token  |
        | the refresh token |

    @OTT-10
    Scenario: A one-time token is no access token
      Given a fresh one-time token
      When the one-time token is used
      Then the call is refused with 401

    @OTT-10
    Scenario: A one-time token is no refresh token
      Given a fresh one-time token
      When the one-time token is presented
      Then the answer is a client error
      And the answer carries no token

  Rule: Only the body of a POST counts

    @OTT-6
    Scenario Outline: A one-time token <place> is refused and not spent
      Given a fresh one-time token
      When the one-time token is verified <place>
      Then the verification is refused
      And the one-time token is still good

      Examples:
        | place               |
        | in the query string |
        | in a header         |

    @OTT-15
    Scenario Outline: <method> verifies nothing
      When a verification is asked with the method <method>
      Then the verification is refused

      Examples:
        | method |
        | GET    |
        | PUT    |
        | DELETE |

    @OTT-15 @needs-ott
    Scenario Outline: <method> verifies not even a fresh token
      Given a fresh one-time token
      When the one-time token is verified with the method <method>
      Then the verification is refused

      Examples:
        | method |
        | GET    |
        | PUT    |
        | DELETE |

    @OTT-15 @should
    Scenario Outline: <method> is answered as not allowed
      When a verification is asked with the method <method>
      Then the answer is 405

      Examples:
        | method |
        | GET    |
        | PUT    |
        | DELETE |
