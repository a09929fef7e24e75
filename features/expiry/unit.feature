@alone
Feature: Lifetimes are announced in seconds

  Rule: A token does not end in a thousandth of its lifetime

    @ISSUE-4 @needs-probe
    Scenario: The oldest access token of the run has not ended after as many milliseconds
      Given a new login of the user
      When the access token is used
      Then the oldest access token of the run shows no other unit
