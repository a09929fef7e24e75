Feature: A one-time token works once

  Rule: The first verification names the user

    @OTT-1
    Scenario: A fresh one-time token names its user
      Given a fresh one-time token of the user
      When the one-time token is verified
      Then every answer is 200 with a JSON object
      And every answer names the user of its token
      And the answer matches the snapshot "one-time token answer"

    @OTT-9
    Scenario: The tokens of two users each name their own user
      Given a fresh one-time token of the user
      And a fresh one-time token of the second user
      When the unused one-time tokens are verified
      Then every answer names the user of its token

    @OTT-8 @alone
    Scenario: Verifying one token leaves the others valid
      Given a fresh one-time token of the user
      And a fresh one-time token of the user
      And a fresh one-time token of the user
      And the earlier one-time token has been verified
      When the unused one-time tokens are verified
      Then every answer names the user of its token

  Rule: The second verification is refused

    @OTT-2
    Scenario: A used one-time token is refused
      Given a fresh one-time token of the user
      And the one-time token has been verified
      When the one-time token is verified 2 times on one connection
      Then every call is refused

    @OTT-2
    Scenario: A used one-time token is refused on new connections
      Given a fresh one-time token of the user
      And the one-time token has been verified
      When the one-time token is verified 4 times on new connections
      Then every call is refused

    @OTT-16
    Scenario: A used one-time token stays used
      Given a fresh one-time token of the user
      And the one-time token has been verified
      And 9 other one-time tokens have been verified
      And a new login of the user
      And a refreshed pair of the user
      When the one-time token is verified
      Then every call is refused

    @OTT-16 @alone @needs-settings
    Scenario: A used one-time token stays used after a change of the settings
      Given a fresh one-time token of the user
      And the one-time token has been verified
      And the access lifetime has been changed
      When the one-time token is verified
      Then every call is refused

    @OTT-3
    Scenario: Of twenty verifications at once exactly one succeeds
      When a fresh one-time token is verified 20 times at the same moment, in 3 rounds
      Then each token is accepted exactly once

  Rule: A failed verification does not use up a token

    @OTT-7
    Scenario: Refused attempts with other tokens leave a token valid
      Given a fresh one-time token of the user
      And 3 verifications of a made-up one-time token have been refused
      When the one-time token is verified
      Then every answer names the user of its token

    @OTT-7
    Scenario Outline: A one-time token is valid after it was <misused>
      Given a fresh one-time token of the user
      When the one-time token is <misused>
      Then the one-time token is still valid

      Examples:
        | misused                               |
        | verified with every change            |
        | verified with GET                     |
        | verified inside JSON that is cut off  |
        | verified inside a list                |
        | used                                  |
        | presented                             |

  Rule: One-time tokens cannot be guessed

    @OTT-17
    Scenario: One-time tokens have enough change in them
      When 8 one-time tokens are taken from the source
      Then the one-time tokens differ by at least 64 bits
