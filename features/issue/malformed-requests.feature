Feature: A request that is no proper login gives nothing

  Rule: Login and password are both needed, as text

    @ISSUE-9
    Scenario Outline: The <field> is <state>
      When the user logs in with the <field> <state>
      Then the answer is a client error
      And the answer carries no token

      Examples:
        | field    | state     |
        | login    | missing   |
        | login    | empty     |
        | login    | null      |
        | login    | a number  |
        | login    | a boolean |
        | login    | a list    |
        | login    | an object |
        | password | missing   |
        | password | empty     |
        | password | null      |
        | password | a number  |
        | password | a boolean |
        | password | a list    |
        | password | an object |

  Rule: The body is a JSON object

    @ISSUE-10
    Scenario Outline: The body is <body>
      When the token endpoint is sent <body>
      Then the answer is a client error
      And the answer carries no token

      Examples:
        | body                                |
        | an empty body                       |
        | the credentials cut off in the middle |
        | the credentials with a comma too many |
        | the credentials inside a list       |
        | the credentials as a text           |
        | plain text                          |
        | a number                            |
        | null                                |

  Rule: Whatever is sent as login, the server stays in control

    @ISSUE-17
    Scenario Outline: The login is <hostile>
      When somebody logs in as <hostile>
      Then the answer is a client error
      And the answer carries no token

      Examples:
        | hostile                |
        | Unicode letters        |
        | an emoji               |
        | control characters     |
        | a null character       |
        | quotes                 |
        | an SQL condition       |
        | a format string        |
        | a path                 |
        | markup                 |
        | ten thousand letters   |
