@alone
Feature: Each lifetime is set for itself

  Rule: A change of one lifetime leaves the others

    @SETTINGS-6
    Scenario Outline: Changing the <changed> lifetime leaves the <other> lifetime
      Given the user has logged in
      And the <changed> lifetime has been changed
      When the user logs in
      Then the <other> lifetime is announced as before

      Examples:
        | changed  | other   |
        | access   | refresh |
        | refresh  | access  |
        | one-time | access  |
        | one-time | refresh |

    @SETTINGS-6 @needs-ott @needs-time
    Scenario: Changing the access lifetime leaves the one-time lifetime
      Given the access lifetime has been changed
      And a fresh one-time token
      When the one-time token's lifetime is nearly over
      And the one-time token is verified
      Then the answer names the user of the one-time token
