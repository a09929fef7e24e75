@alone
Feature: A malformed change of the settings changes nothing

  Rule: What is no JSON object of lifetimes is refused

    @SETTINGS-10
    Scenario Outline: <body> is refused
      When the settings endpoint is sent <body>
      Then every answer is a client error
      And a new login announces the lifetimes as before

      Examples:
        | body                       |
        | an empty body              |
        | JSON that is cut off       |
        | JSON with a trailing comma |
        | the object inside a list   |
        | the object as a text       |

    @SETTINGS-10
    Scenario: Odd JSON is refused
      When odd JSON is sent to the settings endpoint
      Then every answer is a client error
      And a new login announces the lifetimes as before

    @SETTINGS-10
    Scenario: Hostile texts are refused
      When hostile texts are sent as the access lifetime
      Then every answer is a client error
      And a new login announces the lifetimes as before

  Rule: The good half of a half bad change is not made

    @SETTINGS-10 @should
    Scenario: A good access lifetime beside a bad refresh lifetime
      When the refresh lifetime is set to -60 beside a good access lifetime
      Then a new login announces the lifetimes as before
