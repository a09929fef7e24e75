Feature: A malformed login is refused

  Rule: Login and password are required, as texts

    @ISSUE-9
    Scenario Outline: <value> as the <field> is refused
      When <value> is sent as the <field>
      Then every answer is a client error
      And no answer carries a token

      Examples:
        | field    | value         |
        | login    | nothing       |
        | login    | an empty text |
        | login    | null          |
        | login    | a number      |
        | login    | a boolean     |
        | login    | a list        |
        | login    | an object     |
        | password | nothing       |
        | password | an empty text |
        | password | null          |
        | password | a number      |
        | password | a boolean     |
        | password | a list        |
        | password | an object     |

  Rule: The body is a JSON object

    @ISSUE-10
    Scenario Outline: <body> is refused
      When the token endpoint is sent <body>
      Then every answer is a client error
      And no answer carries a token

      Examples:
        | body                       |
        | an empty body              |
        | JSON that is cut off       |
        | JSON with a trailing comma |
        | the object inside a list   |
        | the object as a text       |
        | plain text                 |
        | a number                   |
        | null                       |

  Rule: A hostile text is refused like any other

    @ISSUE-17
    Scenario Outline: Hostile texts as <place> are refused
      When hostile texts are sent as <place>
      Then every answer is a client error
      And no answer carries a token

      Examples:
        | place        |
        | the login    |
        | the password |

    @ISSUE-17
    Scenario: Odd JSON is refused
      When odd JSON is sent to the token endpoint
      Then every answer is a client error
      And no answer carries a token

    @ISSUE-17
    Scenario Outline: <value> as the login is refused
      When <value> is sent as the login
      Then every answer is a client error
      And no answer carries a token

      Examples:
        | value                     |
        | a text of Unicode letters |
        | an emoji                  |
        | control characters        |
        | a null character          |
        | quotes                    |
        | an SQL condition          |
        | a format string           |
        | a path                    |
        | markup                    |
        | ten thousand letters      |
