@alone
Feature: Each lifetime is set independently

  Rule: A change of one lifetime leaves the others unchanged

    @SETTINGS-6
    Scenario Outline: Changing the <changed> lifetime leaves the <other> lifetime unchanged
      Given the <changed> lifetime has been changed
      When the user logs in
      Then the <other> lifetime is announced as before

      Examples:
        | changed  | other   |
        | access   | refresh |
        | refresh  | access  |
        | one-time | access  |
        | one-time | refresh |

    @SETTINGS-6 @needs-ott @needs-time
    Scenario: Changing the access lifetime leaves the one-time lifetime unchanged
      Given the access lifetime has been changed
      And a fresh one-time token of the user
      When the lifetime of the one-time token is nearly over
      And the one-time token is verified
      Then every answer names the user of its token
