Feature: Credentials are read only where they belong

  Rule: Only the JSON body of the request is read

    @ISSUE-11
    Scenario Outline: Credentials <place> give no token
      When the credentials are sent <place>
      Then no answer carries a token

      Examples:
        | place                   |
        | in the query string     |
        | in request headers      |
        | as Basic authentication |

    @ISSUE-11
    Scenario: Credentials as a form
      When the credentials are sent as a form
      Then the outcome is recorded as "Are credentials accepted as a form?"

  Rule: Only POST gives tokens

    @ISSUE-14
    Scenario Outline: <method> gives no token
      When the credentials are sent with <method>
      Then no answer carries a token

      Examples:
        | method |
        | GET    |
        | PUT    |
        | DELETE |

    @ISSUE-14 @should
    Scenario Outline: <method> is answered as not allowed
      When the credentials are sent with <method>
      Then every answer is 405

      Examples:
        | method |
        | GET    |
        | PUT    |
        | DELETE |
