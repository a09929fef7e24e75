Feature: A one-time token lives as long as configured

  Rule: It is accepted until its lifetime ends, and refused afterwards

    @EXPIRY-6
    Scenario: A one-time token is accepted until shortly before its end
      Given a fresh one-time token of the user
      When the lifetime of the one-time token is nearly over
      And the one-time token is verified
      Then every answer names the user of its token

    @EXPIRY-5
    Scenario: An unused one-time token is refused after its end
      Given a fresh one-time token of the user
      When the lifetime of the one-time token has passed
      And the one-time token is verified
      Then every call is refused
