Feature: A one-time token lives as long as configured

  Rule: It is good until its lifetime ends, and worthless afterwards

    @EXPIRY-6
    Scenario: A one-time token is accepted until shortly before its end
      Given a fresh one-time token
      When the one-time token's lifetime is nearly over
      And the one-time token is verified
      Then the answer names the user of the one-time token

    @EXPIRY-5
    Scenario: A one-time token that nobody used is refused after its end
      Given a fresh one-time token
      When the one-time token's lifetime has passed
      And the one-time token is verified
      Then the verification is refused
