@alone
Feature: Logins at the same moment do not disturb each other

  Rule: Everybody gets a pair of their own that works

    @ISSUE-18
    Scenario: One user logs in many times at once
      When the user logs in 10 times at the same moment
      Then everybody got a pair of their own
      And the pairs work

    @ISSUE-18 @needs-user2
    Scenario: Two users log in at once
      When both users log in 5 times each at the same moment
      Then everybody got a pair of their own
      And the pairs work
