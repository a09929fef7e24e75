Feature: A one-time token works once

  Rule: The first verification names the user

    @OTT-1
    Scenario: A fresh one-time token names its user
      Given a fresh one-time token
      When the one-time token is verified
      Then the answer is 200 with a JSON object
      And the answer names the user of the one-time token
      And the answer looks like the snapshot "one-time token answer"

    @OTT-9
    Scenario: The tokens of two users each name their own
      Given a fresh one-time token
      And a fresh one-time token of the second user
      When both one-time tokens are verified
      Then every answer names the user of its token

    @OTT-8 @alone
    Scenario: Verifying one token leaves the others good
      Given 3 fresh one-time tokens
      And the second one-time token has been verified
      When the other one-time tokens are verified
      Then every answer names the user of its token

  Rule: The second is refused

    @OTT-2
    Scenario: A used one-time token is refused
      Given a fresh one-time token
      And the one-time token has been verified
      When the one-time token is verified 2 times
      Then every verification is refused

    @OTT-3
    Scenario: Of twenty verifications at once exactly one succeeds
      When fresh one-time tokens are each verified 20 times at the same moment, in 3 rounds
      Then each token was accepted exactly once

  Rule: A failure spends nothing

    @OTT-7
    Scenario: Failed attempts with other tokens do not spend a good one
      Given a fresh one-time token
      And a made-up one-time token has been refused 3 times
      When the one-time token is verified
      Then the answer names the user of the one-time token
